"""What goes down: one file for many devices, each taking in what is for it, whole or not at all."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fieldkit.errors import Problem, Refused
from fieldkit.store import dispatching
from fieldkit.work import (
    assigning,
    bundles,
    checklists,
    devices,
    dispatches,
    grants,
    inspecting,
    journaling,
    letters,
    merging,
    offices,
    pending,
    places,
    returning,
    sites,
    today,
)
from fieldkit.work.workspace import Workspace
from fieldkit_sync import dispatch, letter
from fieldkit_sync.errors import Refusal

from .conftest import Town


def _sent(town: Town, ws: Workspace, name: str) -> Path:
    path = bundles.create(ws, town.folder / name).path
    assert path is not None
    return path


def finished(ws: Workspace) -> str:
    """A building sweep that is finished."""
    ref = inspecting.start(ws, "building-sweep", "B3").inspection.id
    for item in inspecting.sheet(ws, ref).items:
        typed = {"external": "met:虚函1:2026-11-17", "text": "有", "check": "pass"}
        if item.type != "info":
            inspecting.answer(ws, ref, item.id, typed.get(item.type, "na"))
    inspecting.finish(ws, ref)
    return ref


@pytest.fixture
def desk(town: Town) -> tuple[Workspace, Workspace, Workspace]:
    """An office with two devices, the first of which has brought the register."""
    office = town.office("o")
    first, second = town.enrolled(office, "d1"), town.enrolled(office, "d2")
    merging.merge(office, [town.sent(first)])
    return office, first, second


def test_places_and_assignments_reach_the_devices(
    desk: tuple[Workspace, Workspace, Workspace], town: Town
) -> None:
    """A renamed building, a struck one, two assignments: each device gets what is for it."""
    office, first, second = desk
    places.put(
        office, places.told(office, sites.find(office, "B3")) | {"name": "三号楼"}, code="B3"
    )
    sites.remove(office, "D201", "demolished")
    assigning.put(office, "B3", "building-sweep", first.device.device, "2026-12-01")
    assigning.put(office, "E1", "wuzha-xiaoqu", "", "2026-12-01")
    both = [first.device.device, second.device.device]
    done = dispatches.write(office, both, town.folder / "down.age")
    assert (done.devices, done.assignments) == (2, 2)
    for ws in (first, second):
        got = letters.receive(ws, done.path)
        assert got.receipts == 1
        assert sites.find(ws, "B3").name == "三号楼"
        assert sites.find(ws, "D201").removed
        assert journaling.verify(ws)[1] == []
        again = letters.receive(ws, done.path)
        assert (again.sites, again.assignments, again.old) == (0, 0, 1)
    assert len(assigning.listing(first)) == 2
    assert today.today(first).assigned == 2


def test_a_device_is_not_told_what_is_for_another(
    desk: tuple[Workspace, Workspace, Workspace], town: Town
) -> None:
    """An assignment of the first device does not go to the second alone."""
    office, first, second = desk
    assigning.put(office, "B3", "building-sweep", first.device.device, "2026-12-01")
    done = dispatches.write(office, [second.device.device], town.folder / "down.age")
    assert done.assignments == 0
    with pytest.raises(Problem) as caught:
        letters.receive(first, done.path)
    assert caught.value.code == "wrong-office"


def test_what_came_down_is_not_sent_up(
    desk: tuple[Workspace, Workspace, Workspace], town: Town
) -> None:
    """A device's next bundle holds its own work alone; the office takes it in."""
    office, _first, second = desk
    before = pending.pending(second).events
    done = dispatches.write(office, [second.device.device], town.folder / "down.age")
    letters.receive(second, done.path)
    assert pending.pending(second).events <= before
    taken = merging.merge(office, [_sent(town, second, "up")])
    assert taken.rejected == []


