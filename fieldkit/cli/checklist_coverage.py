"""``fieldkit checklist coverage``: clause by clause, what verifies a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import N_, _

from .declaring import typer
from .output import Json, JsonFlag, emit, table, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.domain.provenance import PlanCoverage, Row
    from fieldkit.errors import Problem

KINDS = {
    "duty": N_("职责"),
    "target": N_("目标"),
    "cadence": N_("周期"),
    "background": N_("背景"),
}
FUNCTIONS = {
    "coverage": N_("入户覆盖统计"),
    "standing": N_("红黄牌排名"),
    "rectification": N_("整改台账"),
    "obligations": N_("任务与会议台账"),
    "report": N_("通报报表"),
}
_MOST_ITEMS = 4
"""Items of one clause that a line for people names; JSON has them all."""


def coverage(
    plan: Annotated[
        str | None, typer.Argument(metavar="[PLAN]", help=_("方案代号；不写为全部。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Which items verify each clause of a plan, and which clauses nothing verifies.

    Needs no home. Raises Problem ``unknown-plan``; clauses without an item are no failure.
    """
    from fieldkit.domain import provenance
    from fieldkit.library import load, plans

    rejected: list[Problem] = []
    chosen = [plans.find(plan)] if plan is not None else plans.catalogue(None, rejected)
    lists = load.catalogue(None, rejected)
    for problem in rejected:
        tell(_("没有计入：{why}").format(why=problem.sentence()))
    found = [provenance.coverage(one, lists) for one in chosen]
    emit({"plans": [_json(one) for one in found]}, lambda: _shown(found), json)


def _json(found: PlanCoverage) -> Json:
    return {
        "code": found.plan.code,
        "title": found.plan.title,
        "clauses": [_row_json(row) for row in found.rows],
        "verified": found.verified,
        "unverified": found.unverified,
        "unknown": [
            {"checklist": use.checklist, "item": use.item, "clause": use.clause}
            for use in found.unknown
        ],
    }


def _row_json(row: Row) -> Json:
    return {
        "id": row.clause.id,
        "text": row.clause.text,
        "kind": row.clause.kind,
        "by": row.clause.by,
        "verified": row.verified,
        "items": [{"checklist": checklist, "item": item} for checklist, item in _pairs(row)],
    }


def _shown(found: Sequence[PlanCoverage]) -> str:
    return "\n\n".join(_plan(one) for one in found) or _("（没有）")


def _plan(found: PlanCoverage) -> str:
    rows = [
        (_mark(row), row.clause.id, _(KINDS[row.clause.kind]), _by(row), row.clause.text)
        for row in found.rows
    ]
    headers = ("", _("条款"), _("性质"), _("由谁核对"), _("要求"))
    total = _("需要核对的 {n} 条：有核对 {done} 条，无核对（?）{open} 条。")
    lines = [
        f"{found.plan.code}  {found.plan.title}",
        table(headers, rows),
        total.format(
            n=found.verified + found.unverified, done=found.verified, open=found.unverified
        ),
    ]
    for use in found.unknown:
        wrong = _("{checklist} {item} 引用的“{clause}”不在这份方案里；请改正检查表或方案。")
        lines.append(wrong.format(checklist=use.checklist, item=use.item, clause=use.clause))
    return "\n".join(lines)


def _mark(row: Row) -> str:
    return {True: "+", False: "?", None: ""}[row.verified]


def _by(row: Row) -> str:
    pairs = _pairs(row)
    if row.verified is None:
        return _("{n} 项").format(n=len(pairs)) if pairs else "—"
    said = [_(FUNCTIONS[row.clause.by])] if row.clause.by else []
    said += [item for _checklist, item in pairs[:_MOST_ITEMS]]
    if len(pairs) > _MOST_ITEMS:
        said.append(_("等 {n} 项").format(n=len(pairs)))
    return " ".join(said) or "—"


def _pairs(row: Row) -> list[tuple[str, str]]:
    """Each citing item once, though it may cite several clauses below this one."""
    return list(dict.fromkeys((use.checklist, use.item) for use in row.uses))
