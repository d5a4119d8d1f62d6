"""Publishing a month of the standing: the snapshot that nothing changes afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fieldkit.domain.packing import doc_digest, pack
from fieldkit.domain.standing.basis import Basis
from fieldkit.domain.standing.figures import Decisions, Figures
from fieldkit.domain.standing.ranking import Ranking, UnitStanding, rank
from fieldkit.domain.standing.streaks import UnitMonth
from fieldkit.domain.standing.window import Month, is_over, window
from fieldkit.errors import Problem, Refused
from fieldkit.store import standing as store
from fieldkit.store.open import Database
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import offices, standing_book, standing_month, standing_words
from .standing_book import Book
from .standing_notes import day_words, month_words
from .standing_view import MonthView
from .standing_words import reason_of
from .workspace import Workspace

FORMAT = 1
"""Of the document of an issued month."""
_CHOICES = {
    "zero-base": ("worst", "as_one", "switch_diff"),
    "boundary": ("include", "per10k"),
    "wide": ("yes",),
}


def decisions(
    ws: Workspace,
    month: str,
    chosen: Mapping[str, str] = {},
    confirm: Sequence[str] = (),
    spare: Sequence[str] = (),
    figures: Sequence[Figures] | None = None,
) -> Decisions:
    """What the office decides for a month (or for figures that are not kept yet), as it is typed.

    ``chosen`` are choices by the code of their doubt (D2, D4, a bottom group of more than half);
    ``confirm`` and ``spare`` name units without a case that get their card or do not (D7). Raises
    Problem for an unknown code, choice or unit.
    """
    for code, choice in chosen.items():
        if choice not in _CHOICES.get(code, ()):
            known = "、".join(f"{name}={'|'.join(of)}" for name, of in _CHOICES.items())
            raise Problem(
                "bad-decision",
                _("不认识“{code}={choice}”").format(
                    code=shown(code)[:20], choice=shown(choice)[:20]
                ),
                mend=_("可用：{known}。").format(known=known),
            )
    if figures is None:
        figures = standing_book.load(ws).figures(standing_words.month_of(month))
    names = {one.name: one.unit for one in figures}
    told = [_units(names, typed) for typed in (confirm, spare)]
    return Decisions(
        chosen.get("zero-base", ""),
        chosen.get("boundary", ""),
        told[0],
        told[1] - told[0],
        "wide" in chosen,
    )


def _units(names: Mapping[str, str], typed: Sequence[str]) -> frozenset[str]:
    found = set()
    for name in typed:
        unit = names.get(name) or names.get("".join(folded(name).split()))
        if unit is None:
            raise Problem(
                "unknown-unit",
                _("本期没有“{name}”").format(name=shown(name)[:60]),
                mend=_("写单位全称。"),
            )
        found.add(unit)
    return frozenset(found)


def publish(
    ws: Workspace,
    month: str,
    basis: Basis | None = None,
    decided: Decisions | None = None,
    reason: str = "",
) -> MonthView:
    """Publish a month as it stands; from then on only a correction changes it.

    Raises Problem where this home is no office or there are no figures, Refused while the window
    has not ended, an earlier month is entered but not published, figures are in dispute, a doubt
    is open, or a decision has no reason.
    """
    when, used = standing_words.month_of(month), basis or standing_month.basis_for(ws)
    book, figures = _ready(ws, when, used)
    ranking = rank(used, book.figures(when), decided)
    standing_month.refuse_blocked(ranking.doubts)
    refuse_open(ranking)
    doc = snapshot(ws, book, when, ranking, decided or Decisions(), reason)
    body = {
        "scope": book.scope_of(when),
        "month": str(when),
        "digest": doc_digest(doc),
        "doc": pack(doc),
    }
    entity = book.entity(when)

    def drafts(db: Database) -> list[Draft]:
        # Somebody else may have entered or published it meanwhile.
        if store.heads(db, "standing_issue", entity):
            raise standing_month.published(when)
        if store.heads(db, "standing", entity) != [figures]:
            raise Refused("standing-changed", _("数据刚被改动"), mend=_("请再看一次再通报。"))
        return [Draft("standing.published", entity, "", body)]

    ws.store.append(drafts)
    return standing_month.month(ws, str(when))


def ready(ws: Workspace, month: str, basis: Basis | None = None) -> None:
    """Raise what keeps a month from being published whatever is decided; writes nothing."""
    _ready(ws, standing_words.month_of(month), basis or standing_month.basis_for(ws))


def _ready(ws: Workspace, when: Month, basis: Basis) -> tuple[Book, str]:
    """What this home knows, and the event of the figures that would be published."""
    if not offices.is_office(ws):
        raise offices.not_an_office()
    book = standing_book.load(ws)
    standing_month.refuse_published(book, when)
    entry = book.entries.get(when)
    if entry is None or entry.given is None:
        raise standing_month.nothing(when)
    _refuse_early(ws, book, when, basis)
    if entry.contested:
        raise Refused(
            "standing-contested",
            _("{month}的数据几台设备录得不一样").format(month=month_words(when)),
            mend=_("先用 fieldkit office conflicts 选定，或重新录入。"),
        )
    return book, entry.given.event


def _refuse_early(ws: Workspace, book: Book, when: Month, basis: Basis) -> None:
    if not is_over(when, ws.today(), basis.window_last_day):
        raise Refused(
            "standing-unfinished",
            _("本期尚未结束（截止{day}），当前只能预览，不能通报").format(
                day=day_words(window(when, basis.window_last_day).last)
            ),
            mend=_("过了这一天再通报。"),
        )
    open_ = [it for it in book.entries if it < when and book.state(it) == "entered"]
    if open_:
        raise Refused(
            "standing-order",
            _("{months}已录入还没有通报").format(months="、".join(map(month_words, open_))),
            mend=_("按月份先后通报。"),
        )


def refuse_open(ranking: Ranking) -> None:
    """Raise Refused with what the office still has to decide."""
    if not ranking.doubts:
        return
    first = ranking.doubts[0]
    mend = _("用 --decide {code}={choices} 决定，并用 --reason 写明理由。").format(
        code=first.code, choices="|".join(first.choices)
    )
    if first.code == "zero-cases":
        mend = _("确认亮牌用 --confirm 单位，不亮牌用 --spare 单位，并用 --reason 写明理由。")
    raise Refused(f"standing-{first.code}", first.sentence, mend=mend)


def snapshot(
    ws: Workspace, book: Book, when: Month, ranking: Ranking, decided: Decisions, reason: str
) -> dict[str, Any]:
    """The document of a month as it is published: figures, reading, ranks, cards.

    Raises Problem where something was decided without a reason.
    """
    why = reason_of(reason, month_words(when)) if decided != Decisions() or reason else ""
    view = standing_month.preview(ws, book, when, ranking)
    states = book.run(ranking.basis, when, {when: standing_book.outcome_of(ranking)})[when]
    return {
        "format": FORMAT,
        "scope": book.scope_of(when),
        "month": str(when),
        "window": {"from": view.first, "to": view.last},
        "basis": ranking.basis.to_doc(),
        "basis_lines": list(view.basis),
        "rows": [_row(row, states[row.unit]) for row in ranking.rows],
        "notes": list(view.notes),
        "todos": list(view.todos),
        "decisions": standing_book.decided_doc(decided) | {"reason": why},
    }


def _row(row: UnitStanding, state: UnitMonth) -> dict[str, Any]:
    (figures,) = standing_book.rows_of([row.figures])
    scores = {id: [*score.as_integer_ratio()] for id, score in row.scores.items()}
    ranked = {
        "ranks": dict(row.ranks),
        "scores": scores,
        "total": [*row.total.as_integer_ratio()],
        "place": row.place,
        "bottom": row.in_bottom,
    }
    return figures | ranked | stated(state)


def stated(state: UnitMonth) -> dict[str, Any]:
    """The part of a frozen row that the months before have a say in."""
    return {
        "card": state.card,
        "streak": state.streak,
        "listing": str(state.listed_since or ""),
        "note": "，".join(state.notes),
    }
