"""The small form of a parcel, for QR codes: events only, one signed header line before them.

The plain text of the age file is raw DEFLATE of the header line and the event lines. It proves
what the ZIP proves (signer, recipients, completeness) and carries no evidence. A ZIP begins with
``PK\\x03\\x04``, which no raw DEFLATE stream can begin with, so one look tells the two apart.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, NoReturn

from fieldkit_sync import age, canon, event, files, runs, sshsig
from fieldkit_sync import bundle_header as lay
from fieldkit_sync import certificate as cert
from fieldkit_sync.bundle_write import Written
from fieldkit_sync.deliver import deliver
from fieldkit_sync.errors import Refusal
from fieldkit_sync.identity import Identity
from fieldkit_sync.sshkey import device_of

SUFFIX = ".fkl.age"
MAX_SEALED = 2 * 1024 * 1024
MAX_PLAIN = 16 * 1024 * 1024
MAX_RATIO = 200
#: Some 3,000 ranges. JSON grows tenfold in memory, so this is the bound that counts.
MAX_HEADER = 1024 * 1024

_KEYS = {
    "certificate", "dev", "kind", "made_hlc", "n", "name", "office", "office_name", "pub",
    "ranges", "sig", "to", "tool", "v",
}  # fmt: skip


def write(
    out_dir: Path,
    *,
    identity: Identity,
    lines: Iterable[bytes],
    recipients: Sequence[str],
    office: str = "",
    office_name: str = "",
    certificate: str = "",
    made_hlc: str,
    tool: str,
) -> Written:
    """Seal events to ``recipients`` in the small form; the arguments are those of `bundle.write`.

    Plain bytes touch no disk. `Refusal` "too-large" (send a whole bundle instead), codes of
    `event.parse`, "header-mismatch", "certificate", "bad-recipient", "write-back".
    """
    if certificate and device_of(cert.issuer(certificate)) != office:
        raise Refusal("certificate", "it was not issued by the office that is named")
    body = bytearray()
    ranges = runs.ranges_of(_staged(lines, body))
    events = sum(item["n"] for item in ranges)
    header = {
        "certificate": certificate,
        "dev": identity.device,
        "kind": "lite",
        "made_hlc": made_hlc,
        "n": events,
        "name": identity.name,
        "office": office,
        "office_name": office_name,
        "pub": identity.public_key,
        "ranges": ranges,
        "to": list(recipients),
        "tool": tool,
        "v": 1,
    }
    bundle_id = _as_bundle(header)["bundle_id"]
    signed = canon.encode(header) + b"\n" + body
    first = canon.encode({**header, "sig": identity.sign(sshsig.LITE, signed)}) + b"\n"
    sealed = age.encrypt_bytes(_packed(first, body), recipients)
    if len(sealed) > MAX_SEALED:
        raise Refusal("too-large", f"{len(sealed)} bytes; at most {MAX_SEALED} are accepted")
    out_dir.mkdir(parents=True, exist_ok=True)
    path = deliver(BytesIO(sealed), out_dir, SUFFIX)
    return Written(path, events, 0, len(sealed), bundle_id)


def read(path: Path, identities: Sequence[str]) -> LiteOpened:
    """Open and verify a parcel whole; ``identities`` are age secret keys.

    `Refusal` with one of the codes of PROTOCOL §8; then nothing of it may be used.
    """
    sealed = _read_small(path)
    plain = age.decrypt_bytes(sealed, identities)
    return LiteOpened(_inflated(plain), [age.recipient_of(item) for item in identities])


def read_plain(path: Path, ours: Sequence[str]) -> LiteOpened:
    """Verify the already decrypted file of a parcel; ``ours`` are our age recipients."""
    return LiteOpened(_inflated(_read_small(path)), ours)


class LiteOpened:
    """A verified parcel, with the attributes of `bundle.Opened`. It lives in memory alone.

    ``header`` is that of a bundle: what the small form leaves out is filled in.
    """

    def __init__(self, plain: bytes, ours: Sequence[str]) -> None:
        first, newline, self._body = plain.partition(b"\n")
        if not newline or len(first) > MAX_HEADER:
            _mismatch("the first line is no header")
        written = _decoded(first)
        armour = written.pop("sig")
        self.header = _as_bundle(written)
        self.public_key: str = written["pub"]
        self.device: str = written["dev"]
        if device_of(self.public_key) != self.device:
            _mismatch("the header speaks for another device")
        signed = canon.encode(written) + b"\n" + self._body
        sshsig.verify(armour, sshsig.LITE, signed, self.public_key)
        self.certificate = self._certificate(written["certificate"])
        self.policies = b""
        # Sealed to A, then sealed anew by A to B: B must see that it was not meant (age #59).
        if not set(written["to"]) & set(ours):
            raise Refusal("wrong-office", "the signer did not mean it for us")
        ranges = written["ranges"]
        for _ in runs.checked_fields(self._lines(), ranges, self.public_key, self.device):
            pass

    def __enter__(self) -> LiteOpened:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the bytes go."""
        self._body = b""

    def events(self) -> Iterator[event.Event]:
        """Yield the events in the order of the header's ranges; all have been verified."""
        return map(event.of_fields, self.fields())

    def fields(self) -> Iterator[event.Fields]:
        """Yield the events as ``events`` does, as their fields only."""
        # Parsed a second time: kept as objects, hostile bodies would take many times the bytes.
        return map(event.fields, self._lines())

    def evidence(self) -> Iterator[tuple[str, str, Callable[[], BinaryIO]]]:
        """Yield nothing: the small form carries no evidence."""
        return iter(())

    def _certificate(self, line: str) -> str | None:
        if not line:
            return None
        if len(line) > cert.MAX_LINE or not line.isascii():
            raise Refusal("certificate", "not an ed25519 certificate on one line")
        issuer = cert.issuer(line)
        if cert.check(line, issuer).device != self.device:
            raise Refusal("certificate", "for another device")
        if self.header["office"] != device_of(issuer):
            _mismatch("the certificate is of another office")
        return line

    def _lines(self) -> Iterator[bytes]:
        at = 0
        while at < len(self._body):
            end = self._body.find(b"\n", at)
            if end < 0:
                raise Refusal("bad-event", "the last line has no end")
            yield self._body[at:end]
            at = end + 1


