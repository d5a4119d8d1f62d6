"""XLSForm workbooks in, checklists in YAML out; what has no counterpart is said cell by cell."""

from __future__ import annotations

from .convert import Imported, convert
from .notes import Note

__all__ = ["Imported", "Note", "convert"]
