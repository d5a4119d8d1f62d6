"""An office's own layout for a kind of document, as it was edited in a word processor."""

from __future__ import annotations

from fieldkit.work.workspace import Workspace


def of(ws: Workspace, kind: str) -> bytes | None:
    """The office's own template for that kind; None where it uses the built-in layout."""
    try:
        return (ws.home / "templates" / f"{kind}.docx").read_bytes()
    except OSError:
        return None
