"""Copies of what an office holds, off its machine: only what they hold is promised as durable.

A copy is a bundle like any other: sealed to the office and to its second key, signed by the
office's own device, with all chains and files that no copy holds yet. It is read back whole before
its content counts. To come back from it: a new home with the old ``keys`` and ``office`` folders,
``office merge`` of the folder with the copies, then ``office restored``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit import __version__
from fieldkit.errors import Problem
from fieldkit.store import receipts_given as book
from fieldkit.store.open import transaction
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import devices, office_line, offices, policies
from .exchange_files import unusable
from .refusals import reason
from .scratch import scratch
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.bundle import EvidenceItem
    from fieldkit_sync.receipt import Run


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was written and read back; no files when nothing was new."""

    files: tuple[Path, ...] = ()
    events: int = 0
    evidence: int = 0
    bytes: int = 0


def make(ws: Workspace, out: Path) -> Copied:
    """Write what no copy holds yet into a folder, best on another disk.

    Raises Problem for a folder inside this home, one that cannot be written, or a medium that
    gives back other bytes than were written.
    """
    from fieldkit_sync.bundle import write
    from fieldkit_sync.clock import pack
    from fieldkit_sync.errors import Refusal

    office = offices.public(ws)
    place = out.expanduser().absolute()
    if place.resolve().is_relative_to(ws.home.resolve()):
        raise Problem(
            "backup-inside",
            _("备份不能放在工作目录里面。"),
            where=shown(str(out)),
            mend=_("请选另一块磁盘或 U 盘上的文件夹。"),
        )
    wanted = _wanted(ws)
    if not wanted:
        return Copied()
    evidence = _evidence(ws, wanted)
    try:
        with scratch(ws.home) as private:
            written = write(
                place,
                identity=devices.identity(ws),
                lines=_lines(ws, wanted),
                evidence=evidence,
                recipients=offices.recipients(ws),
                office=office.office,
                office_name=office.name,
                made_hlc=pack(ws.now_ms(), 0),
                tool=f"fieldkit {__version__}",
                policies=b"".join([policies.current_letter(ws), *policies.lower(ws)]),
                work_dir=private,
            )
            files = (written.path, *written.extra)
            for file in files:
                _read_back(ws, file, private)
    except OSError as error:
        raise unusable(place, error) from error
    except Refusal as refusal:
        raise Problem(
            "backup-refused",
            _("备份没有做成：{why}。").format(why=reason(refusal.code)),
            where=shown(str(out)),
            mend=_("换一个磁盘再试。"),
        ) from refusal
    with transaction(ws.store.db):
        book.keep_durable(ws.store.db, wanted)
    return Copied(files, written.events, written.evidence, written.bytes)


def _wanted(ws: Workspace) -> list[tuple[str, str, int, int]]:
    """The runs that are held and in no copy."""
    from .promises import subtract

    db, found = ws.store.db, []
    for device in book.devices(db):
        safe = book.runs(db, device, "durable_run")
        for (_device, epoch), runs in book.runs(db, device).items():
            for first, last in subtract(runs, safe.get((device, epoch), [])):
                found.append((device, epoch, first, last))
    return found


def _lines(ws: Workspace, wanted: list[tuple[str, str, int, int]]) -> Iterator[bytes]:
    for device, epoch, first, last in wanted:
        yield from ws.store.run_lines(device, epoch, (first, last))


def _evidence(ws: Workspace, wanted: list[tuple[str, str, int, int]]) -> list[EvidenceItem]:
    from fieldkit_sync.bundle import EvidenceItem

    spans: dict[tuple[str, str], list[Run]] = {}
    for device, epoch, first, last in wanted:
        spans.setdefault((device, epoch), []).append((first, last))
    items = {}
    for device, epoch, seq, sha256 in book.announced(ws.store.db):
        if any(first <= seq <= last for first, last in spans.get((device, epoch), ())):
            path = ws.evidence.path(sha256)
            if path is not None:
                items[sha256] = EvidenceItem(sha256, path.stat().st_size, path.suffix[1:], path)
    return list(items.values())


def _read_back(ws: Workspace, file: Path, private: Path) -> None:
    from fieldkit_sync.bundle import read

    with read(file, office_line.identities(ws), work_dir=private):
        return
