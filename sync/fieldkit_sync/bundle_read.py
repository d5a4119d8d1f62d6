"""Opening a bundle that came from outside: bounded, then verified, only then believed.

The order is that of SYNC §2.2: size and age header, decryption of the whole file, ZIP
directory, signature, certificate, set of names, digests, header, events. Nothing is handed
out before the last check has passed.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from fieldkit_sync import age, certificate, event, letter, lite, runs, sshsig
from fieldkit_sync import bundle_header as lay
from fieldkit_sync.bundle_zip import STORED, StrictZip
from fieldkit_sync.errors import Refusal
from fieldkit_sync.sshkey import device_of, parse_line

#: Up to so many bytes of lines the events stay in memory after the check; beyond, they are parsed
#: a second time. A hostile body takes fifty times its bytes as objects.
KEEP = 1_048_576

_ROW = re.compile(r"([0-9a-f]{64})  ([a-z0-9][a-z0-9._/-]{0,120}|fieldkit/README\.txt)")
_MAX_TAG = 16_384
_MAX_MANIFEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Peeked:
    """What a sealed file shows without a key; ``sha256`` is its name among couriers."""

    size: int
    sha256: str
    stanzas: int


def peek(path: Path) -> Peeked:
    """Look at a sealed file without a key; `Refusal` "not-age", "header-flood", "too-large"."""
    size = _size(path)
    header = age.header_ok(path)
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    return Peeked(size, digest, header.stanzas)


def read(
    path: Path,
    identities: Sequence[str],
    *,
    work_dir: Path | None = None,
    events_later: bool = False,
) -> Opened | lite.LiteOpened:
    """Open and verify a bundle, or a parcel of the small form, whole; a context manager.

    ``identities`` are age secret keys; ``work_dir`` is where the plain bytes may lie meanwhile.
    With ``events_later`` every byte is proven here but the events are read only as `events`
    gives them out: none of them may be believed before the last one has come. `Refusal` with one
    of the codes of PROTOCOL §8; then nothing of it may be used. OSError where the disk fails.
    """
    _size(path)
    age.header_ok(path)
    folder = tempfile.TemporaryDirectory(prefix="fkb-", dir=work_dir, ignore_cleanup_errors=True)
    try:
        plain = Path(folder.name) / "plain.zip"
        age.decrypt_file(path, plain, identities)
        ours = [age.recipient_of(item) for item in identities]
        if not _is_zip(plain):
            small = lite.read_plain(plain, ours)
            folder.cleanup()
            return small
        archive = StrictZip(plain)
        try:
            return Opened(archive, folder, ours, events_later)
        except BaseException:
            archive.close()
            raise
    except BaseException:
        folder.cleanup()
        raise


class Opened:
    """A verified bundle; its plain bytes are removed when it is closed."""

    def __init__(
        self,
        archive: StrictZip,
        folder: tempfile.TemporaryDirectory[str],
        ours: Sequence[str],
        events_later: bool = False,
    ) -> None:
        self._zip = archive
        self._folder = folder
        self._lines_file = Path(folder.name) / "events.jsonl"
        self._kept: list[event.Event] | None = None
        needed = lay.TAGS | {lay.TAG_MANIFEST, lay.SIGNATURE}
        if lost := sorted(needed - archive.members.keys()):
            raise Refusal("missing-file", lost[0])
        self.public_key = _key_line(archive)
        self.device = device_of(self.public_key)
        listed = self._signed_manifest()
        self.certificate = self._certificate()
        self.policies = self._policies()
        payload = _rows(archive.read(lay.MANIFEST, _MAX_MANIFEST))
        self._check_names(listed, payload)
        self._check_digests({**payload, **listed})
        self.header = lay.parse_header(archive.read(lay.HEADER, lay.MAX_HEADER))
        self._check_header(payload, ours)
        if not events_later:
            self._check_events()

    def __enter__(self) -> Opened:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove the plain bytes."""
        self._zip.close()
        self._folder.cleanup()

    def events(self) -> Iterator[event.Event]:
        """Yield the events in the order of the header's ranges.

        All have been verified, unless the bundle was opened with ``events_later``; then `Refusal`
        may come at any of them, and spoils those before it too.
        """
        if self._kept is not None:
            return iter(self._kept)
        return map(event.of_fields, self.fields())

    def fields(self) -> Iterator[event.Fields]:
        """Yield the events as ``events`` does, as their fields only; `Refusal` as there."""
        if self.header["kind"] == "events":
            yield from runs.checked_fields(
                self._lines(), self.header["ranges"], self.public_key, self.device
            )

    def evidence(self) -> Iterator[tuple[str, str, Callable[[], BinaryIO]]]:
        """Yield (sha256, extension, opener) of every piece; all digests have been verified."""
        for item in self.header["evidence"]:
            name = lay.evidence_name(item["sha256"], item["ext"])
            yield item["sha256"], item["ext"], partial(self._zip.open_stored, name)

    def _signed_manifest(self) -> dict[str, str]:
        raw = self._zip.read(lay.TAG_MANIFEST, _MAX_TAG)
        armour = self._zip.read(lay.SIGNATURE, sshsig.MAX_ARMOUR)
        if not armour.isascii():
            raise Refusal("signature", "not an armoured SSH signature")
        sshsig.verify(armour.decode("ascii"), sshsig.BUNDLE, raw, self.public_key)
        return _rows(raw)

    def _certificate(self) -> str | None:
        if lay.DEVICE_CERT not in self._zip.members:
            return None
        raw = self._zip.read(lay.DEVICE_CERT, certificate.MAX_LINE)
        if not raw.isascii() or not raw.endswith(b"\n"):
            raise Refusal("certificate", "not an ed25519 certificate on one line")
        line = raw[:-1].decode("ascii")
        if certificate.check(line, certificate.issuer(line)).device != self.device:
            raise Refusal("certificate", "for another device")
        return line

    def _policies(self) -> bytes:
        if lay.POLICIES not in self._zip.members:
            return b""
        raw = self._zip.read(lay.POLICIES, letter.MAX_LETTER)
        letter.split(raw)
        return raw

    def _check_names(self, listed: dict[str, str], payload: dict[str, str]) -> None:
        if any(not name.startswith(lay.TOP + "data/") for name in payload):
            raise Refusal("extra-file", "the manifest lists a file outside data/")
        if unknown := sorted(listed.keys() - lay.TAGS - lay.OPTIONAL_TAGS):
            raise Refusal("extra-file", unknown[0])
        there = self._zip.members.keys()
        named = listed.keys() | payload.keys() | {lay.TAG_MANIFEST, lay.SIGNATURE}
        if lost := sorted((named | lay.TAGS) - there):
            raise Refusal("missing-file", lost[0])
        if more := sorted(there - named):
            raise Refusal("extra-file", more[0])

    def _check_digests(self, digests: dict[str, str]) -> None:
        with self._lines_file.open("xb") as lines:
            for name, digest in sorted(digests.items()):
                found = hashlib.sha256()
                for chunk in self._zip.chunks(name):
                    found.update(chunk)
                    if name == lay.EVENTS:
                        # Unpacked once; nobody reads it before its digest has been compared.
                        lines.write(chunk)
                if found.hexdigest() != digest:
                    raise Refusal("hash-mismatch", name)

    def _check_header(self, payload: dict[str, str], ours: Sequence[str]) -> None:
        header = self.header
        if self._zip.read(lay.BAGIT, _MAX_TAG) != lay.BAGIT_TEXT:
            raise Refusal("header-mismatch", "bagit.txt is not that of BagIt 1.0")
        if header["dev"] != self.device or header["pub"] != self.public_key:
            raise Refusal("header-mismatch", "the header speaks for another device")
        if self.certificate is not None:
            office = device_of(certificate.issuer(self.certificate))
            if header["office"] != office:
                raise Refusal("header-mismatch", "the certificate is of another office")
        # Sealed to A, then sealed anew by A to B: B must see that it was not meant (age #59).
        if not set(header["to"]) & set(ours):
            raise Refusal("wrong-office", "the signer did not mean it for us")
        wanted = {lay.EVENTS} if header["kind"] == "events" else set()
        for item in header["evidence"]:
            name = lay.evidence_name(item["sha256"], item["ext"])
            wanted.add(name)
            if name not in payload or payload[name] != item["sha256"]:
                raise Refusal("header-mismatch", f"evidence {item['sha256']} is not there")
            member = self._zip.members[name]
            if member.size != item["size"] or member.method != STORED:
                raise Refusal("header-mismatch", f"evidence {item['sha256']}: size or packing")
        if more := sorted(payload.keys() - wanted):
            raise Refusal("extra-file", more[0])
        if lost := sorted(wanted - payload.keys()):
            raise Refusal("missing-file", lost[0])

    def _check_events(self) -> None:
        """Walk through all events; a moderate number stays in memory."""
        if self._lines_file.stat().st_size <= KEEP:
            self._kept = list(map(event.of_fields, self.fields()))
            return
        for _fields in self.fields():
            pass

    def _lines(self) -> Iterator[bytes]:
        with self._lines_file.open("rb") as source:
            while line := source.readline(event.MAX_LINE + 2):
                if not line.endswith(b"\n"):
                    long = len(line) > event.MAX_LINE
                    detail = "a line is too long" if long else "the last line has no end"
                    raise Refusal("bad-event", detail)
                yield line[:-1]


