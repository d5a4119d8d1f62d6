"""``fieldkit purge``: dry run, erasure, certificate, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .line import Line

REGISTER = (
    "类别,编码,名称,上级,区划,网格,地址,楼层,户籍\n"
    "village,990100000001,澜渡社区,,990100000001,,澜渡镇,,\n"
    "estate,TF,听枫里,990100000001,,,枫路1号,,\n"
    "building,TF-3,3栋,TF,,,,,\n"
    "door,TF-3-101,101室,TF-3,,,,1,1\n"
)
KEYS = {
    "before", "dry_run", "rules", "events", "files", "bytes", "kept", "run", "certificate",
}  # fmt: skip


@pytest.fixture
def line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Line:
    """A home with one old visit."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-01-10T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    made = Line(tmp_path / "home", capsys)
    made.json("site", "import", str(tmp_path / "r.csv"))
    made.json("visit", "log", "TF-3-101", "met")
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    return made


def test_dry_run_then_erasure_with_a_certificate(line: Line, tmp_path: Path) -> None:
    told = line.json("purge", "--before", "2026-11-01", "--dry-run")
    assert told.keys() == KEYS
    assert (told["events"], told["dry_run"], told["certificate"]) == (1, True, None)
    assert sum(row["visited"] for row in line.json("coverage")) == 1
    cert = tmp_path / "cert.json"
    text = line.words("purge", "--before", "2026年11月1日", "-o", str(cert))
    assert "已清除 1 条" in text
    assert str(cert) in text
    said = json.loads(cert.read_text("utf-8"))
    assert said["rules"] == [
        {
            "rule": "visits",
            "what": "入户户级明细",
            "basis": "满6个月，只留楼栋汇总",
            "months": 6,
            "count": 1,
        }
    ]
    assert said["signature"].startswith("-----BEGIN SSH SIGNATURE-----")
    assert sum(row["visited"] for row in line.json("coverage")) == 0
    assert line.json("journal", "verify")["problems"] == []
    assert "什么也没有清除" in line.words("purge", "--before", "2026-10-01")


def test_without_a_name_the_certificate_lies_in_the_home(line: Line) -> None:
    told = line.json("purge", "--before", "2026-11-01")
    assert Path(told["certificate"]).parent == line.home / "documents"
    assert Path(told["certificate"]).is_file()


def test_refusals_are_one_sentence(line: Line, tmp_path: Path) -> None:
    line.words("purge", "--before", "2026-11-23", code=1)
    assert "不是过去的日期" in line.err
    assert line.err.count("\n") == 1
    line.words("purge", "--before", "从前", code=2)
    line.words("purge", code=2)
    line.words("purge", "--before", "2026-11-01", "-o", str(tmp_path / "no" / "c.json"), code=2)
    assert sum(row["visited"] for row in line.json("coverage")) == 1
