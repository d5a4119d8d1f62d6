"""Choice lists from another file: read beside the checklist and embedded, so that it is whole."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from fieldkit.domain.checklist import LIMITS, clean_text, valid_id
from fieldkit.text.i18n import N_, _

from .positions import Map, Node, Scalar, Seq, Slip

MAX_BYTES = 2 * 1024 * 1024
MESSAGES = {
    "list-file": N_("选项表文件“{name}”打不开（{why}）；请检查文件名，它要和检查表放在一起。"),
    "list-file-name": N_("选项表文件只写文件名，如 towns.csv，不写路径；请改正“{name}”。"),
    "list-file-size": N_("选项表文件“{name}”太大；最多 {n} 行、2 MB，请删减。"),
    "list-file-text": N_("选项表文件“{name}”不是 UTF-8 编码的 CSV；请另存为 CSV UTF-8。"),
    "list-file-header": N_("选项表文件“{name}”第一行要有 id 和 title 两列；请补上表头。"),
    "list-file-row": N_("选项表文件“{name}”第 {row} 行的{what}不对；请改正。"),
}
_ID = ("id", "name", "编号", "value")
_TITLE = ("title", "label", "名称", "选项")


def embed(root: Map, place: Path) -> list[Slip]:
    """Put the rows of every ``lists: {x: {file: …}}`` in the place of its file name."""
    lists = root.get("lists")
    slips: list[Slip] = []
    if not isinstance(lists, Map):
        return slips
    for number, (key, value) in enumerate(lists.entries):
        named = value.get("file") if isinstance(value, Map) and len(value.entries) == 1 else None
        if not isinstance(named, Scalar) or not isinstance(named.value, str):
            continue
        rows = _read(named, place.parent, slips)
        lists.entries[number] = (key, rows)
    return slips


def _read(named: Scalar, folder: Path, slips: list[Slip]) -> Node:
    name = named.text
    found = Seq(named.line, named.column)
    # Nothing more is said of a list that could not be read.
    broken = Scalar(named.line, named.column, None, "", broken=True)
    if "/" in name or "\\" in name or name.startswith("."):
        return _slip(slips, named, broken, "list-file-name", name=name)
    try:
        with (folder / name).open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as fault:
        why = fault.strerror or type(fault).__name__
        return _slip(slips, named, broken, "list-file", name=name, why=why)
    if len(raw) > MAX_BYTES:
        return _slip(slips, named, broken, "list-file-size", name=name, n=LIMITS["rows"])
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return _slip(slips, named, broken, "list-file-text", name=name)
    if len(rows) > LIMITS["rows"]:
        return _slip(slips, named, broken, "list-file-size", name=name, n=LIMITS["rows"])
    header = [cell.strip() for cell in rows[0]] if rows else []
    ids = next((header.index(word) for word in _ID if word in header), None)
    titles = next((header.index(word) for word in _TITLE if word in header), None)
    if ids is None or titles is None:
        return _slip(slips, named, broken, "list-file-header", name=name)
    for row, cells in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        cells = [cell.strip() for cell in cells] + [""] * (len(header) - len(cells))
        if not valid_id(cells[ids]):
            return _slip(slips, named, broken, "list-file-row", name=name, row=row, what=_("编号"))
        if not cells[titles] or not all(map(clean_text, cells)):
            return _slip(slips, named, broken, "list-file-row", name=name, row=row, what=_("文字"))
        found.items.append(_row(named, header, cells, ids, titles))
    return found


def _row(named: Scalar, header: list[str], cells: list[str], ids: int, titles: int) -> Map:
    row = Map(named.line, named.column)
    for place, (name, cell) in enumerate(zip(header, cells, strict=False)):
        key = "id" if place == ids else "title" if place == titles else name
        if key and (cell or place in (ids, titles)):
            row.entries.append((_text(named, key), _text(named, cell)))
    return row


def _text(named: Scalar, text: str) -> Scalar:
    return Scalar(named.line, named.column, text, text, plain=False)


def _slip(
    slips: list[Slip], named: Scalar, broken: Scalar, code: str, /, **words: object
) -> Scalar:
    slips.append(Slip(named.line, named.column, code, _(MESSAGES[code]).format(**words)))
    return broken
