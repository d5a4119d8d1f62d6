"""The free-text guard: what no note may hold (premises and doors, no dossiers on people).

DOMAIN §5.2, PIPL arts. 5, 6 and 28: phone numbers, identity numbers and bank cards are stopped
where they are typed, with a hint on how to write the note instead. Numbers are found in any
width, spelt with Chinese digits, and in the groups people write them in. Office lines, document
numbers, division codes and lists of rooms are no personal data and pass.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from .i18n import N_, _
from .late import Late
from .persons import persons

_CHINESE_DIGITS = dict(zip("〇零一二三四五六七八九幺", "001234567891", strict=True))
_NUMBER = Late(r"(?<![0-9])\+?[0-9](?:[ .\-_·]{0,3}[0-9])*(?:[ .\-_]{0,3}[Xx])?")
_PLATE = Late(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]"
    r"[A-HJ-NP-Z][ ·]?[0-9A-HJ-NP-Z]{4}[0-9A-HJ-NP-Z挂学警]{1,2}(?![0-9A-Za-z])"
)
_ACCOUNT = Late(r"(?:微信号?|[Ww]e[Cc]hat|QQ号?|qq号?)\s*:\s*[A-Za-z0-9_\-]{5,}")
_MOBILE = Late(r"(?:\+?86|0)?(1[3-9][0-9]{9})")
_DIGITS = frozenset("0123456789")
_SHORTEST = 11
"""Digits in the shortest number of a person, a mobile phone's."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MOBILE_GROUPS = frozenset(
    [(3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 4, 3), (4, 3, 4), (5, 6), (3, 2, 2, 2, 2)]
)
_JUDGEMENTS = ("可疑人员", "诈骗分子", "嫌疑人员", "重点人员", "前科")


class Leak(NamedTuple):
    """One piece of text that must not be kept: its kind, place and the words themselves."""

    kind: str
    start: int
    text: str
    label: str


class _View:
    """The text in one form for searching, each character knowing where it came from."""

    def __init__(self, text: str, *, digits: bool) -> None:
        self.source = text
        chars: list[str] = []
        self.origin: list[int] = []
        for index, char in enumerate(text):
            if unicodedata.category(char) == "Cf":
                continue
            for part in unicodedata.normalize("NFKC", char):
                chars.append(_CHINESE_DIGITS.get(part, part) if digits else part)
                self.origin.append(index)
        self.text = "".join(chars)

    def leak(self, kind: str, start: int, end: int, label: str) -> Leak:
        first, last = self.origin[start], self.origin[end - 1]
        return Leak(kind, first, self.source[first : last + 1], label)


def _is_id(number: str) -> bool:
    """GB 11643: 17 digits and the check character of ISO 7064 MOD 11-2."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    total = sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def _is_card(number: str, groups: tuple[str, ...]) -> bool:
    """16 to 19 digits that pass Luhn; written apart, in a card's groups and no list of rooms."""
    if not (16 <= len(number) <= 19 and number.isdigit()) or number.strip("0") == "":
        return False
    if len(groups) > 1 and not _card_groups(groups):
        return False
    total = 0
    for index, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _card_groups(groups: tuple[str, ...]) -> bool:
    sizes = tuple(map(len, groups))
    fours = all(size == 4 for size in sizes[:-1]) and sizes[-1] <= 4
    if not (fours or set(sizes) == {1} or sizes in ((6, 13), (6, 10), (8, 8), (6, 12))):
        return False
    numbers = [int(group) for group in groups if len(group) == 4]
    steps = [b - a for a, b in itertools.pairwise(numbers)]
    return not (fours and steps and all(0 < step <= 200 for step in steps))


def _is_mobile(number: str, groups: tuple[str, ...]) -> bool:
    if _MOBILE.fullmatch(number) is None:
        return False
    parts = list(groups)
    # A country code in a group of its own, or glued to the first one.
    for prefix in ("+86", "86", "0"):
        if len(number) > 11 and parts[0].startswith(prefix):
            parts[0] = parts[0][len(prefix) :]
            break
    sizes = tuple(len(part) for part in parts if part)
    return len(sizes) == 1 or set(sizes) == {1} or sizes in _MOBILE_GROUPS


_KINDS: tuple[tuple[str, Callable[[str, tuple[str, ...]], bool], str], ...] = (
    ("identity", lambda number, groups: _is_id(number), N_("身份证号")),
    ("mobile", _is_mobile, N_("手机号")),
    ("card", _is_card, N_("银行卡号")),
)


def _numbers(view: _View) -> Iterator[Leak]:
    """Numbers of persons among the runs of digits, the longest reading of each run first."""
    if sum(char in _DIGITS for char in view.text) < _SHORTEST:
        return
    for run in _NUMBER.finditer(view.text):
        spans = [(m.start(), m.end()) for m in re.finditer(r"\+?[0-9]+|[Xx]", run.group())]
        first = 0
        while first < len(spans):
            for last in range(min(len(spans), first + 24), first, -1):
                groups = tuple(run.group()[a:b] for a, b in spans[first:last])
                number = "".join(groups)
                kind = next((k for k in _KINDS if len(number) < 24 and k[1](number, groups)), None)
                if kind is not None:
                    start, end = run.start() + spans[first][0], run.start() + spans[last - 1][1]
                    yield view.leak(kind[0], start, end, kind[2])
                    first = last - 1
                    break
            first += 1


def leaks(text: str) -> list[Leak]:
    """Everything in the text that identifies a person or judges one, in order of place.

    ``start`` counts characters of the text as it was given; ``text`` is the words found there.
    """
    plain = _View(text, digits=False)
    found = [*_numbers(plain), *_numbers(_View(text, digits=True))]
    # Most notes hold no letter and none of these words: looking first saves compiling patterns,
    # which is a tenth of a short command.
    if any(char.isascii() and char.isalnum() for char in plain.text):
        for kind, pattern, label in (
            ("plate", _PLATE, N_("车牌号")),
            ("account", _ACCOUNT, N_("微信或QQ号")),
        ):
            found += [plain.leak(kind, *m.span(), label) for m in pattern.finditer(plain.text)]
    found += [plain.leak("person", *span, N_("姓名或称呼")) for span in persons(plain.text)]
    for word in filter(plain.text.__contains__, _JUDGEMENTS):
        found += [
            plain.leak("judgement", *m.span(), N_("对人的定性用语"))
            for m in re.finditer(word, plain.text)
        ]
    unique = {(leak.kind, leak.start): leak for leak in found}
    return sorted(unique.values(), key=lambda leak: (leak.start, leak.kind))


_INSTEAD = {
    "identity": N_("（证件号不记）"),
    "mobile": N_("（电话不记）"),
    "card": N_("（卡号不记）"),
    "plate": N_("（车牌不记）"),
    "account": N_("（账号不记）"),
    "person": N_("住户"),
    "judgement": N_("（只写看到的事实）"),
}


def rewritten(text: str) -> str:
    """The text with a neutral word for everything that `leaks` finds; nothing else is changed."""
    left = text
    for leak in reversed(leaks(text)):
        end = leak.start + len(leak.text)
        if left[leak.start : end] == leak.text:
            left = left[: leak.start] + _(_INSTEAD[leak.kind]) + left[end:]
    return left if not leaks(left) else ""
