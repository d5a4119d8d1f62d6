"""The part of the oracle (`fold`) that speaks of the monthly standing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from fieldkit_sync.canon import encode
from fieldkit_sync.event import Event

Row = tuple[Any, ...]
_TABLES = {
    "standing.figures": "standing",
    "standing.published": "standing_issue",
    "standing.corrected": "standing_issue",
    "standing.delisted": "standing_word",
    "standing.carried": "standing_word",
}


def add(events: Iterable[Event], out: dict[str, set[Row]]) -> None:
    """The rows of the standing, and its conflicts, for a set of events that have their bodies."""
    groups: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        if event.kind in _TABLES:
            groups[_TABLES[event.kind], event.entity].append(event)
    for (table, entity), group in groups.items():
        over = {hash_ for event in group for hash_ in _body(event).get("over", ())}
        heads = [event for event in group if event.hash not in over]
        heads.sort(key=_order, reverse=table != "standing_issue")
        if table == "standing_issue":
            heads.sort(key=lambda event: event.kind)
        if not heads:
            continue
        said = {event.hash: _SAID[table](event) for event in heads}
        first = heads[0]
        out[table].add((entity, *said[first.hash], first.hlc, first.device))
        if len({_TOLD[table](event) for event in heads}) > 1:
            for place, event in enumerate(heads, 1):
                stamp = (event.hash, event.device, event.hlc, _VALUE[table](event))
                out["conflict"].add((table, entity, "", place, *stamp))


def _order(event: Event) -> Row:
    return (event.hlc, event.device, event.epoch, event.seq, event.hash)


def _body(event: Event) -> dict[str, Any]:
    return event.body or {}


def _rows(event: Event) -> str:
    return encode(_body(event)["rows"]).decode("utf-8")


def _figures(event: Event) -> Row:
    return (_body(event)["scope"], _body(event)["month"], _rows(event))


def _issue(event: Event) -> Row:
    body, step = _body(event), event.kind.split(".")[1]
    impact = encode(body.get("impact", [])).decode("utf-8")
    reason = body.get("reason", "")
    return (step, body["scope"], body["month"], body["digest"], reason, impact)


def _word(event: Event) -> Row:
    body = _body(event)
    unit = (body["scope"], body["unit"], body["name"])
    if event.kind == "standing.delisted":
        rest = (body["number"], body["day"], body["state"], "", body["reason"])
        return ("delisted", *unit, *rest)
    return ("carried", *unit, "", body["month"], "given", ",".join(body["sources"]), body["reason"])


_SAID: dict[str, Callable[[Event], Row]] = {
    "standing": _figures,
    "standing_issue": _issue,
    "standing_word": _word,
}
_TOLD: dict[str, Callable[[Event], Any]] = {
    "standing": _rows,
    "standing_issue": lambda event: _body(event)["digest"],
    "standing_word": _word,
}
"""What must differ for a conflict."""
_VALUE: dict[str, Callable[[Event], str]] = {
    "standing": lambda event: str(_body(event)["month"]),
    "standing_issue": lambda event: str(_body(event)["digest"]),
    "standing_word": lambda event: str(_body(event).get("state", "given")),
}
