"""One run of the command line: its settings, its exit code, and how every failure is told."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit import __version__
from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

if TYPE_CHECKING:
    from .settings import Settings


def run(
    argv: Sequence[str],
    *,
    open_tui: Callable[[Path | None], int] | None = None,
    alone: bool = False,
) -> int:
    """Run one command line and give its exit code; nothing is raised (CLI.md, exit codes).

    ``alone`` says that this process will run no other line, so that a plain one may be read
    without the parser.
    """
    words = list(argv)
    if words in (["--version"], ["-V"]):
        print(f"fieldkit {__version__}")
        return 0
    debug = "--debug" in words
    _speak_utf8()
    try:
        return _run(words, open_tui, alone)
    except Problem as problem:
        if debug:
            _show_trace()
        return _complain(problem.sentence(), problem.exit_code)
    except KeyboardInterrupt:
        return _complain(_("已中断。"), 130)
    except BrokenPipeError:
        # The reader left; python would complain again while flushing at exit.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            _show_trace()
        name = type(error).__name__
        return _complain(
            _("内部错误 {name}：{text} 加 --debug 可看详情。").format(
                name=name, text=shown(" ".join(str(error).split()))[:200]
            ),
            2,
        )


def _speak_utf8() -> None:
    """UTF-8 and bare newlines on every platform; what cannot be printed is never fatal."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _show_trace() -> None:
    import traceback

    traceback.print_exc()


def _complain(sentence: str, code: int) -> int:
    print(shown(" ".join(sentence.split())), file=sys.stderr, flush=True)
    return code


def _run(words: list[str], open_tui: Callable[[Path | None], int] | None, alone: bool) -> int:
    settings, rest = _settings(words)
    if open_tui is not None:
        settings.open_tui = open_tui
    if rest in (["--version"], ["-V"]):
        print(f"fieldkit {__version__}")
        return 0
    if not rest:
        return settings.open_tui(settings.home)
    if rest == ["--help"]:
        from .overview import overview

        print(overview(), flush=True)
        return 0
    if alone:
        from . import quick

        code = quick.run(rest)
        if code is not None:
            return code
    # Not before here: the parser costs more than the screens and the help have to spare.
    import typer

    from .root import build
    from .usage import UsageError, sentence

    command = typer.main.get_command(build(rest[0]))
    streams = sys.stdout, sys.stderr
    try:
        done = command.main(args=rest, prog_name="fieldkit", standalone_mode=False)
    except UsageError as error:
        raise Problem("usage", sentence(error), mend=_("用 --help 看用法。")) from error
    except typer.Abort:
        raise KeyboardInterrupt from None
    except SystemExit:
        # The parser leaves this way for one reason only: the reader of our output left first.
        sys.stdout, sys.stderr = streams
        raise BrokenPipeError from None
    return done if isinstance(done, int) else 0


def _settings(words: list[str]) -> tuple[Settings, list[str]]:
    """The options that may stand anywhere, taken out of the words; ``--`` ends the search."""
    from .settings import SETTINGS, no_screens

    SETTINGS.home, SETTINGS.debug, SETTINGS.open_tui = None, False, no_screens
    rest: list[str] = []
    line = iter(words)
    for word in line:
        if word == "--":
            rest += [word, *line]
        elif word == "--debug":
            SETTINGS.debug = True
        elif word == "--home" or word.startswith("--home="):
            value = word[7:] if word != "--home" else next(line, "")
            if not value:
                raise Problem("usage", _("--home 后面缺少文件夹。"))
            SETTINGS.home = Path(value)
        else:
            rest.append(word)
    return SETTINGS, rest
