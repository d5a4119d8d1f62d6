"""Erasing what was kept long enough (DOMAIN §5.3): bodies and photos go, headers and totals stay.

One transaction erases in the journal and notes what went, as counts. What lies outside it (evidence
files, sealed copies, leftover bytes of the database file) is cleared away after the commit, and by
the next run where this one died in between.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

from fieldkit.domain import values
from fieldkit.domain.retention import (
    COVERT,
    PHOTOS,
    RECORDS,
    UNUSED,
    VISITS,
    Case,
    cases,
    months_before,
)
from fieldkit.domain.retention import cut as cut_of
from fieldkit.errors import Problem, Refused
from fieldkit.store import erased as store
from fieldkit.store import retention as reading
from fieldkit.store.erased import Key, Run
from fieldkit.store.open import Database, transaction
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import above, erasure_totals, grants, outbox
from .exchange_files import unusable
from .promises import Promise
from .workspace import Workspace

_PART = 200
"""Totals in one event."""


class Erased(NamedTuple):
    """What went, or would go: things by rule, events, files and their bytes; what had to stay.

    ``kept`` are files of cases that are not over; ``run`` names the note in the journal.
    """

    before: str
    rules: dict[str, int]
    events: int
    files: int
    bytes: int
    kept: int
    run: str = ""
    certificate: Path | None = None


class _Plan(NamedTuple):
    rules: dict[str, int]
    keys: list[Key]
    files: list[str]
    size: int
    kept: int
    totals: list[dict[str, Any]]


def purge(ws: Workspace, before: str, *, dry_run: bool = False, out: Path | None = None) -> Erased:
    """Erase what is older than a day and has been kept long enough; write a certificate of it.

    Raises Refused ``day-not-past``, ``still-open`` where a case that is due is not over, or
    ``unacknowledged`` where the office has not confirmed what would go; Problem where the day is
    none or the disk refuses. Nothing has gone then, but what an earlier run had begun to clear.
    """
    from . import erasure_certificate as certificate

    day = _day(ws, before)
    if dry_run:
        # Gathering writes into sets of this connection alone.
        with transaction(ws.store.db):
            return _told(day, _gather(ws, day))
    finish(ws)
    identity = certificate.signer(ws)
    place = certificate.place(ws, day, out)
    run, plans = token_hex(16), list[_Plan]()

    def drafts(db: Database) -> list[Draft]:
        plan = _gather(ws, day)
        plans.append(plan)
        if not plan.keys:
            return []
        store.erase(db)
        return _notes(run, day.isoformat(), plan)

    store.overwriting(ws.store.db)
    ws.store.append(drafts)
    plan = plans[-1]
    if not plan.keys:
        # A run that died before its certificate was written gets it now.
        again = certificate.last(ws, day.isoformat())
        return _told(day, plan, certificate=certificate.write(ws, again, identity, place))
    finish(ws)
    return _told(day, plan, run, certificate.write(ws, run, identity, place))


def finish(ws: Workspace) -> None:
    """Clear away what a committed erasure left outside the journal; nothing where it left nothing.

    Raises Problem where the disk refuses; the next run does it again.
    """
    if not store.pending(ws.store.db):
        return
    sweep(ws)
    try:
        for sent in outbox.acknowledged(ws):
            outbox.remove(sent)
    except OSError as error:
        raise unusable(ws.home, error) from error
    store.overwriting(ws.store.db)
    store.settle(ws.store.db)


def sweep(ws: Workspace, among: Collection[str] | None = None) -> int:
    """Remove erased files that are here (again); all, or those among these. Gives how many.

    Raises Problem where the disk refuses.
    """
    gone = 0
    try:
        for digest in store.files(ws.store.db, among):
            if ws.evidence.has(digest):
                ws.evidence.drop(digest)
                gone += 1
    except OSError as error:
        raise unusable(ws.home, error) from error
    return gone


def erased(ws: Workspace, devices: Collection[str] | None = None) -> list[Run]:
    """Everything erased here, for a dispatch to those who may still hold it."""
    return store.runs(ws.store.db, devices)


def apply(ws: Workspace, runs: Sequence[Run]) -> int:
    """Erase here what the office above says is erased; gives how many bodies went.

    The caller has verified that the office says so. What is not held yet is remembered and comes
    in without its body. Places, lists, seals and decisions are never erased so. Raises Problem.
    """
    finish(ws)
    keys = [key for run in runs for key in run.keys]
    went: list[Key] = []

    def drafts(db: Database) -> list[Draft]:
        store.clear(db)
        store.add_keys(db, keys)
        went.extend(store.going(db))
        if not went:
            return []
        files = store.going_files(db)
        store.erase(db)
        plan = _Plan({"told": len(went)}, went, files, 0, 0, [])
        return _notes(token_hex(16), "", plan)

    store.overwriting(ws.store.db)
    ws.store.append(drafts)
    finish(ws)
    return len(went)


def _day(ws: Workspace, text: str) -> date:
    try:
        day = values.day(folded(text))
    except ValueError:
        raise Problem(
            "bad-day",
            _("看不懂日期“{day}”").format(day=shown(text)[:40]),
            mend=_("写成 2026-05-01。"),
        ) from None
    if day >= ws.today():
        raise Refused(
            "day-not-past",
            _("{day} 不是过去的日期，不能按它清除").format(day=day.isoformat()),
            mend=_("写一个今天以前的日期。"),
        )
    return day


def _gather(ws: Workspace, before: date) -> _Plan:
    """Put what is due into the store's set; gives what it is. Raises Refused."""
    db, today = ws.store.db, ws.today()
    store.clear(db)
    found = cases(reading.inspections(db), reading.findings(db), reading.referrals(db))
    due = _due(found, before, today)
    photos, kept, size, covert = _photos(db, found, before, today)
    rules = {
        VISITS.id: reading.visit_count(db, cut_of(VISITS, before, today)),
        PHOTOS.id: len(photos) - covert,
        COVERT.id: covert,
        RECORDS.id: sum(len(one.inspections) for one in due),
    }
    store.add_visits(db, cut_of(VISITS, before, today))
    store.add_records(db, (id_ for case in due for id_ in case.ids))
    store.add_photos(db, (one.sha256 for one in photos))
    _withheld(db, rules, before, today)
    keys, files = store.going(db), store.going_files(db)
    _acknowledged(ws, keys, files)
    totals = erasure_totals.totals(db, cut_of(VISITS, before, today), due, photos)
    return _Plan(rules, keys, files, size, kept, totals)


