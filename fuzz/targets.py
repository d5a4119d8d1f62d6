"""The targets: what is fed to which parser, and what must hold of whatever is accepted.

A target's ``run`` returns or raises `Refusal`; every other exception is a finding, and so is
`Broken`, by which a target says that a promise of the parser does not hold.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from fieldkit_sync import (
    age,
    bundle_header,
    canon,
    certificate,
    event,
    identity,
    letter,
    lite,
    office,
    policy,
    receipt,
    sshsig,
)
from fieldkit_sync.bundle_read import Opened
from fieldkit_sync.bundle_zip import MAX_MEMBER, StrictZip
from fieldkit_sync.sshkey import device_of
from fuzz import documents, parcels, planted, seeds, world, zips
from fuzz.broken import Broken
from fuzz.documents import Mutator

_SIGNED = b"what the fixed signature is over\n"


@dataclass(frozen=True)
class Target:
    """One parser under test; ``modules`` are the files of ``fieldkit_sync`` that are watched.

    ``cap`` is how many bytes the parser may rightly take beyond the harness's own limit.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    modules: tuple[str, ...]
    change: Mutator = documents.blind
    tokens: tuple[bytes, ...] = ()
    cap: int = 0


@dataclass(frozen=True)
class InMemory:
    """Bytes that a parser may open as it opens a file."""

    raw: bytes
    parent: Path = field(default=Path())

    def open(self, _mode: str = "rb") -> BinaryIO:
        """Return the bytes as an open file."""
        return io.BytesIO(self.raw)

    def stat(self) -> Any:
        """Return the length where ``os.stat`` has it."""
        return _Size(len(self.raw))


@dataclass(frozen=True)
class _Size:
    st_size: int


def _path(raw: bytes) -> Path:
    return cast(Path, InMemory(raw))


def _hold(promise: bool, what: str) -> None:
    if not promise:
        raise Broken(what)


def _age(raw: bytes) -> None:
    found = age.header_ok(_path(raw))
    head = raw[: found.size]
    _hold(len(head) == found.size <= age.MAX_HEADER, "the size is not that of a header")
    _hold(head.count(b"\n-> ") == found.stanzas <= age.MAX_STANZAS, "stanzas are miscounted")
    age.decrypt_bytes(raw, [seeds.secret()])


def _zip(raw: bytes) -> None:
    ours = StrictZip(_path(raw))
    content = {name: ours.read(name, MAX_MEMBER) for name in ours.members}
    with zipfile.ZipFile(io.BytesIO(raw)) as stock:
        theirs = {info.filename: stock.read(info) for info in stock.infolist()}
    _hold(content == theirs, "another ZIP reader sees other files")


def _sshsig(raw: bytes) -> None:
    text = raw.decode("utf-8", "surrogateescape")
    sshsig.verify(text, sshsig.BUNDLE, _SIGNED, world.DEVICE_LINE)
    _hold(text == _armour(), "a second signature is accepted")


def _armour() -> str:
    return sshsig.sign(world.DEVICE_KEY, sshsig.BUNDLE, _SIGNED)


def _event(raw: bytes) -> None:
    found = event.parse(raw)
    again = found.replaced()  # Without the line that was read, so that it must be spelled.
    _hold(again.line == raw == found.line, "an event is spelled in two ways")
    _hold(again.hash == found.hash, "an event has two hashes")
    bare = event.erased(found)
    _hold(event.parse(bare.line) == bare and bare.hash == found.hash, "erasing changes an event")


def _canon(raw: bytes) -> None:
    _hold(canon.encode(canon.decode(raw)) == raw, "a value is spelled in two ways")


def _header(raw: bytes) -> None:
    _hold(canon.encode(bundle_header.parse_header(raw)) == raw, "a header is spelled in two ways")


def _certificate(raw: bytes) -> None:
    line = raw.decode("utf-8", "surrogateescape")
    found = certificate.check(line, certificate.issuer(line))
    certificate.check(line, found.ca_public_key)
    _hold(found.device == device_of(found.public_key), "another device's certificate")
    _hold(found.valid_from >= 0, "a validity that is none")


