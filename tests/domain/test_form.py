"""Forms in use: conditions, repeats, values; step by step the same as all at once."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.domain.applying import allowed, presented
from fieldkit.domain.checklist import Checklist, Item, Option, Section
from fieldkit.domain.form import Form, State
from fieldkit.domain.logic import doubts, errors, faults, order, sketch
from fieldkit.domain.presenting import Presented, present
from fieldkit.errors import Problem

from .random_lists import ANSWERS, checklist, flat, item, lists, paths

DAY = "2026-11-22"


def asked(whole: Checklist, answers: dict[str, str], mode: str = "open") -> list[str]:
    """The addresses that are asked."""
    return [it.id for it in present(whole, mode, DAY, answers).items]


def made(whole: Checklist, answers: dict[str, str], mode: str = "open") -> dict[str, str]:
    """What is calculated."""
    return dict(present(whole, mode, DAY, answers).calculated)


def calc(name: str, source: str, **more: Any) -> Item:
    """A calculated item."""
    return item(name, "calculated", calculate=source, **more)


def test_form_relevance_chain() -> None:
    """An answer behind a condition counts as empty, however long the chain, and is kept."""
    whole = flat(
        item("A"), item("B", relevant="${A} = 'fail'"), item("C", relevant="${B} = 'fail'"),
        calc("D", "concat('<', ${C}, '>')"),
    )  # fmt: skip
    answers = {"A": "fail", "B": "fail", "C": "pass"}
    state = State(Form(whole, "open"), DAY, answers)
    assert presented(state).calculated == {"D": "<pass>"}
    state.set("A", "pass")
    assert [it.id for it in presented(state).items] == ["A", "D"]
    assert presented(state).calculated == {"D": "<>"}
    assert state.answers == answers | {"A": "pass"}
    state.set("A", "fail")
    assert presented(state).calculated == {"D": "<pass>"}


def test_form_groups_and_sections() -> None:
    """A condition holds for everything below it; ids of groups do not appear in addresses."""
    whole = checklist(
        Section("s", "节", (
            item("G", "group"),
            item("H", "group", parent="G", relevant="${X} = 'pass'"),
            item("I", parent="H"),
            item("J", parent="G"),
        ), relevant="${Y} = 'pass'"),
        Section("t", "节", (item("X", section="t"), item("Y", section="t"))),
    )  # fmt: skip
    assert asked(whole, {}) == ["X", "Y"]
    assert asked(whole, {"Y": "pass"}) == ["G", "J", "X", "Y"]
    assert asked(whole, {"Y": "pass", "X": "pass"}) == ["G", "H", "I", "J", "X", "Y"]
    assert asked(whole, {"Y": "fail", "X": "pass"}) == ["X", "Y"]


def rooms(**more: Any) -> Checklist:
    """Rooms with areas and names."""
    return flat(
        item("rooms", "repeat", **more),
        item("area", "number", parent="rooms"),
        item("name", "text", parent="rooms", relevant="${area} > 5"),
        calc("nth", "position()", parent="rooms"),
        calc("share", "round(${area} div ${total} * 100)", parent="rooms"),
        calc("total", "sum(${area})"), calc("many", "count(${area})"),
        calc("names", "join('、', ${name})"), calc("number", "${rooms}"),
    )  # fmt: skip


def test_form_repeat() -> None:
    """Each instance is asked; outside it, a name is the list of all that are asked."""
    answers = {
        "rooms": "2", "rooms[1].area": "10", "rooms[2].area": "30", "rooms[3].area": "60",
        "rooms[1].name": "甲", "rooms[2].name": "乙",
    }  # fmt: skip
    whole = rooms()
    assert asked(whole, {}) == ["rooms", "total", "many", "names", "number"]
    assert made(whole, {}) == {"total": "0", "many": "0", "names": "", "number": "0"}
    got = made(whole, answers)
    assert got["total"] == "40"
    assert got["many"] == "2"
    assert got["names"] == "甲、乙"
    assert got["rooms[1].share"] == "25"
    assert got["rooms[2].nth"] == "2"
    assert got["number"] == "2"
    assert asked(whole, answers)[:5] == [
        "rooms", "rooms[1].area", "rooms[1].name", "rooms[1].nth", "rooms[1].share"
    ]  # fmt: skip
    # It grows with what was kept, and shrinks.
    assert made(whole, answers | {"rooms": "3"})["total"] == "100"
    assert made(whole, answers | {"rooms": "1"})["rooms[1].share"] == "100"
    # A name that is not asked leaves no gap.
    assert made(whole, answers | {"rooms[1].area": "5"})["names"] == "乙"


def test_form_repeat_bounds() -> None:
    """The number stays within least and most, and within what anybody can walk through."""
    assert made(rooms(params={"least": 2}), {})["number"] == "2"
    assert made(rooms(params={"most": 3}), {"rooms": "9"})["number"] == "3"
    assert made(rooms(params={"least": 2}), {"rooms": "na"})["number"] == "2"
    assert made(rooms(), {"rooms": "1000000000"})["number"] == "200"
    assert made(rooms(params={"least": 10**9, "most": 10**9}), {})["number"] == "200"
    assert made(rooms(params={"least": -5}), {"rooms": "-7"})["number"] == "0"


def test_form_repeat_count_expression() -> None:
    """A number that follows from elsewhere is not asked for."""
    whole = flat(
        item("floors", "count"), item("lifts", "repeat", count="${floors} div 2"),
        item("ok", parent="lifts"), calc("good", "count(${ok})"),
    )  # fmt: skip
    shown = present(whole, "open", DAY, {"floors": "5", "lifts[2].ok": "pass", "lifts": "9"})
    assert shown.calculated == {"lifts": "2", "good": "1"}
    assert [it.id for it in shown.items][1:4] == ["lifts", "lifts[1].ok", "lifts[2].ok"]
    assert present(whole, "open", DAY, {}).calculated == {"lifts": "0", "good": "0"}


def nested(**more: Any) -> Checklist:
    """Rooms in floors in houses."""
    return flat(
        item("house", "repeat", **more), item("floor", "repeat", parent="house", **more),
        item("room", "repeat", parent="floor", **more), item("area", "number", parent="room"),
        calc("here", "sum(${area})", parent="floor"), calc("all", "sum(${area})"),
        calc("rooms", "sum(${room})"),
    )  # fmt: skip


def test_form_repeat_nested() -> None:
    """A name means all instances within what both stand in."""
    answers = {
        "house": "2", "house[1].floor": "2", "house[2].floor": "1",
        "house[1].floor[1].room": "1", "house[1].floor[2].room": "2", "house[2].floor[1].room": "1",
        "house[1].floor[1].room[1].area": "1", "house[1].floor[2].room[1].area": "2",
        "house[1].floor[2].room[2].area": "4", "house[2].floor[1].room[1].area": "8",
        "house[2].floor[2].room[1].area": "16",
    }  # fmt: skip
    got = made(nested(), answers)
    assert got["house[1].floor[2].here"] == "6"
    assert got["house[2].floor[1].here"] == "8"
    assert got["all"] == "15"
    assert got["rooms"] == "4"


def test_form_repeats_do_not_explode() -> None:
    """Two hundred times two hundred times two hundred is nobody's form: it is cut short."""
    started = time.perf_counter()
    state = State(Form(nested(params={"least": 200}), "open"), DAY, {})
    assert len(state.live) < 300_000
    assert time.perf_counter() - started < 10
    wide = flat(item("r", "repeat", params={"least": 200}),
                *(item(f"i{n}", parent="r", relevant="1") for n in range(5000)))  # fmt: skip
    assert len(State(Form(wide, "open"), DAY, {}).live) < 200_000


