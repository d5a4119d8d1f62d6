"""Small charts for web pages: inline SVG with its numbers written beside, no script."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .web import text

_WIDE, _HIGH = 600, 120
_LEFT, _FOOT = 4, 20


def bar(rate: Fraction | None, of: int = 100) -> str:
    """A rate as a bar; nothing where there is none."""
    if rate is None:
        return ""
    done = min(max(int(rate * of), 0), of)
    return (
        f'<svg class="bar" width="{of}" height="9" aria-hidden="true">'
        f'<rect class="base" width="{of}" height="9"/><rect class="done" width="{done}" '
        'height="9"/></svg>'
    )


def line(title: str, labels: Sequence[str], lines: Sequence[Sequence[Fraction | None]]) -> str:
    """Rates over weeks, from nothing to all; each line has a class of its own."""
    step = Fraction(_WIDE, max(len(labels) - 1, 1))
    drawn = []
    for number, values in enumerate(lines):
        points = [
            f"{_LEFT + float(step * place):.1f},{6 + float((1 - value) * _HIGH):.1f}"
            for place, value in enumerate(values)
            if value is not None
        ]
        dots = "".join(
            '<circle cx="{}" cy="{}" r="2.5"/>'.format(*point.split(",")) for point in points
        )
        drawn.append(f'<g class="line{number}"><polyline points="{" ".join(points)}"/>{dots}</g>')
    rules = "".join(
        f'<line class="rule" x1="{_LEFT}" x2="{_LEFT + _WIDE}" y1="{y}" y2="{y}"/>'
        for y in (6, 6 + _HIGH // 2, 6 + _HIGH)
    )
    return _chart(title, rules + "".join(drawn), labels)


def bars(title: str, labels: Sequence[str], values: Sequence[int]) -> str:
    """Counts over weeks, against the highest of them."""
    most = max((*values, 1))
    wide = Fraction(_WIDE, max(len(values), 1))
    drawn = "".join(
        f'<rect class="done" x="{_LEFT + float(wide * place):.1f}" '
        f'y="{6 + float(_HIGH - Fraction(value * _HIGH, most)):.1f}" '
        f'width="{float(wide * 4 / 5):.1f}" height="{float(Fraction(value * _HIGH, most)):.1f}"/>'
        for place, value in enumerate(values)
    )
    base = 6 + _HIGH
    rule = f'<line class="rule" x1="{_LEFT}" x2="{_LEFT + _WIDE}" y1="{base}" y2="{base}"/>'
    return _chart(title, drawn + rule, labels)


def _chart(title: str, drawn: str, labels: Sequence[str]) -> str:
    foot = 6 + _HIGH + 14
    ends = ""
    if labels:
        ends = f'<text x="{_LEFT}" y="{foot}">{text(labels[0])}</text>'
        if len(labels) > 1:
            last = (
                f'<text x="{_LEFT + _WIDE}" y="{foot}" text-anchor="end">{text(labels[-1])}</text>'
            )
            ends += last
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDE + 2 * _LEFT} {6 + _HIGH + _FOOT}" role="img" '
        f'aria-label="{text(title)}">{drawn}{ends}</svg>'
    )
