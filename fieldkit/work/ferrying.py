"""A file over light: what is shown, and what is read back from pictures (二维码摆渡)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.errors import Problem, Refused
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown
from fieldkit_sync.errors import Refusal
from fieldkit_sync.ferry import draw, frame, plan, send
from fieldkit_sync.ferry.plan import Layout
from fieldkit_sync.ferry.receive import Receiver, Standing
from fieldkit_sync.ferry.send import Stream

from .exchange_files import unusable, write_whole

if TYPE_CHECKING:
    from fieldkit_sync.ferry.scan import Scanner

CAMERA, LINES = "camera", "-"
"""Sources that are no files: a camera (``camera:1`` the second one), lines from a scanner."""
_SPARE = 11
"""Tenths of the symbols that a perfect reader needs: so many frames are written."""

Told = Callable[[Standing], None]


def payload_of(path: Path) -> bytes:
    """The bytes of a file to be shown. Raises Problem where it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        raw = b"" if size > frame.MAX_PAYLOAD else path.read_bytes()
    except OSError as error:
        raise unusable(path, error) from error
    if size > frame.MAX_PAYLOAD or not raw:
        raise Problem(
            "ferry-size",
            _("文件是空的，或超过 {n} MB，不能用二维码摆渡").format(n=frame.MAX_PAYLOAD // 2**20),
            where=shown(str(path)),
            mend=_("先分批交，照片另用移动介质。"),
        )
    return raw


def stream(payload: bytes, layout: Layout, *, again: bool = False) -> Stream:
    """The stream of a payload for such codes; ``again`` goes on with symbols nobody has seen.

    Raises Problem ``ferry-window`` where the codes are too small for so large a file.
    """
    try:
        one = Stream(payload, plan.net(layout.version))
        if not again:
            return one
        start = one.k + int.from_bytes(os.urandom(3), "big") % (frame.MAX_ID // 2)
        return Stream(payload, plan.net(layout.version), start)
    except Refusal as refusal:
        raise Problem(
            "ferry-window",
            _("窗口太小，这么大的文件传不完"),
            mend=_("放大窗口（F11）或缩小字号（Ctrl 和减号）再试。"),
        ) from refusal


def layout_of(cells: tuple[int, int]) -> Layout:
    """The best layout for a terminal, one row of which is for words. Raises Problem."""
    found = plan.choose(cells[0], cells[1] - 1)
    if found is None:
        raise Problem(
            "ferry-window",
            _("窗口太小，画不下二维码"),
            mend=_("放大窗口（F11）或缩小字号（Ctrl 和减号）再试。"),
        )
    return found


@dataclass(frozen=True, slots=True)
class Frames:
    """Pictures that were written."""

    frames: int
    bytes: int
    version: int
    across: int


def frames(path: Path, folder: Path, count: int | None, cells: tuple[int, int]) -> Frames:
    """Write the screens that would be shown, as pictures; enough for a tenth to be lost.

    Raises Problem for the file, the folder, or a window too small.
    """
    payload, layout = payload_of(path), layout_of(cells)
    made = stream(payload, layout)
    if count is None:
        per_screen = max(plan.net(layout.version) // made.size, 1) * layout.across
        count = -(-made.k * _SPARE // (10 * per_screen)) + 1
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for n in range(1, count + 1):
            modules, _first = send.picture(made, layout)
            write_whole(folder / f"{n:05}.png", draw.png(modules, layout.mode))
    except OSError as error:
        raise unusable(folder, error) from error
    return Frames(count, len(payload), layout.version, layout.across)


@dataclass(frozen=True, slots=True)
class Read:
    """What was read back."""

    file: Path
    bytes: int
    frames_used: int
    frames_seen: int


def read(sources: Sequence[str], out: Path, lines: Iterable[str], told: Told | None = None) -> Read:
    """Read pictures, videos, a camera or a scanner's lines until a file is whole, and write it.

    Raises Problem for a source that cannot be read or where the reader is not installed, Refused
    ``ferry-incomplete`` saying how much is missing.
    """
    receiver = Receiver()
    payload = None
    for text in _texts(sources, lines):
        payload = receiver.take(text)
        if told is not None:
            told(receiver.standing)
        if payload is not None:
            break
    now = receiver.standing
    if payload is None:
        raise _incomplete(now)
    try:
        write_whole(out, payload)
    except OSError as error:
        raise unusable(out, error) from error
    return Read(out, len(payload), now.used, now.seen)


def _incomplete(now: Standing) -> Refused:
    if not now.seen:
        return Refused(
            "ferry-nothing",
            _("没有读到一个码"),
            mend=_("拍全整个码，四周留白，对焦清楚，屏幕调亮。"),
        )
    return Refused(
        "ferry-incomplete",
        _("还差 {n} 块（{rank}/{k}），读到 {seen} 个码").format(
            n=now.k - now.rank, rank=now.rank, k=now.k, seen=now.seen
        ),
        mend=_("再拍一些，和原来的一起读；先后不论，重复无妨。"),
    )


def _texts(sources: Sequence[str], lines: Iterable[str]) -> Iterator[str]:
    scanner: Scanner | None = None
    for source in sources:
        if source == LINES:
            yield from _typed(lines)
            continue
        scanner = scanner or _scanner()
        yield from _looked(scanner, source)


def _typed(lines: Iterable[str]) -> Iterator[str]:
    """A scanner that types: an input method makes its characters wide."""
    for line in lines:
        # Blanks at the end belong to the code; only the end of the line does not.
        text = line.rstrip("\r\n")
        yield text if text.isascii() else folded(text)


def _looked(scanner: Scanner, source: str) -> Iterator[str]:
    name, _colon, number = source.partition(":")
    try:
        if name == CAMERA and (not number or number.isdecimal()):
            yield from scanner.video(int(number[:2] or 0))
            return
        for path in _files(Path(source).expanduser()):
            yield from scanner.file(path)
    except Refusal as refusal:
        raise _problem(refusal, source) from refusal


def _files(path: Path) -> list[Path]:
    """The file, or the pictures and videos in a folder, by name. Raises Problem."""
    from fieldkit_sync.ferry import scan

    if not path.is_dir():
        return [path]
    try:
        return sorted(
            one for one in path.iterdir() if one.suffix.lower() in (*scan.PICTURES, *scan.VIDEOS)
        )
    except OSError as error:
        raise unusable(path, error) from error


def _scanner() -> Scanner:
    from fieldkit_sync.ferry.scan import Scanner

    try:
        return Scanner()
    except Refusal as refusal:
        raise _problem(refusal, "") from refusal


def _problem(refusal: Refusal, source: str) -> Problem:
    words = {
        "no-scanner": (_("没有安装读二维码的组件"), _("运行 pip install 'fieldkit[ferry]'。")),
        "no-video": (
            _("没有安装读视频和摄像头的组件"),
            _("运行 pip install opencv-python-headless，或改用照片。"),
        ),
    }
    what, mend = words.get(
        refusal.code, (_("图片或视频读不出来"), _("检查路径，或另存为 .png、.jpg 再试。"))
    )
    return Problem(refusal.code, what, where=shown(source), mend=mend)
