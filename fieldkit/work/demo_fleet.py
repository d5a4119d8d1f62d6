"""A made-up fleet: devices that walked a made-up town, their sealed bundles, and an office.

Everything but the keys and the salts follows from the seed and the day, so two fleets of one seed
walk alike. Doors and visits are dealt out here; each device's chain is then built apart, in other
processes when there are many, straight from the formats: no home of a device ever exists.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from fieldkit import __version__
from fieldkit.domain.moments import CHINA
from fieldkit.domain.outcomes import BY_CODE, LOGGED
from fieldkit.domain.records import Site
from fieldkit.errors import Problem
from fieldkit.store.store import Draft, Store
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import demo_town, devices, grants, offices
from .demo_walks import plan, town
from .exchange_files import unusable, write_json
from .sites import partition
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.office import Grant

MAX_DEVICES = 10_000
MAX_VISITS = 50_000_000
PER_BUNDLE = 5_000
"""About so many visits lie in one bundle."""

_VISITS_PER_DOOR = 6
_LEAST_DOORS = 20
_PER_DAY = 60
_MOST_DAYS = 240
"""A longer history is not walked: the days get fuller instead."""

_ALONE_VISITS = 20_000
"""Up to so many visits, starting other processes costs more than it saves."""

_WORK_MS = 11 * 3_600_000


@dataclass(frozen=True, slots=True)
class Fleet:
    """What was written: sealed files, all events in them, the visits among these, the office."""

    bundles: int
    events: int
    visits: int
    devices: int
    doors: int
    office_home: Path


@dataclass(frozen=True, slots=True)
class _Job:
    """All that another process needs to write one device's bundles."""

    keys: Path
    out: Path
    grant: Grant
    seed: str
    start: date
    per_day: int
    doors: list[tuple[str, str]]
    outcomes: bytes


Progress = Callable[[int, int], None]
"""Called after each device: how many are done, of how many."""


