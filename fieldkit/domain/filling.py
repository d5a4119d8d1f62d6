"""Trial fills of a checklist: answers that reach each of its branches, the same for the same seed.

Random fills that prefer what was not answered yet reach most; for what hangs on conditions, a
search goes downhill from the best fill so far. Nothing here fails: what was not reached is told.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from . import filling_goals
from .checklist import CONTAINERS, Checklist
from .filling_goals import Aim, Goal
from .filling_search import Search

__all__ = ["Coverage", "Fill", "Goal", "cover"]

DAY = date(2026, 6, 15)
"""The day of the trial visits: in the middle of a year, so that days around it are ordinary."""


@dataclass(frozen=True, slots=True)
class Fill:
    """One trial: the kind of visit, its answers by address, and what they came to.

    ``ratio`` is in per mille of the possible points, None over nothing.
    """

    mode: str
    answers: Mapping[str, str]
    grade: str
    ratio: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the fills reached, and what not even a search could reach."""

    fills: tuple[Fill, ...]
    items: int
    reached: tuple[Goal, ...]
    unreached: tuple[Goal, ...]
    conditions: Mapping[Goal, str]
    """The condition that stands in the way, for goals that hang on one."""

    @property
    def branches(self) -> int:
        """How many things there were to reach."""
        return len(self.reached) + len(self.unreached)


def cover(checklist: Checklist, *, seed: int = 1, day: date = DAY) -> Coverage:
    """Fills that reach whatever can be reached, for both kinds of visit."""
    wanted: dict[Goal, None] = {}
    conditions: dict[Goal, str] = {}
    reached: set[Goal] = set()
    fills: list[Fill] = []
    for mode in _modes(checklist):
        search = Search(checklist, mode, day, random.Random(seed), reached)
        for item in checklist.for_mode(mode):
            wanted |= dict.fromkeys(filling_goals.answers(item, mode))
        wanted |= dict.fromkeys(filling_goals.whole(checklist))
        found: list[Aim] = search.aims
        for aim in found:
            wanted.setdefault(aim.goal)
            conditions.setdefault(aim.goal, aim.condition)
        search.run(wanted)
        fills += [Fill(mode, kept.answers, kept.grade, kept.ratio) for kept in search.kept]
    # An item of one kind of visit in a group of the other is never asked at all.
    wanted |= {Goal(item.id, "asked"): None for item in checklist.items}
    met = tuple(goal for goal in wanted if goal in reached)
    open_ = _told(checklist, [goal for goal in wanted if goal not in reached])
    return Coverage(tuple(fills), len(checklist.items), met, open_, conditions)


def _modes(checklist: Checklist) -> list[str]:
    """The kinds of visit that a list is for: one with open items alone is for no covert visit."""
    modes = {item.mode for item in checklist.items if item.type not in CONTAINERS}
    found = []
    if modes & {"open", "both"} or not modes:
        found.append("open")
    if modes & {"covert", "both"}:
        found.append("covert")
    return found


def _told(checklist: Checklist, goals: Iterable[Goal]) -> tuple[Goal, ...]:
    """The goals without those that follow from an item, or what is around it, never being asked."""
    goals = list(goals)
    never = {goal.item for goal in goals if goal.code == "asked"}
    around: dict[str, str] = {}
    for section in checklist.sections:
        for item in section.items:
            around[item.id] = item.parent or (section.id if section.relevant else "")
    kept = []
    for goal in goals:
        above = around.get(goal.item, "")
        if above in never or (goal.item in never and goal.code != "asked"):
            continue
        kept.append(goal)
    return tuple(kept)
