"""A small preview of a file: its picture where the terminal can, and always what is known."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.events import Resize
from textual.strip import Strip

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.terminal import is_plain
from fieldkit.text.wrap import wrap
from fieldkit.tui import pictures

from .painted import Line, Painted

GAP = 3
"""Cells between a picture and the facts beside it."""
FACTS = 34
"""Cells that the facts want beside a picture."""
OVER = 6
"""Rows that they want over one."""


def paints(app: App[object]) -> bool:
    """Whether pictures can be seen: a decoder, and more colours than sixteen."""
    # textual takes NO_COLOR out of the environment when it starts and keeps it here.
    if app.no_color or app.native_ansi_color or is_plain(os.environ):
        return False
    return app.console.color_system in ("256", "truecolor") and pictures.available()


def size(count: int) -> str:
    """A file's size in words, cut off and never rounded up."""
    for unit, step in ((_("GB"), 1 << 30), (_("MB"), 1 << 20), (_("KB"), 1 << 10)):
        if count >= step:
            return f"{count * 10 // step / 10:g} {unit}"
    return _("{n} 字节").format(n=count)


class Preview(Painted):
    """One file at a time; reading happens aside, and only for the file that is wanted last."""

    DEFAULT_CSS: ClassVar[str] = "Preview { height: 12; padding: 0 2; }"

    def __init__(self, *, brief: bool = False) -> None:
        """``brief`` leaves the rows to the picture: all facts on one."""
        super().__init__(id="preview")
        self._over = 2 if brief else OVER
        self._brief = brief
        self._path: Path | None = None
        self._facts: pictures.Facts | None = None
        self._rows: pictures.Pixels = ()
        self._word = ""
        self._reading = False
        self._fits = (0, 0)

    @property
    def path(self) -> Path | None:
        """The file that is looked at."""
        return self._path

    @property
    def has_picture(self) -> bool:
        """Whether a picture is drawn now."""
        return bool(self._rows)

    def look(self, path: Path | None) -> None:
        """Show another file, or nothing."""
        if path == self._path:
            return
        self._path = path
        self._blank("")
        self._read()

    def on_resize(self, _event: Resize) -> None:
        """Another size wants another picture."""
        if self._path is not None and self._room() != self._fits:
            self._read()

    def _blank(self, word: str) -> None:
        self._facts, self._rows, self._word = None, (), word
        self.redraw()

    def _room(self) -> tuple[int, int]:
        """The pixels there are, across and down."""
        width, height = self.content_size
        if self._beside():
            return max((width - FACTS - GAP) // 2, 0), height
        return width // 2, max(height - self._over, 0)

    def _beside(self) -> bool:
        """Whether a photo of three to four grows larger with the facts beside than below them."""
        width, height = self.content_size
        beside = min((width - FACTS - GAP) // 2 * 3, height * 4)
        return not self._brief and beside >= min(width // 2 * 3, (height - self._over) * 4)

    def _read(self) -> None:
        """Begin to read; while one file is being read the next wish waits, older ones are lost."""
        if self._reading or self._path is None or not self.is_attached:
            return
        path, room, draw = self._path, self._room(), paints(self.app)
        self._reading, self._fits = True, room

        def reading() -> None:
            found: pictures.Facts | None = None
            picture: pictures.Picture | None = None
            word = ""
            try:
                found = pictures.facts(path)
            except (OSError, ValueError) as error:
                why = getattr(error, "strerror", None) or type(error).__name__
                word = _("读不了这个文件：{why}").format(why=why)
            if found is not None and found.kind in pictures.DRAWN and draw and min(room) > 0:
                picture = pictures.read(path, *room)
                word = "" if picture and picture.rows else _why_not(picture)
            self.app.call_from_thread(self._arrived, path, found, picture, word)

        self.run_worker(reading, thread=True, group="preview", exit_on_error=False)

    def _arrived(
        self,
        path: Path,
        found: pictures.Facts | None,
        picture: pictures.Picture | None,
        word: str,
    ) -> None:
        self._reading = False
        if not self.is_attached:
            return
        if path != self._path or self._room() != self._fits:
            self._read()
            return
        if found is not None and picture is not None:
            # As it is seen: upright.
            found = replace(found, width=picture.width, height=picture.height)
        self._facts, self._rows, self._word = found, picture.rows if picture else (), word
        self.redraw()

    # Drawing

    def lines(self, width: int, height: int) -> list[Line]:
        """The facts alone: where a picture stands it is drawn over by ``render_line``."""
        if self._path is None:
            return []
        beside = self._rows and self._beside()
        indent = len(self._rows[0]) * 2 + GAP if beside else 0
        told = [] if self._brief else [(shown(self._path.name), "strong")]
        if self._facts is not None:
            facts = _told(self._facts)
            told += [(text, "dim") for text in (["  ".join(facts)] if self._brief else facts)]
            told += [(text, "accent") for text in _hint(self._facts)]
        if self._word:
            told.append((self._word, "accent"))
        drawn: list[Line] = []
        for text, tone in told:
            drawn += [
                [(" " * indent, ""), (row, tone)] for row in wrap(text, max(width - indent, 8))
            ]
        return drawn[:height]

    def render_line(self, y: int) -> Strip:
        """One row: facts, pixels, or both beside each other."""
        strip = super().render_line(y)
        width = self.content_size.width
        if not self._rows:
            return strip
        top = 0 if self._beside() else self._over
        if not top <= y < top + len(self._rows):
            return strip
        row = self._rows[y - top][: width // 2]
        pixels = [
            Segment("  ", Style.from_color(None, Color.from_rgb(red, green, blue)))
            for red, green, blue in row
        ]
        return Strip.join([Strip(pixels), strip.crop(len(row) * 2, width)])


def _why_not(picture: pictures.Picture | None) -> str:
    if picture is None:
        return _("这张图打不开，可能已损坏或没有拷完。")
    return _("这张图太大，这里不画；大小如上。")


def _told(found: pictures.Facts) -> list[str]:
    told = [_(pictures.KINDS[found.kind])]
    if found.width:
        told.append(_("{width} x {height} 像素").format(width=found.width, height=found.height))
    return [*told, size(found.size)]


def _hint(found: pictures.Facts) -> list[str]:
    if found.size > pictures.MOST_BYTES:
        return [_("超过 64 MB，不能作证据。")]
    if not found.size:
        return [_("文件是空的，不能作证据。")]
    if found.kind == "heic":
        return [_("HEIC 不能作证据，请先另存为 JPEG。")]
    if not found.kind:
        return [_("不能作证据：可用照片（JPEG、PNG、WebP）、PDF 或纯文本。")]
    return []
