"""One table of a document as a .csv file that a spreadsheet opens as Chinese and as data."""

from __future__ import annotations

from fieldkit.errors import Problem
from fieldkit.report import cells, ledger
from fieldkit.report.paper import Cell, Column, Paper, Table
from fieldkit.report.phrases import EMPTY
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown


def tables(paper: Paper) -> list[Table]:
    """The tables of a paper, in order."""
    blocks = (block for section in paper.sections for block in section.blocks)
    return [block for block in blocks if isinstance(block, Table)]


def render(paper: Paper, table: str | None = None) -> bytes:
    """The table of that name, or the first: UTF-8 with its mark, CRLF, one row of heads.

    Numbers are written as they are printed, with an ASCII minus sign (DOMAIN §3.0). Raises Problem
    ``no-table`` where the paper has none of that name.
    """
    known = tables(paper)
    one = next((it for it in known if table is None or it.name == table), None)
    if one is None:
        raise Problem(
            "no-table",
            _("这份文件没有表“{name}”。").format(name=shown(table or "")[:40])
            if table is not None
            else _("这份文件里没有表格，写不成 .csv。"),
            mend=_("可用：{names}。").format(names="、".join(shown(it.name) for it in known))
            if known
            else _("改写成 .docx、.xlsx 或 .html。"),
        )
    rows = [
        [_said(cell, column) for cell, column in zip(row.cells, one.columns, strict=True)]
        for row in one.rows
    ]
    return ledger.table([_head(column) for column in one.columns], rows)


def _head(column: Column) -> str:
    """One head of a column: its group and its own."""
    return f"{column.group}・{column.title}" if column.group else column.title


def _said(cell: Cell, column: Column) -> str:
    said = EMPTY if cell is None or cell == "" else cells.plain(cell)
    held = cells.number(said, column.kind)
    return said if held is None else said.replace("−", "-").replace(",", "")
