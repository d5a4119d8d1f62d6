"""Everything that must hold before a change lands: style, types, layers, catalogue, tests.

Each step prints its name; the first that fails ends the run with its exit code. ``--fast``
leaves the tests marked slow out.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def main(argv: list[str]) -> int:
    """Run the steps in order; give the exit code of the first that fails, else 0."""
    tests = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup"]
    if "--fast" in argv:
        tests += ["-m", "not slow"]
    steps = {
        "ruff check": [str(BIN / "ruff"), "check", "."],
        "ruff format": [str(BIN / "ruff"), "format", "--check", "."],
        "mypy": [str(BIN / "mypy")],
        "import-linter": [str(BIN / "lint-imports")],
        "translations": [sys.executable, "scripts/translations.py", "--check"],
        "commands": [sys.executable, "scripts/commands.py", "--check"],
        "pytest": tests,
    }
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    for name, command in steps.items():
        print(f"== {name}", flush=True)
        code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
        if code:
            print(f"== {name} failed", flush=True)
            return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
