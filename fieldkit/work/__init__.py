"""What a person wants done, called alike by the command line and the screens."""

from __future__ import annotations

from .workspace import Workspace, home_time

__all__ = ["Workspace", "home_time"]
