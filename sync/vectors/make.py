"""Make the golden vectors anew: ``python sync/vectors/make.py`` (needs sync/ on the path).

``events.json`` holds event lines, good and bad by code; ``bundles/`` one good bundle and many
bad ones, ``bundles/codes.json`` the refusal code of each; beside them lie a throw-away office
key, its list of signers, a card and a grant. Sealed bytes differ from run to run, so released
files are kept for ever and only added to: a later release must still read them.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit_sync import age, bundle, bundle_write, canon, clock, event, seal, sshsig
from fieldkit_sync import bundle_header as lay
from fieldkit_sync.identity import Identity, card_text
from fieldkit_sync.office import OfficeKeys, grant

HERE = Path(__file__).resolve().parent
EPOCH = clock.pack(1_790_000_000_000, 1)


@dataclass
class Draft:
    """An inner ZIP taken apart, so that one thing in it can be changed."""

    identity: Identity
    recipient: str
    files: dict[str, bytes]
    twice: str = ""
    after: Callable[[bytes], bytes] = bytes
    after_sealing: Callable[[bytes], bytes] = bytes

    def header(self, **changes: Any) -> None:
        """Change fields of the header."""
        doc = {**json.loads(self.files[lay.HEADER]), **changes}
        self.files[lay.HEADER] = canon.encode(doc)

    def relist(self) -> None:
        """Write both manifests anew from the files that are there."""
        data = {n: _sha(d) for n, d in self.files.items() if n.startswith(lay.TOP + "data/")}
        self.files[lay.MANIFEST] = bundle_write.manifest(data)
        self.resign()

    def resign(self, namespace: str = sshsig.BUNDLE) -> None:
        """Write the tag manifest and its signature anew."""
        skip = {lay.TAG_MANIFEST, lay.SIGNATURE}
        tags = {
            n: _sha(d)
            for n, d in self.files.items()
            if n not in skip and not n.startswith(lay.TOP + "data/")
        }
        listed = bundle_write.manifest(tags)
        self.files[lay.TAG_MANIFEST] = listed
        self.files[lay.SIGNATURE] = self.identity.sign(namespace, listed).encode()

    def zip_bytes(self) -> bytes:
        """The inner ZIP."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as out:
            names = sorted(self.files) + ([self.twice] if self.twice else [])
            for name in names:
                stored = name.startswith(lay.EVIDENCE)
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.create_system, info.external_attr = 3, 0o100644 << 16
                info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                out.writestr(info, self.files[name])
        return self.after(target.getvalue())

    def seal(self, path: Path) -> None:
        """Seal the ZIP to the recipient at ``path``."""
        import pyrage

        to = [pyrage.x25519.Recipient.from_str(self.recipient)]
        path.write_bytes(self.after_sealing(pyrage.encrypt(self.zip_bytes(), to)))


def take_apart(path: Path, keys: OfficeKeys, identity: Identity) -> Draft:
    """Open a good bundle into a `Draft`."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "p.zip"
        age.decrypt_file(path, plain, [keys.age_identity])
        with zipfile.ZipFile(plain) as source:
            files = {name: source.read(name) for name in source.namelist()}
    return Draft(identity, keys.recipient, files)


# Each spoils a good draft in one way; its name ends in the code that must answer.


def truncated(draft: Draft) -> None:
    """The sealed file lost its tail."""
    draft.after_sealing = lambda raw: raw[:-40]


def not_age(draft: Draft) -> None:
    """Not an age file at all."""
    draft.after_sealing = lambda raw: b"PK\x03\x04" + raw[4:]


def header_flood(draft: Draft) -> None:
    """800 recipient stanzas."""
    stanza = b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n"
    draft.after_sealing = lambda raw: raw.replace(b"\n", b"\n" + stanza * 100, 1)


def wrong_office(draft: Draft) -> None:
    """The signer named another recipient inside: opened by one, sealed anew to us."""
    draft.header(to=["age1" + "q" * 58])
    draft.relist()


def signature_namespace(draft: Draft) -> None:
    """Signed for another purpose."""
    draft.resign("file")


def signature_edited(draft: Draft) -> None:
    """The tag manifest was edited after it had been signed."""
    raw = draft.files[lay.TAG_MANIFEST]
    draft.files[lay.TAG_MANIFEST] = raw.replace(b"0", b"1", 1)


def hash_header(draft: Draft) -> None:
    """The header was edited, the manifests were not."""
    draft.header(office_name="别处")


def hash_evidence(draft: Draft) -> None:
    """One photo was put in place of another."""
    name = next(name for name in draft.files if name.startswith(lay.EVIDENCE))
    draft.files[name] = b"another photo"


def missing(draft: Draft) -> None:
    """A photo of the manifest is not there."""
    del draft.files[next(name for name in draft.files if name.startswith(lay.EVIDENCE))]


def missing_signature(draft: Draft) -> None:
    """There is no signature."""
    del draft.files[lay.SIGNATURE]


def extra(draft: Draft) -> None:
    """A file that no manifest lists."""
    draft.files[lay.TOP + "data/more.txt"] = b"more"


def extra_listed(draft: Draft) -> None:
    """A file that the manifest lists and the header does not."""
    draft.files[lay.TOP + "data/more.txt"] = b"more"
    draft.relist()


def extra_fetch(draft: Draft) -> None:
    """BagIt's fetch.txt, listed and signed: it would make a reader fetch addresses."""
    draft.files[lay.TOP + "fetch.txt"] = b"http://192.0.2.1/x 4 data/more.txt\n"
    draft.relist()


