"""The terminal screens; nothing headless imports this package."""

from __future__ import annotations

from pathlib import Path


def run(home: Path | None = None) -> int:
    """Open the workspace, show the screens until the person leaves; the exit code.

    Raises `fieldkit.errors.Problem` when the home cannot be opened.
    """
    from . import ime

    ime.prepare()

    from fieldkit.work.workspace import Workspace

    from .app import FieldApp

    with Workspace.open(home) as ws:
        app = FieldApp(ws)
        app.run()
        return app.return_code or 0
