"""Complete the golden vectors: ``python sync/vectors/make.py`` (needs sync/ on the path).

``bundles/`` holds one good bundle and many bad ones, ``<code>--<case>`` each, and ``codes.json``
derived from those names; beside them lie throw-away keys, the list of signers, a card and a grant,
and ``events.json``, lines that are good or bad by code. age and certificates draw random numbers,
so a bundle or a grant that exists is never written again: a later release must still read it.
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

from fieldkit_sync import age, bundle, canon, clock, event, seal, sshsig
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
    each: Callable[[zipfile.ZipInfo], object] = id
    after: Callable[[bytes], bytes] = bytes
    after_sealing: Callable[[bytes], bytes] = bytes

    def header(self, **changes: Any) -> None:
        """Change fields of the header."""
        doc = {**json.loads(self.files[lay.HEADER]), **changes}
        self.files[lay.HEADER] = canon.encode(doc)

    def relist(self) -> None:
        """Write both manifests anew from the files that are there."""
        data = {n: _sha(d) for n, d in self.files.items() if n.startswith(lay.TOP + "data/")}
        self.files[lay.MANIFEST] = _manifest(data)
        self.resign()

    def rows(self, change: Callable[[bytes], bytes]) -> None:
        """Change the payload manifest and sign that."""
        self.files[lay.MANIFEST] = change(self.files[lay.MANIFEST])
        self.resign()

    def resign(self, namespace: str = sshsig.BUNDLE) -> None:
        """Write the tag manifest and its signature anew."""
        skip = {lay.TAG_MANIFEST, lay.SIGNATURE}
        tags = {
            n: _sha(d)
            for n, d in self.files.items()
            if n not in skip and not n.startswith(lay.TOP + "data/")
        }
        listed = _manifest(tags)
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
                self.each(info)
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


def named(*names: str) -> Callable[[Draft], None]:
    """Files under these names, listed and signed as if they belonged there."""

    def spoil(draft: Draft) -> None:
        for name in names:
            draft.files[name] = name.encode("utf-8")
        draft.relist()

    return spoil


def row(name: str) -> Callable[[Draft], None]:
    """A row of the signed manifest that names a file outside, while the ZIP is clean."""

    def add(raw: bytes) -> bytes:
        new = f"{_sha(b'x')}  {name}\n".encode()
        listed = [*raw.splitlines(keepends=True), new]
        return b"".join(sorted(listed, key=lambda row: row[66:]))

    return lambda draft: draft.rows(add)


def rows(change: Callable[[bytes], bytes]) -> Callable[[Draft], None]:
    """The signed manifest written in another way."""
    return lambda draft: draft.rows(change)


def text(name: str, data: bytes) -> Callable[[Draft], None]:
    """A tag file with another content, listed and signed."""

    def spoil(draft: Draft) -> None:
        draft.files[name] = data
        draft.relist()

    return spoil


def without(name: str) -> Callable[[Draft], None]:
    """A file that must be there is neither there nor listed."""

    def spoil(draft: Draft) -> None:
        del draft.files[name]
        draft.relist()

    return spoil


def member(**fields: Any) -> Callable[[Draft], None]:
    """Members whose ZIP metadata is odd, in the directory and before the data alike."""

    def spoil(draft: Draft) -> None:
        def change(info: zipfile.ZipInfo) -> None:
            for key, value in fields.items():
                setattr(info, key, value)

        draft.each = change

    return spoil


def patched(central: int, form: str, *values: int, local: int = 0) -> Callable[[Draft], None]:
    """Bytes of the first directory entry overwritten, and of its local header too if asked."""

    def patch(raw: bytes) -> bytes:
        new, at = struct.pack(form, *values), raw.index(b"PK\x01\x02") + central
        raw = raw[:at] + new + raw[at + len(new) :]
        return raw[:local] + new + raw[local + len(new) :] if local else raw

    return lambda draft: setattr(draft, "after", patch)


def end_record(offset: int, form: str, *values: int, more: bytes = b"") -> Callable[[Draft], None]:
    """The end of the ZIP overwritten at ``offset`` of its end record."""

    def patch(raw: bytes) -> bytes:
        new, at = struct.pack(form, *values), raw.rindex(b"PK\x05\x06") + offset
        return raw[:at] + new + raw[at + len(new) :] + more

    return lambda draft: setattr(draft, "after", patch)


def sealed_elsewhere(draft: Draft) -> None:
    """Sealed to a key that is not the office's."""
    import pyrage

    draft.recipient = str(pyrage.x25519.Identity.generate().to_public())


def certificate_edited(draft: Draft) -> None:
    """A certificate whose signature was altered."""
    raw = bytearray(draft.files[lay.DEVICE_CERT])
    raw[-20] = ord("A") if raw[-20] != ord("A") else ord("B")
    draft.files[lay.DEVICE_CERT] = bytes(raw)
    draft.relist()


