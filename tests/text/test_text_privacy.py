"""The guard finds numbers of persons and leaves the work's own numbers alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.text.privacy import leaks

MOBILE, IDENTITY = "13800138000", "11010519491231002X"
FULL = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def _kinds(text: str) -> list[str]:
    return [leak.kind for leak in leaks(text)]


@pytest.mark.parametrize(
    "number",
    [
        MOBILE,
        "138 0013 8000",
        "138-0013-8000",
        "138  0013  8000",
        "138.0013.8000",
        "138_0013_8000",
        "1 3 8 0 0 1 3 8 0 0 0",
        "+86 13800138000",
        "+8613800138000",
        "86-138-0013-8000",
        "１３８００１３８０００",
        "１３８　００１３　８０００",
        "138\u200b0013\u200b8000",
        "一三八〇〇一三八〇〇〇",
        "幺三八零零幺三八零零零",
        "tel13800138000",
    ],
)
def test_mobile_in_every_dress(number: str) -> None:
    """A mobile number is found whole, spaced, full-width, spelt and with its country code."""
    assert _kinds(f"业主{number}联系") == ["mobile"]


@pytest.mark.parametrize(
    "number",
    [
        IDENTITY,
        IDENTITY.lower(),
        "110105 19491231 002X",
        "110105-1949-1231-002-X",
        IDENTITY.translate(FULL),
        "1101 0519 4912 3100 2X",
    ],
)
def test_identity_in_every_dress(number: str) -> None:
    """An identity number with a valid check character is found in each way of writing it."""
    assert _kinds(f"证件{number}。") == ["identity"]


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "6222-0212-3456-7890-128",
        "4111　1111　1111　1111",
    ],
)
def test_cards(number: str) -> None:
    """Card numbers that pass Luhn are found whole and in groups."""
    digits = [int(c) for c in number if c.isdigit()]
    total = sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits[::-1]))
    if total % 10:
        last = (digits[-1] - total) % 10
        number = number[:-1] + str(last)
    assert _kinds(f"卡{number}") == ["card"]


@pytest.mark.parametrize(
    "text",
    [
        "抽查10户，合格9户，未见2户。",
        "惠东桥政〔2021〕44号，2021年11月17日",
        "澜反诈整〔2026〕7号 2026-11-12 09:30",
        "met:澜派函〔2026〕12号:2026-11-17",
        "990121101001001",
        "990121101001",
        "网格990121101001001第3栋2单元502室",
        "办公电话0595-87654321",
        "反诈专线96110，举报023-79332042",
        "1501 1502 1503 1504 1505 1506",
        "3501 3502 3503 3504",
        "1-2-301 1-2-302 1-2-303",
        "听枫里 1-10栋，A座15层1506",
        "2026.11.12 10.30 至 2026.11.13 11.30",
        "监控保存90天，2026年10月26日至11月25日",
        "13800 元，138户，0013 号，8000 份",
        "11010519491231002",
        "110105194912310021",
        "0000000000000000",
        "三年三阶段，一二三四五条",
        "SF1234567890123",
        "",
    ],
)
def test_ordinary_notes_pass(text: str) -> None:
    """Counts, document numbers, division codes, office lines and room lists are no leak."""
    assert leaks(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("门口停闽C12345", "plate"),
        ("闽CD12345 长期停放", "plate"),
        ("微信：abc_12345", "account"),
        ("QQ号: 10001000", "account"),
        ("楼上有可疑人员", "judgement"),
        ("有前科", "judgement"),
    ],
)
def test_other_leaks(text: str, kind: str) -> None:
    """Plates, chat accounts and words that judge a person are found."""
    assert _kinds(text) == [kind]


def test_place_and_words_are_those_of_the_given_text() -> None:
    """Start and words point into what was typed, also when widths were folded before."""
    text = f"㈱电话：{'138 0013 8000'.translate(FULL)}，证件{IDENTITY}"
    first, second = leaks(text)
    for leak in (first, second):
        assert text[leak.start :].startswith(leak.text)
    assert second.text == IDENTITY
    assert first.label == "手机号"


def test_several_in_one_note_are_all_found() -> None:
    """Each number is reported, in order of place."""
    assert _kinds(f"{MOBILE}、{IDENTITY}、13900139000") == ["mobile", "identity", "mobile"]
    assert _kinds(f"{MOBILE} {IDENTITY}") == ["mobile", "identity"]


@settings(max_examples=50, deadline=None)
@given(before=st.text("听枫里栋a，。 ", max_size=10), after=st.text("室号b；、 ", max_size=10))
def test_found_anywhere_in_a_sentence(before: str, after: str) -> None:
    """Where a number stands in a sentence makes no difference."""
    assert "mobile" in _kinds(before + MOBILE + after)
    assert "identity" in _kinds(before + IDENTITY + after)


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    """The guard never fails and its places lie inside the text."""
    for leak in leaks(text):
        assert text[leak.start : leak.start + len(leak.text)] == leak.text


def test_long_digit_lists_stay_quick() -> None:
    """A pasted table of numbers is searched in bounded time."""
    assert isinstance(leaks("12 " * 5000), list)


_PIECES = st.sampled_from(
    [
        *(
            "张",
            "欧阳",
            "先生",
            "主任",
            "户主",
            "：",
            "叫",
            "李",
            "某",
            "某某",
            "可疑人员",
            "前科",
            "粤",
        ),
        *(
            "A",
            "12345",
            "微信",
            "QQ",
            ":",
            "abcdef",
            "138",
            "0013",
            "8000",
            " ",
            "-",
            "一三八",
            "室",
            "。",
        ),
    ]
)


@settings(max_examples=200)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_looking_first_changes_nothing(text: str) -> None:
    """What is found is what every pattern finds, tried without asking whether it can."""
    from fieldkit.text import persons, privacy

    quick = leaks(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(privacy, "_SHORTEST", 0)
        always = [(pattern, group, [""]) for pattern, group, _needed in persons._PATTERNS]
        patch.setattr(persons, "_PATTERNS", always)
        # A letter at the end, apart: with one every pattern is tried.
        slow = leaks(f"{text}。a")
    assert slow == quick
