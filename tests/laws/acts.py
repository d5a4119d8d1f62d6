"""What people, couriers and accidents do to a county, and the laws that hold each time."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from fieldkit.domain.kinds import site_id
from fieldkit.errors import Problem
from fieldkit.store.store import Draft
from fieldkit.work import above, backups, bundles, grants, merging, purging, receipts_given
from fieldkit.work.workspace import Workspace
from fieldkit_sync.receipt import Receipt

from .county import County, Held, Sealed, Slot, content, event_id, text_file, union

Place = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Letter:
    """A sealed letter of an office to a device."""

    path: Path
    device: str


@dataclass(frozen=True, slots=True)
class Image:
    """A slot as it was: a copy of its folder, and what it held."""

    folder: Path
    held: Held


class Acts(County):
    """A county in which things happen."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.letters: list[Letter] = []
        self.images: dict[str, list[Image]] = {}
        self.bases: dict[Place, Held] = {}
        """What an office held when it gave a receipt."""
        self.accepted: dict[str, list[Path]] = {}
        """The files that each office took in, in their order."""

    def work(self, slot: Slot, kinds: Sequence[int], choice: int) -> None:
        """Append events, some of which contradict what others write, in one transaction."""
        with self.at(slot) as ws:
            drafts = [_draft(ws, slot, kind, choice, self.number()) for kind in kinds]
            written = ws.store.append(drafts)
            added = {str(it.body["sha256"]) for it in drafts if it.kind == "evidence.added"}
            slot.held |= Held(frozenset(map(event_id, written)), frozenset(added))
            assert len(written) == len(kinds)

    def export(self, slot: Slot) -> list[Sealed]:
        """Seal what is pending: nothing that the office never had is left out."""
        office = slot.above or slot.office
        with self.at(slot) as ws:
            receipt = above.receipt(ws)
            basis = self.bases[_place(receipt)] if receipt else Held()
            made = bundles.create(ws, self.folder / "stick")
            seals = content(ws).events - slot.held.events
            slot.held |= Held(seals)
            assert _all_seals(ws, slot.device, seals)
        paths = [] if made.path is None else [made.path, *made.extra]
        files = [self.look(path, office) for path in paths]
        self.stick = [path for path in self.stick if path not in paths] + paths
        sent = union(it.content for it in files)
        assert sent.events <= slot.held.events
        # The highest office seals its own work to itself, and passes nothing on.
        due = {it for it in slot.held.events if slot.above or it[0] == slot.device}
        left_out = due - sent.events - basis.events
        assert not left_out, f"{slot.name} keeps {len(left_out)} events from its office"
        assert not slot.above or slot.held.evidence <= sent.evidence | basis.evidence
        return files

    def merge(self, slot: Slot, paths: Sequence[Path]) -> None:
        """Merge files: each sound one for this office comes in whole, no other leaves a trace."""
        good = [path for path in dict.fromkeys(paths) if self._meant(slot, path)]
        bad = [path for path in dict.fromkeys(paths) if path not in good]
        with self.at(slot) as ws:
            done = merging.merge(ws, list(paths))
            incoming = union(self.files[path].content for path in good)
            fresh = incoming.events - slot.held.events
            slot.held |= incoming
        assert sorted(it.file for it in done.rejected) == sorted(bad), done.rejected
        assert done.merged + done.already_known == len(good), f"{slot.name}: miscounted files"
        assert done.events_new == len(fresh), f"{slot.name}: miscounted events"
        self.accepted.setdefault(slot.office, []).extend(good)

    def _meant(self, slot: Slot, path: Path) -> bool:
        file = self.files[path]
        return file.sound and file.office == slot.office

    def twice(self, path: Path) -> Path:
        """The courier makes a copy of a file."""
        return self._variant(path, path.read_bytes(), sound=self.files[path].sound)

    def damage(self, path: Path, at: int, *, cut: bool) -> Path:
        """The courier's copy of a file is cut short, or a bit of it is turned over."""
        raw = path.read_bytes()
        at %= max(1, len(raw))
        if cut or not raw:
            return self._variant(path, raw[:at], sound=False)
        return self._variant(
            path, raw[:at] + bytes([raw[at] ^ (1 << at % 8)]) + raw[at + 1 :], sound=False
        )

    def _variant(self, path: Path, raw: bytes, *, sound: bool) -> Path:
        new = path.with_name(f"copy-{self.number()}.fkb.zip.age")
        new.write_bytes(raw)
        self.files[new] = replace(self.files[path], path=new, sound=sound)
        self.stick.append(new)
        return new

    def drop(self, path: Path) -> None:
        """The courier loses a file."""
        self.stick.remove(path)

    def give(self, slot: Slot, device: str) -> Letter:
        """Write a receipt: it promises nothing that is not there, and hides nothing that is."""
        path = self.folder / f"{self.number()}.letter.age"
        with self.at(slot) as ws:
            said = receipts_given.give(ws, device, path).receipt
        heads = {(d, e, s, h) for d, e, s, h in slot.held.events}
        received, durable = set(), set()
        for chain in said.chains:
            received |= _numbers(chain.device, chain.epoch, chain.received)
            durable |= _numbers(chain.device, chain.epoch, chain.durable)
            last = (chain.device, chain.epoch, chain.received[-1][1], chain.head)
            assert last in heads, f"{slot.name} names a head it does not hold"
        there = {it[:3] for it in slot.held.events}
        assert received <= there, f"{slot.name} claims events it does not hold"
        assert {it for it in there if it[0] == device} <= received
        copies = self.copies(slot.office).events
        promised = {it for it in slot.held.events if it[:3] in durable}
        assert promised <= copies, f"{slot.name} claims copies it does not have"
        self.bases[_place(said)] = slot.held
        letter = Letter(path, device)
        self.letters.append(letter)
        return letter

    def deliver(self, letter: Letter, slot: Slot) -> None:
        """A home takes a letter in: its own; another's changes nothing."""
        with self.at(slot) as ws:
            if letter.device == slot.device:
                grants.receive(ws, letter.path)
                return
            with pytest.raises(Problem):
                grants.receive(ws, letter.path)

    def purge(self, slot: Slot) -> None:
        """Free space: no file goes of which the office has no copy elsewhere."""
        with self.at(slot) as ws:
            purging.purge(ws)
            gone = slot.held.evidence - content(ws).evidence
            slot.held = Held(slot.held.events, slot.held.evidence - gone)
        assert gone <= self.copies(slot.above).evidence, f"{slot.name}: only copies are gone"

    def photograph(self, slot: Slot) -> None:
        """Keep an image of a computer."""
        folder = self.folder / f"image-{self.number()}"
        shutil.copytree(slot.folder, folder)
        self.images.setdefault(slot.name, []).append(Image(folder, slot.held))

    def restore(self, slot: Slot, which: int, *, disk: bool, told: bool = True) -> None:
        """Put an image in a computer's place, with the ``disk`` also what lies outside the home.

        An office notices by itself if its notes are still there; else it has to be ``told``.
        """
        images = self.images[slot.name]
        image = images[which % len(images)]
        where = "" if disk else "home"
        shutil.rmtree(slot.folder / where)
        shutil.copytree(image.folder / where, slot.folder / where)
        slot.held = image.held
        if slot.office and (disk or told):
            with self.at(slot) as ws:
                receipts_given.restored(ws)

    def backup(self, slot: Slot) -> None:
        """Copy what an office holds to another disk."""
        place = self._copies_place(slot.office)
        with self.at(slot) as ws:
            made = backups.make(ws, place)
        for path in made.files:
            self.look(path, slot.office)

    def copies(self, office: str) -> Held:
        """What the copies of an office hold."""
        place = self._copies_place(office)
        return union(it.content for it in self.files.values() if it.path.parent == place)

    def rebuild(self, slot: Slot) -> None:
        """The office's computer burns; a new one is made from its keys and its copies."""
        place = self._copies_place(slot.office)
        new = slot.folder.with_name(f"{slot.name}-{self.number()}")
        for name in ("keys", "office"):
            shutil.copytree(slot.home / name, new / "home" / name)
        if slot.above:
            shutil.copyfile(slot.folder / "own.grant", new / "own.grant")
        shutil.rmtree(slot.folder)
        slot.folder, slot.held = new, Held()
        files = [it.path for it in self.files.values() if it.path.parent == place]
        self.merge(slot, files)
        with self.at(slot) as ws:
            receipts_given.restored(ws)
            if slot.above:
                grants.receive(ws, slot.folder / "own.grant")

    def _copies_place(self, office: str) -> Path:
        return self.folder / f"copies-{office}"

    def settle(self) -> None:
        """Everybody sends and is told until nobody has anything to send."""
        order = [*self.inspectors, *(it for it in self.offices if it.above)]
        for number in range(12):
            quiet = True
            for slot in order:
                files = self.export(slot)
                office = self.office(slot.above)
                if files:
                    quiet = False
                    self.merge(office, [it.path for it in files])
                if files or number == 0:
                    self.deliver(self.give(office, slot.device), slot)
            if quiet and number > 0:
                return
        raise AssertionError("the queue does not drain")


