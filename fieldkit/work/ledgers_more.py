"""Ledgers made of other things than one checklist's records: units, slips, closed findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from fieldkit.domain import rectification, referral, scoring
from fieldkit.domain.ordering import natural
from fieldkit.domain.records import Finding, Inspection, Site
from fieldkit.errors import Problem
from fieldkit.store import findings as store_findings
from fieldkit.store import inspections as store_inspections
from fieldkit.store import sites as store_sites
from fieldkit.store import sweeps as store_sweeps
from fieldkit.text.i18n import _

from . import checklists, findings, gates, sites, units
from .ledgers import Ledger, Line
from .rounds import Round
from .sweeps import village_of
from .workspace import Workspace

_PERFORMANCE = "member-unit"


def _units(ws: Workspace, span: Round, place: str | None) -> Ledger:
    """Every unit of the dictionary: its duty, its latest assessment, what it still has open."""
    known = units.dictionary()
    here = units.here(ws, known, place)
    hidden = gates.hidden_all(ws)
    marks: dict[str, Inspection] = {}
    for it in store_inspections.of_checklist(ws.store.db, _PERFORMANCE):
        if span.first <= it.day <= span.last and it.id not in hidden:
            marks[it.site] = it
    waiting: dict[str, list[findings.FindingRow]] = {}
    for row in findings.listing(ws, state="open"):
        waiting.setdefault(row.finding.site, []).append(row)
    titles = {one.id: one.title for one in checklists.listing(ws)}
    rows, absent = [], []
    for unit in known.units:
        lists = _named(unit.lists, titles)
        for site in here.get(unit.id, ()):
            mark = marks.get(site.id)
            own = waiting.get(site.id, [])
            late = sum(row.overdue for row in own)
            cells = (
                unit.duty, lists, _grade(ws, mark),
                str(len(own) or ""), str(late or ""),
            )  # fmt: skip
            rows.append(
                _line(
                    ws, site, mark.day if mark else "", mark.id if mark else "", cells,
                    "" if mark else _("本期未评"), late > 0, mark is None,
                )
            )  # fmt: skip
        if unit.id not in here and place is None:
            absent.append(unit.name)
    notes = (
        [_("各单位都查：{items}。").format(items=_named(known.common, titles))]
        if known.common
        else []
    )
    if absent:
        text = _("底册里还没有：{names}。用 fieldkit office units 导入。")
        notes.append(text.format(names="、".join(absent)))
    return Ledger(
        "units", _("成员单位台账"), span,
        (
            ("duty", _("专项职责")), ("items", _("检查项")), ("grade", _("等次")),
            ("open", _("未销号")), ("overdue", _("逾期")),
        ),
        tuple(rows), (), tuple(notes), _("评讲日"),
    )  # fmt: skip


def _named(lists: Mapping[str, Sequence[str]], titles: Mapping[str, str]) -> str:
    """Items by checklist: 成员单位履职 CY01—CY14 where they follow each other in number."""
    return "；".join(f"{titles.get(it, it)} {_range(items)}" for it, items in lists.items())


def _range(items: Sequence[str]) -> str:
    numbers = [int(item[2:]) if item[2:].isdecimal() else -1 for item in items]
    row = len(items) > 2 and numbers == list(range(numbers[0], numbers[0] + len(items)))
    return f"{items[0]}—{items[-1]}" if row and numbers[0] >= 0 else " ".join(items)


def _grade(ws: Workspace, mark: Inspection | None) -> str:
    if mark is None:
        return ""
    ends = store_inspections.ends(ws.store.db, mark.id)
    grade = ends[-1][4] if ends else ""
    with suppress(Problem):
        return scoring.title_of(checklists.by_digest(ws, mark.checklist), grade)
    return grade


def _referrals(ws: Workspace, span: Round, place: str | None) -> Ledger:
    """The slips of the span: whom they went to, about what, and what came back (DOMAIN §3.8)."""
    known = _sites(ws, place)
    rows = [
        _line(
            ws, known[it.site], it.day, it.inspection,
            (
                it.number, it.unit or _(referral.RECEIVERS.get(it.receiver, it.receiver)),
                _(referral.MATTERS.get(it.matter, it.matter)), it.facts,
                "" if it.pending else it.answered,
                "" if it.pending else _(referral.RESULTS.get(it.result, it.result)),
            ),
            _("待反馈") if it.pending else "", False, False,
        )
        for it in store_sweeps.referrals_between(ws.store.db, span.first, span.last)
        if it.site in known
    ]  # fmt: skip
    return Ledger(
        "referrals", _("移交台账"), span,
        (
            ("number", _("编号")), ("receiver", _("受理单位")), ("matter", _("事项")),
            ("facts", _("事实")), ("answered", _("反馈日")), ("result", _("反馈结论")),
        ),
        tuple(rows), (), (), _("移送日"),
    )  # fmt: skip


def _rectification(ws: Workspace, span: Round, place: str | None) -> Ledger:
    """What was closed in the span (销号台账): found when, in how many rounds, closed by whom."""
    known, hidden = _sites(ws, place), gates.hidden_all(ws)
    cases = store_findings.cases(ws.store.db)
    rows = []
    for id, move in store_findings.moves_between(
        ws.store.db, "close", span.first, span.last
    ).items():
        it = store_findings.get(ws.store.db, id)
        if it is None or it.site not in known or it.inspection in hidden:
            continue
        first = store_inspections.get(ws.store.db, it.inspection)
        case = cases.get(id, rectification.Case())
        cells = (
            id[:8], it.item, it.text, _severity(it), first.day if first else "",
            str(case.rounds), case.number, move.device[:8],
        )  # fmt: skip
        status = "" if it.state == "closed" else rectification.title(it.state)
        rows.append(_line(ws, known[it.site], move.day, it.inspection, cells, status, False, False))
    rows.sort(key=lambda row: (row.day, natural(row.site.code) if row.site else (), row.cells))
    return Ledger(
        "rectification", _("整改销号台账"), span,
        (
            ("finding", _("问题")), ("item", _("检查项")), ("text", _("内容")),
            ("severity", _("程度")), ("found", _("发现日")), ("rounds", _("轮次")),
            ("number", _("文书编号")), ("closed_by", _("销号设备")),
        ),
        tuple(rows), (), (_("本期销号 {n} 个。").format(n=len(rows)),), _("销号日"),
    )  # fmt: skip


def _severity(it: Finding) -> str:
    return _("否决") if it.severity == "critical" else _("一般")


def _sites(ws: Workspace, place: str | None) -> dict[str, Site]:
    return {site.id: site for site in store_sites.all(ws.store.db, within=place)}


def _line(
    ws: Workspace,
    site: Site,
    day: str,
    inspection: str,
    cells: tuple[str, ...],
    status: str,
    late: bool,
    missing: bool,
) -> Line:
    name, village = sites.full_name(ws, site), village_of(ws, site)
    return Line(site, name, village, day, inspection, cells, status, late, missing)


KINDS: dict[str, Callable[[Workspace, Round, str | None], Ledger]] = {
    "units": _units,
    "referrals": _referrals,
    "rectification": _rectification,
}
"""The kinds that are not declared in a file."""
