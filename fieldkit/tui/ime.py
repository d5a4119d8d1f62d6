"""What input methods need: no Kitty keyboard protocol, and a caret that is where the text is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.geometry import Offset

KITTY = "TEXTUAL_DISABLE_KITTY_KEY"


def prepare() -> None:
    """Say no to the Kitty protocol before textual is imported, unless the person said otherwise.

    Some terminals drop what an input method commits while it is on; textual reads the
    variable once, at import.
    """
    os.environ.setdefault(KITTY, "1")


class CaretAsked:
    """Mixed into the app: the caret is asked of the focused editor at every frame.

    Textual remembers the place when the editor last told it, so any change of layout leaves
    the input method's window on a wrong row.
    """

    @property
    def cursor_position(self) -> Offset:
        """Where the input method should open."""
        from textual.geometry import Offset

        app: Any = self
        ready = getattr(app, "_running", False) and app.screen_stack
        place = getattr(app.focused, "caret", None) if ready else None
        return place if place is not None else Offset(0, 0)

    @cursor_position.setter
    def cursor_position(self, _: Offset) -> None:
        """Told places are forgotten: they are stale by the next frame."""
