"""Bundles: what the office has not acknowledged, sealed; and what a bundle says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit import __version__
from fieldkit.errors import Problem
from fieldkit.store import outgoing
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import above, devices, grants, nameplates, offices, outbox, sealing
from .exchange_files import unusable
from .looking import Checked, keys_at_hand, show, verify
from .outbox import Sent
from .parcels import parcels
from .pending import Pending, pending
from .refusals import reason
from .scratch import scratch
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.bundle import EvidenceItem

__all__ = ["Checked", "Created", "create", "keys_at_hand", "show", "verify"]

_RECIPIENT = re.compile(r"age1[a-z0-9]{40,90}")


@dataclass(frozen=True, slots=True)
class Created:
    """One export: the first sealed file (None when there was nothing), and what is in all of them.

    ``extra`` are its further volumes, and further bundles where one does not hold everything;
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


def create(ws: Workspace, out: Path | None = None, to: str = "") -> Created:
    """Seal everything that the office has not acknowledged into a bundle.

    A seal event closes the chain first (SYNC.md §0 change 2). What is sealed stays in the home's
    ``bundles`` folder, and comes again as the same files for as long as nothing has changed; they
    are copied to ``out`` when given. With ``to`` all of this device is sealed to that key. Raises
    Problem when nobody is known to seal to, or the folder cannot be written.
    """
    from fieldkit_sync.errors import Refusal

    waiting = pending(ws, everything=bool(folded(to)))
    if not waiting.parts and not waiting.evidence:
        return Created(None)
    target = _target(ws, to)
    folder = (out or ws.home / "bundles").expanduser().absolute()
    try:
        if sealing.close(ws, waiting):
            waiting = pending(ws, everything=bool(folded(to)))
        sent = [_sealed(ws, parcel, target) for parcel in parcels(ws, waiting)]
        files = [path for one in sent for path in one.files]
        paths = _delivered(files, folder) if out is not None else tuple(files)
    except OSError as error:
        raise unusable(folder, error) from error
    except Refusal as refusal:
        raise Problem(
            "bundle-refused",
            _("数据包没有生成：{why}。").format(why=reason(refusal.code)),
            mend=_("换一个磁盘再试；仍不行请先备份本工作目录。"),
        ) from refusal
    return Created(
        paths[0],
        waiting.events,
        sum(len(one.evidence) for one in sent),
        sum(one.bytes for one in sent),
        target.office_name,
        sum(one.missing for one in sent),
        tuple(paths[1:]),
    )


def _sealed(ws: Workspace, waiting: Pending, target: Target) -> Sent:
    """The bundle with this content: the one in the outbox, or a new one that is put there."""
    from fieldkit_sync.bundle import write
    from fieldkit_sync.clock import pack

    evidence, missing = _evidence(ws, waiting.evidence)
    digests = [item.sha256 for item in evidence]
    content = outbox.content_digest(waiting, digests, [*target.recipients, target.certificate])
    found = outbox.find(ws, content)
    if found is not None:
        return found
    lines = (line for part in waiting.parts for line in outgoing.lines(ws.store.db, part))
    with scratch(ws.home) as private:
        written = write(
            ws.home / "bundles",
            identity=devices.identity(ws),
            lines=lines,
            evidence=evidence,
            recipients=list(target.recipients),
            office=target.office,
            office_name=target.office_name,
            certificate=target.certificate,
            made_hlc=pack(ws.now_ms(), 0),
            tool=f"fieldkit {__version__}",
            policies=nameplates.of_devices(ws, {part.device for part in waiting.parts}),
            work_dir=private,
        )
    return outbox.note(
        ws,
        [written.path, *written.extra],
        digest=content,
        office=target.office,
        waiting=waiting,
        evidence=digests,
        missing=missing,
    )


def _delivered(files: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """Copy sealed files to a folder, unless they are there: read back, whole or not at all."""
    from fieldkit_sync.deliver import deliver, digest

    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for file in files:
        there = folder / file.name
        if not (there.is_file() and digest(there) == digest(file)):
            with file.open("rb") as source:
                there = deliver(source, folder, file.name[16:])
        paths.append(there)
    return tuple(paths)


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
        policy = above.policy(ws, grant.office)
        newer = policy is not None and policy.version >= grant.policy_version
        recipients = policy.recipients if policy is not None and newer else grant.recipients
        return Target(tuple(recipients), grant.office, grant.office_name, grant.certificate)
    if offices.is_office(ws):
        own = offices.public(ws)
        return Target(tuple(offices.recipients(ws)), own.office, own.name, "")
    raise Problem(
        "no-office",
        _("本机还没有被任何办公室登记，不知道把数据包交给谁。"),
        mend=_(
            "运行 fieldkit device card -o 登记卡，"
            "交办公室运行 fieldkit office enrol 登记卡 -o 授权，"
            "再在本机运行 fieldkit receive 授权。"
        ),
    )


def _evidence(ws: Workspace, digests: Iterable[str]) -> tuple[list[EvidenceItem], int]:
    """The files that are here and whole, and how many are not."""
    from fieldkit_sync.bundle import EvidenceItem

    items: list[EvidenceItem] = []
    missing = 0
    for sha256 in digests:
        path = ws.evidence.path(sha256)
        try:
            # One damaged file must not keep the work of weeks from the office.
            ws.evidence.read(sha256)
        except Problem:
            path = None
        if path is None:
            missing += 1
            continue
        items.append(EvidenceItem(sha256, path.stat().st_size, path.suffix[1:], path))
    return items, missing
