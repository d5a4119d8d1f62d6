"""The kinds of events and the shape of their bodies: one table, checked on the way in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

from fieldkit_sync.errors import Refusal

from . import kinds_standing
from .outcomes import LOGGED
from .packing import doc_digest, unpack
from .rectification import STEPS
from .referral import MATTERS, RECEIVERS, RESULTS
from .shapes import (
    CODE,
    COUNTS,
    HASH,
    ID,
    NO_ID,
    OVER,
    WORD,
    Check,
    day,
    doc,
    either,
    hexed,
    kept_total,
    like,
    listed,
    mapped,
    moment,
    one_of,
    pair,
    phase,
    text,
    whole,
)

SITE_KINDS = (
    "village",
    "grid",
    "estate",
    "school",
    "company",
    "courier",
    "telecom",
    "bank",
    "institution",
    "venue",
    "building",
    "unit",
    "door",
)
MODES = ("open", "covert", "self", "reinspection")
REMOVALS = ("demolished", "missing", "nonresidential", "duplicate")
SUPERSEDED = ("split", "joined")
"""Ways in which a door ends because others stand in its place: it leaves every count."""
APP = ("none", "installed", "declined", "already")
SEVERITIES = ("general", "critical")
UNIT_SIGNS = ("signed", "refused", "absent")
"""How the inspected unit stands to the record: signed it, refused to, or nobody was there."""


class BadBody(ValueError):
    """A body that its kind does not allow: which field, and why."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        self.why = why
        super().__init__(f"{field}: {why}")


def site_id(code: str) -> str:
    """The site's id: the same code means the same place on every laptop, and says nothing else."""
    return sha256(b"fieldkit-site\0" + code.encode("utf-8")).hexdigest()[:32]


def campaign_id(name: str) -> str:
    """The campaign's id: the same name means the same campaign in every office."""
    return sha256(b"fieldkit-campaign\0" + name.encode("utf-8")).hexdigest()[:32]


def finding_id(inspection: str, item: str) -> str:
    """The finding of one item of one inspection, however often that inspection is finished."""
    return sha256(f"fieldkit-finding\0{inspection}\0{item}".encode()).hexdigest()[:32]


KINDS: Mapping[str, Mapping[str, Check]] = {
    "site.put": {
        "code": CODE,
        "name": text(120, 1),
        "kind": one_of(*SITE_KINDS),
        "parent": either(ID, NO_ID),
        "division": text(24),
        "grid": text(40),
        "address": text(200),
        "floor": text(20),
        "registered": either(whole(0, 1), lambda v: v is None),
        "over": OVER,
    },
    "site.removed": {"reason": one_of(*REMOVALS, *SUPERSEDED), "note": text(500), "over": OVER},
    "checklist.put": {"digest": HASH, "doc": doc},
    "inspection.started": {
        "site": ID,
        "checklist": HASH,
        "checklist_id": CODE,
        "checklist_version": text(40),
        "mode": one_of(*MODES),
        "nature": text(40),
        "day": day,
        "seed": either(text(64), whole(0, 2**53 - 1)),
    },
    "answer.given": {
        "item": text(400, 1),
        "value": text(2000),
        "note": text(2000),
        "evidence": listed(HASH, 200),
        "over": OVER,
    },
    # From now on another version of its checklist; the answers that moved were written before it.
    "inspection.rebased": {
        "checklist": HASH,
        "checklist_id": CODE,
        "checklist_version": text(40),
        "moved": mapped(text(400, 1), text(400, 1), 6000),
        "over": OVER,
    },
    # ``over`` names the rebase whose version was scored.
    "inspection.finished": {
        "points": pair,
        "max_points": pair,
        "grade": text(40),
        "veto": listed(text(400, 1), 6000),
        "over": OVER,
    },
    # What belongs to the record beside the answers (DOMAIN §4.4): who walked, from when to when
    # (local, to the minute; a covert visit is written down after leaving), what the unit said.
    "inspection.particulars": {
        "inspectors": listed(text(40, 1), 6),
        "observed_from": moment,
        "observed_to": moment,
        "unit_view": text(2000),
        "unit_sign": one_of("", *UNIT_SIGNS),
        "over": OVER,
    },
    # A finished inspection is taken up again, for a reason; ``over`` names the finishes.
    # Sent back by the office: what is wrong with it; a later finish answers that.
    "inspection.returned": {"reason": text(500, 1)},
    "inspection.reopened": {"reason": text(500, 1), "over": OVER},
    "finding.opened": {
        "inspection": ID,
        "item": text(400, 1),
        "site": ID,
        "text": text(4000),
        "criterion": text(4000),
        "severity": one_of(*SEVERITIES),
        "due": day,
    },
    # A step of putting it right (DOMAIN §4.6). ``due`` is the day that counts from now on, empty
    # for the one it was opened with; ``inspection`` the one that asks, or asked, it again.
    "finding.moved": {
        "step": one_of(*STEPS),
        "due": either(day, NO_ID),
        "note": text(500),
        "number": text(60),
        "evidence": listed(HASH, 200),
        "inspection": either(ID, NO_ID),
        "day": day,
        "over": OVER,
    },
    "evidence.added": {
        "sha256": HASH,
        "size": whole(0, 2**40),
        "ext": like(r"[a-z0-9]{1,8}"),
        "media": like(r"[a-z]{1,20}/[a-z0-9.+-]{1,60}"),
    },
    "visit.logged": {
        "outcome": one_of(*LOGGED),
        "materials": whole(0, 1000),
        "app": one_of(*APP),
        "note": text(500),
        "day": day,
    },
    "visit.withdrawn": {"visit": HASH},
    # A building's facts handed over to the unit in charge (DOMAIN §3.8): of premises, of nobody.
    "referral.made": {
        "site": ID,
        "inspection": either(ID, NO_ID),
        "item": text(400),
        "matter": one_of(*MATTERS),
        "facts": text(500, 1),
        "receiver": one_of(*RECEIVERS),
        "unit": text(60),
        "number": text(60),
        "day": day,
    },
    "referral.answered": {
        "result": one_of(*RESULTS),
        "day": day,
        "note": text(500),
        "number": text(60),
        "over": OVER,
    },
    # A drive from a day to a day (002三, 003二), its phases, and the lists it wants answered once.
    "campaign.put": {
        "name": text(60, 1),
        "first": day,
        "last": day,
        "phases": listed(phase, 20),
        "lists": listed(WORD, 60),
        "over": OVER,
    },
    # Somebody is to inspect a place: a device, a post in a few words, or whoever comes by.
    "assignment.put": {
        "site": ID,
        "checklist": CODE,
        "inspector": either(ID, text(20)),
        "day": day,
        "due": either(day, NO_ID),
        "campaign": either(ID, NO_ID),
        "over": OVER,
    },
    "assignment.withdrawn": {"note": text(500)},
    **kinds_standing.KINDS,
    "text.reviewed": {
        "event": HASH,
        "slot": one_of(
            "note", "value", "unit_view", "facts", "unit", "name", "inspector", "reason"
        ),
        "verdict": one_of("release", "hide"),
    },
    # A merge taken back or in again: what was done, for those who ask later.
    "merge.undone": {"merge": hexed(16), "events": whole(0, 2**53 - 1), "note": text(200)},
    "merge.redone": {"merge": hexed(16), "events": whole(0, 2**53 - 1), "note": text(200)},
    # Bodies and files erased by their term, as counts; ``digest`` is over the list of what went.
    # What is too long for one event goes on in the next part.
    "retention.applied": {
        "before": either(day, NO_ID),
        "events": whole(0, 2**53 - 1),
        "files": whole(0, 2**53 - 1),
        "digest": HASH,
        "rules": COUNTS,
        "part": whole(1, 10**6),
        "parts": whole(1, 10**6),
        "totals": listed(kept_total, 300),
    },
    # The last word of a device's old key: the key that takes its place.
    "device.succeeded": {"public_key": like(r"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[\w+/]{43}")},
    "seal": {
        "device": ID,
        "epoch": hexed(16),
        "seq": whole(0, 2**53 - 1),
        "head": HASH,
        "sig": text(2000, 1),
    },
}
"""Each known kind and what each field of its body must be."""

