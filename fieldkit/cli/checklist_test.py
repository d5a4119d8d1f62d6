"""``fieldkit checklist test``: trial fills that reach every branch of a checklist."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, workspace

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Checklist
    from fieldkit.domain.filling import Coverage


def test(
    refs: Annotated[
        list[str], typer.Argument(metavar="FILE|ID…", help=_("检查表文件、文件夹或编号。"))
    ],
    json: JsonFlag = False,  # noqa: PT028
) -> None:
    """Fill each list until every branch was reached, and tell what never can be."""
    from fieldkit.domain.filling import cover

    done = [(checklist, cover(checklist)) for checklist in _chosen(refs)]
    emit(
        [_json(checklist, found) for checklist, found in done],
        lambda: "\n".join(_told(checklist, found) for checklist, found in done),
        json,
    )
    if any(found.unreached for _checklist, found in done):
        raise typer.Exit(1)


def _chosen(refs: list[str]) -> list[Checklist]:
    """The lists in files and folders, and those of an id; a home is opened for ids alone."""
    from fieldkit.errors import Problem
    from fieldkit.library import folders
    from fieldkit.library.load import load_file
    from fieldkit.work import checklists, previewing

    found: list[Checklist] = []
    for ref in refs:
        path = Path(ref)
        if path.is_dir():
            files = folders.files(path)
            if not files:
                raise Problem("no-checklists", _("文件夹里没有检查表"), where=ref,
                              mend=_("请检查路径。"))  # fmt: skip
            found += [load_file(file) for file in files]
        elif path.is_file() or path.suffix.lower() in (".yaml", ".yml"):
            found.append(previewing.chosen(None, ref))
        else:
            with workspace() as ws:
                found.append(checklists.find(ws, ref))
    return found


def _json(checklist: Checklist, found: Coverage) -> Json:
    return {
        "id": checklist.id,
        "fills": len(found.fills),
        "items": found.items,
        "branches": found.branches,
        "reached": len(found.reached),
        "unreached": [
            {
                "item": goal.item,
                "what": goal.what,
                "said": goal.said,
                "condition": found.conditions.get(goal, ""),
            }
            for goal in found.unreached
        ],
    }


def _told(checklist: Checklist, found: Coverage) -> str:
    head = _("{id}：试填 {fills} 次，{reached}/{branches} 个分支走到。").format(
        id=checklist.id,
        fills=len(found.fills),
        reached=len(found.reached),
        branches=found.branches,
    )
    lines = [head]
    for goal in found.unreached:
        condition = found.conditions.get(goal, "")
        line = f"  {goal.item or checklist.id}: {goal.said}"
        lines.append(f"{line}（{condition}）" if condition else line)
    return "\n".join(lines)


test.__test__ = False  # type: ignore[attr-defined]
