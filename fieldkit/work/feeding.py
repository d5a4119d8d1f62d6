"""Bundles on their way to the journal: read, judged and staged, while the journal works.

With more than a few bundles the reading runs in processes of its own, each driven by a thread here,
and the journal takes what has gathered in one transaction. So the processors share the work, a
commit is paid for once a group, and a file that kills its reader does no harm.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldkit.errors import Problem
from fieldkit.store.open import in_words
from fieldkit.store.store import SeenBefore, Store

from . import bundles
from .exchange_files import digest_of, unusable
from .intake import HOME, Answer, Intake
from .intake_process import CRASHED, Reader, RemoteIntake
from .trust import Trust, Verdict, unsealed
from .workspace import Workspace

GROUP_EVENTS = 70_000
"""How many events may wait for one transaction; a bundle larger than that is a group alone.

A large group costs less than its parts: each page of a table is written once and not for every
bundle, and what lies at random is put in order first.
"""

LANES = 2
"""How many processes read at once, if there are as many processors."""

WAITING = 2
"""How many groups may wait until the journal has time for them."""

ALONE_FILES = 3
ALONE_BYTES = 4 * 1024 * 1024
"""Up to so many files, or so many bytes, starting another process costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A file is being looked at: its number from 1."""

    number: int
    file: Path


@dataclass(frozen=True, slots=True)
class Known:
    """A file that was taken in before."""

    file: Path
    sha256: str
    device: str
    events: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not believed, or not in all its parts."""

    file: Path
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Staged:
    """One believed bundle on a stage; ``number`` is its mark there."""

    number: int
    file: Path
    sha256: str
    bundle: str
    device: str
    events: int
    evidence: tuple[str, ...]
    evidence_new: int
    whole: bool
    policies: tuple[bytes, ...]
    header: dict[str, Any]


@dataclass(slots=True)
class Group:
    """Bundles that share a stage, and so a transaction."""

    stage: Path
    bundles: list[Staged] = field(default_factory=list)

    @property
    def events(self) -> int:
        """How many events there are on the stage."""
        return sum(one.events for one in self.bundles)


Item = Looked | Known | Refused | Group

Lookup = Callable[[str], SeenBefore | None]
"""Whether a file of this digest was taken in before, and what is remembered of it."""


