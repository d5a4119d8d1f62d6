"""A device with work and the office that enrolled it, small and always the same in kind."""

from __future__ import annotations

from pathlib import Path

from fieldkit.work import bundles, devices, grants, merging, offices, sites, visiting
from fieldkit.work.workspace import Workspace

REGISTER = "kind,code,name,parent,division,grid,address,floor,registered\n" + "\n".join(
    [
        "village,V1,听枫社区（演示）,,990121101001,,,,",
        "estate,E1,鹭汀花园（演示）,V1,,,鹭汀路6号,,",
        "building,B1,1栋,E1,,,,,",
        *[f"door,D{n:02d},{n:02d}室,B1,,,,{n // 4 + 1},1" for n in range(1, 9)],
    ]
)


def make_office(folder: Path) -> Path:
    """The home of an office."""
    home = folder / "office"
    with Workspace.open(home) as office:
        offices.init(office, "办公室（演示）")
    return home


def make_device(folder: Path, office: Path, name: str = "device", visits: int = 3) -> Path:
    """The home of a device that has the register, some visits, and that office's grant."""
    home = folder / name
    card, grant = folder / f"{name}.card", folder / f"{name}.grant"
    register = folder / "register.csv"
    register.write_text(REGISTER, "utf-8")
    with Workspace.open(home) as device, Workspace.open(office) as ours:
        sites.import_register(device, register)
        for number in range(visits):
            visiting.log(device, f"D{number % 8 + 1:02d}", "met", note=f"{name} {number}")
        card.write_text(devices.card(device), "utf-8")
        offices.enrol(ours, card, grant)
        grants.receive(device, grant)
    return home


def export(home: Path, out: Path) -> Path:
    """Seal what a home has to send into a folder; the sealed file."""
    with Workspace.open(home) as device:
        path = bundles.create(device, out).path
        assert path is not None
        return path


def merged(office: Path, paths: list[Path]) -> merging.Merged:
    """Merge into an office, opened for that and closed again."""
    with Workspace.open(office) as ours:
        return merging.merge(ours, paths)


def digest(home: Path) -> str:
    """The state of a home whose journal is sound."""
    with Workspace.open(home) as ours:
        assert ours.store.verify() == []
        return ours.store.state_digest()
