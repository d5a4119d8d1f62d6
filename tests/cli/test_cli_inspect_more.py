"""``fieldkit inspect`` beyond answers: what programs read, and the words beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx as reader
import pytest

from fieldkit.cli import run
from fieldkit.work import Workspace

REGISTER = (
    "类别,编码,名称,上级,区划,网格,地址,楼层,户籍\n"
    "estate,TF,听枫里,,990100000001,,枫路1号,,\n"
    "courier,KD1,澜渡快递点,,990100000001,,澜渡路18号,,\n"
)


class Home:
    """A home on disk and its command line."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home, self.capture = folder, capture

    def said(self, *words: str, code: int = 0) -> str:
        """What a command says."""
        self.capture.readouterr()
        assert run(["--home", str(self.home), *words]) == code, self.capture.readouterr()
        told = self.capture.readouterr()
        return told.out if code == 0 else told.err

    def json(self, *words: str) -> Any:
        """What a command prints for programs."""
        return json.loads(self.said(*words, "--json"))

    def fill(self, inspection: str, **others: str) -> None:
        """Everything answered, checks well but for the ``others``."""
        from fieldkit.work import inspecting

        with Workspace.open(self.home) as ws:
            for item in inspecting.sheet(ws, inspection).items:
                value = {"external": "met:虚函1:2026-11-17", "text": "有", "check": "pass"}
                if item.type != "info":
                    typed = others.get(item.id) or value.get(item.type, "na")
                    inspecting.answer(ws, inspection, item.id, typed)


