"""The search for inputs that take new steps: the same for the same seed, target and corpus."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from fieldkit_sync.errors import Refusal
from fuzz import documents
from fuzz.coverage import Coverage, Step
from fuzz.targets import Target


@dataclass(frozen=True, slots=True)
class Fault:
    """What was wrong with one run. ``place`` is where, so that one bug is told once."""

    kind: str
    detail: str
    place: str


def inputs(target: Target, pool: list[bytes], rng: Random) -> Iterator[bytes]:
    """Yield mutated inputs for ever; ``pool`` may grow meanwhile, and what is new is preferred."""
    while True:
        recent = rng.randrange(3) == 0
        base = pool[-1 - rng.randrange(min(len(pool), 8))] if recent else rng.choice(pool)
        change = target.change if rng.randrange(3) else documents.blind
        yield change(rng, base, pool, target.tokens)[: documents.LIMIT]


def judge(run: Callable[[bytes], object], data: bytes, slow: float) -> Fault | None:
    """Run once; say what was wrong. ``slow`` is in seconds of processor time."""
    start = time.process_time()
    try:
        run(data)
    except Refusal:
        pass
    except KeyboardInterrupt:
        raise
    except MemoryError as error:
        return Fault("memory", "more memory than allowed", _place(error))
    except BaseException as error:  # A panic of a library in Rust is no Exception.
        kind = "promise" if type(error).__name__ == "Broken" else "crash"
        return Fault(kind, f"{type(error).__name__}: {error}"[:300], _place(error))
    spent = time.process_time() - start
    return Fault("slow", f"{spent:.1f} s", "") if spent > slow else None


def _place(error: BaseException) -> str:
    """The deepest line outside the harness, or else the deepest of all."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        places.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    ours = [item for item in places if "fieldkit_sync" in item[0]] or places
    name, line = ours[-1]
    return f"{name.replace(chr(92), '/').rpartition('/')[2]}:{line}"


def trimmed(run: Callable[[bytes], None], data: bytes, wanted: set[Step], cover: Coverage) -> bytes:
    """Cut ``data`` down while a run of it still takes all the ``wanted`` steps."""
    size, tries = max(1, len(data) // 2), 0
    while size and tries < 300:
        at = 0
        while at < len(data) and tries < 300:
            tries += 1
            shorter = data[:at] + data[at + size :]
            if wanted <= taken(run, shorter, cover):
                data = shorter
            else:
                at += size
        size //= 2
    return data


def taken(run: Callable[[bytes], None], data: bytes, cover: Coverage) -> set[Step]:
    """The steps of one run, however it ends."""
    with suppress(Exception):
        cover.steps(run, data)
    return cover.last()


def smallest(target: Target, base: list[bytes], found: list[bytes], room: int) -> list[bytes]:
    """Choose, small ones first, inputs that add steps to ``base``; ``room`` bytes in all.

    Each is trimmed to what it adds.
    """
    cover = Coverage(target.modules)
    for data in base:
        taken(target.run, data, cover)
        cover.fresh()
    kept: list[bytes] = []
    for data in sorted(set(found), key=lambda item: (len(item), item)):
        new = taken(target.run, data, cover) - cover.seen
        if not new:
            continue
        data = trimmed(target.run, data, new, cover)
        if len(data) > room:
            continue
        taken(target.run, data, cover)
        cover.fresh()
        kept.append(data)
        room -= len(data)
    return kept
