"""How far an office had come, noted outside its home: a restored or copied office is noticed.

The counterpart of ``store.mark`` for what an office promises: the version of its policy and the
number of its last receipt. A state folder that cannot be written means that nothing is noted.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from fieldkit.store.mark import state_folder

from . import offices
from .exchange_files import read_json, write_json
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class OfficeMark:
    """What was noted last; zeros and an empty epoch when nothing was."""

    policy_version: int = 0
    office_epoch: str = ""
    receipt_seq: int = 0


def read(ws: Workspace) -> OfficeMark:
    """The note for this office in this home."""
    data = read_json(_path(ws)) or {}
    try:
        return OfficeMark(
            int(data["policy_version"]), str(data["office_epoch"]), int(data["receipt_seq"])
        )
    except (KeyError, ValueError, TypeError):
        return OfficeMark()


def usable() -> bool:
    """Whether notes can be kept on this computer."""
    try:
        (state_folder() / "offices").mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return False
    return True


def note(
    ws: Workspace,
    *,
    policy_version: int | None = None,
    receipt: tuple[str, int] | None = None,
) -> None:
    """Note a policy's version, or a receipt's epoch and number."""
    mark = read(ws)
    if policy_version is not None:
        mark = replace(mark, policy_version=max(policy_version, mark.policy_version))
    if receipt is not None:
        mark = replace(mark, office_epoch=receipt[0], receipt_seq=receipt[1])
    with suppress(OSError):
        write_json(_path(ws), asdict(mark))


def _path(ws: Workspace) -> Path:
    name = f"{offices.public(ws).office}\0{ws.home.resolve()}"
    digest = hashlib.sha256(name.encode("utf-8")).hexdigest()[:32]
    return state_folder() / "offices" / f"{digest}.json"
