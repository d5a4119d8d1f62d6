"""Evidence files: kept under the digest of their bytes, checked whenever they are read.

What a file is is told from its bytes, never from its name. Photos lose their metadata on the way
in (``exif``), so no position ever reaches the store (DOMAIN §5.3, PIPL art. 28).
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import BinaryIO

from fieldkit.errors import Problem
from fieldkit.store import exif
from fieldkit.text.i18n import _
from fieldkit.text.plain import first_control, shown
from fieldkit.text.privacy import leaks

MAX_BYTES = 64 * 1024 * 1024
"""The largest evidence file, in bytes."""

MEDIA = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "txt": "text/plain",
}
"""The kinds of evidence by file extension."""

_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"}
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stored:
    """One kept file: digest of the kept bytes, their number, extension and media type."""

    sha256: str
    size: int
    ext: str
    media: str


class EvidenceStore:
    """The evidence folder of one home: ``<folder>/ab/<sha256>.<ext>``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, path: Path) -> Stored:
        """Keep a copy of a file, photos without their metadata; the original stays untouched.

        Raises ``Problem``: no such file, too large, empty, a kind that is not kept, a photo that
        ends early, or a text that holds what no note may hold (DOMAIN §5.2).
        """
        name = shown(path.name)
        raw = _read(path, name)
        ext = _sniff(raw, name)
        if ext == "txt":
            _check_text(raw, name)
        elif ext != "pdf":
            try:
                raw = exif.cleaned(ext, raw)
            except exif.Damaged:
                raise Problem(
                    "evidence-damaged",
                    _("照片不完整或已损坏"),
                    where=name,
                    mend=_("请重新拷贝或重新拍摄后再添加。"),
                ) from None
        digest = hashlib.sha256(raw).hexdigest()
        self._keep(digest, ext, raw)
        return Stored(digest, len(raw), ext, MEDIA[ext])

    def has(self, sha256: str) -> bool:
        """Whether a file with this digest is here (its bytes are checked on reading only)."""
        return self.path(sha256) is not None

    def path(self, sha256: str) -> Path | None:
        """Where the file lies, or None; its bytes are not checked here."""
        if not _DIGEST.fullmatch(sha256):
            return None
        for ext in MEDIA:
            found = self._place(sha256, ext)
            if found.is_file():
                return found
        return None

    def read(self, sha256: str) -> bytes:
        """The kept bytes, proven to be the ones that were kept.

        Raises ``Problem`` when the file is not here or its bytes have changed since.
        """
        path = self.path(sha256)
        if path is None:
            raise Problem(
                "evidence-missing",
                _("本机没有证据文件 {digest}").format(digest=shown(sha256)[:12]),
                mend=_("请向采集它的设备索取数据包后再合并。"),
            )
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise _unreadable(path.name, error) from error
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise Problem(
                "evidence-changed",
                _("证据文件已损坏：内容与登记的指纹不符"),
                where=path.name,
                mend=_("请从原设备或备份重新取得该文件。"),
            )
        return raw

    def open(self, sha256: str) -> BinaryIO:
        """The kept bytes as a stream, checked like ``read`` before the first byte is given."""
        return io.BytesIO(self.read(sha256))

    def put_verified(self, sha256: str, ext: str, stream: BinaryIO) -> bool:
        """Keep a file that came in a bundle under the digest its sender promised.

        True when it is new here. Raises ``Problem`` when the bytes are not those promised, the
        kind is not kept, or a photo still carries a position (it is not silently altered, since
        its digest is signed).
        """
        where = f"{shown(sha256)[:12]}.{shown(ext)}"
        if not _DIGEST.fullmatch(sha256) or ext not in MEDIA:
            raise Problem("evidence-type", _("不能保存这种证据文件"), where=where)
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise _too_large(where)
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise Problem("evidence-digest", _("证据文件与数据包登记的指纹不符"), where=where)
        if exif.has_location(ext, raw):
            raise Problem(
                "evidence-location",
                _("照片中带有位置信息"),
                where=where,
                mend=_("请对方用 fieldkit 重新添加该照片后再打包。"),
            )
        return self._keep(sha256, ext, raw)

    def drop(self, sha256: str) -> None:
        """Remove a file from this home; one that is not here is no fault. Raises OSError."""
        path = self.path(sha256)
        if path is not None:
            path.unlink(missing_ok=True)
            _sync_folder(path.parent)

    def digests(self) -> Iterator[str]:
        """The digests of all files here, in order."""
        for path in sorted(self.folder.glob("??/*.*")):
            if _DIGEST.fullmatch(path.stem) and path.suffix[1:] in MEDIA:
                yield path.stem

    def problems(self) -> Iterator[str]:
        """One sentence for every kept file whose bytes no longer match its digest."""
        for digest in self.digests():
            try:
                self.read(digest)
            except Problem as problem:
                yield problem.sentence()

    def missing(self, db: Connection) -> list[str]:
        """Digests that the journal names but this home does not hold, in order."""
        rows = db.execute("SELECT DISTINCT sha256 FROM evidence_ref ORDER BY sha256")
        return [str(row[0]) for row in rows if not self.has(str(row[0]))]

    def _place(self, digest: str, ext: str) -> Path:
        return self.folder / digest[:2] / f"{digest}.{ext}"

    def _keep(self, digest: str, ext: str, raw: bytes) -> bool:
        """Write the bytes durably under their name; a damaged earlier copy is replaced."""
        target = self._place(digest, ext)
        with suppress(OSError):
            if hashlib.sha256(target.read_bytes()).hexdigest() == digest:
                return False
        part = target.with_name(f".{digest[:16]}-{os.urandom(4).hex()}.part")
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
            _sync_folder(target.parent)
            _sync_folder(self.folder)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise Problem(
                "evidence-write",
                _("证据文件无法写入：{why}").format(why=error.strerror or str(error)),
                where=str(self.folder),
                mend=_("请检查磁盘空间和权限后重试。"),
            ) from error
        return True


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; systems whose folders cannot be opened do without."""
    with suppress(PermissionError, IsADirectoryError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(path: Path, name: str) -> bytes:
    try:
        # A pipe or a device would block or never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise Problem("evidence-file", _("不是普通文件"), where=name)
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from error
    if len(raw) > MAX_BYTES:
        raise _too_large(name)
    if not raw:
        raise Problem("evidence-empty", _("证据文件是空的"), where=name)
    return raw


def _unreadable(name: str, error: OSError | ValueError) -> Problem:
    why = getattr(error, "strerror", None) or str(error)
    return Problem("evidence-file", _("读不了证据文件：{why}").format(why=shown(why)), where=name)


def _too_large(name: str) -> Problem:
    return Problem(
        "evidence-too-large",
        _("证据文件超过 {limit} MiB").format(limit=MAX_BYTES // 1024 // 1024),
        where=name,
        mend=_("请压缩照片或拆分文件后再添加。"),
    )


def _sniff(raw: bytes, name: str) -> str:
    """The kind of file by its first bytes; raises ``Problem`` with the mend for the others."""
    if raw.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if raw.startswith(exif.PNG_SIGNATURE):
        return "png"
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "webp"
    if raw.startswith(b"%PDF-"):
        return "pdf"
    if raw[4:8] == b"ftyp" and raw[8:12] in _HEIF_BRANDS:
        raise Problem(
            "evidence-heic",
            _("不支持 HEIC/AVIF 照片"),
            where=name,
            mend=_("请在手机或电脑上另存为 JPEG 后再添加（手机相机可设为“兼容性最佳”）。"),
        )
    if _text(raw) is not None:
        return "txt"
    raise Problem(
        "evidence-type",
        _("不支持这种证据文件"),
        where=name,
        mend=_("可用 JPEG、PNG、WebP 照片，PDF 或纯文本。"),
    )


def _text(raw: bytes) -> str | None:
    """The bytes as text (UTF-8, or GB 18030 as older office computers write it), else None."""
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            text = raw.decode(encoding)
            if first_control(text, allow="\t\n\r\f") is None:
                return text
    return None


def _check_text(raw: bytes, name: str) -> None:
    found = leaks(_text(raw) or "")
    if found:
        raise Problem(
            "evidence-personal-data",
            _("文本中含有不得保存的内容：{label}").format(label=_(found[0].label)),
            where=name,
            mend=_("请删去后再添加。"),
        )
