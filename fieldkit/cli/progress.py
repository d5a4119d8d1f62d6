"""One line on stderr that rewrites itself while long work goes on; on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable


def line() -> Callable[[str, bool], None] | None:
    """What shows a text in that line, and ends the line with the last; None without a terminal."""
    if not sys.stderr.isatty():
        return None

    def show(text: str, is_last: bool) -> None:
        end = "\n" if is_last else ""
        print(f"\r\x1b[K{text}", end=end, file=sys.stderr, flush=True)

    return show
