"""Evidence is kept under its digest and proven when it is read."""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from fieldkit.errors import Problem
from fieldkit.store import evidence
from fieldkit.store.evidence import EvidenceStore

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


def _photo(gps: bool = True) -> bytes:
    block = Image.Exif()
    if gps:
        block.get_ifd(0x8825).update({1: "N", 2: (24.0, 53.0, 30.0)})
    out = io.BytesIO()
    Image.new("RGB", (16, 9), (200, 30, 30)).save(out, "JPEG", exif=block)
    return out.getvalue()


def _file(folder: Path, raw: bytes, name: str = "照片.jpg") -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def _code(store: EvidenceStore, path: Path) -> str:
    with pytest.raises(Problem) as caught:
        store.add(path)
    assert "\n" not in caught.value.sentence()
    return caught.value.code


def test_photo_is_kept_clean(tmp_path: Path) -> None:
    """A photo comes back whole, without GPS, from a private file named by its digest."""
    store = EvidenceStore(tmp_path / "evidence")
    source = _file(tmp_path, _photo())
    kept = store.add(source)
    raw = store.read(kept.sha256)
    assert hashlib.sha256(raw).hexdigest() == kept.sha256
    assert (len(raw), kept.ext, kept.media) == (kept.size, "jpg", "image/jpeg")
    assert b"Exif" not in raw
    assert source.read_bytes() == _photo()
    path = store.path(kept.sha256)
    assert path == tmp_path / "evidence" / kept.sha256[:2] / f"{kept.sha256}.jpg"
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_same_picture_twice_is_one_file(tmp_path: Path) -> None:
    """Adding again, also already cleaned, gives the same digest and one file."""
    store = EvidenceStore(tmp_path / "e")
    first = store.add(_file(tmp_path, _photo()))
    again = store.add(_file(tmp_path, store.read(first.sha256), "b.jpg"))
    assert again == first
    assert list(store.digests()) == [first.sha256]


@pytest.mark.parametrize(
    ("raw", "ext", "media"),
    [
        (PDF, "pdf", "application/pdf"),
        ("门厅有举报电话公示牌。\n".encode(), "txt", "text/plain"),
        ("门厅有举报电话公示牌。\r\n".encode("gb18030"), "txt", "text/plain"),
        (b"\xef\xbb\xbfplain\ttext\n", "txt", "text/plain"),
    ],
)
def test_documents_are_kept_byte_for_byte(tmp_path: Path, raw: bytes, ext: str, media: str) -> None:
    """PDF and text, in both office encodings, pass unchanged whatever their file name says."""
    store = EvidenceStore(tmp_path / "e")
    kept = store.add(_file(tmp_path, raw, "随便.jpg"))
    assert (kept.ext, kept.media) == (ext, media)
    with store.open(kept.sha256) as stream:
        assert stream.read() == raw


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (HEIC, "evidence-heic"),
        (b"", "evidence-empty"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "evidence-type"),
        (b"PK\x03\x04\x14\x00\x00\x00", "evidence-type"),
        (b"\x7fELF\x02\x01\x01\x00", "evidence-type"),
        ("正常\x1b[2J文字".encode(), "evidence-type"),
        ("正常\u202e文字".encode(), "evidence-type"),
        (_photo()[:-40], "evidence-damaged"),
        (b"\xff\xd8\xff\xd9", "evidence-damaged"),
        ("业主电话１３８ ００１３ ８０００".encode(), "evidence-personal-data"),
    ],
)
def test_what_is_not_kept(tmp_path: Path, raw: bytes, code: str) -> None:
    """Other kinds, broken photos and texts about people are refused with a code and a mend."""
    store = EvidenceStore(tmp_path / "e")
    assert _code(store, _file(tmp_path, raw)) == code
    assert list(store.digests()) == []


def test_heic_says_the_mend(tmp_path: Path) -> None:
    """The message for HEIC tells how to get a JPEG."""
    with pytest.raises(Problem) as caught:
        EvidenceStore(tmp_path / "e").add(_file(tmp_path, HEIC, "IMG_0001.HEIC"))
    assert "JPEG" in caught.value.mend
    assert caught.value.where == "IMG_0001.HEIC"


