"""``site generate|sweeps|form|labels``, ``referral`` and ``visit enter`` from a command line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from .line import Line

REGISTER = (
    "kind,code,name,parent,division,floor,registered\n"
    "village,9901,澜渡社区,,990121101001,,\nestate,TF,听枫里,9901,,,\n"
)


@pytest.fixture
def line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Line:
    """A home with an estate and a building of twelve doors in it."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    made = Line(tmp_path / "home", capsys)
    made.json("site", "import", str(tmp_path / "r.csv"))
    made.json("site", "generate", "TF", "3栋", "6层", "每层2户", "户籍")
    return made


def test_generate_tells_what_it_means(line: Line) -> None:
    """The words of the line need no quotes; a dry run lists what would be new."""
    found = line.json("site", "generate", "TF", "4幢", "2单元", "2层", "每层2户", "--dry-run")
    assert (found["parent"], found["buildings"], found["doors"]) == ("TF", 1, 8)
    assert (found["created"], len(found["changes"])) == (11, 11)
    text = line.words("site", "generate", "TF", "4幢", "2单元", "2层", "每层2户", "--dry-run")
    assert "1 栋，每栋 2 个单元，共 8 户" in text
    assert "试运行" in text
    assert line.json("site", "list", "--kind", "building") == [
        site for site in line.json("site", "list") if site["kind"] == "building"
    ]
    line.words("site", "generate", "TF", "每层两户", code=2)
    assert "看不懂" in line.err


def test_a_form_comes_back(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines from a pipe, for the day on the paper; a wrong one stops all and is told."""
    monkeypatch.setattr("sys.stdin", io.StringIO("101 1\n102 4 0\n601 1 3\n"))
    done = line.json("visit", "enter", "TF-03", "--day", "2026-11-20")
    assert [one["outcome"] for one in done["logged"]] == ["met", "absent", "met"]
    assert done["day"] == "2026-11-20"
    (total,) = line.json("coverage", "--by", "building")
    assert (total["met"], total["delivered"]) == (2, 2)
    monkeypatch.setattr("sys.stdin", io.StringIO("201 1\n999 1\n"))
    wrong = line.json("visit", "enter", "TF-03", code=1)
    assert [fault["line"] for fault in wrong["rejected"]] == [2]
    assert wrong["logged"] == []
    assert line.json("coverage", "--by", "building") == [total]


def test_a_slip_from_making_to_answer(line: Line, tmp_path: Path) -> None:
    """Each command gives the slip; the list can show those that wait alone."""
    words = ["--to", "telecom", "--matter", "devices", "--facts", "天台有来源不明的天线"]
    made = line.json("referral", "make", "TF-03", *words)
    assert (made["pending"], made["receiver"], made["code"]) == (True, "telecom", "TF-03")
    ref = made["id"][:8]
    assert line.json("referral", "list", "--pending") == [made]
    assert "天台有来源不明的天线" in line.words("referral", "show", ref)
    told = line.json("referral", "answer", ref, "--result", "unfounded", "--number", "函3号")
    assert (told["pending"], told["reply"]) == (False, "函3号")
    assert line.json("referral", "list", "--pending") == []
    assert "核查未发现异常" in line.words("referral", "list")
    paper = tmp_path / "slip.docx"
    assert line.json("referral", "paper", ref, "-o", str(paper)) == {"file": str(paper)}
    assert paper.read_bytes()[:2] == b"PK"
    line.words("referral", "paper", ref, "-o", str(tmp_path / "slip.pdf"), code=2)
    line.words("referral", "make", "TF-03-101", *words, code=1)
    line.words("referral", "make", "TF-03", "--to", "police", "--facts", "找13800138000", code=2)
    assert "手机号" in line.err


def test_the_ledger(line: Line, tmp_path: Path) -> None:
    """This month without a round; a file as well."""
    found = line.json("site", "sweeps")
    assert (found["round"], found["from"], found["to"]) == ("2026-11", "2026-11-01", "2026-11-30")
    assert [row["code"] for row in found["rows"]] == ["TF-03"]
    assert found["totals"]["swept"] == 0
    assert "未扫" in line.words("site", "sweeps", "--round", "2026-Q4", "--within", "TF")
    out = tmp_path / "ledger.docx"
    assert line.json("site", "sweeps", "-o", str(out))["file"] == str(out)
    line.words("site", "sweeps", "--round", "冬天", code=2)


@pytest.mark.parametrize("suffix", ["docx", "html"])
def test_papers_are_whole_or_not_there(line: Line, tmp_path: Path, suffix: str) -> None:
    """Equal content gives equal bytes; a folder that is none leaves nothing."""
    for words in (["form", "TF-03"], ["labels"]):
        one, two = tmp_path / f"one.{suffix}", tmp_path / f"two.{suffix}"
        line.json("site", *words, "-o", str(one))
        line.json("site", *words, "-o", str(two))
        assert one.read_bytes() == two.read_bytes()
        line.words("site", *words, "-o", str(tmp_path / "no" / f"x.{suffix}"), code=2)
    line.words("site", "form", "TF", "-o", str(tmp_path / "x.txt"), code=2)
    line.words("site", "labels", "--kind", "door", "-o", str(tmp_path / f"x.{suffix}"), code=1)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == f".{suffix}") == [
        f"one.{suffix}",
        f"two.{suffix}",
    ]


def test_names_on_paper_are_data(line: Line, tmp_path: Path) -> None:
    """A name that looks like markup is printed, not obeyed."""
    table = tmp_path / "more.csv"
    table.write_text('kind,code,name,parent\nbuilding,X,"<b>&""楼",TF\ndoor,X-1,<i>1,X\n', "utf-8")
    assert line.json("site", "import", str(table))["rejected"] == []
    out = tmp_path / "form.html"
    line.json("site", "form", "X", "-o", str(out))
    page = out.read_text("utf-8")
    assert "&lt;b&gt;&amp;" in page
    assert "<b>&" not in page
    assert "&lt;i&gt;1" in page


def test_a_dry_run_tells_what_would_change(line: Line, tmp_path: Path) -> None:
    """Before and after of each column; what looks like a double; nothing is written."""
    table = tmp_path / "more.csv"
    table.write_text(
        "kind,code,name,parent\nbuilding,TF-03,三栋,TF\nbuilding,TF-3B,3号楼,TF\n", "utf-8"
    )
    found = line.json("site", "import", str(table), "--dry-run", "--changes")
    assert found["changes"][0]["fields"] == {"name": ["3栋", "三栋"]}
    assert [remark["row"] for remark in found["remarks"]] == [3]
    text = line.words("site", "import", str(table), "--dry-run")
    assert "名称 3栋 → 三栋" in text
    assert "会算两次" in text
    assert line.json("site", "show", "TF-03")["name"] == "3栋"
