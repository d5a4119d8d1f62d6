"""A made-up fleet: real bundles of many devices, an office that can merge them, nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fieldkit.domain.outcomes import BY_CODE
from fieldkit.errors import Problem
from fieldkit.start import run
from fieldkit.text.privacy import leaks
from fieldkit.work import bundles, demo_fleet, demo_walks, grants, merging, offices, sites
from fieldkit.work.workspace import Workspace

NOW = "2026-11-22T10:00:00+08:00"


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One day for all, and a state folder and a temporary folder that can be looked into."""
    monkeypatch.setenv("FIELDKIT_NOW", NOW)
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


def sealed(out: Path) -> list[Path]:
    """The bundles of a fleet."""
    return sorted(out.rglob("*.fkb.zip.age"))


def merged(out: Path, order: Callable[[list[Path]], list[Path]] = list) -> list[tuple[Any, ...]]:
    """Every visit that the office holds after merging one bundle after another."""
    with Workspace.open(out / "office") as ws:
        for file in order(sealed(out)):
            done = merging.merge(ws, [file])
            assert (done.rejected, done.merged) == ([], 1)
        assert (done.gaps, done.forks) == ([], [])
        rows = [
            (event.hlc, event.entity, event.division, event.seq, event.body)
            for event in ws.store.events()
            if event.kind == "visit.logged"
        ]
    return sorted(rows, key=lambda row: (row[0], row[1]))


def test_the_command_writes_bundles_and_an_office_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As CLI.md has it; the office knows the doors and merges everything that there is."""
    out = tmp_path / "deep" / "out"
    words = ["demo", "fleet", str(out), "--devices", "4", "--visits", "700", "--json"]
    assert run(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["bundles"], told["events"]) == (4, 704)
    assert Path(told["office_home"]) == out / "office"
    assert {path.name for path in out.iterdir()} == {"office"} | {p.name for p in sealed(out)}
    assert len(sealed(out)) == 4
    assert not list(grants.mailbox().iterdir())
    assert not list((tmp_path / "temporary").iterdir())

    assert run(["--home", str(out / "office"), "office", "merge", str(out), "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["merged"], done["events_new"], done["rejected"]) == (4, 704, [])
    assert (done["gaps"], done["forks"], done["conflicts"]) == ([], [], 0)
    assert run(["--home", str(out / "office"), "coverage", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["doors"] == told["doors"]
    assert 0 < row["met"] < row["visited"] < row["doors"]
    assert 0 < row["delivery_rate"] < 1
    assert "演示" in row["name"]
    assert row["code"].startswith("99")


def test_every_bundle_is_sound_and_says_nothing_of_a_person(tmp_path: Path) -> None:
    """Signed, sealed and trusted; chains of visits closed by seals; stamps that rise by day."""
    demo_fleet.write_fleet(tmp_path / "out", 3, 400)
    with Workspace.open(tmp_path / "out" / "office") as ws:
        for file in sealed(tmp_path / "out"):
            checked = bundles.verify(ws, file)
            assert (checked.ok, checked.problems) == (True, [])
        merging.merge(ws, [tmp_path / "out"])
        assert ws.is_demo
        assert ws.store.verify() == []
        own = ws.device.device
        chains: dict[str, list[Any]] = defaultdict(list)
        for event in ws.store.events():
            chains[event.device].append(event)
        register = chains.pop(own)
        assert {event.kind for event in register} == {"site.put"}
        assert all(not leaks(event.body["name"]) for event in register)
        assert set(chains) == {record.device for record in offices.enrolled(ws)}
    for chain in chains.values():
        stamps = [event.hlc for event in chain]
        assert stamps == sorted(set(stamps))
        assert stamps[0] > register[-1].hlc
        assert [event.kind for event in chain[-2:]] == ["visit.logged", "seal"]
        days = [event.body["day"] for event in chain[:-1]]
        assert days == sorted(days)
        assert len(set(days)) > 1
        assert days[-1] < NOW[:10]
        for event in chain[:-1]:
            assert event.body["materials"] == BY_CODE[event.body["outcome"]].materials
            assert not leaks(event.body["note"])
            assert event.division.startswith("99")


def test_the_same_seed_walks_alike_in_any_order_and_in_any_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys differ, visits do not; parts of one chain may come in any order."""
    monkeypatch.setattr(demo_fleet, "PER_BUNDLE", 40)
    one = demo_fleet.write_fleet(tmp_path / "a", 2, 300, 7)
    assert (one.bundles, one.events) == (8, 308)
    monkeypatch.setattr(demo_fleet, "PER_BUNDLE", 5_000)
    demo_fleet.write_fleet(tmp_path / "b", 2, 300, 7, workers=2)
    demo_fleet.write_fleet(tmp_path / "c", 2, 300, 8)

    def mixed(files: list[Path]) -> list[Path]:
        return Random(3).sample(files, len(files))

    # Numbers in the chain differ, because it is closed more often.
    first = [row[:3] + row[4:] for row in merged(tmp_path / "a", mixed)]
    assert first == [row[:3] + row[4:] for row in merged(tmp_path / "b")]
    assert len(first) == 300
    assert first != [row[:3] + row[4:] for row in merged(tmp_path / "c")]
    with Workspace.open(tmp_path / "a" / "office") as ws:
        assert ws.store.verify() == []
        once = ws.store.state_digest()
        assert merging.merge(ws, [tmp_path / "a"]).already_known == 8
        assert ws.store.state_digest() == once


