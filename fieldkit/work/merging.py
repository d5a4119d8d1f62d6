"""The office takes bundles in: each whole or not at all, none in the way of another."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from fieldkit.errors import Problem
from fieldkit.store import ledger
from fieldkit.store.open import in_words
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import offices, policies, retention, unmerging
from .exchange_files import append_line, digest_of, read_json, unusable, write_json
from .feeding import Feeder, Group, Known, Looked, Refused
from .refusals import reason
from .scratch import scratch
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit.store.taking_in import Taking

MAX_SET_ASIDE = 320 * 1024 * 1024
"""Rejected files larger than this are reported but not copied, in bytes."""

DIRECT_EVENTS = 40_000
"""A first import of more events than that, and than are held, goes straight into the file.

Others who open the journal meanwhile must wait, as they would for its long transaction.
"""

_UNTRUSTED = frozenset(("unknown-signer",))


@dataclass(frozen=True, slots=True)
class Rejected:
    """One file that was not taken in: why, and where its copy was set aside (or None)."""

    file: Path
    code: str
    reason: str
    kept: Path | None


@dataclass(slots=True)
class Merged:
    """One merge: counts of bundles and events, and what stands in the journal after it.

    ``quarantined`` are the rejected bundles that are whole and signed, by a device that is not
    enrolled: they can be merged once it is.
    """

    merge: str
    bundles: int = 0
    merged: int = 0
    already_known: int = 0
    events_new: int = 0
    events_known: int = 0
    evidence_new: int = 0
    conflicts: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    quarantined: int = 0
    gaps: list[tuple[str, int, int]] = field(default_factory=list)
    forks: list[tuple[str, int]] = field(default_factory=list)
    devices: set[str] = field(default_factory=set)
    """Whose bundles there were among them, new or not."""
    stopped: bool = False


Progress = Callable[[int, int, Path], None]
"""Called before each file: its number from 1, how many there are, its path. It may raise
``Stopped``: what was taken in by then stays, the rest is left where it lies."""


_DEVICE = re.compile(r"[0-9a-f]{32}")


class Stopped(Exception):
    """Somebody wants no more files looked at."""


def merge(
    ws: Workspace,
    paths: Sequence[Path],
    progress: Progress | None = None,
    *,
    group_events: int | None = None,
) -> Merged:
    """Take in every bundle among these files and folders (folders with all below them).

    Each bundle is verified whole, then taken in whole; bundles that wait while the journal is
    busy share its next transaction, up to ``group_events`` events. What is refused is copied to
    ``rejected`` beside its reason and does not stop the rest. Merging the same files again, or in
    another order, gives the same state (DESIGN, invariant 2). Raises Problem when this home is no
    office, a path is missing, or the home itself cannot be written; what was taken in until then
    stays.
    """
    offices.load(ws)
    files = found_bundles(paths)
    done = Merged(secrets.token_hex(8), len(files))
    log: list[dict[str, Any]] = []
    known: list[str] = []
    unmerging.begin(ws, done.merge)
    with scratch(ws.home) as folder, in_words():
        coming = _coming(files)
        held = ledger.count(ws.store.db)
        bulk = group_events is None and coming > held // 5
        with ExitStack() as stack:
            seen = None
            if (
                bulk
                and coming > max(held, DIRECT_EVENTS)
                and stack.enter_context(ws.store.direct())
            ):
                seen = ws.store.all_seen()
            feeder = stack.enter_context(closing(Feeder(ws, files, folder, group_events, seen)))
            intake = stack.enter_context(_Intake(ws, done, log, bulk))
            with suppress(Stopped):
                done.stopped = True
                for item in feeder:
                    if isinstance(item, Looked):
                        if progress is not None:
                            progress(item.number, len(files), item.file)
                    elif isinstance(item, Group):
                        intake.take(item)
                        done.devices |= {one.device for one in item.bundles}
                    elif isinstance(item, Known):
                        done.already_known += 1
                        done.events_known += item.events
                        done.devices.add(item.device)
                        known.append(item.sha256)
                        log.append({"bundle": "", "device": item.device, "new": 0})
                        _release(ws, item.sha256)
                    else:
                        _note_rejected(ws, done, item)
                done.stopped = False
        # Folds of their own, so not while groups wait for theirs.
        unmerging.again(ws, done.merge, known)
        _stand(ws, done)
    _remember(ws, done, log)
    return done


def _coming(files: Sequence[Path]) -> int:
    """About how many events these files hold; a sealed one takes some hundred bytes.

    When they are more than a fifth of what is held, folding once, at the end, is cheaper than
    after each group.
    """
    with suppress(OSError):
        return sum(file.stat().st_size for file in files) // 100
    return 0


class _Intake:
    """Takes groups in: each in a transaction of its own, or several before they are folded."""

    def __init__(self, ws: Workspace, done: Merged, log: list[dict[str, Any]], bulk: bool) -> None:
        self._ws, self._done, self._log, self._bulk = ws, done, log, bulk
        self._open = ExitStack()
        self._taking: Taking | None = None
        self._groups: list[tuple[Group, dict[int, int]]] = []

    def __enter__(self) -> _Intake:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._finish()
        else:
            self._open.__exit__(kind, value, trace)

    def take(self, group: Group) -> None:
        """Take a group in; its policies first, so that nothing is held whose keys are not."""
        for one in group.bundles:
            for raw in one.policies:
                policies.keep(self._ws, raw)
        seen = [
            (
                one.sha256,
                one.bundle,
                one.device,
                one.events,
                " ".join(one.evidence),
                self._done.merge,
            )
            for one in group.bundles
            if one.whole
        ]
        if self._taking is None:
            self._taking = self._open.enter_context(self._ws.store.taking())
        names = {one.number: one.sha256 for one in group.bundles}
        new = self._taking.add(group.stage, seen, self._done.merge, names)
        self._groups.append((group, new))
        if not self._bulk or self._taking.full:
            self._finish()

    def _finish(self) -> None:
        """Commit, and only then count what has come in."""
        self._open.close()
        self._taking = None
        for group, new in self._groups:
            self._count(group, new)
            with suppress(OSError):
                group.stage.unlink()
        self._groups = []

    def _count(self, group: Group, new: dict[int, int]) -> None:
        done = self._done
        for one in group.bundles:
            fresh = new.get(one.number, 0)
            known = fresh == 0 and one.evidence_new == 0
            # One of which only the part before a revocation came in counts as refused.
            done.merged += one.whole and not known
            done.already_known += one.whole and known
            done.events_new += fresh
            done.events_known += one.events - fresh
            done.evidence_new += one.evidence_new
            self._log.append({"bundle": one.bundle, "device": one.device, "new": fresh})
            if one.whole:
                _release(self._ws, one.sha256)
            if one.evidence:
                # Files that were erased here came again with it.
                retention.sweep(self._ws, one.evidence)


def found_bundles(paths: Sequence[Path]) -> list[Path]:
    """The files meant: files as named; of folders every ``*.age``, of homes their ``bundles``.

    Raises Problem ``no-file`` for a path that is not there, before anything is done.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        wanted = path.expanduser().absolute()
        if not os.path.lexists(wanted):
            raise Problem(
                "no-file", _("没有这个文件或文件夹。"), where=shown(str(path)), mend=_("检查路径。")
            )
        for file in _walk(wanted) if wanted.is_dir() else [wanted]:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _walk(folder: Path) -> Iterator[Path]:
    """Sealed files under a folder; a home's keys also end in ``.age`` and are left alone.

    So are letters to devices, which lie beside what devices bring.
    """
    for place, folders, files in os.walk(folder):
        if Path(place).name == "letters":
            folders[:] = [name for name in folders if not _DEVICE.fullmatch(name)]
        if (Path(place) / "keys" / "device.json").is_file():
            folders[:] = [name for name in folders if name == "bundles"]
            files = []
        folders.sort()
        for name in sorted(files):
            if name.endswith(".age") and not name.startswith("."):
                yield Path(place) / name


