"""Looking at a bundle: what it says of itself, and whether it is whole, signed and trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.domain.kinds import BadBody, accept
from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import devices, office_line, offices
from .exchange_files import unusable
from .refusals import WRONG_OFFICE, reason
from .scratch import scratch
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.bundle import AnyOpened
    from fieldkit_sync.event import Event


@dataclass(slots=True)
class Checked:
    """What can be said of a bundle: ``ok`` is True when it is whole, signed and trusted.

    ``ok`` is None when it was only looked at from outside, for want of a key.
    """

    size: int
    sha256: str
    ok: bool | None = None
    device: str | None = None
    name: str = ""
    office_name: str = ""
    made: str = ""
    volume: str = ""
    events: int | None = None
    first_seq: int | None = None
    last_seq: int | None = None
    evidence: int | None = None
    problems: list[str] = field(default_factory=list)


def keys_at_hand(ws: Workspace) -> list[str]:
    """The age identities that this home can open bundles with: its office's and its own."""
    found = office_line.identities(ws) if offices.is_office(ws) else []
    return [*found, *devices.age_identities(ws)]


def show(ws: Workspace, path: Path) -> Checked:
    """What can be read of a bundle: with a key what it holds, without one its outside.

    Raises Problem when there is no such file.
    """
    seen = _outside(path)
    if seen.problems:
        return seen
    inside = verify(ws, path)
    if inside.problems == [reason(WRONG_OFFICE)]:
        return seen
    return inside


def verify(ws: Workspace, path: Path) -> Checked:
    """Whether a bundle is whole, signed, and signed by a device this home trusts.

    Raises Problem when there is no such file.
    """
    from fieldkit_sync.bundle import read
    from fieldkit_sync.errors import Refusal

    seen = _outside(path)
    if seen.problems:
        return seen
    seen.ok = False
    try:
        with scratch(ws.home) as folder, read(path, keys_at_hand(ws), work_dir=folder) as opened:
            _look_inside(ws, opened, seen)
    except Refusal as refusal:
        seen.problems.append(reason(refusal.code))
    except BadBundle as bad:
        seen.problems.append(reason(bad.code, bad.detail))
    except OSError as error:
        raise unusable(path, error) from error
    seen.ok = not seen.problems
    return seen


def _outside(path: Path) -> Checked:
    from fieldkit_sync.bundle import peek
    from fieldkit_sync.errors import Refusal

    if not path.is_file():
        raise Problem("no-file", _("没有这个文件。"), where=shown(str(path)), mend=_("检查路径。"))
    try:
        outside = peek(path)
    except Refusal as refusal:
        return Checked(path.stat().st_size, "", False, problems=[reason(refusal.code)])
    except OSError as error:
        raise unusable(path, error) from error
    return Checked(outside.size, outside.sha256)


def _look_inside(ws: Workspace, opened: AnyOpened, seen: Checked) -> None:
    from .workspace import home_time

    header = opened.header
    seen.device, seen.name = opened.device, str(header.get("name", ""))
    seen.office_name, seen.volume = str(header.get("office_name", "")), str(header["volume"])
    seen.made = home_time(str(header["made_hlc"]))
    seqs: list[int] = []
    seals: list[str] = []
    for event in _checked_events(opened):
        seqs = [min([*seqs[:1], event.seq]), max([*seqs[1:], event.seq])]
        if event.kind == "seal" and event.device != opened.device:
            seals.append(event.line.decode("utf-8"))
    seen.events = int(header["n"])
    seen.first_seq, seen.last_seq = (seqs[0], seqs[1]) if seqs else (None, None)
    seen.evidence = sum(1 for _item in opened.evidence())
    if offices.is_office(ws):
        code = _distrust(ws, opened, seals)
        if code:
            seen.problems.append(reason(code))


def _distrust(ws: Workspace, opened: AnyOpened, seals: list[str]) -> str:
    """Why this office would not take a whole, signed bundle in; empty when it would."""
    from .trust import Trust, unsealed

    verdict = Trust(ws).judge(
        {
            "header": opened.header,
            "device": opened.device,
            "public_key": opened.public_key,
            "certificate": opened.certificate or "",
            "policies": opened.policies.decode("utf-8"),
        }
    )
    if verdict.code:
        return verdict.code
    if unsealed(verdict, {"seals": seals, "cuts": {}}, opened.header["ranges"]):
        return "unsealed"
    return "revoked" if verdict.limits else ""


class BadBundle(Exception):
    """A whole bundle whose content may not be taken in; ``code`` as in ``reason``."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


def _checked_events(opened: AnyOpened) -> Iterator[Event]:
    """The events of a verified bundle, each with a body of a known shape.

    Raises BadBundle at the first that is not.
    """
    for event in opened.events():
        if event.body is not None:
            try:
                accept(event.kind, event.body, event.entity)
            except BadBody as bad:
                raise BadBundle("bad-body", f"{event.kind} {event.seq}: {bad}") from bad
        yield event
