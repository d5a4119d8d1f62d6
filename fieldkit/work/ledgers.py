"""Ledgers of the office (台账): finished records in lines, and who is missing from them.

A ledger is declared in a file (``library.registers``): it names a checklist, and the items whose
answers are its columns. `work.ledgers_more` has those that are made of other things.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from fieldkit.domain import deadlines
from fieldkit.domain import items as item_types
from fieldkit.domain.checklist import Checklist, Item
from fieldkit.domain.ledgers import Declared, Held
from fieldkit.domain.ordering import natural
from fieldkit.domain.records import Site
from fieldkit.errors import Problem
from fieldkit.store import inspections as store_inspections
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import checklists, gates, sites
from .rounds import Round, around, month_of, round_words, span_of
from .sweeps import village_of
from .workspace import Workspace


class Line(NamedTuple):
    """One line: a record, or somebody who has none (``inspection`` is empty then)."""

    site: Site | None
    name: str
    village: str
    day: str
    inspection: str
    cells: tuple[str, ...]
    status: str = ""
    late: bool = False
    missing: bool = False


class Ledger(NamedTuple):
    """A ledger of a span; ``columns`` are ids and titles of the cells of each line."""

    kind: str
    title: str
    round: Round
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Line, ...]
    totals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    day_title: str = ""
    """What the day of a line is; empty: the day of its record."""
    due: str = ""
    """The day by which a submission has to be in; empty where nothing is submitted."""


class _Record(NamedTuple):
    """One finished record with the kept values of its answers."""

    id: str
    site: str
    day: str
    stamp: str
    checklist: str
    values: dict[str, str]


def declared() -> list[Declared]:
    """Every ledger that a file declares, by id."""
    from fieldkit.library import registers

    return registers.ledgers()


def kinds() -> tuple[str, ...]:
    """Every kind of ledger."""
    from . import ledgers_more

    return (*(one.id for one in declared()), *ledgers_more.KINDS)


def ledger(
    ws: Workspace, kind: str, typed: str = "", month: str = "", within: str | None = None
) -> Ledger:
    """One ledger of a span; without one that in which today is.

    Raises Problem ``unknown-ledger``, ``bad-round``, ``unknown-checklist``, or for an unknown
    place.
    """
    from . import ledgers_more

    wanted = folded(kind).lower()
    known = {one.id: one for one in declared()}
    place = sites.find(ws, within).id if within else None
    if wanted in ledgers_more.KINDS:
        span = _chosen(ws, typed, month, "month")
        return ledgers_more.KINDS[wanted](ws, span, place)
    if wanted not in known:
        raise Problem(
            "unknown-ledger",
            _("没有“{kind}”这种台账").format(kind=shown(kind)[:40]),
            mend=_("可用：{kinds}。").format(kinds=" ".join(kinds())),
        )
    one = known[wanted]
    return _declared(ws, one, _chosen(ws, typed, month, one.rounds), place)


def _chosen(ws: Workspace, typed: str, month: str, every: str) -> Round:
    if month:
        return month_of(month)
    return span_of(typed) if typed else around(ws.today(), every)


def _declared(ws: Workspace, one: Declared, span: Round, place: str | None) -> Ledger:
    checklist = checklists.find(ws, one.checklist)
    read = _records(ws, one)
    known = sites.among(ws, (it.site for it in read), place)
    every = [it for it in read if it.site in known]
    records = [it for it in every if it.day <= span.last and (one.standing or it.day >= span.first)]
    lines = [_line(ws, one, span, known[it.site], it) for it in _latest(one, records)]
    having = {it.site for it in records}
    lines += [
        _absent(ws, one, span, site) for site in _expected(ws, one, place) if site.id not in having
    ]
    lines.sort(key=_place)
    columns = tuple((column.item, column.title) for column in one.columns)
    return Ledger(
        kind=one.id,
        title=one.title,
        round=span,
        columns=columns,
        rows=tuple(lines),
        totals=_totals(one, lines),
        notes=tuple(_unheld(ws, one, span, every, checklist)),
        day_title=next((item.text for item in checklist.items if item.id == one.day), ""),
        due=_submission(one, span) if one.submitted is not None else "",
    )


def _place(line: Line) -> tuple[object, ...]:
    code = line.site.code if line.site else ""
    return (natural(code), code, line.day, line.cells, line.inspection)


def _records(ws: Workspace, one: Declared) -> list[_Record]:
    """The finished records of a ledger's checklist, the oldest first, each with its day."""
    hidden = gates.hidden_all(ws)
    found = []
    for it in store_inspections.of_checklist(ws.store.db, one.checklist):
        if it.id in hidden:
            continue
        answers = store_inspections.answers(ws.store.db, it.id)
        values = {item: answer.value for item, answer in answers.items()}
        day = values.get(one.day, "") if one.day else it.day
        usual = it.day if not _is_day(day) else day
        found.append(_Record(it.id, it.site, usual, it.started_hlc, it.checklist, values))
    return found


