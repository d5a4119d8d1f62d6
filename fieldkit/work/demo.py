"""The demonstration: a home filled with a fictional town, the same for the same seed and day."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from fieldkit.domain.moments import CHINA
from fieldkit.domain.records import Site
from fieldkit.errors import Problem
from fieldkit.store import findings as store_findings
from fieldkit.store import inspections as store_inspections
from fieldkit.store import ledger
from fieldkit.store import sites as store_sites
from fieldkit.store.evidence import Stored
from fieldkit.store.store import Draft, Store
from fieldkit.text.i18n import _

from . import checklists, demo_inspections, demo_town, demo_visits, devices, offices
from .exchange_files import read_json, unusable, write_json
from .sites import partition
from .workspace import Workspace

_LEAD = demo_visits.DAYS + 1
"""The register was taken in this many days before today."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the home holds, in numbers: ``sites`` without the doors."""

    sites: int
    doors: int
    inspections: int
    visits: int
    findings: int


@dataclass(frozen=True, slots=True)
class _Batch:
    """Events of one moment: appended in one transaction, all stamped with it."""

    moment: datetime
    drafts: list[Draft]


class _PastClock:
    """A clock for made-up history: stands at a moment, never later than the real one."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.moment = datetime.fromtimestamp(0, CHINA)

    def __call__(self) -> int:
        return min(int(self.moment.timestamp() * 1000), self._now())


def fill(ws: Workspace, size: str = "small", seed: int = 1) -> Counts:
    """Fill an empty home with the fictional town; a home that holds it already stays as it is.

    An interrupted filling is taken up where it stopped. Raises Problem for an unknown size or
    a home that holds real work.
    """
    if size not in demo_town.SIZES:
        raise Problem(
            "unknown-size",
            _("没有“{size}”这种规模。").format(size=size[:20]),
            mend=_("可用：{sizes}。").format(sizes=" ".join(demo_town.SIZES)),
        )
    state = read_json(_mark(ws))
    if state is None:
        _refuse_real(ws)
        state = {
            "demo": True,
            "size": size,
            "seed": seed,
            "day": str(ws.today()),
            "done": 0,
            "seq": 0,
        }
        _write(ws, state)
    if not state.get("complete"):
        _work_off(ws, state)
    return counts(ws)


def counts(ws: Workspace) -> Counts:
    """How much the home holds."""
    db = ws.store.db
    sites = store_sites.all(db)
    doors = sum(site.kind == "door" for site in sites)
    return Counts(
        sites=len(sites) - doors,
        doors=doors,
        inspections=len(store_inspections.all(db)),
        visits=ledger.counts(db)["visit"],
        findings=len(store_findings.all(db)),
    )


def _refuse_real(ws: Workspace) -> None:
    if ledger.head(ws.store.db, ws.device.device) or ledger.devices(ws.store.db):
        raise Problem(
            "not-a-demo-home",
            _("这个工作目录里已有真实记录，不能装入演示数据。"),
            mend=_("用 --home 指向一个空文件夹再运行 fieldkit demo。"),
        )
    if offices.is_office(ws):
        raise Problem(
            "not-a-demo-home",
            _("这个工作目录是一个办公室，不能装入演示数据。"),
            mend=_("用 --home 指向一个空文件夹再运行 fieldkit demo。"),
        )


def _work_off(ws: Workspace, state: dict[str, Any]) -> None:
    """Append what is missing, batch by batch, noting each so that a kill costs nothing."""
    names = demo_town.data()
    devices.rename(ws, names["device"])
    offices.init(ws, names["office"])
    offices.enrol_self(ws)
    if _seq(ws) > state["seq"]:
        # The last append was committed and its note was not: it is done.
        state["done"] += 1
    clock = _PastClock(ws.now_ms)
    store = Store(ws.home, ws.device.device, clock)
    try:
        for number, batch in enumerate(_batches(ws, state)):
            if number < state["done"]:
                continue
            clock.moment = batch.moment
            store.append(batch.drafts)
            state.update(done=number + 1, seq=_seq(ws))
            _write(ws, state)
    finally:
        store.close()
    _write(ws, {**state, "complete": True})


def _seq(ws: Workspace) -> int:
    head = ledger.head(ws.store.db, ws.device.device)
    return head[1] if head else 0


def _batches(ws: Workspace, state: dict[str, Any]) -> Iterator[_Batch]:
    """The whole history in order of days; the same each time it is asked for."""
    size, seed = str(state["size"]), int(state["seed"])
    today = datetime.fromisoformat(str(state["day"])).replace(tzinfo=CHINA)
    sites = demo_town.sites(size, seed)
    yield _Batch(_morning(today, _LEAD, 8), [_put(site) for site in sites])
    days: dict[int, list[_Batch]] = {}
    for back, drafts in _inspections(ws, sites, size, seed, today):
        days.setdefault(back, []).extend(_spread(_morning(today, back, 8), drafts, 4, 6))
    for back, drafts in _visits(sites, seed, today).items():
        much = max(6, -(-len(drafts) // 12))
        days.setdefault(back, []).extend(_spread(_morning(today, back, 9), drafts, much, 40))
    for back in sorted(days, reverse=True):
        yield from sorted(days[back], key=lambda batch: batch.moment)
    # The village has confirmed that the shops are no homes (核减, DOMAIN §1.4).
    yield _Batch(_morning(today, 1, 19), _removals(sites, seed))


def _spread(start: datetime, drafts: list[Draft], much: int, minutes: int) -> Iterator[_Batch]:
    """A day's work in pieces of ``much`` events, some minutes apart."""
    for number, first in enumerate(range(0, len(drafts), much)):
        moment = start + timedelta(minutes=minutes * number)
        yield _Batch(moment, drafts[first : first + much])


