"""The fold said a second time, in plain Python: the oracle that the SQL is held against.

Slow and obvious on purpose. Nothing in the program calls it; tests compare its rows with the
projections for arbitrary sets of events.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from fieldkit_sync.event import Event

from . import fold_standing
from .kinds import SUPERSEDED
from .outcomes import delivers, meets, rank
from .rectification import ROUND, STEPS

Row = tuple[Any, ...]
_SITE = ("code", "name", "kind", "parent", "division", "grid", "address", "floor", "registered")


def _order(event: Event) -> Row:
    return (event.hlc, event.device, event.epoch, event.seq, event.hash)


def _body(event: Event) -> dict[str, Any]:
    return event.body or {}


def _groups(events: Iterable[Event], key: Callable[[Event], Hashable]) -> dict[Any, list[Event]]:
    out: dict[Any, list[Event]] = defaultdict(list)
    for event in events:
        out[key(event)].append(event)
    return out


Replaced = set[tuple[str, str, str, str]]
"""What some write was made over: hash, and the kind, entity and slot of the write that did it."""


def _slot(event: Event) -> tuple[str, str, str]:
    return (event.kind, event.entity, str(_body(event).get("item", "")))


def _heads(events: list[Event], replaced: Replaced) -> list[Event]:
    """The writes of one slot that no other write of it replaces, the one that counts first."""
    free = [e for e in events if (e.hash, *_slot(e)) not in replaced]
    return sorted(free, key=_order, reverse=True)


def fold(events: Iterable[Event]) -> dict[str, set[Row]]:
    """Every projection's rows for a set of events, whatever the order they are given in."""
    # An event that is held with and without its body is held with it.
    held = {event.id: event for event in events if event.body is not None}
    by_kind = _groups(held.values(), lambda e: e.kind)
    kinds = (
        *("site.put", "answer.given", "finding.moved", "referral.answered"),
        *("campaign.put", "assignment.put"),
    )
    writes = [event for kind in kinds for event in by_kind[kind]]
    replaced = {(hash_, *_slot(e)) for e in writes for hash_ in _body(e)["over"]}
    out: dict[str, set[Row]] = defaultdict(set)
    _sites(by_kind, replaced, out)
    _answers(by_kind, replaced, out)
    _inspections(by_kind, out)
    _returned(by_kind, out)
    _visits(by_kind, out)
    for event in by_kind["checklist.put"]:
        out["checklist"].add((_body(event)["digest"],))
    _findings(by_kind, replaced, out)
    _referrals(by_kind, replaced, out)
    _campaigns(by_kind, replaced, out)
    _assignments(by_kind, replaced, out)
    fold_standing.add(held.values(), out)
    for sha, group in _groups(by_kind["evidence.added"], lambda e: _body(e)["sha256"]).items():
        body = _body(min(group, key=_order))
        out["evidence_ref"].add((sha, body["size"], body["ext"], body["media"]))
    return out


def _sites(by_kind: dict[str, list[Event]], replaced: Replaced, out: dict[str, set[Row]]) -> None:
    reasons = defaultdict(set)
    for event in by_kind["site.removed"]:
        reasons[event.entity].add(_body(event)["reason"])
    for id_, group in _groups(by_kind["site.put"], lambda e: e.entity).items():
        heads = _heads(group, replaced)
        if not heads:
            continue
        values = tuple(_body(heads[0])[name] for name in _SITE)
        gone = reasons.get(id_, set())
        out["site"].add((id_, *values, 2 if gone and gone <= set(SUPERSEDED) else int(bool(gone))))
        whole = {tuple(_body(e)[name] for name in _SITE[1:]) for e in heads}
        if len(whole) > 1:
            _conflict(out, "site", id_, "", heads, "name")


