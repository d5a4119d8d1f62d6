"""One fault in a file: where it is and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A fault at a place; ``line`` and ``column`` count from 1, columns in characters.

    ``code`` is stable English for machines; ``message`` is one sentence with the mend, in the
    user's language.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