def _staged(lines: Iterable[bytes], body: bytearray) -> Iterator[event.Event]:
    """Copy the lines to ``body`` and yield their events."""
    for raw in lines:
        line = raw.removesuffix(b"\n")
        yield event.parse(line)
        body += line + b"\n"
        if len(body) > MAX_PLAIN:
            raise Refusal("too-large", "too many events for the small form")


def _as_bundle(header: dict[str, Any]) -> dict[str, Any]:
    """The header as a bundle would have it; `Refusal` ("header-mismatch") if a field is wrong."""
    shared = {key: value for key, value in header.items() if key != "certificate"}
    name = hashlib.sha256(canon.encode(header)).hexdigest()[:32]
    whole = {**shared, "bundle_id": name, "volume": "1/1", "evidence": []}
    lay.check_header({**whole, "kind": "events"})
    return whole


def _decoded(line: bytes) -> dict[str, Any]:
    try:
        doc = canon.decode(line)
    except Refusal as fault:
        _mismatch(f"the first line: {fault.detail}")
    if not isinstance(doc, dict) or doc.keys() != _KEYS or doc["kind"] != "lite":
        _mismatch("unknown or missing fields")
    if not isinstance(doc["sig"], str) or not isinstance(doc["certificate"], str):
        _mismatch("sig or certificate is malformed")
    return doc


def _packed(first: bytes, body: bytearray) -> bytes:
    size = len(first) + len(body)
    pack = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = pack.compress(first) + pack.compress(body) + pack.flush()
    if len(first) > MAX_HEADER or size > min(MAX_PLAIN, len(packed) * MAX_RATIO):
        raise Refusal("too-large", "too many events, or too much alike, for the small form")
    return packed


def _inflated(packed: bytes) -> bytes:
    """Unpack at most what the limits allow; `Refusal` "zip-bomb", "too-large" or "zip-data"."""
    limit = min(MAX_PLAIN, len(packed) * MAX_RATIO)
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = unpack.decompress(packed, limit + 1)
    except zlib.error:
        raise Refusal("zip-data", "cannot be unpacked") from None
    if len(plain) > MAX_PLAIN:
        raise Refusal("too-large", f"unpacks to more than {MAX_PLAIN} bytes")
    if len(plain) > limit:
        raise Refusal("zip-bomb", f"unpacks more than {MAX_RATIO}-fold")
    if not unpack.eof:
        raise Refusal("zip-data", "cut short")
    if unpack.unused_data:
        raise Refusal("zip-data", "something follows its data")
    return plain


def _read_small(path: Path) -> bytes:
    raw = files.read_small(path, MAX_SEALED)
    if raw is None:
        raise Refusal("too-large", f"more than {MAX_SEALED} bytes")
    return raw


def _mismatch(detail: str) -> NoReturn:
    raise Refusal("header-mismatch", detail)