def _withheld(db: Database, rules: dict[str, int], before: date, today: date) -> None:
    """Also what a merge brought that was undone: it counts nowhere, and is kept no longer."""
    unused = min(before, months_before(today, UNUSED)).isoformat()
    line = cut_of(RECORDS, before, today)
    cuts = dict.fromkeys(store.RECORDS, line) | {
        "visit.logged": cut_of(VISITS, before, today),
        "evidence.added": unused,
    }
    found = store.add_withheld(db, cuts)
    rules[VISITS.id] += found["visit.logged"]
    rules[PHOTOS.id] += found["evidence.added"]
    rules[RECORDS.id] += found["inspection.started"]


def _due(found: list[Case], before: date, today: date) -> list[Case]:
    line = cut_of(RECORDS, before, today)
    due = [case for case in found if case.last < line]
    still = [(kind, id_) for case in due for kind, id_ in case.open]
    if still:
        words = {"inspection": _("检查"), "finding": _("问题"), "referral": _("移交单")}
        kind, id_ = still[0]
        raise Refused(
            "still-open",
            _("{kind} {id} 还没有了结，记录不能清除（这样的共 {n} 件）").format(
                kind=words[kind], id=id_[:8], n=len(still)
            ),
            mend=_("先办结、销号或收到反馈，或者把日期提前。"),
        )
    return due


def _photos(
    db: Database, found: list[Case], before: date, today: date
) -> tuple[list[reading.File], int, int, int]:
    """The files that are due, how many must stay for an open case, bytes, how many are covert."""
    of = {id_: case for case in found for id_ in case.ids}
    plain, covert = cut_of(PHOTOS, before, today), cut_of(COVERT, before, today)
    unused = min(before, months_before(today, UNUSED)).isoformat()
    due: list[reading.File] = []
    kept = hidden = 0
    for file in reading.photos(db):
        using = [of[id_] for id_ in file.used if id_ in of]
        if not using:
            due += [file] if file.day < unused else []
        elif any(case.open for case in using):
            kept += file.day < plain
        elif all(case.last < (covert if case.covert else plain) for case in using):
            due.append(file)
            hidden += any(case.covert for case in using)
    return due, kept, sum(file.size for file in due), hidden


def _acknowledged(ws: Workspace, keys: list[Key], files: list[str]) -> None:
    """Refuse where an office is above and has not confirmed all that would go."""
    if not keys or grants.trusted(ws) is None:
        return
    receipt = above.receipt(ws)
    promise = Promise(ws.store.db, receipt)
    chains = {(key.device, key.epoch) for key in keys}
    held = {chain: promise.received(*chain) for chain in chains}
    open_ = sum(
        not any(first <= key.seq <= last for first, last in held[key.device, key.epoch])
        for key in keys
    )
    lacking = len(set(receipt.evidence_missing) & set(files)) if receipt is not None else 0
    if open_ or lacking:
        raise Refused(
            "unacknowledged",
            _("办公室还没有确认收到其中 {n} 条记录、{files} 个文件，不能清除").format(
                n=open_, files=lacking
            ),
            mend=_("先交数据包（fieldkit bundle create），收到回执后再清除。"),
        )


def _notes(run: str, before: str, plan: _Plan) -> list[Draft]:
    """What the journal tells of it: counts and totals, in as many parts as they need."""
    listed = "".join(f"{key.hash}\n" for key in sorted(plan.keys, key=lambda it: it.hash))
    listed += "".join(f"{digest}\n" for digest in sorted(plan.files))
    parts = [plan.totals[at : at + _PART] for at in range(0, len(plan.totals), _PART)] or [[]]
    body = {
        "before": before,
        "events": len(plan.keys),
        "files": len(plan.files),
        "digest": sha256(listed.encode("ascii")).hexdigest(),
        "rules": {rule: count for rule, count in plan.rules.items() if count},
        "parts": len(parts),
    }
    return [
        Draft("retention.applied", run, "", {**body, "part": number, "totals": part})
        for number, part in enumerate(parts, 1)
    ]


def _told(day: date, plan: _Plan, run: str = "", certificate: Path | None = None) -> Erased:
    events, files = len(plan.keys), len(plan.files)
    return Erased(
        day.isoformat(), plan.rules, events, files, plan.size, plan.kept, run, certificate
    )
