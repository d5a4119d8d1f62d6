"""An inspection on plain lines: through a pipe, by words as well as letters, nothing lost."""

from __future__ import annotations

import io
import os
import pty
import select
import subprocess
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fieldkit.cli import plain_words
from fieldkit.cli import run as run_cli
from fieldkit.cli.plain_words import meant, typed
from fieldkit.domain.checklist import Item
from fieldkit.domain.sheet import Sheet
from fieldkit.text.plain import first_control
from fieldkit.work import Workspace, bookmarks, inspecting, sites
from fieldkit.work.previewing import STRAIGHT

REGISTER = (
    "kind,code,name,parent,division,registered\n"
    "village,V1,澜渡社区,,990100000001,\n"
    "estate,E1,听枫里,V1,,\n"
)
START = ["inspect", "fill", "--site", "E1", "--checklist", "wuzha-xiaoqu", "--plain"]
TYPED = {
    "check": "1",
    "redline": "1",
    "external": "1\n岫公函12号\n20261120",
    "recency": "2026-11-20",
    "date": "2026-11-20",
    "sample": "９９／９９",
    "ratio": "99/99",
    "count": "９９",
    "number": "99",
    "text": "看过",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one estate, its clock standing still."""
    folder = tmp_path / "home"
    monkeypatch.setenv("FIELDKIT_HOME", str(folder))
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T10:42:07+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    table = tmp_path / "r.csv"
    table.write_text(REGISTER, encoding="utf-8")
    with Workspace.open(folder) as ws:
        assert not sites.import_register(ws, table).rejected
    return folder


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command with these lines on standard input: exit code, what was said."""

    def run(lines: str, *words: str) -> tuple[int, str]:
        stdin = io.TextIOWrapper(io.BytesIO(lines.encode("utf-8")), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stdin)
        code = run_cli(list(words or START))
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


def only() -> Sheet:
    """The one inspection of the home."""
    with Workspace.open() as ws:
        (row,) = inspecting.listing(ws)
        return inspecting.sheet(ws, row.inspection.id)


def lines_for(sheet: Sheet) -> list[str]:
    """What a person types to answer every item well."""
    found = []
    for item in sheet.items:
        if item.type == "choices":
            found.append(" ".join(str(n) for n in range(1, len(item.options) + 1)))
        else:
            found.append("1" if item.type == "choice" else TYPED.get(item.type, ""))
    return found


@pytest.fixture
def answers(talk: Any) -> list[str]:
    """The lines that answer a new inspection of the estate."""
    talk("")
    return lines_for(only())


def test_a_whole_inspection_through_a_pipe(home: Path, answers: list[str]) -> None:
    """One process, standard input alone, from the start to the grade."""
    done = subprocess.run(
        [sys.executable, "-m", "fieldkit", *START],
        input="\n".join([*answers, "y"]) + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "FIELDKIT_HOME": str(home)},
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"已答 {len(answers)}/{len(answers)}" in done.stdout
    assert "已办结" in done.stdout
    assert "已存 10:42:07" in done.stdout
    with Workspace.open(home) as ws:
        rows = inspecting.listing(ws)
        states = [(row.inspection.state, row.answered) for row in rows]
        assert ("finished", len(answers)) in states


def test_lines_are_plain(talk: Any, answers: list[str]) -> None:
    """No steering, no boxes, nothing that overwrites: what a screen reader reads well."""
    _code, told = talk("\n".join(["2", *answers[1:3], "?", "b", "y"]))
    for character in told:
        assert character == "\n" or not unicodedata.category(character).startswith("C")
        assert not 0x2500 <= ord(character) < 0x2600


def test_the_question_tells_everything(talk: Any) -> None:
    """Number, text, criterion, wanted evidence, clause, numbered answers, present answer."""
    _code, told = talk("g XQ05\n1\nb\n")
    assert "第 5 题，共 21 题，XQ05：" in told
    for label in ("标准：", "要留的佐证：", "依据：", "回答：1 合格，2 不合格，3 不适用"):
        assert label in told
    assert told.count("现在的答案：未答") > 1
    assert "现在的答案：合格" in told


def test_the_end_of_input_leaves_cleanly(talk: Any) -> None:
    """Exit 0, the answer is kept, the way back is named; it goes on where it stopped."""
    code, told = talk("g XQ05\n2\n")
    assert code == 0
    assert told.rstrip().endswith("--plain")
    sheet = only()
    assert sheet.value("XQ05") == "fail"
    code, told = talk("", "inspect", "fill", sheet.inspection.id[:8], "--plain")
    assert code == 0
    assert "第 6 题" in told
    assert "已答 1/21" in told


@pytest.mark.parametrize("slip", ["zzz", "9", "𝄞", "‮", "pass fail", "\x1b[2J", "去 999", "g XQ99"])
def test_a_slip_is_one_sentence_and_the_question_again(talk: Any, slip: str) -> None:
    """Nothing is kept of it and the same question stands there."""
    code, told = talk(f"g XQ05\n{slip}\n1\n")
    assert code == 0
    assert told.count("第 5 题，共 21 题，XQ05：") == 2
    assert only().value("XQ05") == "pass"
    assert "\x1b" not in told


def test_words_do_what_letters_do(talk: Any) -> None:
    """An input method turns letters into other things; Chinese words and wide digits arrive."""
    talk("去 ５\n２\n返回\n备注 灯不亮\n撤销\n撤销\n恢复\n帮助\n退出\n1\n")
    sheet = only()
    assert sheet.value("XQ05") == "fail"
    assert sheet.answers["XQ05"].note == ""
    assert sheet.progress[0] == 1


def test_undo_names_what_it_takes_back(talk: Any) -> None:
    """The last answer goes, and the question stands there again."""
    _code, told = talk("g XQ05\n1\nu\nu\n")
    assert "已撤销：XQ05 现在是 未答" in told
    assert "没有可以撤销的作答" in told
    assert only().value("XQ05") is None


def test_notes_and_evidence(talk: Any, tmp_path: Path) -> None:
    """Beside an answer, asked for in a line of their own or behind the command."""
    photo = tmp_path / "a b.txt"
    photo.write_text("说明", encoding="utf-8")
    _code, told = talk(f"g XQ05\nn\n1\nb\nn\n灯不亮\ne '{photo}'\ne nothing.jpg\n")
    assert "先作答" in told
    given = only().answers["XQ05"]
    assert (given.value, given.note, len(given.evidence)) == ("pass", "灯不亮", 1)
    _code, told = talk("g XQ05\nn 电话13800138000\n", "inspect", "fill", _ref(), "--plain")
    assert only().answers["XQ05"].note == "灯不亮"


def test_phrases_by_number(talk: Any) -> None:
    """A ready phrase of the list comes before free writing."""
    talk("")
    item = next(item for item in only().items if item.phrases and item.type == "check")
    talk(f"g {item.id}\n2\nb\nn\n1\n", "inspect", "fill", _ref(), "--plain")
    assert only().answers[item.id].note == item.phrases[0]


def _ref() -> str:
    return only().inspection.id


def test_open_items_are_named_and_refuse_the_end(talk: Any, answers: list[str]) -> None:
    """By number; a yes is then answered with what is missing, and a number leads there."""
    lines = list(answers)
    lines[4] = ""
    ref = _ref()
    _code, told = talk("\n".join([*lines, "是"]), "inspect", "fill", ref, "--plain")
    assert "还有 1 题未答" in told
    assert "  5 XQ05 " in told
    assert "还有 1 个必答项未作答：XQ05" in told
    assert only().inspection.state == "open"
    code, told = talk("f\n5\n2\ny\n", "inspect", "fill", ref, "--plain")
    assert code == 0
    assert only().inspection.state == "finished"
    assert "前整改" in told
    code, told = talk("", "inspect", "fill", ref, "--plain")
    assert code == 1


def test_what_to_fill_must_be_said(talk: Any) -> None:
    """Neither nothing nor both."""
    assert talk("", "inspect", "fill", "--plain")[0] == 2
    assert talk("", "inspect", "fill", "--site", "E1")[0] == 2
    assert talk("", "inspect", "fill", "ff", "--site", "E1", "--plain")[0] == 2
    assert talk("", "inspect", "fill", "ff", "--plain")[0] == 2


def test_without_a_terminal_it_is_plain_anyway(talk: Any) -> None:
    """No screens are opened where nobody could see them."""
    code, told = talk("g XQ05\n1\n", *START[:-1])
    assert code == 0
    assert "第 5 题" in told


def test_english_has_no_chinese_of_ours(talk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue knows every sentence of the conversation."""
    monkeypatch.setenv("FIELDKIT_LANG", "en")
    _code, told = talk("q\n")
    assert "请回答" not in told


def test_commands_and_answers_are_told_apart() -> None:
    """A command stands alone or before a blank; an equals sign makes an answer of anything."""
    assert typed(" ｂ ").command == "back"
    assert typed("去12").command == "go"
    assert typed("去年查过").command == ""
    assert (typed("备注　灯").command, typed("备注　灯").rest) == ("note", "灯")
    assert typed("备注栏没填").command == ""
    assert (typed("＝b").command, typed("＝b").rest) == ("", "b")
    assert typed("bad").command == ""
    assert set(plain_words.COMMANDS.values()) == {
        "back", "note", "evidence", "undo", "redo", "go", "draw", "end", "help", "quit",
    }  # fmt: skip


def test_numbers_are_those_that_are_shown() -> None:
    """An option's number wins over another option's id, titles do as well, several at once."""
    options = [{"id": "2", "title": "有"}, {"id": "1", "title": "没有"}, {"id": "x", "title": "坏"}]
    one = Item("A", "s", "?", "choice", params={"options": options})
    several = Item("A", "s", "?", "choices", params={"options": options})
    assert meant(one, "１") == "2"
    assert meant(one, "坏") == "x"
    assert meant(one, "7") == "7"
    assert meant(several, "1，3") == "2,x"
    assert meant(several, "0") == "none"
    assert meant(Item("A", "s", "?", "number"), "1") == "1"


LINES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            [*plain_words.COMMANDS, "1", "2", "3", "4", "0", "", "=b", "是", "y", "１"]
        ),
        st.builds("{} {}".format, st.sampled_from([*plain_words.COMMANDS]), st.text(max_size=8)),
    ),
    max_size=25,
)


@pytest.fixture(scope="module")
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that all examples write into."""
    folder = tmp_path_factory.mktemp("random")
    table = folder / "r.csv"
    table.write_text(REGISTER, encoding="utf-8")
    with Workspace.open(folder / "home") as ws:
        sites.import_register(ws, table)
    return folder / "home"


@settings(max_examples=40, deadline=None)
@given(lines=LINES, junk=st.binary(max_size=20))
@example(lines=["g XQ05", "1", "b", "e a\0b", "n \0", "d \0"], junk=b"\xff\n\xed\xa0\x80")
def test_whatever_is_typed_nothing_breaks(one_home: Path, lines: list[str], junk: bytes) -> None:
    """Any lines, any bytes: exit 0, nothing that steers a terminal, the journal whole."""
    text = "\n".join(lines).encode("utf-8", "replace") + b"\n" + junk
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDKIT_HOME", str(one_home))
        patch.setenv("FIELDKIT_NOW", "2026-11-23T10:42:07+08:00")
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", out)
        assert run_cli(START) == 0, out.getvalue()
    assert first_control(out.getvalue(), allow="\n") is None
    with Workspace.open(one_home) as ws:
        assert ws.store.verify() == []


def test_in_a_terminal_the_screens_open_at_it(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --plain, at that inspection, this one time."""
    opened = []

    def screens(folder: Path | None) -> int:
        with Workspace.open(folder) as ws:
            opened.append(bookmarks.recall(ws, STRAIGHT))
        return 0

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert run_cli(START[:-1], open_tui=screens) == 0
    assert opened == [only().inspection.id]
    with Workspace.open(home) as ws:
        assert not bookmarks.recall(ws, STRAIGHT)


@pytest.mark.skipif(os.name == "nt", reason="terminals of this kind are POSIX")
def test_in_a_terminal_ctrl_d_leaves(home: Path) -> None:
    """Typed at a terminal; Ctrl-D ends it with nothing lost."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "fieldkit", *START],
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        env={**os.environ, "FIELDKIT_HOME": str(home)},
    )  # fmt: skip
    os.close(slave)
    seen = b""

    def until(word: str) -> None:
        nonlocal seen
        deadline = time.monotonic() + 60
        while word.encode() not in seen:
            assert time.monotonic() < deadline, seen.decode("utf-8", "replace")
            if select.select([master], [], [], 1)[0]:
                seen += os.read(master, 65536)

    until("请回答：")
    os.write(master, b"g XQ05\n")
    until("XQ05：")
    os.write(master, "１\n".encode())
    until("已存")
    seen = b""
    until("请回答：")
    os.write(master, b"\x04")
    assert process.wait(timeout=60) == 0
    os.close(master)
    assert only().value("XQ05") == "pass"
