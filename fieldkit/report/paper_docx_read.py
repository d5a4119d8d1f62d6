"""What a .docx file says that somebody hands back. It may come from anybody.

Parts are read with bounds and without a document type, so nothing in them is followed or expanded.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from fieldkit.errors import Problem
from fieldkit.text.i18n import _

MAX_BYTES = 64 * 2**20
MAX_PART = 128 * 2**20
MAX_ENTRIES = 4000
MAX_USES = 200_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MANIFEST = "{urn:fieldkit:manifest:1}manifest"
_PROPERTY = re.compile(r"\}property$")
_NAMED = re.compile(r"fk_([a-z2-7]{8})(?:_([0-9]{1,6}))?")
_BAD = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, KeyError,
    NotImplementedError, ElementTree.ParseError,
)  # fmt: skip

Found = tuple[bytes | None, str | None, dict[str, list[str]]]


def read(raw: bytes) -> Found:
    """See ``paper_docx.read``."""
    if len(raw) > MAX_BYTES:
        raise _large()
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if len(archive.infolist()) > MAX_ENTRIES:
                raise _large()
            manifest, recipe = _manifest(archive), _recipe(archive)
            return manifest, recipe, _texts(archive)
    except _BAD as error:
        raise Problem(
            "paper-broken",
            _("这个 .docx 文件读不出来"),
            mend=_("请用文字处理软件打开，另存为 .docx 后再试。"),
        ) from error


def _large() -> Problem:
    return Problem(
        "paper-large",
        _("文件超过 {n} MB").format(n=MAX_BYTES // 2**20),
        mend=_("请核对是不是 fieldkit 出的文件。"),
    )


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part. Raises Problem ``paper-large``, ValueError where it has a document type."""
    with archive.open(name) as file:
        raw = file.read(MAX_PART + 1)
    if len(raw) > MAX_PART:
        raise _large()
    # Also in UTF-16, where every other byte is nothing.
    if b"<!DOCTYPE" in raw.replace(b"\0", b"") or b"<!ENTITY" in raw.replace(b"\0", b""):
        raise ValueError("a document type")
    return raw


def _manifest(archive: zipfile.ZipFile) -> bytes | None:
    """Whichever custom part is ours: programs number them anew."""
    names = [name for name in archive.namelist() if re.fullmatch(r"customXml/item\d+\.xml", name)]
    for name in sorted(names)[:50]:
        root = ElementTree.fromstring(_part(archive, name))
        if root.tag == _MANIFEST:
            return (root.text or "").encode()
    return None


def _recipe(archive: zipfile.ZipFile) -> str | None:
    if "docProps/custom.xml" not in archive.namelist():
        return None
    for one in ElementTree.fromstring(_part(archive, "docProps/custom.xml")):
        if _PROPERTY.search(one.tag) and one.get("name") == "fieldkit":
            return "".join(one.itertext())
    return None


def _texts(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for name, text in _bookmarks(archive):
        code, use = name
        found.setdefault(code, []).append((use, text))
        if len(found) > MAX_USES:
            raise _large()
    return {code: [text for _use, text in sorted(many)] for code, many in found.items()}


def _bookmarks(archive: zipfile.ZipFile) -> Iterator[tuple[tuple[str, int], str]]:
    """What stands in each bookmark of ours, also in tables, with deletions left out."""
    open_: dict[str, tuple[tuple[str, int], list[str]]] = {}
    source = io.BytesIO(_part(archive, "word/document.xml"))
    for _event, element in ElementTree.iterparse(source, events=("start", "end")):
        if _event == "start" and element.tag == f"{_W}bookmarkStart":
            named = _NAMED.fullmatch(element.get(f"{_W}name") or "")
            if named is not None:
                key = (named.group(1), int(named.group(2) or 1))
                open_[element.get(f"{_W}id") or ""] = (key, [])
        elif _event == "start" and element.tag == f"{_W}bookmarkEnd":
            done = open_.pop(element.get(f"{_W}id") or "", None)
            if done is not None:
                yield done[0], "".join(done[1])
        elif _event == "end" and element.tag == f"{_W}t":
            for _key, texts in open_.values():
                texts.append(element.text or "")
            element.clear()
