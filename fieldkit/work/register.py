"""A register of sites as rows of text: .csv or .xlsx in, cells and their faults out.

Nothing here knows the journal; ``work.sites`` checks what the rows say.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import first_control, folded, shown

HEADERS = {
    "kind": "类别",
    "code": "编码",
    "name": "名称",
    "parent": "上级",
    "division": "区划",
    "grid": "网格",
    "address": "地址",
    "floor": "楼层",
    "registered": "户籍",
}
"""The columns of CLI.md and their Chinese headers."""

REQUIRED = ("kind", "code", "name")
MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 64
MAX_CELL = 200
_FLOOR = re.compile(r"-\d{1,3}[A-Za-z]?")
_SIGNED = frozenset(("floor", "cases", "cases_last_year", "population"))
"""Columns in which a number below zero is no formula, though it may be wrong."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One cell of a register that cannot be taken in; rows count from 1 (the header)."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the register: its number and its cells by column, trimmed."""

    number: int
    cells: dict[str, str]


@dataclass(slots=True)
class Register:
    """What a file holds: its columns, its rows, and every cell that cannot be read."""

    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Bad:
    """A cell whose text is lost; the message says how."""

    message: str


Cell = str | _Bad


def read(
    path: Path,
    progress: Callable[[int], None] | None = None,
    headers: Mapping[str, str] = HEADERS,
    required: Sequence[str] = REQUIRED,
) -> Register:
    """The register in a file; faults of cells and header are listed, not raised.

    ``progress`` is told every so often how many rows were read. A table with other columns is
    read by its own ``headers``. Raises Problem when the file cannot be opened or is no table.
    """
    return _collect(_lines(path), progress, headers, required)


def _lines(path: Path) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The rows of a file by number. Raises Problem at once where it is none of these."""
    name = shown(path.name)
    raw = _bytes(path, name)
    if raw.startswith(b"PK\x03\x04"):
        return _sheet(raw, name)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise Problem("register-xls", _("这是旧版 .xls 文件"), where=name, mend=_save_as())
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = raw.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    if b"\x00" in raw.split(b"\n", 1)[0]:
        raise Problem("register-binary", _("这不是文本表格"), where=name, mend=_save_as())
    return _csv(raw)


def typed(cells: Mapping[str, str]) -> Register:
    """One place as a register of one row, its cells by column: the rules of a file hold for it."""
    return _collect(iter([(1, list(cells)), (2, list(cells.values()))]))


def _save_as() -> str:
    return _("请另存为 .xlsx 或 UTF-8 的 .csv。")


def _bytes(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Problem(
            "register-unreadable",
            _("打不开底册文件：{reason}").format(reason=reason),
            where=name,
            mend=_("请检查路径和权限。"),
        ) from error
    if len(raw) > MAX_BYTES:
        raise Problem(
            "register-large", _("文件超过 64 MB"), where=name, mend=_("请分成几个文件导入。")
        )
    return raw


def _text(raw: bytes) -> str:
    """UTF-8 with or without its mark, else GB18030; lost characters come out as U+FFFD."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8-sig", errors="replace")


def _csv(raw: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    text = _text(raw)
    first = text.split("\n", 1)[0]
    delimiter = next((c for c in ",\t;" if c in first), ",")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield number, [_Bad(_("引号没有配对，或单元格过长"))]
            return


def _sheet(raw: bytes, name: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    try:
        import openpyxl
    except ImportError:
        raise Problem(
            "register-xlsx",
            _("没有安装读取 .xlsx 的组件"),
            where=name,
            mend=_("请另存为 UTF-8 的 .csv，或安装 fieldkit[office]。"),
        ) from None
    _check_zip(raw, name)
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=False)
        sheet: Any = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            if number > MAX_ROWS + 1:
                yield number, [""]
                return
            yield number, [_cell(cell) for cell in cells[: MAX_COLUMNS + 1]]
    except Problem:
        raise
    except Exception as error:  # a damaged workbook raises whatever its parsers raise
        raise Problem(
            "register-damaged", _("表格文件已损坏"), where=name, mend=_save_as()
        ) from error


def _check_zip(raw: bytes, name: str) -> None:
    """Refuse a workbook that would unpack to far more than it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            total = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Problem(
            "register-damaged", _("表格文件已损坏"), where=name, mend=_save_as()
        ) from error
    if total > 4 * MAX_BYTES or total > 1024 * 1024 + 200 * len(raw):
        raise Problem("register-bomb", _("表格解开后过大"), where=name, mend=_save_as())


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    kind = getattr(cell, "data_type", "")
    if kind == "f":
        return _Bad(_("单元格是公式，请粘贴为数值"))
    if kind == "e":
        return _Bad(_("单元格是错误值"))
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (date, datetime, time)):
        return _Bad(_("单元格被表格软件变成了日期，请设为文本后重填"))
    if isinstance(value, (int, float)):
        if value != int(value):
            return repr(value)
        if abs(value) >= 10**15:
            return _Bad(_("长数字被表格软件截断，请设为文本后重填"))
        return str(int(value))
    return str(value)


