"""What no start may load: each path in a fresh interpreter, by the modules in memory after it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "textual", "typer", "rich", "yaml", "docx", "openpyxl", "cryptography", "pyrage", "pypinyin",
    "sqlite_utils", "PIL", "qrcode", "re2",
}  # fmt: skip
SILENT = "from fieldkit.start import run\nrun({words!r}, alone=True)"


def loaded(code: str, tmp_path: Path) -> set[str]:
    """Modules in memory after this code, whole names and first words."""
    tail = "\nimport sys; print('\\0', *sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code + tail],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    names = set(done.stderr.rpartition("\0")[2].split())
    return names | {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    "words",
    [
        ["--version"],
        ["--help"],
        ["--home", "h", "site", "list", "--json"],
        ["--home", "h", "inspect", "list", "--json"],
        ["--home", "h", "finding", "list"],
        ["--home", "h", "coverage"],
    ],
    ids=" ".join,
)
def test_commands_load_only_what_they_need(words: list[str], tmp_path: Path) -> None:
    """Neither the screens nor the parser nor any library that this command does not use."""
    if "--home" in words:
        # The first use of a home makes the keys of the device, which only then needs crypto.
        loaded(SILENT.format(words=["--home", "h", "site", "list"]), tmp_path)
    assert not HEAVY & loaded(SILENT.format(words=words), tmp_path)


def test_the_help_needs_no_database(tmp_path: Path) -> None:
    """``--version`` and ``--help`` are answered before the parser and the store are loaded."""
    for words in (["--version"], ["--help"]):
        assert not {"sqlite3", "fieldkit.work", "fieldkit.domain"} & loaded(
            SILENT.format(words=words), tmp_path
        )


def test_the_way_to_the_screens_needs_no_parser(tmp_path: Path) -> None:
    """Without words the screens are opened before typer is thought of."""
    code = "from fieldkit.cli import run\nrun([], open_tui=lambda home: 0)"
    assert not HEAVY & loaded(code, tmp_path)


def test_the_app_waits_with_inspections(tmp_path: Path) -> None:
    """The app itself loads Textual and the store, not the rules of checklists nor the library."""
    found = loaded("from fieldkit.tui import ime; ime.prepare(); import fieldkit.tui.app", tmp_path)
    assert not (HEAVY - {"textual", "rich"}) & found
    assert not {"fieldkit.work.inspecting", "fieldkit.library", "fieldkit.domain.form"} & found
