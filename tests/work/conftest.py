"""A fresh home per test, its clock standing still, and a small fictional register."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldkit.work import Workspace

REGISTER = """kind,code,name,parent,division,grid,address,floor,registered
village,990100000001,澜渡社区,,990100000001,,澜渡镇,,
grid,W1,第一网格,990100000001,,001,,,
estate,TF,听枫里,W1,,,枫路1号,,
building,TF-3,3栋,TF,,,,,
unit,TF-3-1,1单元,TF-3,,,,,
door,TF-3-101,101室,TF-3-1,,,,1,1
door,TF-3-201,201室,TF-3-1,,,,2,1
door,TF-3-1001,1001室,TF-3-1,,,,10,0
courier,KD1,澜渡快递点,990100000001,,,澜渡路18号,,
"""


@pytest.fixture(autouse=True)
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """One moment for every test, in Chinese."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    monkeypatch.delenv("FIELDKIT_HOME", raising=False)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """An empty home."""
    with Workspace.open(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """The small town as a file."""
    path = tmp_path / "town.csv"
    path.write_text(REGISTER, encoding="utf-8")
    return path


@pytest.fixture
def town(ws: Workspace, register: Path) -> Workspace:
    """A home that holds the small town."""
    from fieldkit.work import sites

    assert sites.import_register(ws, register).rejected == ()
    return ws