@pytest.fixture
def home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Home:
    """A home with two places."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    (tmp_path / "r.csv").write_text(REGISTER, encoding="utf-8")
    made = Home(tmp_path / "home", capsys)
    made.said("site", "import", str(tmp_path / "r.csv"))
    return made


@pytest.fixture
def begun(home: Home) -> str:
    """An estate under inspection."""
    return str(home.json("inspect", "start", "wuzha-xiaoqu", "--site", "TF")["inspection"])


def check(home: Home, n: int = 0) -> str:
    """An item that is answered with a word."""
    items = home.json("checklist", "show", "wuzha-xiaoqu")["items"]
    found = [it["id"] for it in items if it["type"] == "check" and not it["critical"]]
    return str(found[n])


def test_undo_and_redo(home: Home, begun: str) -> None:
    """Value and what was; nothing is null."""
    item = check(home)
    home.said("inspect", "answer", begun, item, "pass")
    score = home.json("inspect", "answer", begun, item, "fail")["score"]
    back = home.json("inspect", "undo", begun[:8])
    assert back == {
        "inspection": begun,
        "item": item,
        "value": "pass",
        "was": "fail",
        "score": back["score"],
    }
    assert back["score"] > score
    assert home.json("inspect", "undo", begun)["value"] is None
    assert "没有可以撤销的作答" in home.said("inspect", "undo", begun, code=1)
    assert item in home.said("inspect", "redo", begun)
    assert home.json("inspect", "redo", begun)["value"] == "fail"
    assert "没有可以恢复的作答" in home.said("inspect", "redo", begun, code=1)


def test_reopen_and_history(home: Home, begun: str, tmp_path: Path) -> None:
    """An amendment is told by show, by history and on the paper."""
    item = check(home)
    home.fill(begun)
    home.said("inspect", "reopen", begun, "--reason", "早", code=1)
    home.said("inspect", "finish", begun)
    home.said("inspect", "reopen", begun, code=2)
    home.said("inspect", "reopen", begun, "--reason", " ", code=2)
    told = home.json("inspect", "reopen", begun, "--reason", "抄错一项")
    assert told == {"inspection": begun, "state": "open", "reason": "抄错一项"}
    home.said("inspect", "answer", begun, item, "fail")
    home.said("inspect", "finish", begun)
    history = home.json("inspect", "history", begun)["history"]
    assert [it["kind"] for it in history] == ["finished", "reopened", "answered", "finished"]
    assert history[2]["item"] == item
    assert (history[2]["from"]["value"], history[2]["to"]["value"]) == ("pass", "fail")
    assert history[3]["score"] < history[0]["score"]
    assert all(it["at"] == "2026-11-23T09:30:00+08:00" for it in history)
    (reopened,) = home.json("inspect", "show", begun)["reopened"]
    assert reopened["reason"] == "抄错一项"
    assert "抄错一项" in home.said("inspect", "history", begun)
    paper = tmp_path / "a.docx"
    home.said("office", "report", "inspection", "--inspection", begun, "-o", str(paper))
    text = written(paper)
    assert "五、更正记录" in text
    assert "抄错一项" in text


def written(path: Path) -> str:
    """The words of a paper."""
    document = reader.Document(str(path))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_particulars(home: Home, begun: str, tmp_path: Path) -> None:
    """Told, shown, hinted at, and printed where the form has room."""
    words = ["--inspector", "林枫", "--from", "9:05", "--to", "09：25"]
    home.said("inspect", "tell", begun, *words)
    paper = tmp_path / "b.docx"
    home.said("office", "report", "inspection", "--inspection", begun, "-o", str(paper))
    assert "□拒签" in written(paper)
    assert "□同意" in written(paper)
    more = ["--inspector", "林枫", "--inspector", "工号07", "--inspector", "周舟"]
    told = home.json("inspect", "tell", begun, *more, "--unit-view", "没有异议")
    assert told["inspectors"] == ["林枫", "工号07", "周舟"]
    assert told["observed_from"] == "2026-11-23T09:05:00+08:00"
    assert len(told["missing"]) == 1
    told = home.json("inspect", "tell", begun, "--unit-sign", "refused")
    assert told["missing"] == []
    kept = home.json("inspect", "show", begun)["particulars"]
    assert kept == {
        "inspectors": ["林枫", "工号07", "周舟"],
        "observed_from": "2026-11-23T09:05:00+08:00",
        "observed_to": "2026-11-23T09:25:00+08:00",
        "unit_view": "没有异议",
        "unit_sign": "refused",
    }
    assert "工号07" in home.said("inspect", "show", begun)
    paper = tmp_path / "a.docx"
    home.said("office", "report", "inspection", "--inspection", begun, "-o", str(paper))
    text = written(paper)
    for words_there in ("周舟", "没有异议", "√拒签", "2026年11月23日9时5分至9时25分"):
        assert words_there in text.replace("09时", "9时").replace("05分", "5分"), words_there


def test_a_covert_visit_on_paper(home: Home, tmp_path: Path) -> None:
    """When they were there, how long after leaving it was written down, and no signature."""
    start = ["inspect", "start", "courier-100", "--site", "KD1", "--mode", "covert"]
    covert = home.json(*start)["inspection"]
    paper = tmp_path / "a.docx"
    report = ["office", "report", "inspection", "--inspection", covert, "-o", str(paper)]
    home.said(*report)
    assert "离场后　　　分钟内补录" in written(paper)
    home.said("inspect", "tell", covert, "--from", "8:50", "--to", "9:20")
    home.said(*report)
    text = written(paper)
    assert "离场后10分钟内补录" in text
    assert "2026年11月23日8时50分至9时20分" in text.replace("08时", "8时").replace("09时", "9时")
    assert "拒签" not in text
    assert "更正记录" not in text


def test_covert_turned_open(home: Home) -> None:
    """Its particulars have no signature; the new one names the old one."""
    start = ["inspect", "start", "courier-100", "--site", "KD1", "--mode", "covert"]
    covert = home.json(*start)["inspection"]
    assert "不签字" in home.said("inspect", "tell", covert, "--unit-sign", "signed", code=1)
    opened = home.json("inspect", "open", covert)
    assert opened == {"inspection": opened["inspection"], "prior": covert, "mode": "open"}
    assert home.json("inspect", "show", opened["inspection"])["prior"] == covert
    assert "已转为明察" in home.said("inspect", "open", covert, code=1)


def test_a_blind_pair(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Hidden from list, show, why, history and paper until both are sealed, then compared."""
    other = Home(tmp_path / "other", capsys)
    other.said("site", "import", str(tmp_path / "r.csv"))
    start = ["inspect", "start", "wuzha-xiaoqu", "--site", "TF", "--pair", "枫叶"]
    one, two = (str(it.json(*start)["inspection"]) for it in (home, other))
    item = check(home)
    home.fill(one)
    other.fill(two, **{item: "fail"})
    other.said("inspect", "finish", two)
    assert "还没有送达" in home.said("inspect", "compare", "枫叶", code=1)

    def meet() -> None:
        with Workspace.open(home.home) as ours, Workspace.open(other.home) as theirs:
            ours.store.ingest(list(theirs.store.events()))
            theirs.store.ingest(list(ours.store.events()))

    meet()
    for command in ("show", "why", "history"):
        assert "背靠背" in home.said("inspect", command, two, code=1)
    paper = str(tmp_path / "a.docx")
    home.said("office", "report", "inspection", "--inspection", two, "-o", paper, code=1)
    assert "还没有办结" in home.said("office", "report", "inspection", "-o", paper, code=1)
    rows = {row["inspection"]: row for row in home.json("inspect", "list")}
    assert rows[one]["answers"]
    assert rows[two]["hidden"] is True
    assert rows[two]["answers"] == {}
    assert rows[two]["score"] is None
    assert rows[two]["findings"] == []
    assert "未揭晓" in home.said("inspect", "list")
    assert "没有办结" in home.said("inspect", "compare", one, code=1)
    home.said("inspect", "finish", one)
    meet()
    assert home.json("inspect", "show", two)["pair"] == "枫叶"
    found = home.json("inspect", "compare", "枫叶")
    assert found == other.json("inspect", "compare", two)
    assert set(found["inspections"]) == {one, two}
    assert found["agreed"] == found["items"] - 1
    values = dict(zip(found["inspections"], found["differences"][0]["values"], strict=True))
    assert (found["differences"][0]["item"], values) == (item, {one: "pass", two: "fail"})
    assert 0 < found["kappa"] < found["agreement"] < 1
    words = home.said("inspect", "compare", "枫叶")
    assert item in words
    assert "κ" in words


def test_one_word_only_has_no_kappa(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Said in words, null for programs."""
    other = Home(tmp_path / "other", capsys)
    other.said("site", "import", str(tmp_path / "r.csv"))
    start = ["inspect", "start", "wuzha-xiaoqu", "--site", "TF", "--pair", "枫叶"]
    good = {"count": "99", "ratio": "9/9", "sample": "99/99", "recency": "2026-11-20"}
    good["redline"] = "pass"
    items = home.json("checklist", "show", "wuzha-xiaoqu")["items"]
    for it in (home, other):
        made = str(it.json(*start)["inspection"])
        it.fill(made, **{item["id"]: good[item["type"]] for item in items if item["type"] in good})
        it.said("inspect", "finish", made)
    with Workspace.open(home.home) as ours, Workspace.open(other.home) as theirs:
        ours.store.ingest(list(theirs.store.events()))
    found = home.json("inspect", "compare", "枫叶")
    assert (found["agreement"], found["kappa"]) == (1, None)
    assert "没有意义" in home.said("inspect", "compare", "枫叶")
