"""From events to fact rows: each body's fields as columns, read here and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from fieldkit.domain.kinds import accept
from fieldkit.domain.moments import day_of
from fieldkit.domain.outcomes import delivers, meets, rank
from fieldkit.domain.packing import DOC_DEPTH, unpack
from fieldkit.domain.rectification import STEPS
from fieldkit_sync.canon import encode
from fieldkit_sync.event import Event, body_of

Row = tuple[Any, ...]


TOUCHES: dict[str, tuple[str, tuple[int, ...]]] = {
    "f_site": ("site", (5,)),
    "f_removed": ("site", (1,)),
    "f_checklist": ("checklist", (1,)),
    "f_inspection": ("inspection", (5,)),
    "f_rebased": ("inspection", (5,)),
    "f_particulars": ("inspection", (5,)),
    "f_reopened": ("inspection", (5,)),
    "f_returned": ("inspection", (5,)),
    "f_finished": ("inspection", (5,)),
    "f_answer": ("answer", (5, 6)),
    "f_finding": ("finding", (5,)),
    "f_move": ("finding", (5,)),
    "f_referral": ("referral", (5,)),
    "f_reply": ("referral", (5,)),
    "f_campaign": ("campaign", (5,)),
    "f_assignment": ("assignment", (5,)),
    "f_unassigned": ("assignment", (5,)),
    "f_evidence": ("evidence", (5,)),
    "f_visit": ("visit", (5,)),
    "f_withdrawn": ("visit", (1,)),
    "f_standing": ("standing", (5,)),
    "f_standing_issue": ("standing_issue", (5,)),
    "f_standing_word": ("standing_word", (5,)),
}
"""Which set of keys a fact makes dirty, and in which of its columns the key stands.

An answer's key is its inspection and item: one key pressed must not cost the whole list.
"""


class Facts:
    """Rows by table, and the keys of the projections that they touch."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = defaultdict(list)

    @property
    def dirty(self) -> dict[str, set[Row]]:
        """The keys whose projections must be made anew."""
        keys: dict[str, set[Row]] = defaultdict(set)
        for table, rows in self.rows.items():
            if table in TOUCHES:
                name, places = TOUCHES[table]
                keys[name].update(tuple(row[place] for place in places) for row in rows)
        return keys

    def add(self, event: Event) -> None:
        """Draw the facts from one event; unknown kinds and erased bodies give none.

        Raises domain.kinds.BadBody for a body that its kind does not allow.
        """
        if event.body is None:
            return
        accept(event.kind, event.body, event.entity)
        draw = _DRAW.get(event.kind)
        if draw is not None:
            draw(self, event, event.body)

    def replaces(self, event: Event, body: dict[str, Any], slot: str = "") -> None:
        """Note which earlier writes this one was made over.

        Of its own kind, entity and slot only: a removal must not unmake the place it removes,
        nor an answer that of another item.
        """
        self.rows["f_over"] += [
            (replaced, event.hash, event.kind, event.entity, slot) for replaced in body["over"]
        ]


def draw(events: Iterable[Event]) -> Facts:
    """The facts of many events."""
    facts = Facts()
    for event in events:
        facts.add(event)
    return facts


def _order(event: Event) -> Row:
    return (event.hash, event.device, event.epoch, event.seq, event.hlc)