def _note_rejected(ws: Workspace, done: Merged, refused: Refused) -> None:
    words = reason(refused.code, refused.detail)
    kept = _set_aside(ws, done.merge, refused.file, refused.code, words)
    done.rejected.append(Rejected(refused.file, refused.code, words, kept))
    done.quarantined += refused.code in _UNTRUSTED


def _set_aside(ws: Workspace, merge_id: str, file: Path, code: str, words: str) -> Path | None:
    """Keep a copy under its digest, so the same file is kept once; the original stays."""
    folder = ws.home / "rejected"
    try:
        size = file.stat().st_size
        if not file.is_file() or size > MAX_SET_ASIDE:
            return None
        digest = digest_of(file)
        copy = folder / f"{digest[:16]}.age"
        if not copy.exists():
            part = copy.with_name(f".{copy.name}.{merge_id}.part")
            try:
                shutil.copyfile(file, part)
                part.replace(copy)
            finally:
                part.unlink(missing_ok=True)
        note = {
            "file": str(file),
            "code": code,
            "reason": words,
            "sha256": digest,
            "size": size,
            "merge": merge_id,
            "at": ws.now().isoformat(timespec="seconds"),
        }
        write_json(folder / f"{digest[:16]}.reason.json", note)
    except OSError as error:
        if isinstance(error, PermissionError) and not os.access(file, os.R_OK):
            return None
        raise unusable(folder, error) from error
    return copy


def _release(ws: Workspace, digest: str) -> None:
    """Forget that a file was once set aside, now that it is in."""
    note = ws.home / "rejected" / f"{digest[:16]}.reason.json"
    with suppress(OSError):
        if note.exists() and (read_json(note) or {}).get("sha256") == digest:
            note.unlink()
            (ws.home / "rejected" / f"{digest[:16]}.age").unlink(missing_ok=True)


def _stand(ws: Workspace, done: Merged) -> None:
    """What stands in the journal now, whichever merge brought it."""
    for row in ledger.devices(ws.store.db):
        done.gaps += [(row.device, first, last) for _epoch, first, last in row.gaps]
        done.forks += [(row.device, seq) for seq in row.forks]
    done.conflicts = ledger.count_conflicts(ws.store.db)


def _remember(ws: Workspace, done: Merged, log: list[dict[str, Any]]) -> None:
    entry = {
        "merge": done.merge,
        "at": ws.now().isoformat(timespec="seconds"),
        "bundles": log,
        "events_new": done.events_new,
        "events_known": done.events_known,
        "rejected": [{"file": str(r.file), "code": r.code} for r in done.rejected],
    }
    try:
        append_line(ws.home / "merges.jsonl", entry)
    except OSError as error:
        raise unusable(ws.home / "merges.jsonl", error) from error
