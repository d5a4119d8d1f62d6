"""The bookmarks of inspections: known to the first screen without the rest of them."""

from __future__ import annotations

LAST = "inspection"
"""The inspection worked on last."""


def item_mark(inspection: str) -> str:
    """The item at which an inspection was left."""
    return f"item:{inspection}"


def draft_mark(inspection: str) -> str:
    """A line that was typed and not kept, as ``item`` TAB ``text``."""
    return f"draft:{inspection}"
