"""Durable before told: kill -9 at random instants of a scripted run loses nothing acknowledged."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from fieldkit.start import run

ROUNDS = 200
REGISTER = "kind,code,name,parent,division,grid,address,floor,registered\n" + "\n".join(
    [
        "village,V1,听枫社区（演示）,,990121101001,,,,",
        "estate,E1,鹭汀花园（演示）,V1,,,鹭汀路6号,,",
        "building,B1,1栋,E1,,,,,",
        *[f"door,D{n:02d},{n:02d}室,B1,,,,{n // 4 + 1},1" for n in range(1, 13)],
    ]
)
VALUES = ["pass", "fail", "na"]
OUTCOMES = ["met", "handed", "left", "absent", "refused"]


def call(home: Path, *words: str) -> tuple[int, object]:
    """One command in this process; its exit code and its JSON."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = run(["--home", str(home), *words, "--json"])
    return code, json.loads(out.getvalue() or "null")


def scripted_run(home: Path, inspection: str, pipe: int, seed: int) -> None:
    """Answer and log for ever, telling the parent of each command only after it returned."""
    chance = random.Random(seed)
    while True:
        if chance.random() < 0.5:
            item, value = f"XQ{chance.choice((4, 5, 8, 17)):02d}", chance.choice(VALUES)
            note = f"n{chance.randrange(10**9)}"
            code, _ = call(home, "inspect", "answer", inspection, item, value, "--note", note)
            told = ["answer", item, value, note]
        else:
            door, outcome = f"D{chance.randrange(1, 13):02d}", chance.choice(OUTCOMES)
            note = f"v{chance.randrange(10**9)}"
            code, _ = call(home, "visit", "log", door, outcome, "--note", note)
            told = ["visit", door, outcome, note]
        if code == 0:
            os.write(pipe, (json.dumps(told) + "\n").encode())


def one_round(home: Path, inspection: str, seed: int, delay: float) -> list[list[str]]:
    """Fork a scripted run, kill it after ``delay`` seconds, give what it had acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            scripted_run(home, inspection, writing, seed)
        finally:
            os._exit(99)
    os.close(writing)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the scripted run ended by itself"
    raw = b""
    while select.select([reading], [], [], 1)[0] and (chunk := os.read(reading, 65536)):
        raw += chunk
    os.close(reading)
    return [json.loads(line) for line in raw.decode().splitlines() if line.endswith("]")]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_kill_at_random_instants(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """200 kills: every acknowledged answer and visit is there, and the journal verifies."""
    seed = int(os.environ.get("FIELDKIT_KILL_SEED", random.randrange(10**9)))
    with capfd.disabled():
        print(f"\nFIELDKIT_KILL_SEED={seed}", file=sys.stderr, flush=True)
    chance = random.Random(seed)
    home, register = tmp_path / "home", tmp_path / "register.csv"
    register.write_text(REGISTER, "utf-8")
    assert call(home, "site", "import", str(register))[0] == 0
    code, started = call(home, "inspect", "start", "wuzha-xiaoqu", "--site", "E1")
    assert code == 0
    assert isinstance(started, dict)
    inspection = started["inspection"]
    told: list[list[str]] = []
    for turn in range(ROUNDS):
        told += one_round(home, inspection, chance.randrange(2**31), chance.uniform(0.0, 0.25))
        if turn % 25 == 24:
            code, verdict = call(home, "journal", "verify")
            assert (code, verdict["ok"]) == (0, True), (seed, verdict)  # type: ignore[index]
    notes = {}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(["--home", str(home), "journal", "export"]) == 0
    for line in out.getvalue().splitlines():
        body = json.loads(line).get("b") or {}
        if "note" in body:
            notes[body["note"]] = body.get("value") or body.get("outcome")
    lost = [entry for entry in told if notes.get(entry[3]) != entry[2]]
    assert lost == [], f"seed {seed}: acknowledged and lost"
    assert len(told) > ROUNDS, (
        f"seed {seed}: only {len(told)} commands ran; the test proves nothing"
    )
    # The projections must agree with a refold of the journal after all that.
    code, before = call(home, "office", "status")
    assert code == 0
    code, rebuilt = call(home, "journal", "rebuild")
    assert code == 0
    assert rebuilt["state_digest"] == before["state_digest"]  # type: ignore[index]