def _is_zip(plain: Path) -> bool:
    """Whether either end looks like a ZIP file; what is wrong with it is then said of a ZIP."""
    with plain.open("rb") as source:
        head = source.read(4)
        source.seek(max(0, plain.stat().st_size - 22))
        return head == b"PK\x03\x04" or source.read(4) == b"PK\x05\x06"


def _size(path: Path) -> int:
    size = path.stat().st_size
    if size > lay.MAX_SEALED:
        raise Refusal("too-large", f"{size} bytes; at most {lay.MAX_SEALED} are accepted")
    return size


def _key_line(archive: StrictZip) -> str:
    raw = archive.read(lay.DEVICE_PUB, 1024)
    try:
        line, _ = parse_line(raw.decode("ascii"))
    except (Refusal, UnicodeDecodeError):
        raise Refusal("signature", "device.pub holds no ed25519 key") from None
    if raw != line.encode("ascii") + b"\n":
        raise Refusal("signature", "device.pub is not one plain line")
    return line


def _rows(raw: bytes) -> dict[str, str]:
    rows: dict[str, str] = {}
    text = raw.decode("ascii", errors="replace")
    if text and not text.endswith("\n"):
        raise Refusal("hash-mismatch", "a manifest is cut short")
    last = ""
    for row in text.split("\n")[:-1]:
        match = _ROW.fullmatch(row)
        if not match or match[2] <= last:
            raise Refusal("hash-mismatch", "a manifest is malformed or out of order")
        last = match[2]
        rows[lay.TOP + last] = match[1]
    return rows