def _collect(
    lines: Iterator[tuple[int, Sequence[Cell]]],
    progress: Callable[[int], None] | None = None,
    headers: Mapping[str, str] = HEADERS,
    required: Sequence[str] = REQUIRED,
) -> Register:
    register = Register()
    _number, header = next(lines, (1, []))
    places = _header(register, header, headers, required)
    if register.rejected:
        return register
    for number, cells in lines:
        if number > MAX_ROWS + 1:
            message = _("超过 {n} 行，请分成几个文件").format(n=MAX_ROWS)
            register.rejected.append(Rejection(number, "", message))
            break
        _row(register, number, cells, places)
        if progress and number % 1000 == 0:
            progress(number)
    return register


def _header(
    register: Register,
    header: Sequence[Cell],
    headers: Mapping[str, str],
    required: Sequence[str],
) -> dict[int, str]:
    names = {h: h for h in headers} | {zh: h for h, zh in headers.items()}
    places: dict[int, str] = {}
    for index, cell in enumerate(header):
        title = "" if isinstance(cell, _Bad) else folded(cell.lstrip("\ufeff"))
        column = names.get(title.lower().removesuffix("*").strip())
        if isinstance(cell, _Bad):
            register.rejected.append(Rejection(1, _nth(index), cell.message))
        elif column is None:
            if title:
                message = _("不认识的列名，应为：{names}").format(names="、".join(headers.values()))
                register.rejected.append(Rejection(1, shown(title)[:40], message))
        elif column in places.values():
            register.rejected.append(Rejection(1, column, _("这一列出现了两次")))
        else:
            places[index] = column
            register.titles[column] = title
    register.columns = tuple(places.values())
    for column in required:
        if column not in register.columns:
            message = _("缺少“{name}”这一列").format(name=headers[column])
            register.rejected.append(Rejection(1, column, message))
    return places


def _row(register: Register, number: int, cells: Sequence[Cell], places: dict[int, str]) -> None:
    if not any(isinstance(cell, _Bad) or cell.strip() for cell in cells):
        return
    kept: dict[str, str] = dict.fromkeys(register.columns, "")
    for index, cell in enumerate(cells):
        column = places.get(index)
        fault = cell.message if isinstance(cell, _Bad) else _fault(column, cell)
        if fault:
            register.rejected.append(Rejection(number, column or _nth(index), fault))
        elif column and isinstance(cell, str):
            kept[column] = cell.strip()
    register.rows.append(Row(number, kept))


def _fault(column: str | None, cell: str) -> str:
    """Why the text of a cell is not taken in, or nothing."""
    if column is None:
        return _("这一列没有列名") if cell.strip() else ""
    if "\ufffd" in cell:
        return _("编码损坏，请另存为 UTF-8")
    place = first_control(cell)
    if place is not None:
        # A tab or return in front is a formula's disguise as well; one message serves both.
        return _("第 {n} 个字符是控制字符或隐藏字符").format(n=place + 1)
    text = folded(cell)
    if text[:1] in ("=", "+", "-", "@") and not (column in _SIGNED and _FLOOR.fullmatch(text)):
        return _("不能以“{sign}”开头：表格软件会当成公式").format(sign=text[0])
    if len(text) > MAX_CELL:
        return _("超过 {n} 个字").format(n=MAX_CELL)
    return ""


def _nth(index: int) -> str:
    return _("第 {n} 列").format(n=index + 1)
