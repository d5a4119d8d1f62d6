"""Small rosters whose last places are known, for tests of the standing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from fieldkit.domain.kinds_standing import unit_id
from fieldkit.work import Workspace, standing
from fieldkit.work.standing import Figures

ROSTER = ("听枫社区", "菱歌社区", "檐铃社区", "檀渡村", "棹歌村", "茶烟村")
FILLERS = ("听枫社区", "菱歌社区", "棹歌村")


def figures(last: Sequence[str], roster: Sequence[str] = ROSTER) -> tuple[Figures, ...]:
    """A month in which exactly these are among the last two: of each other there is one case."""
    assert len(last) == 2
    return tuple(
        Figures(unit_id(name), name, 9 if name in last else 1, 1, 1000, {}) for name in roster
    )


def pair(month: str, *names: str) -> tuple[str, ...]:
    """These, filled up to two with units that nobody asks about, not always the same."""
    free = [name for name in FILLERS if name not in names]
    start = int(hashlib.sha256(month.encode()).hexdigest()[:4], 16) % len(free)
    return (*names, *(free[start:] + free[:start]))[:2]


def give(ws: Workspace, months: dict[str, Sequence[str]], *, publish: bool = False) -> None:
    """Enter these months with these units among the last, and publish each."""
    for month, names in sorted(months.items()):
        standing.enter(ws, month, figures(pair(month, *names)))
        if publish:
            standing.publish(ws, month)


def card(ws: Workspace, month: str, name: str) -> tuple[str, int, str]:
    """A unit's card, streak and listing in a month."""
    (line,) = (it for it in standing.month(ws, month).lines if it.name == name)
    return line.card, line.streak, line.listing
