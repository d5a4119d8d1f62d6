"""A label scanned where nobody types: the scanner's keys are a code, not commands.

A scanner types like a person, faster. Without this its digits would answer questions and log
visits. What it types begins with ``FK:`` and ends with Enter; from the colon on nothing of it
reaches the screen.
"""

from __future__ import annotations

import unicodedata

from fieldkit.work import labels

_LONGEST = labels.MOST + len(labels.PREFIX)


class Scan:
    """What has come of a label so far."""

    def __init__(self) -> None:
        self._heard = ""

    def hear(self, key: str, character: str | None) -> str | None:
        """Whether a key belongs to a label.

        None: it does not, do with it as always. An empty text: it does, and more comes. A text:
        the whole label, the key was its Enter.
        """
        sign = unicodedata.normalize("NFKC", character) if character else ""
        inside = len(self._heard) >= len(labels.PREFIX)
        if inside and key in ("enter", "tab"):
            told, self._heard = self._heard, ""
            return told
        if inside and len(sign) == 1 and sign.isprintable() and len(self._heard) < _LONGEST:
            self._heard += sign
            return ""
        grown = self._heard + sign.upper()
        if not inside and sign and labels.PREFIX.startswith(grown):
            self._heard = grown
            # F and K alone are what they always are.
            return "" if grown == labels.PREFIX else None
        self._heard = sign.upper() if sign and labels.PREFIX.startswith(sign.upper()) else ""
        return None