def bad_event(draft: Draft) -> None:
    """A body that its header does not name."""
    draft.files[lay.EVENTS] = draft.files[lay.EVENTS].replace(b'"n":2,', b'"n":9,', 1)
    draft.relist()


def broken_chain(draft: Draft) -> None:
    """An event left out of the middle, the header adjusted to hide it."""
    lines = draft.files[lay.EVENTS].splitlines(keepends=True)
    draft.files[lay.EVENTS] = b"".join(lines[:2] + lines[3:])
    run = json.loads(draft.files[lay.HEADER])["ranges"][0]
    run.update(n=run["n"] - 1, to_seq=run["to_seq"] - 1)
    draft.header(ranges=[run], n=run["n"])
    draft.relist()


def header_short(draft: Draft) -> None:
    """Fewer events than the header says."""
    lines = draft.files[lay.EVENTS].splitlines(keepends=True)
    draft.files[lay.EVENTS] = b"".join(lines[:-1])
    draft.relist()


def header_float(draft: Draft) -> None:
    """A number in the header is written as no canonical JSON writes it."""
    draft.files[lay.HEADER] = draft.files[lay.HEADER].replace(b'"v":1', b'"v":1.0')
    draft.relist()


def name_twice(draft: Draft) -> None:
    """One name, two contents."""
    draft.twice = lay.EVENTS


def name_up(draft: Draft) -> None:
    """A path that climbs out of the folder."""
    draft.files[lay.TOP + "data/../../../etc/x"] = b"x"


def name_capital(draft: Draft) -> None:
    """A name that differs from another by case only."""
    draft.files[lay.TOP + "data/Events.jsonl"] = b"x"


def name_reserved(draft: Draft) -> None:
    """A device of Windows."""
    draft.files[lay.TOP + "data/nul.txt"] = b"x"


def bomb(draft: Draft) -> None:
    """A megabyte in a kilobyte."""
    draft.files[lay.TOP + "data/zero.txt"] = bytes(1_000_000)


def bomb_that_lies(draft: Draft) -> None:
    """A member that unpacks to more than both of its headers say."""
    real = bytes(range(256)) * 64

    def shrink(raw: bytes) -> bytes:
        size = struct.pack("<L", len(real))
        packed = struct.pack("<L", len(real) - 4000)
        return raw.replace(size, packed)

    draft.files[lay.README] = real
    draft.relist()
    draft.after = shrink


def local_differs(draft: Draft) -> None:
    """A local header names another file than the directory."""
    draft.after = lambda raw: raw.replace(b"fk1/bagit.txt", b"fk1/bagit.tst", 1)


def hidden_bytes(draft: Draft) -> None:
    """Bytes before the first member, offsets adjusted by nobody."""
    draft.after = lambda raw: b"hidden" + raw


def trailing_bytes(draft: Draft) -> None:
    """Bytes after the end record."""
    draft.after = lambda raw: raw + b"more"


def overlapping(draft: Draft) -> None:
    """Two directory entries that share the bytes of one member."""

    def share(raw: bytes) -> bytes:
        at = raw.index(b"PK\x01\x02")
        second = raw.index(b"PK\x01\x02", at + 4)
        return raw[: second + 42] + raw[at + 42 : at + 46] + raw[second + 46 :]

    draft.after = share


def symbolic_link(draft: Draft) -> None:
    """A member whose attributes make it a link."""
    link, plain = struct.pack("<L", 0o120777 << 16), struct.pack("<L", 0o100644 << 16)
    draft.after = lambda raw: raw.replace(plain, link)


