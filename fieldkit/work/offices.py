"""A home that is an office: its keys, the devices it enrols, whom it trusts, what it holds."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.errors import Problem
from fieldkit.store import ledger, receipts_given
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import escrow, grants, keylocks
from .devices import bad_name, checked_name, keys_damaged
from .exchange_files import read_json, read_small, unusable, write_json, write_whole
from .workspace import Workspace, home_time

if TYPE_CHECKING:
    from fieldkit_sync.identity import Public
    from fieldkit_sync.office import OfficeKeys, OfficePublic


SPACES = "bundle.v1@fieldkit,seal.v1@fieldkit,lite.v1@fieldkit"
"""The kinds of documents that a device signs."""

NEXT = ".office-next"
"""Where an office with new keys is made, before it takes the old one's place."""

REVOKED = "revoked"
"""The state of a device whose later events are refused; all others are "enrolled"."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One device that this office knows, with the certificate it was given.

    ``office_key`` is the CA key of a device that is an office itself. ``last_good`` are, once it
    is revoked, the last believed events of its chains: epoch, number, hash.
    """

    device: str
    name: str
    public_key: str
    recipient: str
    certificate: str
    serial: int
    enrolled: str
    state: str = "enrolled"
    office_key: str = ""
    revoked_at: str = ""
    last_good: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What ``enrol`` did: the device, where the grant lies, whether the mailbox has it."""

    device: Enrolled
    grant: Path | None
    posted: bool
    again: bool


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """What an office holds of one device; the times are RFC 3339 or None.

    ``evidence_missing`` are digests of files that its events name and that are not here.
    """

    device: str
    name: str
    state: str
    last_seq: int
    last_seen: str | None
    gaps: tuple[tuple[str, int, int], ...]
    forks: tuple[int, ...]
    evidence_missing: tuple[str, ...] = ()
    last_receipt: str | None = None


def is_office(ws: Workspace) -> bool:
    """Whether this home is an office."""
    if folder(ws).is_dir():
        return True
    if (ws.home / NEXT).is_dir():
        # A change of keys was cut off between two renames: the new folder is whole.
        with suppress(OSError):
            (ws.home / NEXT).rename(folder(ws))
    return folder(ws).is_dir()


def folder(ws: Workspace) -> Path:
    """Where the office's keys and records lie."""
    return ws.home / "office"


def public(ws: Workspace) -> OfficePublic:
    """Who this office is, without its secret keys.

    Raises Problem ``not-an-office`` or ``keys-damaged``.
    """
    from fieldkit_sync import office
    from fieldkit_sync.errors import Refusal

    if not is_office(ws):
        raise not_an_office()
    try:
        return office.public(folder(ws))
    except (Refusal, OSError) as error:
        raise keys_damaged(error) from error


def recipients(ws: Workspace) -> list[str]:
    """Whom devices seal to: this office, and the second key that lies locked away."""
    return [public(ws).recipient, *escrow.recipients(folder(ws))]


def init(ws: Workspace, name: str, second: str = "") -> OfficePublic:
    """Make this home an office; asked again by the same name, nothing changes.

    ``second`` is the recipient of a key kept elsewhere; without it one is drawn. Raises Problem
    when it is already one by another name, or the name may not be kept.
    """
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.office import OfficeKeys

    wanted = checked_name(name, _("办公室名称"))
    if is_office(ws):
        found = public(ws)
        if found.name == wanted:
            escrow.ensure(folder(ws))
            return found
        raise Problem(
            "already-an-office",
            _("本工作目录已经是办公室“{name}”。").format(name=shown(found.name)),
            mend=_("另建办公室请用 --home 换一个工作目录。"),
        )
    place = folder(ws)
    aside = place.with_name(f".office-{uuid.uuid4().hex}")
    try:
        # Made aside and renamed: of two processes, one wins, and no half office is ever seen.
        OfficeKeys.create(aside, wanted)
        (aside / "devices").mkdir(mode=0o700)
        escrow.ensure(aside, second)
        aside.rename(place)
    except OSError as error:
        if not is_office(ws):
            raise unusable(place, error) from error
    except Refusal as refusal:
        raise bad_name(_("办公室名称")) from refusal
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return public(ws)