def test_form_zero_is_false() -> None:
    """A number that was answered or calculated is a number in conditions: 0 does not hold."""
    whole = flat(
        item("N", "count"), item("M", "number"), calc("C", "${N} * 2"), calc("T", "'0'"),
        item("X", relevant="${N}"), item("Y", relevant="${C}"), item("Z", relevant="${M}"),
        item("W", relevant="${T}"),
    )  # fmt: skip
    assert asked(whole, {"N": "0", "M": "0"})[4:] == ["W"]
    assert asked(whole, {"N": "1", "M": "-0.5"})[4:] == ["X", "Y", "Z", "W"]


def test_form_calculated_exact() -> None:
    """Calculations go on with what was exact, not with six places."""
    whole = flat(
        calc("third", "1 div 3"), calc("one", "${third} * 3 = 1"), calc("no", "not(${one})")
    )
    assert made(whole, {}) == {"third": "0.333333", "one": "true", "no": "false"}


def test_form_constraints() -> None:
    """``.`` is the answer that is tried; na and unseen are never refused."""
    whole = flat(
        item("A", "number", constraint=". >= ${B} and ${A} < 100", message="至少 ${B}"),
        item("B", "number"), item("R", "ratio", params={"at_least": 80}, constraint=". >= 1 div 3"),
    )  # fmt: skip
    state = State(Form(whole, "open"), DAY, {"B": "10", "A": "3", "R": "1/3"})
    assert presented(state).violated == {"A": "至少 10"}
    assert allowed(state, "A", "9") == "至少 10"
    assert allowed(state, "A", "10") is None
    assert allowed(state, "A", "100") == "至少 10"
    assert allowed(state, "A", "na") is None
    assert allowed(state, "R", "1/4") == ""
    assert allowed(state, "nothing", "1") is None