def no_line_end(draft: Draft) -> None:
    """The last event has no line end."""
    draft.files[lay.EVENTS] = draft.files[lay.EVENTS][:-1]
    draft.relist()


def line_ends_of_windows(draft: Draft) -> None:
    """Events whose lines end in CR LF."""
    draft.files[lay.EVENTS] = draft.files[lay.EVENTS].replace(b"\n", b"\r\n")
    draft.relist()


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


def wrong_crc(draft: Draft) -> None:
    """A member whose check sum is not that of its content."""

    def spoil(raw: bytes) -> bytes:
        crc = struct.pack("<L", zlib.crc32(lay.BAGIT_TEXT))
        return raw.replace(crc, b"\0\0\0\0")

    draft.after = spoil


_DATA = lay.TOP + "data/"
CASES: dict[str, Callable[[Draft], None]] = {
    "bad-event--body-edited": bad_event,
    "bad-event--line-ends-of-windows": line_ends_of_windows,
    "bad-event--no-line-end": no_line_end,
    "certificate--edited": certificate_edited,
    "chain-broken--event-left-out": broken_chain,
    "extra-file--bagit-fetch": extra_fetch,
    "extra-file--bagit-fetch-absolute": text(lay.TOP + "fetch.txt", b"http://192.0.2.1/ 1 /x\n"),
    "extra-file--bagit-fetch-climbs": text(lay.TOP + "fetch.txt", b"file:///etc/x 1 ../../x\n"),
    "extra-file--bagit-second-manifest": text(lay.TOP + "manifest-md5.txt", b""),
    "extra-file--listed": extra_listed,
    "extra-file--not-listed": extra,
    "hash-mismatch--bagit-digest-in-capitals": rows(lambda raw: raw[:64].upper() + raw[64:]),
    "hash-mismatch--bagit-row-absolute": row("/etc/x"),
    "hash-mismatch--bagit-row-binary": rows(lambda raw: raw.replace(b"  ", b" *")),
    "hash-mismatch--bagit-row-cut": rows(lambda raw: raw[:-1]),
    "hash-mismatch--bagit-row-line-feed": row("data/x%0A"),
    "hash-mismatch--bagit-row-shortcut": row("~/x"),
    "hash-mismatch--bagit-row-twice": rows(lambda raw: raw + raw),
    "hash-mismatch--bagit-row-unc": row("\\\\server\\share\\x"),
    "hash-mismatch--bagit-rows-of-windows": rows(lambda raw: raw.replace(b"\n", b"\r\n")),
    "hash-mismatch--evidence-swapped": hash_evidence,
    "hash-mismatch--header-edited": hash_header,
    "header-flood--800-stanzas": header_flood,
    "header-mismatch--bagit-byte-order-mark": text(lay.BAGIT, b"\xef\xbb\xbf" + lay.BAGIT_TEXT),
    "header-mismatch--bagit-space": text(lay.BAGIT, lay.BAGIT_TEXT.replace(b":", b" :")),
    "header-mismatch--bagit-version-0.97": text(lay.BAGIT, lay.BAGIT_TEXT.replace(b"1.0", b"0.97")),
    "header-mismatch--events-short": header_short,
    "header-mismatch--float": header_float,
    "missing-file--bagit-no-bagit-txt": without(lay.BAGIT),
    "missing-file--bagit-row-climbs": row("data/../../../etc/x"),
    "missing-file--evidence": missing,
    "missing-file--signature": missing_signature,
    "name-device--bagit-com1": named(_DATA + "com1"),
    "name-device--bagit-con-folder": named(_DATA + "con/x.txt"),
    "name-device--bagit-lpt9": named(_DATA + "lpt9.tar.gz"),
    "name-device--bagit-nul": named(_DATA + "nul.txt"),
    "name-duplicate--events-twice": name_twice,
    "name-form--bagit-absolute": named("/etc/x"),
    "name-form--bagit-case-twins": named(_DATA + "Events.jsonl"),
    "name-form--bagit-drive": named("c:/x"),
    "name-form--bagit-line-feed": named(_DATA + "a\nb"),
    "name-form--bagit-nfc-nfd-twins": named(_DATA + "\u00e9.txt", _DATA + "e\u0301.txt"),
    "name-form--bagit-shortcut": named("~/x"),
    "name-form--bagit-space-at-the-end": named(_DATA + "x "),
    "name-form--bagit-stream": named(_DATA + "events.jsonl:x"),
    "name-form--bagit-unc": named("\\\\server\\share\\x"),
    "name-form--bagit-variable": named("%homedrive%/x"),
    "name-path--bagit-climbs": named(_DATA + "../../../etc/x"),
    "name-path--bagit-dot": named(_DATA + "./x"),
    "name-path--bagit-dot-at-the-end": named(_DATA + "x."),
    "name-path--bagit-hidden": named(_DATA + ".ds_store"),
    "name-path--bagit-two-strokes": named(lay.TOP + "/x"),
    "name-path--folder": named(_DATA),
    "not-age--zip": not_age,
    "signature--edited": signature_edited,
    "signature--namespace": signature_namespace,
    "too-large--one-member": patched(20, "<2L", 0x10000001, 0x10000001),
    "truncated--tail": truncated,
    "wrong-office--forwarded": wrong_office,
    "wrong-office--sealed-elsewhere": sealed_elsewhere,
    "zip-attributes--dos-folder": member(external_attr=0x10),
    "zip-attributes--fifo": member(external_attr=0o010644 << 16),
    "zip-attributes--folder": member(external_attr=0o040755 << 16 | 0x10),
    "zip-attributes--internal": member(internal_attr=4),
    "zip-attributes--reparse-point": member(create_system=0, external_attr=0x400),
    "zip-attributes--setuid": member(external_attr=0o104755 << 16),
    "zip-attributes--symlink": member(external_attr=0o120777 << 16),
    "zip-bomb--megabyte": bomb,
    "zip-bomb--that-lies": bomb_that_lies,
    "zip-data--wrong-crc": wrong_crc,
    "zip-directory--comment": end_record(20, "<H", 4, more=b"more"),
    "zip-directory--trailing-bytes": trailing_bytes,
    "zip-directory--two-disks": end_record(4, "<H", 1),
    "zip-directory--zip64": end_record(8, "<2H", 0xFFFF, 0xFFFF),
    "zip-extra--comment": member(comment=b"more"),
    "zip-extra--field": member(extra=struct.pack("<2HBL", 0x5455, 5, 1, 0)),
    "zip-extra--second-disk": patched(34, "<H", 1),
    "zip-extra--version-45": member(extract_version=45),
    "zip-flags--data-descriptor": patched(8, "<H", 8, local=6),
    "zip-flags--encrypted": patched(8, "<H", 1, local=6),
    "zip-flags--utf-8": patched(8, "<H", 0x800, local=6),
    "zip-method--bzip2": patched(10, "<H", 12, local=8),
    "zip-mismatch--date": patched(14, "<H", 0x21 + 1),
    "zip-mismatch--level": patched(8, "<H", 2),
    "zip-mismatch--name": local_differs,
    "zip-overlap--hidden-bytes": hidden_bytes,
    "zip-overlap--shared": overlapping,
}
GOOD = "good--six-events"
BAD = {name: (name.split("--")[0], spoil) for name, spoil in CASES.items()}
"""Each bad bundle with the code that must answer; case names with bagit- are path and form attacks
of the kind that the Library of Congress's conformance suite tries."""


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


