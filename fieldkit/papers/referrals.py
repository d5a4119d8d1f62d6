"""Referral slips and the sweep ledger as papers: work gives the facts, report the page."""

from __future__ import annotations

from pathlib import Path

from fieldkit.text.i18n import _
from fieldkit.work import inspecting, referring, sites, sweeps
from fieldkit.work.rounds import round_words
from fieldkit.work.sweeps import Ledger
from fieldkit.work.workspace import Workspace

from .outputs import checked, documents


def slip(ws: Workspace, ref: str, out: Path) -> Path:
    """Write one referral slip as a .docx file.

    Raises Problem for another file type, an unknown slip, or where the file cannot be written.
    """
    path, _suffix = checked(out, (".docx",))
    # Only here, so that a plain command does not load the document writer.
    from fieldkit.report import referral as report
    from fieldkit.report.docx import save_atomically

    row = referring.find(ws, ref)
    told = report.Told(
        place=sites.full_name(ws, row.site) if row.site else row.referral.site[:8],
        code=row.site.code if row.site else "",
        village=sweeps.village_of(ws, row.site) if row.site else "",
        source=_source(ws, row.referral.inspection, row.referral.item),
    )
    raw = report.docx(row.referral, told, ws.now(), demo=ws.is_demo)
    save_atomically(path, raw)
    return path


def write_slip(ws: Workspace, ref: str) -> Path:
    """Write one slip among this home's documents; gives the file. Raises Problem."""
    found = referring.find(ws, ref).referral
    return slip(ws, found.id, documents(ws) / f"{_('移交单')}-{found.day}-{found.id[:8]}.docx")


def _source(ws: Workspace, inspection: str, item: str) -> str:
    if not inspection:
        return ""
    sheet = inspecting.sheet(ws, inspection)
    words = [sheet.checklist.title, sheet.inspection.day, item, sheet.inspection.id[:8]]
    return "　".join(word for word in words if word)


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