def test_form_defaults_and_required() -> None:
    """Defaults are proposed where nothing was answered; required may be an expression."""
    whole = flat(
        item("A", "number", default="${B} + 1"), item("B", "count"),
        item("C", required_if="${B} > 1"), item("D", "text", default="${E}"), item("E", "text"),
    )  # fmt: skip
    shown = present(whole, "open", DAY, {"B": "2"})
    assert shown.proposed == {"A": "3"}
    assert [it.required for it in shown.items if it.id == "C"] == [True]
    shown = present(whole, "open", DAY, {"A": "7", "B": "1", "E": "x"})
    assert shown.proposed == {"D": "x"}
    assert [it.required for it in shown.items if it.id == "C"] == [False]


def test_form_read_only() -> None:
    """What is read-only takes its default; a calculation stays what it is."""
    whole = flat(
        item("A", "text", default="'x'", read_only=True), calc("B", "${A}", read_only=True)
    )
    assert made(whole, {"A": "y"}) == {"A": "x", "B": "x"}


def test_form_filters() -> None:
    """Only the rows that the filter lets through may be chosen; columns and answers meet."""
    rows = (
        Option("a", "甲", columns={"county": "c1"}),
        Option("b", "乙", columns={"county": "c2"}),
    )
    params = {"list": "towns", "filter": "county = ${C} or id = 'b' and title = '丙'"}
    whole = flat(item("C", "text"), item("T", "choice", params=params, listed=rows, text="在 ${T}"))

    def of(answers: dict[str, str]) -> tuple[list[str], str]:
        known = {it.id: it for it in present(whole, "open", DAY, answers).items}["T"]
        return [option.id for option in known.options], known.text

    assert of({}) == ([], "在 ")
    assert of({"C": "c2", "T": "b"}) == (["b"], "在 乙")
    assert of({"C": "c1", "T": "b"}) == (["a"], "在 乙")


def test_form_large_list_is_filtered_quickly() -> None:
    """Twenty thousand rows take no second."""
    rows = tuple(Option(f"r{n}", f"镇{n}", columns={"c": f"c{n % 100}"}) for n in range(20_000))
    whole = flat(
        item("C", "text"),
        item("T", "choice", params={"list": "t", "filter": "c = ${C}"}, listed=rows),
    )
    started = time.perf_counter()
    shown = present(whole, "open", DAY, {"C": "c7", "T": "r7"})
    assert time.perf_counter() - started < 2
    assert len(shown.items[1].options) == 200


def test_form_texts() -> None:
    """An answer in words is put into the texts, that of the same instance in a repeat."""
    whole = flat(
        item("A", "choice"), item("R", "repeat", text="${A}？"), item("N", "text", parent="R"),
        item("Q", parent="R", text="${N} 好吗", criterion="${ A }${nowhere}"), calc("Z",
            "label(${A})"),
    )  # fmt: skip
    shown = present(whole, "open", DAY, {"A": "a", "R": "1", "R[1].N": "张 $1 \\1"})
    by_id = {it.id: it for it in shown.items}
    assert by_id["R"].text == "甲？"
    assert by_id["R[1].Q"].text == "张 $1 \\1 好吗"
    assert by_id["R[1].Q"].criterion == "甲"
    assert shown.calculated["Z"] == "甲"


def test_form_other_mode() -> None:
    """An item of another kind of visit is empty, and so is what stands in it."""
    whole = flat(
        item("A", mode="covert", relevant="true()"), item("B", relevant="${A} = ''"),
        item("G", "repeat", mode="covert", count="2"), item("H", parent="G"),
        calc("K", "count(${H}) + ${G}"),
    )  # fmt: skip
    answers = {"A": "pass", "G[1].H": "pass"}
    assert asked(whole, answers) == ["B", "K"]
    assert asked(whole, answers, "covert") == ["A", "G", "G[1].H", "G[2].H", "K"]
    assert State(Form(whole, "open"), DAY, answers).live == {(1, ()), (4, ())}


