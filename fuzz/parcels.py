"""Mutation of whole bundles: something within is changed, then digests and signature are mended.

The result is the plain ZIP of a bundle as a hostile device could sign it, so that the checks
behind the signature are reached.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from random import Random
from typing import Any

from fieldkit_sync import bundle_header as lay
from fieldkit_sync import bundle_write, bundle_zip, sshsig
from fuzz import documents, world
from fuzz import mutate as m

_SPARE_NAMES = (
    "fk1/data/more.txt", "fk1/fetch.txt", "fk1/con", "fk1/data/../x", "fk1/data/evidence/a.b",
    "fk1/fieldkit/device-cert.pub", "fk1/manifest-md5.txt", "other", "fk1/data/a/b/c", "fk1/data/",
)  # fmt: skip

Parts = dict[str, tuple[bytes, int]]


def header(events: bytes, pieces: Sequence[bytes]) -> dict[str, Any]:
    """The header of a good bundle of the device."""
    return {
        "v": 1,
        "kind": "events",
        "bundle_id": "e" * 32,
        "dev": world.DEVICE,
        "name": "测试设备",
        "pub": world.DEVICE_LINE,
        **documents.ranges_of(events),
        "volume": "1/1",
        "to": [world.RECIPIENT],
        "office": world.OFFICE,
        "office_name": "示例街道",
        "tool": "fuzz",
        "made_hlc": world.HLC,
        "evidence": [_entry(piece) for piece in sorted(pieces, key=_sha)],
    }


def good(count: int = 2, pieces: Sequence[bytes] = (b"\xff\xd8 a photo",)) -> bytes:
    """A good bundle of the device: its plain ZIP."""
    events = b"".join(it.line + b"\n" for it in world.chain(count)) if count else b""
    head = header(events, pieces)
    parts: Parts = {
        lay.BAGIT: (lay.BAGIT_TEXT, bundle_zip.DEFLATED),
        lay.BAG_INFO: (b"Payload-Oxum: 1.1\n", bundle_zip.DEFLATED),
        lay.README: (b"read me\n", bundle_zip.DEFLATED),
        lay.DEVICE_PUB: (world.DEVICE_LINE.encode() + b"\n", bundle_zip.DEFLATED),
        lay.DEVICE_CERT: (world.certificate_line().encode() + b"\n", bundle_zip.DEFLATED),
        lay.EVENTS: (events, bundle_zip.DEFLATED),
        **{_place(piece): (piece, bundle_zip.STORED) for piece in pieces},
    }
    if pieces:
        parts[lay.POLICIES] = (world.policy_raw(), bundle_zip.DEFLATED)
    if not count:
        del parts[lay.EVENTS]
        head.update(kind="evidence", volume="2/2")
    parts[lay.HEADER] = (m.spell(head), bundle_zip.DEFLATED)
    return _zipped(_sealed(Random(0), parts, (), steady=True))


def change(rng: Random, data: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """Change one or two things in a bundle and sign it anew."""
    parts = _parts(data)
    if not parts:
        return documents.blind(rng, data, others, tokens)
    for _ in range(rng.choice((1, 1, 2))):
        _alter(rng, parts, tokens)
    return _zipped(_sealed(rng, parts, tokens, steady=False))[: documents.LIMIT]


def _alter(rng: Random, parts: Parts, tokens: Sequence[bytes]) -> None:
    way = rng.randrange(11)
    if way <= 2 and lay.HEADER in parts:
        _put(parts, lay.HEADER, documents.json_line(rng, parts[lay.HEADER][0], (), tokens))
    elif way <= 5 and lay.EVENTS in parts:
        raw = documents.events(rng, parts[lay.EVENTS][0], tokens)
        _put(parts, lay.EVENTS, raw)
        if rng.randrange(5):
            _update(parts, documents.ranges_of(raw))
    elif way == 6:
        piece = rng.randbytes(rng.choice((0, 1, 20)))
        parts[_place(piece)] = (piece, rng.choice((0, 0, 8)))
        names = [name for name in parts if name.startswith(lay.EVIDENCE)]
        pieces = [_entry(parts[name][0]) for name in sorted(names)]
        _update(parts, {"evidence": pieces})
    elif way == 7 and lay.DEVICE_CERT in parts:
        line = parts[lay.DEVICE_CERT][0].removesuffix(b"\n")
        _put(parts, lay.DEVICE_CERT, documents.certificate(rng, line, (), tokens) + b"\n")
    elif way == 8 and lay.POLICIES in parts:
        raw = documents.letter(rng, parts[lay.POLICIES][0], (), tokens)
        _put(parts, lay.POLICIES, raw)
    elif way == 9:
        name = rng.choice(sorted(parts))
        raw, method = parts.pop(name)
        if rng.randrange(2):
            parts[rng.choice(_SPARE_NAMES)] = (raw, method)
    else:
        name = rng.choice(sorted(parts))
        raw, method = parts[name]
        parts[name] = (m.mutate(rng, raw, (), tokens, 4096), rng.choice((method, 0, 8)))


def _sealed(rng: Random, parts: Parts, tokens: Sequence[bytes], *, steady: bool) -> Parts:
    """Make the manifests and the signature; now and then one of them is changed or left."""
    out = dict(parts)
    for name, chosen in (
        (lay.MANIFEST, lambda name: name.startswith(lay.TOP + "data/")),
        (lay.TAG_MANIFEST, lambda name: not name.startswith(lay.TOP + "data/")),
    ):
        if steady or rng.randrange(12) or name not in out:
            out.pop(lay.TAG_MANIFEST, None)
            out.pop(lay.SIGNATURE, None)
            digests = {item: _sha(raw) for item, (raw, _) in out.items() if chosen(item)}
            _put(out, name, bundle_write.manifest(digests))
        if not steady and not rng.randrange(12):
            _put(out, name, m.mutate(rng, out[name][0], (), tokens, 16_000))
    armour = sshsig.sign(world.DEVICE_KEY, sshsig.BUNDLE, out[lay.TAG_MANIFEST][0]).encode()
    if not steady and not rng.randrange(16):
        armour = documents.armour(rng, armour, (), tokens)
    _put(out, lay.SIGNATURE, armour)
    return out


def _zipped(parts: Parts) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", allowZip64=False) as out:
        for name, (raw, method) in sorted(parts.items()):
            bundle_zip.add(out, name, io.BytesIO(raw), method)
    return target.getvalue()


def _parts(data: bytes) -> Parts:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            infos = [info for info in source.infolist() if info.file_size <= documents.LIMIT]
            kinds = (bundle_zip.STORED, bundle_zip.DEFLATED)
            return {
                info.filename: (source.read(info), info.compress_type)
                for info in infos
                if info.compress_type in kinds
            }
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError,
            NotImplementedError, OverflowError):  # fmt: skip
        return {}


def _update(parts: Parts, fields: dict[str, Any]) -> None:
    try:
        head = json.loads(parts[lay.HEADER][0])
        _put(parts, lay.HEADER, m.spell({**head, **fields}))
    except (KeyError, TypeError, ValueError, RecursionError):
        return


def _put(parts: Parts, name: str, raw: bytes) -> None:
    parts[name] = (raw, bundle_zip.DEFLATED)


def _entry(piece: bytes) -> dict[str, Any]:
    return {"sha256": _sha(piece), "size": len(piece), "ext": "jpg"}


def _place(piece: bytes) -> str:
    return lay.evidence_name(_sha(piece), "jpg")


def _sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
