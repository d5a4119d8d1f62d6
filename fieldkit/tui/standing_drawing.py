"""The monthly standing in signs: marks of its months, the table of places, the months as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fieldkit.domain.standing import words
from fieldkit.domain.standing.window import month_of
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown
from fieldkit.text.terminal import ascii_only
from fieldkit.text.width import cell_width, pad
from fieldkit.text.wrap import wrap
from fieldkit.work import standing_notes
from fieldkit.work.standing_sheet import Point
from fieldkit.work.standing_view import STATES, MonthView
from fieldkit.work.standing_view import Line as Unit

from .widgets.painted import Line, Piece

MARKS = {
    "missing": (N_("缺"), "todo", "?"),
    "entered": (N_("录"), "accent", "="),
    "late": (N_("补"), "fail", "!"),
    "published": (N_("报"), "pass", "+"),
    "corrected": (N_("更"), "pass", "~"),
    "contested": (N_("异"), "fail", "x"),
}
"""Two cells for each state of a month, its tone, and its sign where there is no Chinese."""
CARD_TONES = {"yellow": "todo", "red": "fail", "listed": "fail"}
CARDS = ("listed", "red", "yellow")
"""The heaviest first."""
WIDE = 110
"""From so many cells on the table says everything on one line."""
NARROW = 66
"""Below so many cells it says only what decides."""
BAR, NUMBER = 30, 6
MEASURE = 96


def month_words(month: str) -> str:
    """2026年11月"""
    return standing_notes.month_words(month_of(month))


def mark(state: str) -> tuple[str, str]:
    """The mark of a month's state, two cells, and its tone."""
    word, tone, sign = MARKS[state]
    return (f"{sign} " if ascii_only() else _(word)), tone


def legend() -> str:
    """What the marks mean."""
    told = {**STATES, "contested": N_("有冲突")}
    return "  ".join(f"{mark(state)[0].strip()} {_(title)}" for state, title in told.items())


