"""Versions of a checklist: every answer ends somewhere, and none at another question."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.domain.checklist import Checklist, Option
from fieldkit.domain.comparing import comparable
from fieldkit.domain.versions import carry, compare, item_digest, redefined
from fieldkit.library.load import catalogue
from fieldkit.library.normal import normalised

SHIPPED = {checklist.id: checklist for checklist in catalogue(None)}


def row(id_: str, text: str, **more: Any) -> dict[str, Any]:
    """One check."""
    return {"id": id_, "text": text, "type": "check", "weight": 1, "source": ["S000"], **more}


def made(sections: dict[str, list[dict[str, Any]]], **more: Any) -> Checklist:
    """A small list with these sections."""
    data = {
        "id": "small",
        "version": "1",
        "title": "小表",
        "title_en": "Small",
        "target": "对象",
        "boundary": "只看公开处",
        "nature": "assessment",
        "site_kinds": ["estate"],
        "critical_effect": "",
        "grades": [{"id": "met", "title": "达标", "at_least": 90}],
        "sources": {"S000": "方案"},
        "sections": [
            {"id": name, "title": name, "items": copy.deepcopy(items)}
            for name, items in sections.items()
        ],
        **more,
    }
    return Checklist.from_doc(normalised(data))


def rooms(id_: str = "rooms", inner: str = "area", **more: Any) -> dict[str, Any]:
    """A repeat with one number in it."""
    number = {"id": inner, "text": "面积", "type": "number", "weight": 0, "source": ["S000"]}
    return (
        row(id_, "各房间", type="repeat", weight=0, params={"least": 0, "most": 9}, items=[number])
        | more
    )


OLD = made(
    {"s": [row("A1", "甲"), row("A2", "乙"), row("A3", "丙"), rooms()], "t": [row("B1", "丁")]}
)


@pytest.mark.parametrize(
    ("field", "value", "same"),
    [
        ("id", "Z9", True),
        ("source", ("S000 一",), True),
        ("phrases", ("常用",), True),
        ("evidence", "照片", True),
        ("translations", {"en": {"text": "one"}}, True),
        ("section", "t", True),
        ("text", "甲二", False),
        ("criterion", "别的", False),
        ("weight", 9, False),
        ("critical", True, False),
        ("relevant", "${A2} = 'pass'", False),
        ("params", {"na": False}, False),
        ("listed", (Option("a", "甲"),), False),
    ],
)
def test_what_changes_the_meaning(field: str, value: Any, same: bool) -> None:
    """The digest follows the meaning and nothing else."""
    item = OLD.item("A1")
    other = item._replace(**{field: value})
    assert (item_digest(item) == item_digest(other)) is same


def test_options_of_a_named_list_count() -> None:
    """Another title or column of a row is another meaning; its place and translation are not."""
    one, two = Option("a", "甲", columns={"c": "1"}), Option("b", "乙")
    item = OLD.item("A1")._replace(type="choice", params={"list": "towns"}, listed=(one, two))
    assert item_digest(item) == item_digest(item._replace(listed=(two, one)))
    assert item_digest(item) == item_digest(item._replace(params={"list": "places"}))
    for other in (one._replace(title="丙"), one._replace(columns={"c": "2"})):
        assert item_digest(item) != item_digest(item._replace(listed=(other, two)))
    said = one._replace(translations={"en": {"title": "one"}})
    assert item_digest(item) == item_digest(item._replace(listed=(said, two)))


def test_every_kind_of_difference() -> None:
    """Added, removed, changed, renumbered, moved, and the list's own keys."""
    new = made(
        {
            "s": [row("A2", "甲"), row("A3", "丙改", evidence="照片"), row("A4", "戊")],
            "t": [rooms("spaces", "size"), row("B1", "丁", source=["S001"])],
        },
        version="2",
        grades=[{"id": "met", "title": "达标", "at_least": 95}],
        sources={"S000": "方案", "S001": "新方案"},
    )
    diff = compare(OLD, new)
    assert dict(diff.renumbered) == {"A1": "A2", "rooms": "spaces", "area": "size"}
    assert (diff.added, diff.removed) == (("A4",), ("A2",))
    changed = {(c.of, c.field): (c.old, c.new) for c in diff.changed}
    assert changed == {
        ("A3", "text"): ("丙", "丙改"),
        ("A3", "evidence"): ("", "照片"),
        ("B1", "source"): (["S000"], ["S001"]),
    }
    assert diff.moved == (("spaces", "s", "t"), ("size", "s", "t"))
    assert [(c.of, c.field, c.old, c.new) for c in diff.grades] == [("met", "at_least", 90, 95)]
    assert [(c.field, c.old, c.new) for c in diff.sources] == [("S001", None, "新方案")]
    assert [c.field for c in diff.whole] == ["version"]
    answers = dict.fromkeys(
        ["A1", "A2", "A3", "B1", "rooms", "rooms[2].area", "rooms[02].area"], "x"
    )
    kept = carry(OLD, new, answers)
    assert kept.carried == {
        "A1": "A2", "B1": "B1", "rooms": "spaces", "rooms[2].area": "spaces[2].size",
    }  # fmt: skip
    assert list(kept.again) == ["A3"]
    assert "内容" in kept.again["A3"]
    assert "佐证" not in kept.again["A3"]
    assert kept.retired == ("A2", "rooms[02].area")
    assert set(kept.emptied) == {"A1", "A3", "rooms", "rooms[2].area"}
    assert redefined(OLD, new, "open") == ("A2", "A3")


