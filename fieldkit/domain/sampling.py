"""Which of so many things are looked at: drawn from the inspection's seed, so anybody can check it.

The numbers follow from the seed, the item and how many there are, and from nothing else: the same
on every laptop, and not known before the inspection was begun (DOMAIN §2.15).
"""

from __future__ import annotations

import hashlib
import heapq

MOST = 1_000_000
"""No list of things on the spot is longer."""


def draw(seed: str, item: str, population: int, count: int) -> list[int]:
    """``count`` of the numbers 1..``population``, in rising order; all where there are fewer."""
    if not 0 <= population <= MOST:
        raise ValueError(population)

    def rank(number: int) -> bytes:
        return hashlib.sha256(f"fieldkit-sample\0{seed}\0{item}\0{number}".encode()).digest()

    return sorted(heapq.nsmallest(count, range(1, population + 1), key=rank))
