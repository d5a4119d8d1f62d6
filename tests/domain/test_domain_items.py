"""Item types: what is read, what is refused with which mend, what it comes to, how it is said."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.domain.checklist import Item
from fieldkit.domain.items import Context, Unreadable, kind, of, types
from fieldkit.errors import Problem

DAY = date(2026, 11, 22)
OPEN, COVERT = Context("open", DAY), Context("covert", DAY)
OPTIONS = [
    {"id": "a", "title": "无", "verdict": "pass"},
    {"id": "b", "title": "有", "verdict": "fail"},
    {"id": "c", "title": "说不清"},
]
PARAMS: dict[str, dict[str, Any]] = {
    "recency": {"max_days": 90},
    "ratio": {"at_least": 80},
    "sample": {"draw": 10, "at_least": 90},
    "count": {"at_least": 10, "unit": "份"},
    "number": {"at_most": 5},
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS, "at_least": 2},
}


def item(name: str, **params: Any) -> Item:
    """An item of a type with its usual parameters, or these."""
    return Item("T01", "s", "检查", name, "可见", weight=10, params=params or PARAMS.get(name, {}))


READ = [
    ("check", "pass", "pass", "pass"),
    ("check", "不合格", "fail", "fail"),
    ("check", "√", "pass", "pass"),
    ("redline", "fail", "fail", "fail"),
    (
        "external",
        "met：澜派函〔2026〕3号：2026年11月17日",
        "met:澜派函〔2026〕3号:2026-11-17",
        "pass",
    ),
    ("external", "UNMET:无文号:20261101", "unmet:无文号:2026-11-01", "fail"),
    ("recency", "２０２６．１１．０１", "2026-11-01", "pass"),
    ("recency", "2026-08-24", "2026-08-24", "pass"),
    ("recency", "2026-08-23", "2026-08-23", "fail"),
    ("ratio", "６／６", "6/6", "pass"),
    ("ratio", " 3 / 4 ", "3/4", "fail"),
    ("sample", "抽10合格9", "9/10", "pass"),
    ("sample", "08/10", "8/10", "fail"),
    ("count", "１2份", "12", "pass"),
    ("count", "1,200", "1200", "pass"),
    ("count", "9", "9", "fail"),
    ("number", "+05.50", "5.5", "fail"),
    ("number", "-0.0", "0", "pass"),
    ("choice", "无", "a", "pass"),
    ("choice", "B", "b", "fail"),
    ("choice", "c", "c", "noted"),
    ("choices", "b，a", "a,b", "pass"),
    ("choices", "", "none", "fail"),
    ("date", "2026/1/5", "2026-01-05", "noted"),
    ("text", " 情况（正常） ", "情况（正常）", "noted"),
]


@pytest.mark.parametrize(("name", "typed", "value", "state"), READ)
def test_items_read_and_judge(name: str, typed: str, value: str, state: str) -> None:
    """What people type has one spelling, and that spelling one verdict."""
    it = item(name)
    assert of(name).read(typed, it, OPEN) == value
    assert of(name).read(value, it, OPEN) == value
    assert of(name).judge(value, it, OPEN).state == state


REFUSED = [
    ("check", "12", "bad-value"),
    ("check", "", "bad-value"),
    ("external", "met:2026-11-17", "bad-value"),
    ("external", "met::2026-11-17", "bad-document-number"),
    ("external", "met:3号:2026-11-23", "day-in-future"),
    ("recency", "2026-11-23", "day-in-future"),
    ("recency", "2026-02-30", "bad-value"),
    ("ratio", "0/0", "whole-is-zero"),
    ("ratio", "11/10", "part-over-whole"),
    ("ratio", "90%", "bad-value"),
    ("ratio", "1.5/2", "bad-value"),
    ("sample", "三分之一", "bad-value"),
    ("count", "-1", "bad-value"),
    ("count", "3.5", "bad-value"),
    ("count", "99999999999", "bad-value"),
    ("number", "1e3", "bad-value"),
    ("number", "nan", "bad-value"),
    ("choice", "z", "unknown-option"),
    ("choices", "a,z", "unknown-option"),
    ("date", "明天", "bad-value"),
    ("text", "  ", "bad-value"),
    ("text", "a\u202eb", "control-character"),
    ("text", "长" * 501, "text-too-long"),
    ("info", "pass", "not-answerable"),
]


@pytest.mark.parametrize(("name", "typed", "code"), REFUSED)
def test_items_refuse_with_a_mend(name: str, typed: str, code: str) -> None:
    """Nonsense is a Problem of its own code that names the item and says what to do."""
    with pytest.raises(Problem) as caught:
        of(name).read(typed, item(name), OPEN)
    assert caught.value.code == code
    assert "T01" in caught.value.what
    assert caught.value.mend


@pytest.mark.parametrize(
    "name", sorted(name for name, known in types().items() if known.answerable)
)
def test_items_na_and_unseen(name: str) -> None:
    """Both are answers of every type; unseen only where nobody could ask, na unless forbidden."""
    it = item(name)
    for word, value in (("不适用", "na"), ("ＮＡ", "na")):
        assert of(name).read(word, it, OPEN) == value
    assert of(name).read("未见", it, COVERT) == "unseen"
    for mode in ("open", "self", "reinspection"):
        with pytest.raises(Problem, match="暗访"):
            of(name).read("unseen", it, Context(mode, DAY))
    assert of(name).judge("na", it, OPEN).state == "na"
    assert of(name).judge("unseen", it, COVERT).state == "unseen"
    strict = item(name, **{**PARAMS.get(name, {}), "na": False})
    with pytest.raises(Problem) as caught:
        of(name).read("na", strict, OPEN)
    assert caught.value.code == "na-not-allowed"
    with pytest.raises(Unreadable):
        of(name).judge("na", strict, OPEN)


def test_items_say_words() -> None:
    """Words for screens and papers; numbers never lose their base."""
    said = {(n, v): of(n).say(v, item(n)) for n, _t, v, _s in READ}
    assert said["sample", "9/10"] == "抽10合格9"
    assert said["ratio", "3/4"] == "3/4（75%）"
    assert said["check", "pass"] == "√ 合格"
    assert said["count", "12"] == "12份"
    assert said["choices", "a,b"] == "无、有"
    assert (
        said["external", "met:澜派函〔2026〕3号:2026-11-17"]
        == "符合（澜派函〔2026〕3号，2026-11-17）"
    )
    assert of("ratio").say("999/1000", item("ratio")) == "999/1000（99.9%）"
    assert of("ratio").say("99999/100000", item("ratio")) == "99999/100000（99.9%）"
    assert of("check").measured("pass", item("check")) == ""
    assert of("sample").measured("9/10", item("sample")) == "抽10合格9"
    assert of("recency").say("na", item("recency")) == "／ 不适用"


def test_items_say_why_points_are_lost() -> None:
    """A failing value explains itself with the target it missed."""
    why = {n: of(n).judge(v, item(n), OPEN).why for n, _t, v, s in READ if s == "fail"}
    assert why["ratio"] == "3/4（75%），应达 80%"
    assert why["recency"] == "距检查日 91 天，超过 90 天"
    assert why["count"] == "9份，应不少于 10份"
    assert "缺：" in why["choices"]
    assert all(why.values())


def test_items_sample_size() -> None:
    """Fewer than the draw will do only where the list lets a whole stock stand for it."""
    loose, firm = item("sample"), item("sample", draw=5, at_least=80, all_if_fewer=False)
    assert of("sample").read("3/3", loose, OPEN) == "3/3"
    with pytest.raises(Problem) as caught:
        of("sample").read("4/4", firm, OPEN)
    assert caught.value.code == "drawn-too-few"
    assert of("sample").read("4/5", firm, OPEN) == "4/5"
    # A value of another device is judged as if the missing ones had failed.
    assert of("sample").judge("3/3", firm, OPEN).share == Fraction(3, 5) / Fraction(4, 5)


@pytest.mark.parametrize("name", sorted(types()))
@given(value=st.text(max_size=20) | st.from_regex(r"-?[0-9]{0,3}/?[0-9,.:-]{0,8}", fullmatch=True))
@settings(max_examples=30, deadline=None)
def test_items_survive_strangers_values(name: str, value: str) -> None:
    """A value from elsewhere is judged or called unreadable, and can always be said."""
    it = item(name)
    try:
        verdict = of(name).judge(value, it, OPEN)
    except Unreadable:
        pass
    else:
        assert 0 <= verdict.share <= 1
    assert isinstance(of(name).say(value, it), str)


@given(part=st.integers(0, 5000), whole=st.integers(1, 5000), target=st.integers(1, 100))
@settings(max_examples=50)
def test_items_ratio_is_exact(part: int, whole: int, target: int) -> None:
    """Pass exactly from the target on, share exactly in proportion below it."""
    part = min(part, whole)
    verdict = of("ratio").judge(f"{part}/{whole}", item("ratio", at_least=target), OPEN)
    assert (verdict.state == "pass") == (part * 100 >= target * whole)
    assert verdict.share == min(Fraction(part * 100, whole * target), Fraction(1))


def test_items_registry() -> None:
    """Every type has what the screens and the linter need; an unknown one is a Problem."""
    assert kind is of
    editors = {"verdict", "line", "choice", "choices", "external", "none"}
    for name, known in types().items():
        assert (known.name, known.editor in editors) == (name, True)
        assert known.title
        assert known.hint
    with pytest.raises(Problem):
        of("hologram")
