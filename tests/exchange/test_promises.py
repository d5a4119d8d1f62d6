"""What a home may conclude from a receipt: never more than the office holds, and all it shares.

Chains branch (copies of a home wrote on), and both sides hold any part of them.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldkit.store import outgoing
from fieldkit.store import receipts_given as book
from fieldkit.store.outgoing import Chain
from fieldkit.store.store import Store
from fieldkit.work.promises import Promise
from fieldkit_sync.event import GENESIS, Event, make
from fieldkit_sync.receipt import ChainHeld, Receipt

DEVICE, EPOCH = "d" * 32, "0" * 15 + "1"
PARENTS = st.lists(st.integers(1, 3), min_size=1, max_size=12)
SUBSET = st.integers(0, 2**12 - 1)


def tree(parents: list[int]) -> list[Event]:
    """Events of one chain; each follows the one before it or, as in a copy, an earlier one."""
    its: list[Event] = []
    for number, back in enumerate(parents):
        before = its[-back] if len(its) >= back else None
        its.append(
            make(
                device=DEVICE,
                epoch=EPOCH,
                seq=before.seq + 1 if before else 1,
                prev=before.hash if before else GENESIS,
                hlc=f"{number + 1:016x}",
                kind="from.the_future",
                entity="0" * 32,
                division="",
                body={},
                salt=f"{number:032x}",
            )
        )
    return its


def receipt(store: Store) -> Receipt:
    """What an office with this journal says."""
    forks = book.forks(store.db, DEVICE)
    chains = []
    for (device, epoch), runs in book.runs(store.db, DEVICE).items():
        pieces = book.pieces(store.db, device, epoch, runs, forked=bool(forks))
        head = book.head(store.db, device, epoch, runs[-1][1])
        chains.append(ChainHeld(device, epoch, tuple(runs), (), head, tuple(pieces)))
    return Receipt("o" * 32, "e" * 16, 1, "0" * 64, "0" * 16, DEVICE, 1, tuple(chains), (),
                   tuple(forks))  # fmt: skip


def store_of(folder: Path, events: list[Event]) -> Store:
    folder.mkdir()
    store = Store(folder, "f" * 32, lambda: 1_790_000_000_000)
    store.ingest(events)
    return store


def concluded(store: Store, said: Receipt) -> set[str]:
    """The hashes that a home with this journal takes for received."""
    promise = Promise(store.db, said)
    its = outgoing.links(store.db, DEVICE, EPOCH)
    by_links = {it.hash for it in its} - promise.lacks(its, DEVICE, EPOCH)
    runs = promise.received(DEVICE, EPOCH)
    forked = outgoing.first_fork(store.db, DEVICE, EPOCH)
    by_runs = {it.hash for it in its if any(first <= it.seq <= last for first, last in runs)}
    assert by_runs == {it.hash for it in its if it.hash in by_links and it.seq < (forked or 2**62)}
    return by_links


def picked(events: list[Event], bits: int) -> list[Event]:
    return [it for number, it in enumerate(events) if bits >> number & 1]


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(parents=PARENTS, office=SUBSET, home=SUBSET)
def test_a_home_concludes_no_more_than_is_true(parents: list[int], office: int, home: int) -> None:
    """Whatever is missing on either side, and wherever the chain branches."""
    events = tree(parents)
    with tempfile.TemporaryDirectory() as folder:
        there = store_of(Path(folder, "office"), picked(events, office))
        here = store_of(Path(folder, "home"), picked(events, home))
        both = {it.hash for it in picked(events, office & home)}
        assert concluded(here, receipt(there)) <= both
        # A chain that reaches the tips of what the office holds learns of all that they share.
        assert concluded(there, receipt(there)) == {it.hash for it in picked(events, office)}
        there.close()
        here.close()


def test_a_hash_does_not_vouch_across_a_gap(tmp_path: Path) -> None:
    """The office holds 1 and 2 of a copy's branch and 4 of ours: that says nothing of our 2."""
    root, ours, theirs = tree([1, 1, 2])
    third, fourth = (follow(ours, 3), follow(follow(ours, 3), 4))
    office = store_of(tmp_path / "office", [root, theirs, fourth])
    home = store_of(tmp_path / "home", [root, ours, third, fourth])
    assert concluded(home, receipt(office)) == {fourth.hash}
    plain = receipt(office)
    # A receipt that names one hash only, as before pieces were told.
    old = Receipt("o" * 32, "e" * 16, 1, "0" * 64, "0" * 16, DEVICE, 1,
                  tuple(ChainHeld(it.device, it.epoch, it.received, (), it.head)
                        for it in plain.chains))  # fmt: skip
    assert concluded(home, old) == {fourth.hash}
    assert Chain(DEVICE, EPOCH, ((1, 4),), False) in outgoing.chains(home.db, DEVICE)


def follow(event: Event, number: int) -> Event:
    return make(
        device=DEVICE, epoch=EPOCH, seq=event.seq + 1, prev=event.hash, hlc=f"{number:016x}",
        kind="from.the_future", entity="0" * 32, division="", body={}, salt=f"{number + 50:032x}",
    )  # fmt: skip


def test_a_branch_without_its_root_is_no_fault(tmp_path: Path) -> None:
    """An event that follows another one than is here: a fork, of which one side is on its way."""
    root, ours, theirs = tree([1, 1, 2])
    after = follow(theirs, 5)
    office = store_of(tmp_path / "office", [root, ours, after])
    assert office.verify() == []
    assert book.forks(office.db, DEVICE) == [(DEVICE, EPOCH, 2)]
