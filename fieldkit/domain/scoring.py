"""From answers to points, grade and reasons, in exact fractions (DOMAIN §1.4, §2.15).

``na`` and ``unseen`` leave the denominator, and so do optional items without an answer; an open
required item does too, but is named in `Score.open_required` and forbids finishing. The grade of
an unfinished inspection is therefore provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from fieldkit.text.i18n import N_, _

from .checklist import Checklist, Item
from .items import Context, Unreadable, Verdict, of
from .presenting import Presented, present

NO_GRADE = "none"
"""The grade while nothing that counts has been answered."""

_TITLES = {
    "ineligible": N_("不予评定"),
    "fail_target": N_("三个100%未达标"),
    NO_GRADE: N_("未评定"),
}
_OPEN = Verdict("open", Fraction(0))


class ScoreLine(NamedTuple):
    """One item's part: what was answered, what it came to, and why points were lost.

    ``state`` is that of the verdict, or ``open`` without an answer that can be read; ``points``
    is what of ``weight`` was earned, 0 where the item does not count.
    """

    item: str
    value: str
    state: str
    share: Fraction
    points: Fraction
    weight: int
    why: str = ""


class Score(NamedTuple):
    """What an inspection comes to.

    ``ratio`` is points over possible points (0..1), None over nothing. ``grade`` is the id of
    one of the list's grades, ``ineligible``, ``fail_target`` or ``none``; ``grade_title`` says
    it in words. ``veto`` lists failed critical items: under ``refer`` the grade stands and they
    are handed on at once. ``open_required`` lists required items without an answer.
    """

    points: Fraction
    max_points: Fraction
    ratio: Fraction | None
    grade: str
    grade_title: str
    veto: tuple[str, ...]
    lines: tuple[ScoreLine, ...]
    open_required: tuple[str, ...]
    unseen: int
    na: int


Known = dict[str, tuple[Item, str | None, ScoreLine]]
"""Lines by address with what they were made from; for one mode, day and language."""


def score(
    checklist: Checklist,
    mode: str,
    day: date,
    answers: Mapping[str, str],
    shown: Presented | None = None,
    known: Known | None = None,
) -> Score:
    """The score of one visit's answers (address to kept value); nothing here can fail.

    Values that no item type would have written count as no answer; answers to items that are not
    asked (of another mode, or whose condition does not hold) are left alone. ``shown`` is what is
    asked, where it is known already; ``known`` keeps the lines from one answer to the next.
    """
    shown = shown or present(checklist, mode, day.isoformat(), answers)
    items, made = shown.items, shown.calculated
    context = Context(mode, day)
    known = {} if known is None else known
    lines: list[ScoreLine] = []
    failed: list[Item] = []
    counted: list[ScoreLine] = []
    missing: list[str] = []
    unseen = na = 0
    # Once through, item by item: this runs between a key and the next question.
    for item in items:
        path = item.id
        # A calculation that came to nothing is open, not an answer that cannot be read.
        value = (made[path] or None) if path in made else answers.get(path)
        kept = known.get(path)
        if kept is not None and kept[0] is item and kept[1] == value:
            line = kept[2]
        else:
            line = _line(item, value, context)
            known[path] = (item, value, line)
        lines.append(line)
        state = line.state
        if state == "open":
            if item.required and not item.read_only and of(item.type).answerable:
                missing.append(path)
        elif state in ("pass", "fail"):
            if line.weight:
                counted.append(line)
            if state == "fail" and item.critical:
                failed.append(item)
        elif state == "unseen":
            unseen += 1
        elif state == "na":
            na += 1
    veto = tuple(item.id for item in failed)
    points = _sum(line.points for line in counted)
    most = Fraction(sum(line.weight for line in counted))
    ratio = points / most if most else None
    effects = [item.effect or checklist.critical_effect for item in failed]
    grade, title = _grade(checklist, ratio, effects)
    return Score(
        points=points,
        max_points=most,
        ratio=ratio,
        grade=grade,
        grade_title=title,
        veto=veto,
        lines=tuple(lines),
        open_required=tuple(missing),
        unseen=unseen,
        na=na,
    )


def _sum(points: Iterable[Fraction]) -> Fraction:
    """Exact, and without a common divisor for every summand."""
    parts: dict[int, int] = {}
    for one in points:
        parts[one.denominator] = parts.get(one.denominator, 0) + one.numerator
    return sum((Fraction(top, bottom) for bottom, top in parts.items()), Fraction(0))


def _line(item: Item, value: str | None, context: Context) -> ScoreLine:
    kind = of(item.type)
    verdict = _OPEN
    if value is not None:
        try:
            verdict = kind.judge(value, item, context)
        except Unreadable:
            verdict = Verdict("open", Fraction(0), _("答案无法识别，请重新作答"))
    share = verdict.share
    if item.partial == "threshold" and verdict.state != "pass":
        share = Fraction(0)
    weight = item.weight if kind.scored else 0
    return ScoreLine(
        item=item.id,
        value=value or "",
        state=verdict.state,
        share=share,
        points=share * weight,
        weight=weight,
        why=verdict.why,
    )


def title_of(checklist: Checklist, grade: str) -> str:
    """A grade's id in words; the id itself where the list does not know it."""
    if grade in _TITLES:
        return _(_TITLES[grade])
    return next((known.title for known in checklist.grades if known.id == grade), grade)


def _grade(checklist: Checklist, ratio: Fraction | None, effects: list[str]) -> tuple[str, str]:
    for effect in ("ineligible", "fail_target"):
        if effect in effects:
            return effect, _(_TITLES[effect])
    if ratio is not None:
        for grade in sorted(checklist.grades, key=lambda grade: grade.at_least, reverse=True):
            if ratio >= Fraction(grade.at_least, 100):
                return grade.id, grade.title
    return NO_GRADE, _(_TITLES[NO_GRADE])
