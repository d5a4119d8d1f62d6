"""What is sent: exactly what the office has not acknowledged, until it has."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.work import bundles, grants, letters, merging, offices, pending, visiting
from fieldkit.work.workspace import Workspace
from fieldkit_sync.event import parse

Town = Any
Voice = Callable[[Any], Any]


def enrolled(town: Town, visits: dict[str, str] | None = None) -> tuple[Any, Any]:
    """An office, and a device of it that has done some work."""
    office, device = town.office("o"), town.worked("d", visits or {"D101": "met"})
    grants.receive(device, town.enrol(office, device))
    return office, device


def sent(office: Any, device: Any) -> Any:
    """Make what is pending and merge it."""
    made = bundles.create(device)
    assert made.path is not None
    done = merging.merge(office, [made.path, *made.extra])
    assert done.rejected == []
    return made


def numbers(device: Any) -> list[int]:
    """The pending numbers of the device's own chains, in order."""
    parts = pending.pending(device).parts
    return [seq for part in parts for seq in range(part.first, part.last + 1)]


_RUNS = st.lists(st.integers(1, 13), min_size=1, unique=True).map(sorted)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(held=_RUNS)
def test_pending_is_the_rest(
    town: Town, voice: Voice, chain_held: Any, opened_lines: Any, held: list[int]
) -> None:
    """Whatever runs a receipt names, the rest is pending, and the bundle holds just that."""
    office, device = town.office("o"), town.home("d")
    if grants.current(device) is None:
        town.worked("d", dict.fromkeys(("D101", "D102", "D201"), "absent") | {"D101": "met"})
        for _n in range(3):
            visiting.log(device, "D201", "absent")
        grants.receive(device, town.enrol(office, device))
        bundles.create(device)
        device.told = voice(office)
    count = len(list(device.store.lines()))
    assert count == 13
    runs: list[tuple[int, int]] = []
    for seq in held:
        if runs and runs[-1][1] == seq - 1:
            runs[-1] = (runs[-1][0], seq)
        else:
            runs.append((seq, seq))
    told = device.told
    letters.receive(device, told.letter(device, told.receipt(device, [chain_held(device, runs)])))
    rest = [seq for seq in range(1, count + 1) if seq not in held]
    assert numbers(device) == rest
    made = bundles.create(device)
    assert made.events == len(rest)
    assert (made.path is None) == (not rest)
    if made.path is not None:
        assert [parse(line).seq for line in opened_lines(office, made.path)] == rest
    assert len(list(device.store.lines())) == count


def test_the_queue_drains(town: Town, voice: Voice) -> None:
    """After the receipt nothing is pending; after more work only that, and it fits."""
    office, device = enrolled(town)
    told = voice(office)
    assert sent(office, device).events == 8
    assert bundles.create(device).events == 8
    letters.receive(device, told.letter(device, told.receipt(device)))
    assert bundles.create(device) == bundles.Created(None)
    visiting.log(device, "D102", "absent")
    assert numbers(device) == [9]
    assert sent(office, device).events == 2
    assert offices.status(office)[0].gaps == ()
    letters.receive(device, told.letter(device, told.receipt(device)))
    assert bundles.create(device).path is None
    assert office.store.state_digest() == device.store.state_digest()


def test_a_lost_bundle_is_asked_for(town: Town, voice: Voice, chain_held: Any) -> None:
    """A gap in a receipt is pending; sending it makes the chain whole."""
    office, device = enrolled(town)
    told = voice(office)
    sent(office, device)
    letters.receive(
        device, told.letter(device, told.receipt(device, [chain_held(device, [(1, 2), (6, 8)])]))
    )
    assert numbers(device) == [3, 4, 5]
    assert sent(office, device).events == 3


def test_an_old_receipt_is_ignored(town: Town, voice: Voice) -> None:
    """A receipt that comes late says nothing; the same one again is no news either."""
    office, device = enrolled(town)
    told = voice(office)
    early = told.letter(device, told.receipt(device, []))
    sent(office, device)
    late = told.letter(device, told.receipt(device))
    assert letters.receive(device, late).receipts == 1
    done = letters.receive(device, early)
    assert (done.receipts, done.old) == (0, 1)
    assert letters.receive(device, late).old == 1
    assert numbers(device) == []


def test_a_restored_office_gets_everything_again(town: Town, voice: Voice) -> None:
    """A new office epoch takes back what the old one had promised (CHT #8093)."""
    office, device = enrolled(town)
    told = voice(office)
    office.close()
    backup = town.folder / "backup"
    shutil.copytree(office.home, backup)
    del town.open["o"]
    office = town.home("o")
    told.office = office
    sent(office, device)
    letters.receive(device, told.letter(device, told.receipt(device, durable=True)))
    visiting.log(device, "D102", "absent")
    sent(office, device)
    letters.receive(device, told.letter(device, told.receipt(device, durable=True)))
    assert numbers(device) == []
    restored = town.open["restored"] = Workspace.open(backup)
    told.office, told.epoch, told.number = restored, f"{2:012x}0002", 0
    assert letters.receive(device, told.letter(device, told.receipt(device))).receipts == 1
    assert numbers(device) == list(range(1, 11))
    sent(restored, device)
    letters.receive(device, told.letter(device, told.receipt(device)))
    assert numbers(device) == []
    assert restored.store.state_digest() == device.store.state_digest()


