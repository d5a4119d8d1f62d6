"""The record of an inspection: work gives the facts, report the paper."""

from __future__ import annotations

from pathlib import Path

from fieldkit.errors import Problem, Refused
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.work import amending, gates, inspecting, offices, sites, telling
from fieldkit.work.workspace import Workspace

from .outputs import documents


def inspection_record(ws: Workspace, out: Path, ref: str = "") -> Path:
    """Write the record of one inspection, or of the one finished last, as a .docx file.

    Raises Problem for another file type or an unknown inspection, Refused when none is finished
    and for somebody else's record of a pair that is not sealed.
    """
    path = out.expanduser().absolute()
    if path.suffix.lower() != ".docx":
        raise Problem(
            "report-type",
            _("检查记录表只能写成 .docx 文件。"),
            where=shown(str(out)),
            mend=_("把文件名改成以 .docx 结尾。"),
        )
    sheet = inspecting.sheet(ws, ref or _latest(ws))
    gates.refuse_hidden(ws, sheet.inspection)
    sheet = sheet._replace(site=sheet.site._replace(name=sites.full_name(ws, sheet.site)))
    # Only here, so that a plain command does not load the document writer.
    from fieldkit.report.inspection import write

    found = inspecting.findings_of(ws, sheet.inspection.id)
    write(
        sheet,
        path,
        devices=_devices(ws, {a.device for a in sheet.answers.values()}),
        generated=ws.now(),
        digest=ws.store.state_digest(),
        demo=ws.is_demo,
        findings=found,
        told=telling.told(ws, sheet.inspection.id),
        amendments=amending.amendments(ws, sheet.inspection.id, _names(ws)),
    )
    return path


def write_record(ws: Workspace, ref: str) -> Path:
    """Write the record of one inspection among this home's documents; gives the file.

    Raises as ``inspection_record`` does, and Problem where the folder cannot be written.
    """
    found = inspecting.sheet(ws, ref).inspection
    name = f"{_('检查记录')}-{found.day}-{found.id[:8]}.docx"
    return inspection_record(ws, documents(ws) / name, found.id)


def _latest(ws: Workspace) -> str:
    every = [row.inspection for row in inspecting.listing(ws) if row.inspection.finished_hlc]
    done = [one for one in every if not gates.hidden(ws, one)]
    if not done:
        raise Refused(
            "nothing-finished",
            _("还没有办结的检查。"),
            mend=_("办结后再试，或用 --inspection 指定一次未办结的。"),
        )
    return max(done, key=lambda one: (one.finished_hlc or "", one.id)).id


def _names(ws: Workspace) -> dict[str, str]:
    names = {ws.device.device: ws.device.name}
    if offices.is_office(ws):
        names.update({record.device: record.name for record in offices.enrolled(ws)})
    return names


def _devices(ws: Workspace, used: set[str]) -> list[str]:
    names = _names(ws)
    return sorted(names.get(device) or device[:8] for device in used)
