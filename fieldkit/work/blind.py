"""Blind pairs: two inspectors record one site unseen by each other; sealed, they are compared."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.domain.agreement import Agreement, agreement, categories
from fieldkit.domain.comparing import comparable
from fieldkit.domain.records import Inspection
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem, Refused
from fieldkit.store import inspections as store_inspections
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import checklists, inspecting, sites
from .gates import PAIR, is_sealed, paired
from .gates import hidden as hidden
from .notes import check_text
from .sheets import find, sheet_of
from .workspace import Workspace

WORD_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sealed records of a pair and how far they agree, the one begun first first."""

    pair: str
    one: Sheet
    two: Sheet
    agreement: Agreement


def begin(
    ws: Workspace,
    checklist: str,
    site: str,
    pair_word: str,
    mode: str = "open",
    nature: str | None = None,
) -> Sheet:
    """Begin one of two records of a site, under a word that both inspectors agreed on.

    Raises Problem as `inspecting.start`, for a word that cannot be one, and where the word is
    taken: by two records already, by one of this device, or by one with another list.
    """
    word = _word(pair_word)
    found, place = checklists.find(ws, checklist), sites.find(ws, site)
    everywhere = store_inspections.of_pair(ws.store.db, word)
    known = [other for other in everywhere if other.site == place.id]
    if len(known) >= PAIR:
        raise _too_many(word)
    for other in known:
        if (other.checklist_id, other.mode) != (found.id, mode):
            raise _unlike(word, other)
        if other.device == ws.device.device:
            raise Problem(
                "pair-own",
                _("本机已经用配对词“{word}”开始了一份").format(word=shown(word)),
                where=other.id[:8],
                mend=_("背靠背检查的另一份要在另一台设备上做。"),
            )
    return inspecting.begin(ws, found, site, mode, nature, inspecting.Link(pair=word))


def partner(ws: Workspace, ref: str) -> Inspection | None:
    """The other inspection of its pair, None while it is not here.

    Raises Problem ``not-paired`` or ``pair-of-many``.
    """
    inspection = find(ws, ref)
    both = _pair(ws, inspection)
    return next((one for one in both if one.id != inspection.id), None)


def compare(ws: Workspace, pair_or_ref: str) -> Comparison:
    """Compare the two records of a pair, named by its word or by one of them.

    Raises Refused ``pair-open`` until both are here and finished, Problem for what is no pair,
    for more than two, and for two that do not go together.
    """
    both = _named(ws, pair_or_ref)
    word = both[0].pair
    if len(both) < PAIR:
        raise Refused(
            "pair-open",
            _("配对“{word}”的另一份还没有送达，不能比较").format(word=shown(word)),
            where=both[0].id[:8],
            mend=_("两份都办结并汇总后再比较。"),
        )
    one, two = both
    if (one.checklist_id, one.mode) != (two.checklist_id, two.mode):
        raise _unlike(word, two)
    if not is_sealed(both):
        waiting = [inspection.id[:8] for inspection in both if inspection.state != "finished"]
        raise Refused(
            "pair-open",
            _("配对“{word}”还有 {n} 份没有办结，不能比较").format(word=shown(word), n=len(waiting)),
            where=" ".join(waiting),
            mend=_("两份都办结并汇总后再比较。"),
        )
    ours, theirs = sheet_of(ws, one), sheet_of(ws, two)
    apart = comparable(ours.checklist, theirs.checklist)
    if apart:
        raise Problem("pair-unlike", apart, where=two.id[:8])
    return Comparison(word, ours, theirs, agreement(categories(ours), categories(theirs)))


def _named(ws: Workspace, ref: str) -> list[Inspection]:
    """The records of the pair of that word, or of the pair that this inspection belongs to."""
    word = folded(ref)
    known = store_inspections.of_pair(ws.store.db, word) if word else []
    if not known:
        return _pair(ws, find(ws, ref))
    if len({one.site for one in known}) > 1:
        raise Problem(
            "ambiguous-pair",
            _("配对词“{word}”在不止一个对象用过").format(word=shown(word)[:WORD_LIMIT]),
            mend=_("请改用其中一份的检查编号。"),
        )
    return _pair(ws, known[0])


def _pair(ws: Workspace, inspection: Inspection) -> list[Inspection]:
    if not inspection.pair:
        raise Problem(
            "not-paired",
            _("这次检查不是背靠背检查"),
            where=inspection.id[:8],
            mend=_("用 --pair 词 开始才能比较。"),
        )
    both = paired(ws, inspection)
    if len(both) > PAIR:
        raise _too_many(inspection.pair)
    return both


def _word(typed: str) -> str:
    word = folded(typed)
    where = _("配对词")
    if not 1 <= len(word) <= WORD_LIMIT:
        raise Problem(
            "bad-pair-word",
            _("要有 1 到 {most} 个字").format(most=WORD_LIMIT),
            where=where,
            mend=_("两人事先商定一个词。"),
        )
    check_text(word, where)
    return word


def _unlike(word: str, other: Inspection) -> Problem:
    return Problem(
        "pair-unlike",
        _("配对“{word}”的两份用的检查表或方式不同").format(word=shown(word)),
        where=other.id[:8],
        mend=_("两份要用同一张检查表、同一种方式。"),
    )


def _too_many(word: str) -> Problem:
    return Problem(
        "pair-of-many",
        _("配对词“{word}”在这个对象已有两份以上").format(word=shown(word)),
        mend=_("换一个词重新开始。"),
    )
