"""Finding by sound: syllables, beginnings, initials, every reading."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.text import pinyin
from fieldkit.text.plain import folded
from fieldkit.tui.widgets.pick_list import Row

pinyin.prepare()
KNOWN = [chr(code) for code in range(0x4E00, 0x9FA6) if pinyin.readings(chr(code))]
TEXTS = st.text(st.sampled_from(KNOWN), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("检查灭火器", "mhq"),
        ("检查灭火器", "miehuoqi"),
        ("检查灭火器", "mhuoq"),
        ("检查灭火器", "jcmhq"),
        ("重庆路快递点", "cq"),
        ("重庆路快递点", "zq"),
        ("鹭汀花园3栋", "hy3d"),
        ("绿源小区", "lvyuan"),
        ("绿源小区", "luyuan"),
        ("绿源小区", "lüyuan"),
        ("西安路", "xi'an"),
        ("银行网点", "yh"),
        ("银行网点", "yinhang"),
        ("APP安装", "appaz"),
        ("Ａ座", "azuo"),
        ("方案：安安安安安安安安安安安安", "an" * 12),
    ],
)
def test_what_is_typed_finds_what_is_meant(text: str, wanted: str) -> None:
    """Whole, begun, or by initials, anywhere in the text."""
    assert pinyin.matches(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("检查灭火器", "mhx"), ("灭火器", "hqm"), ("灭，火", "mh"), ("灭 火", "mh"), ("灭火器", ""),
     ("灭火器", "灭"), ("灭火器", "m" * 99), ("灭火器", "ui"), ("灭火器", "'"), ("", "m"),
     ("灭火器", "miehuoqii"), ("灭火", "miehuoqi")],
)  # fmt: skip
def test_what_does_not_sound_so_is_not_found(text: str, wanted: str) -> None:
    """Order counts, gaps do not match, and what is no sound finds nothing."""
    assert not pinyin.matches(text, wanted)


@given(st.text(max_size=5), TEXTS, st.data())
def test_any_mixture_of_beginnings_finds_the_text(
    before: str, text: str, data: st.DataObject
) -> None:
    """Of each character any reading, cut anywhere, wherever in a longer text it stands."""
    typed = ""
    for sign in text:
        reading = data.draw(st.sampled_from(pinyin.readings(sign)))
        typed += reading[: data.draw(st.integers(1, len(reading)))]
    assert pinyin.matches(before + text, typed)


@given(TEXTS, st.data())
def test_initials_and_whole_syllables_always_find(text: str, data: st.DataObject) -> None:
    """The two ways that people really type, with whatever reading they know."""
    said = [data.draw(st.sampled_from(pinyin.readings(sign))) for sign in text]
    assert pinyin.matches(text, "".join(one[0] for one in said))
    assert pinyin.matches(text, "".join(said))


@given(st.text(st.sampled_from("安西鸡看门狗an"), max_size=6), st.text("anxijk", max_size=6))
def test_it_finds_exactly_what_trying_all_ways_finds(text: str, wanted: str) -> None:
    """Against a slow search that cuts the word in every way at every place."""

    def heard(at: int, rest: str) -> bool:
        if not rest or at == len(text):
            return not rest
        return any(
            rest.startswith(one[:end]) and heard(at + 1, rest[end:])
            for one in pinyin.readings(text[at])
            for end in range(1, len(one) + 1)
        )

    slow = bool(wanted) and any(heard(at, wanted) for at in range(len(text)))
    assert pinyin.matches(text, wanted) == slow


@given(st.text(), st.text() | st.text("abcxyz019'ü"))
def test_nothing_raises(text: str, wanted: str) -> None:
    """Whatever is typed, over whatever text."""
    assert pinyin.matches(text, wanted) in (True, False)
    assert Row("a", text, find=text).matches(wanted) in (True, False)


@given(st.text(min_size=1), st.data())
def test_what_matches_as_written_matches(text: str, data: st.DataObject) -> None:
    """The sound adds to what is found and takes nothing away."""
    written = folded(text)
    start = data.draw(st.integers(0, len(written)))
    part = written[start : data.draw(st.integers(start, len(written)))]
    words = folded(part).lower().split()
    if all(word in written.lower() for word in words):
        assert Row("a", text).matches(part)


def test_every_word_has_to_be_found() -> None:
    """By its characters or its sound, in the name or in what the row is found by besides."""
    row = Row("a", "鹭汀花园", "小区", find="E-1 澜渡镇鹭汀路6号")
    assert row.matches("鹭汀 ldz")
    assert row.matches("ＬＴＨＹ e-1")
    assert not row.matches("lthy e-2")
    assert not row.matches("ye"), "a word does not run on from the name into the code"


def test_before_the_table_is_loaded_nothing_is_found_and_nothing_imported() -> None:
    """The first keystroke never waits for the table; phrases are never loaded."""
    code = (
        "import sys; from fieldkit.text import pinyin as p; "
        "print(p.matches('灭火器', 'mhq'), 'pypinyin' in sys.modules, p.is_ready()); "
        "p.prepare(); print(p.matches('灭火器', 'mhq'), 'pypinyin.phrases_dict' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False", "False", "True", "False"]
