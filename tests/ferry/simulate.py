"""A transfer in virtual time: screens at a steady pace, each code lost or not, none of it real."""

from __future__ import annotations

import random
from typing import NamedTuple

from fieldkit_sync.ferry import fountain, frame, plan
from fieldkit_sync.ferry.send import Stream


class Took(NamedTuple):
    """What a transfer took."""

    seconds: float
    codes: int
    extra: int
    """Symbols that arrived beyond K, less those that only fill up the last code."""
    bytes: int
    """Bytes of symbols that arrived."""


def transfer(
    length: int, loss: float, seed: int, *, layout: plan.Layout | None = None, pace: float = 10,
    join: int = 0, then: plan.Layout | None = None, at: float = 0.5,
) -> Took:  # fmt: skip
    """Until the reader has the payload; ``join`` symbols are over when it begins to read.

    ``then`` is the layout from the moment at which ``at`` of the payload is known.
    """
    chance = random.Random(seed)
    layout = layout or plan.Layout(20, 1, "lower")
    payload = chance.randbytes(length)
    stream = Stream(payload, plan.net(layout.version), join)
    sink = fountain.Sink(length, stream.transfer, stream.size)
    screens = codes = arrived = 0
    many = 1
    while not sink.whole:
        screens += 1
        if then is not None and sink.rank >= at * sink.k:
            layout = then
        for _code in range(layout.across):
            one = stream.next_frame(plan.net(layout.version))
            codes += 1
            many = len(one.symbols)
            if chance.random() >= loss and not sink.whole:
                arrived += many
                for n, symbol in enumerate(one.symbols):
                    sink.take(one.symbol_id + n, symbol)
    assert sink.payload() == payload
    assert frame.transfer_of(payload) == stream.transfer
    return Took(screens / pace, codes, max(arrived - sink.k - (many - 1), 0),
                arrived * stream.size)  # fmt: skip
