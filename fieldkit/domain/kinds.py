"""The kinds of events and the shape of their bodies: one table, checked on the way in and out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from fieldkit_sync.errors import Refusal

from .outcomes import LOGGED
from .packing import doc_digest, unpack
from .rectification import STEPS
from .referral import MATTERS, RECEIVERS, RESULTS

Check = Callable[[Any], bool]

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


# What steers a terminal or ends a C string has no place in a fact; new lines and tabs may be.
_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]")


def _text(limit: int, least: int = 0) -> Check:
    return lambda v: isinstance(v, str) and least <= len(v) <= limit and not _STEERS.search(v)


def _like(pattern: str) -> Check:
    compiled = re.compile(pattern, re.ASCII)
    return lambda v: isinstance(v, str) and compiled.fullmatch(v) is not None


def _hex(length: int) -> Check:
    return _like(rf"[0-9a-f]{{{length}}}")


def _one_of(*words: str) -> Check:
    return lambda v: isinstance(v, str) and v in words


def _int(low: int, high: int) -> Check:
    return lambda v: isinstance(v, int) and not isinstance(v, bool) and low <= v <= high


def _list(check: Check, limit: int) -> Check:
    return lambda v: isinstance(v, list) and len(v) <= limit and all(check(x) for x in v)


def _map(key: Check, value: Check, limit: int) -> Check:
    return lambda v: (
        isinstance(v, dict)
        and len(v) <= limit
        and all(key(name) and value(told) for name, told in v.items())
    )


def _either(*checks: Check) -> Check:
    return lambda v: any(check(v) for check in checks)


def _pair(v: Any) -> bool:
    whole = _int(0, 2**53 - 1)
    return isinstance(v, list) and len(v) == 2 and whole(v[0]) and whole(v[1]) and v[1] > 0


def _doc(v: Any) -> bool:
    return isinstance(v, dict | str)


_looks_like_a_day = _like(r"\d{4}-\d{2}-\d{2}")


def _day(v: Any) -> bool:
    if not _looks_like_a_day(v):
        return False
    try:
        date.fromisoformat(v)
    except ValueError:
        return False
    return True


_looks_like_a_moment = _like(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


def _moment(v: Any) -> bool:
    """A local time to the minute, or nothing."""
    if v == "":
        return True
    if not _looks_like_a_moment(v):
        return False
    try:
        datetime.fromisoformat(v)
    except ValueError:
        return False
    return True


_COUNTS = _map(_text(60, 1), _int(0, 2**53 - 1), 80)
_KEPT_TOTAL = {
    "rule": _text(20, 1),
    "year": _text(4),
    "division": _text(24),
    "place": _text(64),
    "checklist": _text(64),
    "counts": _COUNTS,
}


def _kept_total(v: Any) -> bool:
    """What is kept of erased records of one rule, year, place and list: counts alone."""
    return (
        isinstance(v, dict)
        and v.keys() == _KEPT_TOTAL.keys()
        and all(check(v[name]) for name, check in _KEPT_TOTAL.items())
    )


_HASH, _ID = _hex(64), _hex(32)
_NO_ID = _one_of("")
_OVER = _list(_HASH, 64)
_CODE = _text(64, 1)


_ONE_LINE = _like(r"[^\x00-\x1f\x7f-\x9f]{1,40}")
_WORD = _like(r"[^\x00-\x20\x7f-\x9f]{1,64}")


def _phase(v: Any) -> bool:
    return (
        isinstance(v, dict)
        and set(v) == {"name", "first", "last"}
        and _ONE_LINE(v["name"])
        and _day(v["first"])
        and _day(v["last"])
    )


KINDS: Mapping[str, Mapping[str, Check]] = {
    "site.put": {
        "code": _CODE,
        "name": _text(120, 1),
        "kind": _one_of(*SITE_KINDS),
        "parent": _either(_ID, _NO_ID),
        "division": _text(24),
        "grid": _text(40),
        "address": _text(200),
        "floor": _text(20),
        "registered": _either(_int(0, 1), lambda v: v is None),
        "over": _OVER,
    },
    "site.removed": {"reason": _one_of(*REMOVALS, *SUPERSEDED), "note": _text(500), "over": _OVER},
    "checklist.put": {"digest": _HASH, "doc": _doc},
    "inspection.started": {
        "site": _ID,
        "checklist": _HASH,
        "checklist_id": _CODE,
        "checklist_version": _text(40),
        "mode": _one_of(*MODES),
        "nature": _text(40),
        "day": _day,
        "seed": _either(_text(64), _int(0, 2**53 - 1)),
    },
    "answer.given": {
        "item": _text(400, 1),
        "value": _text(2000),
        "note": _text(2000),
        "evidence": _list(_HASH, 200),
        "over": _OVER,
    },
    # From now on another version of its checklist; the answers that moved were written before it.
    "inspection.rebased": {
        "checklist": _HASH,
        "checklist_id": _CODE,
        "checklist_version": _text(40),
        "moved": _map(_text(400, 1), _text(400, 1), 6000),
        "over": _OVER,
    },
    # ``over`` names the rebase whose version was scored.
    "inspection.finished": {
        "points": _pair,
        "max_points": _pair,
        "grade": _text(40),
        "veto": _list(_text(400, 1), 6000),
        "over": _OVER,
    },
    # What belongs to the record beside the answers (DOMAIN §4.4): who walked, from when to when
    # (local, to the minute; a covert visit is written down after leaving), what the unit said.
    "inspection.particulars": {
        "inspectors": _list(_text(40, 1), 6),
        "observed_from": _moment,
        "observed_to": _moment,
        "unit_view": _text(2000),
        "unit_sign": _one_of("", *UNIT_SIGNS),
        "over": _OVER,
    },
    # A finished inspection is taken up again, for a reason; ``over`` names the finishes.
    # Sent back by the office: what is wrong with it; a later finish answers that.
    "inspection.returned": {"reason": _text(500, 1)},
    "inspection.reopened": {"reason": _text(500, 1), "over": _OVER},
    "finding.opened": {
        "inspection": _ID,
        "item": _text(400, 1),
        "site": _ID,
        "text": _text(4000),
        "criterion": _text(4000),
        "severity": _one_of(*SEVERITIES),
        "due": _day,
    },
    # A step of putting it right (DOMAIN §4.6). ``due`` is the day that counts from now on, empty
    # for the one it was opened with; ``inspection`` the one that asks, or asked, it again.
    "finding.moved": {
        "step": _one_of(*STEPS),
        "due": _either(_day, _NO_ID),
        "note": _text(500),
        "number": _text(60),
        "evidence": _list(_HASH, 200),
        "inspection": _either(_ID, _NO_ID),
        "day": _day,
        "over": _OVER,
    },
    "evidence.added": {
        "sha256": _HASH,
        "size": _int(0, 2**40),
        "ext": _like(r"[a-z0-9]{1,8}"),
        "media": _like(r"[a-z]{1,20}/[a-z0-9.+-]{1,60}"),
    },
    "visit.logged": {
        "outcome": _one_of(*LOGGED),
        "materials": _int(0, 1000),
        "app": _one_of(*APP),
        "note": _text(500),
        "day": _day,
    },
    "visit.withdrawn": {"visit": _HASH},
    # A building's facts handed over to the unit in charge (DOMAIN §3.8): of premises, of nobody.
    "referral.made": {
        "site": _ID,
        "inspection": _either(_ID, _NO_ID),
        "item": _text(400),
        "matter": _one_of(*MATTERS),
        "facts": _text(500, 1),
        "receiver": _one_of(*RECEIVERS),
        "unit": _text(60),
        "number": _text(60),
        "day": _day,
    },
    "referral.answered": {
        "result": _one_of(*RESULTS),
        "day": _day,
        "note": _text(500),
        "number": _text(60),
        "over": _OVER,
    },
    # A drive from a day to a day (002三, 003二), its phases, and the lists it wants answered once.
    "campaign.put": {
        "name": _text(60, 1),
        "first": _day,
        "last": _day,
        "phases": _list(_phase, 20),
        "lists": _list(_WORD, 60),
        "over": _OVER,
    },
    # Somebody is to inspect a place: a device, a post in a few words, or whoever comes by.
    "assignment.put": {
        "site": _ID,
        "checklist": _CODE,
        "inspector": _either(_ID, _text(20)),
        "day": _day,
        "due": _either(_day, _NO_ID),
        "campaign": _either(_ID, _NO_ID),
        "over": _OVER,
    },
    "assignment.withdrawn": {"note": _text(500)},
    "text.reviewed": {
        "event": _HASH,
        "slot": _one_of(
            "note", "value", "unit_view", "facts", "unit", "name", "inspector", "reason"
        ),
        "verdict": _one_of("release", "hide"),
    },
    # A merge taken back or in again: what was done, for those who ask later.
    "merge.undone": {"merge": _hex(16), "events": _int(0, 2**53 - 1), "note": _text(200)},
    "merge.redone": {"merge": _hex(16), "events": _int(0, 2**53 - 1), "note": _text(200)},
    # Bodies and files erased by their term, as counts; ``digest`` is over the list of what went.
    # What is too long for one event goes on in the next part.
    "retention.applied": {
        "before": _either(_day, _NO_ID),
        "events": _int(0, 2**53 - 1),
        "files": _int(0, 2**53 - 1),
        "digest": _HASH,
        "rules": _COUNTS,
        "part": _int(1, 10**6),
        "parts": _int(1, 10**6),
        "totals": _list(_kept_total, 300),
    },
    # The last word of a device's old key: the key that takes its place.
    "device.succeeded": {"public_key": _like(r"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[\w+/]{43}")},
    "seal": {
        "device": _ID,
        "epoch": _hex(16),
        "seq": _int(0, 2**53 - 1),
        "head": _HASH,
        "sig": _text(2000, 1),
    },
}
"""Each known kind and what each field of its body must be."""

OPTIONAL: Mapping[str, Mapping[str, Check]] = {
    # The answer that this one takes back, or brings back; which of several that disagreed is meant.
    "answer.given": {"undoes": _HASH, "redoes": _HASH, "settles": _HASH},
    # From which day on it is so, why, and from which place it came (a door that was split).
    "site.put": {"since": _day, "why": _text(200, 1), "origin": _ID, "settles": _HASH},
    "referral.answered": {"settles": _HASH},
    "site.removed": {"on": _day},
    # ``pair``: recorded by two, unseen by each other. ``prior``: the inspection that this one
    # follows, as a re-inspection of the items in ``asks`` or as the open part of a covert visit.
    "inspection.started": {
        "pair": _text(40, 1),
        "prior": _ID,
        "asks": _list(_text(400, 1), 6000),
    },
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
    if kind == "checklist.put":
        _accept_checklist(body)
    told = _ENTITY.get(kind)
    if entity is not None and told is not None and entity != told(body):
        raise BadBody("entity", "not what the body speaks of")


def _accept_checklist(body: Mapping[str, Any]) -> None:
    try:
        doc = unpack(body["doc"])
        digest = doc_digest(doc)
    except Refusal as refusal:
        raise BadBody("doc", refusal.code) from refusal
    except ValueError as error:
        raise BadBody("doc", str(error)) from error
    if not isinstance(doc.get("id"), str):
        raise BadBody("doc", "not a checklist")
    if digest != body["digest"]:
        raise BadBody("digest", "not the digest of the document")


_ENTITY: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "site.put": lambda body: site_id(body["code"]),
    "checklist.put": lambda body: str(body["digest"])[:32],
    "campaign.put": lambda body: campaign_id(body["name"]),
    "finding.opened": lambda body: finding_id(body["inspection"], body["item"]),
    "evidence.added": lambda body: str(body["sha256"])[:32],
}