def _manifest(digests: dict[str, str]) -> bytes:
    """As `bundle_write.manifest`, also for names that no honest writer has."""
    listed = sorted((name.removeprefix(lay.TOP), digest) for name, digest in digests.items())
    return "".join(f"{digest}  {name}\n" for name, digest in listed).encode("utf-8")


def people() -> tuple[Identity, OfficeKeys]:
    """The device and the office of the vectors, drawn once."""
    keys = HERE / "keys"
    if not keys.is_dir():
        Identity.create(keys / "device", "测试设备")
        OfficeKeys.create(keys / "office", "测试联席办")
    return Identity.load(keys / "device"), OfficeKeys.load(keys / "office")


def main() -> None:
    """Write what is missing beside this file, and what follows from it."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in event_corpus())
    (HERE / "events.json").write_text(f"[\n{rows}\n]\n", "utf-8")
    device, office = people()
    (HERE / "office-key.txt").write_bytes(office.age_key_path.read_bytes())
    signer = f'{device.device} namespaces="{sshsig.BUNDLE},{sshsig.SEAL}" {device.public_key}\n'
    (HERE / "allowed_signers").write_text(signer, "ascii")
    (HERE / "device.card").write_text(card_text(device.public), "utf-8")
    if not (HERE / "device.grant").exists():
        certificate = office.certify(device.public, serial=1, valid_from=1_700_000_000)
        granted = grant(office, device.public, certificate, [office.recipient])
        (HERE / "device.grant").write_bytes(granted)
    bundles = HERE / "bundles"
    bundles.mkdir(exist_ok=True)
    good = bundles / f"{GOOD}.fkb.zip.age"
    if not good.exists():
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            good.write_bytes(good_bundle(work / "out", device, office, work).read_bytes())
    for name, spoil in CASES.items():
        path = bundles / f"{name}.fkb.zip.age"
        if not path.exists():
            draft = take_apart(good, office, device)
            spoil(draft)
            draft.seal(path)
    names = sorted(path.name.removesuffix(".fkb.zip.age") for path in bundles.glob("*.age"))
    codes = {name: "" if name.startswith("good--") else name.split("--")[0] for name in names}
    (bundles / "codes.json").write_text(json.dumps(codes, indent=1) + "\n", "ascii")


if __name__ == "__main__":
    main()
