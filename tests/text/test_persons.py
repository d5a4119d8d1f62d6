"""Names with a title are stopped, posts and places are not, and a rewrite is offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.errors import Problem
from fieldkit.text.privacy import leaks, rewritten
from fieldkit.work.notes import checked_note


@pytest.mark.parametrize(
    ("note", "named"),
    [
        ("找张先生核实", "张先生"),
        ("302室李阿姨说没收到", "李阿姨"),
        ("小张师傅带路", "小张师傅"),
        ("欧阳女士拒绝", "欧阳女士"),
        ("联系王主任", "王主任"),
        ("户主：李四", "李四"),
        ("租客叫王小明，不在", "王小明"),
        ("王某某不在家", "王某某"),
        ("和李某核实过", "李某"),
    ],
)
def test_who_is_named(note: str, named: str) -> None:
    """A surname before a title, after a role, or before 某."""
    assert [leak.text for leak in leaks(note) if leak.kind == "person"] == [named]


@pytest.mark.parametrize(
    "note",
    [
        "办公室主任不在", "安保经理在岗", "物业经理在岗", "社区书记到场", "项目经理签收",
        "业主高度配合", "门卫大爷配合", "值班老师在", "老板不在", "向主任汇报", "江边路3号",
        "金融服务点", "主任不在", "任课老师在", "高级经理在", "石桥小区有老师值守", "户主不在",
    ],
)  # fmt: skip
def test_posts_and_places_pass(note: str) -> None:
    """Words of the work that only look like somebody."""
    assert not leaks(note)


def test_why_and_how_else_is_said() -> None:
    """The refusal names what it found and what could be written instead."""
    with pytest.raises(Problem) as caught:
        checked_note("找张先生核实，电话13812345678", 50)
    assert caught.value.code == "personal-data"
    assert "姓名或称呼" in caught.value.sentence()
    assert "手机号" in caught.value.sentence()
    assert "找住户核实，电话（电话不记）" in caught.value.sentence()


PIECES = st.sampled_from(
    ["张先生", "13812345678", "李阿姨", "门口没有海报", "，", "302室", "京A12345", "前科", " ", "3"]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_a_rewrite_can_be_kept(note: str) -> None:
    """What is offered passes the guard, or nothing is offered; clean text is left as it is."""
    offered = rewritten(note)
    assert not leaks(offered)
    if not leaks(note):
        assert offered == note
