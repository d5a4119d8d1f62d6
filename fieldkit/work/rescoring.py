"""Re-scoring a campaign: by the lists it was recorded with and by a changed one. Writes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from fieldkit.domain import values
from fieldkit.domain.checklist import Checklist, Item
from fieldkit.domain.modes import MODES
from fieldkit.domain.rescoring import ChangeSet, Moved, Standing, changed, compare, standing
from fieldkit.domain.scoring import Known, Score, ScoreLine, score
from fieldkit.errors import Problem
from fieldkit.store import rescoring as store
from fieldkit.store.rescoring import Finished
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import checklists, sites
from .workspace import Workspace


class Wanted(NamedTuple):
    """Which inspections: days from and to (both count), under which place, of which mode."""

    since: str = ""
    until: str = ""
    within: str = ""
    mode: str = ""


class Row(NamedTuple):
    """One site of the table: its place, its inspection, and both standings with their ranks."""

    code: str
    name: str
    inspection: str
    day: str
    moved: Moved
    open: int
    """Items that the changed list requires and the inspection did not answer."""


class Rescored(NamedTuple):
    """A campaign by two lists.

    ``old`` is the newest known version of the list, ``new`` the same with the changes, or the other
    version; ``left_out`` counts earlier and partial inspections, ``unknown`` those whose list is
    not held here.
    """

    old: Checklist
    new: Checklist
    change: ChangeSet | None
    rows: tuple[Row, ...]
    left_out: int
    unknown: int


def rescore(ws: Workspace, ref: str, file: Path, wanted: Wanted = Wanted()) -> Rescored:  # noqa: B008
    """Score every site's latest finished inspection twice.

    Raises Problem for an unknown list, a file with a fault, or days that are none.
    """
    from fieldkit.library.rescoring import load

    checklist = checklists.find(ws, ref)
    loaded = load(file.expanduser(), checklist)
    return by(ws, checklist, loaded, wanted)


def by(
    ws: Workspace,
    checklist: Checklist,
    changes: ChangeSet | Checklist,
    wanted: Wanted = Wanted(),  # noqa: B008
) -> Rescored:
    """As `rescore`, with changes that are at hand. Raises Problem for days that are none."""
    if checklist.kind == "record":
        raise Problem(
            "not-scored",
            _("《{title}》只作登记，不评分").format(title=shown(checklist.title)),
            mend=_("请选一张检查用的表。"),
        )
    within = sites.find(ws, wanted.within).id if wanted.within else None
    days = [day(text) for text in (wanted.since, wanted.until)]
    found, left_out = store.finished(
        ws.store.db, checklist.id, days[0], days[1], within, _mode(wanted.mode)
    )
    lists = _Lists(ws, changes)
    kept = [it for it in found if lists.of(it.checklist) is not None]
    own: dict[str, tuple[Standing, Standing, int]] = {}
    whole = {it.id: it for it in kept}
    for id_, answers in store.answers(ws.store.db, set(whole)):
        own[id_] = lists.standings(whole[id_], answers)
    for it in kept:
        if it.id not in own:
            own[it.id] = lists.standings(it, {})
    moved = compare(
        [it.id for it in kept], [own[it.id][0] for it in kept], [own[it.id][1] for it in kept]
    )
    rows = []
    for one in moved:
        it = whole[one.site]
        rows.append(Row(it.code, it.name, it.id, it.day, one, own[it.id][2]))
    new = changes if isinstance(changes, Checklist) else changed(checklist, changes)
    change = None if isinstance(changes, Checklist) else changes
    return Rescored(checklist, new, change, tuple(rows), left_out, len(found) - len(kept))


Line = tuple[Item, str | None, ScoreLine]


class _Pair(NamedTuple):
    old: Checklist
    new: Checklist


class _Lists:
    """The versions that a campaign was recorded with, each beside its changed one."""

    def __init__(self, ws: Workspace, changes: ChangeSet | Checklist) -> None:
        self._ws, self._changes = ws, changes
        self._pairs: dict[str, _Pair | None] = {}
        self._lines: dict[tuple[int, str, str], dict[tuple[str, str | None], Line]] = {}

    def of(self, digest: str) -> _Pair | None:
        """The list of that digest and its changed one; None where it is not held here."""
        if digest not in self._pairs:
            try:
                old = checklists.by_digest(self._ws, digest)
            except Problem:
                self._pairs[digest] = None
            else:
                new = self._changes
                self._pairs[digest] = _Pair(
                    old, new if isinstance(new, Checklist) else changed(old, new)
                )
        return self._pairs[digest]

    def standings(
        self, inspection: Finished, answers: dict[str, str]
    ) -> tuple[Standing, Standing, int]:
        """By both lists, and how many required items the changed one finds open."""
        pair = self.of(inspection.checklist)
        assert pair is not None
        old = self._score(pair.old, inspection, answers)
        new = self._score(pair.new, inspection, answers)
        return standing(old), standing(new), len(new.open_required)

    def _score(self, checklist: Checklist, it: Finished, answers: dict[str, str]) -> Score:
        """A score whose lines are shared by all inspections that answered an item alike."""
        # The same day and mode, hence the same judgement of the same answer.
        shared = self._lines.setdefault((id(checklist), it.mode, it.day), {})
        known: Known = {}
        for path, value in answers.items():
            line = shared.get((path, value))
            if line is not None:
                known[path] = line
        result = score(checklist, it.mode, date.fromisoformat(it.day), answers, known=known)
        for path, line in known.items():
            shared[path, line[1]] = line
        return result


def day(text: str) -> str:
    """A day as ISO, however it was typed; nothing for nothing. Raises Problem ``bad-day``."""
    if not text:
        return ""
    try:
        return values.day(folded(text)).isoformat()
    except ValueError:
        raise Problem(
            "bad-day",
            _("看不懂日期“{day}”").format(day=shown(text)[:40]),
            mend=_("写成 2026-11-23。"),
        ) from None


def _mode(text: str) -> str:
    wanted = folded(text)
    if not wanted or wanted in MODES:
        return wanted
    raise Problem(
        "unknown-mode",
        _("没有“{mode}”这种方式").format(mode=shown(text)[:40]),
        mend=_("可用：{modes}。").format(modes=" ".join(MODES)),
    )