def _place(receipt: Receipt) -> Place:
    return (receipt.office, receipt.office_epoch, receipt.receipt_seq)


def _numbers(device: str, epoch: str, runs: Iterable[tuple[int, int]]) -> set[Place]:
    return {(device, epoch, n) for first, last in runs for n in range(first, last + 1)}


def _all_seals(ws: Workspace, device: str, events: Iterable[tuple[str, str, int, str]]) -> bool:
    return all(
        it[0] == device
        and ws.store.db.execute("SELECT kind FROM event WHERE hash = ?", (it[3],)).fetchone()
        == ("seal",)
        for it in events
    )


def _draft(ws: Workspace, slot: Slot, kind: int, choice: int, number: int) -> Draft:
    """An event about one of few things, that replaces some of what is known of it here."""
    door, inspection = site_id(f"D{choice % 2}"), f"{choice % 2:032x}"
    if kind == 0:
        body = {"outcome": "met", "materials": 1, "app": "none", "note": "", "day": "2026-11-22"}
        return Draft("visit.logged", door, "", body)
    if kind == 1:
        words = {"item": "X1", "value": f"{slot.name} {number}", "note": "", "evidence": []}
        return Draft("answer.given", inspection, "", words | _over(ws, inspection, choice))
    if kind == 2:
        place = {
            "code": f"D{choice % 2}", "name": f"{slot.name} {number}", "kind": "door",
            "parent": "", "division": "990121101001", "grid": "", "address": "", "floor": "1",
            "registered": choice // 2 % 2,
        }  # fmt: skip
        return Draft("site.put", door, "", place | _over(ws, door, choice))
    folder = ws.home.parent / "camera"
    folder.mkdir(exist_ok=True)
    digest, raw = text_file(folder, number)
    assert ws.evidence.add(folder / f"{digest}.txt").sha256 == digest
    file = {"sha256": digest, "size": len(raw), "ext": "txt", "media": "text/plain"}
    return Draft("evidence.added", hashlib.sha256(raw).hexdigest()[:32], "", file)


def _over(ws: Workspace, entity: str, choice: int) -> dict[str, list[str]]:
    rows = ws.store.db.execute("SELECT hash FROM event WHERE entity = ? ORDER BY hash", (entity,))
    known = [str(row[0]) for row in rows]
    return {"over": known[: (choice // 4) % 4]}
