"""Findings: what failed, by when it is to be put right, and whether that day has passed."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.domain.records import Finding, Site
from fieldkit.errors import Problem
from fieldkit.store import findings as store_findings
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding, the site it is about (None when unknown here), and whether it is late."""

    finding: Finding
    site: Site | None
    overdue: bool


def listing(ws: Workspace) -> list[FindingRow]:
    """Every finding, the earliest due first."""
    every = sorted(store_findings.all(ws.store.db), key=lambda f: (f.due, f.item, f.id))
    return [_row(ws, finding) for finding in every]


def find(ws: Workspace, ref: str) -> FindingRow:
    """One finding by its id or the start of it.

    Raises Problem ``unknown-finding`` or ``ambiguous-finding``.
    """
    wanted = folded(ref).lower()
    found = store_findings.by_prefix(ws.store.db, wanted) if wanted else []
    if len(found) == 1:
        return _row(ws, found[0])
    if not found:
        raise Problem(
            "unknown-finding",
            _("没有编号以“{ref}”开头的问题").format(ref=shown(ref)[:64]),
            mend=_("用 fieldkit finding list 查看。"),
        )
    raise Problem(
        "ambiguous-finding",
        _("“{ref}”对应 {n} 个问题").format(ref=shown(ref)[:64], n=len(found)),
        mend=_("请多写几位编号。"),
    )


def is_overdue(ws: Workspace, finding: Finding) -> bool:
    """Whether the finding is open past its day; the due day itself is in time."""
    return finding.state != "closed" and ws.today().isoformat() > finding.due


def _row(ws: Workspace, finding: Finding) -> FindingRow:
    site = store_sites.get(ws.store.db, finding.site)
    return FindingRow(finding, site, is_overdue(ws, finding))