def _latest(one: Declared, records: Sequence[_Record]) -> list[_Record]:
    """All records, or the latest of each key; of two of one day the one begun later."""
    if one.key is None:
        return list(records)
    found: dict[tuple[str, ...], _Record] = {}
    for it in sorted(records, key=lambda it: (it.day, it.stamp, it.id)):
        found[it.site, *(folded(it.values.get(item, "")) for item in one.key)] = it
    return list(found.values())


def _line(ws: Workspace, one: Declared, span: Round, site: Site, it: _Record) -> Line:
    known: dict[str, Item] = {}
    with suppress(Problem):
        known = {item.id: item for item in checklists.by_digest(ws, it.checklist).items}
    cells = tuple(_said(it.values.get(c.item, ""), known.get(c.item)) for c in one.columns)
    status, late = _status(ws, one, span, it, known)
    return Line(
        site, sites.full_name(ws, site), village_of(ws, site), it.day, it.id, cells, status, late
    )


def _said(value: str, item: Item | None) -> str:
    """An answer in a cell: bare numbers and days, an option's title, / for what does not apply."""
    if value == "na":
        return "/"
    if item is None or item.type in ("count", "number", "date", "recency", "text"):
        return value
    return item_types.of(item.type).say(value, item)


def _status(
    ws: Workspace, one: Declared, span: Round, it: _Record, known: dict[str, Item]
) -> tuple[str, bool]:
    today = ws.today()
    if one.submitted is not None:
        day = it.values.get(one.submitted.item, "")
        late = _days(_submission(one, span), day) if _is_day(day) else 0
        return (_("逾期 {n} 天").format(n=late), True) if late > 0 else (_("按期"), False)
    if one.stale:
        day, item = it.values.get(one.stale, ""), known.get(one.stale)
        if not _is_day(day):
            return (_("没有日期"), True) if day != "na" else ("", False)
        most = item.number("max_days", 0) if item is not None else 0
        gone = _days(day, min(span.last, today.isoformat()))
        if most and gone > most:
            return _("已 {n} 天未更新，应在 {most} 天内").format(n=gone, most=most), True
        return "", False
    if one.done is not None:
        due, done = it.values.get(one.done.due, ""), it.values.get(one.done.item, "")
        if _is_day(done):
            over = _days(due, done) if _is_day(due) else 0
            return (
                (_("逾期 {n} 天办结").format(n=over), False) if over > 0 else (_("已办结"), False)
            )
        gone = _days(due, today.isoformat()) if _is_day(due) else 0
        return (_("逾期 {n} 天").format(n=gone), True) if gone > 0 else (_("未到期"), False)
    return "", False


def _absent(ws: Workspace, one: Declared, span: Round, site: Site) -> Line:
    status, late = _("未登记"), True
    if one.submitted is not None:
        gone = _days(_submission(one, span), ws.today().isoformat())
        late = gone > 0
        status = _("未报，逾期 {n} 天").format(n=gone) if late else _("未报，未到期")
    return Line(
        site, sites.full_name(ws, site), village_of(ws, site), "", "",
        ("",) * len(one.columns), status, late, True,
    )  # fmt: skip


def _expected(ws: Workspace, one: Declared, place: str | None) -> list[Site]:
    """Who has to have a record: the member units, and the villages that hold no other."""
    found: list[Site] = []
    if "member" in one.expect:
        from . import units

        found += [
            it for sites_ in units.here(ws, units.dictionary(), place).values() for it in sites_
        ]
    if "village" in one.expect:
        areas = store_sites.all(ws.store.db, kinds=("village",), within=place)
        holding = {area.parent for area in store_sites.all(ws.store.db, kinds=("village",))}
        found += [area for area in areas if area.id not in holding and not area.removed]
    return found


def _submission(one: Declared, span: Round) -> str:
    days = one.submitted.days if one.submitted else 0
    return deadlines.later(date.fromisoformat(span.last), days).isoformat()


def _unheld(
    ws: Workspace, one: Declared, span: Round, records: Sequence[_Record], checklist: Checklist
) -> list[str]:
    """A sentence for each thing that there should have been a record of, and is none."""
    titles = {(item.id, o.id): o.title for item in checklist.items for o in item.options}
    day = min(date.fromisoformat(span.last), ws.today())
    if day.isoformat() < span.first:
        return []

    def missing(held: Held) -> str:
        within = around(day, held.every)
        if any(
            it.values.get(held.item) == held.value and within.first <= it.day <= within.last
            for it in records
        ):
            return ""
        title = titles.get((held.item, held.value), held.value)
        return _("{round}没有“{title}”的登记").format(round=round_words(within), title=title)

    return [text for text in map(missing, one.held) if text]


def _totals(one: Declared, lines: Sequence[Line]) -> tuple[str, ...]:
    """The sums of the columns that have one, a dash in the others; nothing where none has."""
    if not any(column.total for column in one.columns):
        return ()
    sums = []
    for i, column in enumerate(one.columns):
        numbers = [int(line.cells[i]) for line in lines if line.cells[i].isdecimal()]
        sums.append(str(sum(numbers)) if column.total else "—")
    return tuple(sums)


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
