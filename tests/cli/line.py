"""The command line of one home, as people and as programs read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fieldkit.cli import run


class Line:
    """The command line of one home."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.home, self.capture = home, capture
        self.err = ""

    def words(self, *words: str, code: int = 0) -> str:
        """What a command says to people on stdout; stderr is kept beside."""
        self.capture.readouterr()
        done = run(["--home", str(self.home), *words])
        out, self.err = self.capture.readouterr()
        assert done == code, (words, out, self.err)
        return out

    def json(self, *words: str, code: int = 0) -> Any:
        """What a command says to programs."""
        return json.loads(self.words(*words, "--json", code=code))