def load(ws: Workspace) -> OfficeKeys:
    """The office's keys.

    Raises Problem ``not-an-office``, ``keys-damaged``, ``keys-locked`` or ``wrong-passphrase``.
    """
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.office import OfficeKeys

    if not is_office(ws):
        raise not_an_office()
    try:
        return keylocks.keys_of(ws, "office", OfficeKeys.load)
    except (Refusal, OSError) as error:
        raise keys_damaged(error) from error


def not_an_office() -> Problem:
    """The sentence for a home that is no office where one is needed."""
    return Problem(
        "not-an-office",
        _("本工作目录还不是办公室。"),
        mend=_("先运行 fieldkit office init 名称，或用 --home 指向办公室的工作目录。"),
    )


def enrol(ws: Workspace, card: Path, out: Path | None = None) -> Enrolment:
    """Enrol the device of a card, and write the grant that tells it whom to seal to.

    The grant goes to ``out`` when given, and always into the mailbox of this computer. A
    device enrolled before keeps its certificate and gets its grant again. Raises Problem for a
    bad card, or a device that was revoked.
    """
    keys = load(ws)
    escrow.ensure(folder(ws))
    public = _read_card(card)
    known = {device.device: device for device in enrolled(ws)}
    before = known.get(public.device)
    if before is not None and before.state == REVOKED:
        raise Problem(
            "device-revoked",
            _("这台设备已被吊销，不能再登记。"),
            where=shown(str(card)),
            mend=_("请在那台设备上运行 fieldkit device rotate 换一把新钥匙，再登记新的登记卡。"),
        )
    serial = before.serial if before else max((d.serial for d in known.values()), default=0) + 1
    return _admit(ws, keys, public, before, serial, out)


def enrol_self(ws: Workspace) -> Enrolment:
    """Enrol this home's own device in its own office."""
    from fieldkit_sync.identity import card_text

    card = folder(ws) / "devices" / ".own.card"
    try:
        write_whole(card, card_text(ws.device).encode("utf-8"))
        return enrol(ws, card)
    finally:
        card.unlink(missing_ok=True)


def _admit(
    ws: Workspace,
    keys: OfficeKeys,
    public: Public,
    before: Enrolled | None,
    serial: int,
    out: Path | None,
) -> Enrolment:
    from . import policies

    since = int(ws.now().timestamp())
    certificate = (
        before.certificate if before else keys.certify(public, serial=serial, valid_from=since)
    )
    record = Enrolled(
        public.device,
        checked_name(public.name, _("登记卡上的设备名称")),
        public.public_key,
        public.recipient,
        certificate,
        serial,
        before.enrolled if before else ws.now().isoformat(timespec="seconds"),
        office_key=public.office_key,
    )
    write_record(ws, record)
    version = policies.issue(ws, keys=keys).version
    if out is not None:
        place = out.expanduser().absolute()
        raw = grant_of(ws, record, version, keys)
        try:
            write_whole(place, raw)
        except OSError as error:
            raise unusable(place, error) from error
    posted = post_grant(ws, record, version, keys)
    return Enrolment(record, place if out else None, posted, before is not None)


def post_grant(ws: Workspace, record: Enrolled, version: int, keys: OfficeKeys) -> bool:
    """Leave a device's grant in the mailbox of this computer; False if there is none."""
    return grants.post(record.device, grant_of(ws, record, version, keys))


def grant_of(ws: Workspace, record: Enrolled, version: int, keys: OfficeKeys) -> bytes:
    """The signed grant of an enrolled device."""
    from fieldkit_sync.identity import Public
    from fieldkit_sync.office import grant

    device = Public(record.device, record.name, record.public_key, record.recipient)
    return grant(keys, device, record.certificate, recipients(ws), version)


def write_record(ws: Workspace, record: Enrolled) -> None:
    """Keep what this office knows of a device. Raises Problem where it cannot be written."""
    place = folder(ws) / "devices" / f"{record.device}.json"
    try:
        write_json(place, as_json(record))
    except OSError as error:
        raise unusable(place, error) from error


