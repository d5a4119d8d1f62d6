"""Regular expressions in linear time: RE2 has no pattern that can keep it busy."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

_SEEN = 2000
"""So many characters of a text are looked at: no answer is longer, and the time is theirs."""


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
    except UnicodeEncodeError:
        raise BadPattern("surrogate") from None
    except re2.error as refused:
        said = refused.args[0] if refused.args else ""
        raise BadPattern(
            said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        ) from None


def matches(pattern: str, subject: str) -> bool:
    """Whether the pattern fits anywhere in the subject; anchors are the author's."""
    readable = subject[:_SEEN].encode("utf-8", "replace").decode("utf-8")
    return compiled(pattern).search(readable) is not None
