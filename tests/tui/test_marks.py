"""Marks: words of two cells, or two plain characters where there is no Chinese font."""

from __future__ import annotations

import pytest

from fieldkit.domain.outcomes import OUTCOMES
from fieldkit.text.terminal import ascii_only
from fieldkit.text.width import cell_width
from fieldkit.tui import words

SETS = [(language, plain) for language in ("zh", "en") for plain in ("0", "1")]


@pytest.fixture(params=SETS, ids=lambda pair: f"{pair[0]}-{'ascii' if pair[1] == '1' else 'words'}")
def chosen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """One language with one set of marks."""
    language, plain = request.param
    monkeypatch.setenv("FIELDKIT_LANG", language)
    monkeypatch.setenv("FIELDKIT_ASCII", plain)
    return language, plain


def test_every_mark_is_two_cells(chosen: tuple[str, str]) -> None:
    """Rows of marks stand under each other in both languages and both sets."""
    states = [words.mark(state) for state in words.STATE_MARKS]
    outcomes = [words.outcome_mark(outcome.code) for outcome in OUTCOMES]
    assert {cell_width(mark) for mark in states + outcomes} == {2}
    if chosen[1] == "1":
        assert all(mark.isascii() for mark in states + outcomes)


def test_a_mark_means_one_thing(chosen: tuple[str, str]) -> None:
    """Two states never look alike, nor two outcomes; the legend names each."""
    for legend in (words.legend(), words.outcome_legend()):
        assert len({mark for mark, _title in legend}) == len(legend)
        assert all(title for _mark, title in legend)
    assert len(words.legend()) == len(words.STATE_MARKS)
    assert len(words.outcome_legend()) == len(OUTCOMES)


def test_the_plain_marks_are_those_of_the_manual(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plus, an x, a hyphen, a point, a question mark."""
    monkeypatch.setenv("FIELDKIT_ASCII", "1")
    order = ("pass", "fail", "na", "open", "unseen")
    assert "".join(words.mark(state)[0] for state in order) == "+x-.?"


@pytest.mark.parametrize(
    ("environ", "plain"),
    [
        ({}, False),
        ({"LANG": "zh_CN.UTF-8"}, False),
        ({"LANG": "C"}, False),
        ({"LANG": "zh_CN.utf8@pinyin"}, False),
        ({"LANG": "zh_CN.GB18030"}, True),
        ({"LANG": "zh_CN.GBK", "LC_ALL": "zh_CN.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.ISO-8859-1"}, True),
        ({"LANG": "zh_CN.UTF-8", "TERM": "linux"}, True),
        ({"LANG": "zh_CN.UTF-8", "TERM": "linux", "FIELDKIT_ASCII": "0"}, False),
        ({"LANG": "zh_CN.UTF-8", "TERM": "xterm-256color", "FIELDKIT_ASCII": "1"}, True),
        ({"FIELDKIT_ASCII": ""}, False),
    ],
)
def test_when_marks_are_plain(environ: dict[str, str], plain: bool) -> None:
    """The person's word first, then the encoding, then the kind of terminal."""
    assert ascii_only(environ) is plain
