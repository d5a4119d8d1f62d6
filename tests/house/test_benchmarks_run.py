"""The benchmarks of the screens still run; their figures are for people, nothing is asserted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs pseudo-terminals")
@pytest.mark.parametrize(
    ("name", "said"), [("start.py", "first paint"), ("keypress.py", "beyond bare")]
)
def test_a_small_run_prints_its_ratios(name: str, said: str) -> None:
    """``--small`` ends well and names what it measured."""
    words = [sys.executable, str(BENCHMARKS / name), "--small"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