def write_fleet(
    out: Path,
    devices: int = 10,
    visits: int = 5_000,
    seed: int = 1,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Fleet:
    """Write the bundles of a fleet and the office that can merge them into an empty folder.

    The office's journal holds the register of the doors and no visit. ``workers`` is the number
    of processes, by default what the machine and the number of visits suggest; 0 is this one.
    Raises Problem for numbers out of range, a folder that is not empty, or a disk that fails;
    then, and when interrupted, nothing is left in ``out``.
    """
    _check(_("设备数"), devices, MAX_DEVICES)
    _check(_("走访数"), visits, MAX_VISITS)
    folder = out.expanduser().absolute()
    with _all_or_nothing(folder), tempfile.TemporaryDirectory(prefix="fleet-") as aside:
        count = max(_LEAST_DOORS, visits // _VISITS_PER_DOOR)
        walks = plan(count, devices, visits, seed)
        walking = sum(bool(walk.doors) for walk in walks)
        longest = max(len(walk.doors) for walk in walks)
        per_day = max(_PER_DAY, -(-longest // _MOST_DAYS))
        home = folder / "office"
        with Workspace.open(home) as ws:
            start = ws.today() - timedelta(days=-(-longest // per_day))
            doors = _office(ws, count, seed, start)
            admitted = _enrol(ws, Path(aside), devices)
        jobs = (
            _Job(
                keys,
                folder,
                grant,
                f"{seed} {number}",
                start,
                per_day,
                [doors[door] for door in walk.doors],
                bytes(walk.outcomes),
            )
            for number, ((keys, grant), walk) in enumerate(zip(admitted, walks, strict=True))
            if walk.doors
        )
        if workers is None:
            workers = min(walking, os.cpu_count() or 1) if visits > _ALONE_VISITS else 0
        bundles = events = 0
        for number, (files, lines) in enumerate(_done(jobs, workers), 1):
            bundles, events = bundles + files, events + lines
            if progress is not None:
                progress(number, walking)
    return Fleet(bundles, events, visits, devices, len(doors), home)


def _check(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise Problem(
            "out-of-range",
            _("{name}应在 1 到 {most} 之间，不能是 {value}。").format(
                name=name, most=most, value=value
            ),
        )


@contextmanager
def _all_or_nothing(folder: Path) -> Iterator[None]:
    """An empty folder, made if need be; whatever stops the block empties it again."""
    before = folder.exists()
    try:
        if before and (not folder.is_dir() or any(folder.iterdir())):
            raise Problem(
                "folder-not-empty",
                _("这里要一个空文件夹，或还没有的文件夹；没有改动任何内容。"),
                where=shown(str(folder)),
                mend=_("换一个文件夹再试。"),
            )
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error
    try:
        yield
    except BaseException as stop:
        _clear(folder, before)
        if isinstance(stop, OSError):
            raise unusable(folder, stop) from stop
        raise


def _clear(folder: Path, keep: bool) -> None:
    """Remove what this run wrote: the folder was empty before."""
    shutil.rmtree(folder / "office", ignore_errors=True)
    with suppress(OSError):
        for path in [*folder.glob("*.fkb.zip.age"), *folder.glob("*.fkb.zip.age.part")]:
            path.unlink(missing_ok=True)
        if not keep:
            folder.rmdir()


def _office(ws: Workspace, doors: int, seed: int, start: date) -> list[tuple[str, str]]:
    """Make the home an office that knows the doors; gives each door's id and division."""
    devices.rename(ws, demo_town.data()["device"])
    offices.init(ws, demo_town.data()["office"])
    write_json(ws.home / "demo.json", {"demo": True, "fleet": True, "complete": True})
    found: list[tuple[str, str]] = []
    # The register was taken in on the day before the first knock.
    taken = _ms(start - timedelta(days=1), 8)
    store = Store(ws.home, ws.device.device, lambda: taken)
    try:
        sites = town(doors, seed)
        while batch := list(islice(sites, 5_000)):
            store.append([_put(site) for site in batch])
            found += [(site.id, partition(site)) for site in batch if site.kind == "door"]
    finally:
        store.close()
    return found


def _put(site: Site) -> Draft:
    names = ("code", "name", "kind", "parent", "division", "grid", "address", "floor")
    body: dict[str, Any] = {name: getattr(site, name) for name in names}
    body["registered"] = None if site.registered is None else int(site.registered)
    return Draft("site.put", site.id, partition(site), {**body, "over": []})


def _enrol(ws: Workspace, aside: Path, count: int) -> list[tuple[Path, Grant]]:
    """Draw the keys of each device and have the office enrol it."""
    from fieldkit_sync.identity import Identity, card_text
    from fieldkit_sync.office import read_grant

    found = []
    for number in range(1, count + 1):
        keys = aside / f"{number}"
        card, given = aside / f"{number}.card", aside / f"{number}.grant"
        public = Identity.create(keys, f"演示设备 {number:03}").public
        card.write_text(card_text(public), "utf-8")
        try:
            offices.enrol(ws, card, given)
        finally:
            # This device has no home, here or elsewhere: nobody will fetch that grant.
            (grants.mailbox() / f"{public.device}.grant").unlink(missing_ok=True)
        found.append((keys, read_grant(given.read_bytes())))
    return found


def _done(jobs: Iterable[_Job], workers: int) -> Iterator[tuple[int, int]]:
    """The bundles and events of each device, as they get ready."""
    if not workers:
        yield from map(_seal_device, jobs)
        return
    with ExitStack() as stack:
        pool = ProcessPoolExecutor(workers, get_context("spawn"), _undisturbed)
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        under_way: set[Future[tuple[int, int]]] = set()
        for job in jobs:
            with _no_interrupt():
                under_way.add(pool.submit(_seal_device, job))
            if len(under_way) > 2 * workers:
                ready, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in ready)
        while under_way:
            ready, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in ready)


def _undisturbed() -> None:
    """Ctrl-C is for the process that was asked; it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Processes that start in here are deaf to Ctrl-C at once, where the system knows masks."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _seal_device(job: _Job) -> tuple[int, int]:
    """Write the bundles of one device: how many, and how many events they hold."""
    from fieldkit_sync import bundle, clock
    from fieldkit_sync.event import GENESIS, make
    from fieldkit_sync.identity import Identity
    from fieldkit_sync.seal import seal_body

    identity = Identity.load(job.keys)
    chain: dict[str, str] = {"device": identity.device, "epoch": clock.new_epoch(_ms(job.start, 9))}
    knocks = _knocks(job)
    seq, prev, total = 0, GENESIS, len(job.doors)
    files = max(1, round(total / PER_BUNDLE))
    for number in range(files):
        lines: list[bytes] = []
        hlc = ""
        many = total * (number + 1) // files - total * number // files
        for ms, door, division, body in islice(knocks, many):
            seq, hlc = seq + 1, clock.pack(ms, 0)
            event = make(
                **chain,
                seq=seq,
                prev=prev,
                hlc=hlc,
                kind="visit.logged",
                entity=door,
                division=division,
                body=body,
            )
            prev = event.hash
            lines.append(event.line)
        hlc = clock.tick(hlc, 0)
        closing = seal_body(identity, chain["epoch"], seq, prev)
        seq += 1
        event = make(
            **chain,
            seq=seq,
            prev=prev,
            hlc=hlc,
            kind="seal",
            entity=identity.device,
            division="",
            body=closing,
        )
        prev = event.hash
        bundle.write(
            job.out,
            identity=identity,
            lines=[*lines, event.line],
            recipients=job.grant.recipients,
            office=job.grant.office,
            office_name=job.grant.office_name,
            certificate=job.grant.certificate,
            made_hlc=hlc,
            tool=f"fieldkit {__version__}",
        )
    return files, seq


def _knocks(job: _Job) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    """Each visit of a device: its moment, door, division and body, in the order of its days."""
    random = Random(f"fleet device {job.seed}")
    notes = demo_town.data()["notes"]
    step = _WORK_MS // job.per_day
    for count, ((door, division), outcome) in enumerate(zip(job.doors, job.outcomes, strict=True)):
        back, knock = divmod(count, job.per_day)
        if knock == 0:
            today = job.start + timedelta(days=back)
            day, morning = today.isoformat(), _ms(today, 9)
        code = LOGGED[outcome]
        asked = code == "met" and random.random() < 0.3
        body = {
            "outcome": code,
            "materials": BY_CODE[code].materials,
            "app": random.choice(("already", "declined", "installed")) if asked else "none",
            "note": random.choice(notes) if random.random() < 0.04 else "",
            "day": day,
        }
        yield morning + knock * step + random.randrange(step), door, division, body


def _ms(day: date, hour: int) -> int:
    return int(datetime.combine(day, time(hour), CHINA).timestamp()) * 1000