def test_missing_folder_and_pipe(tmp_path: Path) -> None:
    """A name that is no ordinary file is refused at once and nothing waits on a pipe."""
    store = EvidenceStore(tmp_path / "e")
    assert _code(store, tmp_path / "没有.jpg") == "evidence-file"
    assert _code(store, tmp_path) == "evidence-file"
    assert _code(store, Path("a\0b")) == "evidence-file"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert _code(store, tmp_path / "pipe") == "evidence-file"


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is refused from a file and from a bundle alike."""
    monkeypatch.setattr(evidence, "MAX_BYTES", 100)
    store = EvidenceStore(tmp_path / "e")
    assert _code(store, _file(tmp_path, _photo())) == "evidence-too-large"
    with pytest.raises(Problem, match="MiB"):
        store.put_verified("0" * 64, "pdf", io.BytesIO(PDF * 9))


def test_damage_is_noticed_and_mended(tmp_path: Path) -> None:
    """A changed byte is found on reading and by the check of all; adding again repairs it."""
    store = EvidenceStore(tmp_path / "e")
    source = _file(tmp_path, _photo())
    kept = store.add(source)
    path = store.path(kept.sha256)
    assert path is not None
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(bytes(raw))
    assert store.has(kept.sha256)
    with pytest.raises(Problem) as caught:
        store.open(kept.sha256)
    assert caught.value.code == "evidence-changed"
    assert len(list(store.problems())) == 1
    store.add(source)
    assert list(store.problems()) == []
    assert store.read(kept.sha256)


def test_absent_file_and_odd_digest(tmp_path: Path) -> None:
    """A digest that is not here, or no digest at all, is a problem and never a path."""
    store = EvidenceStore(tmp_path / "e")
    for digest in ("0" * 64, "../../etc/passwd", "", "F" * 64, "0" * 63 + "\n"):
        assert not store.has(digest)
        with pytest.raises(Problem) as caught:
            store.read(digest)
        assert caught.value.code == "evidence-missing"


def test_bundle_file_must_match_its_digest(tmp_path: Path) -> None:
    """Bytes from a bundle are kept under the promised digest or not at all."""
    store = EvidenceStore(tmp_path / "e")
    digest = hashlib.sha256(PDF).hexdigest()
    for sha256, ext, raw, code in [
        (digest, "pdf", PDF + b"x", "evidence-digest"),
        (digest, "exe", PDF, "evidence-type"),
        ("../x", "pdf", PDF, "evidence-type"),
        (hashlib.sha256(_photo()).hexdigest(), "jpg", _photo(), "evidence-location"),
    ]:
        with pytest.raises(Problem) as caught:
            store.put_verified(sha256, ext, io.BytesIO(raw))
        assert caught.value.code == code
    assert list(store.digests()) == []
    assert store.put_verified(digest, "pdf", io.BytesIO(PDF))
    assert not store.put_verified(digest, "pdf", io.BytesIO(PDF))
    assert store.read(digest) == PDF


def test_missing_names_what_the_journal_wants(tmp_path: Path) -> None:
    """Digests named by the journal and not held here are listed once, in order."""
    store = EvidenceStore(tmp_path / "e")
    kept = store.add(_file(tmp_path, PDF))
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE evidence_ref(sha256 TEXT)")
    rows = [("b" * 64,), ("a" * 64,), (kept.sha256,), ("a" * 64,)]
    db.executemany("INSERT INTO evidence_ref VALUES (?)", rows)
    assert store.missing(db) == ["a" * 64, "b" * 64]


def test_full_disk_is_one_sentence(tmp_path: Path) -> None:
    """When the folder cannot be written the user gets a problem with a mend."""
    (tmp_path / "e").write_bytes(b"a file where the folder should be")
    store = EvidenceStore(tmp_path / "e")
    assert _code(store, _file(tmp_path, PDF)) == "evidence-write"


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(raw=st.one_of(st.binary(max_size=200), st.text(max_size=60).map(str.encode)))
def test_any_bytes_are_kept_or_refused(tmp_path: Path, raw: bytes) -> None:
    """Whatever a file holds, adding it ends in a kept file that reads back or in a problem."""
    store = EvidenceStore(tmp_path / "e")
    try:
        kept = store.add(_file(tmp_path, raw))
    except Problem:
        return
    assert store.read(kept.sha256)