def encrypted(draft: Draft) -> None:
    """A member with the encryption bit."""

    def flag(raw: bytes) -> bytes:
        at = raw.index(b"PK\x01\x02") + 8
        return raw[:at] + b"\x01\x00" + raw[at + 2 :]

    draft.after = flag


def wrong_crc(draft: Draft) -> None:
    """A member whose check sum is not that of its content."""

    def spoil(raw: bytes) -> bytes:
        crc = struct.pack("<L", zlib.crc32(lay.BAGIT_TEXT))
        return raw.replace(crc, b"\0\0\0\0")

    draft.after = spoil


BAD: dict[str, tuple[str, Callable[[Draft], None]]] = {
    "truncated": ("truncated", truncated),
    "not-age": ("not-age", not_age),
    "header-flood": ("header-flood", header_flood),
    "forwarded": ("wrong-office", wrong_office),
    "signature-namespace": ("signature", signature_namespace),
    "signature-edited": ("signature", signature_edited),
    "header-edited": ("hash-mismatch", hash_header),
    "evidence-swapped": ("hash-mismatch", hash_evidence),
    "evidence-missing": ("missing-file", missing),
    "signature-missing": ("missing-file", missing_signature),
    "file-added": ("extra-file", extra),
    "file-added-and-listed": ("extra-file", extra_listed),
    "fetch-txt": ("extra-file", extra_fetch),
    "body-edited": ("bad-event", bad_event),
    "event-left-out": ("chain-broken", broken_chain),
    "events-short": ("header-mismatch", header_short),
    "header-float": ("header-mismatch", header_float),
    "name-twice": ("name-duplicate", name_twice),
    "name-climbs": ("name-path", name_up),
    "name-capital": ("name-form", name_capital),
    "name-reserved": ("name-device", name_reserved),
    "bomb": ("zip-bomb", bomb),
    "bomb-that-lies": ("zip-bomb", bomb_that_lies),
    "local-header-differs": ("zip-mismatch", local_differs),
    "hidden-bytes": ("zip-overlap", hidden_bytes),
    "trailing-bytes": ("zip-directory", trailing_bytes),
    "overlap": ("zip-overlap", overlapping),
    "symlink": ("zip-attributes", symbolic_link),
    "encrypted": ("zip-flags", encrypted),
    "wrong-crc": ("zip-data", wrong_crc),
}


def events(device: str) -> list[event.Event]:
    """A short chain."""
    made: list[event.Event] = []
    for seq in range(1, 6):
        made.append(
            event.make(
                device=device,
                epoch=EPOCH,
                seq=seq,
                prev=made[-1].hash if made else event.GENESIS,
                hlc=clock.pack(1_790_000_000_000 + seq, 0),
                kind="visit.logged",
                entity=f"{seq:032x}",
                division="990101001",
                body={"note": '无人在家 "\\\n\x1b', "n": seq},
                salt=f"{seq:032x}",
            )
        )
    return made


def event_corpus() -> list[dict[str, Any]]:
    """Event lines, each with whether it is valid and the code of its refusal."""
    good = events("0123456789abcdef" * 2)[0]
    line = good.line
    rows: list[tuple[str, bytes, str]] = [
        ("good", line, ""),
        ("erased", event.erased(good).line, ""),
        ("unknown kind is kept", _with(good, kind="later.thing").line, ""),
        ("white space", line.replace(b",", b", ", 1), "not-canonical"),
        ("line end", line + b"\n", "not-canonical"),
        ("keys out of order", b'{"v":1,' + line[1:].replace(b',"v":1', b"", 1), "not-canonical"),
        ("key twice", line.replace(b'"v":1', b'"v":1,"v":1'), "not-canonical"),
        ("needless escape", line.replace(b'"note"', b'"n\\u006fte"'), "not-canonical"),
        ("escaped Chinese", line.replace("无".encode(), b"\\u65e0"), "not-canonical"),
        ("lone surrogate", line.replace("无".encode(), b"\\ud800"), "not-canonical"),
        ("invalid UTF-8", line.replace("无".encode(), b"\xff\xfe\xfd"), "not-canonical"),
        ("byte order mark", b"\xef\xbb\xbf" + line, "not-canonical"),
        ("float", line.replace(b'"n":1,', b'"n":1.0,'), "not-canonical"),
        ("exponent", line.replace(b'"n":1,', b'"n":1e0,'), "not-canonical"),
        ("minus zero", line.replace(b'"n":1,', b'"n":-0,'), "not-canonical"),
        ("huge number", line.replace(b'"n":1,', b'"n":9007199254740992,'), "not-canonical"),
        ("NaN", line.replace(b'"n":1,', b'"n":NaN,'), "not-canonical"),
        ("cut", line[:-1], "not-canonical"),
        ("empty", b"", "not-canonical"),
        ("too deep", line.replace(b'"n":1,', b'"n":' + b"[" * 15 + b"]" * 15 + b","),
         "not-canonical"),
        ("array", b"[]", "bad-fields"),
        ("version 2", line.replace(b'"v":1', b'"v":2'), "unknown-version"),
        ("version true", line.replace(b'"v":1', b'"v":true'), "unknown-version"),
        ("key added", line.replace(b'{"a"', b'{"_":1,"a"'), "bad-fields"),
        ("body without salt", line[: line.index(b',"x":')] + b"}", "bad-fields"),
        ("capital hex", line.replace(b"0123456789abcdef", b"0123456789ABCDEF"), "bad-fields"),
        ("seq zero", line.replace(b'"s":1', b'"s":0'), "bad-fields"),
        ("seq as text", line.replace(b'"s":1', b'"s":"1"'), "bad-fields"),
        ("genesis with seq 2", line.replace(b'"s":1', b'"s":2'), "bad-fields"),
        ("kind with a capital", line.replace(b"visit.logged", b"Visit.logged"), "bad-fields"),
        ("division with a stroke", line.replace(b'"990101001"', b'"99-01"'), "bad-fields"),
        ("body edited", line.replace(b'"n":1,', b'"n":3,'), "bad-digest"),
        ("salt edited", line.replace(b'"x":"0', b'"x":"1'), "bad-digest"),
    ]  # fmt: skip
    return [
        {"name": name, "line_hex": raw.hex(), "valid": not code, "code": code}
        | ({"hash": event.parse(raw).hash} if not code else {})
        for name, raw, code in rows
    ]


