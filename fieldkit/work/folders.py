"""Folders to choose a file from: likely places first, then what is inside, newest first."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown

from . import bookmarks
from .workspace import Workspace

LAST = "evidence-folder"
"""Bookmark: the folder that a file was taken from last."""
MOST = 2000
"""So many files of one folder are listed."""
_ENDS = ("jpg", "jpeg", "jpe", "jfif", "png", "webp", "pdf", "txt", "text", "csv", "md", "log")
LIKELY = frozenset(f".{end}" for end in _ENDS)
"""Endings of what the store keeps (it tells by the bytes); others can be chosen as well."""
_HOMES = (
    (("Pictures", "图片"), N_("图片")),
    (("Downloads", "下载"), N_("下载")),
    (("Desktop", "桌面"), N_("桌面")),
    (("Documents", "文档"), N_("文档")),
)
_MOUNTS = ("/media", "/run/media", "/mnt", "/Volumes")
"""Where sticks appear, by themselves or in a folder of the person."""
_HIDDEN = 2
"""The bit by which Windows hides a file."""
_CAMERA = "DCIM"
"""What a camera and a phone name the folder of their photos."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that a file may lie in, and what to call it."""

    path: Path
    title: str


@dataclass(frozen=True, slots=True)
class Inside:
    """One thing in a folder; ``size`` in bytes, ``at`` when it was changed, local time."""

    path: Path
    folder: bool
    size: int
    at: datetime
    likely: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds; ``more`` files were left out because there are too many."""

    entries: tuple[Inside, ...]
    more: int


def places(ws: Workspace) -> list[Place]:
    """The folder used last, sticks, a person's usual folders; only those that are there."""
    found: dict[Path, str] = {}
    last = bookmarks.recall(ws, LAST)
    if isinstance(last, str) and last:
        found[Path(last)] = _("上次用的")
    for path in _mounted():
        if _is_folder(path / _CAMERA):
            found.setdefault(path / _CAMERA, _("相机或手机照片"))
        found.setdefault(path, _("U 盘或外接盘"))
    try:
        home = Path.home()
    except RuntimeError:
        home = Path.cwd()
    for names, title in _HOMES:
        for name in names:
            found.setdefault(home / name, _(title))
    found.setdefault(home, _("个人文件夹"))
    return [Place(path, title) for path, title in found.items() if _is_folder(path)]


def remember(ws: Workspace, file: Path) -> None:
    """Begin there the next time; a folder whose name is no text is not remembered."""
    folder = str(file.absolute().parent)
    if not any("\ud800" <= sign <= "\udfff" for sign in folder):
        bookmarks.remember(ws, LAST, folder)


def inside(
    folder: Path, *, newest: bool = True, stopped: Callable[[], bool] = lambda: False
) -> Listing:
    """What lies in a folder, folders first; hidden things are left out.

    Of too many files the newest are kept, whatever the order. ``stopped`` is asked now and then,
    to give up early. Raises Problem ``folder-unreadable``.
    """
    folders: list[Inside] = []
    files: list[Inside] = []
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number % 500 == 0 and stopped():
                    break
                if entry.name.startswith("."):
                    continue
                one = _entry(entry)
                if one is not None:
                    (folders if one.folder else files).append(one)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise Problem(
            "folder-unreadable",
            _("这个文件夹打不开：{why}").format(why=why),
            where=shown(str(folder)),
            mend=_("换一个文件夹，或检查权限。"),
        ) from error
    folders.sort(key=lambda one: one.path.name)
    files.sort(key=lambda one: one.path.name)
    files.sort(key=lambda one: one.at, reverse=True)
    more = max(len(files) - MOST, 0) + max(len(folders) - MOST, 0)
    del files[MOST:]
    if not newest:
        files.sort(key=lambda one: one.path.name)
    return Listing((*folders[:MOST], *files), more)


def _entry(entry: os.DirEntry[str]) -> Inside | None:
    try:
        known = entry.stat()
        at = datetime.fromtimestamp(known.st_mtime).astimezone()
    except (OSError, OverflowError, ValueError):
        # A dangling link, or a time that no calendar has.
        return None
    folder = stat.S_ISDIR(known.st_mode)
    if getattr(known, "st_file_attributes", 0) & _HIDDEN:
        return None
    if not folder and not stat.S_ISREG(known.st_mode):
        # Opening a pipe or a device would block or never end.
        return None
    path = Path(entry.path)
    return Inside(path, folder, known.st_size, at, path.suffix.lower() in LIKELY)


def _mounted() -> list[Path]:
    """Where sticks appear; on Windows the drives behind the first."""
    if sys.platform == "win32":
        return [
            Path(f"{letter}:\\")
            for letter in "DEFGHIJKLMNOPQRSTUVWXYZ"
            if Path(f"{letter}:\\").exists()
        ]
    found: list[Path] = []
    for base in map(Path, _MOUNTS):
        for path in _listed(base):
            # /media/PERSON/STICK as well as /media/STICK; a folder left behind is neither.
            found += [one for one in (path, *_listed(path)) if os.path.ismount(one)]
    return found + _phones()


def _phones() -> list[Path]:
    """Phones and cameras on a cable, where the desktop shows them as folders."""
    who = getattr(os, "getuid", lambda: None)()
    return [] if who is None else _listed(Path(f"/run/user/{who}/gvfs"))


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError:
        return []


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
