"""Reading one bundle after another for a journal that is busy elsewhere.

Opening, verifying and drawing events apart is the costly and the dangerous half of a merge. It
needs neither the journal nor anybody's leave, so it can run in a process of its own, where a
hostile file can at worst end that process. The other half asks ``work.trust`` whether the bundle
is to be believed, says so, and takes the stage in.

For each bundle three questions in a row: ``open``, ``stage``, ``keep``. Answers are plain JSON; a
bundle that is refused answers with ``refused`` and is forgotten.
"""

from __future__ import annotations

import gc
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.domain.kinds import BadBody
from fieldkit.errors import Problem
from fieldkit.store.evidence import EvidenceStore
from fieldkit.store.staging import Stage

if TYPE_CHECKING:
    from fieldkit_sync.bundle import AnyOpened
    from fieldkit_sync.event import Fields

Answer = dict[str, Any]

HOME = "home"
"""The code for a fault of our own disk: no bundle is to blame, the merge stops with these words."""

_EVIDENCE_FAULTS = frozenset(
    ("evidence-type", "evidence-digest", "evidence-location", "evidence-too-large")
)


class Intake:
    """Reads bundles here, in this process."""

    def __init__(self, identities: list[str], scratch: Path, evidence: Path) -> None:
        self._identities = identities
        self._scratch = scratch
        self._evidence = EvidenceStore(evidence)
        self._opened: AnyOpened | None = None
        self._stage: Stage | None = None
        self._folder: Path | None = None

    def open(self, path: str) -> Answer:
        """Open and verify a file but for its events: who speaks, to whom, of which chains."""
        from fieldkit_sync.bundle import read
        from fieldkit_sync.errors import Refusal

        self._forget()
        try:
            self._folder = Path(tempfile.mkdtemp(prefix="in-", dir=self._scratch))
            opened = read(Path(path), self._identities, work_dir=self._folder, events_later=True)
        except Refusal as refusal:
            return self._refused(refusal.code, refusal.detail)
        except OSError as error:
            return self._failed(error)
        self._opened = opened
        return {
            "header": opened.header,
            "device": opened.device,
            "public_key": opened.public_key,
            "certificate": opened.certificate or "",
            "policies": opened.policies.decode("utf-8"),
        }

    def stage(self, place: str, number: int, limits: dict[str, int]) -> Answer:
        """Verify every event and put it on a stage, as those of bundle ``number``.

        ``limits`` are the last believed numbers of chains whose device was revoked, by
        "device/epoch"; of these chains only what a seal at or below the limit closes is staged.
        Answers with the number of events, how many were left out, the last number left in of each
        such chain, and the seals of other devices, whose keys are not known here.
        """
        from fieldkit_sync.errors import Refusal

        assert self._opened is not None
        try:
            cuts = self._cuts(limits) if limits else {}
            if self._stage is None or str(self._stage.path) != place:
                self._close_stage()
                self._stage = Stage(Path(place))
            seals: list[str] = []
            self._stage.begin()
            watched = _watched(self._opened.fields(), self._opened.device, seals, cuts)
            count = self._stage.add(watched, number)
        except Refusal as refusal:
            return self._refused(refusal.code, refusal.detail)
        except BadBody as bad:
            return self._refused("bad-body", str(bad))
        except Problem as problem:
            return self._refused(HOME, problem.sentence())
        except OSError as error:
            return self._failed(error)
        dropped = int(self._opened.header["n"]) - count
        return {"events": count, "dropped": dropped, "seals": seals, "cuts": cuts}

    def keep(self, keep: bool) -> Answer:
        """Leave the bundle on its stage, its evidence first; or take it away again."""
        assert self._opened is not None
        assert self._stage is not None
        fresh = 0
        try:
            if keep:
                for sha256, ext, read in self._opened.evidence():
                    with read() as stream:
                        fresh += self._evidence.put_verified(sha256, ext, stream)
        except Problem as problem:
            if problem.code in _EVIDENCE_FAULTS:
                return self._refused("evidence", problem.sentence())
            return self._refused(HOME, problem.sentence())
        except OSError as error:
            return self._failed(error)
        try:
            self._stage.keep(keep)
        except Problem as problem:
            return self._refused(HOME, problem.sentence())
        self._forget_bundle()
        return {"evidence_new": fresh}

    def close(self) -> None:
        """Let everything go; what was not kept is gone."""
        self._forget()
        self._close_stage()

    def _cuts(self, limits: dict[str, int]) -> dict[str, int]:
        """Up to where each revoked chain is closed by a seal within its limit."""
        assert self._opened is not None
        cuts = dict.fromkeys(limits, 0)
        for event in self._opened.events():
            chain = f"{event.device}/{event.epoch}"
            if event.kind == "seal" and event.seq <= limits.get(chain, 0):
                cuts[chain] = event.seq
        return cuts

    def _refused(self, code: str, detail: str) -> Answer:
        self._forget()
        return {"refused": code, "detail": detail}

    def _failed(self, error: OSError) -> Answer:
        self._forget()
        return {"os_error": [error.errno or 0, error.strerror or str(error)]}

    def _forget(self) -> None:
        if self._stage is not None and self._stage.busy:
            try:
                self._stage.keep(False)
            except Problem:
                self._close_stage()
        self._forget_bundle()

    def _forget_bundle(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _close_stage(self) -> None:
        if self._stage is not None:
            self._stage.close()
            self._stage = None


def _watched(
    events: Iterator[Fields], signer: str, seals: list[str], cuts: dict[str, int]
) -> Iterator[Fields]:
    """Let events through that no cut leaves out, noting the seals of other devices."""
    for found in events:
        device, epoch, seq = found[:3]
        if cuts and seq > cuts.get(f"{device}/{epoch}", seq):
            continue
        if found[6] == "seal" and device != signer:
            seals.append(found[9].decode("utf-8"))
        yield found


def serve() -> None:
    """Answer questions on standard input, one JSON line each, until it ends."""
    first = json.loads(sys.stdin.readline())
    # Thousands of events come and go at once, none of them in circles: nothing to look for.
    gc.disable()
    intake = Intake(first["identities"], Path(first["scratch"]), Path(first["evidence"]))
    calls: dict[str, Callable[..., Answer]] = {
        "open": intake.open,
        "stage": intake.stage,
        "keep": intake.keep,
    }
    try:
        for line in sys.stdin:
            name, *values = json.loads(line)
            print(json.dumps(calls[name](*values)), flush=True)
    finally:
        intake.close()


if __name__ == "__main__":
    serve()
