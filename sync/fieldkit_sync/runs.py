"""Runs of chains: which events a parcel holds, said by its header and checked by its reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fieldkit_sync import event, seal
from fieldkit_sync.errors import Refusal


def ranges_of(events: Iterable[event.Event]) -> list[dict[str, Any]]:
    """Return the header's ``ranges`` for these events in this order."""
    ranges: list[dict[str, Any]] = []
    last: event.Event | None = None
    for found in events:
        if last is None or not event.follows(found, last):
            ranges.append({"dev": found.device, "epoch": found.epoch, "n": 0,
                           "from_seq": found.seq, "prev": found.prev})  # fmt: skip
        ranges[-1].update(to_seq=found.seq, head=found.hash, n=ranges[-1]["n"] + 1)
        last = found
    return ranges


def checked(
    lines: Iterable[bytes], ranges: Sequence[Mapping[str, Any]], public_key: str, device: str
) -> Iterator[event.Event]:
    """Yield the events of ``lines``, which must be exactly those that ``ranges`` announce.

    The signer's own seals are verified too; ``public_key`` and ``device`` are the signer's.
    `Refusal` "bad-event", "chain-broken" or "header-mismatch", at the first fault.
    """
    numbered = enumerate(lines, start=1)
    for run in ranges:
        prev, seq = run["prev"], run["from_seq"]
        for _ in range(run["n"]):
            number, line = next(numbered, (0, b""))
            if not number:
                raise Refusal("header-mismatch", "fewer events than the header says")
            found = _parsed(number, line, public_key, device)
            if (found.device, found.epoch) != (run["dev"], run["epoch"]):
                raise Refusal("header-mismatch", f"line {number} is of another chain")
            if found.seq != seq or found.prev != prev:
                raise Refusal("chain-broken", f"line {number} does not follow the one before")
            prev, seq = found.hash, seq + 1
            yield found
        if prev != run["head"]:
            raise Refusal("header-mismatch", "a range ends in another event than it says")
    if next(numbered, None) is not None:
        raise Refusal("header-mismatch", "more events than the header says")


def _parsed(number: int, line: bytes, public_key: str, device: str) -> event.Event:
    try:
        found = event.parse(line)
        if found.kind == "seal" and found.device == device and found.body is not None:
            seal.check_event(found, public_key)
    except Refusal as fault:
        raise Refusal("bad-event", f"line {number}: {fault}") from None
    return found