def rewind(town: Town, name: str, work: Callable[[Any], None]) -> Any:
    """Do some work in a home, then put it and all that lies beside it back to before."""
    device = town.open.pop(name)
    home, state = device.home, town.folder / "state"
    device.close()
    shutil.copytree(home, town.folder / "image")
    shutil.copytree(state, town.folder / "image-state")
    work(town.home(name))
    town.open.pop(name).close()
    shutil.rmtree(home)
    shutil.rmtree(state)
    shutil.copytree(town.folder / "image", home)
    shutil.copytree(town.folder / "image-state", state)
    return town.home(name)


def test_a_rewound_laptop_opens_a_new_epoch(town: Town, voice: Voice) -> None:
    """A disk image comes back: the office knows more, no number is used twice after that.

    What was written between the restoration and the receipt used numbers again; it arrives all
    the same, and the queue drains (Turso #8129).
    """
    office, device = enrolled(town)
    told = voice(office)
    sent(office, device)
    letters.receive(device, told.letter(device, told.receipt(device)))

    def lost(ws: Any) -> None:
        visiting.log(ws, "D102", "met")
        visiting.log(ws, "D201", "met")
        sent(office, ws)

    device = rewind(town, "d", lost)
    visiting.log(device, "D102", "refused")
    done = letters.receive(device, told.letter(device, told.receipt(device)))
    assert (done.receipts, done.new_epoch) == (1, True)
    visiting.log(device, "D101", "callback")
    epochs = {event.epoch for event in device.store.events(device=device.device.device)}
    assert len(epochs) == 2
    sent(office, device)
    done = letters.receive(device, told.letter(device, told.receipt(device)))
    assert (done.receipts, done.new_epoch) == (1, False)
    assert numbers(device) == []
    outcomes = {row[0] for row in office.store.db.execute("SELECT outcome FROM visit")}
    assert outcomes == {"met", "refused", "callback"}
    visiting.log(device, "D101", "met")
    sent(office, device)
    assert offices.status(office)[0].gaps == ()


def test_a_rewound_laptop_without_new_work(town: Town, voice: Voice) -> None:
    """Nothing was written since the image: the next event begins the new epoch."""
    office, device = enrolled(town)
    told = voice(office)

    def lost(ws: Any) -> None:
        visiting.log(ws, "D102", "met")
        sent(office, ws)

    device = rewind(town, "d", lost)
    before = {event.epoch for event in device.store.events()}
    assert letters.receive(device, told.letter(device, told.receipt(device))).new_epoch
    visiting.log(device, "D102", "absent")
    *_rest, last = device.store.events()
    assert last.epoch not in before
    sent(office, device)
    letters.receive(device, told.letter(device, told.receipt(device)))
    assert numbers(device) == []
    assert offices.status(office)[0].forks == ()


def test_an_epoch_nobody_remembers_is_told_once(town: Town, voice: Voice) -> None:
    """An epoch that a lost copy opened makes one new epoch here, not one at each receipt."""
    office, device = enrolled(town)
    told = voice(office)

    def lost(ws: Any) -> None:
        ws.store.reopen_epoch("test")
        visiting.log(ws, "D102", "met")
        sent(office, ws)

    device = rewind(town, "d", lost)
    assert letters.receive(device, told.letter(device, told.receipt(device))).new_epoch
    visiting.log(device, "D102", "absent")
    sent(office, device)
    again = letters.receive(device, told.letter(device, told.receipt(device)))
    assert (again.receipts, again.new_epoch) == (1, False)
    assert numbers(device) == []


def test_evidence_is_sent_when_asked_for(town: Town, voice: Voice) -> None:
    """A file that the office lacks travels without any event, and only such a file."""
    office, device = enrolled(town)
    told = voice(office)
    proof = town.folder / "proof.txt"
    proof.write_text("板栏内容已更新", "utf-8")
    from fieldkit.work import inspecting

    begun = inspecting.start(device, "wuzha-xiaoqu", "E1").inspection.id
    sheet = inspecting.answer(device, begun, "XQ04", "pass", evidence=[proof])
    (sha256,) = sheet.answers["XQ04"].evidence
    assert sent(office, device).evidence == 1
    letters.receive(device, told.letter(device, told.receipt(device)))
    assert bundles.create(device).path is None
    office.evidence.drop(sha256)
    asked = told.receipt(device, missing=[sha256, "0" * 64])
    letters.receive(device, told.letter(device, asked))
    made = bundles.create(device)
    assert made.path is not None
    assert (made.events, made.evidence, made.missing) == (0, 1, 0)
    assert merging.merge(office, [made.path]).evidence_new == 1


