"""The sweep ledger: each building of a round, when it was swept, with what result and slips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fieldkit.domain import scoring
from fieldkit.domain.ordering import natural
from fieldkit.domain.records import Site
from fieldkit.domain.referral import Referral
from fieldkit.errors import Problem
from fieldkit.store import sites as store_sites
from fieldkit.store import sweeps as store_sweeps
from fieldkit.store.sweeps import Swept
from fieldkit.text.i18n import _

from . import checklists, gates, sites
from .rounds import Round, round_of
from .workspace import Workspace


class LedgerRow(NamedTuple):
    """One building of a round; ``day`` is empty where nobody swept it."""

    site: Site
    name: str
    village: str
    day: str
    sweeps: int
    result: str
    finished: bool
    red: tuple[str, ...]
    referrals: int
    pending: int


class Totals(NamedTuple):
    """The sums under the ledger; ``buildings`` is what ``swept`` is counted against."""

    buildings: int
    swept: int
    finished: int
    red: int
    referrals: int
    pending: int


class Ledger(NamedTuple):
    """A round's rows in natural order of their codes, and their totals."""

    round: Round
    rows: tuple[LedgerRow, ...]
    totals: Totals


def ledger(ws: Workspace, typed: str, within: str | None = None) -> Ledger:
    """Each building of the register in a round, and whatever else was swept or referred then.

    A building struck off counts only where it was swept. Of several sweeps the latest finished one
    gives the result. Somebody else's record of a pair that is not sealed counts as not yet
    finished. Raises Problem for what is no round, or an unknown place.
    """
    span = round_of(typed)
    db = ws.store.db
    place = sites.find(ws, within).id if within else None
    known = {site.id: site for site in store_sites.all(db, within=place) if site.kind != "door"}
    hidden = gates.hidden_all(ws)
    swept: dict[str, list[Swept]] = {}
    for one in store_sweeps.sweeps(db, span.first, span.last):
        shown_one = one._replace(finished=False) if one.inspection in hidden else one
        swept.setdefault(one.site, []).append(shown_one)
    slips: dict[str, list[Referral]] = {}
    for slip in store_sweeps.referrals_between(db, span.first, span.last):
        slips.setdefault(slip.site, []).append(slip)
    wanted = [
        site
        for id, site in known.items()
        if id in swept or id in slips or (site.kind == "building" and not site.removed)
    ]
    wanted.sort(key=lambda site: (natural(site.code), site.code))
    rows = tuple(_row(ws, site, swept.get(site.id, ()), slips.get(site.id, ())) for site in wanted)
    return Ledger(span, rows, _totals(rows))


def _totals(rows: Sequence[LedgerRow]) -> Totals:
    return Totals(
        buildings=len(rows),
        swept=sum(row.day != "" for row in rows),
        finished=sum(row.finished for row in rows),
        red=sum(bool(row.red) for row in rows),
        referrals=sum(row.referrals for row in rows),
        pending=sum(row.pending for row in rows),
    )


def _row(ws: Workspace, site: Site, swept: Sequence[Swept], slips: Sequence[Referral]) -> LedgerRow:
    done = [one for one in swept if one.finished]
    last = done[-1] if done else swept[-1] if swept else None
    return LedgerRow(
        site=site,
        name=sites.full_name(ws, site),
        village=village_of(ws, site),
        day=last.day if last else "",
        sweeps=len(swept),
        result=_result(ws, last),
        finished=bool(done),
        red=last.red if done and last else (),
        referrals=len(slips),
        pending=sum(slip.pending for slip in slips),
    )


def _result(ws: Workspace, one: Swept | None) -> str:
    if one is None:
        return _("未扫")
    if not one.finished:
        return _("未办结")
    try:
        return scoring.title_of(checklists.by_digest(ws, one.checklist), one.grade)
    except Problem:
        return one.grade


def village_of(ws: Workspace, site: Site) -> str:
    """The name of the village that a place is in; empty where the register does not say."""
    above = store_sites.ancestors(ws.store.db, site.id)
    return next((holder.name for holder in above if holder.kind == "village"), "")


def referred_words(row: LedgerRow) -> str:
    """How many slips went out, and how many still wait: 2（待反馈1）."""
    if not row.pending:
        return str(row.referrals or "")
    return _("{n}（待反馈{pending}）").format(n=row.referrals, pending=row.pending)


def total_words(totals: Totals) -> str:
    """The sums as one sentence."""
    return _(
        "楼栋 {buildings}，已扫 {swept}，办结 {finished}，有红线项 {red}；移交 {referrals} 份，"
        "待反馈 {pending} 份"
    ).format(**totals._asdict())
