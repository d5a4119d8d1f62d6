"""The record of an inspection among this home's documents."""

from __future__ import annotations

from pathlib import Path

from fieldkit.text.i18n import _
from fieldkit.work import inspecting
from fieldkit.work.workspace import Workspace

from . import writing
from .catalogue import Options
from .outputs import documents


def write_record(ws: Workspace, ref: str) -> Path:
    """Write the record of one inspection among this home's documents; gives the file.

    Raises as making it does, and Problem where the folder cannot be written.
    """
    found = inspecting.sheet(ws, ref).inspection
    out = documents(ws) / f"{_('检查记录')}-{found.day}-{found.id[:8]}.docx"
    return writing.write(ws, "inspection", Options(inspection=found.id), out)
