"""A home looked at without touching it: database, journal, clock, disk, keys, leftovers."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.domain.moments import CHINA, moment_of
from fieldkit.errors import Problem
from fieldkit.store import health
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown

from .workspace import NOW_VARIABLE, Workspace, clock, home_folder

if TYPE_CHECKING:
    from fieldkit.store.health import Health

GOOD, WARN, BAD = "good", "warn", "bad"
VERIFIED = 20_000
PROVED = 256 * (1 << 20)
"""Up to so many events and bytes of evidence are verified on the way."""

_MEGA = 1 << 20
_SHORT, _FULL = 1024 * _MEGA, 100 * _MEGA
_SLOW_MS = 250
_OLD_SECONDS = 3600
_NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "davfs",
    # Folders of other machines that an ordinary user has put in.
    "fuse.sshfs", "fuse.rclone", "fuse.davfs2",
})  # fmt: skip
_REMOVABLE = frozenset(["vfat", "msdos", "exfat", "fuseblk", "ntfs", "ntfs3", "iso9660", "udf"])
_REMOVABLE_PLACES = ("/media/", "/run/media/", "/Volumes/")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: how it is, what was seen, and the mend where it needs one."""

    id: str
    title: str
    state: str
    said: str
    mend: str = ""


def of_home(home: Path | None) -> Iterator[Check]:
    """Every check of a home and of the disk it lies on, or would lie on."""
    folder = home_folder(home)
    exists = os.path.isdir(folder)
    yield _home(folder, exists)
    seen = _seen(folder / "journal.db")
    yield _database(seen)
    # What is missing is told of before the journal is opened, which would make it anew.
    keys, evidence = _keys(folder / "keys", seen), _evidence(folder / "evidence", exists)
    yield keys
    yield evidence
    yield _journal(folder, seen, may_open=BAD not in (keys.state, evidence.state))
    yield _clock(seen.newest if seen is not None and not isinstance(seen, Problem) else "")
    yield _zone()
    place = next((one for one in (folder, *folder.parents) if os.path.isdir(one)), Path("/"))
    yield _space(place)
    yield _file_system(place)
    yield _write(place, exists)
    yield _leftovers(folder, exists)


def _seen(path: Path) -> Health | Problem | None:
    """What the database file shows; None where there is none."""
    if not os.path.exists(path):
        return None
    try:
        return health.look(path)
    except Problem as problem:
        return problem


def _home(folder: Path, exists: bool) -> Check:
    title = _("工作目录")
    if os.path.exists(folder) and not exists:
        return Check(
            "home",
            title,
            BAD,
            _("{path} 不是文件夹").format(path=shown(str(folder))),
            _("用 --home 另选一个可写的文件夹。"),
        )
    said = str(folder) if exists else _("{path}（还没有，第一次使用时建立）").format(path=folder)
    return Check("home", title, GOOD, shown(said))


def _database(seen: Health | Problem | None) -> Check:
    title = _("数据库")
    if seen is None:
        return Check("database", title, GOOD, _("还没有"))
    if isinstance(seen, Problem):
        return Check("database", title, BAD, seen.what, seen.mend)
    if seen.faults:
        return Check(
            "database",
            title,
            BAD,
            _("快速检查不通过：{fault}").format(fault=shown(seen.faults[0])[:80]),
            _("不要改动它，先复制一份，再从备份或数据包恢复。"),
        )
    said = _("打得开，日志方式 {mode}，{n} 条记录").format(mode=seen.journal_mode, n=seen.events)
    if not seen.whole:
        said += _("；文件太大，快速检查没有做完")
    if seen.journal_mode != "wal":
        mend = _("这里的磁盘不支持 WAL，写得慢一些；工作目录最好放在本机硬盘上。")
        return Check("database", title, WARN, said, mend)
    return Check("database", title, GOOD, said)


