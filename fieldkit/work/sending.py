"""Handing in over a wire: what waits is sealed and brought across, and the letters come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.errors import Problem, Refused
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown

from . import bookmarks, bundles, devices, grants, letters
from .scratch import scratch
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.wires.base import Volume, Wire
    from fieldkit_sync.wires.bringing import Step

    from .grants import Received

READ = "letters-read"
"""Bookmark: letters that were taken in, or that will never be, by name; not fetched again."""
_MOST_READ = 500

_REASONS = {
    "unreachable": N_("对方连不上"),
    "cut": N_("线路断了"),
    "busy": N_("对方正忙"),
    "full": N_("对方的磁盘已满"),
    "refused": N_("对方不收本机的文件"),
    "too-large": N_("文件太大，对方不收"),
    "expired": N_("地址或凭证已过期"),
    "not-there": N_("那里没有这个文件"),
    "other-bytes": N_("到了那边的内容和本机的不一样"),
    "not-a-volume": N_("文件名和内容对不上"),
    "no-such-wire": N_("不认识这种地址"),
    "missing-extra": N_("本机没有装这种线路的组件"),
    "signature": N_("对方不认本机的签名"),
    "not-signed": N_("对方不认本机的签名"),
}
_MENDS = {
    "unreachable": N_("检查地址、网络或 U 盘；什么也没有丢，再发一次会接着发。"),
    "cut": N_("再发一次会从断开的地方接着发。"),
    "busy": N_("过一会儿再发；会接着发。"),
    "full": N_("请办公室清理磁盘，或换一个地方。"),
    "refused": N_("请办公室核对：本机是否已登记、是否被吊销、地址是否正确。"),
    "no-such-wire": N_("可用：文件夹路径、http://、https://、s3://。"),
    "missing-extra": N_("安装 fieldkit[{detail}] 后再试。"),
    "other-bytes": N_("再发一次；仍不行请换一个 U 盘或线路。"),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What was brought across: volumes, bytes that went out, volumes gone on with after a break;
    and what came back. ``events`` are those in the bundle; ``letters_failed`` say why."""

    volumes: int
    bytes: int
    resumed: int
    events: int
    office_name: str
    received: tuple[Received, ...] = ()
    letters_failed: tuple[str, ...] = ()


def send(
    ws: Workspace,
    target: str,
    progress: Callable[[Step], None] | None = None,
    *,
    patience: float = 60.0,
) -> Sent:
    """Seal what is pending and bring it to a folder, an office's receiver or an object store.

    Sending again goes on where the last try ended, and sends nothing that lies there. Letters to
    this device that lie there are taken in. Raises Refused ``wire-…`` with the reason and the mend
    (Problem for an address that nobody knows); what is across by then stays across. What
    ``progress`` raises ends it.
    """
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.wires.base import volume
    from fieldkit_sync.wires.bringing import bring

    try:
        wire = _dialled(ws, target)
        # A receipt that lies there says what need not be sent again.
        early, missed = collect(ws, wire)
        created = bundles.create(ws)
        files = [path for path in (created.path, *created.extra) if path is not None]
        done = bring(wire, [volume(path) for path in files], patience=patience, watch=progress)
        received, failed = collect(ws, wire)
    except Refusal as refusal:
        raise problem(refusal, target) from refusal
    return Sent(
        done.volumes,
        done.bytes,
        done.resumed,
        created.events,
        created.office_name,
        early + received,
        missed + failed,
    )


def collect(ws: Workspace, wire: Wire) -> tuple[tuple[Received, ...], tuple[str, ...]]:
    """Take in the letters to this device that lie on a wire and were not read yet.

    A letter that cannot be taken in stops nothing: its reason is in the second list. Raises
    `Refusal` where the wire fails.
    """
    known = bookmarks.recall(ws, READ)
    read = [name for name in known if isinstance(name, str)] if isinstance(known, list) else []
    received, failed = [], []
    with scratch(ws.home) as folder:
        for letter in wire.list(ws.device.device):
            if letter.name in read:
                continue
            path = wire.get(letter.name, ws.device.device, folder)
            try:
                received.append(letters.receive(ws, path))
            except (Problem, Refused) as problem:
                failed.append(f"{letter.name}: {problem.what}")
            read.append(letter.name)
            bookmarks.remember(ws, READ, read[-_MOST_READ:])
            path.unlink(missing_ok=True)
    return tuple(received), tuple(failed)


def problem(refusal: Refusal, target: str) -> Problem:
    """A wire's refusal in the user's words."""
    code = refusal.code
    text = (
        _(_REASONS[code]) if code in _REASONS else _("没有送到（{code}）").format(code=shown(code))
    )
    detail = shown(refusal.detail)[:160]
    mend = _(_MENDS.get(code, _MENDS["cut"])).format(detail=detail)
    said = text if code in ("no-such-wire", "missing-extra") or not detail else f"{text}：{detail}"
    kind = Problem if code in ("no-such-wire", "missing-extra") else Refused
    return kind(f"wire-{code}", said, where=shown(target), mend=mend)


def volumes_of(paths: Sequence[Path]) -> list[Volume]:
    """Sealed files as volumes; what is none is left out."""
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.wires.base import volume

    found = []
    for path in paths:
        with suppress(Refusal, OSError):
            found.append(volume(path))
    return found


def _dialled(ws: Workspace, target: str) -> Wire:
    from fieldkit_sync.wires.dialling import Caller, dial

    grant = grants.trusted(ws)
    # Only a wire that asks for a signature unlocks the keys, and once.
    identity = cache(lambda: devices.identity(ws))

    def sign(namespace: str, data: bytes) -> str:
        return identity().sign(namespace, data)

    return dial(target, Caller(ws.device.device, sign, grant.office if grant else ""))
