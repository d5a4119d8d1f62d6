"""Regular expressions in linear time: RE2 has no pattern that can keep it busy."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


class BadPattern(ValueError):
    """A pattern that RE2 does not take: also one with look-around or back-references."""


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    """The compiled pattern. Raises BadPattern."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return re2.compile(pattern, options=options)
    except re2.error as refused:
        said = refused.args[0] if refused.args else ""
        raise BadPattern(
            said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        ) from None


def matches(pattern: str, subject: str) -> bool:
    """Whether the pattern fits anywhere in the subject; anchors are the author's."""
    return compiled(pattern).search(subject) is not None
