"""Bundles: what the office has not acknowledged, sealed; and what a bundle says of itself."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from fieldkit import __version__
from fieldkit.domain.kinds import BadBody, accept
from fieldkit.errors import Problem
from fieldkit.store import ledger
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import devices, grants, offices
from .exchange_files import unusable
from .refusals import WRONG_OFFICE, reason
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.bundle import AnyOpened, EvidenceItem
    from fieldkit_sync.event import Event
    from fieldkit_sync.identity import Identity

_SCRATCH = ".opening-"
_RECIPIENT = re.compile(r"age1[a-z0-9]{40,90}")


@dataclass(frozen=True, slots=True)
class Created:
    """One export: the sealed file (None when there was nothing), and what is in it.

    ``bytes`` counts all files; ``missing`` are evidence files named but not held here.
    """

    path: Path | None
    events: int = 0
    evidence: int = 0
    bytes: int = 0
    office_name: str = ""
    missing: int = 0
    extra: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to seal to, and the proof to show them."""

    recipients: tuple[str, ...]
    office: str
    office_name: str
    certificate: str


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


def create(ws: Workspace, out: Path | None = None, to: str = "") -> Created:
    """Seal everything of this device that the office has not acknowledged into a bundle.

    A seal event closes the chain first (SYNC.md §0 change 2). Raises Problem when nobody is
    known to seal to, or the folder cannot be written.
    """
    from fieldkit_sync.bundle import write
    from fieldkit_sync.clock import pack
    from fieldkit_sync.errors import Refusal

    head = ledger.head(ws.store.db, ws.device.device)
    if head is None:
        return Created(None)
    target = _target(ws, to)
    identity = devices.identity(ws)
    _seal(ws, identity)
    evidence, missing = _evidence(ws)
    folder = (out or ws.home / "bundles").expanduser().absolute()
    try:
        with scratch(ws) as private:
            written = write(
                folder,
                identity=identity,
                lines=ws.store.lines(device=ws.device.device),
                evidence=evidence,
                recipients=list(target.recipients),
                office=target.office,
                office_name=target.office_name,
                certificate=target.certificate,
                made_hlc=pack(ws.now_ms(), 0),
                tool=f"fieldkit {__version__}",
                work_dir=private,
            )
    except OSError as error:
        raise unusable(folder, error) from error
    except Refusal as refusal:
        raise Problem(
            "bundle-refused",
            _("数据包没有生成：{why}。").format(why=reason(refusal.code)),
            mend=_("换一个磁盘再试；仍不行请先备份本工作目录。"),
        ) from refusal
    return Created(
        written.path,
        written.events,
        written.evidence,
        written.bytes,
        target.office_name,
        missing,
        written.extra,
    )


def _target(ws: Workspace, to: str) -> Target:
    """Whom to seal to: ``--to``, else the office this device was enrolled by, else our own."""
    typed = folded(to)
    if typed:
        if not _RECIPIENT.fullmatch(typed):
            raise Problem(
                "bad-recipient",
                _("“{key}”不是 age 公钥。").format(key=shown(typed)[:40]),
                where="--to",
                mend=_("公钥以 age1 开头，见 fieldkit office init 的输出。"),
            )
        return Target((typed,), "", "", "")
    grant = grants.current(ws)
    if grant is not None:
        return Target(tuple(grant.recipients), grant.office, grant.office_name, grant.certificate)
    if offices.is_office(ws):
        keys = offices.load(ws)
        return Target((keys.recipient,), keys.office, keys.name, "")
    raise Problem(
        "no-office",
        _("本机还没有被任何办公室登记，不知道把数据包交给谁。"),
        mend=_(
            "运行 fieldkit device card -o 登记卡，"
            "交办公室运行 fieldkit office enrol 登记卡 -o 授权，"
            "再在本机运行 fieldkit receive 授权。"
        ),
    )


def _seal(ws: Workspace, identity: Identity) -> None:
    """Close the chain of this device with a signature, unless its last event is one."""
    from fieldkit_sync.seal import seal_body

    def draft(db: Any) -> list[Draft]:
        head = ledger.head(db, identity.device)
        if head is None or _is_seal(ws, head[0], head[1]):
            return []
        epoch, seq, digest = head
        body = seal_body(identity, epoch, seq, digest)
        return [Draft("seal", identity.device, "", body)]

    ws.store.append(draft)


def _is_seal(ws: Workspace, epoch: str, seq: int) -> bool:
    last = list(ws.store.events(device=ws.device.device, after=(epoch, seq - 1)))
    return bool(last) and last[-1].kind == "seal"


def _evidence(ws: Workspace) -> tuple[list[EvidenceItem], int]:
    from fieldkit_sync.bundle import EvidenceItem
    from fieldkit_sync.event import parse

    items: dict[str, EvidenceItem] = {}
    missing = 0
    for line in ws.store.lines(device=ws.device.device):
        # Reading every body would cost more than the export itself.
        event = parse(line) if b'"k":"evidence.added"' in line else None
        if event is None or event.kind != "evidence.added" or event.body is None:
            continue
        sha256 = str(event.body["sha256"])
        if sha256 in items:
            continue
        path = ws.evidence.path(sha256)
        try:
            # One damaged file must not keep the work of weeks from the office.
            ws.evidence.read(sha256)
        except Problem:
            path = None
        if path is None:
            missing += 1
            continue
        items[sha256] = EvidenceItem(sha256, path.stat().st_size, path.suffix[1:], path)
    return list(items.values()), missing


def keys_at_hand(ws: Workspace) -> list[str]:
    """The age identities that this home can open bundles with: its office's and its own."""
    found = [offices.load(ws).age_identity] if offices.is_office(ws) else []
    return [*found, devices.identity(ws).age_identity]


@contextmanager
def scratch(ws: Workspace) -> Iterator[Path]:
    """A private folder for opened bundles, gone afterwards whatever happens."""
    _sweep(ws.home)
    folder = Path(mkdtemp(prefix=_SCRATCH, dir=ws.home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(home: Path) -> None:
    """Remove what a killed run left in plain; no run works on one bundle for an hour."""
    for left in home.glob(f"{_SCRATCH}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > 3600:
                shutil.rmtree(left, ignore_errors=True)


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
        with scratch(ws) as folder, read(path, keys_at_hand(ws), work_dir=folder) as opened:
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
    count = 0
    for event in checked_events(opened):
        count += 1
        if not seqs:
            seqs = [event.seq, event.seq]
        seqs = [min(seqs[0], event.seq), max(seqs[1], event.seq)]
    seen.events = count
    seen.first_seq, seen.last_seq = (seqs[0], seqs[1]) if seqs else (None, None)
    seen.evidence = sum(1 for _item in opened.evidence())
    if offices.is_office(ws):
        code = offices.distrust(ws, opened)
        if code:
            seen.problems.append(reason(code))


class BadBundle(Exception):
    """A whole bundle whose content may not be taken in; ``code`` as in ``reason``."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


def checked_events(opened: AnyOpened) -> Iterator[Event]:
    """The events of a verified bundle, each by its signer and with a body of a known shape.

    Raises BadBundle at the first that is not; the caller takes none of them in.
    """
    for event in opened.events():
        if event.device != opened.device:
            # In this version a bundle carries its signer's own chain only: nobody can speak
            # for another device.
            raise BadBundle("foreign-event", event.device[:8])
        if event.body is not None:
            try:
                accept(event.kind, event.body, event.entity)
            except BadBody as bad:
                raise BadBundle("bad-body", f"{event.kind} {event.seq}: {bad}") from bad
        yield event
