"""Small random checklists of format 2 for the laws of forms and documents."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from fieldkit.domain.checklist import Checklist, Grade, Item, Option, Section
from fieldkit.domain.items import of

GRADES = (Grade("good", "达标", 90), Grade("fair", "基本达标", 60), Grade("bad", "不达标", 0))
ROWS = (
    Option("a", "甲", columns={"county": "c1"}),
    Option("b", "乙", "fail", columns={"county": "c2"}, translations={"en": {"title": "B"}}),
    Option("c", "丙", "pass", columns={"county": "c1"}),
)
OPTIONS = [{"id": "a", "title": "甲", "verdict": "pass"}, {"id": "b", "title": "乙"}]
KINDS = ("check", "number", "count", "text", "choice", "choices", "date", "calculated")
ANSWERS = ("pass", "fail", "na", "0", "1", "2", "3", "-2.5", "a", "b", "a,b", "2026-11-20", "x")


def item(name: str, kind: str = "check", **more: Any) -> Item:
    """One item that is asked always and counts nothing."""
    params = {"options": OPTIONS} if kind in ("choice", "choices") else {}
    known = Item(name, "s", f"{name} 的题", kind, params=params, partial=of(kind).partial)
    return known._replace(**more)


def checklist(*sections: Section, **more: Any) -> Checklist:
    """A list of these sections."""
    lists = {"towns": ROWS} if any(i.listed for s in sections for i in s.items) else {}
    known = Checklist(
        "t", "1", "测试", "", "", "", "guidance", (), "ineligible", GRADES, sections,
        {"S000": "方案"}, lists=lists,
    )  # fmt: skip
    return known._replace(**more)


def flat(*items: Item, **more: Any) -> Checklist:
    """A list of one section."""
    return checklist(Section("s", "节", items), **more)


FORMS = (
    "{0} = '{v}'", "{0} > 1", "{0} != {1}", "selected({0}, 'a')", "not({0} = '')", "{0} or {1}",
    "sum({0}) > 2", "count({0}) = {1}", "if({0}, {1}, 3)", "{0} + {1} > position()",
)  # fmt: skip
VALUES = (
    "{0} + {1}", "sum({0})", "count({0})", "join(', ', {0})", "concat({0}, '-', {1})", "{0} = {1}",
    "label({0})", "if({0} > 1, {1}, 0)", "coalesce({0}, {1})", "position()", "max({0}, {1}) * 2",
    "once({0})", "{0}", "date({0}) - 1", "1 div 3",
)  # fmt: skip
COUNTS = ("{0}", "count({0})", "2", "sum({0}) + 1")


@st.composite
def lists(draw: st.DrawFn) -> Checklist:
    """A list of up to twelve items in groups and repeats; an expression reads earlier ones only.

    What an item stands in comes before it, so nothing goes round in circles; sections and items
    are then shuffled as far as groups allow, so that expressions look ahead as well.
    """
    made: list[Item] = []
    sections = ["s1", "s2", "s3"][: draw(st.integers(1, 3))]
    gates = {}
    for place, section in enumerate(sections):
        if place and draw(st.booleans()):
            gates[section] = _expression(
                draw, FORMS, [it.id for it in made if it.section != section and it.type != "group"]
            )
        for _ in range(draw(st.integers(1, 5))):
            made.append(_item(draw, f"i{len(made)}", section, made))
    blocks = [
        Section(
            s, s, tuple(_shuffled(draw, [it for it in made if it.section == s])), gates.get(s, "")
        )
        for s in sections
    ]
    return checklist(*draw(st.permutations(blocks)))


def _item(draw: st.DrawFn, name: str, section: str, made: list[Item]) -> Item:
    around = [it for it in made if it.section == section and it.type in ("group", "repeat")]
    parent = draw(st.sampled_from([None, *around]))
    kind = draw(st.sampled_from((*KINDS, "group", "repeat", "repeat", "calculated")))
    known = [it.id for it in made if it.type != "group"]
    one = item(name, kind, section=section, parent=parent.id if parent else "")
    chance = st.integers(0, 2).map(bool)
    changes: dict[str, Any] = {"mode": draw(st.sampled_from(("both", "both", "both", "covert")))}
    if draw(st.booleans()):
        changes["relevant"] = _expression(draw, FORMS, known)
    if kind == "calculated":
        changes["calculate"] = _expression(draw, VALUES, known) or "1"
    if kind == "repeat":
        changes["params"] = draw(
            st.sampled_from(({}, {"least": 1}, {"most": 2}, {"least": 2, "most": 3}))
        )
        if not draw(chance):
            changes["count"] = _expression(draw, COUNTS, known)
    if kind in ("choice", "choices") and not draw(chance):
        changes |= {"params": {"list": "towns", "filter": "county = 'c1'"}, "listed": ROWS}
    if kind not in ("calculated", "group", "repeat"):
        changes["constraint"] = draw(st.sampled_from(("", ". != '3'", ". < 3")))
        changes["default"] = _expression(draw, VALUES, known) if not draw(chance) else ""
        changes["read_only"] = not draw(chance)
        changes["required_if"] = _expression(draw, FORMS, known) if not draw(chance) else ""
        changes["translations"] = draw(st.sampled_from(({}, {"en": {"text": "Q"}})))
    return one._replace(**changes)


def _expression(draw: st.DrawFn, forms: tuple[str, ...], known: list[str]) -> str:
    if not known:
        return ""
    names = [f"${{{draw(st.sampled_from(known))}}}" for _ in range(2)]
    return draw(st.sampled_from(forms)).format(*names, v=draw(st.sampled_from(ANSWERS)))


def _shuffled(draw: st.DrawFn, items: list[Item]) -> list[Item]:
    """The items in another order, each group followed by what stands in it."""
    inside: dict[str, list[Item]] = {}
    for one in draw(st.permutations(items)):
        inside.setdefault(one.parent, []).append(one)

    def below(parent: str) -> list[Item]:
        return [it for one in inside.get(parent, []) for it in (one, *below(one.id))]

    return below("")


def paths(whole: Checklist) -> st.SearchStrategy[str]:
    """Addresses of answers: of instances that may be there, and of some that never are."""
    by_id = {it.id: it for it in whole.items}

    def steps(one: Item) -> int:
        above, count = by_id.get(one.parent), 0
        while above is not None:
            count += above.type == "repeat"
            above = by_id.get(above.parent)
        return count

    def named(one: Item, places: list[int]) -> str:
        found, above, at = one.id, by_id.get(one.parent), steps(one)
        while above is not None:
            if above.type == "repeat":
                at -= 1
                found = f"{above.id}[{places[at]}].{found}"
            above = by_id.get(above.parent)
        return found

    places = st.lists(st.integers(1, 4), min_size=13, max_size=13)
    known = st.builds(named, st.sampled_from(whole.items), places)
    return known | st.sampled_from(["nothing", "i0[1].i1", "i1[0].i2"])
