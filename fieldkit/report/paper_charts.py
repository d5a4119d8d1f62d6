"""Charts of a document as inline SVG: black on white, each number written where it is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from fieldkit.report import paper_chart_words
from fieldkit.report.paper import Chart, Number, Series
from fieldkit.report.web import text
from fieldkit.text.i18n import _
from fieldkit.text.width import cell_width, cut

_WIDE = 640
_NAME = 150
"""Room for the names at the left of bars."""
_ROW = 18
_LEFT = 50
_HIGH = 200
_SHADES = 10

# As attributes, not as rules of the page: every program that shows SVG follows these.
_LOOKS = (
    'fill="#1f4e79" stroke="#1f4e79"',
    'fill="#ffffff" stroke="#8a3d00"',
    'fill="#bbbbbb" stroke="#333333"',
    'fill="#ffffff" stroke="#333333"',
)
_DASHES = ("", "6 4", "2 3", "10 3 2 3")
_MOVES = {"up": (_LOOKS[0], ""), "down": (_LOOKS[1], "6 4"), "same": (_LOOKS[2], "")}

STYLE = (
    ".chart{width:100%;height:auto;max-height:200mm}.key{font-size:9pt;text-align:center}"
    ".key svg{width:30px;height:10px;vertical-align:middle;margin:0 4px 0 12px}"
    + "".join(
        f".t{n}{{background:rgb({255 - n * 11},{255 - n * 8},255)}}" for n in range(_SHADES + 1)
    )
)


def drawn(chart: Chart) -> str:
    """One chart with its title, as a ``figure``; numbers that do not fit in it stand in a table."""
    body = {"bars": _bars, "lines": _lines, "heat": _heat, "ranks": _ranks}[chart.kind](chart)
    return f"<figure><figcaption>{text(chart.title)}</figcaption>{body}</figure>"


def _svg(chart: Chart, inside: str, high: int) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDE} {high}" role="img" '
        f'aria-label="{text(chart.title)}">{inside}</svg>'
    )


def _box(n: int, x: float, y: float, wide: float, high: float) -> str:
    return f'<rect {_LOOKS[n % 4]} x="{x}" y="{y}" width="{wide:.1f}" height="{high}"/>'


def _dot(look: str, x: float, y: float, size: float) -> str:
    return f'<circle {look} cx="{x:.1f}" cy="{y:.1f}" r="{size}"/>'


def _stroke(n: int, points: Sequence[str]) -> str:
    colour = _LOOKS[n % 4].rpartition(" ")[2]
    dashes = f' stroke-dasharray="{_DASHES[n % 4]}"' if n % 4 else ""
    return f'<polyline fill="none" {colour} stroke-width="2"{dashes} points="{" ".join(points)}"/>'


def _rule(
    start: tuple[float, float],
    end: tuple[float, float],
    look: str = 'stroke="#bbbbbb"',
    dash: str = "",
) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line {look} stroke-width="{2 if "fill" in look else 1}"{dashes} x1="{start[0]}" '
        f'y1="{start[1]}" x2="{end[0]}" y2="{end[1]}"/>'
    )


def _said(x: float, y: float, words: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12" fill="#111111">'
        f"{text(words)}</text>"
    )


def _key(series: Sequence[Series], *, lines: bool) -> str:
    """Which look is which series; nothing where there is one."""
    if len(series) < 2:
        return ""
    return '<p class="key">' + "".join(
        f'<svg class="chart" viewBox="0 0 30 10" aria-hidden="true">'
        f"{_stroke(n, ['0,5', '30,5']) if lines else _box(n, 0, 0, 30, 10)}</svg>{text(one.name)}"
        for n, one in enumerate(series)
    ) + "</p>"  # fmt: skip


def _bars(chart: Chart) -> str:
    """Lying bars, so that names have room; a number at the end of each."""
    values = [value for one in chart.series for value in one.values if value is not None]
    most = max([*values, Fraction(1) if chart.percent else 1])
    room = _WIDE - _NAME - 70
    rows, y = [], 4
    for place, label in enumerate(chart.labels):
        rows.append(_said(_NAME - 8, y + 13, cut(label, 22), "end"))
        for n, one in enumerate(chart.series):
            value = one.values[place]
            wide = float(max(Fraction(value or 0), Fraction(0)) / most * room)
            rows.append(_box(n, _NAME, y + 2, wide, 13))
            said = paper_chart_words.said(chart, value)
            rows.append(_said(_NAME + wide + 6, y + 13, said))
            y += _ROW
        y += 6
    base = _rule((_NAME, 0), (_NAME, y))
    return _svg(chart, base + "".join(rows), y + 4) + _key(chart.series, lines=False)


def _lines(chart: Chart) -> str:
    """Values over labels from nothing up, and all of them in a table below."""
    values = [value for one in chart.series for value in one.values if value is not None]
    most = Fraction(1) if chart.percent else Fraction(max([*values, 1]))
    most = max(most, *(Fraction(value) for value in values)) if values else most
    step = Fraction(_WIDE - _LEFT - 60, max(len(chart.labels) - 1, 1))
    inside = "".join(_rule((_LEFT, y), (_WIDE - 40, y)) for y in (20, 20 + _HIGH // 2, 20 + _HIGH))
    inside += _said(44, 24, paper_chart_words.said(chart, most), "end") + _said(
        44, 24 + _HIGH, "0%" if chart.percent else "0", "end"
    )
    every = max(1, -(-sum(cell_width(one) + 2 for one in chart.labels) * 7 // (_WIDE - 100)))
    for place, label in enumerate(chart.labels):
        if place % every == 0:
            inside += _said(_LEFT + 20 + float(step * place), _HIGH + 38, label, "middle")
    for n, one in enumerate(chart.series):
        points = [
            (
                _LEFT + 20 + float(step * place),
                20 + float((1 - Fraction(value) / most) * _HIGH),
                value,
            )
            for place, value in enumerate(one.values)
            if value is not None
        ]
        inside += "".join(_stroke(n, run) for run in _together(chart, one, points))
        inside += "".join(_dot(_LOOKS[n % 4], x, y, 3.5) for x, y, _value in points)
        if len(chart.labels) <= 12:
            for x, y, value in points:
                said = paper_chart_words.said(chart, value)
                inside += _said(x, y - 8 if n == 0 else y + 18, said, "middle")
    return _svg(chart, inside, _HIGH + 48) + _key(chart.series, lines=True) + _numbers(chart)


def _together(
    chart: Chart, one: Series, points: Sequence[tuple[float, float, Number]]
) -> Iterator[list[str]]:
    """Runs of points without a gap: a line never leads over a month that was not counted."""
    left, run = iter(points), list[str]()
    for value in one.values[: len(chart.labels)]:
        if value is not None:
            x, y, _value = next(left)
            run.append(f"{x:.1f},{y:.1f}")
        elif run:
            yield run
            run = []
    if run:
        yield run


def _numbers(chart: Chart) -> str:
    heads = "".join(f"<th>{text(label)}</th>" for label in ("", *chart.labels))
    rows = "".join(
        f"<tr><th>{text(one.name)}</th>"
        + "".join(f"<td>{paper_chart_words.said(chart, value)}</td>" for value in one.values)
        + "</tr>"
        for one in chart.series
    )
    return f'<table class="numbers"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _heat(chart: Chart) -> str:
    """A table whose cells are shaded by tenths; the number stands in each."""
    rows = "".join(
        f"<tr><th>{text(one.name)}</th>"
        + "".join(_shaded(chart, value) for value in one.values)
        + "</tr>"
        for one in chart.series
    )
    heads = "".join(f"<th>{text(label)}</th>" for label in ("", *chart.labels))
    return f'<table class="heat"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _shaded(chart: Chart, value: Number | None) -> str:
    said = paper_chart_words.said(chart, value)
    if value is None:
        return f"<td>{said}</td>"
    tenth = min(max(int(Fraction(value) * _SHADES), 0), _SHADES)
    return f'<td class="t{tenth}">{said}</td>'


def _ranks(chart: Chart) -> str:
    """From last month's place at the left to this one's at the right, 1 on top."""
    if len(chart.series) < 2:
        return _numbers(chart)
    before, now = chart.series[0].values, chart.series[1].values
    known = [int(value) for value in (*before, *now) if value is not None]
    left, right = 150, _WIDE - 250
    inside = _said(left, 12, chart.series[0].name, "middle")
    inside += _said(right, 12, chart.series[1].name, "middle")
    shared: dict[tuple[int, Number], int] = {}
    for label, old, new in zip(chart.labels, before, now, strict=True):
        look = _look(old, new)
        ends = [(left, old, 0), (right, new, 1)]
        spots = [(x, 14 + int(value) * (_ROW + 2), value, n) for x, value, n in ends if value]
        if len(spots) == 2:
            inside += _rule(spots[0][:2], spots[1][:2], *_MOVES[look])
        for x, y, value, n in spots:
            inside += _dot(_MOVES[look][0], x, y, 5)
            # Places may be shared: their names stand one after the other.
            along = shared.get((n, value), 0)
            words = f"{value} {cut(label, 20)} {paper_chart_words.moved(old, new)}"
            if n == 0:
                words = str(value) if not along else ""
            inside += _said(x - 12 if n == 0 else x + 12 + along, y + 4, words, ("end", "start")[n])
            shared[n, value] = along + 12 + 7 * cell_width(words)
    return _svg(chart, inside, 30 + (max(known, default=0) + 1) * (_ROW + 2)) + (
        f'<p class="key">{text(_("实线为持平或上升，虚线为下降。"))}</p>'
    )


def _look(before: Number | None, now: Number | None) -> str:
    if before is None or now is None or before == now:
        return "same"
    return "up" if now < before else "down"