def test_form_plain_is_left_alone() -> None:
    """A list that uses nothing of this is shown as it is."""
    whole = flat(item("A"), item("B", mode="covert"))
    assert present(whole, "open", DAY, {}) == Presented(whole.for_mode("open"), {}, {}, {})


def test_form_addresses() -> None:
    """Only the one spelling of an address means something."""
    whole = flat(
        item("a..b", "repeat"), item("r.1-x", "repeat", parent="a..b"), item("甲", parent="r.1-x")
    )
    form = Form(whole, "open")
    for path in ("a..b", "a..b[2].r.1-x", "a..b[2].r.1-x[10].甲"):
        key = form.key(path)
        assert key is not None
        assert form.path(key) == path
    for path in ("", "甲", "a..b[1].甲", "a..b[01].r.1-x", "a..b[0].r.1-x", "r.1-x[1].甲",
        "x[1].y", "[1].甲",
                 "a..b[1]r.1-x", "a..b[１].r.1-x", "a..b[1].r.1-x[1].甲 ", "a" * 400,
                 "a[1]." * 80):  # fmt: skip
        assert form.key(path) is None


def same(one: State, other: State) -> None:
    """Nothing tells two states apart."""
    assert one.live == other.live
    assert one.made == other.made
    assert one.counts == other.counts
    assert presented(one) == presented(other)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_form_law_step_by_step(data: st.DataObject) -> None:
    """Whatever the list and the answers: a change leads where a fresh start leads."""
    whole = data.draw(lists())
    assert not list(faults(whole))
    form = Form(whole, data.draw(st.sampled_from(("open", "covert"))))
    stepwise, told = State(form, DAY, {}), State(form, DAY, {})
    answers: dict[str, str] = {}
    for _ in range(data.draw(st.integers(1, 8))):
        path = data.draw(paths(whole))
        value = data.draw(st.none() | st.sampled_from(ANSWERS))
        answers = {name: kept for name, kept in answers.items() if name != path}
        if value is not None:
            answers[path] = value
        stepwise.set(path, value)
        if data.draw(st.booleans()):
            told.change(answers)
        fresh = State(form, DAY, answers)
        same(stepwise, fresh)
    told.change(answers)
    same(told, fresh)


def test_form_evaluates_only_dependants() -> None:
    """An answer costs its own item and what is made from it, not the rest of the list."""
    many = [item(f"x{n}", relevant="${A} = 'pass'") for n in range(50)]
    whole = flat(item("A"), item("B", relevant="true()"), item("C"), *many,
                 calc("S", "concat(${x1}, ${x2})"), calc("T", "${S}"), calc("U",
                     "${T}"))  # fmt: skip
    state = State(Form(whole, "open"), DAY, {"A": "pass"})
    assert state.evaluated == 54

    def cost(path: str, value: str | None) -> int:
        before = state.evaluated
        state.set(path, value)
        return state.evaluated - before

    assert cost("C", "pass") == 0
    assert cost("B", "pass") == 1
    assert cost("x9", "pass") == 1
    assert cost("x1", "pass") == 4
    # What comes to the same goes no further.
    assert cost("x1", "pass") == 0
    assert cost("nowhere", "1") == 0
    assert cost("x1", "fail") == 4
    assert cost("A", "na") == 53


def test_form_growing_leaves_the_others() -> None:
    """One more instance costs that instance and what is made from all."""
    whole = flat(
        item("R", "repeat"),
        item("N", "number", parent="R"),
        calc("D", "${N} * 2", parent="R"),
        calc("S", "sum(${D})"),
    )
    state = State(Form(whole, "open"), DAY, {"R": "100"})
    before = state.evaluated
    state.set("R", "101")
    assert state.evaluated - before <= 3