def _journal(folder: Path, seen: Health | Problem | None, *, may_open: bool) -> Check:
    title, command = _("日志核验"), _("运行 fieldkit journal verify。")
    if seen is None:
        return Check("journal", title, GOOD, _("还没有记录"))
    if isinstance(seen, Problem) or seen.faults:
        return Check("journal", title, BAD, _("数据库读不出来，没有核验"), _("先修好数据库。"))
    if not seen.current:
        # Opening would rewrite the file, which is not for somebody who only looks.
        return Check("journal", title, GOOD, _("由另一个版本写成，没有核验"), command)
    if not may_open:
        said = _("先处理密钥和佐证文件夹，没有核验")
        return Check("journal", title, WARN, said, command)
    if seen.events > VERIFIED or _bytes(folder / "evidence") > PROVED:
        said = _("{n} 条记录和佐证太多，这里没有核验").format(n=seen.events)
        return Check("journal", title, GOOD, said, command)
    from . import journaling

    try:
        with Workspace.open(folder) as ws:
            events, problems = journaling.verify(ws)
    except Problem as problem:
        return Check("journal", title, BAD, problem.what, problem.mend)
    if problems:
        said = _("{n} 处问题，第一处：{first}").format(
            n=len(problems), first=shown(problems[0])[:80]
        )
        return Check("journal", title, BAD, said, command)
    return Check("journal", title, GOOD, _("{n} 条记录，链、签名和证据都完好").format(n=events))


def _bytes(folder: Path) -> int:
    total = 0
    for path in folder.glob("??/*"):
        with suppress(OSError):
            total += path.stat().st_size
    return total


def _clock(newest: str) -> Check:
    title, mend = _("时钟"), _("校准系统的日期和时间，最好设为自动。")
    try:
        now = clock()
    except Problem as problem:
        return Check("clock", title, BAD, problem.what, problem.mend)
    said = now.strftime("%Y-%m-%d %H:%M:%S")
    if newest:
        last = moment_of(newest)
        ahead = last - now.replace(microsecond=0)
        if ahead > timedelta(days=1):
            found = _("{now}，比最新的记录（{last}）慢了 {n} 天").format(
                now=said, last=_day(last), n=ahead.days
            )
            return Check("clock", title, BAD, found, mend)
        if ahead > timedelta(0):
            found = _("{now}，比最新的记录（{last}）早").format(now=said, last=_day(last))
            return Check("clock", title, WARN, found, mend)
    if os.environ.get(NOW_VARIABLE):
        found = _("{now}，由环境变量 {name} 固定").format(now=said, name=NOW_VARIABLE)
        return Check("clock", title, WARN, found, _("实际工作时不要设置它。"))
    return Check("clock", title, GOOD, said)


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def _zone() -> Check:
    local = datetime.now().astimezone()
    offset = local.strftime("%z")
    if local.utcoffset() == CHINA.utcoffset(None):
        return Check("zone", _("时区"), GOOD, offset)
    said = _("系统是 {offset}，界面和报表一律按北京时间 +0800").format(offset=offset)
    return Check("zone", _("时区"), WARN, said, _("在国内使用时把系统时区设为北京时间。"))