def _with(old: event.Event, *, kind: str) -> event.Event:
    return event.make(
        device=old.device, epoch=old.epoch, seq=old.seq, prev=old.prev, hlc=old.hlc, kind=kind,
        entity=old.entity, division=old.division, body=old.body or {}, salt=old.salt,
    )  # fmt: skip


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def good_bundle(out: Path, device: Identity, office: OfficeKeys, work: Path) -> Path:
    """Write the good bundle from which the bad ones are made."""
    found = events(device.device)
    body = seal.seal_body(device, EPOCH, found[-1].seq, found[-1].hash)
    found.append(
        event.make(
            device=device.device, epoch=EPOCH, seq=6, prev=found[-1].hash,
            hlc=clock.tick(found[-1].hlc, 0), kind="seal", entity=device.device, division="",
            body=body, salt="ab" * 16,
        )
    )  # fmt: skip
    photo = work / "photo.bin"
    photo.write_bytes(b"\xff\xd8\xff" + bytes(range(256)))
    digest = _sha(photo.read_bytes())
    return bundle.write(
        out,
        identity=device,
        lines=[item.line for item in found],
        evidence=[bundle.EvidenceItem(digest, photo.stat().st_size, "jpg", photo)],
        recipients=[office.recipient],
        office=office.office,
        office_name=office.name,
        certificate=office.certify(device.public, serial=1, valid_from=1_700_000_000),
        made_hlc=found[-1].hlc,
        tool="fieldkit vectors",
        work_dir=work,
        bundle_id="0123456789abcdef" * 2,
    ).path


def main() -> None:
    """Write all vectors beside this file."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in event_corpus())
    (HERE / "events.json").write_text(f"[\n{rows}\n]\n", "utf-8")
    bundles = HERE / "bundles"
    bundles.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        device = Identity.create(work / "device", "测试设备")
        office = OfficeKeys.create(work / "office", "测试联席办")
        (HERE / "office-key.txt").write_bytes(office.age_key_path.read_bytes())
        (HERE / "allowed_signers").write_text(
            f'{device.device} namespaces="{sshsig.BUNDLE},{sshsig.SEAL}" {device.public_key}\n',
            "ascii",
        )
        (HERE / "device.card").write_text(card_text(device.public), "utf-8")
        certificate = office.certify(device.public, serial=1, valid_from=1_700_000_000)
        (HERE / "device.grant").write_bytes(
            grant(office, device.public, certificate, [office.recipient])
        )
        good = good_bundle(work / "out", device, office, work)
        (bundles / "good.fkb.zip.age").write_bytes(good.read_bytes())
        codes = {"good": ""}
        for name, (code, spoil) in BAD.items():
            draft = take_apart(good, office, device)
            spoil(draft)
            draft.seal(bundles / f"{name}.fkb.zip.age")
            codes[name] = code
    (bundles / "codes.json").write_text(json.dumps(codes, indent=1) + "\n", "ascii")


if __name__ == "__main__":
    main()
