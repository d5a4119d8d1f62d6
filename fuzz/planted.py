"""Parsers that are wrong on purpose, so that it can be seen that the harness notices."""

from __future__ import annotations

import os
import time

from fieldkit_sync.errors import Refusal
from fuzz.broken import Broken


def _guard(data: bytes) -> None:
    if b"!" not in data:
        raise Refusal("planted", "nothing wrong with this input")


def _crash(data: bytes) -> None:
    _guard(data)
    raise KeyError("planted")


def _hang(data: bytes) -> None:
    _guard(data)
    end = time.process_time() + 600
    while time.process_time() < end:
        pass


def _slow(data: bytes) -> None:
    _guard(data)
    end = time.process_time() + 0.3
    while time.process_time() < end:
        pass


def _memory(data: bytes) -> None:
    _guard(data)
    kept = [bytearray(1024 * 1024) for _ in range(512)]
    raise Refusal("planted", f"{len(kept)} MiB were taken")


def _death(data: bytes) -> None:
    _guard(data)
    os._exit(7)


def _promise(data: bytes) -> None:
    _guard(data)
    raise Broken("planted")


def _maze(data: bytes) -> None:
    """Every byte near 84 is a step of its own, so that search can feel its way to the end."""
    one, two, three, four, *_ = (*data[:4], 0, 0, 0, 0)
    if abs(one - 84) > 4:
        raise Refusal("planted", "at the door")
    if abs(two - 84) > 4:
        raise Refusal("planted", "one step")
    if abs(three - 84) > 4:
        raise Refusal("planted", "two steps")
    if abs(four - 84) > 4:
        raise Refusal("planted", "three steps")
    raise KeyError("planted")


def _fine(data: bytes) -> None:
    _guard(data)


RUNS = {
    "crash": _crash, "hang": _hang, "slow": _slow, "memory": _memory, "promise": _promise,
    "death": _death, "fine": _fine, "maze": _maze,
}  # fmt: skip
