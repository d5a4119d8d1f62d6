"""``fieldkit office rescore``: a campaign under other weights, veto items or grade lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, number, table, tell, workspace

if TYPE_CHECKING:
    from fieldkit.domain.rescoring import Standing
    from fieldkit.work.rescoring import Rescored, Row


def register(app: typer.Typer) -> None:
    """Add it to ``fieldkit office``."""
    app.command("rescore", help=_("试算：换权重、否决项或等次线，看名次怎么变；什么也不改。"))(
        rescore
    )


def rescore(
    checklist: Annotated[str, typer.Argument(metavar="CHECKLIST", help=_("检查表编号。"))],
    changes: Annotated[
        Path,
        typer.Option("--with", metavar="FILE.yaml", help=_("改动文件，或检查表的另一版。")),
    ],
    since: Annotated[
        str, typer.Option("--since", metavar="DAY", help=_("只算这天起的检查。"))
    ] = "",
    until: Annotated[
        str, typer.Option("--until", metavar="DAY", help=_("只算到这天为止的检查。"))
    ] = "",
    within: Annotated[
        str, typer.Option("--within", metavar="SITE", help=_("只算它下面的对象。"))
    ] = "",
    mode: Annotated[
        str,
        typer.Option("--mode", metavar="open|covert|self|reinspection", help=_("只算这种方式。")),
    ] = "",
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.docx", help=_("写成文件。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Score the campaign twice and compare; nothing is written but the file asked for."""
    from fieldkit.papers import rescoring as papers
    from fieldkit.work import rescoring

    wanted = rescoring.Wanted(since, until, within, mode)
    with workspace() as ws:
        found = rescoring.rescore(ws, checklist, changes, wanted)
        path = papers.docx(ws, found, out) if out is not None else None
    if path is not None:
        tell(_("已写好。"))
    emit(_json(found, path), lambda: _text(found), json)


def _json(found: Rescored, path: Path | None) -> Json:
    from fieldkit.papers import rescoring as papers

    return {
        "checklist": found.old.id,
        "from": {"version": found.old.version, "digest": found.old.digest},
        "to": {"version": found.new.version, "digest": found.new.digest},
        "changes": papers.changes(found),
        "rows": [_row(row) for row in found.rows],
        "moved": sum(1 for row in found.rows if row.moved.up),
        "left_out": found.left_out,
        "unknown": found.unknown,
        "published": False,
        "file": str(path) if path else None,
    }


def _row(row: Row) -> Json:
    one = row.moved
    return {
        "code": row.code,
        "name": row.name,
        "inspection": row.inspection,
        "day": row.day,
        "old": _standing(one.old, one.old_rank),
        "new": _standing(one.new, one.new_rank),
        "up": one.up,
        "difference": number(one.difference),
        "veto_new": list(one.veto_new),
        "veto_gone": list(one.veto_gone),
        "open_required": row.open,
    }


def _standing(one: Standing, rank: int) -> Json:
    return {
        "rank": rank,
        "points": f"{one.points}",
        "max_points": f"{one.max_points}",
        "ratio": number(one.ratio),
        "grade": one.grade,
        "grade_title": one.grade_title,
        "veto": list(one.veto),
    }


def _text(found: Rescored) -> str:
    from fieldkit.papers import rescoring as papers

    head = f"{found.old.title}  {found.old.id}@{found.old.version}"
    rows = [papers.cells(row) for row in found.rows]
    lines = [head, *papers.changes(found), table(papers.heads(), rows), papers.total(found)]
    return "\n".join([*lines, papers.publish()])