def test_sent_back_corrected_and_brought_in(
    desk: tuple[Workspace, Workspace, Workspace], town: Town
) -> None:
    """The office's reason stands on the inspector's home until the record is finished anew."""
    office, first, _second = desk
    ref = finished(first)
    merging.merge(office, [_sent(town, first, "one")])
    with pytest.raises(Problem):
        returning.send_back(office, ref, " ")
    with pytest.raises(Problem):
        returning.send_back(office, ref, "问王先生 13800138000")
    returning.send_back(office, ref, "SL02 没有照片")
    done = dispatches.write(office, [first.device.device], town.folder / "down.age")
    assert done.returned == 1
    assert letters.receive(first, done.path).returned == 1
    assert today.today(first).returned == 1
    assert returning.reason_of(first, ref) == "SL02 没有照片"
    from fieldkit.work import amending

    amending.reopen(first, ref, "按退回意见更正")
    inspecting.answer(first, ref, "SL02", "fail", note="当日联系不上")
    inspecting.finish(first, ref)
    assert returning.listing(first) == []
    merging.merge(office, [_sent(town, first, "two")])
    assert returning.listing(office) == []
    told = amending.history(office, ref)
    assert any(entry.kind == "reopened" for entry in told)


def test_an_open_inspection_is_not_sent_back(
    desk: tuple[Workspace, Workspace, Workspace], town: Town
) -> None:
    """There is nothing to correct yet."""
    office, first, _second = desk
    ref = inspecting.start(first, "building-sweep", "B3").inspection.id
    merging.merge(office, [_sent(town, first, "one")])
    with pytest.raises(Refused):
        returning.send_back(office, ref, "漏项")


def test_one_part_of_the_register(desk: tuple[Workspace, Workspace, Workspace], town: Town) -> None:
    """A place, what is below it, and what it hangs on; not its neighbours."""
    office, _first, second = desk
    table = town.folder / "more.csv"
    table.write_text("kind,code,name,parent\nestate,E2,另一处,V1\nbuilding,B9,9栋,E2\n", "utf-8")
    sites.import_register(office, table)
    done = dispatches.write(office, [second.device.device], town.folder / "x.age", "E2")
    assert done.sites == 3
    letters.receive(second, done.path)
    assert sites.find(second, "B9").parent == sites.find(second, "E2").id


def test_forty_devices_one_file(town: Town) -> None:
    """More than a letter is sealed to: each still opens it, and a stranger does not."""
    office = town.office("o")
    some = [town.enrolled(office, f"d{n}") for n in range(18)]
    stranger = town.enrolled(town.office("x"), "stranger")
    done = dispatches.write(office, (), town.folder / "all.age", everybody=True)
    assert done.devices == 18
    assert dispatch.is_shared(done.path.read_bytes())
    for ws in (some[0], some[17]):
        assert letters.receive(ws, done.path).receipts == 1
    before = journaling.count(stranger)
    with pytest.raises(Problem) as caught:
        letters.receive(stranger, done.path)
    assert caught.value.code == "wrong-office"
    assert journaling.count(stranger) == before


