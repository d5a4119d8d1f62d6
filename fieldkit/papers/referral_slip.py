"""The referral slip (移交单, DOMAIN §3.8)."""

from __future__ import annotations

from fieldkit.domain import masking
from fieldkit.errors import Problem
from fieldkit.report.paper import Paper
from fieldkit.report.phrases import EMPTY
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _
from fieldkit.work import inspecting, referring, sites, sweeps
from fieldkit.work.referring import ReferralRow
from fieldkit.work.workspace import Workspace

from .catalogue import Options


def build(ws: Workspace, options: Options) -> Paper:
    """The slip, or the newest one.

    A public one says neither the facts nor the remarks, which are between offices.
    Raises Problem for an unknown slip, and ``no-referral`` where there is none at all.
    """
    row = referring.find(ws, options.referral or _newest(ws))
    public = bool(options.public)
    # Only here, so that a plain command does not load the document writer.
    from dataclasses import replace

    from fieldkit.report import referral as report

    site = row.site
    place = sites.full_name(ws, site) if site else row.referral.site[:8]
    code = site.code if site else ""
    source = _source(ws, row.referral.inspection, row.referral.item)
    slip = row.referral
    if public:
        chain = (site, *store_sites.ancestors(ws.store.db, site.id)) if site else ()
        place, code, source = masking.public_place(chain) or EMPTY, EMPTY, ""
        slip = slip._replace(facts="", note="")
    told = report.Told(
        place=place,
        code=code,
        village=sweeps.village_of(ws, site) if site else "",
        source=source,
    )
    paper = report.paper(slip, told, ws.now(), ws.store.state_digest(), demo=ws.is_demo)
    return replace(
        paper, recipe=options.recipe("referral", referral=row.referral.id), public=public
    )


def _newest(ws: Workspace) -> str:
    rows: list[ReferralRow] = referring.listing(ws)
    if not rows:
        raise Problem(
            "no-referral",
            _("还没有移交单"),
            mend=_("用 fieldkit referral make 填一张。"),
        )
    return max(rows, key=lambda row: (row.referral.day, row.referral.id)).referral.id


def _source(ws: Workspace, inspection: str, item: str) -> str:
    if not inspection:
        return ""
    sheet = inspecting.sheet(ws, inspection)
    words = [sheet.checklist.title, sheet.inspection.day, item, sheet.inspection.id[:8]]
    return "　".join(word for word in words if word)
