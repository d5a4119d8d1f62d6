"""Tables of anything: a checklist or a Problem, and nothing else."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from fieldkit.domain.expressions import parse
from fieldkit.errors import Problem
from fieldkit.library import folders, schema
from fieldkit.library.positions import compose, plain
from fieldkit.library.xlsform import convert, sheets
from fieldkit.library.xlsform.convert import convert_book
from fieldkit.library.xlsform.notes import Notes
from fieldkit.library.xlsform.xpath_tree import Untranslatable
from fieldkit.library.xlsform.xpath_tree import parse as parse_xpath

from .forms import NOW, faults, saved

HEADERS = st.sampled_from(
    ["type", "name", "label", "label::en", "label::中文 (zh)", "hint", "relevant", "constraint",
     "constraint_message", "required", "calculation", "default", "choice_filter", "repeat_count",
     "parameters", "appearance", "media::image", "list_name", "value", "disabled", "x", "::", ":",
     "bind::", "jr:count", "label::", "bind::jr:constraintMsg", "id"]
)  # fmt: skip
TYPES = st.sampled_from(
    ["text", "integer", "decimal", "date", "range", "note", "calculate", "select_one a", "rank b",
     "select_multiple b or_other", "select_one ${q}", "begin group", "end group", "begin repeat",
     "end repeat", "begin loop over a", "end loop", "start", "image", "hidden", "acknowledge",
     "xml-external", "select_one_from_file a.csv", "form title", "osm", "begin", "select_one"]
)  # fmt: skip
NAMES = st.sampled_from(["q", "Q", "a", "b", "a b", "年", "na", "none", "-1", "1", ".", "${q}", ""])
PIECES = st.sampled_from(
    ["${q}", "${a}", "${b}", "${}", "${", "q", ".", "..", "/", "//", "../q", "/data/q", "'a'",
     '"', "'", "1", "1.", ".5", "-", "+", "*", "=", "!=", "<", "and", "or", "div", "mod", "(", ")",
     ",", "[", "]", "|", "selected(", "if(", "count(", "position(", "jr:choice-name(", "today()",
     "current()", "instance('a')", "regex(", "concat(", "floor(", "@", "::", "child::", "name",
     "once(", "label(", " ", "%", "&&", "\u200b", "\n"]
)  # fmt: skip
EXPRESSIONS = st.lists(PIECES, max_size=12).map("".join)
CELLS: st.SearchStrategy[Any] = st.one_of(
    st.none(), TYPES, NAMES, EXPRESSIONS, st.text(max_size=20), st.booleans(),
    st.floats(allow_nan=True), st.integers(), st.dates(), st.times(), st.datetimes(),
    st.timedeltas(), st.sampled_from(["yes", "start=1 end=0 step=0", "a=b", "=1+1", "#REF!"]),
)  # fmt: skip
ROWS = st.lists(st.tuples(TYPES, NAMES, NAMES, CELLS, EXPRESSIONS, EXPRESSIONS, CELLS), max_size=14)
OPTIONS = st.lists(st.tuples(NAMES, NAMES, CELLS, CELLS), max_size=8)
GRIDS = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(st.lists(CELLS, max_size=6), max_size=6).flatmap(
            lambda rows: st.lists(HEADERS, max_size=8).map(lambda head, rows=rows: [head, *rows])
        )
        for name in ("survey", "choices", "settings", "entities", "external_choices", "x")
    },
)
QUICK = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _holds(grids: dict[str, Any]) -> None:
    notes = Notes()
    try:
        found = convert_book(sheets.book(grids, notes), Path("f.xlsx"), NOW, notes)
    except Problem:
        return
    root, slips = compose(found.yaml)
    assert slips == []
    assert root is not None
    assert plain(root) == found.data
    described = folders.schema()
    assert [slip.message for slip in schema.check(root, described, frozenset())] == []
    assert faults(found.data) == []
    assert all(note.what for note in found.not_supported)


@QUICK
@given(GRIDS)
def test_any_sheets(grids: dict[str, Any]) -> None:
    _holds(grids)


@QUICK
@given(
    ROWS,
    OPTIONS,
    st.permutations(["default", "relevant", "constraint"]),
    st.sampled_from(["calculation", "choice_filter", "repeat_count", "required", "hint", "x"]),
)
def test_any_rows(rows: list[Any], options: list[Any], some: list[str], last: str) -> None:
    head = ["type", "name", "label", *some, last]
    choices = [["list_name", "name", "label", "k"], *options]
    _holds({"survey": [head, *map(list, rows)], "choices": choices})


@QUICK
@given(EXPRESSIONS)
def test_any_expression(text: str) -> None:
    with suppress(Untranslatable):
        parse_xpath(text)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROWS)
def test_any_workbook(tmp_path_factory: Any, rows: list[Any]) -> None:
    path = tmp_path_factory.mktemp("any") / "f.xlsx"
    head = ["type", "name", "label", "default", "relevant", "constraint", "calculation"]
    try:
        saved({"survey": [head, *map(list, rows)]}, path)
    except (ValueError, TypeError, OverflowError, IllegalCharacterError):
        return  # openpyxl writes no control characters and no times beyond its calendar
    try:
        found = convert(path, dt.date(2026, 1, 1))
    except Problem:
        return
    assert found.items > 0


def test_a_very_deep_expression_and_a_very_deep_form() -> None:
    deep = "(" * 5000 + "1" + ")" * 5000
    rows = [["text", "q", "Q", deep], ["text", "r", "R", "-" * 3000 + "1"]]
    _holds({"survey": [["type", "name", "label", "relevant"], *rows]})
    groups = [["begin group", f"g{n}", "G"] for n in range(3000)]
    _holds({"survey": [["type", "name", "label"], *groups, ["text", "q", "Q"]]})
    assert parse("1")