class Feeder:
    """Iterate over it for what became of each file; close it in any case."""

    def __init__(
        self,
        ws: Workspace,
        files: Sequence[Path],
        scratch: Path,
        group_events: int | None,
        seen: dict[str, SeenBefore] | None = None,
        *,
        look: bool = False,
    ) -> None:
        """With ``seen``, all bundles ever taken in, the lanes leave the journal alone.

        With ``look`` files are judged as they would be, and nothing of them is kept.
        """
        self._files = enumerate(files, 1)
        self._drawing = threading.Lock()
        self._stop = threading.Event()
        self._queue: queue.SimpleQueue[Item | BaseException | None] = queue.SimpleQueue()
        self._room = threading.Semaphore(WAITING)
        self._threads: list[threading.Thread] = []
        limit = GROUP_EVENTS if group_events is None else group_events
        keys, trust = bundles.keys_at_hand(ws), Trust(ws)
        self._apart = _many(files)
        kind = RemoteIntake if self._apart else Intake
        self._lanes = [
            _Lane(
                ws,
                kind(keys, scratch, ws.evidence.folder),
                trust,
                scratch / f"lane-{n}",
                limit,
                seen,
                look,
            )
            for n in range(min(LANES, os.cpu_count() or 1) if self._apart else 1)
        ]

    def __iter__(self) -> Iterator[Item]:
        if not self._apart:
            yield from self._lanes[0].work(self._draw)
            return
        for lane in self._lanes:
            thread = threading.Thread(target=self._run, args=(lane,), name="feeder", daemon=True)
            self._threads.append(thread)
            thread.start()
        ended = 0
        while ended < len(self._lanes):
            item = self._queue.get()
            if isinstance(item, BaseException):
                raise item
            if isinstance(item, Group):
                self._room.release()
            if item is None:
                ended += 1
            else:
                yield item

    def close(self) -> None:
        """Stop, whatever was under way; what is staged and not taken is forgotten."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        for lane in self._lanes:
            lane.close()

    def _draw(self) -> tuple[int, Path] | None:
        """The next file; its number from 1."""
        with self._drawing:
            return None if self._stop.is_set() else next(self._files, None)

    def _run(self, lane: _Lane) -> None:
        last: BaseException | None = None
        try:
            for item in lane.work(self._draw):
                while isinstance(item, Group) and not self._room.acquire(timeout=0.1):
                    if self._stop.is_set():
                        return
                self._queue.put(item)
        except BaseException as error:
            last = error
        self._queue.put(last)


def _many(files: Sequence[Path]) -> bool:
    if len(files) <= ALONE_FILES:
        return False
    try:
        return sum(file.stat().st_size for file in files) > ALONE_BYTES
    except OSError:
        return True


class _Lane:
    """One reader and the stages it fills; one thread drives it."""

    def __init__(
        self,
        ws: Workspace,
        reader: Reader,
        trust: Trust,
        folder: Path,
        limit: int,
        seen: dict[str, SeenBefore] | None,
        look: bool,
    ) -> None:
        self._reader, self._look = reader, look
        self._trust = trust
        self._folder = folder
        self._limit = limit
        self._home = ws.store.path.parent
        self._device, self._now_ms = ws.device.device, ws.now_ms
        self._evidence = ws.evidence
        self._seen = seen
        self._stages = 0

    def close(self) -> None:
        """End the reader."""
        self._reader.close()

    def work(self, draw: Callable[[], tuple[int, Path] | None]) -> Iterator[Item]:
        """What became of each file that ``draw`` gives."""
        try:
            self._folder.mkdir()
        except OSError as error:
            raise unusable(self._home, error) from error
        if self._seen is not None:
            yield from self._all(self._seen.get, draw)
            return
        store = Store(self._home, self._device, self._now_ms)
        try:
            with in_words():
                yield from self._all(store.seen, draw)
        finally:
            store.close()

    def _all(self, seen: Lookup, draw: Callable[[], tuple[int, Path] | None]) -> Iterator[Item]:
        group = self._group()
        again: list[tuple[int, Path]] = []
        while drawn := again.pop() if again else draw():
            number, file = drawn
            yield Looked(number, file)
            item = self._one(seen, number, file, group)
            if isinstance(item, Refused) and item.code == CRASHED and group.bundles:
                # The stage may be torn: what was on it is read once more, without that file.
                again += [(one.number, one.file) for one in group.bundles]
                group = self._group()
            if isinstance(item, Staged):
                group.bundles.append(item)
                if not item.whole:
                    yield Refused(file, "revoked")
            else:
                yield item
            if group.bundles and group.events >= self._limit:
                yield group
                group = self._group()
        if group.bundles:
            yield group

    def _group(self) -> Group:
        self._stages += 1
        return Group(self._folder / f"stage-{self._stages}.db")

    def _one(
        self, lookup: Lookup, number: int, file: Path, group: Group
    ) -> Staged | Known | Refused:
        try:
            if not file.is_file():
                return Refused(file, "not-a-file")
            digest = digest_of(file)
        except OSError as error:
            return Refused(file, "unreadable", error.strerror or "")
        seen = lookup(digest)
        if seen is not None and all(self._evidence.has(it) for it in seen[2]):
            return Known(file, digest, seen[0], seen[1])
        answer = self._reader.open(str(file))
        if fault := self._fault(file, answer):
            return fault
        verdict = self._trust.judge(answer)
        if verdict.code:
            return Refused(file, verdict.code, str(answer["device"])[:8])
        return self._stage(number, file, digest, group, answer, verdict)

    def _stage(
        self,
        number: int,
        file: Path,
        digest: str,
        group: Group,
        answer: Answer,
        verdict: Verdict,
    ) -> Staged | Refused:
        header: dict[str, Any] = answer["header"]
        staged = self._reader.stage(str(group.stage), number, verdict.limits)
        if fault := self._fault(file, staged):
            return fault
        if unsealed(verdict, staged, header["ranges"]):
            self._reader.keep(False)
            return Refused(file, "unsealed", str(answer["device"])[:8])
        if staged["dropped"] and not staged["events"]:
            self._reader.keep(False)
            return Refused(file, "revoked", str(answer["device"])[:8])
        # Who only looks leaves neither an event on the stage nor a file of evidence in the home.
        kept = self._reader.keep(not self._look)
        if fault := self._fault(file, kept):
            return fault
        return Staged(
            number,
            file,
            digest,
            str(header["bundle_id"]),
            str(answer["device"]),
            int(staged["events"]),
            tuple(str(item["sha256"]) for item in header["evidence"]),
            int(kept["evidence_new"]),
            not staged["dropped"],
            verdict.policies,
            header,
        )

    def _fault(self, file: Path, answer: Answer) -> Refused | None:
        if "os_error" in answer:
            number, text = answer["os_error"]
            raise unusable(self._home, OSError(number, text))
        if "refused" not in answer:
            return None
        code, detail = str(answer["refused"]), str(answer["detail"])
        if code == HOME:
            raise Problem("home-unusable", detail)
        return Refused(file, code, detail if code in ("bad-body", "evidence") else "")
