"""The command line: parse, call work, print."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path


def run(
    argv: Sequence[str],
    *,
    open_tui: Callable[[Path | None], int] | None = None,
    alone: bool = False,
) -> int:
    """Run one command line and give its exit code; see ``main.run``."""
    from .main import run as run_main

    return run_main(argv, open_tui=open_tui, alone=alone)


def main() -> None:
    """Run the words of this process; without a front end to open, only commands work."""
    raise SystemExit(run(sys.argv[1:], alone=True))
