"""How this package says no."""

from __future__ import annotations


class Refusal(Exception):
    """Something was not believed, or could not be done.

    ``code`` is stable kebab-case English that callers translate; ``detail`` is an English
    clause for logs and for people who read them. It may quote what arrived, so it is cleaned
    of control characters and kept short.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = "".join(c if c.isprintable() else "?" for c in detail)[:400]
        super().__init__(f"{code}: {self.detail}" if self.detail else code)
