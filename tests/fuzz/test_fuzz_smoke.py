"""No parser of sync breaks on kept or mutated inputs, and the fuzzer notices those that would."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from random import Random

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The harness is no part of the package, so it is not installed.
sys.path.insert(0, str(ROOT))

from fieldkit_sync.errors import Refusal  # noqa: E402
from fuzz import __main__ as command  # noqa: E402
from fuzz import documents, loop, parcels, seeds, watch, world  # noqa: E402
from fuzz.coverage import Coverage  # noqa: E402
from fuzz.targets import PLANTED, TARGETS, Target, target  # noqa: E402
from fuzz.worker import Order  # noqa: E402

SLOW = 2.0
NAMES = [it.name for it in TARGETS]


def order(name: str, *, seed: int = 0, runs: int = 60) -> Order:
    """An order with limits so small that a hang is soon noticed."""
    return Order(name, "", 60.0, seed, runs, slow=0.2, memory=32 * 1024 * 1024)


@pytest.mark.parametrize("name", NAMES)
def test_kept_inputs_and_mutations_are_taken_or_refused(name: str) -> None:
    chosen, rng = target(name), Random(20)
    pool = [*chosen.seeds(), *seeds.corpus(name)]
    mutated = list(islice(loop.inputs(chosen, pool, rng), 200))
    faults = {data: loop.judge(chosen.run, data, SLOW) for data in [*pool, *mutated]}
    assert {data: fault for data, fault in faults.items() if fault is not None} == {}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "age"])
def test_the_first_seed_of_a_target_is_accepted_whole(name: str) -> None:
    """What starts at a refused input would test the first check only."""
    chosen = target(name)
    chosen.run(chosen.seeds()[0])


def test_a_sealed_vector_passes_the_header_check() -> None:
    good = next(raw for raw in seeds.sealed() if _code(target("age"), raw) == "")
    assert good.startswith(b"age-encryption.org/v1\n")


def test_the_kept_inputs_are_small() -> None:
    sizes = [path.stat().st_size for path in seeds.CORPUS.glob("*/*.bin")]
    assert 0 < sum(sizes) < 300_000
    assert {path.name for path in seeds.CORPUS.iterdir()} <= set(NAMES)


@pytest.mark.parametrize(
    ("kind", "shown", "where"),
    [
        ("crash", "crash", "planted.py:"),
        ("promise", "promise", "planted.py:"),
        ("slow", "slow", ""),
        ("hang", "hang", ""),
        ("death", "death", ""),
        ("memory", "memory", "planted.py:"),
    ],
)
def test_the_fuzzer_notices_a_parser_that_is_wrong(
    tmp_path: Path, kind: str, shown: str, where: str
) -> None:
    report = watch.fuzz(order(f"planted-{kind}", runs=40), tmp_path, 1)
    assert {it.kind for it in report.findings} == {shown}
    found = report.findings[0]
    assert found.again
    assert found.place.startswith(where)
    assert b"!" in found.path.read_bytes()
    again = watch.replay(found.target, found.path, order(found.target))
    assert again is not None
    assert again.kind == shown


def test_the_fuzzer_finds_nothing_in_a_parser_that_is_right(tmp_path: Path) -> None:
    report = watch.fuzz(order("planted-fine"), tmp_path)
    assert (report.findings, report.runs) == ([], 60)
    assert not list(tmp_path.iterdir())


def test_a_finding_ends_the_command_with_1_and_the_way_to_replay_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["planted-crash", "--runs", "60", "--findings", str(tmp_path)]
    assert command.main(asked) == 1
    shown = capsys.readouterr().out
    path = next(tmp_path.glob("planted-crash-*.bin"))
    assert f"python -m fuzz planted-crash --replay {path}" in shown
    assert command.main(["planted-crash", "--replay", str(path)]) == 1
    (tmp_path / "right").write_bytes(b"nothing")
    assert command.main(["planted-crash", "--replay", str(tmp_path / "right")]) == 0


def test_an_unknown_target_is_told_from_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["nothing"]) == 2
    assert "bundle" in capsys.readouterr().out


def test_the_search_is_the_same_for_a_seed_and_another_for_another(tmp_path: Path) -> None:
    first, again, other = (
        watch.fuzz(order("planted-maze", seed=seed, runs=2_000), tmp_path).found
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_the_search_feels_its_way_step_by_step(tmp_path: Path) -> None:
    """By chance alone four right bytes would take many times as many runs."""
    report = watch.fuzz(order("planted-maze", runs=8_000), tmp_path)
    assert [it.kind for it in report.findings] == ["crash"]
    assert all(80 <= byte <= 88 for byte in report.findings[0].path.read_bytes()[:4])


def test_new_steps_lead_to_inputs_that_are_worth_keeping() -> None:
    chosen = target("card")
    found = list(islice(loop.inputs(chosen, chosen.seeds(), Random(4)), 300))
    kept = loop.smallest(chosen, chosen.seeds(), found, 2_000)
    assert kept
    assert sum(map(len, kept)) <= 2_000
    cover = Coverage(chosen.modules)
    for data in chosen.seeds():
        loop.taken(chosen.run, data, cover)
        cover.fresh()
    for data in kept:
        loop.taken(chosen.run, data, cover)
        assert cover.fresh(), "a kept input adds nothing"


def test_bundles_that_were_changed_reach_the_checks_behind_the_signature() -> None:
    """Blind mutation stops at the directory or the signature; this is why there is another."""
    chosen, rng = target("bundle"), Random(3)
    codes = set()
    good = parcels.good()
    for _ in range(400):
        data = parcels.change(rng, good, (), ())
        codes.add(_code(chosen, data))
    assert {"", "bad-event", "certificate", "extra-file", "header-mismatch"} <= codes


def _code(chosen: Target, data: bytes) -> str:
    """The code of the refusal; empty if the input is accepted."""
    try:
        chosen.run(data)
    except Refusal as fault:
        return fault.code
    return ""


def test_events_are_mended_after_a_change() -> None:
    lines = [it.line for it in world.chain(4)]
    assert documents.chained(lines, renumber=True) == lines
    raw = b"".join(line + b"\n" for line in lines)
    assert documents.ranges_of(raw)["ranges"][0]["head"] == world.chain(4)[-1].hash


def test_the_planted_parsers_are_not_among_the_targets() -> None:
    assert not {it.name for it in PLANTED} & set(NAMES)
