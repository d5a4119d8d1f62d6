"""What a receipt promises of the very events that are held here.

A receipt speaks of numbers, and a number may have been used twice: by a copy of this home, or by
one that came back from a backup. So it counts for what is held here only as far as the very event
that it names as the last one is held here too, for then all before it are the same (each names the
hash of the one before). Where it is not, a seal over that chain in a later epoch does instead: the
two travel together, so whoever acknowledges the seal has both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fieldkit.store import outgoing
from fieldkit.store.outgoing import Chain, Link, Numbers

if TYPE_CHECKING:
    from fieldkit.store.open import Database
    from fieldkit_sync.receipt import Receipt


class Promise:
    """What a receipt promises of the very events held here; of nothing if there is none."""

    def __init__(self, db: Database, receipt: Receipt | None) -> None:
        self._db = db
        self._chains = {(it.device, it.epoch): it for it in receipt.chains} if receipt else {}
        self._proofs: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self._forks: dict[tuple[str, str], int] = {}
        for device, epoch, seq in receipt.forks if receipt else ():
            low = self._forks.get((device, epoch), seq)
            self._forks[device, epoch] = min(low, seq)

    def received(self, device: str, epoch: str) -> list[Numbers]:
        """The numbers of a chain that the office holds, up to where the chain forks, if it does."""
        said = self._chains.get((device, epoch))
        proofs = self.proofs(device, epoch)
        if said is None or not proofs:
            return []
        last = max(seq for seq, _hash in proofs)
        fork = outgoing.first_fork(self._db, device, epoch)
        return cut(said.received, last if fork is None else min(last, fork - 1))

    def durable(self, device: str, epoch: str) -> list[Numbers]:
        """As ``received``, of what the office has a copy of off its machine.

        From the first number on that was used twice nobody can say which of the two was copied.
        """
        said = self._chains.get((device, epoch))
        if said is None:
            return []
        top = max((run[1] for run in self.received(device, epoch)), default=0)
        return cut(said.durable, min(top, self._forks.get((device, epoch), top + 1) - 1))

    def proofs(self, device: str, epoch: str) -> list[tuple[int, str]]:
        """Events held here (number, hash) that the office holds with all that it has before."""
        if (device, epoch) not in self._proofs:
            self._proofs[device, epoch] = self._found_proofs(device, epoch)
        return self._proofs[device, epoch]

    def _found_proofs(self, device: str, epoch: str) -> list[tuple[int, str]]:
        said = self._chains.get((device, epoch))
        if said is None:
            return []
        last = said.received[-1][1]
        found = []
        if outgoing.holds(self._db, device, epoch, last, said.head):
            found.append((last, said.head))
            if outgoing.first_fork(self._db, device, epoch) is None:
                return found
        return found + [
            (seal.end, seal.head)
            for seal in outgoing.cross_seals(self._db, device, epoch)
            if outgoing.holds(self._db, device, epoch, seal.end, seal.head)
            and self._has(device, seal.epoch, seal.seq)
        ]

    def _has(self, device: str, epoch: str, seq: int) -> bool:
        return any(first <= seq <= last for first, last in self.received(device, epoch))

    def lacks(self, its: list[Link], chain: Chain) -> set[str]:
        """The hashes of a forked chain that the office is not known to hold."""
        lacking = {link.hash for link in its}
        said = self._chains.get((chain.device, chain.epoch))
        for _seq, head in self.proofs(chain.device, chain.epoch):
            on_path = outgoing.path(its, head)
            lacking -= {
                link.hash
                for link in its
                if link.hash in on_path
                and said is not None
                and any(first <= link.seq <= last for first, last in said.received)
            }
        return lacking


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