def _answers(by_kind: dict[str, list[Event]], replaced: Replaced, out: dict[str, set[Row]]) -> None:
    slots = _groups(by_kind["answer.given"], lambda e: (e.entity, _body(e)["item"]))
    for (id_, item), group in slots.items():
        heads = _heads(group, replaced)
        if not heads:
            continue
        body = _body(heads[0])
        evidence = ",".join(body["evidence"])
        out["answer"].add(
            (
                id_,
                item,
                body["value"],
                body["note"],
                evidence,
                heads[0].hlc,
                heads[0].device,
                heads[0].hash,
            )
        )
        told = {(_body(e)["value"], _body(e)["note"], tuple(_body(e)["evidence"])) for e in heads}
        if len(told) > 1:
            _conflict(out, "answer", id_, item, heads, "value")


def _conflict(
    out: dict[str, set[Row]], kind: str, entity: str, slot: str, heads: list[Event], field: str
) -> None:
    for place, event in enumerate(heads, 1):
        out["conflict"].add(
            (
                kind,
                entity,
                slot,
                place,
                event.hash,
                event.device,
                event.hlc,
                _body(event)[field],
            )
        )


def _returned(by_kind: dict[str, list[Event]], out: dict[str, set[Row]]) -> None:
    started = {event.entity for event in by_kind["inspection.started"]}
    ends = _groups(by_kind["inspection.finished"], lambda e: e.entity)
    for id_, group in _groups(by_kind["inspection.returned"], lambda e: e.entity).items():
        last = max(group, key=_order)
        if id_ in started and not any(end.hlc > last.hlc for end in ends.get(id_, [])):
            out["returned"].add((id_, _body(last)["reason"], last.hlc, last.device))


def _inspections(by_kind: dict[str, list[Event]], out: dict[str, set[Row]]) -> None:
    finished = _groups(by_kind["inspection.finished"], lambda e: e.entity)
    rebased = _groups(by_kind["inspection.rebased"], lambda e: e.entity)
    for id_, group in _groups(by_kind["inspection.started"], lambda e: e.entity).items():
        first = min(group, key=_order)
        body = _body(first)
        names = ("site", "checklist", "checklist_id", "checklist_version", "mode", "nature", "day")
        end: Row = (None, None, None, None, None)
        moves = rebased.get(id_, [])
        if id_ in finished:
            last = min(finished[id_], key=_order)
            told = _body(last)
            moves = [event for event in moves if event.hash in told["over"]]
            points, most = ("/".join(map(str, told[n])) for n in ("points", "max_points"))
            end = (last.hlc, points, most, told["grade"], ",".join(told["veto"]))
        if moves:
            body = body | _body(max(moves, key=_order))
        seed = str(body["seed"])
        out["inspection"].add((id_, *(body[n] for n in names), seed, first.hlc, first.device, *end))


def _findings(
    by_kind: dict[str, list[Event]], replaced: Replaced, out: dict[str, set[Row]]
) -> None:
    moved = _groups(by_kind["finding.moved"], lambda e: e.entity)
    for id_, group in _groups(by_kind["finding.opened"], lambda e: e.entity).items():
        first = min(group, key=_order)
        names = ("inspection", "item", "site", "text", "criterion", "severity")
        values = [_body(first)[name] for name in names]
        due, state = _body(first)["due"], "found"
        heads = _heads(moved.get(id_, []), replaced)
        if heads:
            last = _body(heads[0])
            due, state = last["due"] or due, STEPS[last["step"]]
            again = [e for e in moved[id_] if _body(e)["step"] in ROUND]
            rounds = 1 + len({_body(e)["inspection"] or e.hash for e in again})
            told = [e for e in moved[id_] if _body(e)["step"] == "notify" and _body(e)["number"]]
            number = _body(max(told, key=_order))["number"] if told else ""
            rest = (last["step"], last["day"], last["inspection"], heads[0].hlc, heads[0].device)
            out["finding_case"].add((id_, rounds, number, *rest))
        out["finding"].add((id_, *values, due, state, first.hlc, first.device))
        told_whole = {
            tuple(
                tuple(v) if isinstance(v, list) else v
                for n, v in sorted(_body(e).items())
                if n != "over"
            )
            for e in heads
        }
        if len(told_whole) > 1:
            _conflict(out, "finding", id_, "", heads, "step")


