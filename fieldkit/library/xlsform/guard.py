"""Workbooks from anywhere: looked over before, and kept apart while, they are opened.

The reader of workbooks is native code that makes room for every cell between the first and the
last one and ends the whole process when it cannot. So the sizes and the cells' addresses of a
``.xlsx`` are looked at first, and an ``.xls`` is read by a process of its own with little memory.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _

MAX_BYTES = 64 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_AREA = 8_000_000
"""The most cells between a sheet's first and last; 8 million empty ones need 256 MB."""
_SECONDS = 120
_CHILD = (
    "import sys; from fieldkit.library.xlsform.apart import main; raise SystemExit(main(sys.argv))"
)
_PARTS = re.compile(r"(?i).*\.(xml|rels|bin)")
_SHEET_PART = re.compile(r"(?i)(?:.*/)?worksheets/[^/]+\.xml")
_ADDRESS = re.compile(rb"\sr\s*=\s*[\"']\s*([A-Za-z]{0,9})([0-9]{1,12})")
_ESCAPED = re.compile(rb"\sr\s*=\s*[\"'][^\"'<>]*&")
_CELL = re.compile(
    rb"<(?:\w+:)?c(?=[\s/>])([^>]*)>"
    rb"(?!\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>)"
)
_ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?=[^>]*\st\s*=\s*[\"']e[\"'])[^>]*?\sr\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']"
)
_BARE_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\sr\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>]*>\s*"
    rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_SAYS = {
    "error": N_("单元格是错误值，当作空白。"),
    "formula": N_("公式没有算好的值，当作空白；请在 Excel 里打开并保存一次。"),
}

Wanted = Callable[[Sequence[str]], list[str]]
Found = tuple[list[str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell without a value that can be used: its row from 1, its column from 0."""

    row: int
    column: int
    name: str
    what: str


def too_large(where: str) -> Problem:
    """The sentence for a workbook that is larger than any form."""
    return Problem(
        "workbook-large",
        _("工作簿超过 {n} MB").format(n=MAX_BYTES // 2**20),
        where=where,
        mend=_("请删去图片和不用的工作表再导入。"),
    )


def checked(raw: bytes, name: str) -> tuple[bytes, dict[str, list[Odd]]]:
    """The same workbook with only its XML parts, plainly packed, and its odd cells by sheet.

    Raises Problem ``workbook-large``, ``workbook-sparse`` or ``workbook-broken``.
    """
    try:
        parts = _parts(raw, name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise broken(name) from error
    except NotImplementedError as error:
        raise broken(name) from error
    for part, content in parts.items():
        if _SHEET_PART.fullmatch(part):
            _extent(content, name)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        for part, content in parts.items():
            target.writestr(zipfile.ZipInfo(part), content)
    return packed.getvalue(), _odd_cells(parts)


def _parts(raw: bytes, name: str) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries = archive.infolist()
        wanted = [e for e in entries if _PARTS.fullmatch(e.filename) and not e.is_dir()]
        if len(entries) > MAX_ENTRIES or sum(e.file_size for e in wanted) > MAX_BYTES:
            raise too_large(name)
        for entry in wanted:
            # The declared size bounds what is read; a wrong one fails its checksum here.
            parts.setdefault(entry.filename, archive.read(entry))
    return parts


def _extent(content: bytes, name: str) -> None:
    """Refuse a sheet whose first and last cell lie too far apart to make room for both."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:200]:
        raise broken(name)
    if _ESCAPED.search(content):
        raise broken(name)
    if _area(_ADDRESS.findall(content)) <= MAX_AREA:
        return
    # Rows and cells that have a format and nothing else do not count; look at each one.
    filled = [inside for inside in _CELL.findall(content) if not inside.endswith(b"/")]
    addresses = [found for inside in filled if (found := _ADDRESS.search(inside))]
    if len(addresses) < len(filled) or _area([found.groups() for found in addresses]) > MAX_AREA:
        raise _sparse(name)


def _area(addresses: Sequence[tuple[bytes, ...]]) -> int:
    columns = {letters for letters, _row in addresses}
    rows = {row for _letters, row in addresses}
    return (max(map(_column, columns), default=0) + 1) * max(map(int, rows), default=0)


def _sparse(name: str) -> Problem:
    return Problem(
        "workbook-sparse",
        _("工作表范围太大，多半有一个单元格在很远的地方"),
        where=name,
        mend=_("请删去表格右边和下面的空行空列再导入。"),
    )


def broken(name: str) -> Problem:
    """The sentence for a workbook that cannot be opened."""
    return Problem(
        "workbook-broken",
        _("工作簿已损坏，打不开"),
        where=name,
        mend=_("请在 Excel 里打开，另存为新的 .xlsx 再导入。"),
    )


def _column(letters: bytes) -> int:
    total = 0
    for letter in letters.upper()[:9]:
        total = total * 26 + letter - 64
    return total - 1


def _odd_cells(parts: dict[str, bytes]) -> dict[str, list[Odd]]:
    """Errors and formulas without a value, by the name of their sheet."""
    odd: dict[str, list[Odd]] = {}
    for title, part in _sheet_parts(parts).items():
        content = parts.get(part, b"")
        for kind, pattern in (("error", _ERROR_CELL), ("formula", _BARE_FORMULA)):
            if (b"<f" if kind == "formula" else b"e") not in content:
                continue
            for letters, row in pattern.findall(content)[:1000]:
                cell = Odd(int(row), _column(letters), letters.decode(), _(_SAYS[kind]))
                odd.setdefault(title, []).append(cell)
    return odd


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    from xml.etree import ElementTree

    try:
        book = ElementTree.fromstring(parts.get("xl/workbook.xml", b""))
        links = ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b""))
    except (ElementTree.ParseError, ValueError, LookupError):
        return {}
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    found = {}
    for element in book.iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        link = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
        target = targets.get(link, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[element.get("name", "")] = part
    return found


def calamine() -> Any:
    """The reader of workbooks. Raises Problem ``office-missing`` where it is not installed."""
    try:
        import python_calamine
    except ImportError as error:
        raise Problem(
            "office-missing",
            _("没有安装读取 Excel 工作簿的组件"),
            mend=_("请运行 pip install 'fieldkit[office]'。"),
        ) from error
    return python_calamine


def grids(raw: bytes, name: str, wanted: Wanted) -> Found:
    """The names of all sheets and the cells of the wanted ones."""
    reader = calamine()
    try:
        book = reader.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        names = [str(sheet) for sheet in book.sheet_names]
        return names, {
            sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            for sheet in wanted(names)
        }
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # native code that panics raises no Exception
        _unreadable(error, reader, name)


def _unreadable(error: BaseException, reader: Any, name: str) -> NoReturn:
    if isinstance(error, reader.PasswordError):
        raise Problem(
            "workbook-locked",
            _("工作簿有密码"),
            where=name,
            mend=_("请去掉密码再导入。"),
        ) from error
    raise broken(name) from error


def grids_apart(raw: bytes, name: str, wanted: Wanted) -> Found:
    """As ``grids``, by a process of its own whose memory is bounded (``.xls``)."""
    calamine()
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD],
            input=raw,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        data = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise broken(name) from error
    if not isinstance(data, dict):
        raise broken(name)
    names = [str(sheet) for sheet in data["names"]]
    return names, {sheet: data["grids"][sheet] for sheet in wanted(names)}
