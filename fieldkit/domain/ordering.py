"""Natural order of house numbers and floors (DOMAIN §4.2: 2栋 before 10栋, 二栋 like 2栋)."""

from __future__ import annotations

from fieldkit.text.late import Late
from fieldkit.text.plain import folded

_DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")}
_CHINESE = Late(r"[零一二三四五六七八九十百]+")
_PIECES = Late(r"\d+|\D+")

Key = tuple[tuple[int, int, str], ...]


def chinese_number(text: str) -> int:
    """The value of a Chinese numeral below 1000; digit by digit where it has no 十 or 百."""
    if not set(text) & set("十百"):
        return int("".join(str(_DIGIT[c]) for c in text))
    total, last = 0, None
    for char in text:
        if char in "十百":
            total += (1 if last is None else last) * (10 if char == "十" else 100)
            last = 0
        else:
            last = _DIGIT[char]
    return total + (last or 0)


def in_digits(text: str) -> str:
    """A text with its Chinese numerals as digits: 二栋 is 2栋."""
    return _CHINESE.sub(lambda m: str(chinese_number(m.group())), text)


def natural(text: str) -> Key:
    """A sort key in which numbers count as numbers, also Chinese and full-width ones."""
    plain = in_digits(folded(text).upper())
    return tuple(
        (0, int(piece[:18]), "") if piece.isdecimal() else (1, 0, piece)
        for piece in _PIECES.findall(plain)
    )


_BASEMENT = Late(r"^(?:-|负|B|地下)(\d+)")
_STOREY = Late(r"^(\d+)([A-Z]?)")


def floor_key(label: str) -> tuple[int, int, str]:
    """A sort key for floors, upwards: B2 < -1 < G < 1 < 夹层 < 2 < 3 < 3A < 4."""
    plain = in_digits(folded(label).upper())
    plain = plain.removeprefix("第")
    if below := _BASEMENT.match(plain):
        return (-int(below.group(1)[:6]), 0, plain)
    if storey := _STOREY.match(plain):
        return (int(storey.group(1)[:6]), ord(storey.group(2)) if storey.group(2) else 0, "")
    if plain.startswith(("G", "底", "首")):
        return (0, 1, plain)
    if plain.startswith(("M", "夹")):
        return (1, 1, plain)
    return (0, 0, plain)


_ROOM = Late(r"(?:^|\D)(B?-?\d{1,2})(\d{2})(?!\d)[^\d]*$")


def floor_of(floor: str, name: str) -> str:
    """The floor that a door says it is on, or the one its number tells (502 is on 5)."""
    if floor:
        return floor
    room = _ROOM.search(folded(name))
    return room.group(1).lstrip("0") if room else ""
