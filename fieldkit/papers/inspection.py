"""The record of one inspection (检查记录表、暗访记录表, DOMAIN §3.3)."""

from __future__ import annotations

from fieldkit.domain import masking
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Refused
from fieldkit.report.paper import Paper
from fieldkit.report.phrases import EMPTY
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _
from fieldkit.work import amending, gates, inspecting, offices, sites, telling
from fieldkit.work.workspace import Workspace

from .catalogue import Options


def build(ws: Workspace, options: Options) -> Paper:
    """The record of that inspection, or of the one finished last.

    Raises Problem for an unknown inspection, Refused when none is finished and for somebody
    else's record of a pair that is not sealed.
    """
    sheet = inspecting.sheet(ws, options.inspection or _latest(ws))
    gates.refuse_hidden(ws, sheet.inspection)
    public = bool(options.public)
    # Only here, so that a plain command does not load the document writer.
    from fieldkit.report.inspection import paper

    return paper(
        _public(ws, sheet) if public else _named(ws, sheet),
        devices=_devices(ws, {a.device for a in sheet.answers.values()}),
        generated=ws.now(),
        digest=ws.store.state_digest(),
        demo=ws.is_demo,
        findings=inspecting.findings_of(ws, sheet.inspection.id),
        told=telling.told(ws, sheet.inspection.id),
        amendments=amending.amendments(ws, sheet.inspection.id, _names(ws)),
        recipe=options.recipe("inspection", inspection=sheet.inspection.id),
        public=public,
    )


def _named(ws: Workspace, sheet: Sheet) -> Sheet:
    return sheet._replace(site=sheet.site._replace(name=sites.full_name(ws, sheet.site)))


def _public(ws: Workspace, sheet: Sheet) -> Sheet:
    """The place as people outside may read of it: nothing below a building."""
    chain = (sheet.site, *store_sites.ancestors(ws.store.db, sheet.site.id))
    name = masking.public_place(chain) or EMPTY
    return sheet._replace(site=sheet.site._replace(name=name, address="", code=EMPTY))


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
