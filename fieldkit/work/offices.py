"""A home that is an office: its keys, the devices it enrols, whom it trusts, what it holds."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldkit.errors import Problem
from fieldkit.store import ledger
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import grants, keylocks
from .devices import bad_name, checked_name, keys_damaged
from .exchange_files import read_json, read_small, unusable, write_json, write_whole
from .workspace import Workspace, home_time

if TYPE_CHECKING:
    from fieldkit_sync.bundle import Opened
    from fieldkit_sync.identity import Public
    from fieldkit_sync.office import OfficeKeys


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One device that this office knows, with the certificate it was given."""

    device: str
    name: str
    public_key: str
    recipient: str
    certificate: str
    serial: int
    enrolled: str
    state: str = "enrolled"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What ``enrol`` did: the device, where the grant lies, whether the mailbox has it."""

    device: Enrolled
    grant: Path | None
    posted: bool
    again: bool


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """What an office holds of one device; ``last_seen`` is RFC 3339 or None."""

    device: str
    name: str
    state: str
    last_seq: int
    last_seen: str | None
    gaps: tuple[tuple[str, int, int], ...]
    forks: tuple[int, ...]


def is_office(ws: Workspace) -> bool:
    """Whether this home is an office."""
    return _folder(ws).is_dir()


def init(ws: Workspace, name: str) -> OfficeKeys:
    """Make this home an office; asked again by the same name, nothing changes.

    Raises Problem when it is already one by another name, or the name may not be kept.
    """
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.office import OfficeKeys

    wanted = checked_name(name, _("办公室名称"))
    if is_office(ws):
        keys = load(ws)
        if keys.name == wanted:
            return keys
        raise Problem(
            "already-an-office",
            _("本工作目录已经是办公室“{name}”。").format(name=shown(keys.name)),
            mend=_("另建办公室请用 --home 换一个工作目录。"),
        )
    folder = _folder(ws)
    aside = folder.with_name(f".office-{uuid.uuid4().hex}")
    try:
        # Made aside and renamed: of two processes, one wins, and no half office is ever seen.
        OfficeKeys.create(aside, wanted)
        (aside / "devices").mkdir(mode=0o700)
        aside.rename(folder)
    except OSError as error:
        if not is_office(ws):
            raise unusable(folder, error) from error
    except Refusal as refusal:
        raise bad_name(_("办公室名称")) from refusal
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return load(ws)


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
    bad card.
    """
    keys = load(ws)
    public = _read_card(card)
    known = {device.device: device for device in enrolled(ws)}
    before = known.get(public.device)
    serial = before.serial if before else max((d.serial for d in known.values()), default=0) + 1
    return _admit(ws, keys, public, before, serial, out)


def enrol_self(ws: Workspace) -> Enrolment:
    """Enrol this home's own device in its own office."""
    from fieldkit_sync.identity import card_text

    folder = _folder(ws) / "devices"
    card = folder / ".own.card"
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
    from fieldkit_sync.office import grant

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
    )
    raw = grant(keys, public, certificate, [keys.recipient], 1)
    place = _folder(ws) / "devices" / f"{record.device}.json"
    try:
        write_json(place, _as_json(record))
        if out is not None:
            place = out.expanduser().absolute()
            write_whole(place, raw)
    except OSError as error:
        raise unusable(place, error) from error
    posted = grants.post(record.device, raw)
    return Enrolment(record, place if out else None, posted, before is not None)


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
    for path in sorted((_folder(ws) / "devices").glob("*.json")):
        data = read_json(path)
        if data is not None and data.get("device") == path.stem:
            found.append(_from_json(data, path))
    return sorted(found, key=lambda record: (record.serial, record.device))


def _as_json(record: Enrolled) -> dict[str, Any]:
    return {name: getattr(record, name) for name in Enrolled.__slots__}


def _from_json(data: dict[str, Any], path: Path) -> Enrolled:
    try:
        return Enrolled(**{name: data[name] for name in Enrolled.__slots__})
    except KeyError as error:
        raise keys_damaged(ValueError(path.name)) from error


def signers(ws: Workspace) -> Iterator[str]:
    """OpenSSH allowed_signers lines of all enrolled devices, for ``ssh-keygen -Y verify``."""
    load(ws)
    for record in enrolled(ws):
        kind, blob = record.public_key.split()[:2]
        spaces = "bundle.v1@fieldkit,seal.v1@fieldkit"
        yield f'{record.device} namespaces="{spaces}" {kind} {blob}'


def distrust(ws: Workspace, opened: Opened) -> str:
    """Why this office does not take a whole, signed bundle in; empty when it does."""
    keys = load(ws)
    header = opened.header
    if header.get("office") not in ("", None, keys.office):
        return "other-office"
    if keys.recipient not in header.get("to", ()):
        return "not-addressed"
    if opened.device == ws.device.device:
        return "" if _same_key(opened.public_key, ws.device.public_key) else "key-changed"
    record = next((d for d in enrolled(ws) if d.device == opened.device), None)
    if record is None or record.state != "enrolled":
        return "unknown-signer"
    if not _same_key(opened.public_key, record.public_key):
        return "key-changed"
    return "" if _certificate_holds(opened, keys) else "bad-certificate"


def _certificate_holds(opened: Opened, keys: OfficeKeys) -> bool:
    """A certificate is not needed of a device on record; one that is shown must be ours."""
    from fieldkit_sync.certificate import check
    from fieldkit_sync.errors import Refusal

    if not opened.certificate:
        return True
    try:
        return bool(check(opened.certificate, keys.ca_public_key).device == opened.device)
    except Refusal:
        return False


def _same_key(one: str, other: str) -> bool:
    return one.split()[:2] == other.split()[:2]


def status(ws: Workspace) -> list[DeviceStatus]:
    """What this home holds of every device: its own, and those enrolled or met in a bundle.

    Asked of any home, not of an office alone: the digest is how two homes compare what they hold.
    """
    held = {row.device: row for row in ledger.devices(ws.store.db)}
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
        )
        for device in [*known, *(d for d in sorted(held) if d not in known)]
    ]


def held(ws: Workspace) -> int:
    """How many events this home holds."""
    return ledger.count(ws.store.db)


def _own_name(ws: Workspace, device: str) -> str:
    return ws.device.name if device == ws.device.device else ""


def _folder(ws: Workspace) -> Path:
    return ws.home / "office"