def _referrals(
    by_kind: dict[str, list[Event]], replaced: Replaced, out: dict[str, set[Row]]
) -> None:
    replies = _groups(by_kind["referral.answered"], lambda e: e.entity)
    for id_, group in _groups(by_kind["referral.made"], lambda e: e.entity).items():
        first = min(group, key=_order)
        place = ("site", "inspection", "item", "matter", "facts")
        names = (*place, "receiver", "unit", "number", "day")
        values = [_body(first)[name] for name in names]
        out["referral"].add((id_, *values, first.hlc, first.device))
        told = ("result", "day", "note", "number")
        heads = _heads(replies.get(id_, []), replaced)
        if heads:
            values = [_body(heads[0])[name] for name in told]
            out["referral_reply"].add((id_, *values, heads[0].hlc, heads[0].device))
        if len({tuple(_body(e)[name] for name in told) for e in heads}) > 1:
            _conflict(out, "referral", id_, "", heads, "result")


def _campaigns(
    by_kind: dict[str, list[Event]], replaced: Replaced, out: dict[str, set[Row]]
) -> None:
    for id_, group in _groups(by_kind["campaign.put"], lambda e: e.entity).items():
        told = {event.hash: _campaign(_body(event)) for event in group}
        heads = _heads(group, replaced)
        if heads:
            out["campaign"].add((id_, *told[heads[0].hash], heads[0].hlc, heads[0].device))
        if len({told[event.hash] for event in heads}) > 1:
            _conflict(out, "campaign", id_, "", heads, "last")


def _campaign(body: dict[str, Any]) -> Row:
    phases = [f"{one['first']}\t{one['last']}\t{one['name']}" for one in body["phases"]]
    days = (body["name"], body["first"], body["last"])
    return (*days, "\n".join(phases), "\n".join(body["lists"]))


def _assignments(
    by_kind: dict[str, list[Event]], replaced: Replaced, out: dict[str, set[Row]]
) -> None:
    taken_back = {event.entity for event in by_kind["assignment.withdrawn"]}
    names = ("site", "checklist", "inspector", "day", "due", "campaign")
    for id_, group in _groups(by_kind["assignment.put"], lambda e: e.entity).items():
        told = {event.hash: tuple(_body(event)[name] for name in names) for event in group}
        heads = _heads(group, replaced)
        if heads:
            rest = (int(id_ in taken_back), heads[0].hlc, heads[0].device)
            out["assignment"].add((id_, *told[heads[0].hash], *rest))
        if len({told[event.hash] for event in heads}) > 1:
            _conflict(out, "assignment", id_, "", heads, "inspector")


def _visits(by_kind: dict[str, list[Event]], out: dict[str, set[Row]]) -> None:
    withdrawn = {(_body(e)["visit"], e.entity) for e in by_kind["visit.withdrawn"]}
    kept = [e for e in by_kind["visit.logged"] if (e.hash, e.entity) not in withdrawn]
    for event in kept:
        b = _body(event)
        rest = (b["outcome"], b["materials"], b["app"], b["note"], b["day"])
        out["visit"].add((event.hash, event.entity, *rest, event.hlc, event.device))
    for door, group in _groups(kept, lambda e: e.entity).items():
        latest = max(group, key=_order)
        best = sorted(group, key=_order, reverse=True)
        best.sort(key=lambda e: rank(_body(e)["outcome"], _body(e)["materials"]))
        pairs = [(_body(e)["outcome"], _body(e)["materials"]) for e in group]
        out["door_state"].add(
            (
                door,
                _body(best[0])["outcome"],
                _body(latest)["outcome"],
                len(group),
                max(int(delivers(*pair)) for pair in pairs),
                max(int(meets(pair[0])) for pair in pairs),
                max(e.hlc for e in group),
            )
        )
