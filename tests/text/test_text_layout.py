"""Widths, cutting, wrapping and the cleaning of outside text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from fieldkit.text.plain import composed, first_control, folded, is_control, shown
from fieldkit.text.width import cell_width, cut, pad
from fieldkit.text.wrap import NO_END, NO_START, wrap

WORDS = st.text(
    st.one_of(
        st.sampled_from("澜渡镇听枫里抽查门厅宣传栏"),
        st.sampled_from("abcXYZ019 -/"),
        st.sampled_from("，。、；：！？）》」』】（《「【“”…—%"),
        st.sampled_from("　é̂ガ゙😀👍"),
    ),
    max_size=60,
)
CALM = st.lists(
    st.sampled_from(
        ["门厅", "公示牌", "已张贴", "，", "。", "（东侧）", "《通知》", "12", "第3栋 "]
    ),
    max_size=30,
).map(lambda parts: "".join(p for i, p in enumerate(parts) if not i or p != parts[i - 1]))


@settings(max_examples=50, deadline=None)
@given(text=WORDS, cells=st.integers(2, 40))
def test_wrap_stays_within_the_width(text: str, cells: int) -> None:
    """No line is wider than asked and nothing but blanks is lost."""
    lines = wrap(text, cells)
    assert all(cell_width(line) <= cells for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@settings(max_examples=50, deadline=None)
@given(text=CALM, cells=st.integers(12, 40))
def test_no_line_starts_with_a_stop_or_ends_with_an_opening(text: str, cells: int) -> None:
    """Ordinary sentences never begin a line with 。or ） and never end one with （."""
    lines = wrap(text.lstrip("，。"), cells)
    assert not [line for line in lines[1:] if line[:1] in NO_START and line]
    assert not [line for line in lines[:-1] if line[-1:] in NO_END and line]


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("抽查合格。", 8, ["抽查合", "格。"]),
        ("见（附件）", 4, ["见", "（附", "件）"]),
        ("中，文", 2, ["中", "，", "文"]),
        ("aaaa,b", 4, ["aaa", "a,b"]),
        ("one  two", 4, ["one", "two"]),
        ("字 ，字", 5, ["字 ，", "字"]),
        ("", 8, [""]),
        ("甲\n\n乙", 8, ["甲", "", "乙"]),
        ("国家反诈中心APP安装12个。", 12, ["国家反诈中心", "APP安装12", "个。"]),
        ("がが", 2, ["が", "が"]),
    ],
)
def test_wrap_examples(text: str, cells: int, lines: list[str]) -> None:
    """Breaks fall between wide characters, never inside a word that fits, never before a stop."""
    assert wrap(text, cells) == lines


@settings(max_examples=50, deadline=None)
@given(text=WORDS, cells=st.integers(0, 40), align=st.sampled_from(["left", "right"]))
def test_cut_and_pad_are_exact(text: str, cells: int, align: str) -> None:
    """Cut text fits, padded text fills the cells exactly, and what fits is left alone."""
    assert cell_width(cut(text, cells)) <= cells
    assert cell_width(pad(text, cells, align)) == cells
    if cell_width(text) <= cells:
        assert cut(text, cells) == text


@pytest.mark.parametrize(
    "text",
    [
        "澜渡镇",
        "abc",
        "ﾊﾝｶｸ",
        "é",
        "e\u0301",
        "가",
        "\u1100\u1161",
        "√×△／",
        "─│",
        "😀",
        "①",
        "नि",
        "　",
    ],
)
def test_widths_agree_with_the_screen_library(text: str) -> None:
    """Our widths are those by which the screen is drawn."""
    assert cell_width(text) == cell_len(text)


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=40))
def test_shown_leaves_nothing_that_steers(text: str) -> None:
    """After cleaning no control, format, separator or non-character is left."""
    clean = shown(text)
    assert first_control(clean) is None
    assert not {unicodedata.category(c) for c in clean} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert shown(clean) == clean
    assert shown(text, keep_newlines=True).replace("\n", "<U+000A>") == clean


@pytest.mark.parametrize(
    "char",
    [
        "\x00",
        "\x1b",
        "\x7f",
        "\x9b",
        "\u200b",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u00ad",
        "\u2028",
        "\u061c",
        "\ud800",
        "\ufffe",
        "\uffff",
        "\u3164",
        "\U000e0041",
        "\ufff9",
    ],
)
def test_each_steering_character_is_caught(char: str) -> None:
    """Escapes, bidi turns, hidden letters, tags and lone surrogates are all made visible."""
    assert is_control(char)
    assert first_control("甲" + char) == 1
    assert shown("甲" + char) == f"甲<U+{ord(char):04X}>"


def test_ordinary_text_is_left_alone() -> None:
    """Chinese, marks, full-width signs and emoji pass unchanged."""
    text = "霁川市（演示）：√ × △ ／ “无诈” 100% é 😀 　〔2026〕"
    assert shown(text) == text
    assert shown("甲\n乙") == "甲<U+000A>乙"
    assert shown("甲\n乙", keep_newlines=True) == "甲\n乙"


def test_folding_and_composing() -> None:
    """Typed values fold to ASCII; stored text is composed but keeps its punctuation."""
    assert folded(" ９／１０　") == "9/10"
    assert composed(" e\u0301：好 ") == "é：好"
