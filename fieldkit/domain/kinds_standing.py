"""The events of the monthly standing (000三(一)3): figures, issued months, words on one unit."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from .shapes import (
    HASH,
    ID,
    NO_ID,
    OVER,
    Check,
    day,
    doc,
    either,
    like,
    listed,
    mapped,
    one_of,
    text,
    whole,
)

MOST_UNITS = 600
"""Units of one month: more than any town, county or district ranks."""
NAME_LIMIT = 60
"""Characters of a unit's name."""
CARDS = ("none", "yellow", "red", "listed")
MOST_MOVES = 400
"""Lines of an impact list that are kept with a correction."""
DELISTED = ("given", "withdrawn")
"""A delisting that is in force, or one that was entered in error."""

_number = either(whole(0, 10**9), lambda v: v is None)
_month = like(r"2[01]\d\d-(0[1-9]|1[0-2])")


def _fields(shape: Mapping[str, Check], *, more: bool = False) -> Check:
    """An object with these fields, and with ``more`` perhaps others."""
    return lambda v: (
        isinstance(v, dict)
        and (v.keys() >= shape.keys() if more else v.keys() == shape.keys())
        and all(check(v[name]) for name, check in shape.items())
    )


_FIGURE: Mapping[str, Check] = {
    "unit": ID,
    "name": text(NAME_LIMIT, 1),
    "cases": _number,
    "cases_last_year": _number,
    "population": _number,
    "more": mapped(text(40, 1), whole(0, 10**9), 12),
}
_figure = _fields(_FIGURE)
_half = whole(1 - 2**53, 2**53 - 1)


def _exact(v: Any) -> bool:
    """A fraction; beyond a hundred units the last have fewer than no points."""
    return isinstance(v, list) and len(v) == 2 and all(map(_half, v)) and v[1] > 0


_ranks = mapped(text(40, 1), whole(1, 10**6), 12)
_result = _fields(
    {
        **_FIGURE,
        "ranks": _ranks,
        "scores": mapped(text(40, 1), _exact, 12),
        "total": _exact,
        "place": whole(1, 10**6),
        "bottom": lambda v: isinstance(v, bool),
        "card": one_of(*CARDS),
        "streak": whole(0, 10**6),
        "listing": either(_month, NO_ID),
    },
    more=True,
)
_issued = _fields(
    {
        "format": whole(1, 10**6),
        "scope": ID,
        "month": _month,
        "window": _fields({"from": day, "to": day}),
        "basis": lambda v: isinstance(v, dict),
        "basis_lines": listed(text(400), 40),
        "rows": listed(_result, MOST_UNITS),
        "notes": listed(text(2000), 200),
        "decisions": lambda v: isinstance(v, dict),
    },
    more=True,
)
"""The document of an issued month; a later program may say more in it."""
_state = _fields(
    {"card": one_of(*CARDS), "streak": whole(0, 10**6), "listing": either(_month, NO_ID)}
)
_move = _fields(
    {"month": _month, "unit": ID, "name": text(NAME_LIMIT, 1), "from": _state, "to": _state}
)


def accept_issue(body: Mapping[str, Any], doc: Mapping[str, Any]) -> str:
    """What is wrong with the document of an issued month; nothing where it can be read."""
    if not _issued(doc):
        return "not a month"
    return "" if all(doc[name] == body[name] for name in ("scope", "month")) else "another month"


def month_id(scope: str, month: str) -> str:
    """One month of one office: the same on every laptop of that office."""
    return sha256(f"fieldkit-standing\0{scope}\0{month}".encode()).hexdigest()[:32]


def unit_id(name: str) -> str:
    """A unit that the register does not know, by its name."""
    return sha256(f"fieldkit-standing-unit\0{name}".encode()).hexdigest()[:32]


def delisting_id(scope: str, unit: str, number: str) -> str:
    """One document that takes one unit off the list; told again, it is the same delisting."""
    return sha256(f"fieldkit-delisting\0{scope}\0{unit}\0{number}".encode()).hexdigest()[:32]


def carry_id(scope: str, unit: str) -> str:
    """What a unit takes over of those that it was made of."""
    return sha256(f"fieldkit-carry\0{scope}\0{unit}".encode()).hexdigest()[:32]


KINDS: Mapping[str, Mapping[str, Check]] = {
    # One month's roster with its figures, whole; ``scope`` is the office (or the laptop that
    # belongs to none) whose ranking it is: a county holds those of all its towns.
    "standing.figures": {
        "scope": ID,
        "month": _month,
        "rows": listed(_figure, MOST_UNITS),
        "over": OVER,
    },
    # A month as it was published: figures, reading, ranks, cards, and the digest over all of it.
    "standing.published": {"scope": ID, "month": _month, "digest": HASH, "doc": doc},
    # A month put right, or given after later ones were published, and what it moves; ``over``
    # names what was in force. The earlier snapshot stays.
    "standing.corrected": {
        "scope": ID,
        "month": _month,
        "digest": HASH,
        "doc": doc,
        "reason": text(500, 1),
        "impact": listed(_move, MOST_MOVES),
        "over": OVER,
    },
    # A document takes a unit off the list (D6); no monthly result is changed by it.
    "standing.delisted": {
        "scope": ID,
        "unit": ID,
        "name": text(NAME_LIMIT, 1),
        "number": text(60, 1),
        "day": day,
        "state": one_of(*DELISTED),
        "reason": text(500, 1),
        "over": OVER,
    },
    # A unit made of others goes on with their streak from a month on, by hand and with a note.
    "standing.carried": {
        "scope": ID,
        "unit": ID,
        "name": text(NAME_LIMIT, 1),
        "month": _month,
        "sources": listed(ID, 20),
        "reason": text(500, 1),
        "over": OVER,
    },
}
"""Each kind and what each field of its body must be."""

SETTLED: Mapping[str, Mapping[str, Check]] = {
    kind: {"settles": HASH}
    for kind in ("standing.figures", "standing.delisted", "standing.carried")
}
"""Fields beside those: which of several that disagreed is meant."""


def entity_of(kind: str, body: Mapping[str, Any]) -> str:
    """What an event of these kinds is about, by what its body says."""
    if kind == "standing.delisted":
        return delisting_id(body["scope"], body["unit"], body["number"])
    if kind == "standing.carried":
        return carry_id(body["scope"], body["unit"])
    return month_id(body["scope"], body["month"])
