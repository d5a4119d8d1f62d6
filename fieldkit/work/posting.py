"""An office's side of a wire: fetching what devices brought, and posting them their letters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import offices, receipts_given, sending
from .exchange_files import unusable
from .scratch import scratch
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.wires.base import Wire


@dataclass(frozen=True, slots=True)
class Fetched:
    """Volumes that were brought into the office's own folder, and those that lay there already.

    ``failed`` says of every other one why it could not be.
    """

    folder: Path
    files: tuple[Path, ...]
    known: int
    failed: tuple[str, ...] = ()


def incoming(ws: Workspace) -> Path:
    """The folder of this office into which wires bring volumes, made where there is none.

    Raises Problem ``not-an-office``, or where it cannot be made.
    """
    offices.public(ws)
    folder = ws.home / "incoming"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error
    return folder


def fetch(
    ws: Workspace, source: str, progress: Callable[[int, int], None] | None = None
) -> Fetched:
    """Bring every volume that lies on a folder or an object store here; nothing over there changes.

    ``progress`` is told the number of the volume and how many there are. A volume that is not
    what its name says stops none of the others. Raises Refused ``wire-…`` where the wire itself
    fails; what was brought by then stays.
    """
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.wires.base import OFFICE, SUFFIXES

    folder = incoming(ws)
    files, known, failed = [], 0, []
    try:
        wire = _wire(ws, source)
        lying = [one for one in wire.list(OFFICE) if one.name.endswith(SUFFIXES)]
        for number, one in enumerate(lying, 1):
            if progress is not None:
                progress(number, len(lying))
            place = folder / one.name
            if place.is_file() and place.stat().st_size == one.size:
                known += 1
            else:
                try:
                    wire.get(one.name, OFFICE, folder)
                except Refusal as refusal:
                    if refusal.code not in sending.SPOILT:
                        raise
                    failed.append(f"{one.name}: {sending.unfetched(refusal.code)}")
                    continue
            files.append(place)
    except Refusal as refusal:
        raise sending.problem(refusal, source) from refusal
    return Fetched(folder, tuple(files), known, tuple(failed))


def post(ws: Workspace, target: str, wanted: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Post each device its newest receipt; to all that are enrolled where none is named.

    Gives each device with the name of its letter. Raises Problem for an unknown device, Refused
    ``wire-…``.
    """
    from fieldkit_sync.errors import Refusal

    records = [offices.find(ws, one) for one in wanted] or [
        it for it in offices.enrolled(ws) if it.state == "enrolled"
    ]
    try:
        return post_to(ws, _wire(ws, target), (it.device for it in records))
    except Refusal as refusal:
        raise sending.problem(refusal, target) from refusal


def post_to(ws: Workspace, wire: Wire, devices: Iterable[str]) -> list[tuple[str, str]]:
    """As ``post``, onto a wire that is at hand; raises its `Refusal`."""
    from fieldkit_sync.wires.base import volume

    posted = []
    with scratch(ws.home) as folder:
        for device in devices:
            made = folder / "letter"
            receipts_given.give(ws, device, made)
            sha256 = hashlib.sha256(made.read_bytes()).hexdigest()
            named = made.rename(folder / f"{sha256[:16]}.age")
            wire.put(volume(named), device)
            posted.append((device, named.name))
            named.unlink()
    return posted


def _wire(ws: Workspace, address: str) -> Wire:
    from fieldkit_sync.wires.dialling import Caller, dial, scheme_of

    if scheme_of(address) in ("http", "https"):
        raise Problem(
            "wire-refused",
            _("网络地址是办公室自己的收件端，文件已经在这台机器上"),
            where=shown(address),
            mend=_("这里写文件夹路径或 s3:// 地址；收件端收到的用 fieldkit office merge 合并。"),
        )
    public = offices.public(ws)

    def no_signature(namespace: str, data: bytes) -> str:
        raise AssertionError("this wire asks for no signature")

    return dial(address, Caller(ws.device.device, no_signature, public.office))
