"""The monthly standing (000三(一)3, DOMAIN §1.3): entering a month, and the month as shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from fieldkit.domain.standing import words
from fieldkit.domain.standing.basis import Basis
from fieldkit.domain.standing.figures import Decisions, Doubt, Figures
from fieldkit.domain.standing.ranking import Ranking, UnitStanding, rank
from fieldkit.domain.standing.streaks import UnitMonth
from fieldkit.domain.standing.window import Month, is_over, window
from fieldkit.errors import Problem, Refused
from fieldkit.store import standing as store
from fieldkit.store.open import Database
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import standing_book, standing_import, standing_words
from .standing_book import Book
from .standing_notes import missed, month_words, todos, window_notes
from .standing_view import Line, MonthView
from .workspace import Workspace

OWN_BASIS = "standing.yaml"
"""The readings of a home, where it has its own: a file of this name in its folder."""


def basis_for(ws: Workspace, path: Path | None = None) -> Basis:
    """The reading that applies: a file's, else this home's own, else the one on the search path.

    Raises Problem for a file with faults, with the place of the first.
    """
    from fieldkit.library import standing as library

    own = ws.home / OWN_BASIS
    if path is None and own.is_file():
        path = own
    return library.basis_in(path) if path is not None else library.basis()


def figures_in(ws: Workspace, path: Path, basis: Basis) -> tuple[Figures, ...]:
    """The figures in a table (`standing_import`), each for the unit that its row means."""
    rows = standing_import.read(path, basis)
    units = standing_import.units(ws, rows, shown(path.name))
    return tuple(
        Figures(unit.id, unit.name, row.cases, row.cases_last_year, row.population, row.more)
        for unit, row in zip(units, rows, strict=True)
    )


def check(
    ws: Workspace, figures: Sequence[Figures], basis: Basis | None = None
) -> tuple[Doubt, ...]:
    """Everything that would have to be mended or decided; writes nothing."""
    return rank(basis or basis_for(ws), figures).doubts


def enter(
    ws: Workspace,
    month: str,
    figures: Sequence[Figures],
    basis: Basis | None = None,
    decided: Decisions | None = None,
    *,
    draft: bool = False,
) -> None:
    """Keep a month's figures in place of those it had; on disk when this returns.

    With ``draft`` they may have gaps. What is ``decided`` is not kept, it may only be what lets
    them be ranked. Raises Refused for a month that was published, or that a
    later one was published without (`standing_correct`), Problem for figures that cannot be
    ranked.
    """
    book, when = standing_book.load(ws), standing_words.month_of(month)
    refuse_published(book, when)
    if not draft:
        refuse_blocked(rank(basis or basis_for(ws), figures, decided).doubts)
    rows, scope, entity = standing_book.rows_of(figures), book.scope_of(when), book.entity(when)
    entry = book.entries.get(when)
    if entry and entry.given and not entry.contested and [*entry.given.rows] == rows:
        return
    body = {"scope": scope, "month": str(when), "rows": rows}

    def drafts(db: Database) -> list[Draft]:
        if store.heads(db, "standing_issue", entity):
            raise published(when)
        over = store.heads(db, "standing", entity)[:64]
        return [Draft("standing.figures", entity, "", body | {"over": over})]

    ws.store.append(drafts)


def refuse_published(book: Book, when: Month) -> None:
    """Raise Refused where only a correction may change a month."""
    entry = book.entries.get(when)
    if entry and entry.issue:
        raise published(when)
    if book.last_issued and when < book.last_issued:
        raise Refused(
            "standing-late",
            _("{last}已经通报，{month}现在只能补录").format(
                last=month_words(book.last_issued), month=month_words(when)
            ),
            mend=_("用 fieldkit office standing-correct，先看影响清单。"),
        )


def published(when: Month) -> Refused:
    """That nothing but a correction changes a published month."""
    return Refused(
        "standing-published",
        _("{month}已经通报，不能改").format(month=month_words(when)),
        mend=_("用 fieldkit office standing-correct 更正，先看影响清单。"),
    )


def refuse_blocked(doubts: Sequence[Doubt]) -> None:
    """Raise Problem with the first thing without which nothing can be ranked."""
    for doubt in doubts:
        if doubt.blocks:
            mend = _("请改正后再试。")
            if doubt.choices:
                mend = _("用 --decide {code}={choices} 决定。").format(
                    code=doubt.code, choices="|".join(doubt.choices)
                )
            raise Problem(f"standing-{doubt.code}", doubt.sentence, mend=mend)


def month(
    ws: Workspace, month: str, basis: Basis | None = None, decided: Decisions | None = None
) -> MonthView:
    """One month: as it was published, else as it would be.

    Raises Problem for what is no month, one without figures, figures that cannot be ranked, and
    another reading of a month that is frozen with its own.
    """
    book, when = standing_book.load(ws), standing_words.month_of(month)
    entry = book.entries.get(when)
    if entry is None or not (entry.issue or entry.given):
        raise nothing(when)
    if entry.issue is not None:
        return _frozen(ws, book, when)
    used = basis or basis_for(ws)
    ranking = rank(used, book.figures(when), decided)
    refuse_blocked(ranking.doubts)
    return preview(ws, book, when, ranking)


def nothing(when: Month) -> Problem:
    """That a month has no figures."""
    return Problem(
        "standing-missing",
        _("{month}还没有数").format(month=month_words(when)),
        mend=_("写上数据文件，或用 fieldkit office standing-months 查看。"),
    )


def preview(ws: Workspace, book: Book, when: Month, ranking: Ranking) -> MonthView:
    """A month as it would be published, ranked."""
    basis = ranking.basis
    outcome = {when: standing_book.outcome_of(ranking)}
    history = book.run(basis, when, outcome)
    notes = [*window_notes(ws, when, basis), *ranking.notes, *missed(book, history, basis, when)]
    entry = book.entries.get(when)
    return MonthView(
        **_span(ws, when, basis),
        state=book.state(when),
        lines=lines(ranking, history[when]),
        reading=basis,
        basis=basis.lines(),
        notes=tuple(notes),
        doubts=ranking.doubts,
        todos=todos(basis, history, when, _names(ranking.rows)),
        contested=bool(entry and entry.contested),
        issue=None,
        delisted=_delisted(book, when, basis),
    )


def lines(ranking: Ranking, states: Mapping[str, UnitMonth]) -> tuple[Line, ...]:
    """The rows of a ranking with their cards."""
    per10k = words.per10k(_per10k(row.figures) for row in ranking.rows)
    return tuple(
        _line(row, told, ranking.basis, states[row.unit])
        for row, told in zip(ranking.rows, per10k, strict=True)
    )


def _line(row: UnitStanding, per10k: str, basis: Basis, state: UnitMonth) -> Line:
    one = row.figures
    return Line(
        **_told(one, basis),
        per10k=per10k,
        ranks=row.ranks,
        scores=row.scores,
        total=row.total,
        place=row.place,
        bottom=row.in_bottom,
        card=state.card,
        streak=state.streak,
        listing=str(state.listed_since or ""),
        note="，".join(state.notes),
    )


def _told(one: Figures, basis: Basis) -> dict[str, Any]:
    """The figures of a row that is known to have them all."""
    now, before = one.cases or 0, one.cases_last_year or 0
    return {
        "unit": one.unit,
        "name": one.name,
        "cases": now,
        "cases_last_year": before,
        "population": one.population or 0,
        "yoy": words.signed(now - before) if basis.yoy == "diff" else words.rate_cell(now, before),
        "said": words.rate_words(now, before),
    }


def _per10k(one: Figures) -> Fraction:
    return Fraction((one.cases or 0) * 10000, one.population or 1)


def _frozen(ws: Workspace, book: Book, when: Month) -> MonthView:
    issue = book.entries[when].issue
    assert issue is not None
    basis = book.frozen_at(when) or Basis()
    figures = book.figures(when)
    rows = [
        Line(
            **_told(one, basis),
            per10k=per10k,
            ranks={id: row["ranks"][id] for id in _ids(row, basis)},
            scores={id: Fraction(*row["scores"][id]) for id in _ids(row, basis)},
            total=Fraction(*row["total"]),
            place=row["place"],
            bottom=row["bottom"],
            card=row["card"],
            streak=row["streak"],
            listing=row["listing"],
            note=str(row.get("note", "")),
        )
        for one, row, per10k in zip(
            figures, issue.doc["rows"], words.per10k(map(_per10k, figures)), strict=True
        )
    ]
    entry = book.entries[when]
    notes = [*issue.doc["notes"], *_after(book, when)]
    return MonthView(
        **_span(ws, when, basis),
        state=book.state(when),
        lines=tuple(rows),
        reading=basis,
        basis=tuple(issue.doc["basis_lines"]),
        notes=tuple(notes),
        doubts=(),
        todos=tuple(map(str, issue.doc.get("todos", ()))),
        contested=entry.contested,
        issue=issue,
        delisted=_delisted(book, when, basis),
    )


def _ids(row: Mapping[str, Any], basis: Basis) -> list[str]:
    """The indicators of a frozen row, in the order of its reading where that is known."""
    there = row["ranks"].keys() & row["scores"].keys()
    known = [it.id for it in basis.indicators if it.id in there]
    return [*known, *sorted(there.difference(known))]


def _after(book: Book, when: Month) -> list[str]:
    """What happened to a month since it was issued."""
    entry, found = book.entries[when], []
    issue = entry.issue
    if issue and issue.step == "corrected":
        found.append(_("本期已更正：{reason}").format(reason=issue.reason))
    if entry.given and issue and entry.given.hlc > issue.hlc:
        found.append(_("通报以后又有人录入本期数据，没有采用；需要时用更正。"))
    return found


def _span(ws: Workspace, when: Month, basis: Basis) -> dict[str, Any]:
    span = window(when, basis.window_last_day)
    return {
        "month": str(when),
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "days": span.days,
        "ended": is_over(when, ws.today(), basis.window_last_day),
    }


def _names(rows: Sequence[UnitStanding]) -> dict[str, str]:
    return {row.unit: row.name for row in rows}


def _delisted(book: Book, when: Month, basis: Basis) -> tuple[store.Word, ...]:
    first, last = window(when, basis.window_last_day)
    return tuple(
        it
        for it in book.delisted
        if it.state == "given" and first.isoformat() <= it.day <= last.isoformat()
    )
