"""``fieldkit office ledger``, ``units``, ``worklist`` and ``lookback`` as an office uses them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from .line import Line

REGISTER = (
    "类别,编码,名称,上级,区划,网格,地址,楼层,户籍\n"
    "village,990100,澜渡镇,,990100000000,,,,\n"
    "village,990100000001,澜渡社区,990100,990100000001,,澜渡镇,,\n"
    "estate,TF,听枫里,990100000001,,,枫路1号,,\n"
    "building,TF-3,3栋,TF,,,,,\n"
)


class Record(Line):
    """Records as well."""

    def record(self, checklist: str, site: str, **answers: str) -> str:
        """A finished record."""
        ref: str = self.json("inspect", "start", checklist, "--site", site)["inspection"]
        for item, typed in answers.items():
            self.words("inspect", "answer", ref, item, typed)
        self.words("inspect", "finish", ref)
        return ref


@pytest.fixture
def line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Record:
    """A home with a town."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    made = Record(tmp_path / "home", capsys)
    made.json("site", "import", str(tmp_path / "r.csv"))
    return made


def test_units_come_in_one_step(line: Record) -> None:
    """Dry run, import under the town, again: 26 new, 26 new, nothing."""
    assert line.json("office", "units", "--dry-run")["created"] == 26
    assert line.json("office", "units")["created"] == 26
    assert line.json("office", "units") == {
        "created": 0, "updated": 0, "unchanged": 26, "rejected": [], "changes": [], "remarks": [],
    }  # fmt: skip
    rows = line.json("site", "list", "--kind", "institution", "--within", "990100")
    assert len(rows) == 26
    assert rows[0]["code"] == "990100-DW01"
    assert "没有代号" in (line.words("office", "units", "S999", code=2) + line.err)


def test_a_ledger_as_table_json_and_files(line: Record, tmp_path: Path) -> None:
    """One meeting: its line, its sums, what was not held; a .csv with its mark; another type."""
    line.record(
        "meeting", "990100000001",
        HY01="联络员会议", HY02="2026-11-05", HY03="3", HY04="2", HY05="=纪要〔2026〕1号",
    )  # fmt: skip
    data = line.json("office", "ledger", "meetings", "--month", "2026-11")
    assert (data["round"], data["from"], data["to"]) == ("2026-11", "2026-11-01", "2026-11-30")
    (row,) = data["rows"]
    assert row["cells"] == {
        "HY01": "联络员会议", "HY03": "3", "HY04": "2", "HY05": "=纪要〔2026〕1号",
    }  # fmt: skip
    assert data["totals"]["HY04"] == "2"
    said = line.words("office", "ledger", "meetings")
    assert "2026年11月会议台账" in said
    assert "没有“联席会议”的登记" in said
    out = tmp_path / "a.csv"
    line.words("office", "ledger", "meetings", "-o", str(out))
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert rows[0][-2:] == ["纪要编号", "情况"]
    assert rows[1][-2] == "'=纪要〔2026〕1号"
    assert rows[-1][0] == "合计"
    assert "只能写成" in (
        line.words("office", "ledger", "meetings", "-o", str(tmp_path / "a.pdf"), code=2) + line.err
    )
    assert "没有“nothing”这种台账" in line.words("office", "ledger", "nothing", code=2) + line.err


def test_who_did_not_submit(line: Record) -> None:
    """Every unit and the village, but not the town that holds it."""
    line.words("office", "units")
    data = line.json("office", "ledger", "submissions", "--round", "2026-H1")
    assert len(data["rows"]) == 27
    assert {row["status"] for row in data["rows"]} == {"未报，逾期 136 天"}
    assert all(row["missing"] and row["late"] for row in data["rows"])


def test_work_list_closing_and_look_back(
    line: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the finding to the sample of the month in which it was closed."""
    ref = line.json("inspect", "start", "building-sweep", "--site", "TF-3")["inspection"]
    items = line.json("checklist", "show", "building-sweep")["items"]
    bad = next(it["id"] for it in items if it["type"] == "check" and not it["critical"])
    for item in items:
        if item["type"] != "info":
            line.words("inspect", "answer", ref, item["id"], "fail" if item["id"] == bad else "na")
    (finding,) = line.json("inspect", "finish", ref)["findings"]
    (unit,) = line.json("office", "worklist", "--unit", "TF")["units"]
    (job,) = unit["findings"]
    assert (unit["code"], unit["open"], unit["overdue"]) == ("TF", 1, 0)
    assert (job["finding"], job["working_days"], job["left"]) == (finding, 5, "还有 5 个工作日")
    assert "交办" in line.words("office", "worklist")
    line.words("office", "worklist", "-o", str(tmp_path / "work.csv"))
    assert "听枫里" in (tmp_path / "work.csv").read_text("utf-8-sig")
    line.words("finding", "rectify", finding, "--note", "已改")
    line.words("finding", "close", finding)
    assert line.json("office", "worklist")["units"] == []
    (row,) = line.json("office", "ledger", "rectification")["rows"]
    assert row["cells"]["finding"] == finding[:8]
    data = line.json("office", "lookback", "--month", "2026-11")
    assert [it["finding"] for it in data["sample"]] == [finding]
    monkeypatch.setenv("FIELDKIT_NOW", "2026-12-10T09:30:00+08:00")
    assert line.json("office", "lookback") == data
    assert "抽 1 个" in line.words("office", "lookback", "--share", "1")
    assert "比例 0 不对" in line.words("office", "lookback", "--share", "0", code=2) + line.err
