"""Making a sealed bundle: BagIt in a ZIP, signed, then sealed with age (PROTOCOL §4-§6).

Plain bytes touch only a private working folder, never the folder (perhaps a USB stick) where
the sealed file is put.
"""

from __future__ import annotations

import hashlib
import secrets
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from fieldkit_sync import age, bundle_zip, canon, event, letter, runs, sshsig
from fieldkit_sync import bundle_header as lay
from fieldkit_sync import certificate as cert
from fieldkit_sync.deliver import deliver, digest
from fieldkit_sync.errors import Refusal
from fieldkit_sync.identity import Identity
from fieldkit_sync.sshkey import device_of

_README = """This is a sealed parcel of field inspection events, BagIt 1.0 (RFC 8493) inside a ZIP.
It needs no special program. With the office's age key in office-key.txt and a file
allowed_signers that has one line per device:
  <device id> namespaces="bundle.v1@fieldkit,seal.v1@fieldkit" ssh-ed25519 AAAA...

age -d -i office-key.txt -o x.zip THIS-FILE.fkb.zip.age
bsdtar -xf x.zip        (or: unzip x.zip)
cd fk1
ssh-keygen -Y verify -f ../allowed_signers -I <device id> -n bundle.v1@fieldkit \\
  -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt
sha256sum -c tagmanifest-sha256.txt
sha256sum -c manifest-sha256.txt

data/events.jsonl holds one event per line; data/evidence holds files named by their SHA-256.
"""


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A file to send along: its digest, size in bytes, extension without dot, and place."""

    sha256: str
    size: int
    ext: str
    path: Path


@dataclass(frozen=True, slots=True)
class Written:
    """What was written. ``bytes`` counts all volumes; ``extra`` are the volumes after the first."""

    path: Path
    events: int
    evidence: int
    bytes: int
    bundle_id: str
    extra: tuple[Path, ...] = ()


def write(
    out_dir: Path,
    *,
    identity: Identity,
    lines: Iterable[bytes],
    evidence: Sequence[EvidenceItem] = (),
    recipients: Sequence[str],
    office: str = "",
    office_name: str = "",
    certificate: str = "",
    made_hlc: str,
    tool: str,
    policies: bytes = b"",
    work_dir: Path | None = None,
    bundle_id: str | None = None,
) -> Written:
    """Seal events and evidence to ``recipients``; volume 1 holds every event.

    ``lines`` are event lines (with or without line end); runs of one chain are to follow one
    another. ``policies`` is a letter of the offices below, whose devices' sealed chains are among
    the lines. ``work_dir`` should be private and local. Every file appears under its final name
    only when it is whole, synced and read back. `Refusal`: codes of `event.parse`,
    "header-mismatch", "certificate", "too-large", "bad-recipient", "evidence-damaged",
    "write-back".
    """
    if certificate and device_of(cert.issuer(certificate)) != office:
        raise Refusal("certificate", "it was not issued by the office that is named")
    bundle_id = bundle_id or secrets.token_hex(16)
    out_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix="fkb-", dir=work_dir, ignore_cleanup_errors=True
    ) as name:
        work = Path(name)
        ranges, size = _stage(lines, work / "events.jsonl")
        volumes = _split(evidence, max(0, lay.MAX_VOLUME - size))
        paths: list[Path] = []
        for number, pieces in enumerate(volumes, start=1):
            header = {
                "v": 1,
                "kind": "events" if number == 1 else "evidence",
                "bundle_id": bundle_id,
                "dev": identity.device,
                "name": identity.name,
                "pub": identity.public_key,
                "ranges": ranges if number == 1 else [],
                "n": sum(item["n"] for item in ranges) if number == 1 else 0,
                "volume": f"{number}/{len(volumes)}",
                "to": list(recipients),
                "office": office,
                "office_name": office_name,
                "tool": tool,
                "made_hlc": made_hlc,
                "evidence": [
                    {"sha256": item.sha256, "size": item.size, "ext": item.ext} for item in pieces
                ],
            }
            lay.check_header(header)
            plain, sealed = work / "plain.zip", work / "sealed.age"
            payload = work / "events.jsonl" if number == 1 else None
            extra = _extra_tags(certificate, policies if number == 1 else b"")
            _pack(plain, identity, header, extra, payload, pieces)
            age.encrypt_file(plain, sealed, recipients)
            plain.unlink()
            with sealed.open("rb") as source:
                paths.append(deliver(source, out_dir, ".fkb.zip.age"))
            sealed.unlink()
    return Written(
        path=paths[0],
        events=sum(item["n"] for item in ranges),
        evidence=sum(map(len, volumes)),
        bytes=sum(path.stat().st_size for path in paths),
        bundle_id=bundle_id,
        extra=tuple(paths[1:]),
    )


def _stage(lines: Iterable[bytes], path: Path) -> tuple[list[dict[str, Any]], int]:
    """Copy the lines to ``path``, and say which runs of which chains they are."""
    with path.open("xb") as out:
        ranges = runs.ranges_of(_copied(lines, out))
        return ranges, out.tell()


def _copied(lines: Iterable[bytes], out: BinaryIO) -> Iterator[event.Event]:
    size = 0
    for count, raw in enumerate(lines, start=1):
        line = raw.removesuffix(b"\n")
        size += out.write(line + b"\n")
        if count > lay.MAX_EVENTS or size > lay.MAX_EVENT_BYTES:
            raise Refusal("too-large", "too many events for one bundle")
        yield event.parse(line)


def _split(evidence: Sequence[EvidenceItem], room: int) -> list[list[EvidenceItem]]:
    """Deal evidence out to volumes; the first has only ``room`` bytes left."""
    pieces = sorted({item.sha256: item for item in evidence}.values(), key=lambda i: i.sha256)
    volumes: list[list[EvidenceItem]] = [[]]
    for item in pieces:
        if item.size > room or len(volumes[-1]) >= bundle_zip.MAX_MEMBERS // 2:
            volumes.append([])
            room = lay.MAX_VOLUME
        if item.size > room:
            raise Refusal("too-large", f"evidence {item.sha256}: more than one volume holds")
        volumes[-1].append(item)
        room -= item.size
    return volumes


def _pack(
    path: Path,
    identity: Identity,
    header: dict[str, Any],
    extra: dict[str, bytes],
    events: Path | None,
    pieces: Sequence[EvidenceItem],
) -> None:
    """Write the inner ZIP; its bytes depend on nothing but the arguments."""
    payload: dict[str, tuple[Path, str, int]] = {}
    if events is not None:
        payload[lay.EVENTS] = (events, digest(events), events.stat().st_size)
    for item in pieces:
        if item.path.stat().st_size != item.size or digest(item.path) != item.sha256:
            raise Refusal("evidence-damaged", item.sha256)
        payload[lay.evidence_name(item.sha256, item.ext)] = (item.path, item.sha256, item.size)
    tags = {
        lay.BAGIT: lay.BAGIT_TEXT,
        lay.BAG_INFO: _bag_info(header, payload),
        lay.HEADER: canon.encode(header),
        lay.DEVICE_PUB: identity.public_key.encode("ascii") + b"\n",
        lay.README: _README.encode("ascii"),
        lay.MANIFEST: manifest({name: digest for name, (_, digest, _) in payload.items()}),
    }
    tags |= extra
    listed = manifest({name: hashlib.sha256(data).hexdigest() for name, data in tags.items()})
    tags[lay.TAG_MANIFEST] = listed
    tags[lay.SIGNATURE] = identity.sign(sshsig.BUNDLE, listed).encode("ascii")
    deflated = {*tags, lay.EVENTS}
    for _attempt in range(2):
        with zipfile.ZipFile(path, "w", allowZip64=False) as target:
            for name in sorted(tags.keys() | payload.keys()):
                method = bundle_zip.DEFLATED if name in deflated else bundle_zip.STORED
                with BytesIO(tags[name]) if name in tags else payload[name][0].open("rb") as source:
                    bundle_zip.add(target, name, source, method)
            swollen = {it.filename for it in target.infolist() if bundle_zip.too_dense(it)}
        if not swollen:
            return
        # What packs as small as a bomb would be refused as one.
        deflated -= swollen


def _extra_tags(certificate: str, policies: bytes) -> dict[str, bytes]:
    found = {lay.DEVICE_CERT: certificate.encode("ascii") + b"\n"} if certificate else {}
    if policies:
        letter.split(policies)
        found[lay.POLICIES] = policies
    return found


def manifest(digests: dict[str, str]) -> bytes:
    """Return a BagIt manifest: sorted, LF, paths from the bag's top."""
    rows = sorted((name.removeprefix(lay.TOP), digest) for name, digest in digests.items())
    return "".join(f"{digest}  {name}\n" for name, digest in rows).encode("ascii")


def _bag_info(header: dict[str, Any], payload: dict[str, tuple[Path, str, int]]) -> bytes:
    octets = sum(size for _, _, size in payload.values())
    lines = (
        f"Payload-Oxum: {octets}.{len(payload)}",
        f"Bag-Group-Identifier: {header['bundle_id']}",
        f"Bag-Count: {header['volume'].replace('/', ' of ')}",
        "External-Description: field inspection events; see fieldkit/README.txt",
    )
    return "".join(f"{line}\n" for line in lines).encode("ascii")