def _read_card(path: Path) -> Public:
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.identity import parse_card

    raw = read_small(path)
    try:
        return parse_card(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, Refusal) as error:
        raise Problem(
            "bad-card",
            _("这不是设备登记卡，或内容已损坏。"),
            where=shown(str(path)),
            mend=_("请在那台设备上运行 fieldkit device card -o 文件 重新生成。"),
        ) from error


def enrolled(ws: Workspace) -> list[Enrolled]:
    """The devices this office has enrolled, in the order of their enrolment."""
    found = []
    for path in sorted((folder(ws) / "devices").glob("*.json")):
        data = read_json(path)
        if data is not None and data.get("device") == path.stem:
            found.append(_from_json(data, path))
    return sorted(found, key=lambda record: (record.serial, record.device))


def as_json(record: Enrolled) -> dict[str, Any]:
    """A record as it is kept."""
    return {name: getattr(record, name) for name in Enrolled.__slots__}


def _from_json(data: dict[str, Any], path: Path) -> Enrolled:
    fields = {name: data[name] for name in Enrolled.__slots__ if name in data}
    try:
        chains = fields.pop("last_good", ())
        return Enrolled(**fields, last_good=tuple((str(e), int(n), str(h)) for e, n, h in chains))
    except (TypeError, ValueError) as error:
        raise keys_damaged(ValueError(path.name)) from error


def find(ws: Workspace, wanted: str) -> Enrolled:
    """The enrolled device of this id, unambiguous start of an id, or name.

    Raises Problem ``unknown-device`` or ``ambiguous-device``.
    """
    typed = folded(wanted)
    known = enrolled(ws)
    found = [it for it in known if typed and it.device.startswith(typed.lower())]
    found = found or [it for it in known if it.name == typed]
    if len(found) == 1:
        return found[0]
    raise Problem(
        "ambiguous-device" if found else "unknown-device",
        _("名称或编号为“{ref}”的设备有 {n} 台。").format(ref=shown(wanted)[:40], n=len(found)),
        mend=_("运行 fieldkit office status 查看设备编号。"),
    )


def signers(ws: Workspace) -> Iterator[str]:
    """OpenSSH allowed_signers lines of all enrolled devices, for ``ssh-keygen -Y verify``.

    Of a revoked device only what was signed before the revocation verifies.
    """
    public(ws)
    for record in enrolled(ws):
        kind, blob = record.public_key.split()[:2]
        options = f'namespaces="{SPACES}"'
        if record.revoked_at:
            until = datetime.fromisoformat(record.revoked_at).astimezone(UTC)
            options += f',valid-before="{until:%Y%m%d%H%M%SZ}"'
        yield f"{record.device} {options} {kind} {blob}"


def status(ws: Workspace) -> list[DeviceStatus]:
    """What this home holds of every device: its own, and those enrolled or met in a bundle.

    Asked of any home, not of an office alone: the digest is how two homes compare what they hold.
    """
    db = ws.store.db
    held = {row.device: row for row in ledger.devices(db)}
    given = receipts_given.newest_given(db)
    known = {record.device: record for record in enrolled(ws)}
    return [
        DeviceStatus(
            device,
            known[device].name if device in known else _own_name(ws, device),
            known[device].state if device in known else "",
            held[device].last_seq if device in held else 0,
            home_time(held[device].last_hlc) if device in held else None,
            tuple(held[device].gaps) if device in held else (),
            tuple(held[device].forks) if device in held else (),
            tuple(it for it in receipts_given.evidence(db, device) if not ws.evidence.has(it)),
            home_time(given[device]) if device in given else None,
        )
        for device in [*known, *(d for d in sorted(held) if d not in known)]
    ]


def held(ws: Workspace) -> int:
    """How many events this home holds."""
    return ledger.count(ws.store.db)


def _own_name(ws: Workspace, device: str) -> str:
    return ws.device.name if device == ws.device.device else ""
