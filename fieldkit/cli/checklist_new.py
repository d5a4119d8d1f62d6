"""``fieldkit checklist new``: the beginning of a checklist, to be edited."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fieldkit.errors import Problem
from fieldkit.text.i18n import _

from .declaring import typer
from .output import JsonFlag, emit


def new(
    ref: Annotated[str, typer.Argument(metavar="ID", help=_("检查表编号。"))],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE.yaml", help=_("写到这个文件。"))
    ],
    title: Annotated[str, typer.Option("--title", help=_("名称。"))] = "",
    kind: Annotated[
        str, typer.Option("--kind", metavar="inspection|record", help=_("检查或登记。"))
    ] = "inspection",
    json: JsonFlag = False,
) -> None:
    """Write a commented file that passes lint; never over one that is there."""
    from fieldkit.library.fixing import errors_in
    from fieldkit.library.skeleton import skeleton

    text = skeleton(ref, title, kind)
    for slip in errors_in(text, output):
        raise Problem("bad-argument", slip.message, mend=_("请换一个编号或名称。"))
    try:
        with output.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise Problem("file-exists", _("文件已经在那里，没有动它"), where=str(output),
                      mend=_("请换一个文件名，或先移走那个文件。")) from None  # fmt: skip
    except (OSError, ValueError) as fault:
        why = getattr(fault, "strerror", None) or type(fault).__name__
        raise Problem("not-written", _("文件写不进去（{why}）").format(why=why), where=str(output),
                      mend=_("请检查路径、权限和磁盘空间。")) from None  # fmt: skip
    data = {"id": ref, "kind": kind, "file": str(output)}
    emit(data, lambda: _("已写好 {file}；改好后用 fieldkit checklist lint 检查。").format(
        file=output), json)  # fmt: skip