@pytest.mark.parametrize("what", ["cut", "bit", "field-record", "stranger-office"])
def test_what_is_not_as_it_should_be_changes_nothing(
    desk: tuple[Workspace, Workspace, Workspace],
    town: Town,
    what: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Damage, a record of the field smuggled in, another office's word: refused whole."""
    office, first, second = desk
    path = town.folder / "down.age"
    if what == "field-record":
        lines = [e.line for e in first.store.events() if e.kind not in dispatching.SENT]
        finished(first)
        lines = [e.line for e in first.store.events() if e.kind == "answer.given"][:1]
        monkeypatch.setattr(dispatching, "campaigns", lambda _db: lines)
        dispatches.write(office, [second.device.device], path)
        monkeypatch.undo()
    elif what == "stranger-office":
        other = town.office("x")
        keys = offices.load(other)
        document = dispatch.write(keys.office, "0" * 16, [second.device.device], [], keys.sign)
        recipient = offices.find(office, second.device.device).recipient
        path.write_bytes(dispatch.seal([document], [recipient]))
    else:
        dispatches.write(office, [second.device.device], path)
        raw = bytearray(path.read_bytes())
        if what == "cut":
            del raw[len(raw) // 2 :]
        else:
            raw[-20] ^= 4
        path.write_bytes(bytes(raw))
    before = second.store.state_digest()
    with pytest.raises(Problem):
        letters.receive(second, path)
    assert second.store.state_digest() == before


def test_a_document_says_no_more_than_it_may(
    desk: tuple[Workspace, Workspace, Workspace],
) -> None:
    """Wrong counts, bombs, foreign fields and signatures of others are refused by name."""
    office, _first, _second = desk
    keys = offices.load(office)
    lines = dispatching.sites(office.store.db, None)
    good = letter.one(dispatch.write(keys.office, "0" * 16, ["d"], lines, keys.sign))
    assert len(dispatch.read(good, keys.ca_public_key).events) == len(lines)

    def changed(**fields: Any) -> letter.Document:
        return letter.one(letter.write({**good.doc, **fields}, keys.sign, "dispatch.v1@fieldkit"))

    for document in (
        changed(events=len(lines) + 1),
        changed(lines=["AAAA"]),
        changed(lines=[""]),
        changed(more=1),
        changed(v=2),
        changed(to="d"),
    ):
        with pytest.raises(Refusal):
            dispatch.read(document, keys.ca_public_key)
    altered = letter.one(good.line.replace(b'"d"', b'"e"') + good.armour)
    with pytest.raises(Refusal) as caught:
        dispatch.read(altered, keys.ca_public_key)
    assert caught.value.code == "signature"


def test_nobody_and_unknown_devices(desk: tuple[Workspace, Workspace, Workspace]) -> None:
    """Somebody has to be named; and must be enrolled."""
    office, _first, _second = desk
    for wanted in ((), ("nobody",)):
        with pytest.raises(Problem):
            dispatches.write(office, wanted, office.home / "x.age")


def test_published_checklists_go_along(
    desk: tuple[Workspace, Workspace, Workspace], town: Town
) -> None:
    """A list that an inspection used is in the office's journal, and reaches the others."""
    office, first, second = desk
    finished(first)
    merging.merge(office, [_sent(town, first, "one")])
    done = dispatches.write(office, [second.device.device], town.folder / "down.age")
    assert done.checklists >= 1
    assert letters.receive(second, done.path).checklists == done.checklists
    assert checklists is not None
    assert grants.current(second) is not None


@pytest.mark.parametrize("many", [False, True])
def test_stock_tools_open_it(
    desk: tuple[Workspace, Workspace, Workspace], town: Town, many: bool
) -> None:
    """age, unzip, gzip and ssh-keygen find the same events, signed by the office."""
    office, _first, second = desk
    more = [town.enrolled(office, f"m{n}") for n in range(17)] if many else []
    path = town.folder / "dispatch.age"
    wanted = [second.device.device, *(ws.device.device for ws in more)]
    done = dispatches.write(office, wanted, path)
    folder = town.folder / "stock"
    folder.mkdir()
    key = folder / "device.age"
    key.write_text(devices.age_identities(second)[0] + "\n", "utf-8")
    if many:
        _run(folder, f"unzip -q {path}")
        _run(
            folder,
            "for key in keys/*.age; do age -d -i device.age -o own.key $key && break; done",
        )
        _run(folder, "age -d -i own.key -o letter dispatch.letter.age")
    else:
        _run(folder, f"age -d -i device.age -o letter {path}")
    pieces = (folder / "letter").read_bytes().split(b"-----END SSH SIGNATURE-----\n")
    line, _end, armour = next(
        piece for piece in pieces if b'"type":"fieldkit-dispatch"' in piece
    ).partition(b"\n")
    (folder / "line").write_bytes(line + b"\n")
    (folder / "sig").write_bytes(armour + b"-----END SSH SIGNATURE-----\n")
    _run(folder, "ssh-keygen -Y check-novalidate -n dispatch.v1@fieldkit -s sig < line")
    (folder / "packed").write_text("".join(json.loads(line)["lines"]), "ascii")
    _run(folder, "base64 -d packed | gzip -dc > events.jsonl")
    assert len((folder / "events.jsonl").read_bytes().splitlines()) == done.events > 0


def _run(folder: Path, command: str) -> None:
    for tool in ("age", "unzip", "ssh-keygen", "gzip", "base64"):
        if shutil.which(tool) is None:
            pytest.skip(f"STOCK TOOL MISSING: {tool}, the dispatch was not opened with it")
    subprocess.run(command, shell=True, cwd=folder, check=True, capture_output=True, timeout=60)
