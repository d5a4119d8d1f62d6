"""Finding Chinese by what an English keyboard types: whole syllables, their beginnings, initials.

``mhq``, ``miehuoqi`` and ``mhuoq`` all find 灭火器. Every reading of a character counts. The table
of readings is loaded by `prepare`, off the first keystroke's way; before, nothing is found so.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+")
_AS_TYPED = str.maketrans({"ü": "v", "'": None, "\u2019": None})
_TABLE: dict[int, str] = {}


def prepare() -> None:
    """Load the readings of the characters; may run in a thread of its own."""
    if not _TABLE:
        # Phrases are never asked for, and would hold up every other thread for a tenth of a second.
        os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
        from pypinyin.constants import PINYIN_DICT

        _load(PINYIN_DICT)


def is_ready() -> bool:
    """Whether the readings are loaded."""
    return bool(_TABLE)


def matches(text: str, wanted: str) -> bool:
    """Whether a word of letters and digits sounds like some part of the text.

    False before `prepare` has loaded the readings; ``wanted`` is folded to lower case by the
    caller.
    """
    if not _TABLE or (place := _start(wanted)) is None:
        return False
    for sign in text:
        further = place[sign]
        if further is None:
            return True
        place = further
    return False


@lru_cache(maxsize=1 << 14)
def readings(sign: str) -> tuple[str, ...]:
    """How a character may be typed, without tones; nothing for a sign without a sound."""
    told = _TABLE.get(ord(sign))
    if told is not None:
        return tuple(sorted({one for part in told.split(",") for one in _plain(part)}))
    plain = unicodedata.normalize("NFKC", sign).lower()
    return (plain,) if _WORD.fullmatch(plain) else ()


class _Place(dict[str, "_Place | None"]):
    """How much of a word has been heard so far, and where each next character leads.

    Each bit of ``heard`` is a number of letters that the characters up to here may stand for; bit
    0 is always set, for the word may begin anywhere. Where a character leads is worked out once;
    None is the end of the word. So a text costs one look-up a character, however many ways there
    are to cut the word into syllables.
    """

    __slots__ = ("heard", "places", "word")

    def __init__(self, word: str, heard: int, places: dict[int, _Place]) -> None:
        super().__init__()
        self.word, self.heard, self.places = word, heard, places
        places[heard] = self

    def __missing__(self, sign: str) -> _Place | None:
        further = self[sign] = self._after(sign)
        return further

    def _after(self, sign: str) -> _Place | None:
        heard = 1
        for at in range(len(self.word)):
            if not self.heard >> at & 1:
                continue
            for reading in readings(sign):
                for end in range(1, len(reading) + 1):
                    if self.word.startswith(reading[:end], at):
                        heard |= 1 << at + end
        if heard >> len(self.word):
            return None
        return self.places.get(heard) or _Place(self.word, heard, self.places)

    def __bool__(self) -> bool:
        return True


@lru_cache(maxsize=32)
def _start(wanted: str) -> _Place | None:
    """Where the search for a word begins; None for a word that is no sound at all."""
    word = wanted.translate(_AS_TYPED)
    return _Place(word, 1, {}) if _WORD.fullmatch(word) else None


def _load(table: Mapping[int, str]) -> None:
    _TABLE.update(table)
    readings.cache_clear()
    _start.cache_clear()


def _plain(syllable: str) -> set[str]:
    """A syllable without its tone; ü is typed as v or as u."""
    letters = unicodedata.normalize("NFD", syllable.strip())
    bare = "".join(s for s in letters if not unicodedata.combining(s) or s == "\u0308")
    spellings = {bare.replace("u\u0308", "v"), bare.replace("u\u0308", "u")}
    return {s for s in spellings if s.isascii() and s.isalpha()}
