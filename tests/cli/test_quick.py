"""Plain lines read without the parser: the same arguments, and everything else left to it."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from fieldkit.cli import quick
from fieldkit.cli.root import build

ROOT = Path(__file__).resolve().parent.parent.parent
TABLE: dict[str, Any] = json.loads(quick.TABLE.read_text("utf-8"))
PARSER: Any = typer.main.get_command(build(""))
WORD = st.one_of(
    st.sampled_from(["", "-", "--", "-1", "0", "7", "12345678901", "x", "a=b", "甲", "--help"]),
    st.text(max_size=4),
)


def parsed(words: list[str]) -> dict[str, Any] | None:
    """What the parser makes of a line; None where it complains or speaks of help."""
    command = PARSER
    rest = list(words)
    while hasattr(command, "commands"):
        if not rest or rest[0] not in command.commands:
            return None
        command = command.commands[rest.pop(0)]
    try:
        params = command.make_context("x", rest).params
    except (Exception, SystemExit):
        return None
    return {name: plain(value) for name, value in params.items()}


def plain(value: Any) -> Any:
    """Lists and paths in one shape; an option never given is None or empty alike."""
    if isinstance(value, list | tuple):
        return [plain(one) for one in value] or None
    return str(value) if isinstance(value, Path) else value


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """A command with its own options in any order, values that fit and values that do not."""
    words = draw(st.sampled_from(sorted(TABLE)))
    command = TABLE[words]
    line = []
    for _n in range(draw(st.integers(0, 4))):
        if command["options"] and draw(st.booleans()):
            option = draw(st.sampled_from(sorted(command["options"])))
            flag = command["options"][option][1] == "flag"
            value = draw(WORD)
            line += draw(st.sampled_from([[option], [option, value], [f"{option}={value}"]]))
            if flag:
                line = line[:-1] if line[-1] == value else line
        else:
            line.append(draw(WORD))
    return [*words.split(), *line]


@given(lines())
def test_a_plain_line_reads_as_the_parser_reads_it(line: list[str]) -> None:
    """The same function gets the same arguments; what the parser refuses is left to it."""
    found = quick.read(line, TABLE)
    if found is None:
        return
    call, arguments = found
    module, _colon, name = call.partition(":")
    function = getattr(import_module(module), name)
    bound = inspect.signature(function).bind(**arguments)
    bound.apply_defaults()
    assert {key: plain(value) for key, value in bound.arguments.items()} == parsed(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("site list --json", {"json": True}),
        ("site list --kind estate --kind=village", {"kind": ["estate", "village"]}),
        (
            "inspect answer 3f XQ01 pass --note=好",
            {"inspection": "3f", "item": "XQ01", "value": "pass", "note": "好"},
        ),
        ("office merge a b", {"paths": [Path("a"), Path("b")]}),
        ("site list --jsn", None),
        ("site show", None),
        ("site show a b", None),
        ("site list --help", None),
        ("inspect answer -- 3f XQ01 pass", None),
        ("checklist", None),
        ("nothing", None),
    ],
)
def test_what_is_plain(line: str, expected: dict[str, Any] | None) -> None:
    """Everyday lines are; slips, help and dashes are the parser's."""
    found = quick.read(line.split(), TABLE)
    assert (found and found[1]) == expected


def test_the_table_is_of_these_commands() -> None:
    """Nobody forgot to write it again; nearly every command is in it."""
    check = [sys.executable, str(ROOT / "scripts" / "commands.py"), "--check"]
    assert subprocess.run(check, check=False).returncode == 0
    assert len(TABLE) > 50


def test_a_process_ends_as_with_the_parser(tmp_path: Path) -> None:
    """Both ways: what is printed and the exit code, for an answer, a refusal and a slip."""
    for words in (["site", "list", "--json"], ["site", "show", "没有"], ["site", "lst"]):
        line = ["--home", str(tmp_path / "h"), *words]
        ways = [
            subprocess.run(
                [sys.executable, "-c", f"from fieldkit.start import *\n{how}"],
                capture_output=True,
                check=False,
            )
            for how in (f"sys.argv[1:] = {line!r}; main()", f"raise SystemExit(run({line!r}))")
        ]
        outcomes = [(way.returncode, way.stdout, way.stderr) for way in ways]
        assert outcomes[0] == outcomes[1]
