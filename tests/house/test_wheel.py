"""The wheel carries everything that a run needs: not only what Python imports."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = (".sql", ".tcss", ".mo", ".json", ".yaml", ".typed", ".py")


def test_the_wheel_is_whole(tmp_path: Path) -> None:
    """Every data file of both packages and every checklist is in the built wheel."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(base))
        for base, package in ((ROOT, "fieldkit"), (ROOT / "sync", "fieldkit_sync"))
        for path in (base / package).rglob("*")
        if path.suffix in SHIPPED and "__pycache__" not in path.parts
    }
    wanted |= {
        str(Path("fieldkit/_data") / path.relative_to(ROOT))
        for path in (ROOT / "checklists").rglob("*")
        if path.is_file()
    }
    assert wanted - names == set()
    assert not any(name.startswith(("tests/", "sync/")) for name in names)
