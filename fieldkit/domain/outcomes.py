"""The outcomes of a visit and what each counts for (DOMAIN §4.1; 000四(一), 003三(一)1)."""

from __future__ import annotations

from typing import NamedTuple

from fieldkit.text.i18n import N_


class Outcome(NamedTuple):
    """One result of a knock: its key, its words, and what it counts for."""

    code: str
    key: str
    label: str
    mark: str
    rank: int
    """Precedence of the best outcome of a door; smaller is better."""
    materials: int
    """Pieces of material that this outcome usually leaves."""
    revisit: bool
    """Whether a door whose best outcome this is wants another visit."""


OUTCOMES: tuple[Outcome, ...] = (
    Outcome("met", "1", N_("已面宣"), N_("面"), 10, 1, False),
    Outcome("handed", "2", N_("门口/家人代收"), N_("代"), 30, 1, False),
    Outcome("left", "3", N_("留置资料"), N_("留"), 50, 1, True),
    Outcome("absent", "4", N_("无人"), N_("无"), 100, 0, True),
    Outcome("refused", "5", N_("拒绝"), N_("拒"), 70, 0, False),
    Outcome("vacant", "6", N_("空置"), N_("空"), 120, 0, False),
    Outcome("away", "7", N_("外出/人户分离"), N_("外"), 110, 0, True),
    Outcome("callback", "8", N_("约定再访"), N_("约"), 80, 0, True),
    Outcome("exhausted", "9", N_("三访未遇已留置"), N_("三"), 40, 1, False),
    Outcome("group", "g", N_("集体宿舍集中宣讲"), N_("集"), 20, 1, False),
    Outcome("shop", "s", N_("商铺/非居住"), N_("商"), 130, 0, False),
    Outcome("gone", "d", N_("拆除/不存在/重复"), N_("拆"), 140, 0, False),
    Outcome("minor", "m", N_("无成年人在家"), N_("童"), 90, 0, True),
    Outcome("none", "", N_("未走访"), N_("未"), 999, 0, True),
)

BY_CODE = {outcome.code: outcome for outcome in OUTCOMES}
LOGGED = tuple(outcome.code for outcome in OUTCOMES if outcome.code != "none")
_ALWAYS_DELIVERS = frozenset({"handed", "left", "exhausted"})
_DELIVERS_WITH_MATERIAL = frozenset({"met", "group", "refused", "away"})
_AWAY_DELIVERED_RANK = 60
REVISIT = frozenset(outcome.code for outcome in OUTCOMES if outcome.revisit)


def delivers(outcome: str, materials: int) -> bool:
    """Whether the visit counts as material delivered to the household."""
    return outcome in _ALWAYS_DELIVERS or (outcome in _DELIVERS_WITH_MATERIAL and materials > 0)


def meets(outcome: str) -> bool:
    """Whether the visit counts as publicity face to face."""
    return outcome in ("met", "group")


def rank(outcome: str, materials: int) -> int:
    """Where the visit stands among a door's visits; an away household reached by post is better."""
    if outcome == "away" and materials > 0:
        return _AWAY_DELIVERED_RANK
    return BY_CODE[outcome].rank