CIRCLES: dict[str, tuple[Item, ...]] = {
    "itself": (item("A", relevant="${A} = 'pass'"),),
    "its dot": (calc("A", ". + 1"),),
    "its dot in a count": (item("A", "repeat", count=". + 1"), item("B", parent="A")),
    "two conditions": (item("A", relevant="${B} = 1"), item("B", relevant="${A} = 1")),
    "a value and a condition": (calc("A", "${B}"), item("B", relevant="${A} = 1")),
    "three values": (calc("A", "${B}"), calc("B", "${C}"), calc("C", "${A}")),
    "a group's own item": (item("A", "group", relevant="${B} = 1"), item("B", parent="A")),
    "a repeat's own item": (item("A", "repeat", count="${B}"), item("B", "count", parent="A")),
    "sums and shares": (
        item("A", "repeat", count="${C}"), item("B", "count", parent="A"), calc("C", "sum(${B})"),
    ),
    "a label": (calc("A", "label(${B})"), calc("B", "concat(${A})")),
    "a default": (item("A", "text", default="${B}"), item("B", "text", default="${A}")),
}  # fmt: skip


@pytest.mark.parametrize("name", CIRCLES)
def test_form_circles(name: str) -> None:
    """Every circle is told, and nothing hangs on one."""
    whole = flat(*CIRCLES[name])
    assert "cycle" in [fault.code for fault in faults(whole)]
    assert len(order(sketch(whole))) == len(whole.items)
    with pytest.raises(Problem) as refused:
        Form(whole, "open")
    assert refused.value.code == "bad-checklist"


def test_form_circle_through_a_section() -> None:
    """A section whose condition reads its own item is a circle too."""
    whole = checklist(Section("s", "节", (item("A"),), relevant="${A} = 'pass'"))
    assert [fault.code for fault in faults(whole)] == ["cycle"]


def test_form_long_circle() -> None:
    """Six thousand items in one circle are found at once."""
    items = [calc(f"i{n}", f"${{i{(n + 1) % 6000}}} + 1") for n in range(6000)]
    started = time.perf_counter()
    assert [fault.code for fault in faults(flat(*items))] == ["cycle"]
    straight = [*items[:-1], item("i5999", "count")]
    state = State(Form(flat(*straight), "open"), DAY, {"i5999": "1"})
    assert state.made[(0, ())] == "6000"
    assert state.evaluated == 5999
    assert time.perf_counter() - started < 5


FAULTS: list[tuple[str, tuple[Item, ...], str, str, int]] = [
    ("no such item", (item("AB1"), item("B", relevant="1 = ${AB2}")), "relevant", "unknown-ref", 5),
    ("a group", (item("G", "group"), item("B", relevant="${G}")), "relevant", "empty-ref", 1),
    ("not readable", (item("A", constraint=". >"),), "constraint", "expr-end", 4),
    ("no calculate", (item("A", "calculated"),), "type", "calculate-missing", 1),
    ("calculate elsewhere", (item("A", calculate="1"),), "calculate", "calculate-only", 1),
    ("count elsewhere", (item("A", count="1"),), "count", "count-only", 1),
    ("message alone", (item("A", message="x"),), "message", "message-alone", 1),
    ("own condition", (item("A", relevant=". = 1"),), "relevant", "own-in-relevant", 1),
    ("own default", (item("A", default="1 + ."),), "default", "own-in-relevant", 5),
    ("weight", (item("R", "repeat"), item("A", parent="R", weight=1)), "weight",
    "weight-in-repeat", 1),
]  # fmt: skip


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case[0])
def test_form_fault(case: tuple[str, tuple[Item, ...], str, str, int]) -> None:
    """What keeps a list from being used, at its place."""
    _name, items, field, code, column = case
    found = list(faults(flat(*items)))
    assert [(it.field, it.code, it.column) for it in found] == [(field, code, column)]
    assert found[0].message
    assert found[0].item == items[-1].id


def test_form_doubts() -> None:
    """Comparisons that can never hold are doubted; a column that no row has is a fault."""
    whole = flat(item("A"), item("C", "choice"),
        item("X", relevant="${A} = 'passed' or ${C} = 'z'"),
                 item("Y", relevant="selected(${C}, 'a') and ${A} != ''"))  # fmt: skip
    entries = sketch(whole)
    assert not list(errors(entries))
    assert [it.code for it in doubts(entries)] == ["no-such-verdict", "no-such-choice"]
    rows = (Option("a", "甲", columns={"county": "c1"}),)
    bad = flat(item("T", "choice", params={"list": "t", "filter": "country = 1"}, listed=rows))
    assert [it.code for it in faults(bad)] == ["unknown-column"]
    assert not list(
        faults(
            bad._replace(
                sections=(
                    Section(
                        "s",
                        "",
                        (
                            item(
                                "T",
                                "choice",
                                params={"list": "t", "filter": "county = 1 or name = 2"},
                                listed=rows,
                            ),
                        ),
                    ),
                ),
            )
        )
    )
