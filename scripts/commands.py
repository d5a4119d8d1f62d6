"""Write the table of plain command lines from the parser's own model, or check it (``--check``)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import typer

from fieldkit.cli.quick import TABLE
from fieldkit.cli.root import build

KINDS = {"str": "str", "int": "int", "path": "path", "boolean": "flag"}


def commands(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, under its words."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name), command


def described(command: Any) -> dict[str, Any] | None:
    """How a line for this command reads; None where it is not plain."""
    function = getattr(command.callback, "__wrapped__", command.callback)
    module, name = function.__module__, function.__qualname__
    if "." in name or command.context_settings:
        return None
    options: dict[str, list[Any]] = {}
    arguments: list[list[Any]] = []
    required = []
    for param in command.params:
        if param.name == "help":
            continue
        kind = KINDS.get(param.type.name)
        many = bool(getattr(param, "multiple", False)) or param.nargs == -1
        plain = kind and param.envvar is None and param.nargs in (1, -1) and not param.is_eager
        if param.param_type_name == "argument":
            if not plain or kind == "flag":
                return None
            arguments.append([param.name, kind, many])
        elif plain:
            if (kind == "flag") != bool(param.is_flag):
                return None
            # Where a word turns it off again, that word is left to the parser.
            options |= {word: [param.name, kind, many] for word in param.opts}
        if param.required:
            if not plain:
                return None
            required.append(param.name)
    if sum(many for _name, _kind, many in arguments[:-1]):
        return None
    return {
        "call": f"{module}:{name}",
        "options": options,
        "arguments": arguments,
        "required": required,
    }


def table() -> str:
    """The table as it stands in the file."""
    root = typer.main.get_command(build(""))
    rows = {" ".join(words): described(command) for words, command in commands(root)}
    kept = {words: row for words, row in sorted(rows.items()) if row is not None}
    lines = (f"{json.dumps(words)}: {json.dumps(row)}" for words, row in kept.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    """Write it, or say that it is not what the commands are."""
    made = table()
    if "--check" not in sys.argv[1:]:
        TABLE.write_text(made, "utf-8")
        return 0
    if TABLE.read_text("utf-8") == made:
        return 0
    print("fieldkit/cli/commands.json is old: python scripts/commands.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
