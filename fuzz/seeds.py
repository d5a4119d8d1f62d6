"""What mutation starts from: the published vectors, and the kept corpus of a target."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from fieldkit_sync import age
from fieldkit_sync.errors import Refusal

ROOT = Path(__file__).resolve().parent.parent
VECTORS = ROOT / "sync" / "vectors"
CORPUS = ROOT / "fuzz" / "corpus"
#: Longer vectors test limits and would only slow mutation down.
MAX_SEED = 16_384


def corpus(target: str, folder: Path = CORPUS) -> list[bytes]:
    """The kept inputs of a target, smallest first."""
    found = [path.read_bytes() for path in sorted((folder / target).glob("*.bin"))]
    return sorted(found, key=lambda data: (len(data), data))


@cache
def sealed() -> tuple[bytes, ...]:
    """Every bundle among the vectors as it travels."""
    return tuple(path.read_bytes() for path in sorted((VECTORS / "bundles").glob("*.age")))


@cache
def secret() -> str:
    """The published age identity to which the vectors are sealed."""
    lines = (VECTORS / "office-key.txt").read_text("utf-8").split()
    return next(line for line in lines if line.startswith("AGE-SECRET-KEY-"))


@cache
def plain_zips() -> tuple[bytes, ...]:
    """The ZIP within every bundle among the vectors that can be opened."""
    found = set()
    with tempfile.TemporaryDirectory() as name:
        for number, data in enumerate(sealed()):
            src, dst = Path(name) / f"{number}.age", Path(name) / f"{number}.zip"
            src.write_bytes(data)
            try:
                age.decrypt_file(src, dst, [secret()])
            except Refusal:
                continue
            found.add(dst.read_bytes())
    return tuple(sorted(data for data in found if len(data) <= MAX_SEED))


@cache
def members() -> dict[str, bytes]:
    """The files of one good bundle among the vectors."""
    for data in plain_zips():
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            found = {info.filename: source.read(info) for info in source.infolist()}
        if "fk1/data/events.jsonl" in found:
            return found
    raise LookupError("no vector holds events")


@cache
def lines() -> tuple[bytes, ...]:
    """Every short event line among the vectors, good and bad."""
    cases = json.loads((VECTORS / "lines.json").read_text("utf-8"))
    found = (bytes.fromhex(case["line"]) for case in cases)
    return tuple(line for line in found if len(line) <= MAX_SEED)


def vector(name: str) -> bytes:
    """One file among the vectors."""
    return (VECTORS / name).read_bytes()
