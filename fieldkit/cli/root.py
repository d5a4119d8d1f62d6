"""The root of all commands, with only the noun that this run speaks of loaded."""

from __future__ import annotations

import importlib
from typing import Annotated

import typer

from fieldkit.text.i18n import _

from .overview import NOUNS, about


def build(first: str) -> typer.Typer:
    """The root with the noun of this first word, or with all for ``--help`` and for slips."""
    root = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    root.callback(help=about())(_top)
    words = [first] if first in NOUNS else list(NOUNS)
    for name in dict.fromkeys(NOUNS[word][0] for word in words):
        module = importlib.import_module(f".{name}", __package__)
        if hasattr(module, "app"):
            root.add_typer(module.app, name=name, help=_(NOUNS[name][1]))
        if hasattr(module, "register"):
            module.register(root)
    return root


def _top(
    home: Annotated[str, typer.Option("--home", metavar="DIR", help=_("工作目录。"))] = "",
    debug: Annotated[bool, typer.Option("--debug", help=_("出错时显示详情。"))] = False,
    version: Annotated[bool, typer.Option("--version", "-V", help=_("版本。"))] = False,
) -> None:
    """Only for ``--help``: ``main`` has taken these words out before the parser sees them."""