def test_another_recipient_gets_everything(town: Town, voice: Voice) -> None:
    """What one office acknowledged says nothing of somebody else."""
    office, device = enrolled(town)
    told = voice(office)
    sent(office, device)
    letters.receive(device, told.letter(device, told.receipt(device)))
    other = town.office("p")
    assert bundles.create(device, to=offices.load(other).recipient).events == 8
    grants.receive(device, town.enrol(other, device))
    assert numbers(device) == list(range(1, 9))


def test_foreign_chains_end_with_a_seal(town: Town) -> None:
    """An office passes up what the devices' own seals close; an open tail waits for its seal."""
    town_office, village = town.office("t"), town.office("v")
    device = town.worked("d", {"D101": "met"})
    grants.receive(village, town.enrol(town_office, village))
    grants.receive(device, town.enrol(village, device))
    sent(village, device)
    (part,) = pending.pending(village).parts
    assert (part.device, part.first, part.last) == (device.device.device, 1, 8)
    visiting.log(device, "D102", "met")
    *_rest, last = device.store.events()
    village.store.ingest([last])
    (part,) = pending.pending(village).parts
    assert part.last == 8
    sent(village, device)
    (part,) = pending.pending(village).parts
    assert part.last == 10


def test_an_office_hands_up_and_the_queue_drains(town: Town, voice: Voice) -> None:
    """Two levels up a device's own seal is still what is believed; receipts drain each level."""
    county, upper, village = town.office("c"), town.office("t"), town.office("v")
    device = town.worked("d", {"D101": "met"})
    for above, below in ((county, upper), (upper, village), (village, device)):
        grants.receive(below, town.enrol(above, below))
    told = voice(upper)
    for door in ("D102", "D201"):
        visiting.log(device, door, "absent")
        sent(village, device)
        made = sent(upper, village)
        assert made.events > 0
        sent(county, upper)
    assert county.store.state_digest() == device.store.state_digest()
    letters.receive(village, told.letter(village, told.receipt(village)))
    assert bundles.create(village) == bundles.Created(None)
    assert offices.status(county)[0].forks == ()


def test_an_office_above_that_does_not_know(town: Town, voice: Voice) -> None:
    """It enrolled the device, not the office in it: then only its own events go up."""
    from fieldkit_sync.policy import Member

    upper, village = town.office("t"), town.home("v")
    grants.receive(village, town.enrol(upper, village))
    town.office("v")
    device = town.worked("d", {"D101": "met"})
    grants.receive(device, town.enrol(village, device))
    sent(village, device)
    told = voice(upper)
    letters.receive(village, told.letter(village, told.policy(1)))
    assert bundles.create(village) == bundles.Created(None)
    own = offices.load(village).ca_public_key
    member = Member(village.device.device, village.device.public_key, own)
    letters.receive(village, told.letter(village, told.policy(2, devices=(member,))))
    assert bundles.create(village).events == 8


def test_both_branches_of_a_fork_go_up(town: Town, voice: Voice) -> None:
    """A village holds two events of one number; the town above gets both, and says so."""
    upper, village = town.office("t"), town.office("o")
    grants.receive(village, town.enrol(upper, village))
    device = town.worked("d", {"D101": "met"})
    grants.receive(device, town.enrol(village, device))
    sent(village, device)

    def lost(ws: Any) -> None:
        visiting.log(ws, "D102", "met")
        visiting.log(ws, "D201", "met")
        sent(village, ws)

    device = rewind(town, "d", lost)
    visiting.log(device, "D102", "refused")
    sent(village, device)
    assert offices.status(village)[0].forks == (9, 10)
    sent(upper, village)
    assert upper.store.state_digest() == village.store.state_digest()
    told = voice(upper)
    letters.receive(village, told.letter(village, told.receipt(village)))
    assert pending.pending(village).parts == ()


def test_a_branch_that_was_sealed_drains_too(town: Town, voice: Voice) -> None:
    """The restored laptop exported before it heard that it is one: its branch ends with a seal."""
    office, device = enrolled(town)
    told = voice(office)

    def lost(ws: Any) -> None:
        visiting.log(ws, "D102", "met")
        visiting.log(ws, "D201", "met")
        sent(office, ws)

    device = rewind(town, "d", lost)
    visiting.log(device, "D102", "refused")
    bundles.create(device)
    assert letters.receive(device, told.letter(device, told.receipt(device))).new_epoch
    sent(office, device)
    letters.receive(device, told.letter(device, told.receipt(device)))
    assert numbers(device) == []
    assert bundles.create(device) == bundles.Created(None)
    outcomes = {row[0] for row in office.store.db.execute("SELECT outcome FROM visit")}
    assert outcomes == {"met", "refused"}