def test_the_same_version_differs_in_nothing() -> None:
    """Every shipped list is itself."""
    for checklist in SHIPPED.values():
        assert not compare(checklist, checklist).anything
        answers = {item.id: "x" for item in checklist.items if item.type != "group"}
        kept = carry(checklist, checklist, answers)
        top = {item.id for item in checklist.items if not item.parent} & set(answers)
        assert {name for name in top if kept.carried[name] != name} == set()
        assert not kept.again


def test_twins_are_not_mixed_up() -> None:
    """Of two items that ask the very same one is gone: nobody can say which, so neither is kept."""
    old = made({"s": [row("A1", "同"), row("A2", "同")]})
    new = made({"s": [row("A3", "同")]})
    kept = carry(old, new, {"A1": "pass", "A2": "fail"})
    assert kept.carried == {}
    both = made({"s": [row("A3", "同"), row("A4", "同")]})
    assert carry(old, both, {"A1": "pass", "A2": "fail"}).carried == {"A1": "A3", "A2": "A4"}


def test_a_repeat_whose_bounds_change_keeps_what_is_in_it() -> None:
    """More instances may be given; those there are stay. Another question of it asks all again."""
    wider = made({"s": [rooms(params={"least": 0, "most": 20})]})
    answers = {"rooms": "2", "rooms[1].area": "12"}
    kept = carry(OLD, wider, answers)
    assert kept.carried == {"rooms[1].area": "rooms[1].area"}
    assert list(kept.again) == ["rooms"]
    other = made({"s": [rooms(text="各楼层")]})
    assert list(carry(OLD, other, answers).again) == ["rooms", "rooms[1].area"]


def test_an_address_that_no_list_knows_is_kept_aside() -> None:
    """An item is not in a repeat that it does not stand in."""
    kept = carry(OLD, OLD, {"rooms[1].A1": "pass", "area": "1", "rooms[1].rooms[1].area": "1"})
    assert kept.retired == ("rooms[1].A1", "area", "rooms[1].rooms[1].area")
    assert kept.emptied == ()


def test_the_section_tells_twins_apart() -> None:
    """The very same question in two sections: each keeps its own answer whatever the order."""
    old = made({"s": [row("A1", "同")], "t": [row("B1", "同")]})
    new = made({"t": [row("B2", "同")], "s": [row("A2", "同")]})
    assert carry(old, new, {"A1": "pass", "B1": "fail"}).carried == {"A1": "A2", "B1": "B2"}


def test_one_repeat_in_the_place_of_another() -> None:
    """Under a number that went to another repeat, nothing of the former one is kept."""
    wide = {"least": 0, "most": 20}
    old = made({"s": [rooms("R1", "x"), rooms("R2", "y", params=wide)]})
    new = made({"s": [rooms("R2", "y")]})
    kept = carry(old, new, {"R1[1].x": "1", "R2[1].y": "2", "R1": "1", "R2": "1"})
    assert kept.carried == {"R1": "R2"}
    assert list(kept.again) == ["R2[1].y"]


