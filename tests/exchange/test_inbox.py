"""An inbox as a clerk finds it: looked at, merged, and four things explained."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fieldkit.errors import Problem
from fieldkit.store import ledger
from fieldkit.work import bundles, explaining, grants, inbox, merging, unmerging, visiting
from fieldkit.work.workspace import Workspace

from .conftest import Town

OUTCOMES = ("met", "left", "absent", "handed", "away")


def filled(town: Town, office: Workspace) -> Path:
    """Fifty files: 46 good ones, one cut short, a stranger's, a replay, a restored device's."""
    folder = town.folder / "inbox"
    folder.mkdir()
    doors = ("D101", "D102", "D201")
    serial = 0

    def put(path: Path, name: str = "") -> Path:
        nonlocal serial
        serial += 1
        return Path(shutil.copyfile(path, folder / (name or f"{serial:02}.fkb.zip.age")))

    devices = [town.enrolled(office, f"d{n}", **{doors[n % 3]: "met"}) for n in range(9)]
    for turn in range(5):
        for number, device in enumerate(devices):
            visiting.log(device, doors[(number + turn) % 3], OUTCOMES[turn])
            put(town.sent(device))
    replay = next(folder.iterdir())
    cut = town.enrolled(office, "cut", D101="left")
    whole = town.sent(cut).read_bytes()
    (folder / "cut.fkb.zip.age").write_bytes(whole[: len(whole) // 2])
    stranger = town.worked("stranger", {"D102": "met"})
    grants.receive(stranger, town.enrol(town.office("elsewhere"), stranger))
    offices_key = office
    put(_sealed_to(town, stranger, offices_key), "stranger.fkb.zip.age")
    shutil.copyfile(replay, folder / "replay.fkb.zip.age")
    restored = town.enrolled(office, "restored", D101="absent")
    image = town.folder / "image"
    shutil.copytree(restored.home, image)
    visiting.log(restored, "D102", "met")
    put(town.sent(restored), "before.fkb.zip.age")
    restored.close()
    shutil.rmtree(restored.home)
    shutil.copytree(image, restored.home)
    again = town.open["restored"] = Workspace.open(restored.home)
    visiting.log(again, "D201", "left")
    put(town.sent(again), "restored.fkb.zip.age")
    assert len(list(folder.iterdir())) == 50
    return folder


def _sealed_to(town: Town, stranger: Workspace, office: Workspace) -> Path:
    """A whole, signed bundle for this office by a device that it never enrolled."""
    grant = town.enrol(office, stranger)
    grants.receive(stranger, grant)
    path = town.sent(stranger)
    (office.home / "office" / "devices" / f"{stranger.device.device}.json").unlink()
    return path


def test_a_clerks_morning(town: Town) -> None:
    """The look says what the merge then does; the merge is clean; four things are explained."""
    office = town.office("o")
    folder = filled(town, office)
    seen = inbox.look(office, [folder])
    assert ledger.count(office.store.db) == 0
    states = {one.file.name: one.state for one in seen}
    refused = {one.file.name: one.code for one in seen if one.state == "refused"}
    assert refused == {"cut.fkb.zip.age": "truncated", "stranger.fkb.zip.age": "unknown-signer"}
    assert all(one.mend for one in seen if one.state != "new")
    assert sum(state == "new" for state in states.values()) == 48
    done = merging.merge(office, [folder])
    assert (done.bundles, len(done.rejected)) == (50, 2)
    assert {one.file.name: one.code for one in done.rejected} == refused
    assert all(one.kept is not None for one in done.rejected)
    notices = {one.kind: one for one in explaining.notices(office, done)}
    assert set(notices) == {"truncated", "unknown-signer", "known", notices_of_a_restore(notices)}
    assert all(one.sentence and one.mend for one in notices.values())
    after = inbox.look(office, [folder])
    assert {one.state for one in after} == {"known", "refused"}
    unmerging.undo(office, done.merge)
    merging.merge(office, [folder])
    assert ledger.count(office.store.db) > 100


def notices_of_a_restore(notices: dict[str, explaining.Notice]) -> str:
    """A restored backup shows as a fork, or as another run of numbers, by what was restored."""
    (kind,) = {"fork", "restored"} & set(notices)
    assert notices[kind].about
    return kind


def test_a_look_leaves_no_trace(town: Town) -> None:
    """Neither events nor evidence nor set-aside copies nor folders."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    path = town.sent(device)
    before = sorted(str(it) for it in office.home.rglob("*") if not it.name.startswith("journal"))
    (look,) = inbox.look(office, [path])
    assert (look.state, look.fresh, look.events, look.name) == (
        "new",
        look.events,
        look.events,
        device.device.name or look.name,
    )
    after = sorted(str(it) for it in office.home.rglob("*") if not it.name.startswith("journal"))
    assert before == after
    assert ledger.count(office.store.db) == 0


def test_what_is_partly_new_says_how_much(town: Town) -> None:
    """A later bundle that repeats nothing, and a copy of one that was merged under another name."""
    office = town.office("o")
    device = town.enrolled(office, "d", D101="met")
    first = town.sent(device)
    merging.merge(office, [first])
    visiting.log(device, "D102", "met")
    second = bundles.create(device, town.folder / "second").path
    assert second is not None
    looked = {one.file: one for one in inbox.look(office, [first, second])}
    assert looked[first].state == "known"
    assert (looked[second].state, looked[second].fresh <= looked[second].events) == ("new", True)


def test_stopping_keeps_what_was_taken_in(town: Town) -> None:
    """Half of the files, then enough: what is in is in, the rest lies where it lay."""
    office = town.office("o")
    paths = [town.sent(town.enrolled(office, f"d{n}", D101="met")) for n in range(4)]

    def enough(number: int, _total: int, _path: Path) -> None:
        if number == 3:
            raise merging.Stopped

    done = merging.merge(office, paths, enough, group_events=1)
    assert done.stopped
    assert (done.merged, done.rejected) == (2, [])
    rest = merging.merge(office, paths)
    assert (rest.stopped, rest.merged, rest.already_known) == (False, 2, 2)


def test_every_refusal_has_a_mend() -> None:
    """Whatever the code, something can be done."""
    for code in ("truncated", "unknown-signer", "zip-bomb", "no-such-code"):
        assert explaining.mend(code)


def test_no_office_no_inbox(town: Town) -> None:
    """A device has none."""
    with pytest.raises(Problem):
        inbox.look(town.home("d"), [])
