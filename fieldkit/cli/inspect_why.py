"""``fieldkit inspect why`` and ``sample``: a score explains itself, a sample is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fieldkit.domain import values
from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, number, percent, table, workspace

if TYPE_CHECKING:
    from fieldkit.domain.scoring import ScoreLine
    from fieldkit.domain.sheet import Sheet

Ref = Annotated[str, typer.Argument(metavar="INSPECTION", help=_("检查编号，或它的开头几位。"))]


def why(
    inspection: Ref,
    item: Annotated[str | None, typer.Argument(metavar="[ITEM]", help=_("只说这一项。"))] = None,
    json: JsonFlag = False,
) -> None:
    """Say item by item where the points come from."""
    from fieldkit.work import gates, inspecting

    with workspace() as ws:
        sheet = inspecting.sheet(ws, inspection)
        gates.refuse_hidden(ws, sheet.inspection)
    wanted = inspecting.item_of(sheet, item).id if item is not None else None
    lines = [line for line in sheet.score.lines if wanted in (None, line.item)]
    score = sheet.score
    data: Json = {
        "inspection": sheet.inspection.id,
        "score": number(score.points),
        "max_score": number(score.max_points),
        "ratio": number(score.ratio),
        "grade": score.grade,
        "grades": [
            {"id": grade.id, "title": grade.title, "at_least": grade.at_least}
            for grade in sheet.checklist.grades
        ],
        "veto": list(score.veto),
        "items": [_line_json(sheet, line) for line in lines],
    }
    emit(data, lambda: _told(sheet, lines), json)


def sample(
    inspection: Ref,
    item: Annotated[str, typer.Argument(metavar="ITEM", help=_("检查项编号。"))],
    population: Annotated[int, typer.Option("--of", metavar="N", help=_("现场一共有多少个。"))],
    json: JsonFlag = False,
) -> None:
    """Draw which of so many to look at."""
    from fieldkit.work import inspecting

    with workspace() as ws:
        drawn = inspecting.draw_sample(ws, inspection, item, population)
    data = {
        "inspection": drawn.inspection,
        "item": drawn.item,
        "population": drawn.population,
        "draw": drawn.draw,
        "seed": drawn.seed,
        "drawn": list(drawn.numbers),
    }
    listed = "、".join(map(str, drawn.numbers))
    emit(
        data,
        lambda: _("{item}：从 {n} 个里抽第 {numbers} 个（种子 {seed}）").format(
            item=drawn.item, n=drawn.population, numbers=listed, seed=drawn.seed
        ),
        json,
    )


def _line_json(sheet: Sheet, line: ScoreLine) -> Json:
    item = sheet.by_id[line.item]
    return {
        "item": line.item,
        "text": item.text,
        "type": item.type,
        "value": line.value,
        "state": line.state,
        "counted": _counted(line),
        "weight": line.weight,
        "share": number(line.share),
        "points": number(line.points),
        "critical": item.critical,
        "why": line.why,
        "source": list(item.source),
    }


def _counted(line: ScoreLine) -> bool:
    return bool(line.weight) and line.state in ("pass", "fail")


def _told(sheet: Sheet, lines: list[ScoreLine]) -> str:
    score = sheet.score
    rows = [
        (
            line.item,
            _reason(line),
            values.points(line.points) if _counted(line) else "—",
            str(line.weight) if _counted(line) else "—",
            line.why or sheet.by_id[line.item].text,
        )
        for line in lines
    ]
    body = table((_("项"), _("结论"), _("得分"), _("分值"), _("说明")), rows, right="23")
    total = _("合计 {points}/{most}，{ratio}，{grade}").format(
        points=values.points(score.points),
        most=values.points(score.max_points),
        ratio=percent(score.ratio),
        grade=score.grade_title,
    )
    return f"{body}\n{total}"


def _reason(line: ScoreLine) -> str:
    words = {
        "pass": _("合格"),
        "fail": _("不合格"),
        "na": _("不适用，不计入"),
        "unseen": _("未见，不计入"),
        "noted": _("只记录"),
        "open": _("未答"),
    }
    return words.get(line.state, line.state)
