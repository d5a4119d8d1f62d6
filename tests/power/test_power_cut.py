"""The power fails at any operation: what was acknowledged is held, nothing is half there."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from fieldkit.errors import Problem
from fieldkit.store import open as opening

from .adapter import opened_through
from .disk import Disk, Image, crashes
from .journals import FULL_RUN, batch, batches_of, open_store, whole

APPENDS = 40
STEPS = 120
"""About so many steps of the log are looked at, each under every policy."""


def recorded(folder: Path, appends: int = APPENDS) -> Disk:
    """A home that is made, filled batch by batch, closed once and opened again, on a disk.

    The second half moves the log into the database every few batches, so that there are
    crashes within that as well.
    """
    disk = Disk()
    with opened_through(disk, folder):
        for part, autocheckpoint in enumerate((0, 60)):
            store = open_store(folder)
            if autocheckpoint:
                store.db.execute(f"PRAGMA wal_autocheckpoint={autocheckpoint}").fetchall()
            for number in range(part * appends // 2, (part + 1) * appends // 2):
                store.append(batch(number))
                disk.told(number + 1)
            store.close()
    return disk


def straight(folder: Path, appends: int) -> Disk:
    """As ``recorded``, with batches that go into the file without the log, a few at a time."""
    disk = Disk()
    with opened_through(disk, folder):
        store = open_store(folder)
        for number in range(appends):
            with store.direct() as alone:
                assert alone
                store.append(batch(2 * number))
                disk.told(2 * number + 1)
                store.append(batch(2 * number + 1))
                disk.told(2 * number + 2)
        store.close()
    return disk


def chosen(disk: Disk, about: int) -> set[int]:
    """Steps beside every sync, deletion and word to the program, and some in between."""
    telling = {"told", "sync", "delete", "truncate"}
    near = {
        step
        for step, change in enumerate(disk.log)
        for step in (step, step + 1)
        if change.kind in telling
    }
    ordered = sorted(near)
    picked = set(ordered[:: max(1, 2 * len(ordered) // about)])
    return picked | set(range(0, len(disk.log), max(1, 2 * len(disk.log) // about)))


def lost(image: Image, place: Path, root: Path) -> str:
    """What is wrong with a crash image, or nothing; a good one can be worked on."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    image.lay(place, root)
    try:
        store = open_store(place)
    except (Problem, sqlite3.Error) as error:
        return f"cannot be opened: {error}"
    try:
        held = batches_of(store)
        if not whole(held):
            return f"not in whole batches: {held[-7:]}"
        if len(held) < 3 * image.told:
            return f"{image.told} batches were acknowledged, {len(held)} events are held"
        if verdict := store.verify():
            return "; ".join(verdict)
        store.append(batch(len(held) // 3))
        return "" if whole(batches_of(store)) else "does not go on from there"
    finally:
        store.close()


def faults(disk: Disk, root: Path, place: Path, steps: int) -> tuple[int, list[str]]:
    """How many images were opened, and what was wrong with which."""
    picked = chosen(disk, steps)
    images = 0
    wrong = []
    for image in crashes(disk, lambda step: FULL_RUN or step in picked):
        images += 1
        if fault := lost(image, place, root):
            wrong.append(f"step {image.step} {image.policy}: {fault}")
    return images, wrong


@pytest.mark.slow
def test_no_acknowledged_event_is_lost(tmp_path: Path) -> None:
    """Crash at every chosen step under four policies: whole batches, all that was told."""
    home = tmp_path / "home"
    home.mkdir()
    disk = recorded(home)
    kinds = {change.kind for change in disk.log}
    assert {"write", "sync", "delete"} <= kinds
    images, wrong = faults(disk, home, tmp_path / "image", STEPS)
    assert not wrong, "\n".join(wrong)
    assert images > 300, "too few images to prove anything"


@pytest.mark.slow
def test_no_event_is_lost_without_the_log(tmp_path: Path) -> None:
    """Written straight into the file: the same promise at every step, and on the way back."""
    home = tmp_path / "home"
    home.mkdir()
    images, wrong = faults(straight(home, 8), home, tmp_path / "image", STEPS)
    assert not wrong, "\n".join(wrong)
    assert images > 300, "too few images to prove anything"


def test_the_simulation_sees_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With synchronous=NORMAL acknowledged events are lost; else the test above proves nothing."""
    relaxed = [p.replace("synchronous=FULL", "synchronous=NORMAL") for p in opening._PRAGMAS]
    assert relaxed != list(opening._PRAGMAS)
    monkeypatch.setattr(opening, "_PRAGMAS", tuple(relaxed))
    home = tmp_path / "home"
    home.mkdir()
    _, wrong = faults(recorded(home, 8), home, tmp_path / "image", 40)
    assert [line for line in wrong if "were acknowledged" in line]


def test_the_simulation_sees_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no syncs at all a torn database is found out."""
    careless = [p.replace("synchronous=FULL", "synchronous=OFF") for p in opening._PRAGMAS]
    monkeypatch.setattr(opening, "_PRAGMAS", tuple(careless))
    home = tmp_path / "home"
    home.mkdir()
    _, wrong = faults(recorded(home, 8), home, tmp_path / "image", 40)
    assert [line for line in wrong if "were acknowledged" not in line]