OPTIONAL: Mapping[str, Mapping[str, Check]] = {
    # The answer that this one takes back, or brings back; which of several that disagreed is meant.
    "answer.given": {"undoes": HASH, "redoes": HASH, "settles": HASH},
    # From which day on it is so, why, and from which place it came (a door that was split).
    "site.put": {"since": day, "why": text(200, 1), "origin": ID, "settles": HASH},
    "referral.answered": {"settles": HASH},
    "site.removed": {"on": day},
    # ``pair``: recorded by two, unseen by each other. ``prior``: the inspection that this one
    # follows, as a re-inspection of the items in ``asks`` or as the open part of a covert visit.
    "inspection.started": {
        "pair": text(40, 1),
        "prior": ID,
        "asks": listed(text(400, 1), 6000),
    },
    **kinds_standing.SETTLED,
}
"""Fields that a body may have beside those."""


def accept(kind: str, body: Mapping[str, Any], entity: str | None = None) -> None:
    """Pass a body of a known kind that has the fields it should; ignore unknown kinds.

    With ``entity``, also that the event is about what its body says: a place's id follows from
    its code, a checklist's digest from its document, so nobody can put one under the name of
    another. Raises BadBody naming the first field that is wrong, missing or one too many.
    """
    shape = KINDS.get(kind)
    if shape is None:
        return
    for field, check in shape.items():
        if field not in body:
            raise BadBody(field, "missing")
        if not check(body[field]):
            raise BadBody(field, "not allowed")
    if len(body) > len(shape):
        more = OPTIONAL.get(kind, {})
        for field in sorted(set(body) - set(shape)):
            if field not in more:
                raise BadBody(field, "unknown field")
            if not more[field](body[field]):
                raise BadBody(field, "not allowed")
    if "doc" in shape:
        _accept_doc(body, checklist=kind == "checklist.put")
    told = _ENTITY.get(kind)
    if entity is not None and told is not None and entity != told(body):
        raise BadBody("entity", "not what the body speaks of")


def _accept_doc(body: Mapping[str, Any], *, checklist: bool) -> None:
    try:
        doc = unpack(body["doc"])
        digest = doc_digest(doc)
    except Refusal as refusal:
        raise BadBody("doc", refusal.code) from refusal
    except ValueError as error:
        raise BadBody("doc", str(error)) from error
    if checklist and not isinstance(doc.get("id"), str):
        raise BadBody("doc", "not a checklist")
    if not checklist and (why := kinds_standing.accept_issue(body, doc)):
        raise BadBody("doc", why)
    if digest != body["digest"]:
        raise BadBody("digest", "not the digest of the document")


_ENTITY: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "site.put": lambda body: site_id(body["code"]),
    "checklist.put": lambda body: str(body["digest"])[:32],
    "campaign.put": lambda body: campaign_id(body["name"]),
    "finding.opened": lambda body: finding_id(body["inspection"], body["item"]),
    "evidence.added": lambda body: str(body["sha256"])[:32],
    **{kind: partial(kinds_standing.entity_of, kind) for kind in kinds_standing.KINDS},
}
