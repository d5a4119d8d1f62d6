"""An office's receiver: what devices bring over the net is kept, merged behind, and answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import intake_counts, merging, offices, posting
from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit_sync.wires.http_serve import Serving
    from fieldkit_sync.wires.spool import Spool, Upload

REREAD = 5.0
"""Seconds after which the list of enrolled devices is read again."""
QUIET, LATEST = 1.0, 10.0
"""A merge begins when nothing came for so long, and at the latest so long after the first."""
AGAIN = 60.0
"""Seconds until a merge that could not be done is tried again."""
_TIDY = 3600.0
_LETTERS = 100
"""Letters that are kept for each device; every one says more than those before it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a merge behind the receiver came to; ``problem`` where it could not be done."""

    bundles: int = 0
    merged: int = 0
    rejected: int = 0
    events_new: int = 0
    letters: int = 0
    problem: str = ""


class Office:
    """The receiver of one office. ``told`` hears of each merge, in the merging thread."""

    def __init__(
        self,
        ws: Workspace,
        host: str,
        port: int,
        *,
        certificate: Path | None = None,
        key: Path | None = None,
        merge: bool = True,
        told: Callable[[Told], None] | None = None,
    ) -> None:
        """Listen. Raises Problem ``not-an-office``, ``server-port``, ``server-certificate``, and
        ``server-extra`` where the extra is not installed."""
        self._ws, self._told = ws, told
        self._home = ws.home
        self._folder = posting.incoming(ws)
        self._counts = intake_counts.Book(self._folder)
        self._came = threading.Event()
        self._end = threading.Event()
        self._first = self._last = 0.0
        self._lock = threading.Lock()
        self._files: set[Path] = set()
        self._devices: set[str] = set()
        self._left: set[Path] = set()
        """What a merge was not done of, to be tried again."""
        self._keys: dict[str, str] = {}
        self._read_at = 0.0
        self._serving, self.spool = self._listening(host, port, certificate, key)
        self._merging = threading.Thread(target=self._behind, name="merging") if merge else None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._serving.port)

    def run(self, ready: Callable[[], None] | None = None) -> None:
        """Serve until a signal, then end the merge that is under way."""
        if self._merging is not None:
            self._merging.start()
        try:
            self._serving.run(ready)
        finally:
            self._end.set()
            self._came.set()
            if self._merging is not None:
                self._merging.join()
            self._counts.write()

    def _listening(
        self, host: str, port: int, certificate: Path | None, key: Path | None
    ) -> tuple[Serving, Spool]:
        try:
            from fieldkit_sync.wires.http_serve import Serving
            from fieldkit_sync.wires.http_server import Receiver
            from fieldkit_sync.wires.spool import Spool
        except ImportError as error:
            raise Problem(
                "server-extra",
                _("本机没有装收件端的组件"),
                mend=_("安装 fieldkit[server] 后再试。"),
            ) from error
        from fieldkit_sync.errors import Refusal

        spool = Spool(self._folder)
        office = offices.public(self._ws).office
        receiver = Receiver(spool, office, self._key_of, arrived=self._arrived)
        try:
            serving = Serving(receiver.app(), host, port, certificate=certificate, key=key)
        except Refusal as refusal:
            raise _not_listening(refusal.code, refusal.detail, f"{host}:{port}") from refusal
        return serving, spool

    def _key_of(self, device: str) -> str | None:
        """The key of an enrolled device; the list is read again from time to time."""
        now = time.monotonic()
        if now - self._read_at > REREAD:
            self._read_at = now
            self._keys = {
                it.device: it.public_key
                for it in offices.enrolled(self._ws)
                if it.state == "enrolled"
            }
        return self._keys.get(device)

    def _arrived(self, device: str, wanted: Upload) -> None:
        self._counts.add(wanted.size)
        with self._lock:
            self._devices.add(device)
            self._files.add(self._folder / wanted.name)
        if not self._came.is_set():
            self._first = time.monotonic()
        self._last = time.monotonic()
        self._came.set()

    def _behind(self) -> None:
        """Merge what came, once it is quiet; what a stop left is merged at the next start."""
        self._merge({self._folder})
        tidied = time.monotonic()
        while not self._end.is_set():
            self._came.wait(AGAIN if self._left else _TIDY)
            while not self._end.is_set() and not self._is_time():
                self._end.wait(0.1)
            if self._end.is_set():
                break
            if self._came.is_set() or self._left:
                self._came.clear()
                with self._lock:
                    files, self._files = self._files | self._left, set()
                self._merge(files)
            self._counts.write()
            if time.monotonic() - tidied > _TIDY:
                self.spool.expire()
                tidied = time.monotonic()

    def _is_time(self) -> bool:
        now = time.monotonic()
        return not self._came.is_set() or now - self._last > QUIET or now - self._first > LATEST

    def _merge(self, paths: set[Path]) -> None:
        with self._lock:
            devices, self._devices = self._devices, set()
        try:
            with Workspace.open(self._home) as ws:
                there = sorted(path for path in paths if path.exists())
                done = merging.merge(ws, there, self._stopping)
                letters = self._post(ws, devices | set(done.devices))
            self._left = set()
            told = Told(done.bundles, done.merged, len(done.rejected), done.events_new, letters)
        except Exception as error:
            # Whatever is in its way: receiving goes on, and this is tried again.
            with self._lock:
                self._devices |= devices
            self._left = paths
            told = Told(problem=_sentence(error))
        if self._told is not None:
            self._told(told)

    def _stopping(self, number: int, of: int, file: Path) -> None:
        if self._end.is_set():
            raise merging.Stopped

    def _post(self, ws: Workspace, devices: set[str]) -> int:
        from fieldkit_sync.wires.folder import Folder

        known = {it.device for it in offices.enrolled(ws) if it.state == "enrolled"}
        posted = posting.post_to(ws, Folder(self._folder), sorted(devices & known))
        for device, _name in posted:
            self.spool.trim(device, _LETTERS)
        return len(posted)


def _sentence(error: Exception) -> str:
    if isinstance(error, Problem):
        return error.sentence()
    return shown(f"{type(error).__name__}: {error}")[:300]


def _not_listening(code: str, detail: str, place: str) -> Problem:
    if code == "certificate":
        return Problem(
            "server-certificate",
            _("证书或私钥读不出来：{why}").format(why=shown(detail)[:160]),
            mend=_("用 --certificate 和 --key 指定 PEM 文件。"),
        )
    return Problem(
        "server-port",
        _("不能在 {place} 上收件：{why}").format(place=shown(place), why=shown(detail)[:160]),
        mend=_("换一个 --port，或先关掉占用它的程序。"),
    )
