"""Which closed findings are looked at again (回头看): a sample that every office draws alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

SHARE = 10
"""Percent (DOMAIN §4.6)."""
DAYS = 60
"""Days after the closing within which to look."""


def sample(month: str, ids: Iterable[str], share: int = SHARE) -> tuple[str, ...]:
    """So many percent of the ids, rounded up, by the SHA-256 of the month and each id.

    Neither order nor repetition of the ids matters, and one more id takes the place of at most
    one other: a bundle that comes late does not throw away what was looked at. ValueError for a
    share outside 0..100.
    """
    if not 0 <= share <= 100:
        raise ValueError(share)
    whole = sorted(set(ids), key=lambda id: _rank(month, id))
    return tuple(whole[: -(-len(whole) * share // 100)])


def _rank(month: str, id: str) -> tuple[bytes, str]:
    return hashlib.sha256(f"fieldkit lookback\n{month}\n{id}".encode()).digest(), id
