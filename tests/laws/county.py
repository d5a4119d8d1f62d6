"""A county in small: homes on disk, and beside each what it has to hold.

Three levels of offices, and inspectors below them. Each home lies in a slot of its own with its own
state folder, as on a computer of its own. Everything done to a home is done to a plain set as well;
the two must never differ. What a sealed file holds is read once, when it is made.
"""

from __future__ import annotations

import hashlib
import os
import random
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldkit.store.mark import Mark
from fieldkit.work import devices, grants, offices
from fieldkit.work.workspace import Workspace
from fieldkit_sync import bundle, bundle_header

EventId = tuple[str, str, int, str]

COUNTY = "county"
ABOVE = {"town": COUNTY, "east": "town", "west": "town"}
"""Each office and the office above it."""
INSPECTORS = {"ann": "east", "bo": "west", "cy": "east", "di": "town"}
"""Each inspector and the office it was enrolled by."""
START = datetime.fromisoformat("2026-11-22T10:00:00+08:00")
SMALL_VOLUME = 3000
"""So little fits in one file that evidence mostly goes in volumes of its own, in bytes."""


@dataclass(frozen=True, slots=True)
class Held:
    """Events and evidence files, wherever they are."""

    events: frozenset[EventId] = frozenset()
    evidence: frozenset[str] = frozenset()

    def __or__(self, other: Held) -> Held:
        return Held(self.events | other.events, self.evidence | other.evidence)


@dataclass(slots=True)
class Slot:
    """One home in its place; ``held`` is what it has to hold."""

    name: str
    folder: Path
    device: str
    office: str = ""
    above: str = ""
    skew: int = 0
    held: Held = field(default_factory=Held)

    @property
    def home(self) -> Path:
        """The home's folder."""
        return self.folder / "home"

    @property
    def state(self) -> Path:
        """What this computer remembers outside the home."""
        return self.folder / "state"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file: for which office, by which device, and what is in it if it is sound."""

    path: Path
    office: str
    signer: str
    content: Held
    sound: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """A county that was set up and has no events yet."""

    folder: Path
    slots: tuple[Slot, ...]
    keys: dict[str, str]
    """The age identity of each office, to look into what was sealed to it."""


class Quiet:
    """Everything drawn is drawn from a seed, and nothing waits for a disk, until ``undo``."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self._state = os.environ.get("FIELDKIT_STATE")
        self._now = os.environ.get("FIELDKIT_NOW")
        self._patch = pytest.MonkeyPatch()
        self._patch.setattr(secrets, "token_hex", lambda n=32: chance.randbytes(n).hex())
        self._patch.setattr(
            Ed25519PrivateKey,
            "generate",
            lambda: Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)),
        )
        # What a power cut leaves is the matter of other tests.
        self._patch.setattr(os, "fsync", lambda _handle: None)
        self._patch.setattr(bundle_header, "MAX_VOLUME", SMALL_VOLUME)

    def undo(self) -> None:
        """Put everything back."""
        self._patch.undo()
        for name, value in (("FIELDKIT_STATE", self._state), ("FIELDKIT_NOW", self._now)):
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def opened(slot: Slot, minutes: int) -> Iterator[Workspace]:
    """A slot's home, so many minutes after the start by its own clock."""
    os.environ["FIELDKIT_STATE"] = str(slot.state)
    os.environ["FIELDKIT_NOW"] = (START + timedelta(minutes=minutes + slot.skew)).isoformat()
    with Workspace.open(slot.home) as ws:
        yield ws


def plan(folder: Path) -> Plan:
    """Set a county up: draw keys, enrol everybody where it belongs, take the grants in."""
    quiet = Quiet(1)
    try:
        slots = {name: _settled(folder, name) for name in (COUNTY, *ABOVE, *INSPECTORS)}
        for name, office in (ABOVE | INSPECTORS).items():
            _enrol(slots[name], slots[office])
        keys = {}
        for slot in slots.values():
            if slot.office:
                with opened(slot, 0) as ws:
                    keys[slot.office] = offices.load(ws).age_identity
        inspectors = [slots[name] for name in INSPECTORS]
        return Plan(folder, (*inspectors, *(it for it in slots.values() if it.office)), keys)
    finally:
        quiet.undo()


def _settled(folder: Path, name: str) -> Slot:
    slot = Slot(name, folder / name, "")
    with opened(slot, 0) as ws:
        slot.device = ws.device.device
        if name not in INSPECTORS:
            slot.office = offices.init(ws, f"{name}（演示）").office
    return slot


def _enrol(slot: Slot, office: Slot) -> None:
    card = slot.folder / "own.card"
    with opened(slot, 0) as ws:
        card.write_text(devices.card(ws), "utf-8")
    with opened(office, 0) as ws:
        offices.enrol(ws, card, slot.folder / "own.grant")
    with opened(slot, 0) as ws:
        grants.receive(ws, slot.folder / "own.grant")
    slot.above = office.office


