"""Where every run begins: which front end, and nothing that the chosen one does not need."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from fieldkit import __version__
from fieldkit.errors import Problem
from fieldkit.text.i18n import _


def open_tui(home: Path | None) -> int:
    """Open the screens; Textual is loaded here and nowhere before.

    Raises Problem ``no-terminal`` where nobody could see them or press a key.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Problem(
            "no-terminal",
            _("界面要在终端里打开，这里没有终端。"),
            mend=_("在终端窗口里运行 fieldkit，脚本里用各个命令（见 fieldkit --help）。"),
        )
    from fieldkit.tui import run as run_tui

    return run_tui(home)


def run(argv: Sequence[str], *, alone: bool = False) -> int:
    """Run one command line and give its exit code; without words, open the screens.

    ``alone``: see ``cli.run``.
    """
    if list(argv) in (["--version"], ["-V"]):
        print(f"fieldkit {__version__}")
        return 0
    from fieldkit.cli import run as run_cli

    return run_cli(argv, open_tui=open_tui, alone=alone)


def main() -> None:
    """The ``fieldkit`` command."""
    # Loading modules makes objects that stay; looking through them again and again is a tenth
    # of a short command.
    gc.set_threshold(200_000, 20, 20)
    code = run(sys.argv[1:], alone=True)
    if not {"textual", "threading", "multiprocessing"} & sys.modules.keys():
        _leave(code)
    raise SystemExit(code)


def _leave(code: int) -> None:
    """End at once: taking a hundred modules apart costs a short command a tenth of its time.

    Files and the database are closed by then, and there are no threads.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        # The ordinary end knows what to do where nobody reads any more.
        return
    os._exit(code)
