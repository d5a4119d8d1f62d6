"""The parser's words for declaring commands, without the parser where nobody needs it read.

Command modules take ``typer`` from here. A plain line is read by ``quick``, which needs the
functions alone: then the words stand for nothing, and the parser is never loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import quick

__all__ = ["typer"]

if quick.ON and not TYPE_CHECKING:
    typer = quick.Silent()
else:
    import typer
