"""Plain command lines read from a table, without the parser.

Loading the parser costs more than most commands do. ``commands.json`` names the commands whose
words are plain (``scripts/commands.py`` writes it from the parser's own model); a line that has
anything else in it, a slip above all, is left to the parser, which knows how to speak of it. A
property test holds both readings together.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("commands.json")

ON = False
"""Whether this process runs a line without the parser."""


class Exit(Exception):
    """How a command leaves with an exit code, as the parser's own exception of this name."""

    def __init__(self, exit_code: int = 0) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class Silent:
    """Stands for the parser in declarations: takes everything, keeps nothing."""

    Exit = Exit

    def __getattr__(self, _name: str) -> Any:
        return self

    def __call__(self, *words: Any, **_options: Any) -> Any:
        # As a decorator it leaves the function as it was.
        return words[0] if len(words) == 1 and callable(words[0]) else self


def read(words: Sequence[str], table: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The function, as ``module:name``, and its arguments; None for what is not plain."""
    line = list(words)
    if not line or any(not word for word in line):
        return None
    command = table.get(" ".join(line[:2])) if len(line) > 1 else None
    rest = line[2:]
    if command is None:
        command, rest = table.get(line[0]), line[1:]
    if command is None:
        return None
    given = _given(rest, command)
    return None if given is None else (command["call"], given)


def _given(rest: list[str], command: dict[str, Any]) -> dict[str, Any] | None:
    given: dict[str, Any] = {}
    loose: list[str] = []
    coming = iter(rest)
    for word in coming:
        if not word.startswith("-"):
            loose.append(word)
            continue
        name, joined, value = word.partition("=")
        known = command["options"].get(name)
        # After one dash the sign belongs to the value.
        if known is None or (joined and not name.startswith("--")):
            return None
        key, kind, many = known
        if kind == "flag":
            if joined or key in given:
                return None
            given[key] = True
            continue
        if not joined:
            value = next(coming, "")
        plain = _plain(value, kind)
        if plain is None or (key in given and not many):
            return None
        if many:
            given.setdefault(key, []).append(plain)
        else:
            given[key] = plain
    if not _placed(loose, command["arguments"], given):
        return None
    return given if set(command["required"]) <= set(given) else None


def _placed(loose: list[str], arguments: list[list[Any]], given: dict[str, Any]) -> bool:
    """Give the words without a name to the arguments, in order; a list takes all that are left."""
    for key, kind, many in arguments:
        taken, loose = (loose, []) if many else (loose[:1], loose[1:])
        values = [_plain(word, kind) for word in taken]
        if None in values:
            return False
        if values:
            given[key] = values if many else values[0]
    return not loose


def _plain(word: str, kind: str) -> Any:
    """The value of a word, None where only the parser may tell."""
    if not word or word.startswith("-"):
        return None
    if kind == "int":
        return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else None
    return Path(word) if kind == "path" else word


def run(words: Sequence[str]) -> int | None:
    """Run a plain line and give its exit code; None where the parser has to read it.

    Raises what the command raises.
    """
    global ON
    if "fieldkit.cli.declaring" in sys.modules:
        # Declared for the parser already; the same modules cannot stand for both.
        return None
    found = read(words, json.loads(TABLE.read_text("utf-8")))
    if found is None:
        return None
    ON = True
    module, _colon, name = found[0].partition(":")
    try:
        getattr(import_module(module), name)(**found[1])
    except Exit as leaving:
        return leaving.exit_code
    return 0