def _morning(today: datetime, back: int, hour: int) -> datetime:
    day = today.date() - timedelta(days=back)
    return datetime.combine(day, time(hour, 30), CHINA)


def _put(site: Site) -> Draft:
    names = ("code", "name", "kind", "parent", "division", "grid", "address", "floor")
    body: dict[str, Any] = {name: getattr(site, name) for name in names}
    body["registered"] = None if site.registered is None else int(site.registered)
    return Draft("site.put", site.id, partition(site), {**body, "over": []})


def _removals(sites: list[Site], seed: int) -> list[Draft]:
    shops = [call.door for call in demo_visits.calls(sites, seed) if call.outcome == "shop"]
    body = {"reason": "nonresidential", "note": "", "over": []}
    return [Draft("site.removed", door.id, partition(door), body) for door in shops]


def _visits(sites: list[Site], seed: int, today: datetime) -> dict[int, list[Draft]]:
    found: dict[int, list[Draft]] = {}
    for call in demo_visits.calls(sites, seed):
        day = today.date() - timedelta(days=call.back)
        body = {
            "outcome": call.outcome,
            "materials": call.materials,
            "app": call.app,
            "note": call.note,
            "day": day.isoformat(),
        }
        draft = Draft("visit.logged", call.door.id, partition(call.door), body)
        found.setdefault(call.back, []).append(draft)
    return found


def _inspections(
    ws: Workspace, sites: list[Site], size: str, seed: int, today: datetime
) -> Iterator[tuple[int, list[Draft]]]:
    random = Random(f"inspections {seed}")
    by_code = {site.code: site for site in sites}
    brought: set[str] = set()
    photo: Stored | None = _photo(ws)
    for plan in demo_inspections.plans(sites, size):
        checklist = checklists.find(ws, plan.checklist)
        drafts = []
        if checklist.id not in brought:
            brought.add(checklist.id)
            body = {"digest": checklist.digest, "doc": checklist.to_doc()}
            drafts.append(Draft("checklist.put", checklist.digest[:32], "", body))
        site = by_code[plan.site]
        drafts += demo_inspections.drafts(plan, checklist, site, today.date(), random, photo)
        photo = None
        yield plan.back, drafts


def _photo(ws: Workspace) -> Stored:
    """A small picture that is plainly no photo: evidence for the first inspection."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "demo.png"
        path.write_bytes(_png(96, 64))
        return ws.evidence.add(path)


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    stripes = [bytes((40, 110, 160)), bytes((230, 235, 240))]
    rows = b"".join(
        b"\0" + b"".join(stripes[(x + y) // 12 % 2] for x in range(width)) for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def as_json(found: Counts) -> dict[str, int]:
    """The counts under the names of CLI.md."""
    return asdict(found)


def _mark(ws: Workspace) -> Path:
    return ws.home / "demo.json"


def _write(ws: Workspace, state: dict[str, Any]) -> None:
    try:
        write_json(_mark(ws), state)
    except OSError as error:
        raise unusable(_mark(ws), error) from error
