"""The free-text guard: what no note may hold (premises and doors, no dossiers on people).

DOMAIN §5.2, PIPL arts. 5, 6 and 28: phone numbers, identity numbers and bank cards are stopped
where they are typed, with a hint on how to write the note instead.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .i18n import N_

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ID18 = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_CARD = re.compile(r"(?<!\d)\d{16,19}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_JUDGEMENTS = ("可疑人员", "诈骗分子", "嫌疑人员", "重点人员", "前科")


@dataclass(frozen=True, slots=True)
class Leak:
    """One piece of text that must not be kept: its kind, place and the words themselves."""

    kind: str
    start: int
    text: str
    label: str


def _is_id(digits: str) -> bool:
    total = sum(int(d) * w for d, w in zip(digits[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17].upper()


def _is_card(digits: str) -> bool:
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def leaks(text: str) -> list[Leak]:
    """Everything in the text that identifies a person or judges one, in order of place."""
    plain = unicodedata.normalize("NFKC", text)
    joined = re.sub(r"(?<=\d)[ \-](?=\d)", "", plain)
    found: list[Leak] = []
    for line in {plain, joined}:
        found += [Leak("mobile", m.start(), m.group(), N_("手机号")) for m in _MOBILE.finditer(line)]
        found += [
            Leak("identity", m.start(), m.group(), N_("身份证号"))
            for m in _ID18.finditer(line)
            if _is_id(m.group())
        ]
        found += [
            Leak("card", m.start(), m.group(), N_("银行卡号"))
            for m in _CARD.finditer(line)
            if _is_card(m.group()) and not (len(m.group()) == 18 and _is_id(m.group()))
        ]
    for word in _JUDGEMENTS:
        start = plain.find(word)
        if start >= 0:
            found.append(Leak("judgement", start, word, N_("对人的定性用语")))
    unique = {(leak.kind, leak.text): leak for leak in found}
    return sorted(unique.values(), key=lambda leak: (leak.start, leak.kind))
