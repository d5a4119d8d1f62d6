"""Sealed files that a device of the office made, whole and signed, not to be believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fieldkit.domain.kinds import site_id
from fieldkit.work import devices, offices
from fieldkit_sync import bundle
from fieldkit_sync.event import GENESIS, Event, make

from .acts import Acts
from .county import Held, Sealed, Slot, text_file

KINDS = ("body", "unsealed")


def seal(county: Acts, slot: Slot, kind: str) -> Path:
    """Put a bad file on the stick: good events and files beside one that spoils them all."""
    number = county.number()
    office = county.office(slot.above)
    with county.at(office) as ours:
        recipients = offices.recipients(ours)
        others = [it.device for it in offices.enrolled(ours) if it.device != slot.device]
    folder = county.folder / f"bad-{number}"
    folder.mkdir()
    items = [_item(folder, number * 1000, "txt")]
    if kind == "evidence":
        # Files come in the order of their digests: the good one first.
        items.append(next(it for it in _odd_files(folder, number) if it.sha256 > items[0].sha256))
    foreign = kind == "unsealed" and bool(others)
    device = others[number % len(others)] if foreign else slot.device
    lines = [it.line for it in _events(device, number, bad=kind != "evidence" and not foreign)]
    with county.at(slot) as ws:
        written = bundle.write(
            folder,
            identity=devices.identity(ws),
            lines=lines,
            evidence=items,
            recipients=recipients,
            office=office.office,
            made_hlc="0" * 16,
            tool="laws",
        )
    paths = [written.path, *written.extra]
    for path in paths:
        county.files[path] = Sealed(path, slot.above, slot.device, Held(), sound=False)
    county.stick += paths
    return written.path


def _events(device: str, number: int, *, bad: bool) -> list[Event]:
    visit = {"outcome": "met", "materials": 1, "app": "none", "note": "", "day": "2026-11-22"}
    first = _event(device, number, 1, GENESIS, visit)
    wrong = visit | {"outcome": "" if bad else "left"}
    return [first, _event(device, number, 2, first.hash, wrong)]


def _event(device: str, number: int, seq: int, prev: str, body: dict[str, Any]) -> Event:
    return make(
        device=device,
        epoch=f"{number:016x}",
        seq=seq,
        prev=prev,
        hlc="0" * 16,
        kind="visit.logged",
        entity=site_id("D1"),
        division="",
        body=body,
        salt=f"{number:032x}",
    )


def _odd_files(folder: Any, number: int) -> Any:
    return (_item(folder, number * 1000 + n, "gif") for n in range(1, 1000))


def _item(folder: Any, number: int, ext: str) -> bundle.EvidenceItem:
    digest, raw = text_file(folder, number)
    path = (folder / f"{digest}.txt").rename(folder / f"{digest}.{ext}")
    return bundle.EvidenceItem(digest, len(raw), ext, path)
