"""``fieldkit checklist import``: forms made elsewhere become checklists."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import Json, JsonFlag, emit, table, tell

if TYPE_CHECKING:
    from fieldkit.library.xlsform import Imported


def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=_("XLSForm 工作簿（.xlsx、.xls）。"))
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help=_("写到这个 YAML 文件。"))
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=_("文件已有也覆盖。"))] = False,
    json: JsonFlag = False,
) -> None:
    """Turn a workbook into a checklist; what could not be kept is listed cell by cell."""
    from fieldkit.library import xlsform
    from fieldkit.work.workspace import clock

    found = xlsform.convert(file, clock().date())
    if output is not None:
        _write(output, found.yaml, force)
    data: Json = {
        "output": str(output) if output is not None else None,
        "items": found.items,
        "not_supported": [
            {"sheet": note.sheet, "row": note.row, "column": note.column, "what": note.what}
            for note in found.not_supported
        ],
    }
    if output is None:
        data["yaml"] = found.yaml
    emit(data, lambda: _written(found, output), json)
    if not json and output is None:
        _tell_notes(found)


def _write(output: Path, text: str, force: bool) -> None:
    from fieldkit.work.exchange_files import unusable, write_whole

    if output.exists() and not force:
        raise Problem(
            "output-exists",
            _("文件已经有了，没有覆盖"),
            where=shown(str(output)),
            mend=_("换个名字，或加 --force。"),
        )
    try:
        write_whole(output, text.encode("utf-8"))
    except OSError as error:
        raise unusable(output, error) from error


def _written(found: Imported, output: Path | None) -> str:
    if output is None:
        return found.yaml.rstrip("\n")
    lines = [_("导入 {n} 项，写到 {path}。").format(n=found.items, path=output)]
    if found.not_supported:
        lines += ["", _report(found)]
    return "\n".join(lines)


def _tell_notes(found: Imported) -> None:
    """With the YAML on stdout, the report goes beside it."""
    if found.not_supported:
        tell(_report(found))


def _report(found: Imported) -> str:
    rows = [(note.sheet, note.row or "", note.column, note.what) for note in found.not_supported]
    headers = (_("工作表"), _("行"), _("列"), _("没有照搬的内容"))
    return table(headers, rows, right="1")
