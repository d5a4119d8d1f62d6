"""Putting a published month right, or giving one late: what it moves, and the new snapshots.

The earlier snapshots stay. Every later month whose cards move is issued anew with its own figures
and its own frozen reading, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fieldkit.domain.kinds_standing import MOST_MOVES
from fieldkit.domain.packing import doc_digest, pack
from fieldkit.domain.standing.basis import Basis
from fieldkit.domain.standing.figures import Decisions, Figures
from fieldkit.domain.standing.impact import Change, changes
from fieldkit.domain.standing.ranking import Ranking, rank
from fieldkit.domain.standing.streaks import UnitMonth
from fieldkit.domain.standing.window import Month
from fieldkit.errors import Problem, Refused
from fieldkit.store import standing as store
from fieldkit.store.open import Database
from fieldkit.store.standing import Issue
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _

from . import (
    offices,
    standing_book,
    standing_month,
    standing_notes,
    standing_publish,
    standing_words,
)
from .standing_book import Book, History
from .standing_notes import month_words
from .standing_words import reason_of
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Impact:
    """What a correction would do: every unit and month that moves, also in sentences.

    ``reissued`` are the months that get a new snapshot, the corrected one first. ``done`` is true
    once it is written.
    """

    month: str
    changes: tuple[Change, ...]
    sentences: tuple[str, ...]
    reissued: tuple[str, ...]
    done: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    book: Book
    when: Month
    ranking: Ranking
    decided: Decisions
    after: History
    moved: tuple[Change, ...]

    @property
    def later(self) -> list[Month]:
        """The issued months after it in which anything moves."""
        months = {it.month for it in self.moved if it.month > self.when}
        return [it for it in sorted(months) if self.book.frozen_at(it)]


def impact(
    ws: Workspace,
    month: str,
    figures: Sequence[Figures],
    basis: Basis | None = None,
    decided: Decisions | None = None,
) -> Impact:
    """What `correct` would move (影响清单); writes nothing, raises what it would."""
    return _told(_plan(ws, month, figures, basis, decided), done=False)


def correct(
    ws: Workspace,
    month: str,
    figures: Sequence[Figures],
    reason: str,
    basis: Basis | None = None,
    decided: Decisions | None = None,
) -> Impact:
    """Put a published month right, or give one that later months were published without.

    A published month keeps the reading that it is frozen with. Raises Problem where this home is
    no office, the figures cannot be ranked or are what they were, or no reason is given; Refused
    where nothing is published yet or a doubt is open.
    """
    if not offices.is_office(ws):
        raise offices.not_an_office()
    why = reason_of(reason, _("更正"))
    plan = _plan(ws, month, figures, basis, decided)
    standing_publish.refuse_open(plan.ranking)
    told = _told(plan, done=True)
    doc = standing_publish.snapshot(ws, plan.book, plan.when, plan.ranking, plan.decided, why)
    wanted = [(plan.when, doc), *((it, _renewed(plan, it)) for it in plan.later)]

    def drafts(db: Database) -> list[Draft]:
        return [_draft(db, plan, at, it, why) for at, it in wanted]

    ws.store.append(drafts)
    return told


def versions(ws: Workspace, month: str) -> list[Issue]:
    """Everything that a month was ever issued as, the first snapshot first."""
    book = standing_book.load(ws)
    return store.versions(ws.store.db, book.entity(standing_words.month_of(month)))


def _plan(
    ws: Workspace,
    month: str,
    figures: Sequence[Figures],
    basis: Basis | None,
    decided: Decisions | None,
) -> _Plan:
    book, when = standing_book.load(ws), standing_words.month_of(month)
    if book.last_issued is None or when > book.last_issued:
        raise Refused(
            "standing-not-published",
            _("{month}还没有通报，不用更正").format(month=month_words(when)),
            mend=_("直接重新录入：fieldkit office standing CASES --month {month}。").format(
                month=when
            ),
        )
    frozen = book.frozen_at(when)
    issue = book.entries[when].issue if when in book.entries else None
    if frozen is not None and basis is not None and basis != frozen:
        raise Problem(
            "standing-basis",
            _("{month}按通报时的口径更正，不能换口径").format(month=month_words(when)),
            mend=_("去掉 --basis。"),
        )
    used = frozen or basis or standing_month.basis_for(ws)
    if decided is None or decided == Decisions():
        decided = standing_book.decided_in(issue.doc) if issue else Decisions()
    ranking = rank(used, figures, decided)
    standing_month.refuse_blocked(ranking.doubts)
    same = _by_unit(book.figures(when)) == _by_unit(figures)
    contested = when in book.entries and book.entries[when].contested
    if issue and same and not contested and standing_book.decided_in(issue.doc) == decided:
        raise Problem(
            "standing-same",
            _("和{month}通报的数一样，没有要更正的").format(month=month_words(when)),
        )
    last = book.last_issued
    before = book.run(used, last)
    after = book.run(used, last, {when: standing_book.outcome_of(ranking)})
    return _Plan(book, when, ranking, decided, after, changes(before, after))


def _by_unit(figures: Sequence[Figures]) -> list[dict[str, Any]]:
    return sorted(standing_book.rows_of(figures), key=lambda row: str(row["unit"]))


def _told(plan: _Plan, *, done: bool) -> Impact:
    names = plan.book.names | {row.unit: row.name for row in plan.ranking.rows}
    years = {it.month.year for it in plan.moved} | {plan.when.year}
    return Impact(
        str(plan.when),
        plan.moved,
        tuple(it.sentence(names, year=len(years) > 1) for it in plan.moved),
        tuple(map(str, [plan.when, *plan.later])),
        done,
    )


def _renewed(plan: _Plan, at: Month) -> dict[str, Any]:
    """The document of a later month: its own figures and ranks, cards anew."""
    issue = plan.book.entries[at].issue
    assert issue is not None
    states = plan.after[at]
    rows = [row | standing_publish.stated(states[row["unit"]]) for row in issue.doc["rows"]]
    names = {row["unit"]: row["name"] for row in rows}
    basis = plan.book.frozen_at(at) or Basis()
    owed = standing_notes.todos(basis, plan.after, at, names)
    return {**issue.doc, "rows": rows, "todos": list(owed)}


def _draft(db: Database, plan: _Plan, at: Month, doc: dict[str, Any], why: str) -> Draft:
    entity = plan.book.entity(at)
    names = plan.book.names | {row.unit: row.name for row in plan.ranking.rows}
    over = store.heads(db, "standing_issue", entity)
    known = plan.book.entries.get(at)
    if known and known.issue and known.issue.event not in over:
        raise Refused("standing-changed", _("数据刚被改动"), mend=_("请再看一次影响清单。"))
    moves = [
        {
            "month": str(it.month),
            "unit": it.unit,
            "name": names.get(it.unit, it.unit[:8]),
            "from": _state(it.before),
            "to": _state(it.after),
        }
        for it in plan.moved
        if at in (plan.when, it.month)
    ]
    body = {
        "scope": plan.book.scope_of(at),
        "month": str(at),
        "digest": doc_digest(doc),
        "doc": pack(doc),
        "reason": why,
        "impact": moves[:MOST_MOVES],
        "over": over[:64],
    }
    return Draft("standing.corrected", entity, "", body)


def _state(state: UnitMonth | None) -> dict[str, Any]:
    if state is None:
        return {"card": "none", "streak": 0, "listing": ""}
    told = standing_publish.stated(state)
    return {name: told[name] for name in ("card", "streak", "listing")}
