"""Charts in a document's workbook: the program's own, each on a sheet beside its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from fieldkit.report import cells, paper_chart_words
from fieldkit.report.ooxml import FANGSONG, HEI
from fieldkit.report.paper import Chart, Number, Series
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from fieldkit.report.paper_xlsx import Book

_COLOURS = ("#1F4E79", "#C55A11", "#548235", "#7F6000")
_DASHES = ("solid", "dash", "round_dot", "long_dash")
_MARKERS = ("circle", "square", "triangle", "diamond")
_PATTERNS = ("", "wide_upward_diagonal", "dotted_grid", "horizontal_brick")
_HEAD = 2
"""Rows above the first number: the title, the heads."""
_FONT = {"name": FANGSONG, "size": 10}


def chart(book: Book, one: Chart) -> None:
    """One chart with its numbers on a sheet of its own."""
    sheet = book.sheet(one.title, wide=True)
    title = book.format(font_name=HEI, font_size=14)
    book.text(sheet, 0, 0, one.title, title)
    if one.kind == "heat":
        across, height = _heat(book, sheet, one), len(one.series)
    else:
        across, height = _numbers(book, sheet, one), len(one.labels)
        if one.labels:
            _draw(book, sheet, one, across + 1)
    sheet.freeze_panes(_HEAD, 1)
    sheet.repeat_rows(1)
    sheet.fit_to_pages(1, 0 if height > 60 else 1)


def _heads(book: Book, sheet: Worksheet, words: Sequence[str]) -> None:
    style = book.format(font_name=HEI, align="center", border=1, text_wrap=True, bg_color="#DDEBF7")
    for n, word in enumerate(words):
        sheet.set_column(n, n, min(max(cell_width(word) + 2, 10 if n else 18), 40))
        book.text(sheet, 1, n, word, style)


def _number(
    book: Book, sheet: Worksheet, at: tuple[int, int], one: Chart, value: Number | None
) -> None:
    said = paper_chart_words.said(one, value)
    held = cells.number(said, "decimal")
    if value is None and one.kind != "heat":
        # Left empty: a dash would be drawn as nothing, at the foot of the chart.
        sheet.write_blank(*at, None, book.format(border=1))
    elif held is None:
        book.text(sheet, *at, said, book.format(border=1, align="center"))
    else:
        style = book.format(border=1, align="right", num_format=held.format)
        sheet.write_number(*at, held.value, style)


def _heat(book: Book, sheet: Worksheet, one: Chart) -> int:
    """A row a series, a column a label, shaded from white to blue; the number stays readable."""
    _heads(book, sheet, ("", *one.labels))
    name = book.format(border=1)
    for n, series in enumerate(one.series):
        book.text(sheet, _HEAD + n, 0, series.name, name)
        for place, value in enumerate(series.values):
            _number(book, sheet, (_HEAD + n, 1 + place), one, value)
    if one.series and one.labels:
        scale = {
            "type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#8DB4E2",
            "min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1,
        }  # fmt: skip
        last = _HEAD + len(one.series) - 1
        sheet.conditional_format(_HEAD, 1, last, len(one.labels), scale)
    return len(one.labels) + 1


def _numbers(book: Book, sheet: Worksheet, one: Chart) -> int:
    """A row a label; gives how many columns there are."""
    heads = ["", *(series.name for series in one.series)]
    ranks = one.kind == "ranks" and len(one.series) > 1
    _heads(book, sheet, [*heads, _("升降")] if ranks else heads)
    name, middle = book.format(border=1), book.format(border=1, align="center")
    for n, label in enumerate(one.labels):
        book.text(sheet, _HEAD + n, 0, label, name)
        for place, series in enumerate(one.series):
            _number(book, sheet, (_HEAD + n, 1 + place), one, series.values[n])
        if ranks:
            words = paper_chart_words.moved(one.series[0].values[n], one.series[1].values[n])
            book.text(sheet, _HEAD + n, len(heads), words, middle)
    return len(heads) + ranks


def _draw(book: Book, sheet: Worksheet, one: Chart, column: int) -> None:
    drawn = book.book.add_chart({"type": "column" if one.kind == "bars" else "line"})
    for series in _places(sheet, one) if one.kind == "ranks" else _lines(sheet, one):
        drawn.add_series(series)
    drawn.set_title({"name": shown(one.title), "name_font": {"name": HEI, "size": 13}})
    drawn.set_legend({"position": "bottom", "font": _FONT, "none": one.kind == "ranks"})
    drawn.set_x_axis(
        {"num_font": _FONT} | ({"label_position": "high"} if one.kind == "ranks" else {})
    )
    drawn.set_y_axis(_axis(one))
    wide = min(max(640, 44 * len(one.labels)), 1400)
    high = max(380, 18 * len(one.labels)) if one.kind == "ranks" else 380
    drawn.set_size({"width": 640 if one.kind == "ranks" else wide, "height": high})
    sheet.insert_chart(1, column, drawn, {"description": shown(one.title)})


def _lines(sheet: Worksheet, one: Chart) -> Iterator[dict[str, Any]]:
    """A line or a row of bars a series, never told from another by its colour alone."""
    name, last = sheet.get_name(), _HEAD + len(one.labels) - 1
    for n, series in enumerate(one.series):
        yield {
            "name": [name, 1, 1 + n],
            "categories": [name, _HEAD, 0, last, 0],
            "values": [name, _HEAD, 1 + n, last, 1 + n],
            **_look(one, n, series),
        }


def _look(one: Chart, n: int, series: Series) -> dict[str, Any]:
    colour = _COLOURS[n % 4]
    told: dict[str, Any] = {}
    if len(series.values) <= 12:
        told = {"data_labels": {"value": True, "font": _FONT}}
    if one.kind == "bars":
        pattern = _PATTERNS[n % 4]
        fill: dict[str, Any] = {"fill": {"color": colour}}
        if pattern:
            fill = {"pattern": {"pattern": pattern, "fg_color": colour, "bg_color": "#FFFFFF"}}
        return {**fill, "border": {"color": colour}, **told}
    if told:
        told["data_labels"]["position"] = "above" if n == 0 else "below"
    marker = {
        "type": _MARKERS[n % 4], "size": 6, "fill": {"color": colour}, "border": {"color": colour},
    }  # fmt: skip
    line = {"color": colour, "width": 2, "dash_type": _DASHES[n % 4]}
    return {"line": line, "marker": marker, **told}


def _places(sheet: Worksheet, one: Chart) -> Iterator[dict[str, Any]]:
    """A line a place from last month's to this one's: up is solid, down is broken."""
    name, months = sheet.get_name(), len(one.series)
    for n in range(len(one.labels)):
        known = [series.values[n] for series in one.series]
        first, last = known[0], known[-1]
        moved = 0 if first is None or last is None else (last > first) - (last < first)
        colour = ("#7F7F7F", "#C55A11", "#1F4E79")[moved]
        yield {
            "name": [name, _HEAD + n, 0],
            "categories": [name, 1, 1, 1, months],
            "values": [name, _HEAD + n, 1, _HEAD + n, months],
            "line": {"color": colour, "width": 2, "dash_type": "dash" if moved > 0 else "solid"},
            "marker": {"type": "circle", "size": 7, "fill": {"color": colour}},
            "data_labels": {
                "value": True, "series_name": True, "position": "right", "font": _FONT,
                "separator": " ", "custom": [{"delete": True}] * (months - 1),
            },
        }  # fmt: skip


def _axis(one: Chart) -> dict[str, Any]:
    """The upright axis: from nothing up; places from 1 down."""
    known = [value for series in one.series for value in series.values if value is not None]
    axis: dict[str, Any] = {"num_font": _FONT, "major_gridlines": {"visible": one.kind != "ranks"}}
    if one.kind == "ranks":
        return axis | {"reverse": True, "min": 1, "major_unit": max(1, len(one.labels) // 10)}
    if all(value >= 0 for value in known):
        axis["min"] = 0
    if one.percent:
        axis |= {"num_format": "0%"} | ({"max": 1} if max(known, default=0) <= 1 else {})
    return axis
