"""Freeing space: evidence goes when the office holds it durably, and never before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.work import bundles, grants, inspecting, journaling, letters, purging

Town = Any
Voice = Callable[[Any], Any]

FILES = 5


def inspected(town: Town) -> tuple[Any, Any, list[str]]:
    """A device that added five files to an inspection, each with an answer of its own."""
    office, device = town.office("o"), town.home("d")
    if grants.current(device) is not None:
        return office, device, device.files
    town.worked("d", {})
    grants.receive(device, town.enrol(office, device))
    begun = inspecting.start(device, "wuzha-xiaoqu", "E1").inspection.id
    digests: list[str] = []
    for number in range(FILES):
        proof = town.folder / f"proof{number}.txt"
        proof.write_text(f"第{number}份板栏内容已更新", "utf-8")
        sheet = inspecting.answer(device, begun, "XQ04", "pass", evidence=[proof])
        digests += [it for it in sheet.answers["XQ04"].evidence if it not in digests]
    bundles.create(device)
    device.files = digests
    device.proofs = town.folder
    return office, device, digests


def announced(device: Any) -> dict[str, set[int]]:
    """The numbers of the events that announce each file."""
    found: dict[str, set[int]] = {}
    for event in device.store.events():
        if event.kind == "evidence.added":
            found.setdefault(event.body["sha256"], set()).add(event.seq)
    return found


def runs(numbers: set[int]) -> list[tuple[int, int]]:
    """Numbers as runs."""
    found: list[tuple[int, int]] = []
    for seq in sorted(numbers):
        if found and found[-1][1] == seq - 1:
            found[-1] = (found[-1][0], seq)
        else:
            found.append((seq, seq))
    return found


_SEQS = st.sets(st.integers(1, 23), min_size=1)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(received=_SEQS, durable=_SEQS, missing=st.sets(st.integers(0, FILES - 1)))
def test_nothing_goes_before_durable(
    town: Town,
    voice: Voice,
    chain_held: Any,
    received: set[int],
    durable: set[int],
    missing: set[int],
) -> None:
    """Whatever a receipt says, exactly the files go whose every announcement is durable."""
    office, device, digests = inspected(town)
    for number in range(FILES):
        device.evidence.add(device.proofs / f"proof{number}.txt")
    device.told = getattr(device, "told", None) or voice(office)
    told = device.told
    count = len(list(device.store.lines()))
    received = {seq for seq in received if seq <= count} or {1}
    durable &= received
    lacking = {digests[number] for number in missing}
    chains = [chain_held(device, runs(received), runs(durable))]
    raw = told.receipt(device, chains, missing=sorted(lacking))
    letters.receive(device, told.letter(device, raw))
    free = {it for it, seqs in announced(device).items() if seqs <= durable} - lacking
    before = set(device.evidence.digests())
    assert before == set(digests)
    told_so = purging.purge(device, dry_run=True)
    assert set(device.evidence.digests()) == before
    gone = purging.purge(device)
    assert gone == told_so
    assert before - set(device.evidence.digests()) == free
    assert gone.files >= len(free)
    assert journaling.count(device) == count
    assert journaling.verify(device)[1] == []


def test_without_a_receipt_nothing_goes(town: Town) -> None:
    """Sealed copies and evidence stay; so does a file that no event announces."""
    _office, device, _digests = inspected(town)
    gone = purging.purge(device)
    assert (gone.files, gone.bytes, gone.kept) == (0, 0, FILES + 1)
    assert bundles.create(device).missing == 0


def test_a_file_nobody_announced_stays(town: Town, voice: Voice, chain_held: Any) -> None:
    """Its event may be about to be written."""
    office, device, digests = inspected(town)
    told = voice(office)
    other = town.folder / "other.txt"
    other.write_text("还没有写进记录", "utf-8")
    kept = device.evidence.add(other).sha256
    count = len(list(device.store.lines()))
    whole = [chain_held(device, [(1, count)], [(1, count)])]
    letters.receive(device, told.letter(device, told.receipt(device, whole)))
    gone = purging.purge(device)
    assert gone.files == len(digests)
    assert list(device.evidence.digests()) == [kept]


def test_a_fork_is_never_durable(town: Town, voice: Voice, chain_held: Any) -> None:
    """Of a number that was used twice nobody can say which event was copied away."""
    office, device, digests = inspected(town)
    told = voice(office)
    count = len(list(device.store.lines()))
    whole = [chain_held(device, [(1, count)], [(1, count)])]
    epoch, split = whole[0].epoch, max(seq for seqs in announced(device).values() for seq in seqs)
    raw = told.receipt(device, whole, forks=[(device.device.device, epoch, split)])
    letters.receive(device, told.letter(device, raw))
    purging.purge(device)
    (left,) = device.evidence.digests()
    assert left in digests
    assert split in announced(device)[left]


def test_of_another_branch_nothing_is_durable(town: Town, voice: Voice) -> None:
    """The office's numbers mean other events than ours: then nothing of ours is safe there."""
    from fieldkit_sync.receipt import ChainHeld

    office, device, _digests = inspected(town)
    told = voice(office)
    *_rest, last = device.store.events()
    run = ((1, last.seq),)
    strange = ChainHeld(last.device, last.epoch, run, run, "f" * 64)
    letters.receive(device, told.letter(device, told.receipt(device, [strange])))
    assert purging.purge(device).files == 0
