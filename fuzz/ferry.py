"""Torn, blended, cut and flipped codes between good ones: no reader ever tells a wrong byte.

python fuzz/ferry.py --codes 100000 --seed 1
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
for place in (str(ROOT), str(ROOT / "sync")):
    if place not in sys.path:
        sys.path.insert(0, place)

from tests.ferry.test_transfer import hammer  # noqa: E402


def main() -> None:
    """Hammer, and say how much was read all the same."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--codes", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    start = time.monotonic()
    whole = hammer(given.codes, given.seed)
    took = time.monotonic() - start
    print(f"{given.codes} mangled codes, {whole} transfers whole, none wrong, in {took:.0f} s")


if __name__ == "__main__":
    main()
