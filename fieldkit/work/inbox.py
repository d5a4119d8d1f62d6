"""Looking at what came before it is merged: whose, what, how much of it is new, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from fieldkit.store import ledger
from fieldkit.store.open import in_words

from . import offices
from .explaining import mend
from .feeding import Feeder, Group, Known, Looked, Refused, Staged
from .merging import found_bundles
from .refusals import reason
from .scratch import scratch
from .workspace import Workspace, home_time

Progress = Callable[[int, int, Path], None]
"""As of a merge: called before each file; what it raises ends the look."""


class Look(NamedTuple):
    """One file as it lies in the inbox; ``state`` is ``new``, ``known`` or ``refused``.

    ``fresh`` are the events that are not here yet. ``made`` is when it was sealed (RFC 3339).
    """

    file: Path
    state: str
    device: str = ""
    name: str = ""
    made: str = ""
    events: int = 0
    fresh: int = 0
    evidence: int = 0
    code: str = ""
    reason: str = ""
    mend: str = ""


def look(ws: Workspace, paths: Sequence[Path], progress: Progress | None = None) -> list[Look]:
    """Judge every file among these files and folders as a merge would; nothing is kept.

    Raises Problem when this home is no office or a path is missing, and what ``progress`` raises.
    """
    offices.load(ws)
    files = found_bundles(paths)
    names = {record.device: record.name for record in offices.enrolled(ws)}
    held: dict[str, dict[str, list[tuple[int, int]]]] = {}
    found: dict[Path, Look] = {}
    with (
        scratch(ws.home) as folder,
        in_words(),
        closing(Feeder(ws, files, folder, None, look=True)) as feeder,
    ):
        for item in feeder:
            if isinstance(item, Looked):
                if progress is not None:
                    progress(item.number, len(files), item.file)
            elif isinstance(item, Known):
                found[item.file] = _known(item, names)
            elif isinstance(item, Refused):
                found[item.file] = _refused(item)
            elif isinstance(item, Group):
                for one in item.bundles:
                    fresh = _fresh(ws, one.header["ranges"], held)
                    found.setdefault(one.file, _sound(one, fresh, names))
    return [found[file] for file in files if file in found]


def _known(item: Known, names: Mapping[str, str]) -> Look:
    name = names.get(item.device, "")
    return Look(item.file, "known", item.device, name, events=item.events, mend=mend("known"))


def _refused(item: Refused) -> Look:
    words = reason(item.code, item.detail)
    return Look(item.file, "refused", code=item.code, reason=words, mend=mend(item.code))


def _sound(one: Staged, fresh: int, names: Mapping[str, str]) -> Look:
    return Look(
        one.file,
        "new" if fresh else "known",
        one.device,
        names.get(one.device) or str(one.header.get("name", "")),
        home_time(str(one.header["made_hlc"])),
        one.events,
        fresh,
        len(one.evidence),
        mend="" if fresh else mend("known"),
    )


def _fresh(
    ws: Workspace,
    ranges: Iterable[dict[str, Any]],
    held: dict[str, dict[str, list[tuple[int, int]]]],
) -> int:
    """How many numbers of these runs are not here; of a number used twice one is here."""
    count = 0
    for run in ranges:
        device, epoch = str(run["dev"]), str(run["epoch"])
        if device not in held:
            held[device] = ledger.runs(ws.store.db, device)
        first, last = int(run["from_seq"]), int(run["to_seq"])
        count += last - first + 1
        for low, high in held[device].get(epoch, ()):
            count -= max(0, min(last, high) - max(first, low) + 1)
    return count