def _space(place: Path) -> Check:
    title = _("磁盘空间")
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Check("space", title, BAD, error.strerror or str(error), _("检查磁盘。"))
    said = _("剩余 {n} MB").format(n=free // _MEGA)
    state = BAD if free < _FULL else WARN if free < _SHORT else GOOD
    return Check("space", title, state, said, "" if state == GOOD else _("请腾出空间。"))


def _file_system(place: Path) -> Check:
    title = _("磁盘位置")
    kind = file_system(place)
    mend = _("把工作目录放在本机硬盘上，用数据包传送。")
    if kind in _NETWORK:
        said = _("在网络盘上（{kind}），断网或多人同开可能损坏数据").format(kind=kind)
        return Check("place", title, WARN, said, mend)
    if kind in _REMOVABLE or str(place.resolve()).startswith(_REMOVABLE_PLACES):
        said = _("像是在 U 盘或移动盘上（{kind}），拔出前要先退出").format(kind=kind or "?")
        return Check("place", title, WARN, said, mend)
    return Check("place", title, GOOD, kind or _("本机"))


def file_system(place: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The type of the file system that a folder lies on; empty where nobody tells."""
    if os.name == "nt":
        return _windows_drive(place)
    best, kind = "", ""
    try:
        lines = mounts.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    inside = f"{place.resolve()}/"
    for line in lines:
        fields = line.split(" ")
        if len(fields) > 2:
            point = fields[1].replace("\\040", " ").rstrip("/") + "/"
            if inside.startswith(point) and len(point) >= len(best):
                best, kind = point, fields[2]
    return kind


def _windows_drive(place: Path) -> str:
    import ctypes

    ask: Callable[[str], int] = getattr(ctypes, "windll").kernel32.GetDriveTypeW  # noqa: B009
    return {2: "vfat", 4: "cifs", 5: "udf"}.get(ask(place.resolve().anchor), "")


def _write(place: Path, exists: bool) -> Check:
    title = _("写入")
    if not exists and not os.access(place, os.W_OK):
        said = _("{path} 不能写，建不了工作目录").format(path=shown(str(place)))
        return Check("write", title, BAD, said, _("用 --home 另选一个可写的文件夹。"))
    begun = time.perf_counter()
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=".doctor-", dir=place)
        with os.fdopen(handle, "wb") as stream:
            stream.write(b"\0" * 4096)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        said = _("写不进去：{reason}").format(reason=error.strerror or str(error))
        return Check("write", title, BAD, said, _("检查文件夹权限和磁盘。"))
    finally:
        if name:
            with suppress(OSError):
                os.unlink(name)
    spent = (time.perf_counter() - begun) * 1000
    said = _("写一次并确认落盘用 {n} 毫秒").format(n=f"{spent:.1f}")
    if spent > _SLOW_MS:
        mend = _("磁盘很慢，每答一题都要等；换到本机硬盘，关掉占用磁盘的程序。")
        return Check("write", title, WARN, said, mend)
    return Check("write", title, GOOD, said)


def _keys(folder: Path, seen: Health | Problem | None) -> Check:
    title = _("密钥文件")
    if not os.path.isfile(folder / "device.json"):
        if seen is None:
            return Check("keyfiles", title, GOOD, _("还没有"))
        mend = _("从备份恢复 keys 文件夹；没有备份时照常使用会生成新的身份，要重新登记。")
        return Check("keyfiles", title, BAD, _("不见了"), mend)
    if os.name == "nt":
        return Check("keyfiles", title, GOOD, _("由 Windows 的用户权限保护"))
    try:
        private = [path for path in folder.iterdir() if path.suffix != ".pub"]
        open_ = [path.name for path in (folder, *private) if path.stat().st_mode & 0o077]
    except OSError as error:
        said = _("读不出来：{reason}").format(reason=error.strerror or str(error))
        return Check("keyfiles", title, BAD, said, _("检查文件夹权限。"))
    if open_:
        said = _("别的用户也能读：{names}").format(names=shown("、".join(sorted(open_)))[:80])
        mend = _("运行 chmod -R go= {path}").format(path=shown(str(folder)))
        return Check("keyfiles", title, BAD, said, mend)
    mode = stat.filemode(folder.stat().st_mode)
    return Check("keyfiles", title, GOOD, _("只有本人能读（{mode}）").format(mode=mode))


def _evidence(folder: Path, exists: bool) -> Check:
    title = _("佐证文件夹")
    if not os.path.isdir(folder):
        if not exists:
            return Check("evidence", title, GOOD, _("还没有"))
        return Check("evidence", title, BAD, _("不见了"), _("从备份恢复 evidence 文件夹。"))
    if not os.access(folder, os.W_OK | os.X_OK):
        return Check("evidence", title, BAD, _("不能写"), _("检查文件夹权限。"))
    number = sum(1 for path in folder.glob("??/*") if not path.name.startswith("."))
    return Check("evidence", title, GOOD, _("{n} 个文件").format(n=number))


def _leftovers(folder: Path, exists: bool) -> Check:
    title = _("遗留的半成品")
    before = time.time() - _OLD_SECONDS
    found = []
    for path in folder.rglob("*") if exists else ():
        if path.name.endswith(".part") or path.name.startswith((".opening-", ".doctor-")):
            with suppress(OSError):
                if path.stat().st_mtime < before:
                    found.append(path)
    if not found:
        return Check("leftovers", title, GOOD, _("没有"))
    said = _("{n} 个，例如 {path}").format(n=len(found), path=shown(str(found[0])))
    return Check("leftovers", title, WARN, said, _("没有别的窗口在用时可以删掉。"))


EXTRAS = {
    "office": (("openpyxl", "python_calamine"), N_("办公室的 Excel 报表和底册")),
    "keyring": (("keyring",), N_("把口令交给系统的钥匙串")),
}
"""Optional parts of the installation: their modules, and what they are for."""
