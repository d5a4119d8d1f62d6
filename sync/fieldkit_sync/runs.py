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
    """As `checked_fields`, as events."""
    return map(event.of_fields, checked_fields(lines, ranges, public_key, device))


def checked_fields(
    lines: Iterable[bytes], ranges: Sequence[Mapping[str, Any]], public_key: str, device: str
) -> Iterator[event.Fields]:
    """Yield the fields of the events in ``lines``: exactly those that ``ranges`` announce.

    The signer's own seals are verified too; ``public_key`` and ``device`` are the signer's.
    `Refusal` "bad-event", "chain-broken" or "header-mismatch", at the first fault.
    """
    numbered = enumerate(lines, start=1)
    for run in ranges:
        prev, seq, dev, epoch = run["prev"], run["from_seq"], run["dev"], run["epoch"]
        for _ in range(run["n"]):
            number, line = next(numbered, (0, b""))
            if not number:
                raise Refusal("header-mismatch", "fewer events than the header says")
            try:
                found = event.fields(line)
                if found[event.KIND] == "seal":
                    _check_seal(found, public_key, device)
            except Refusal as fault:
                raise Refusal("bad-event", f"line {number}: {fault}") from None
            if found[0] != dev or found[1] != epoch:
                raise Refusal("header-mismatch", f"line {number} is of another chain")
            if found[2] != seq or found[4] != prev:
                raise Refusal("chain-broken", f"line {number} does not follow the one before")
            prev, seq = found[3], seq + 1
            yield found
        if prev != run["head"]:
            raise Refusal("header-mismatch", "a range ends in another event than it says")
    if next(numbered, None) is not None:
        raise Refusal("header-mismatch", "more events than the header says")


def _check_seal(found: event.Fields, public_key: str, device: str) -> None:
    sealed = event.of_fields(found)
    if sealed.device == device and sealed.body is not None:
        seal.check_event(sealed, public_key)