class County:
    """The homes of one run and what lies on the way between them."""

    def __init__(self, plan: Plan, seed: int = 0, inspectors: int = 4) -> None:
        self.quiet = Quiet(seed)
        self.folder = Path(tempfile.mkdtemp(prefix="laws-"))
        self.plan = plan
        self.minutes = 0
        self.serial = 0
        self.slots: list[Slot] = []
        self.files: dict[Path, Sealed] = {}
        """Every sealed file there ever was; those that are dropped too."""
        self.stick: list[Path] = []
        """The files that lie ready for any office, the newest last."""
        names = [*list(INSPECTORS)[:inspectors], *ABOVE, COUNTY]
        for slot in sorted(plan.slots, key=lambda it: it.name):
            if slot.name in names:
                place = self.folder / slot.name
                shutil.copytree(slot.folder, place)
                self.slots.append(replace(slot, folder=place))
        self.slots.sort(key=lambda it: names.index(it.name))

    def close(self) -> None:
        """Remove everything."""
        self.quiet.undo()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def offices(self) -> list[Slot]:
        """The homes that are offices, from the villages up."""
        order = [*[name for name in ABOVE if name != "town"], "town", COUNTY]
        return sorted((it for it in self.slots if it.office), key=lambda it: order.index(it.name))

    @property
    def inspectors(self) -> list[Slot]:
        """The homes that are no offices, copies among them."""
        return [it for it in self.slots if not it.office]

    def office(self, office: str) -> Slot:
        """The home of an office."""
        return next(it for it in self.slots if it.office == office)

    def number(self) -> int:
        """A number that nothing else has."""
        self.serial += 1
        return self.serial

    @contextmanager
    def at(self, slot: Slot) -> Iterator[Workspace]:
        """A home, a minute later; afterwards it must hold what it has to."""
        self.minutes += 1
        with opened(slot, self.minutes) as ws:
            yield ws
            actual = content(ws)
        agree(slot.name, actual, slot.held)

    def look(self, path: Path, office: str) -> Sealed:
        """What is in a sealed file, as the office it is for reads it; noted once."""
        if path not in self.files:
            events, evidence = set(), set()
            with bundle.read(path, [self.plan.keys[office]], work_dir=self.folder) as found:
                events = {event_id(it) for it in found.events()}
                evidence = {str(it["sha256"]) for it in found.header["evidence"]}
                held = Held(frozenset(events), frozenset(evidence))
                self.files[path] = Sealed(path, office, found.device, held)
        return self.files[path]

    def copied(self, slot: Slot, *, disk: bool) -> Slot:
        """Another computer with this home; with the ``disk`` also with its notes outside it."""
        name = f"{slot.name}-{self.number()}"
        twin = replace(slot, name=name, folder=self.folder / name)
        twin.folder.mkdir()
        shutil.copytree(slot.home, twin.home)
        if disk and (slot.state / "marks").is_dir():
            # A note is found by the home's place, which is the same on a copied disk.
            shutil.copytree(slot.state, twin.state)
            for old in (twin.state / "marks").glob("*.json"):
                os.environ["FIELDKIT_STATE"] = str(twin.state)
                old.rename(Mark(twin.home, twin.device)._path)
        self.slots.insert(0, twin)
        return twin


def content(ws: Workspace) -> Held:
    """What a home holds."""
    rows = ws.store.db.execute("SELECT device, epoch, seq, hash FROM event")
    events = frozenset((str(d), str(e), int(s), str(h)) for d, e, s, h in rows)
    return Held(events, frozenset(ws.evidence.digests()))


def agree(name: str, actual: Held, wanted: Held) -> None:
    """A home holds what it has to, no more and no less."""
    assert not wanted.events - actual.events, f"{name}: events are gone"
    assert not actual.events - wanted.events, f"{name}: too many events"
    assert not wanted.evidence - actual.evidence, f"{name}: evidence files are gone"
    assert not actual.evidence - wanted.evidence, f"{name}: too many evidence files"


def event_id(event: Any) -> EventId:
    """What names an event."""
    return (event.device, event.epoch, event.seq, event.hash)


def union(held: Iterable[Held]) -> Held:
    """All of it together."""
    whole = Held()
    for one in held:
        whole |= one
    return whole


def text_file(folder: Path, number: int) -> tuple[str, bytes]:
    """A small evidence file of its own: digest and bytes."""
    raw = f"第{number}份板栏内容已更新。".encode() * 20
    digest = hashlib.sha256(raw).hexdigest()
    (folder / f"{digest}.txt").write_bytes(raw)
    return digest, raw