def test_devices_share_doors_and_work() -> None:
    """Stretches of neighbours; who was out is knocked at again, by another device."""
    walks = demo_walks.plan(200, 5, 1_203, 1)
    assert sum(len(walk.doors) for walk in walks) == 1_203
    assert all(len(walk.doors) == len(walk.outcomes) for walk in walks)
    sizes = [len(walk.doors) for walk in walks]
    assert max(sizes) - min(sizes) < 20
    steps = [b - a for walk in walks for a, b in zip(walk.doors, walk.doors[1:], strict=False)]
    assert sum(0 < step < 10 for step in steps) > 0.8 * len(steps)
    by_door: dict[int, set[int]] = defaultdict(set)
    for number, walk in enumerate(walks):
        for door in walk.doors:
            by_door[door].add(number)
    assert sum(len(who) > 1 for who in by_door.values()) > 0.7 * len(by_door)
    assert len(by_door) < 200


def test_one_door_is_walked_for_ever() -> None:
    """However few the doors, every visit is dealt out."""
    (walk,) = demo_walks.plan(1, 1, 500, 1)
    assert set(walk.doors) == {0}
    assert len(walk.outcomes) == 500


@pytest.mark.parametrize("doors", [1, 39, 5_000])
def test_the_town_is_whole(doors: int) -> None:
    """Exactly so many doors, each in a building in a grid in a village, each code once."""
    town = list(demo_walks.town(doors, 1))
    assert sum(site.kind == "door" for site in town) == doors
    assert len({site.code for site in town}) == len(town)
    known: set[str] = {""}
    for site in town:
        assert site.parent in known
        known.add(site.id)
        assert len(sites.partition(site)) in (12, 15)
    assert all("演示" in site.address for site in town)


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    """Neither a file beside, nor an earlier fleet, nor a file in the folder's place."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter.txt").write_text("mine", "utf-8")
    for place in (out, out / "letter.txt"):
        with pytest.raises(Problem) as stop:
            demo_fleet.write_fleet(place, 1, 10)
        assert stop.value.code == "folder-not-empty"
    assert [path.name for path in out.iterdir()] == ["letter.txt"]
    assert (out / "letter.txt").read_text("utf-8") == "mine"


@pytest.mark.parametrize(("devices", "visits"), [(0, 10), (1, 0), (10_001, 10), (1, 50_000_001)])
def test_numbers_out_of_range(tmp_path: Path, devices: int, visits: int) -> None:
    """One sentence, no folder."""
    with pytest.raises(Problem) as stop:
        demo_fleet.write_fleet(tmp_path / "out", devices, visits)
    assert stop.value.code == "out-of-range"
    assert not (tmp_path / "out").exists()


def test_more_devices_than_visits(tmp_path: Path) -> None:
    """A device that went nowhere has no bundle."""
    found = demo_fleet.write_fleet(tmp_path / "out", 5, 3)
    assert (found.bundles, found.events) == (3, 6)
    assert len(merged(tmp_path / "out")) == 3


@pytest.mark.parametrize("there", [False, True])
def test_what_stops_it_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    """A full disk is one sentence; nothing that was written stays."""
    out = tmp_path / "out"
    if there:
        out.mkdir()

    def full(number: int, total: int) -> None:
        assert sealed(out)
        (out / "0123456789abcdef.fkb.zip.age.part").touch()
        if number == 2:
            raise OSError(28, "No space left on device")

    with pytest.raises(Problem) as stop:
        demo_fleet.write_fleet(out, 3, 30, progress=full)
    assert "No space left" in stop.value.sentence()
    assert out.exists() is there
    assert not there or not list(out.iterdir())
    assert not list((tmp_path / "temporary").iterdir())


def test_an_interrupt_ends_all_processes_and_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group, as on a terminal: one sentence, code 130, no folder."""
    out = tmp_path / "out"
    code = (
        "import sys\nfrom fieldkit.work import demo_fleet\nimport fieldkit.cli.demo as cli\n"
        "demo_fleet._ALONE_VISITS = 0\n"
        "def stop(number, total):\n    print('ready', flush=True)\n    sys.stdin.read()\n"
        "cli._progress = lambda: stop\n"
        "from fieldkit.start import run\nsys.exit(run(sys.argv[1:]))"
    )
    words = ["demo", "fleet", str(out), "--devices", "30", "--visits", "900"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"ready"
    assert sealed(out)
    os.killpg(process.pid, signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert not out.exists()
    assert not list((tmp_path / "temporary").iterdir())


def test_the_town_for_one_home_works_as_ever(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``demo`` with its options and without a word after it; other words are refused."""
    home = str(tmp_path / "home")
    assert run(["--home", home, "demo", "--size", "small", "--no-tui", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {
        "sites", "doors", "inspections", "visits", "findings",
    }  # fmt: skip
    assert run(["--home", home, "demo", "fleets"]) == 2
    assert run(["demo", "fleet"]) == 2
    assert "OUT" in capsys.readouterr().err
