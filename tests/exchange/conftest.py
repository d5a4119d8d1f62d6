"""Homes of devices and offices under one folder, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from fieldkit.work import bundles, devices, grants, offices, receipts_given, sites, visiting
from fieldkit.work.workspace import Workspace

REGISTER = """kind,code,name,parent,division,grid,address,floor,registered
village,V1,听枫社区（演示）,,990121101001,,,,
estate,E1,鹭汀花园（演示）,V1,,,鹭汀路6号,,
building,B3,3栋,E1,,,,,
door,D101,101室,B3,,,,1,1
door,D102,102室,B3,,,,1,1
door,D201,201室,B3,,,,2,0
"""


class Town:
    """Opens homes by name, and closes them all at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.open: dict[str, Workspace] = {}
        self._numbers = count(1)

    def home(self, name: str) -> Workspace:
        """The home of that name, made on first use."""
        if name not in self.open:
            self.open[name] = Workspace.open(self.folder / name)
        return self.open[name]

    def office(self, name: str) -> Workspace:
        """An office home."""
        ws = self.home(name)
        offices.init(ws, f"办公室{name}（演示）")
        return ws

    def card(self, ws: Workspace) -> Path:
        """The card of a home's device as a file."""
        path = self.folder / f"{ws.device.device}.card"
        path.write_text(devices.card(ws), "utf-8")
        return path

    def enrol(self, office: Workspace, device: Workspace) -> Path:
        """Enrol a device and give back its grant file."""
        path = self.folder / f"{device.device.device}-{office.home.name}.grant"
        offices.enrol(office, self.card(device), path)
        return path

    def worked(self, name: str, visits: dict[str, str]) -> Workspace:
        """A device home with the small register and these visits logged."""
        ws = self.home(name)
        register = self.folder / "register.csv"
        register.write_text(REGISTER, "utf-8")
        sites.import_register(ws, register)
        for door, outcome in visits.items():
            visiting.log(ws, door, outcome)
        return ws

    def enrolled(self, office: Workspace, name: str, **visits: str) -> Workspace:
        """A device that an office enrolled and that has logged visits."""
        device = self.worked(name, visits)
        grants.receive(device, self.enrol(office, device))
        return device

    def sent(self, device: Workspace) -> Path:
        """A bundle of what is pending, in a folder of its own."""
        path = bundles.create(device, self.folder / f"usb{next(self._numbers)}").path
        assert path is not None
        return path

    def answered(self, office: Workspace, device: Workspace) -> receipts_given.Given:
        """A receipt for a device, taken in by it."""
        out = self.folder / f"r{next(self._numbers)}.letter.age"
        given = receipts_given.give(office, device.device.device, out)
        grants.receive(device, out)
        return given

    def shut(self, name: str) -> Path:
        """Close a home and give its folder, to be copied or replaced."""
        self.open.pop(name).close()
        return self.folder / name


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """An empty folder of homes with its own mailbox."""
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
    monkeypatch.delenv("FIELDKIT_HOME", raising=False)
    made = Town(tmp_path)
    yield made
    for ws in made.open.values():
        ws.close()


@pytest.fixture
def no_mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Move to another computer: its mailbox is another folder."""

    def move(name: str) -> None:
        monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / f"state-{name}"))

    return move
