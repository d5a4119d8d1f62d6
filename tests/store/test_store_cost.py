"""Cost follows the change: counted in steps of the database engine, not in a shared clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fieldkit.domain.kinds import site_id
from fieldkit.store import ledger
from fieldkit.store.store import Draft, Store

DEVICE = "d" * 32


def site(number: int) -> Draft:
    """A door."""
    code = f"D{number}"
    body = {
        "code": code,
        "name": code,
        "kind": "door",
        "parent": "",
        "division": "990121101001",
        "grid": "",
        "address": "",
        "floor": "1",
        "registered": 1,
        "over": [],
    }
    return Draft("site.put", site_id(code), "990121101001", body)


def visit(number: int) -> Draft:
    """A visit to a door."""
    body = {
        "outcome": "met",
        "materials": 1,
        "app": "none",
        "note": "",
        "day": "2026-11-22",
    }
    return Draft("visit.logged", site_id(f"D{number}"), "990121101001", body)


def answer(number: int) -> Draft:
    """An answer in an inspection of its own."""
    body = {"item": "X1", "value": "pass", "note": "", "evidence": [], "over": []}
    return Draft("answer.given", f"{number:032x}", "990121101001", body)


def steps(store: Store, action: Callable[[], object]) -> int:
    """Hundreds of engine steps that an action takes."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    store.db.set_progress_handler(tick, 100)
    action()
    store.db.set_progress_handler(None, 0)
    return count


def test_an_append_costs_the_same_at_any_size(tmp_path: Path) -> None:
    """Twenty times the history, the same work for one more event of each kind."""
    store = Store(tmp_path, DEVICE, lambda: 1_790_000_000_000)
    store.append([make(n) for n in range(300) for make in (site, visit, answer)])
    small = [steps(store, lambda m=make: store.append([m(7)])) for make in (site, visit, answer)]
    store.append([make(n) for n in range(300, 6000) for make in (site, visit, answer)])
    large = [steps(store, lambda m=make: store.append([m(8)])) for make in (site, visit, answer)]
    assert all(late <= early * 1.5 + 5 for early, late in zip(small, large, strict=True)), (
        small,
        large,
    )
    store.close()


def test_a_merge_costs_the_same_at_any_size(tmp_path: Path) -> None:
    """One more batch from elsewhere, and the look at gaps and forks, follow the batch alone."""
    (tmp_path / "office").mkdir()
    source = Store(tmp_path, DEVICE, lambda: 1_790_000_000_000)
    office = Store(tmp_path / "office", "e" * 32, lambda: 1_790_000_000_000)

    def merge(numbers: range) -> int:
        events = source.append([visit(n) for n in numbers])

        def taken() -> None:
            office.ingest(events)
            ledger.devices(office.db)
            ledger.count(office.db)

        return steps(office, taken)

    merge(range(300))
    early = merge(range(300, 500))
    merge(range(500, 9000))
    late = merge(range(9000, 9200))
    assert late <= early * 1.5 + 5, (early, late)
    source.close()
    office.close()