def _grant(raw: bytes) -> None:
    found = office.read_grant(raw)
    checked = certificate.check(found.certificate, found.ca_public_key)
    _hold((checked.device, checked.office) == (found.device, found.office), "not of one office")


def _card(raw: bytes) -> None:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return  # Whoever reads a card from a file stops here.
    found = identity.parse_card(text)
    _hold(identity.parse_card(identity.card_text(found)) == found, "a card reads as another")


def _bundle(raw: bytes) -> None:
    archive = StrictZip(_path(raw))
    folder = tempfile.TemporaryDirectory(prefix="fuzz-")
    with folder, Opened(archive, folder, [world.RECIPIENT]) as opened:
        count = sum(1 for _ in opened.events())
        _hold(count == opened.header["n"], "events are miscounted")
        for digest, _ext, open_piece in opened.evidence():
            with open_piece() as source:
                _hold(hashlib.sha256(source.read()).hexdigest() == digest, "other evidence")
        _hold(opened.public_key == opened.header["pub"], "signed by another device")


def _letter(raw: bytes) -> None:
    found = letter.split(raw)
    _hold(b"".join(it.raw for it in found) == raw, "a letter falls apart into other bytes")
    _hold(all(canon.encode(it.doc) + b"\n" == it.line for it in found), "two spellings")


def _policy(raw: bytes) -> None:
    found = policy.read(letter.one(raw))
    policy.members(found, [found])
    if found.ca_public_key == world.OFFICE_LINE:
        _hold(policy.write(found, world.office_signs) == raw, "a policy is spelled in two ways")


def _receipt(raw: bytes) -> None:
    found = receipt.read(letter.one(raw), world.OFFICE_LINE)
    _hold(all(it.missing is not None for it in found.chains), "no runs")
    _hold(receipt.write(found, world.office_signs) == raw, "a receipt is spelled in two ways")


def _lite(raw: bytes) -> None:
    with lite.read_plain(_path(raw), [world.RECIPIENT]) as opened:
        count = sum(1 for _ in opened.events())
        _hold(count == opened.header["n"], "events are miscounted")


def _heads() -> list[bytes]:
    head = b"age-encryption.org/v1\n-> X25519 " + b"A" * 43 + b"\n" + b"B" * 43 + b"\n"
    return [head + b"--- " + b"C" * 43 + b"\n", *(raw[:1200] for raw in seeds.sealed())]


def _lines() -> list[bytes]:
    return [*(it.line for it in world.chain(2)), *seeds.lines()]


def _headers() -> list[bytes]:
    return [canon.encode(parcels.header(_events(), [b"a"])), seeds.members()[bundle_header.HEADER]]


def _events() -> bytes:
    return b"".join(it.line + b"\n" for it in world.chain(2))


def _grants() -> list[bytes]:
    line = canon.encode(world.grant_doc()) + b"\n"
    own = line + world.office_signs(sshsig.GRANT, line).encode()
    return [own, seeds.vector("device.grant")]


def _cards() -> list[bytes]:
    own = identity.Public(world.DEVICE, "设备 1", world.DEVICE_LINE, world.RECIPIENT)
    fields = {key: getattr(own, key) for key in ("device", "name", "public_key", "recipient")}
    return [identity.card_text(own).encode(), canon.encode(fields), seeds.vector("device.card")]


def _parcels() -> list[bytes]:
    return [parcels.good(), parcels.good(5, ()), parcels.good(0)]


def _small() -> list[bytes]:
    full = parcels.header(_events(), [])
    doc = {key: full[key] for key in full if key not in ("bundle_id", "volume", "evidence")}
    doc = {**doc, "kind": "lite", "certificate": world.certificate_line()}
    return [documents.packed(doc, _events()), documents.packed({**doc, "certificate": ""}, b"")]


_JSON = (b"{}", b"[]", b'"', b":", b",", b"null", b"true", b"-0", b"1e9", b"\\u0000", b"9" * 20,
         b"\xef\xbb\xbf", b"\xed\xa0\x80", b'{"v":1}', b"[" * 20, b"NaN")  # fmt: skip
