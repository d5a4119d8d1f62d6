"""A text that a pattern takes: found by walking the pattern, the shortest way through.

Understands what constraints are written with: alternatives, groups, classes, repetitions,
anchors and the usual escapes. Whatever it cannot follow it leaves out; the caller tries the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 200
"""No text longer than this is made; bounds a repetition of repetitions."""

_ESCAPES = {"d": "1", "D": "x", "w": "a", "W": "-", "s": " ", "S": "a", "n": "\n", "t": "\t"}
_COUNT = re.compile(r"\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\}")


def sample(pattern: str, spare: int = 0) -> str:
    """A short text for a pattern; ``spare`` repeats what may be repeated so much more often."""
    return _Walk(pattern, spare).any()[:MOST]


@dataclass
class _Walk:
    pattern: str
    spare: int
    at: int = 0

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def any(self) -> str:
        """The first of several alternatives that is not empty."""
        found = [self._row()]
        while self._peek() == "|":
            self.at += 1
            found.append(self._row())
        return found[min(self.spare, len(found) - 1)]

    def _row(self) -> str:
        made = ""
        while self._peek() not in ("", "|", ")"):
            piece = self._piece()
            made += (piece * self._times())[:MOST]
        return made

    def _piece(self) -> str:
        char = self._peek()
        self.at += 1
        if char == "(":
            lead = re.compile(r"\?(?:P?<\w+>|[imsU]*:)").match(self.pattern, self.at)
            self.at = lead.end() if lead else self.at
            inner = self.any()
            self.at += self._peek() == ")"
            return inner
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        return {"^": "", "$": "", ".": "a"}.get(char, char)

    def _escape(self) -> str:
        char = self._peek()
        self.at += 1
        if char in ("p", "P"):
            named = re.compile(r"\{[^}]*\}|\w").match(self.pattern, self.at)
            self.at = named.end() if named else self.at
            return "中" if named and "Han" in named.group() else "a"
        return "" if char in ("b", "B", "A", "z", "Z") else _ESCAPES.get(char, char)

    def _class(self) -> str:
        denied = self._peek() == "^"
        self.at += denied
        first, chars = True, []
        while self._peek() and (first or self._peek() != "]"):
            first = False
            char = self._peek()
            self.at += 1
            if char == "[" and self._peek() == ":":
                end = self.pattern.find(":]", self.at)
                self.at = end + 2 if end > 0 else self.at
                char = "a"
            elif char == "\\":
                char = self._escape()
            chars.append(char)
        self.at += self._peek() == "]"
        if not denied:
            return chars[0] if chars else ""
        return next((c for c in "a1中 -" if c not in chars), "~")

    def _times(self) -> int:
        char = self._peek()
        least, open_ended = 1, False
        if char and char in "*+?":
            self.at += 1
            least, open_ended = (0 if char in "*?" else 1), True
        elif found := _COUNT.match(self.pattern, self.at):
            self.at = found.end()
            least, open_ended = int(found.group(1)), bool(found.group(2))
            if found.group(3) and int(found.group(3)) <= least:
                open_ended = False
        else:
            return 1
        self.at += self._peek() == "?"
        more = min(self.spare, 1) if char == "?" else self.spare
        return min(MOST, least + (more if open_ended else 0))
