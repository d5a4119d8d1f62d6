"""What a typed line means: as many buildings, units, floors and doors as it says, no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.generating import MOST, plan
from fieldkit.errors import Problem


def test_a_tower() -> None:
    """Units, a floor left out, a floor with fewer doors, a floor with a name of its own."""
    found = plan("3栋 2单元 18层 每层4户 跳4层 1层2户 18层叫17A")
    (block,) = found.blocks
    assert (block.name, block.units) == ("3栋", ("1单元", "2单元"))
    names = [door.name for door in block.doors]
    assert names[:3] == ["101室", "102室", "201室"]
    assert names[-1] == "17A04室"
    assert not any(door.floor == "4" for door in block.doors)
    assert found.total == 2 * (2 + 16 * 4)
    assert not found.registered


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("1-3栋 1层 每层1户", ["1栋", "2栋", "3栋"]),
        ("１、３幢，１层，每层１户", ["1栋", "3栋"]),
        ("三号楼 一层 每层一户", ["3栋"]),
        ("A、B座 1层 每层1户", ["A座", "B座"]),
        ("2座 1层 每层1户", ["2座"]),
    ],
)
def test_ways_to_say_which(line: str, names: list[str]) -> None:
    """幢 and 号楼 are 栋; full-width signs and Chinese numerals serve."""
    assert [block.name for block in plan(line).blocks] == names


def test_below_the_ground() -> None:
    """Basements come first, the deepest one below all."""
    floors = [door.floor for door in plan("1栋 地下2层 2层 每层1户").blocks[0].doors]
    assert floors == ["B2", "B1", "1", "2"]


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("3栋 18层", "line-lacks", "每层几户"),
        ("3栋 每层4户", "line-lacks", "多少层"),
        ("18层 每层4户", "line-lacks", "哪一栋"),
        ("3栋 18层 每层4户 绿色", "bad-line", "第 13 个字"),
        ("10-3栋 18层 每层4户", "bad-line", "前大后小"),
        ("3栋 6层 每层4户 9层2户", "bad-line", "没有 9 层"),
        ("1-200栋 99层 每层50户", "line-too-large", "太多"),
        ("1-999栋 1层 每层1户", "line-too-large", "太多"),
        ("1栋 500层 每层4户", "line-too-large", "最多"),
        ("", "line-lacks", "哪一栋"),
    ],
)
def test_what_cannot_be_meant(line: str, code: str, told: str) -> None:
    """One sentence that says what is missing or where it is not understood."""
    with pytest.raises(Problem) as caught:
        plan(line)
    assert caught.value.code == code
    assert told in caught.value.sentence()


@given(
    buildings=st.integers(1, 9),
    units=st.integers(0, 4),
    floors=st.integers(1, 40),
    doors=st.integers(1, 12),
    gone=st.integers(1, 40),
)
def test_it_counts(buildings: int, units: int, floors: int, doors: int, gone: int) -> None:
    """The product of what is said; every door of a unit has a name of its own."""
    words = [f"1-{buildings}栋", f"{floors}层", f"每层{doors}户"]
    words += [f"{units}单元"] if units else []
    words += [f"跳{gone}层"] if gone < floors else []
    found = plan(" ".join(reversed(words)))
    storeys = floors - (gone < floors)
    assert found.total == buildings * max(units, 1) * storeys * doors <= MOST
    names = [door.name for door in found.blocks[0].doors]
    assert len(names) == len(set(names))


@given(st.text(max_size=60))
def test_any_line_means_something_or_is_refused(line: str) -> None:
    """Nothing but a Problem comes of what is typed."""
    try:
        total = plan(line).total
    except Problem as problem:
        total = len(problem.sentence())
    assert total > 0
