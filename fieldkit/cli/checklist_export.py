"""``fieldkit checklist export``: a checklist as a workbook for Excel or WPS."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import JsonFlag, emit, workspace


def export(
    ref: Annotated[
        str, typer.Argument(metavar="ID|FILE", help=_("检查表编号，或检查表文件（.yaml）。"))
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help=_("写到哪个 .xlsx 文件。"))],
    force: Annotated[bool, typer.Option("--force", help=_("文件已有也覆盖。"))] = False,
    json: JsonFlag = False,
) -> None:
    """Write a checklist as a workbook; ``checklist import`` reads it back unchanged."""
    path = out.expanduser()
    if path.suffix.lower() != ".xlsx":
        raise Problem(
            "workbook-type",
            _("检查表只能导出成 .xlsx 文件"),
            where=shown(str(out)),
            mend=_("把文件名改成以 .xlsx 结尾。"),
        )
    if path.is_dir() or (path.exists() and not force):
        raise Problem(
            "output-exists",
            _("文件已经有了，没有覆盖"),
            where=shown(str(out)),
            mend=_("换个名字，或加 --force。"),
        )
    # Only here, so that a plain command does not load the writer of workbooks.
    from fieldkit.library.workbook.write import save_workbook

    items = save_workbook(_data(ref), path)
    emit(
        {"file": str(path), "items": items},
        lambda: _("已写入 {file}（{n} 项）。改好后用 fieldkit checklist import 读回。").format(
            file=path, n=items
        ),
        json,
    )


def _data(ref: str) -> dict[str, Any]:
    """The author's data of a file, or of a list that the home knows."""
    from fieldkit.library.workbook import source

    if ref.lower().endswith((".yaml", ".yml")):
        return source.of_file(Path(ref).expanduser())
    from fieldkit.work import checklists

    with workspace() as ws:
        return source.of_checklist(checklists.find(ws, ref))
