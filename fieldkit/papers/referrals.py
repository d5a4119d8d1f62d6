"""Referral slips and the sweep ledger as papers: work gives the facts, report the page."""

from __future__ import annotations

from pathlib import Path

from fieldkit.text.i18n import _
from fieldkit.work import referring, sweeps
from fieldkit.work.rounds import round_words
from fieldkit.work.sweeps import Ledger
from fieldkit.work.workspace import Workspace

from . import writing
from .catalogue import Options
from .outputs import checked, documents


def slip(ws: Workspace, ref: str, out: Path) -> Path:
    """Write one referral slip.

    Raises Problem for another file type, an unknown slip, or where the file cannot be written.
    """
    found = referring.find(ws, ref).referral
    return writing.write(ws, "referral", Options(referral=found.id), out)


def write_slip(ws: Workspace, ref: str) -> Path:
    """Write one slip among this home's documents; gives the file. Raises Problem."""
    found = referring.find(ws, ref).referral
    return slip(ws, found.id, documents(ws) / f"{_('移交单')}-{found.day}-{found.id[:8]}.docx")


def ledger(ws: Workspace, found: Ledger, out: Path) -> Path:
    """Write a round's sweep ledger as a .docx file. Raises Problem."""
    path, _suffix = checked(out, (".docx",))
    from fieldkit.report import ledger as report
    from fieldkit.report.docx import save_atomically

    rows = [
        (
            str(number), row.name, row.site.code, row.village, row.day, str(row.sweeps or ""),
            row.result, "、".join(row.red), sweeps.referred_words(row),
        )
        for number, row in enumerate(found.rows, 1)
    ]  # fmt: skip
    title = _("{round}扫楼台账").format(round=round_words(found.round))
    raw = report.docx(
        title, report.sweep_heads(), rows, ws.now(),
        demo=ws.is_demo, foot=[sweeps.total_words(found.totals)], widths=report.SWEEPS,
    )  # fmt: skip
    save_atomically(path, raw)
    return path
