"""``office obligations``, ``campaign`` and ``assignment`` from a command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from .line import Line

REGISTER = (
    "kind,code,name,parent,division\n"
    "village,9901,澜渡社区,,990121101001\n"
    "company,Q1,甲厂,9901,\n"
    "courier,K1,乙快递,9901,\n"
)
KEYS = {"site", "checklist", "cadence", "due", "done", "state", "code", "name", "period", "hint"}


@pytest.fixture
def line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Line:
    """A home with a company and a courier's outlet."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    made = Line(tmp_path / "home", capsys)
    made.json("site", "import", str(tmp_path / "r.csv"))
    return made


def test_rows_of_the_contract(line: Line) -> None:
    """The six keys, and no more than four beside them; the day decides the state."""
    rows = line.json("office", "obligations", "--within", "Q1", "--checklist", "wuzha-qiye")
    assert all(set(row) == KEYS for row in rows)
    assert rows[-1] == {
        "site": line.json("site", "show", "Q1")["id"],
        "checklist": "wuzha-qiye",
        "cadence": "month",
        "due": "2026-11-30",
        "done": None,
        "state": "due",
        "code": "Q1",
        "name": "甲厂",
        "period": "2026-11",
        "hint": None,
    }
    later = line.json("office", "obligations", "--at", "2026-12-01", "--state", "overdue")
    assert ("Q1", "2026-11") in {(row["code"], row["period"]) for row in later}


def test_for_people(line: Line) -> None:
    """A table, and how many of each state."""
    text = line.words("office", "obligations", "--within", "Q1", "--checklist", "wuzha-qiye")
    assert "2026-11-30" in text
    assert text.splitlines()[-1] == "已办 0  待办 1  逾期 10"
    line.words("office", "obligations", "--at", "明年", code=2)
    assert "不是日期" in line.err
    line.words("office", "obligations", "--state", "late", code=2)


def test_a_campaign_and_its_assignment(line: Line) -> None:
    """Put, shown, owed, assigned, withdrawn."""
    words = ("--from", "2026-11-01", "--to", "2027-01-15", "--checklist", "courier-100")
    phase = ("--phase", "宣传发动:2026-11-01:2026-11-30")
    made = line.json("campaign", "put", "冬季行动", *words, *phase)
    assert made["phases"] == [{"name": "宣传发动", "from": "2026-11-01", "to": "2026-11-30"}]
    assert line.json("campaign", "list") == [made] == [line.json("campaign", "show", "冬季")]
    assert "现在的阶段：宣传发动" in line.words("campaign", "show", "冬季")
    (owed,) = line.json("office", "obligations", "--within", "K1")
    assert (owed["cadence"], owed["period"], owed["due"]) == ("campaign", "冬季行动", "2027-01-15")
    put = line.json(
        "assignment", "put", "K1", "--checklist", "courier-100", "--to", "检查一组",
        "--campaign", "冬季",
    )  # fmt: skip
    assert (put["who"], put["due"], put["state"]) == ("检查一组", "2027-01-15", "open")
    assert line.json("assignment", "list", "--campaign", "冬季") == [put]
    assert line.json("assignment", "list", "--mine") == []
    assert "检查一组" in line.words("assignment", "list", "--state", "open")
    back = line.json("assignment", "withdraw", put["id"][:8], "--note", "改由县局检查")
    assert back["state"] == "withdrawn"
    line.words("assignment", "withdraw", put["id"], code=1)
    line.words("assignment", "put", "K1", "--checklist", "wuzha-qiye", code=2)
    line.words("campaign", "show", "夏季", code=2)
