"""Bars and words of the standing: lengths, last year's place, changes of a place."""

from __future__ import annotations

import pytest

from fieldkit.text.width import cell_width
from fieldkit.tui import standing_drawing as drawing
from fieldkit.tui.widgets.figure_grid import Cell, FigureGrid, GridRow
from fieldkit.work.standing_sheet import Point


def plain(lines: object) -> list[str]:
    """Lines without their tones."""
    return ["".join(text for text, _tone in line) for line in lines]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("number", "most", "beside", "signs"),
    [
        (0, 0, None, "........"),
        (0, 40, None, "........"),
        (1, 40, None, "=......."),
        (40, 40, None, "========"),
        (20, 40, 40, "====...|"),
        (40, 40, 20, "===|===="),
        (20, 40, 0, "|===...."),
    ],
)
def test_a_number_as_signs(number: int, most: int, beside: int | None, signs: str) -> None:
    """Full only for the largest, never empty for one; the upright is last year."""
    assert drawing.bar(number, most, 8, beside) == signs


def test_the_change_of_a_place_in_a_word() -> None:
    """A smaller number is a better place."""
    words = [drawing.moved(3, before) for before in (None, 3, 5, 1)]
    assert words == ["新进", "平", "升2", "降2"]


def test_a_month_without_figures_keeps_its_line() -> None:
    """The bars of the others are to the same measure."""
    points = [
        Point("2026-09", "published", 10, 20, True),
        Point("2026-10", "missing", None, None, False),
    ]
    lines = plain(drawing.trend(points, 74))
    assert drawing.most_of(points) == 20
    assert lines[1].count("=") == 15
    assert "同期 20" in lines[1]
    assert lines[2].endswith("没有数")


@pytest.mark.parametrize("width", [30, 40, 74, 114])
def test_the_table_is_as_wide_as_the_screen(width: int) -> None:
    """Columns that have no room wait on the right; the cursor's is always in sight."""
    grid = FigureGrid()
    titles = [f"第{n}项指标" for n in range(8)]
    row = GridRow("听枫社区", Cell("齐", "pass"), tuple(Cell(str(n)) for n in range(8)))
    grid.show(titles, [row], row)
    for column in range(8):
        grid.put(0, column)
        lines = plain(grid.lines(width, 10))
        assert len(lines) == 3
        assert all(cell_width(line) <= width for line in lines)
        assert titles[column] in lines[0]
        assert f"{column}]" in lines[1]
