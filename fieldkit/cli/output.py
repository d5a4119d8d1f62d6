"""What every command shares: its settings, its home, and the two ways of printing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width, pad

from .declaring import typer
from .settings import SETTINGS as SETTINGS

if TYPE_CHECKING:
    from fractions import Fraction

    from fieldkit.work.workspace import Workspace

JsonFlag = Annotated[bool, typer.Option("--json", help=_("只输出一份 JSON。"))]


@contextmanager
def workspace() -> Iterator[Workspace]:
    """The home that this command works in, open for as long as the block lasts."""
    from fieldkit.work.workspace import Workspace

    with Workspace.open(SETTINGS.home) as ws:
        yield ws


def emit(data: object, human: Callable[[], str], as_json: bool) -> None:
    """Print the one JSON document, or what ``human`` writes for people."""
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=2), flush=True)
        return
    text = human()
    if text:
        say(text)


def say(text: str) -> None:
    """Lines for people on stdout; characters that steer a terminal come out visible."""
    print(shown(text, keep_newlines=True), flush=True)


def tell(text: str) -> None:
    """A message beside the result, on stderr."""
    print(shown(text, keep_newlines=True), file=sys.stderr, flush=True)


def table(headers: Sequence[str], rows: Sequence[Sequence[object]], right: str = "") -> str:
    """Columns aligned by terminal cells; ``right`` names the numbers' columns ("0134")."""
    cells = [[shown(str(cell)) for cell in row] for row in rows]
    if not cells:
        return _("（没有）")
    lines = [list(headers), *cells]
    widths = [max(cell_width(line[i]) for line in lines) for i in range(len(headers))]
    return "\n".join(
        "  ".join(
            pad(cell, widths[i], "right" if str(i) in right else "left")
            for i, cell in enumerate(line)
        ).rstrip()
        for line in lines
    )


def number(value: Fraction | None) -> int | float | None:
    """An exact fraction as a JSON number: whole when it is whole, null when there is none."""
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def percent(value: Fraction | None) -> str:
    """A rate for people; a rate over nothing is a dash."""
    from fieldkit.domain import values

    return "—" if value is None else values.percent(value)


def noun(help_text: str) -> typer.Typer:
    """A group of commands in the house's style: plain help, our own error sentences."""
    app = typer.Typer(
        help=help_text,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        no_args_is_help=False,
    )

    @app.callback()
    def group() -> None:
        """Keep one command from becoming the whole group."""

    group.__doc__ = help_text
    return app


Json = dict[str, Any]
