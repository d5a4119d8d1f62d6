"""What one changed answer costs in a large list, against evaluating everything anew.

A list of 1,000 items with 300 expressions: chains of conditions, sums over a repeat, and totals.
Single answers and fresh states take turns in the same run. Prints medians; asserts nothing.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from fieldkit.domain.applying import presented
from fieldkit.domain.checklist import Checklist, Grade, Item, Section
from fieldkit.domain.form import Form, State

ROUNDS = 300
DAY = "2026-11-22"


def large() -> Checklist:
    """690 checks, 10 numbers in a repeat of ten, and 299 items with an expression."""
    items = [Item(f"c{n}", "s", "题", "check", weight=1) for n in range(690)]
    items.append(Item("rooms", "s", "房间", "repeat"))
    items += [Item(f"n{n}", "s", "数", "number", parent="rooms") for n in range(10)]
    for n in range(200):
        when = f"${{c{n * 3}}} = 'fail' or ${{c{n * 3 + 1}}} = 'fail'"
        items.append(Item(f"r{n}", "s", "题", "check", relevant=when))
    for n in range(99):
        sums = f"sum(${{n{n % 10}}}) + count(${{r{n * 2}}}, ${{r{n * 2 + 1}}})"
        items.append(Item(f"t{n}", "s", "算", "calculated", calculate=sums))
    return Checklist(
        "large", "1", "大表", "", "", "", "guidance", (), "", (Grade("g", "达标", 0),),
        (Section("s", "节", tuple(items)),), {},
    )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """One answer after another, by turns with a fresh state."""
    form = Form(large(), "open")
    answers = {f"c{n}": "pass" for n in range(690)} | {"rooms": "10"}
    answers |= {f"rooms[{p}].n{n}": "5" for p in range(1, 11) for n in range(10)}
    state = State(form, DAY, answers)
    found: dict[str, list[float]] = {"one answer": [], "all answers compared": [], "shown": []}
    least = []
    for n in range(ROUNDS):
        value = "fail" if state.answers[f"c{n * 2}"] == "pass" else "pass"
        found["one answer"].append(timed(lambda p=f"c{n * 2}", v=value: state.set(p, v)))  # type: ignore[misc]
        changed = state.answers | {f"rooms[{n % 10 + 1}].n{n % 10}": str(n)}
        found["all answers compared"].append(timed(lambda c=changed: state.change(c)))  # type: ignore[misc]
        found["shown"].append(timed(lambda: presented(state)))
        least.append(timed(lambda: State(form, DAY, state.answers)))
    full = statistics.median(least)
    print(f"{len(form.nodes):>9} items, {len(state.live)} instances: anew {full * 1000:.2f} ms")
    for name, times in found.items():
        one = statistics.median(times)
        print(f"{name:>21}: {one * 1000:.3f} ms, {one / full:.4f} x anew")


if __name__ == "__main__":
    main()
