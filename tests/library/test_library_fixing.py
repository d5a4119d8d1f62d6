"""Mending: what slipped is put back, everything else stays as it was."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.errors import Problem
from fieldkit.library.fixing import MODELINE, fix, fix_paths
from fieldkit.library.folders import shipped
from fieldkit.library.lint import examine

BROKEN = Path(__file__).parent / "broken"
GOOD = sorted(shipped().glob("*.yaml"))
COURIER = shipped() / "courier-100.yaml"


def data_of(text: str, folder: Path, name: str) -> Any:
    """What a text examines to, None with errors."""
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return examine(path).data


def codes(text: str) -> list[str]:
    """The codes of what was mended."""
    return [fault.code for fault in fix(text, COURIER)[1]]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_list_is_left_alone(path: Path) -> None:
    """Byte for byte."""
    text = path.read_text("utf-8")
    assert fix(text, path) == (text, [])


SLIPS: dict[str, tuple[str, str]] = {
    "fullwidth-colon": (r"^(      +[a-z_]+): ", r"\1："),
    "missing-space": (r"^(        [a-z]+): (?=[A-Za-z0-9\u4e00-\u9fff])", r"\1:"),
    "missing-dash-space": (r"^( +)- (?=id: )", r"\1-"),
    "quoted": (r"^( +weight): ([0-9]+)$", r'\1: "\2"'),
    "wide": (r"^( +weight): ([0-9]+)$", r"\1: WIDE\2"),
    "word": (r"^( +critical): true$", r"\1: 是"),
    "yes": (r"^( +critical): true$", r"\1: yes"),
    "version": (r'^version: "(.*)"$', r"version: \1"),
    "wide quotes": (r'^version: "(.*)"$', r"version: “\1”"),
    "brackets": (r"^( +source): \[(.*)\]$", r"\1: ［\2］"),
    "blanks": (r"^( +type: [a-z]+)$", r"\1  "),
    "wide blank": (r"^( +source: \[[^ \]]+) ", "\\1\u3000"),
}


def slipped(text: str, name: str, place: int) -> str:
    """The text with one slip, at one of the places where it can happen."""
    pattern, new = SLIPS[name]
    found = list(re.finditer(pattern, text, re.M))
    if not found:
        return text
    one = found[place % len(found)]
    made = one.expand(new)
    if "WIDE" in made:
        head, tail = made.split("WIDE")
        made = head + "".join(chr(ord(char) + 0xFEE0) for char in tail)
    return text[: one.start()] + made + text[one.end() :]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(GOOD),
    slips=st.lists(st.tuples(st.sampled_from(sorted(SLIPS)), st.integers(0, 60)), max_size=4),
    windows=st.booleans(),
    modeline=st.booleans(),
)
def test_mechanical_slips_are_put_back(
    path: Path, slips: list[tuple[str, int]], windows: bool, modeline: bool, tmp_path: Path
) -> None:
    """Whatever slips there are, the mended file says what the good one says."""
    good = path.read_text("utf-8")
    text = good if modeline else good.split("\n", 1)[1]
    for name, place in slips:
        text = slipped(text, name, place)
    if windows:
        text = text.replace("\n", "\r\n")
    mended, faults = fix(text, path)
    assert data_of(mended, tmp_path, path.name) == data_of(good, tmp_path, path.name)
    assert bool(faults) == (text != good)
    assert mended.startswith(MODELINE)
    assert fix(mended, path) == (mended, [])
    comments = [line.strip() for line in good.split("\n") if line.lstrip().startswith("# ")]
    assert [
        line.strip() for line in mended.split("\n") if line.lstrip().startswith("# ")
    ] == comments


@pytest.mark.parametrize("name", sorted(SLIPS))
def test_each_slip_alone_is_put_back_exactly(name: str) -> None:
    """One slip, and the file is again what it was, up to quotes that mean the same."""
    good = COURIER.read_text("utf-8")
    text = slipped(good, name, 1)
    assert text != good
    assert fix(text, COURIER)[0] == good


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_broken_files_never_get_worse(path: Path, tmp_path: Path) -> None:
    """Fewer errors or as many; what needs judgement stays as it is."""
    text = path.read_text("utf-8")
    mended, faults = fix(text, path)
    target = tmp_path / path.name
    target.write_text(mended, encoding="utf-8")
    fixed = [fault for fault in faults if fault.code not in ("no-modeline", "trailing-blanks")]
    assert len(examine(target).errors) <= len(examine(path).errors) - len(fixed)


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="ab:：- \t\n[]{}\"'“”#，１true是yes\u3000\u200b\r", max_size=80))
def test_any_text_is_mended_or_left(text: str) -> None:
    """No text raises; mending twice is mending once."""
    once = fix(text, COURIER)[0]
    assert fix(once, COURIER)[0] == once


def test_blanks_in_a_block_of_text_stay() -> None:
    """Blanks at the end of a line of a literal block are part of what it says."""
    good = COURIER.read_text("utf-8")
    text = good.replace("boundary: ", "boundary: |\n  甲  \n  ", 1)
    assert "甲  \n" in fix(text, COURIER)[0]


def test_files_are_replaced_whole_with_their_permissions(tmp_path: Path) -> None:
    """Mode and link stay; a plan, a good file and one that is no text are left alone."""
    target = tmp_path / "courier-100.yaml"
    target.write_text(COURIER.read_text("utf-8").replace('"2026.11"', "2026.11"), "utf-8")
    target.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(target)
    odd = tmp_path / "odd.yaml"
    odd.write_bytes(b"\xff\xfe\x00")
    done = {one.path.name: one for one in fix_paths([tmp_path])}
    assert [fault.code for fault in done["courier-100.yaml"].faults] == ["wrong-type"]
    assert done["courier-100.yaml"].left == 0
    assert target.read_text("utf-8") == COURIER.read_text("utf-8")
    assert target.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert odd.read_bytes() == b"\xff\xfe\x00"
    assert done["odd.yaml"].left == 1
    assert sorted(os.listdir(tmp_path)) == ["courier-100.yaml", "link.yaml", "odd.yaml"]


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A Problem, no traceback."""
    with pytest.raises(Problem) as told:
        fix_paths([tmp_path / "none.yaml"])
    assert told.value.code == "no-such-path"


def test_tabs_and_hidden_characters_go() -> None:
    """A tab before a key, a character without width in a value, a mark at the beginning."""
    good = COURIER.read_text("utf-8")
    text = "\ufeff" + good.replace("        type: check", "\t\t\t\ttype: check", 1)
    text = text.replace("title: ", "title: \u200b", 1)
    assert codes(text) == ["byte-order-mark", "hidden-character", "bad-indent-char"]
    assert fix(text, COURIER)[0] == good
