"""The outbox: sealed once, the same bytes again, gone when acknowledged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit.work import (
    bundles,
    grants,
    inspecting,
    letters,
    merging,
    parcels,
    pending,
    visiting,
)
from fieldkit_sync.errors import Refusal

Town = Any
Voice = Callable[[Any], Any]


def enrolled(town: Town) -> tuple[Any, Any]:
    """An office, and a device of it that has done some work."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    grants.receive(device, town.enrol(office, device))
    return office, device


def outbox(device: Any) -> list[Path]:
    """The sealed files that wait."""
    return sorted((device.home / "bundles").glob("*.age"))


def test_the_same_content_is_the_same_file(town: Town) -> None:
    """Sealing is random; so it is done once, and again only when there is something new."""
    _office, device = enrolled(town)
    first = bundles.create(device)
    assert bundles.create(device) == first
    assert outbox(device) == [first.path]
    visiting.log(device, "D102", "met")
    second = bundles.create(device)
    assert second.path != first.path
    assert second.events == first.events + 2
    assert bundles.create(device) == second


def test_a_copy_goes_where_it_is_wanted(town: Town) -> None:
    """``-o`` copies the waiting file there, once, under its own name, and leaves nothing else."""
    _office, device = enrolled(town)
    kept = bundles.create(device)
    stick = town.folder / "stick" / "deep"
    assert kept.path is not None
    copied = bundles.create(device, stick)
    assert copied.path == stick / kept.path.name
    assert copied.path.read_bytes() == kept.path.read_bytes()
    before = copied.path.stat()
    bundles.create(device, stick)
    assert copied.path.stat().st_mtime_ns == before.st_mtime_ns
    copied.path.write_bytes(b"a stick that lost a block")
    assert bundles.create(device, stick).path == copied.path
    assert copied.path.read_bytes() == kept.path.read_bytes()
    assert [path.name for path in stick.iterdir()] == [kept.path.name]


def test_a_stick_that_lies_is_found_out(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read back must be what was written; else the file there goes, ours stays."""
    from fieldkit.errors import Problem

    _office, device = enrolled(town)
    kept = bundles.create(device)

    def bad(*_args: object) -> Path:
        raise Refusal("write-back", "the medium gave back other bytes than were written")

    monkeypatch.setattr("fieldkit_sync.deliver.deliver", bad)
    with pytest.raises(Problem) as stop:
        bundles.create(device, town.folder / "stick")
    assert stop.value.code == "bundle-refused"
    assert bundles.create(device) == kept


def test_a_damaged_copy_is_made_anew(town: Town) -> None:
    """A waiting file that is no longer what its name says is not sent again."""
    office, device = enrolled(town)
    first = bundles.create(device)
    assert first.path is not None
    first.path.write_bytes(first.path.read_bytes()[:-1])
    second = bundles.create(device)
    assert second.path is not None
    assert second.path != first.path
    assert merging.merge(office, [second.path]).rejected == []


@pytest.mark.parametrize("note", [b"", b"{", b"[]", b'{"files": ["../x"]}', b'{"parts": 1}'])
def test_a_note_that_cannot_be_read_is_no_note(town: Town, voice: Voice, note: bytes) -> None:
    """Then the content is sealed once more; nothing outside the outbox is ever touched."""
    office, device = enrolled(town)
    first = bundles.create(device)
    assert first.path is not None
    (path,) = (device.home / "bundles").glob("*.json")
    path.write_bytes(note)
    second = bundles.create(device)
    assert second.path != first.path
    told = voice(office)
    merging.merge(office, outbox(device))
    letters.receive(device, told.letter(device, told.receipt(device)))
    assert outbox(device) == [first.path]


def test_a_note_cannot_point_elsewhere(town: Town, voice: Voice) -> None:
    """Whatever a note says, only files of the outbox are removed."""
    office, device = enrolled(town)
    made = bundles.create(device)
    assert made.path is not None
    victim = device.home / f"{'0' * 16}.fkb.zip.age"
    victim.write_bytes(b"not ours to remove")
    (path,) = (device.home / "bundles").glob("*.json")
    said = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(said | {"files": [f"../{victim.name}"]}), "utf-8")
    told = voice(office)
    merging.merge(office, [made.path])
    letters.receive(device, told.letter(device, told.receipt(device)))
    assert victim.exists()


def test_acknowledged_files_leave_the_outbox(town: Town, voice: Voice, chain_held: Any) -> None:
    """A bundle goes when all its events and files are acknowledged, not before."""
    office, device = enrolled(town)
    told = voice(office)
    proof = town.folder / "proof.txt"
    proof.write_text("板栏内容已更新", "utf-8")
    begun = inspecting.start(device, "wuzha-xiaoqu", "E1").inspection.id
    sheet = inspecting.answer(device, begun, "XQ04", "pass", evidence=[proof])
    (sha256,) = sheet.answers["XQ04"].evidence
    made = bundles.create(device)
    last = made.events
    steps: list[tuple[list[Any], list[str], bool]] = [
        ([], [], True),
        ([chain_held(device, [(1, last - 1)])], [], True),
        ([chain_held(device, [(1, 2), (4, last)])], [], True),
        ([chain_held(device, [(1, last)])], [sha256], True),
        ([chain_held(device, [(1, last)])], [], False),
    ]
    for chains, missing, stays in steps:
        raw = told.receipt(device, chains, missing=missing)
        letters.receive(device, told.letter(device, raw))
        assert bool(made.path in outbox(device)) == stays
    assert list((device.home / "bundles").iterdir()) == []


def test_much_work_goes_in_several_bundles(
    town: Town, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is merged by itself in any order; each leaves the outbox when it is acknowledged."""
    monkeypatch.setattr(parcels, "MOST_EVENTS", 5)
    office, device = enrolled(town)
    proof = town.folder / "proof.txt"
    proof.write_text("板栏内容已更新", "utf-8")
    begun = inspecting.start(device, "wuzha-xiaoqu", "E1").inspection.id
    inspecting.answer(device, begun, "XQ04", "pass", evidence=[proof])
    told = voice(office)
    made = bundles.create(device)
    count = len(list(device.store.lines()))
    assert (made.events, made.evidence, len(made.extra)) == (count, 1, (count + 4) // 5 - 1)
    assert bundles.create(device) == made
    late = made.extra[-1]
    assert merging.merge(office, [late]).rejected == []
    letters.receive(device, told.letter(device, told.receipt(device)))
    assert late not in outbox(device)
    assert made.path in outbox(device)
    assert merging.merge(office, outbox(device)).rejected == []
    assert office.store.state_digest() == device.store.state_digest()
    letters.receive(device, told.letter(device, told.receipt(device)))
    assert outbox(device) == []


def test_pieces_of_other_chains_end_with_seals(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office cuts the chain of a device where that device sealed it, and nowhere else."""
    upper, village = town.office("t"), town.office("v")
    device = town.worked("d", {"D101": "met"})
    grants.receive(village, town.enrol(upper, village))
    grants.receive(device, town.enrol(village, device))
    for door in ("D102", "D201", "D101"):
        made = bundles.create(device)
        assert made.path is not None
        merging.merge(village, [made.path])
        visiting.log(device, door, "absent")
    monkeypatch.setattr(parcels, "MOST_EVENTS", 9)
    found = parcels.parcels(village, pending.pending(village))
    assert [[(it.first, it.last) for it in one.parts] for one in found] == [[(1, 8)], [(9, 12)]]
    seals = [it.seq for it in device.store.events() if it.kind == "seal"]
    assert seals == [8, 10, 12]
