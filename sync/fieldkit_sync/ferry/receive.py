"""Frames read back in any order, with losses: several transfers at once, none of them undone.

A frame that is torn, foreign or hostile changes nothing about what is known already. The digest of
the payload decides at the end; whether to trust it is the signature's matter, not this module's.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit_sync.errors import Refusal
from fieldkit_sync.ferry import frame
from fieldkit_sync.ferry.fountain import Sink
from fieldkit_sync.ferry.frame import Frame

MOST_TRANSFERS = 4
"""So many are collected at once; the one that is least far gives way to a new one."""
_Key = tuple[bytes, int, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the transfer is that is furthest; ``seen`` frames were whole, ``used`` told news."""

    rank: int
    k: int
    seen: int
    used: int
    broken: int
    """Texts that were no frame."""
    falsified: int
    """How often a payload was whole and not the one announced."""
    transfer: str = ""

    @property
    def share(self) -> float:
        """From 0 to 1; it never goes back while one transfer is read."""
        return self.rank / self.k if self.k else 0.0


class Receiver:
    """Collects frames until a payload is whole."""

    def __init__(self) -> None:
        self._sinks: dict[_Key, Sink] = {}
        self._done: dict[bytes, bytes] = {}
        self._seen = self._used = self._broken = self._falsified = 0
        self._best: tuple[int, int, str] = (0, 0, "")

    def take(self, text: str) -> bytes | None:
        """Take one code's text in; the payload when this made it whole, else None."""
        try:
            found = frame.read(frame.of_text(text))
        except Refusal:
            self._broken += 1
            return None
        self._seen += 1
        if found.transfer in self._done:
            return None
        return self._taken(found)

    @property
    def standing(self) -> Standing:
        """How far it is."""
        rank, k, name = self._best
        return Standing(rank, k, self._seen, self._used, self._broken, self._falsified, name)

    @property
    def done(self) -> tuple[bytes, ...]:
        """Payloads that are whole, in the order in which they became so."""
        return tuple(self._done.values())

    def _taken(self, found: Frame) -> bytes | None:
        sink = self._sink(found)
        if sink is None:
            return None
        news = [sink.take(found.symbol_id + n, one) for n, one in enumerate(found.symbols)]
        self._used += any(news)
        self._tell(found, sink)
        if not sink.whole:
            return None
        payload = sink.payload()
        if frame.transfer_of(payload) != found.transfer:
            # A false symbol is in it, and nobody can say which: begin anew with other numbers.
            self._falsified += 1
            sink.forget()
            return None
        for key in [key for key in self._sinks if key[0] == found.transfer]:
            del self._sinks[key]
        self._done[found.transfer] = payload
        return payload

    def _sink(self, found: Frame) -> Sink | None:
        key = (found.transfer, found.length, found.size)
        known = self._sinks.get(key)
        if known is not None:
            return known
        if len(self._sinks) >= MOST_TRANSFERS:
            least = min(self._sinks, key=lambda key: self._sinks[key].rank)
            if self._sinks[least].rank > len(found.symbols):
                return None
            del self._sinks[least]
        self._sinks[key] = Sink(found.length, found.transfer, found.size)
        return self._sinks[key]

    def _tell(self, found: Frame, sink: Sink) -> None:
        rank, k, name = self._best
        mine = found.transfer.hex()
        further = sink.rank * max(k, 1) > rank * sink.k
        if further or (name == mine and sink.rank >= rank):
            self._best = (sink.rank, sink.k, mine)
