"""Patterns that are compiled when they are first needed, not when their module is loaded.

A program that starts for one short answer compiles dozens of which it needs two or three.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator


class Late:
    """A regular expression with the methods of `re.Pattern` that are used here."""

    __slots__ = ("_flags", "_made", "_source")

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source, self._flags = source, flags
        self._made: re.Pattern[str] | None = None

    @property
    def _pattern(self) -> re.Pattern[str]:
        if self._made is None:
            self._made = re.compile(self._source, self._flags)
        return self._made

    def match(self, text: str) -> re.Match[str] | None:
        """At the front of the text."""
        return self._pattern.match(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The whole text."""
        return self._pattern.fullmatch(text)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Anywhere."""
        return self._pattern.search(text, start)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every place, from the left."""
        return self._pattern.finditer(text)

    def findall(self, text: str) -> list[str]:
        """Every place's text."""
        return self._pattern.findall(text)

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with every place replaced."""
        return self._pattern.sub(new, text)
