"""A home on disk: the journal, this device's keys, the evidence, and the clock."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from fieldkit.domain.moments import CHINA, moment_of
from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .scratch import sweep

if TYPE_CHECKING:
    from fieldkit.store.evidence import EvidenceStore
    from fieldkit.store.store import Store
    from fieldkit_sync.identity import Public

NOW_VARIABLE = "FIELDKIT_NOW"
HOME_VARIABLE = "FIELDKIT_HOME"
_FOLDERS = ("evidence", "grants", "bundles", "rejected")


def home_time(hlc: str) -> str:
    """The wall-clock part of a stamp as RFC 3339 with ``+08:00``, to the second."""
    return moment_of(hlc).isoformat(timespec="seconds")


def home_folder(home: Path | None = None) -> Path:
    """Where the home is: the argument, ``FIELDKIT_HOME``, or the platform's data folder."""
    if home is not None:
        return home.expanduser().absolute()
    named = os.environ.get(HOME_VARIABLE, "")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("fieldkit", appauthor=False)


def clock() -> datetime:
    """Now in China; ``FIELDKIT_NOW`` (RFC 3339 with an offset) stands still in its place.

    Raises Problem ``bad-now`` when the variable holds anything else.
    """
    fixed = os.environ.get(NOW_VARIABLE, "")
    if not fixed:
        return datetime.now(CHINA)
    try:
        moment = datetime.fromisoformat(fixed)
        if moment.tzinfo is None or not 1970 < moment.astimezone(UTC).year < 9999:
            raise ValueError(fixed)
        return moment.astimezone(CHINA)
    except (ValueError, OverflowError):
        raise Problem(
            "bad-now",
            _("环境变量 {name} 的时间“{value}”不是带时区的 RFC 3339 时间。").format(
                name=NOW_VARIABLE, value=shown(fixed)[:60]
            ),
            mend=_("写成 2026-11-23T09:30:00+08:00。"),
        ) from None


class Workspace:
    """One open home. Close it, or use it as a context manager."""

    def __init__(self, home: Path, store: Store, device: Public) -> None:
        self.home = home
        self.store = store
        self.device = device
        self.last_sheet: object = None
        """The inspection that was read last; `sheets` keeps it and knows until when it holds."""

    @classmethod
    def open(cls, home: Path | None = None) -> Workspace:
        """Open the home, making it on first use (CLI.md, rules for all commands).

        Raises Problem when the folder cannot be used or its keys are damaged.
        """
        clock()
        folder = home_folder(home)
        _prepare(folder)
        sweep(folder)
        device = _device(folder)
        from fieldkit.store.store import Store

        return cls(folder, Store(folder, device.device, _now_ms), device)

    @cached_property
    def evidence(self) -> EvidenceStore:
        """The files that prove, by content."""
        from fieldkit.store.evidence import EvidenceStore

        return EvidenceStore(self.home / "evidence")

    @property
    def is_demo(self) -> bool:
        """Whether this home holds the fictional town."""
        return (self.home / "demo.json").is_file()

    def now(self) -> datetime:
        """Now, at +08:00."""
        return clock()

    def now_ms(self) -> int:
        """Now, in milliseconds since 1970."""
        return _now_ms()

    def today(self) -> date:
        """The day of the work, at +08:00."""
        return clock().date()

    def close(self) -> None:
        """Let the journal go; nothing is pending, every append was already committed."""
        self.store.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _now_ms() -> int:
    moment = clock()
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def _prepare(folder: Path) -> None:
    try:
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in _FOLDERS:
            (folder / name).mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise Problem(
            "home-unusable",
            _("工作目录不能用：{reason}。").format(reason=error.strerror or _("不是文件夹")),
            where=shown(str(folder)),
            mend=_("用 --home 另选一个可写的文件夹。"),
        ) from error


def _device(folder: Path) -> Public:
    from fieldkit_sync.errors import Refusal
    from fieldkit_sync.identity import Identity, public

    keys = folder / "keys"
    try:
        return public(keys)
    except Refusal as refusal:
        if refusal.code != "no-identity":
            raise _damaged(keys, refusal.detail) from refusal
    try:
        Identity.create(keys, _("未命名设备"))
    except Refusal as refusal:
        # Of two processes that create at once one wins whole; the other takes the winner's keys.
        if refusal.code != "identity-exists":
            raise _damaged(keys, refusal.detail) from refusal
    except OSError as error:
        raise _damaged(keys, error.strerror or str(error)) from error
    try:
        return public(keys)
    except Refusal as refusal:
        raise _damaged(keys, refusal.detail) from refusal


def _damaged(keys: Path, detail: str) -> Problem:
    return Problem(
        "keys-damaged",
        _("本机密钥读不出来（{detail}）。").format(detail=shown(detail)[:80]),
        where=shown(str(keys)),
        mend=_("从备份恢复 keys 文件夹，或换一个新的工作目录。"),
    )