_KEYS = tuple(f'"{key}":'.encode() for key in "abdehknpstvx")
_HEX = (b"0" * 64, b"f" * 32, b"0" * 16, world.DEVICE.encode(), world.OTHER.encode())
_SSH = (b"ssh-ed25519", b"ssh-rsa", b"ssh-dss", b"ecdsa-sha2-nistp256", b"\0\0\0\x20", b"sha256",
        b"\0\0\0\x0bssh-ed25519", b"sk-ssh-ed25519@openssh.com", b"force-command",
        b"ssh-ed25519-cert-v01@openssh.com", b"\xff\xff\xff\xff")  # fmt: skip
_ARMOUR = (b"-----BEGIN SSH SIGNATURE-----\n", b"-----END SSH SIGNATURE-----\n", b"\r\n", b"=")
_ZIP = (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x07\x08", b"\x08\0",
        b"../", b"con", b"fk1/", b"\0\0\0\0", b"\xff\xff\xff\xff")  # fmt: skip
_SIGN = ("sshsig.py", "sshkey.py")

TARGETS = (
    Target("age", _age, _heads, ("age.py",), documents.blind,
           (b"\n-> ", b"-> X25519 ", b"---", b"--- ", b"A" * 64, b"\n", b"-> scrypt c2FsdA 30",
            b"-> ssh-ed25519 ", b"-> a\n\n" * 21)),
    Target("zip", _zip, lambda: [parcels.good(), *seeds.plain_zips()], ("bundle_zip.py",),
           zips.change, _ZIP),
    Target("sshsig", _sshsig, lambda: [_armour().encode()], _SIGN, documents.armour,
           _SSH + _ARMOUR),
    Target("event", _event, _lines, ("event.py", "canon.py"), documents.event_line,
           _JSON + _KEYS + _HEX),
    Target("canon", _canon, lambda: [*_lines(), *_headers()], ("canon.py",),
           documents.json_line, _JSON),
    Target("header", _header, _headers, ("bundle_header.py", "canon.py", *_SIGN),
           documents.json_line, _JSON + _HEX),
    Target("certificate", _certificate, lambda: [world.certificate_line().encode()],
           ("certificate.py", *_SIGN), documents.certificate, _SSH),
    Target("grant", _grant, _grants, ("office.py", "certificate.py", "canon.py", *_SIGN),
           documents.signed(sshsig.GRANT), _JSON + _HEX + _SSH),
    Target("card", _card, _cards, ("identity.py", "keyfolder.py", *_SIGN), documents.card,
           (b"fieldkit-card 1\n", b"check: ", b"\r\n", b"\xef\xbb\xbf", *_JSON, *_HEX)),
    Target("bundle", _bundle, _parcels,
           ("bundle_read.py", "bundle_header.py", "bundle_zip.py", "certificate.py", "event.py",
            "runs.py", "seal.py", *_SIGN), parcels.change, _JSON + _HEX + _ZIP),
    Target("letter", _letter, lambda: [world.policy_raw() + world.receipt_raw(), *_grants()],
           ("letter.py", "canon.py"), documents.letter, _JSON + _ARMOUR),
    Target("policy", _policy, lambda: [world.policy_raw()], ("policy.py", "letter.py", *_SIGN),
           documents.signed(sshsig.POLICY), _JSON + _HEX),
    Target("receipt", _receipt, lambda: [world.receipt_raw()],
           ("receipt.py", "letter.py", *_SIGN), documents.signed(sshsig.RECEIPT), _JSON + _HEX),
    Target("lite", _lite, _small, ("lite.py", "runs.py", "event.py", "bundle_header.py"),
           documents.lite, _JSON + _HEX),
)  # fmt: skip

#: Parsers that are wrong on purpose: with them the harness itself is tested.
PLANTED = tuple(
    Target(f"planted-{name}", run, lambda: [b"0000"], ("planted.py",), tokens=(b"!",))
    for name, run in planted.RUNS.items()
)


def target(name: str) -> Target:
    """Return a target by name; KeyError if there is none."""
    return {it.name: it for it in (*TARGETS, *PLANTED)}[name]
