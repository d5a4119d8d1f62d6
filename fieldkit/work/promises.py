"""What a receipt promises of the very events that are held here.

A receipt speaks of numbers, and a number may have been used twice: by a copy of this home, or by
one that came back from a backup. So it counts for what is held here only as far as the very event
that it names as the last one of a piece is held here too, for then all before it in that piece are
the same (each names the hash of the one before).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fieldkit.store import outgoing
from fieldkit.store.outgoing import Link, Numbers

if TYPE_CHECKING:
    from fieldkit.store.open import Database
    from fieldkit_sync.receipt import Piece, Receipt


class Promise:
    """What a receipt promises of the very events held here; of nothing if there is none."""

    def __init__(self, db: Database, receipt: Receipt | None) -> None:
        self._db = db
        self._chains = {(it.device, it.epoch): it for it in receipt.chains} if receipt else {}
        self._forks: dict[tuple[str, str], int] = {}
        for device, epoch, seq in receipt.forks if receipt else ():
            low = self._forks.get((device, epoch), seq)
            self._forks[device, epoch] = min(low, seq)

    def received(self, device: str, epoch: str) -> list[Numbers]:
        """The numbers of a chain that the office holds, up to where the chain forks, if it does."""
        fork = outgoing.first_fork(self._db, device, epoch)
        if fork is not None:
            its = outgoing.links(self._db, device, epoch)
            lacking = self.lacks(its, device, epoch)
            return runs_of(it.seq for it in its if it.seq < fork and it.hash not in lacking)
        return joined(
            (max(first, outgoing.unbroken_from(self._db, device, epoch, last)), last)
            for first, last, head in self._pieces(device, epoch)
            if outgoing.holds(self._db, device, epoch, last, head)
        )

    def durable(self, device: str, epoch: str) -> list[Numbers]:
        """As ``received``, of what the office has a copy of off its machine.

        From the first number on that was used twice nobody can say which of the two was copied.
        """
        said = self._chains.get((device, epoch))
        if said is None:
            return []
        fork = self._forks.get((device, epoch))
        safe = said.durable if fork is None else cut(said.durable, fork - 1)
        return [
            (max(a, c), min(b, d))
            for a, b in self.received(device, epoch)
            for c, d in safe
            if max(a, c) <= min(b, d)
        ]

    def lacks(self, its: list[Link], device: str, epoch: str) -> set[str]:
        """The hashes of a forked chain that the office is not known to hold."""
        by_hash = {link.hash: link for link in its}
        held: set[str] = set()
        for first, _last, head in self._pieces(device, epoch):
            while head in by_hash and by_hash[head].seq >= first:
                held.add(head)
                head = by_hash[head].prev
        return by_hash.keys() - held

    def _pieces(self, device: str, epoch: str) -> list[Piece]:
        said = self._chains.get((device, epoch))
        if said is None:
            return []
        return list(said.pieces) or [(*said.received[-1], said.head)]


def runs_of(numbers: Iterable[int]) -> list[Numbers]:
    """Numbers as runs."""
    return joined((it, it) for it in numbers)


def joined(runs: Iterable[Numbers]) -> list[Numbers]:
    """The numbers in any of these, as runs that lie apart."""
    found: list[Numbers] = []
    for first, last in sorted(runs):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def cut(runs: Iterable[Numbers], last: int) -> list[Numbers]:
    """The runs up to a number."""
    return [(first, min(reached, last)) for first, reached in runs if first <= last]


def subtract(runs: Iterable[Numbers], others: Iterable[Numbers]) -> list[Numbers]:
    """The numbers in some runs that are in none of the others, as runs."""
    taken = sorted(others)
    left: list[Numbers] = []
    for first, last in runs:
        at = first
        for low, high in taken:
            if high < at:
                continue
            if low > last:
                break
            if low > at:
                left.append((at, low - 1))
            at = high + 1
        if at <= last:
            left.append((at, last))
    return left
