"""Trial fills: they reach what can be reached, and name what cannot."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from fieldkit.domain import logic, logic_doubts
from fieldkit.domain.applying import presented
from fieldkit.domain.checklist import Checklist
from fieldkit.domain.filling import DAY, Coverage, cover
from fieldkit.domain.form import State, form_of
from fieldkit.domain.items import Context, of
from fieldkit.domain.matching import sample
from fieldkit.domain.scoring import score
from fieldkit.library.folders import shipped
from fieldkit.library.load import load_file
from fieldkit.library.normal import normalised

GOOD = sorted(shipped().glob("*.yaml"))


def made(*items: dict[str, Any], **more: Any) -> Checklist:
    """A record with these items."""
    doc: dict[str, Any] = {
        "id": "trial",
        "version": "2026.01",
        "kind": "record",
        "title": "试",
        "sections": [{"id": "one", "title": "一", "items": list(items)}],
    }
    return Checklist.from_doc(normalised(doc | more))


def choice(name: str, *ids: str, **more: Any) -> dict[str, Any]:
    """A choice with options of these ids."""
    options = [{"id": one, "title": one} for one in ids]
    return {"id": name, "text": name, "type": "choice", "params": {"options": options}, **more}


def item(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    """An item that is called by its id."""
    return {"id": name, "text": name, "type": kind, **more}


def missed(found: Coverage) -> set[tuple[str, str]]:
    """What was not reached."""
    return {(goal.item, goal.what) for goal in found.unreached}


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_shipped_lists_are_reached_in_full(path: Any) -> None:
    """Every branch of every list that ships; each fill stands by itself and can be scored."""
    checklist = load_file(path)
    found = cover(checklist)
    assert found.unreached == ()
    assert len(found.reached) > len(checklist.items)
    for fill in found.fills:
        state = State(form_of(checklist, fill.mode), DAY.isoformat(), fill.answers)
        shown = presented(state)
        asked = {one.id: one for one in shown.items}
        assert set(fill.answers) <= set(asked)
        for path_, value in fill.answers.items():
            one = asked[path_]
            assert of(one.type).read(value, one, Context(fill.mode, DAY)) == value
        result = score(checklist, fill.mode, DAY, fill.answers, shown)
        assert result.ratio is None or 0 <= result.ratio <= 1
        assert result.grade == fill.grade
        kept = None if result.ratio is None else int(result.ratio * 1000)
        assert kept == fill.ratio


def test_same_seed_same_fills() -> None:
    """The trial is the same on every computer."""
    checklist = load_file(GOOD[3])
    assert cover(checklist, seed=7) == cover(checklist, seed=7)


def test_conditions_in_a_row_are_walked_down() -> None:
    """An item behind an item behind an item, with numbers that chance does not hit."""
    found = cover(
        made(
            choice("A", "a", "b"),
            choice("B", "x", "y", relevant="${A} = 'a'"),
            item("C", "count", relevant="${B} = 'y'", constraint=". mod 7 = 3", message="不行"),
            item("D", relevant="${C} > 4000 and ${C} < 6000"),
        )
    )
    assert missed(found) == set()


def test_repeats_have_none_one_and_three() -> None:
    """Sums over instances, conditions within them, and how many there are."""
    checklist = made(
        item(
            "R",
            "repeat",
            params={"most": 6},
            items=[
                item("area", "number", constraint=". > 0 and . < 500", message="不行"),
                item("why", relevant="${area} > 100 and position() = 2"),
            ],
        ),
        item("T", "calculated", calculate="sum(${area})"),
        item("F", relevant="${T} > 900"),
        item("J", "calculated", calculate="if(${T} > 1000, 1, if(${T} > 200, 2, 3))"),
    )
    found = cover(checklist)
    assert missed(found) == set()
    assert {fill.answers.get("R") for fill in found.fills} >= {"0", "1", "3"}
    assert any("R[3].area" in fill.answers for fill in found.fills)


def test_texts_for_patterns_and_lengths_and_days() -> None:
    """Constraints that no word off the shelf fits."""
    found = cover(
        made(
            item("A", constraint="regex(., '^[A-Z]{2}-[0-9]{3,5}$')", message="不行"),
            item("B", constraint="string-length(.) = 17", message="不行"),
            item("C", "date", constraint=". <= today() and . > today() - 90", message="不行"),
            item("D", relevant="date-diff(today(), ${C}) >= 60"),
        )
    )
    assert missed(found) == set()


@pytest.mark.parametrize(
    "pattern",
    [
        "^[0-9A-Za-z-]+(、[0-9A-Za-z-]+){0,2}$",
        "^([01][0-9]|2[0-3]):[0-5][0-9]$",
        r"^\d{4}-\d{2}$",
        "^(?:东|西)区[^0-9]{2}$",
        "a|b?c*",
        r"^\+?[0-9 ]{7,}$",
    ],
)
@pytest.mark.parametrize("spare", [0, 1, 2])
def test_sample_fits_its_pattern(pattern: str, spare: int) -> None:
    """What is made from a pattern is taken by it."""
    assert re.search(pattern, sample(pattern, spare))


@pytest.mark.parametrize(
    "pattern", ["", "(", "[", "a{", "\\", "(((((", "[^", "a{99999}", "*", ")a"]
)
def test_sample_of_nonsense_ends(pattern: str) -> None:
    """No pattern keeps the walk from ending."""
    assert len(sample(pattern, 2)) <= 200


def test_what_can_never_be_is_told_once() -> None:
    """A dead item with its condition; what hangs on it is not told again."""
    found = cover(
        made(
            choice("A", "a", "b"),
            choice("B", "x", "y", relevant="${A} = 'a'"),
            item(
                "G",
                "group",
                relevant="${A} = 'b' and ${B} = 'y'",
                items=[item("H"), choice("I", "p", "q")],
            ),
        )
    )
    assert missed(found) == {("G", "asked")}
    goal = found.unreached[0]
    assert found.conditions[goal] == "${A} = 'b' and ${B} = 'y'"
    assert goal.said.endswith("问到")


def test_dead_options_and_idle_constraints_are_told() -> None:
    """A filter that lets an option through never; a constraint that nothing breaks."""
    lists = {"t": [{"id": "a", "title": "甲", "k": "1"}, {"id": "b", "title": "乙", "k": "9"}]}
    found = cover(
        made(
            choice("A", "1", "2"),
            item("B", "choice", params={"list": "t", "filter": "k = ${A}"}),
            item("C", "count", constraint=". >= 0", message="不行"),
            item("D", "count", constraint=". < 0", message="不行"),
            lists=lists,
        )
    )
    assert missed(found) == {("B", "option b"), ("C", "broken"), ("D", "holds")}


def test_grades_and_vetoes() -> None:
    """A critical item that cannot fail never vetoes; one weight reaches no grade between."""
    base = {
        "kind": "inspection",
        "nature": "guidance",
        "critical_effect": "ineligible",
        "sources": {"S": "方案"},
        "grades": [
            {"id": "top", "title": "优", "at_least": 90},
            {"id": "mid", "title": "中", "at_least": 60},
            {"id": "low", "title": "差", "at_least": 0},
        ],
    }
    more = {"criterion": "可见", "source": ["S 一"]}
    found = cover(
        made(
            item("A", "check", weight=100, **more),
            item("B", "count", critical=True, params={"at_least": 0}, **more),
            **base,
        )
    )
    assert missed(found) == {("", "grade mid"), ("B", "veto")}


def test_items_of_the_wrong_visit_are_never_asked() -> None:
    """A covert item in an open group is for no visit at all."""
    found = cover(
        made(item("G", "group", mode="open", items=[item("H", mode="covert"), item("I")]))
    )
    assert missed(found) == {("H", "asked")}


def test_many_items_and_towns_end_soon() -> None:
    """A form of hundreds of items with a long list of towns is bounded work."""
    rows = [{"id": f"t{n}", "title": f"镇{n}"} for n in range(3000)]
    items = [
        item(f"Q{n}", "count", relevant=f"${{Q{n - 1}}} = 7" if n % 5 else "true()")
        for n in range(150)
    ]
    town = item("T", "choice", params={"list": "towns"})
    found = cover(made(town, *items, lists={"towns": rows}))
    assert missed(found) == set()


def dead(*items: dict[str, Any]) -> list[tuple[str, str]]:
    """Items that are certainly never asked."""
    entries = logic.sketch(made(*items))
    assert list(logic.errors(entries)) == []
    return [(fault.item, fault.code) for fault in logic_doubts.unreachable(entries)]


def test_contradictions_are_certain() -> None:
    """Two options of one choice, numbers that exclude each other, constants, groups around."""
    base = (choice("A", "a", "b"), item("N", "count"), item("K", "check"))
    never = [
        "${A} = 'a' and ${A} = 'b'",
        "'b' = ${A} and ${A} = 'a'",
        "${A} = 'a' and ${A} != 'a'",
        "(${A} = 'a' and ${A} = 'b') or (${K} = 'pass' and ${K} = 'fail')",
        "${N} > 5 and ${N} < 3",
        "${N} > 5 and ${N} <= 5",
        "${N} = 1 and 2 = ${N}",
        "1 = 2",
        "false() and ${N} > 1",
        "not(true())",
    ]
    for condition in never:
        assert dead(*base, item("X", relevant=condition)) == [("X", "never-asked")], condition
    inside = [item("X", relevant="${A} = 'b'"), item("Y", relevant="${A} = 'a'")]
    group = item("G", "group", relevant="${A} = 'a'", items=inside)
    assert dead(*base, group) == [("X", "never-asked")]
    whole = item("G", "group", relevant="1 = 2", items=[item("X", relevant="1 = 2")])
    assert dead(*base, whole) == [("G", "never-asked")]


def test_possible_conditions_are_left_alone() -> None:
    """What may hold is not doubted: several answers, instances, days, ways beyond counting."""
    several = {**choice("M", "a", "b"), "type": "choices"}
    room = item("R", "repeat", items=[choice("use", "a", "b"), item("size", "count")])
    base = (choice("A", "a", "b"), item("N", "count"), several, room)
    possible = [
        "${A} = 'a' or ${A} = 'b'",
        "${N} >= 5 and ${N} <= 5",
        "${N} > 1 and ${N} < 2",
        "selected(${M}, 'a') and selected(${M}, 'b')",
        "${use} = 'a' and ${use} = 'b'",
        "${size} > 5 and ${size} < 3",
        "${N} = '' and ${A} = ''",
        "today() > '2026-01-01'",
        " and ".join(f"(${{A}} = 'a' or ${{N}} = {n})" for n in range(12)),
    ]
    for condition in possible:
        assert dead(*base, item("X", relevant=condition)) == [], condition


def test_what_is_called_dead_was_never_reached() -> None:
    """The rules and the search agree on a list with both kinds."""
    checklist = made(
        choice("A", "a", "b", "c"),
        item("X", relevant="${A} = 'a' and ${A} = 'b'"),
        item("Y", relevant="${A} != 'a' and ${A} != 'b'"),
    )
    entries = logic.sketch(checklist)
    list(logic.errors(entries))
    told = {fault.item for fault in logic_doubts.unreachable(entries)}
    assert told == {name for name, _what in missed(cover(checklist))} == {"X"}


def test_a_day_of_ones_own() -> None:
    """The trial may be of any day, and every share is one of the possible points."""
    checklist = load_file(GOOD[0])
    found = cover(checklist, day=date(2024, 2, 29))
    assert all(f.ratio is None or 0 <= Fraction(f.ratio, 1000) <= 1 for f in found.fills)
