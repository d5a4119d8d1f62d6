"""Findings: what failed, by when it is to be put right, and whether that day has passed."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.domain import rectification
from fieldkit.domain.records import Finding, Site
from fieldkit.domain.rectification import Case, Move
from fieldkit.errors import Problem
from fieldkit.store import findings as store_findings
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import gates, sites
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding, the site it is about (None when unknown here), and whether it is late."""

    finding: Finding
    site: Site | None
    overdue: bool
    case: Case
    when: str
    """How long there still is, in words; empty where no day runs."""

    @property
    def state(self) -> str:
        """Its state in words."""
        return rectification.title(self.finding.state)


def listing(
    ws: Workspace, *, site: str | None = None, state: str | None = None, overdue: bool = False
) -> list[FindingRow]:
    """Findings, the earliest due first: of one site, in one state (``open``: all that are not
    over), or only those past their day. Those of somebody else's record of a pair that is not
    sealed yet are left out.

    Raises Problem for an unknown site or state.
    """
    place = sites.find(ws, site).id if site else None
    if state is not None and state != "open" and state not in rectification.STATES:
        raise Problem(
            "unknown-state",
            _("没有“{state}”这种状态").format(state=shown(state)[:40]),
            mend=_("可用：{words}。").format(words=" ".join(("open", *rectification.STATES))),
        )
    cases, hidden = store_findings.cases(ws.store.db), gates.hidden_all(ws)
    every = sorted(store_findings.all(ws.store.db), key=lambda f: (f.due, f.item, f.id))
    rows = [
        _row(ws, finding, cases.get(finding.id, Case()))
        for finding in every
        if place in (None, finding.site)
        and finding.inspection not in hidden
        and _in_state(finding, state)
    ]
    return [row for row in rows if row.overdue or not overdue]


def _in_state(finding: Finding, wanted: str | None) -> bool:
    if wanted == "open":
        return finding.state not in rectification.OVER
    return wanted in (None, finding.state)


def find(ws: Workspace, ref: str) -> FindingRow:
    """One finding by its id or the start of it.

    Raises Problem ``unknown-finding`` or ``ambiguous-finding``.
    """
    wanted = folded(ref).lower()
    hidden = gates.hidden_all(ws)
    known = store_findings.by_prefix(ws.store.db, wanted) if wanted else []
    found = [finding for finding in known if finding.inspection not in hidden]
    if len(found) == 1:
        return _row(ws, found[0], store_findings.case(ws.store.db, found[0].id))
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


def history(ws: Workspace, finding: Finding) -> list[Move]:
    """Every step that was taken with a finding, the oldest first."""
    return store_findings.moves(ws.store.db, finding.id)


def contested(ws: Workspace, finding: Finding) -> bool:
    """Whether several laptops moved it differently without knowing of each other."""
    return store_findings.contested(ws.store.db, finding.id)


def is_overdue(ws: Workspace, finding: Finding) -> bool:
    """Whether something is still expected and its day has passed; the due day is in time."""
    return rectification.is_overdue(finding.state, finding.due, ws.today())


def _row(ws: Workspace, finding: Finding, case: Case) -> FindingRow:
    site = store_sites.get(ws.store.db, finding.site)
    when = rectification.due_in_words(finding.state, finding.due, ws.today())
    return FindingRow(finding, site, is_overdue(ws, finding), case, when)