def _site(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    columns = ("code", "name", "kind", "parent", "division", "grid", "address", "floor")
    facts.rows["f_site"].append(
        (*_order(event), event.entity, *(body[c] for c in columns), body["registered"])
    )
    facts.replaces(event, body)
    _dated(facts, event, body.get("since"), body.get("why", ""), body.get("origin", ""))


def _removed(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    facts.rows["f_removed"].append((event.hash, event.entity, body["reason"]))
    _dated(facts, event, body.get("on"))


def _reviewed(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    facts.rows["f_review"].append(
        (*_order(event), event.entity, body["event"], body["slot"], body["verdict"])
    )


def _dated(facts: Facts, event: Event, day: str | None, why: str = "", origin: str = "") -> None:
    """From which day on the write counts: the one it names, else the one on which it was made."""
    day = day or day_of(event.hlc)
    facts.rows["f_dated"].append((event.hash, event.entity, event.kind, day, why, origin))


def _checklist(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    doc = encode(unpack(body["doc"]), depth=DOC_DEPTH).decode("utf-8")
    facts.rows["f_checklist"].append((event.hash, body["digest"], doc))


def _started(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    columns = ("site", "checklist", "checklist_id", "checklist_version", "mode", "nature", "day")
    facts.rows["f_inspection"].append(
        (*_order(event), event.entity, *(body[c] for c in columns), str(body["seed"]))
    )
    link = (body.get("pair", ""), body.get("prior", ""), "\n".join(body.get("asks", ())))
    if any(link):
        facts.rows["f_link"].append((event.hash, event.entity, *link))


def _rebased(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    columns = ("checklist", "checklist_id", "checklist_version")
    facts.rows["f_rebased"].append((*_order(event), event.entity, *(body[c] for c in columns)))


def _finished(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    points, most = ("/".join(map(str, body[c])) for c in ("points", "max_points"))
    facts.rows["f_finished"].append(
        (*_order(event), event.entity, points, most, body["grade"], ",".join(body["veto"]))
    )
    facts.replaces(event, body)


def _particulars(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    columns = ("observed_from", "observed_to", "unit_view", "unit_sign")
    inspectors = "\n".join(body["inspectors"])
    facts.rows["f_particulars"].append(
        (*_order(event), event.entity, inspectors, *(body[c] for c in columns))
    )
    facts.replaces(event, body)


def _reopened(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    facts.rows["f_reopened"].append((*_order(event), event.entity, body["reason"]))
    facts.replaces(event, body)


def _returned(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    facts.rows["f_returned"].append((*_order(event), event.entity, body["reason"]))


def _answer(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    evidence = ",".join(body["evidence"])
    facts.rows["f_answer"].append(
        (*_order(event), event.entity, body["item"], body["value"], body["note"], evidence)
    )
    for turn, name in (("undo", "undoes"), ("redo", "redoes")):
        if name in body:
            facts.rows["f_turn"].append((event.hash, event.entity, turn, body[name]))
    facts.replaces(event, body, body["item"])


def _finding(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    columns = ("inspection", "item", "site", "text", "criterion", "severity", "due")
    facts.rows["f_finding"].append((*_order(event), event.entity, *(body[c] for c in columns)))


def _moved(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    told = {**body, "state": STEPS[body["step"]], "evidence": ",".join(body["evidence"])}
    columns = ("step", "state", "due", "note", "number", "evidence", "inspection", "day")
    facts.rows["f_move"].append((*_order(event), event.entity, *(told[c] for c in columns)))
    facts.replaces(event, body)


def _referred(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    columns = ("site", "inspection", "item", "matter", "facts", "receiver", "unit", "number", "day")
    facts.rows["f_referral"].append((*_order(event), event.entity, *(body[c] for c in columns)))


def _replied(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    columns = ("result", "day", "note", "number")
    facts.rows["f_reply"].append((*_order(event), event.entity, *(body[c] for c in columns)))
    facts.replaces(event, body)


def _campaign(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    phases = [f"{one['first']}\t{one['last']}\t{one['name']}" for one in body["phases"]]
    days = (body["name"], body["first"], body["last"])
    facts.rows["f_campaign"].append(
        (*_order(event), event.entity, *days, "\n".join(phases), "\n".join(body["lists"]))
    )
    facts.replaces(event, body)


def _assigned(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    columns = ("site", "checklist", "inspector", "day", "due", "campaign")
    facts.rows["f_assignment"].append((*_order(event), event.entity, *(body[c] for c in columns)))
    facts.replaces(event, body)


def _unassigned(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    facts.rows["f_unassigned"].append((*_order(event), event.entity, body["note"]))


def _evidence(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    columns = ("sha256", "size", "ext", "media")
    facts.rows["f_evidence"].append((*_order(event), *(body[c] for c in columns)))


def _visit(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    facts.rows["f_visit"].append((*_order(event), event.entity, *_visit_columns(body)))


def _visit_columns(body: dict[str, Any]) -> Row:
    outcome, materials = body["outcome"], body["materials"]
    counts = (
        rank(outcome, materials),
        int(delivers(outcome, materials)),
        int(meets(outcome)),
    )
    return (outcome, *counts, materials, body["app"], body["note"], body["day"])


@lru_cache(maxsize=4096)
def visit_columns(raw: str) -> Row:
    """A visit's own columns by its body as it is written: a day at the doors has few of them.

    Raises domain.kinds.BadBody for one that is not allowed.
    """
    body = body_of(raw)
    accept("visit.logged", body)
    return _visit_columns(body)


def _withdrawn(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    facts.rows["f_withdrawn"].append((event.hash, event.entity, body["visit"]))
    _dated(facts, event, None)


def _standing(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    figures = encode(body["rows"]).decode("utf-8")
    facts.rows["f_standing"].append(
        (*_order(event), event.entity, body["scope"], body["month"], figures)
    )
    facts.replaces(event, body)


def _issued(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    step = event.kind.removeprefix("standing.")
    impact = encode(body.get("impact", [])).decode("utf-8")
    doc = encode(unpack(body["doc"]), depth=DOC_DEPTH).decode("utf-8")
    told = (body["scope"], body["month"], body["digest"], body.get("reason", ""), impact, doc)
    facts.rows["f_standing_issue"].append((*_order(event), event.entity, step, *told))
    if step == "corrected":
        facts.replaces(event, body)


def _standing_word(facts: Facts, event: Event, body: dict[str, Any]) -> None:
    told = {
        "word": event.kind.removeprefix("standing."),
        "number": "",
        "day": body.get("month", ""),
        "state": "given",
        **body,
        "sources": ",".join(body.get("sources", ())),
    }
    unit = ("word", "scope", "unit", "name")
    columns = (*unit, "number", "day", "state", "sources", "reason")
    row = (*_order(event), event.entity, *(told[c] for c in columns))
    facts.rows["f_standing_word"].append(row)
    facts.replaces(event, body)


_DRAW: dict[str, Callable[[Facts, Event, dict[str, Any]], None]] = {
    "site.put": _site,
    "site.removed": _removed,
    "checklist.put": _checklist,
    "inspection.started": _started,
    "answer.given": _answer,
    "inspection.rebased": _rebased,
    "inspection.finished": _finished,
    "inspection.particulars": _particulars,
    "inspection.reopened": _reopened,
    "inspection.returned": _returned,
    "finding.opened": _finding,
    "finding.moved": _moved,
    "referral.made": _referred,
    "referral.answered": _replied,
    "campaign.put": _campaign,
    "assignment.put": _assigned,
    "assignment.withdrawn": _unassigned,
    "evidence.added": _evidence,
    "visit.logged": _visit,
    "visit.withdrawn": _withdrawn,
    "text.reviewed": _reviewed,
    "standing.figures": _standing,
    "standing.published": _issued,
    "standing.corrected": _issued,
    "standing.delisted": _standing_word,
    "standing.carried": _standing_word,
}
