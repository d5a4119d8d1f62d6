"""The look-back sample (回头看): which findings closed in a month are looked at again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from fieldkit.domain import lookback, rectification
from fieldkit.domain.ordering import natural
from fieldkit.domain.records import Finding, Site
from fieldkit.domain.rectification import Move
from fieldkit.errors import Problem
from fieldkit.store import findings as store_findings
from fieldkit.store import inspections as store_inspections
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _

from . import gates, sites
from .rounds import Round, month_of
from .workspace import Workspace


class Look(NamedTuple):
    """One finding of the sample: when it was closed, by when to look, whether somebody did."""

    finding: Finding
    site: Site | None
    name: str
    closed: str
    until: str
    seen: str
    """The day of the first look since; empty where nobody looked."""
    state: str


class Sample(NamedTuple):
    """The sample of a month, in natural order of the places, and out of how many it is."""

    month: Round
    share: int
    closed: int
    rows: tuple[Look, ...]


def draw(ws: Workspace, month: str, share: int = lookback.SHARE) -> Sample:
    """The sample of the findings closed in a month; also one taken up again since was closed.

    The same on every office that holds the same findings. Raises Problem ``bad-round`` or
    ``bad-share``.
    """
    span = month_of(month)
    if not 1 <= share <= 100:
        raise Problem(
            "bad-share",
            _("比例 {n} 不对").format(n=share),
            mend=_("写 1 到 100 的整数，惯例是 {n}。").format(n=lookback.SHARE),
        )
    hidden = gates.hidden_all(ws)
    closings = {}
    for id, move in store_findings.moves_between(
        ws.store.db, "close", span.first, span.last
    ).items():
        finding = store_findings.get(ws.store.db, id)
        if finding is not None and finding.inspection not in hidden:
            closings[id] = (finding, move)
    chosen = lookback.sample(span.name, closings, share)
    rows = [_look(ws, *closings[id], hidden) for id in chosen]
    rows.sort(key=lambda row: (natural(row.site.code) if row.site else (), row.finding.id))
    return Sample(span, share, len(closings), tuple(rows))


def _look(ws: Workspace, finding: Finding, closing: Move, hidden: frozenset[str]) -> Look:
    site = store_sites.get(ws.store.db, finding.site)
    until = date.fromisoformat(closing.day) + timedelta(lookback.DAYS)
    return Look(
        finding=finding,
        site=site,
        name=sites.full_name(ws, site) if site else finding.site[:8],
        closed=closing.day,
        until=until.isoformat(),
        seen=_seen(ws, finding, closing, hidden),
        state=rectification.title(finding.state),
    )


def _seen(ws: Workspace, finding: Finding, closing: Move, hidden: frozenset[str]) -> str:
    """The first day since on which it was taken up again, or its item was judged anew there."""
    again = [
        move.day
        for move in store_findings.moves(ws.store.db, finding.id)
        if move.hlc > closing.hlc and move.step == "relapse"
    ]
    first = store_inspections.get(ws.store.db, finding.inspection)
    for later in store_inspections.of_site(ws.store.db, finding.site):
        asked = not later.asks or finding.item in later.asks
        same = first is not None and later.checklist_id == first.checklist_id
        done = later.finished_hlc is not None and later.started_hlc > closing.hlc
        if same and done and asked and later.id not in hidden:
            answer = store_inspections.answer(ws.store.db, later.id, finding.item)
            if answer is not None and answer.value not in ("", "na", "unseen"):
                again.append(later.day)
    return min(again, default="")