def test_what_asks_something_else() -> None:
    """Only what can be answered, and outside of repeats."""
    info = row("I1", "说明", type="info", weight=0)
    old = made({"s": [row("A1", "甲"), info, rooms()]})
    inner = rooms()
    inner["items"][0]["text"] = "净面积"
    new = made({"s": [row("A1", "乙"), info | {"text": "另"}, inner]})
    assert redefined(old, new, "open") == ("A1",)


def test_a_leftover_at_a_number_that_is_used_again() -> None:
    """What an earlier version left behind never answers a later version's item."""
    new = made({"s": [row("A1", "甲"), row("A9", "新")]})
    kept = carry(OLD, new, {"A1": "pass", "A9": "fail", "A8": "fail"})
    assert list(kept.again) == ["A9"]
    assert kept.retired == ("A8",)
    assert kept.emptied == ("A9",)


ADDRESSES = [
    *(f"{letter}{n}" for letter in "AB" for n in range(1, 5)),
    *("rooms", "spaces", "rooms[1].area", "rooms[2].area", "spaces[1].area", "rooms[1].size"),
    *("spaces[2].size", "area", "rooms[1].A1", "rooms[0].area", "rooms[01].area", "x", "["),
]


def shuffled(seed: int) -> Checklist:
    """A version: few wordings under few ids, so that all kinds of changes meet."""
    chance = random.Random(seed)
    ids = chance.sample(ADDRESSES[:8], chance.randint(1, 8))
    cut = chance.randint(0, len(ids) - 1)
    items = [row(id_, chance.choice("甲乙丙丁")) for id_ in ids]
    if chance.random() < 0.7:
        repeat = rooms(chance.choice(["rooms", "spaces"]), chance.choice(["area", "size"]))
        repeat["text"] = chance.choice(["各房间", "各处"])
        repeat["params"] = {"least": 0, "most": chance.choice([5, 9])}
        items.insert(chance.randint(0, len(items)), repeat)
    sections = {"s": items[: cut + 1], "t": items[cut + 1 :]}
    return made({name: rows for name, rows in sections.items() if rows})


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**40), st.integers(0, 2**40), st.sets(st.sampled_from(ADDRESSES)))
def test_every_answer_ends_in_one_place(one: int, two: int, addresses: set[str]) -> None:
    """Carried, again and retired are all answers, each once; what is carried asks the same."""
    old, new = shuffled(one), shuffled(two)
    answers = dict.fromkeys(sorted(addresses), "pass")
    kept = carry(old, new, answers)
    parts = [*kept.carried, *kept.again, *kept.retired]
    assert sorted(parts) == sorted(answers)
    targets = list(kept.carried.values())
    assert len(set(targets)) == len(targets)
    for before, after in kept.carried.items():
        source, target = (path.rpartition("].")[2] for path in (before, after))
        assert item_digest(old.item(source)) == item_digest(new.item(target))
    # Nothing but a carried answer stands at an address that the new version asks at.
    left = (set(answers) - set(kept.emptied)) | set(targets)
    asked = set(carry(new, new, dict.fromkeys(left, "")).carried)
    assert asked <= set(targets)
    diff = compare(old, new)
    names = {item.id for item in new.items}
    assert set(diff.added) <= names
    assert len(diff.added) + len(old.items) - len(diff.removed) == len(new.items)


def test_scores_of_different_versions_say_so() -> None:
    """One sentence where a score means something else, nothing where it does not."""
    assert comparable(OLD, OLD) == ""
    docs = {
        "s": [row("A1", "甲"), row("A2", "乙"), row("A3", "丙"), rooms()],
        "t": [row("B1", "丁", evidence="照片", source=["S000 一"])],
    }
    harmless = made(docs, version="2", title="另名")
    assert harmless.digest != OLD.digest
    assert comparable(OLD, harmless) == ""
    docs["s"][0]["weight"] = 2
    assert "改 1 项" in comparable(OLD, made(docs, version="2"))
    docs["s"].pop(1)
    assert "删 1 项" in comparable(OLD, made(docs, version="2"))
    stricter = [{"id": "met", "title": "达标", "at_least": 95}]
    same = {
        "s": [row("A1", "甲"), row("A2", "乙"), row("A3", "丙"), rooms()],
        "t": [row("B1", "丁")],
    }
    assert "评定标准" in comparable(OLD, made(same, version="2", grades=stricter))
    assert "不是同一张" in comparable(OLD, SHIPPED["courier-100"])
