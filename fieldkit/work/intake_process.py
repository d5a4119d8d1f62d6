"""An intake in a process of its own, asked over a pipe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from .intake import Answer

CRASHED = "crashed"
"""The code for a file over which the reading process ended."""


class Reader(Protocol):
    """What ``intake.Intake`` offers, wherever it runs."""

    def open(self, path: str) -> Answer:
        """See Intake."""

    def stage(self, place: str, number: int, limits: dict[str, int]) -> Answer:
        """See Intake."""

    def keep(self, keep: bool) -> Answer:
        """See Intake."""

    def close(self) -> None:
        """See Intake."""


class RemoteIntake:
    """Asks another process; one that dies over a file refuses that file and is started anew.

    The age identities go over the pipe, never into arguments or environment, where others could
    read them. A stage of a dead process is whole up to the last bundle that was kept.
    """

    def __init__(self, identities: list[str], scratch: Path, evidence: Path) -> None:
        self._start = {
            "identities": identities,
            "scratch": str(scratch),
            "evidence": str(evidence),
        }
        self._process: subprocess.Popen[str] | None = None

    def open(self, path: str) -> Answer:
        """See Intake."""
        return self._ask("open", path)

    def stage(self, place: str, number: int, limits: dict[str, int]) -> Answer:
        """See Intake."""
        return self._ask("stage", place, number, limits)

    def keep(self, keep: bool) -> Answer:
        """See Intake."""
        return self._ask("keep", keep)

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        process, self._process = self._process, None
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError):
            process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def _ask(self, *question: object) -> Answer:
        process = self._process or self._begin()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        if not line.endswith("\n"):
            self.close()
            return {"refused": CRASHED, "detail": ""}
        answer: Answer = json.loads(line)
        return answer

    def _begin(self) -> subprocess.Popen[str]:
        search = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fieldkit.work.intake"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": search},
        )
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(json.dumps(self._start) + "\n")
        return self._process
