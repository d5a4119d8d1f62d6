"""Handing in over a wire: what waits is sealed and brought across, and the letters come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.errors import Problem, Refused
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown

from . import bookmarks, bundles, devices, grants, letters
from .exchange_files import unusable
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

SPOILT = frozenset({"other-bytes", "not-there", "too-large"})
"""Codes of refusals that are about one file, while the others may be fetched all the same."""

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
    from fieldkit_sync.wires.dialling import scheme_of

    post = Post()
    try:
        wire = _dialled(ws, target)
        with _now_or_later():
            # A receipt that lies there says what need not be sent again.
            collect(ws, wire, post)
        created = bundles.create(ws)
        files = [path for path in (created.path, *created.extra) if path is not None]
        # Nobody waits at a folder: a stick that is not in is told at once.
        patience = patience if scheme_of(target) else 0.0
        done = bring(wire, [volume(path) for path in files], patience=patience, watch=progress)
    except Refusal as refusal:
        raise problem(refusal, target) from refusal
    except OSError as error:
        raise unusable(ws.home / "bundles", error) from error
    try:
        collect(ws, wire, post)
    except Refusal as refusal:
        if not files:
            raise problem(refusal, target) from refusal
        # Everything is across by now; that the line broke afterwards must not say otherwise.
        post.failed.append(problem(refusal, target).what)
    return Sent(
        done.volumes,
        done.bytes,
        done.resumed,
        created.events,
        created.office_name,
        tuple(post.received),
        tuple(dict.fromkeys(post.failed)),
    )


@dataclass(slots=True)
class Post:
    """Letters that were taken in, and why others were not."""

    received: list[Received] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def collect(ws: Workspace, wire: Wire, post: Post) -> None:
    """Take in the letters to this device that lie on a wire and were not read yet.

    A letter that cannot be fetched whole or taken in stops nothing. Raises `Refusal` where the
    wire fails; what was taken in by then is noted.
    """
    from fieldkit_sync.errors import Refusal

    known = bookmarks.recall(ws, READ)
    read = [name for name in known if isinstance(name, str)] if isinstance(known, list) else []
    with scratch(ws.home) as folder:
        for letter in wire.list(ws.device.device):
            if letter.name in read:
                continue
            try:
                path = wire.get(letter.name, ws.device.device, folder)
            except Refusal as refusal:
                if refusal.code not in SPOILT:
                    raise
                # It may be whole the next time.
                post.failed.append(f"{letter.name}: {unfetched(refusal.code)}")
                continue
            try:
                post.received.append(letters.receive(ws, path))
            except Problem as problem:
                post.failed.append(f"{letter.name}: {problem.what}")
            read.append(letter.name)
            bookmarks.remember(ws, READ, read[-_MOST_READ:])
            path.unlink(missing_ok=True)


@contextmanager
def _now_or_later() -> Iterator[None]:
    """A line that breaks here is found again by what is brought over it afterwards, and told."""
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.wires.base import AGAIN

    try:
        yield
    except Refusal as refusal:
        if refusal.code not in AGAIN:
            raise


def problem(refusal: Refusal, target: str) -> Problem:
    """A wire's refusal in the user's words."""
    code = refusal.code
    text = _reason(code)
    detail = shown(refusal.detail)[:160]
    mend = _(_MENDS.get(code, _MENDS["cut"])).format(detail=detail)
    said = text if code in ("no-such-wire", "missing-extra") or not detail else f"{text}：{detail}"
    kind = Problem if code in ("no-such-wire", "missing-extra") else Refused
    return kind(f"wire-{code}", said, where=shown(target), mend=mend)


def unfetched(code: str) -> str:
    """Why one file was not fetched, in the user's words; the code is one of `SPOILT`."""
    return _reason("not-a-volume" if code == "other-bytes" else code)


def _reason(code: str) -> str:
    known = _REASONS.get(code)
    return _(known) if known else _("没有送到（{code}）").format(code=shown(code))


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
