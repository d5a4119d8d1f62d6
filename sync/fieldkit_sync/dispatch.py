"""A dispatch: what an office sends down to its devices, signed by the office, one file for many.

The document carries events as they were written, whoever wrote them; the office vouches for them
with its own key, as a device cannot know the keys of all others. Up to `MOST_DIRECT` devices the
letter is sealed to each. For more it is sealed to a key of its own, and that key lies beside it in
small sealed files, so many devices to each: stock tools open it in two steps.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from fieldkit_sync import age, letter, sshsig
from fieldkit_sync.errors import Refusal
from fieldkit_sync.event import Event, parse
from fieldkit_sync.letter import Document, Sign

TYPE = "fieldkit-dispatch"
MAX_EVENTS = 200_000
MAX_LINES = 128 * 1024 * 1024
"""Bytes of all lines of one document, unpacked."""
MAX_DEVICES = 2000
MOST_DIRECT = 16
_PIECE = 512 * 1024
_GZIP = 31
"""How zlib is told of a gzip frame."""
_KEYS = {"events", "issued", "lines", "office", "to", "type", "v"}
_LETTER, _KEY = "dispatch.letter.age", "keys/{:04}.age"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One checked dispatch: of which office, when, to which devices, and the events."""

    office: str
    issued: str
    to: tuple[str, ...]
    events: tuple[Event, ...]


def write(office: str, issued: str, to: Sequence[str], lines: Sequence[bytes], sign: Sign) -> bytes:
    """Return the signed document; `Refusal` "dispatch-large" if no device would read it."""
    whole = b"".join(line + b"\n" for line in lines)
    packed = base64.b64encode(gzip.compress(whole, 9, mtime=0))
    text = packed.decode("ascii")
    if len(lines) > MAX_EVENTS or len(text) > letter.MAX_DISPATCH // 2:
        raise Refusal("dispatch-large", f"{len(lines)} events")
    doc = {
        "events": len(lines),
        "issued": issued,
        "lines": [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)],
        "office": office,
        "to": sorted(to),
        "type": TYPE,
        "v": 1,
    }
    return letter.write(doc, sign, sshsig.DISPATCH)


def read(document: Document, ca_public_key: str) -> Dispatch:
    """Return what a dispatch brings if the office of ``ca_public_key`` signed it.

    `Refusal` "bad-dispatch", "signature", and those of `event.parse`.
    """
    from fieldkit_sync.sshkey import device_of

    doc = document.doc
    if set(doc) != _KEYS or doc["v"] != 1 or doc["office"] != device_of(ca_public_key):
        _refuse("not a dispatch of this office")
    # Believed before it is unpacked.
    document.check(sshsig.DISPATCH, ca_public_key)
    to, pieces, count = doc["to"], doc["lines"], doc["events"]
    if not _texts(to, MAX_DEVICES) or not _texts(pieces, 1000) or not isinstance(count, int):
        _refuse("a field is malformed")
    lines = _unpacked("".join(pieces)).splitlines()
    if len(lines) != count or count > MAX_EVENTS:
        _refuse("not as many events as it says")
    events = tuple(parse(line) for line in lines)
    return Dispatch(str(doc["office"]), str(doc["issued"]), tuple(to), events)


def _unpacked(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
        stream = zlib.decompressobj(wbits=_GZIP)
        lines = stream.decompress(raw, MAX_LINES)
    except (binascii.Error, ValueError, zlib.error) as fault:
        raise Refusal("bad-dispatch", "the events cannot be unpacked") from fault
    if not stream.eof or stream.unused_data:
        _refuse("the events are too large, or cut short")
    return lines


def _texts(value: object, most: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= most
        and all(isinstance(item, str) for item in value)
    )


def seal(parts: Sequence[bytes], recipients: Sequence[str]) -> bytes:
    """Return the file for all these devices."""
    body = b"".join(parts)
    if len(recipients) <= MOST_DIRECT:
        return age.encrypt_bytes(body, recipients)
    identity = age.new_identity()
    own = age.recipient_of(identity)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        _put(archive, _LETTER, age.encrypt_bytes(body, [own]))
        for number, at in enumerate(range(0, len(recipients), MOST_DIRECT)):
            some = recipients[at : at + MOST_DIRECT]
            _put(archive, _KEY.format(number), age.encrypt_bytes(identity.encode(), some))
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, raw: bytes) -> None:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o600 << 16
    archive.writestr(info, raw)


def is_shared(raw: bytes) -> bool:
    """Whether a file is one for more devices than a letter is sealed to."""
    return raw.startswith(b"PK\x03\x04")


def unseal_shared(raw: bytes, identities: Sequence[str]) -> bytes:
    """Return the letter in such a file; `Refusal` "wrong-office" where no key in it is for us."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            infos = archive.infolist()
            sizes = {info.filename: info.file_size for info in infos}
            stored = all(info.compress_type == zipfile.ZIP_STORED for info in infos)
            keys = [_KEY.format(number) for number in range(len(sizes) - 1)]
            known = set(sizes) == {_LETTER, *keys} and len(infos) == len(sizes)
            small = max((sizes.get(name, 0) for name in keys), default=0) <= age.MAX_HEADER
            if not stored or not known or not small or len(keys) * MOST_DIRECT > MAX_DEVICES:
                _refuse("not the files of a dispatch")
            for name in keys:
                try:
                    own = age.decrypt_bytes(archive.read(name), identities).decode("ascii")
                except Refusal as refusal:
                    if refusal.code == "wrong-office":
                        continue
                    raise
                sealed = archive.read(_LETTER)
                return letter.unseal(sealed, [own], letter.MAX_DISPATCH)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as fault:
        raise Refusal("bad-dispatch", "not a readable file") from fault
    raise Refusal("wrong-office", "sealed to others")


def _refuse(detail: str) -> NoReturn:
    raise Refusal("bad-dispatch", detail)