def bar(number: int, most: int, cells: int, beside: int | None = None) -> str:
    """A number as a row of signs of which ``most`` fills all, an upright where ``beside`` is."""
    filled = -(-number * cells // most) if most else 0
    signs = ["="] * filled + ["."] * (cells - filled)
    if beside is not None and most:
        signs[max(-(-beside * cells // most) - 1, 0)] = "|"
    return "".join(signs)


def most_of(points: Sequence[Point]) -> int:
    """The largest number of any month, of this year or the one before."""
    told = [n for point in points for n in (point.cases, point.cases_last_year) if n is not None]
    return max(told, default=0)


def trend(points: Sequence[Point], width: int) -> list[Line]:
    """The town's cases month by month, and where last year stood."""
    most = most_of(points)
    cells = max(min(BAR, width - 44), 8)
    head = _("全镇发案（= 本期，| 上年同期）")
    drawn: list[Line] = [[(head, "accent")]]
    for point in points:
        word, tone = mark(point.state)
        lead: list[Piece] = [(pad(month_words(point.month), 12), ""), (f"{word}  ", tone)]
        if point.cases is None:
            drawn.append([*lead, (_("没有数"), "dim")])
            continue
        signs = bar(point.cases, most, cells, point.cases_last_year)
        before = "" if point.cases_last_year is None else str(point.cases_last_year)
        drawn.append(
            [
                *lead,
                (pad(str(point.cases), NUMBER, "right"), "strong"),
                (f"  {signs}  ", ""),
                (_("同期 {n}").format(n=before) if before else "", "dim"),
            ]
        )
    return drawn


def moved(place: int, before: int | None) -> str:
    """How a place has changed since last month, in a word."""
    if before is None:
        return _("新进")
    if place == before:
        return _("平")
    if place < before:
        return _("升{n}").format(n=before - place)
    return _("降{n}").format(n=place - before)


def card_words(line: Unit) -> str:
    """The card of a unit; without one, whether a listing is still open."""
    return words.card(line.card) or (_("整治中") if line.listing else "")


class _Column(NamedTuple):
    title: str
    least: int
    """Cells it takes at least."""
    cells: Sequence[str]
    left: bool = False
    tones: Sequence[str] = ()

    @property
    def width(self) -> int:
        return max([self.least, cell_width(self.title), *map(cell_width, self.cells)])


def ranking(view: MonthView, before: Mapping[str, int], width: int) -> list[Line]:
    """The places with those of last month; on a wide screen with all that they come from."""
    lines, wide = view.lines, width >= WIDE
    columns = [
        _Column(_("名次"), 4, [str(it.place) for it in lines]),
        _Column(_("上月"), 4, [str(before.get(it.unit, "-")) for it in lines]),
        _Column(
            _("升降"),
            4,
            [moved(it.place, before.get(it.unit)) if before else "-" for it in lines],
            left=True,
            tones=[_moved_tone(it.place, before.get(it.unit)) for it in lines],
        ),
        _Column(_("村（社区）"), 12, [shown(it.name) for it in lines], left=True),
        _Column(_("本期"), 4, [str(it.cases) for it in lines]),
        _Column(_("同比"), 4, [it.yoy.replace(words.MINUS, "-") for it in lines]),
        _Column(_("万人均"), 6, [it.per10k for it in lines]),
        _Column(_("总分"), 5, [words.score(it.total) for it in lines]),
        _Column(
            _("牌别"),
            6,
            [card_words(it) for it in lines],
            left=True,
            tones=[CARD_TONES.get(it.card, "accent") for it in lines],
        ),
        _Column(_("连续"), 4, [str(it.streak or "-") for it in lines]),
    ]
    if width < NARROW:
        del columns[5:7]
    if wide:
        columns[4:4] = [
            _Column(_("人口"), 6, [str(it.population) for it in lines]),
            _Column(_("上年同期"), 4, [str(it.cases_last_year) for it in lines]),
        ]
    return _table(columns, width)


def _moved_tone(place: int, before: int | None) -> str:
    if before is None or place == before:
        return "dim"
    return "pass" if place < before else "fail"


def _table(columns: Sequence[_Column], width: int) -> list[Line]:
    """Titles and rows; the widest column of words gives way where there is no room."""
    widths = [column.width for column in columns]
    names = max((at for at, column in enumerate(columns) if column.left), key=lambda at: widths[at])
    gap = 2 if sum(widths) + 2 * len(columns) <= width else 1
    widths[names] -= max(sum(widths) + gap * (len(columns) - 1) - width, 0)
    widths[names] = max(widths[names], 6)
    drawn: list[Line] = []
    for at in range(-1, len(columns[0].cells)):
        pieces: list[Piece] = []
        for column, cells in zip(columns, widths, strict=True):
            text = column.title if at < 0 else column.cells[at]
            tone = "dim" if at < 0 else column.tones[at] if column.tones else ""
            pieces.append((pad(text, cells, "left" if column.left else "right"), tone))
            pieces.append((" " * gap, ""))
        drawn.append(pieces)
    return drawn


def details(view: MonthView, width: int) -> list[Line]:
    """Place and score by indicator."""
    known = {it.id: _(it.title) for it in view.reading.indicators}
    ids = [*(view.lines[0].ranks if view.lines else ())]
    columns = [_Column(_("村（社区）"), 12, [shown(it.name) for it in view.lines], left=True)]
    columns += [
        _Column(
            shown(known.get(id, id)),
            6,
            [f"{it.ranks.get(id, '-')}/{words.score(it.scores[id])}" for it in view.lines],
        )
        for id in ids
    ]
    return [[(_("各项名次/得分"), "accent")], *_table(columns, width)] if ids else []


def told(title: str, texts: Sequence[str], width: int, tone: str = "") -> list[Line]:
    """A heading and sentences below it; nothing where there are none."""
    if not texts:
        return []
    drawn: list[Line] = [[(title, "accent")]]
    for text in texts:
        rows = wrap(shown(text), max(min(width, MEASURE) - 2, 10))
        drawn += [[("  " if n else "- ", "dim"), (row, tone)] for n, row in enumerate(rows)]
    return [*drawn, ()]


def carded(view: MonthView) -> list[tuple[str, str]]:
    """The cards that were given, each with its units."""
    found = []
    for card in CARDS:
        names = [line.name for line in view.lines if line.card == card]
        if names:
            found.append((words.card(card), "、".join(names)))
    return found
