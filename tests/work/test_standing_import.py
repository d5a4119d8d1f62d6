"""A month's figures as a table: headers, encodings, numbers, names that are slips."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.domain.kinds import site_id
from fieldkit.domain.kinds_standing import unit_id
from fieldkit.errors import Problem
from fieldkit.work import Workspace, standing

HEAD = "village,cases,cases_last_year,population"
ROWS = "听枫社区,9,12,21340\n霜桥村,1,0,6210\n"
VILLAGES = """kind,code,name,parent,division,grid,address,floor,registered
village,V1,听枫社区,,990121101001,,,,
village,V4,霜桥村,,990121101201,,,,
"""


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """A table of these lines."""
    path = folder / "cases.csv"
    path.write_bytes(text.encode(encoding))
    return path


def read(ws: Workspace, path: Path) -> list[tuple[str, int | None, int | None, int | None]]:
    """Its figures, without the units' ids."""
    found = standing.figures_in(ws, path, standing.basis_for(ws))
    return [(it.name, it.cases, it.cases_last_year, it.population) for it in found]


PLAIN = [("听枫社区", 9, 12, 21340), ("霜桥村", 1, 0, 6210)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("head", [HEAD, "村社区,本期,上年同期,人口"])
def test_both_headers_in_every_encoding(
    ws: Workspace, tmp_path: Path, head: str, encoding: str
) -> None:
    """As a spreadsheet program saves it, and as a script writes it."""
    assert read(ws, table(tmp_path, f"{head}\n{ROWS}", encoding)) == PLAIN


def test_a_workbook(ws: Workspace, tmp_path: Path) -> None:
    """The first sheet of an .xlsx file."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["村社区", "本期", "上年同期", "人口"], *PLAIN, ["合计", 10, 12, 27550]):
        book.active.append(list(row))
    path = tmp_path / "cases.xlsx"
    book.save(path)
    assert read(ws, path) == PLAIN


def test_how_numbers_are_written(ws: Workspace, tmp_path: Path) -> None:
    """Full-width digits, commas between thousands, blanks; a row of totals is passed over."""
    text = f'{HEAD}\n听枫社区,９, 12 ,"21,340"\n\n霜桥村,1,,6210\n合 计,10,12,27550\n'
    found = read(ws, table(tmp_path, text))
    assert found == [("听枫社区", 9, 12, 21340), ("霜桥村", 1, None, 6210)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEAD}\n听枫社区,9起,12,21340\n", ("cases.csv:2:本期", "9起")),
        (f"{HEAD}\n听枫社区,9,12.5,21340\n", ("cases.csv:2:上年同期", "12.5")),
        (f"{HEAD}\n听枫社区,9,12,99999999999\n", ("cases.csv:2:人口",)),
        (f"{HEAD}\n听枫社区,=1+1,12,21340\n", ("cases.csv:2:本期", "公式")),
        (f"{HEAD}\n听枫社区,9,12,1\n听枫 社区,9,12,1\n", ("cases.csv:3", "第 2 行")),
        (f"{HEAD}\n,9,12,1\n", ("cases.csv:2", "单位名称")),
        (f"{HEAD}\n李某13800138000,9,12,1\n", ("cases.csv:2",)),
        ("village,cases\n听枫社区,9\n", ("cases.csv:1", "上年同期")),
        (f"{HEAD},more\n听枫社区,9,12,1,1\n", ("cases.csv:1:more",)),
        (f"{HEAD}\n", ("没有单位",)),
        ("", ("cases.csv:1",)),
    ],
)
def test_what_cannot_be_read(
    ws: Workspace, tmp_path: Path, text: str, words: tuple[str, ...]
) -> None:
    """One sentence with file, row and column."""
    with pytest.raises(Problem) as caught:
        read(ws, table(tmp_path, text))
    for word in words:
        assert word in caught.value.sentence()


def test_villages_of_the_register(ws: Workspace, tmp_path: Path) -> None:
    """By name or code; without a register the name alone."""
    from fieldkit.work import sites

    path = table(tmp_path, f"{HEAD}\n听枫社区,9,12,21340\n")
    (before,) = standing.figures_in(ws, path, standing.basis_for(ws))
    assert before.unit == unit_id("听枫社区")
    register = tmp_path / "register.csv"
    register.write_text(VILLAGES, "utf-8")
    sites.import_register(ws, register)
    path = table(tmp_path, f"{HEAD}\n听枫社区,9,12,21340\nv4,1,0,6210\n".replace("v4", "V4"))
    found = standing.figures_in(ws, path, standing.basis_for(ws))
    assert [(it.unit, it.name) for it in found] == [
        (site_id("V1"), "听枫社区"),
        (site_id("V4"), "霜桥村"),
    ]


def test_a_slip_of_a_name(ws: Workspace, tmp_path: Path) -> None:
    """Nearly a village that has no row of its own is asked about; a new unit is none."""
    from fieldkit.work import sites

    register = tmp_path / "register.csv"
    register.write_text(VILLAGES, "utf-8")
    sites.import_register(ws, register)
    with pytest.raises(Problem, match=r"cases\.csv:2: .*听枫社.*听枫社区"):
        read(ws, table(tmp_path, f"{HEAD}\n听枫社,9,12,21340\n霜桥村,1,0,6210\n"))
    both = f"{HEAD}\n听枫社区,9,12,21340\n听枫一社区,1,1,100\n工业园,1,0,6210\n"
    assert len(read(ws, table(tmp_path, both))) == 3


def test_other_indicators_ask_for_their_columns(ws: Workspace, tmp_path: Path) -> None:
    """By the column's name or the indicator's title."""
    (ws.home / "standing.yaml").write_text(
        "id: standing\ntitle: 口径\nreadings: {}\nindicators:\n"
        "  - {id: count, title: 发案数, measure: count, weight: 60}\n"
        "  - {id: cleared, title: 破案数, measure: column, column: cleared, weight: 40,"
        " better: high}\n",
        "utf-8",
    )
    for name in ("cleared", "破案数"):
        text = f"{HEAD},{name}\n" + "".join(f"{unit},1,1,100,{unit[0]}\n" for unit in "1234")
        found = standing.figures_in(ws, table(tmp_path, text), standing.basis_for(ws))
        assert [dict(it.more) for it in found] == [{"cleared": n} for n in range(1, 5)]
        standing.enter(ws, "2026-10", found)
        assert standing.month(ws, "2026-10").lines[0].name == "4"
    with pytest.raises(Problem, match="破案数"):
        read(ws, table(tmp_path, f"{HEAD}\n甲,1,1,1\n"))
