"""Rules of the house: sizes, imports, what may never be committed, what the README promises."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Files over the line limit, each with its reason.
LONG_FILES: dict[str, str] = {
    "sync/vectors/make.py": "a generator: one small function for each named fault of a bundle",
}


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows or would add."""
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / line for line in out.splitlines() if (ROOT / line).is_file()]


def test_no_file_grows_past_reading() -> None:
    """A source file over 400 lines needs a reason in this test."""
    long = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in tracked("fieldkit/*.py", "sync/*.py")
    }
    assert {name for name, lines in long.items() if lines > 400} == set(LONG_FILES)


def test_nothing_names_a_machine_or_a_registry() -> None:
    """No committed file holds a path of a developer's machine or a package index's host."""
    hosts = [
        "pypi" + ".org",
        "files.python" + "hosted",
        "registry.npm" + "js",
        "deb.debian" + ".org",
    ]
    paths = ["/" + "root/", "/" + "work/main", "/" + "work/shared", "/home/" + "runner"]
    bad = []
    for path in tracked():
        if path.suffix in {".png", ".mo", ".age", ".zip", ".jpg"} or path.name == "LICENSE":
            continue
        text = path.read_text("utf-8", errors="replace")
        bad += [f"{path.relative_to(ROOT)}: {word}" for word in hosts + paths if word in text]
    assert bad == []


def modules_after(code: str) -> set[str]:
    """Top-level modules in memory after running this code in a fresh interpreter."""
    out = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sorted(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return set(out.split())


HEAVY = {"textual", "docx", "openpyxl", "cryptography", "pyrage", "pypinyin", "sqlite_utils", "PIL"}


@pytest.mark.parametrize(
    "module", ["fieldkit.cli.main", "fieldkit.work.workspace", "fieldkit.start"]
)
def test_nothing_headless_pays_for_the_screen(module: str) -> None:
    """Importing the command line or the work layer loads no heavy library."""
    assert not HEAVY & modules_after(f"import {module}")


def test_the_tui_starts_without_the_office() -> None:
    """The first screen pays for Textual, not for crypto, migrations or documents."""
    assert not (HEAVY - {"textual"}) & modules_after("import fieldkit.tui.app")


def test_ci_runs_the_readme() -> None:
    """The gate reads its command from the README; both commands are there."""
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"<!-- (\w+) -->\n```\w*\n(.*?)```\n<!-- end -->", readme, re.S)
    commands = dict(blocks)
    assert set(commands) == {"run", "tests"}
    assert commands["run"].strip().endswith("fieldkit demo")
    assert "scripts/check.py" in commands["tests"]
    assert "README.md" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_constraints_name_no_host() -> None:
    """The pins are names and versions only."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert len(pins) > 20
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!-]+", line) for line in pins)
