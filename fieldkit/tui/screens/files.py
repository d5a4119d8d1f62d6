"""Choosing a file: likely places, then folders, the newest file first, found by typing.

A path can be typed, pasted or dropped onto the window instead.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widgets import Input
from textual.worker import get_current_worker

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded, shown
from fieldkit.text.width import cell_width, pad
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.pick_list import PickList, Row
from fieldkit.tui.widgets.preview import Preview, paints, size
from fieldkit.work import folders, paths

from .pick import Caption, PickScreen

GIVEN, ABOVE = "given", "above"
"""Keys of the rows for a typed path and the folder above; all other keys are whole paths."""
_PATH = re.compile(r"[~'\"“‘「]|file:|[a-z]:|.*[/\\]", re.IGNORECASE)
_MARKS = (N_("目录"), N_("照片"), N_("文本"), N_("其他"))
_WORDS = {
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"), N_("照片")),
    ".pdf": "PDF",
    **dict.fromkeys((".txt", ".text", ".csv", ".md", ".log"), N_("文本")),
}


class FilesScreen(PickScreen):
    """Dismissed with the path of a file, or nothing."""

    NAME: ClassVar[str] = "files"
    CSS_PATH = "files.tcss"
    FILTER: ClassVar[bool] = True

    def __init__(self, start: Path | None = None) -> None:
        super().__init__()
        self._start = start.absolute() if start else None
        self._folder: Path | None = None
        self._found: folders.Listing | None = None
        self._entries: dict[str, folders.Inside] = {}
        self._newest = True
        self._reading = False
        self._trouble = ""
        self._seen = ""

    def heading(self) -> str:
        """The title."""
        return _("挑一个文件")

    def question(self) -> str:
        """Where one is."""
        if self._folder is not None:
            return shown(str(self._folder))
        return _("先选一个地方，或把文件拖进窗口，或粘贴路径：")

    def empty(self) -> str:
        """What to say of an empty folder."""
        if self._reading:
            return _("正在读这个文件夹……")
        return _("这里没有文件。按 F4 到上一层。")

    def rows(self) -> list[Row]:
        """What was read last."""
        return self._all

    def body(self) -> ComposeResult:
        """Where one is, what is typed, the list, and what lies under the cursor."""
        yield Caption(self.question(), id="question")
        with Horizontal(id="filter"):
            yield Caption(_("查找"), "accent", id="filter-label")
            yield LineEditor(max_length=4096)
        with Container(id="panes"):
            yield PickList(numbered=False)
            yield Preview()

    @property
    def preview(self) -> Preview:
        """The picture and the facts."""
        return self.query_one(Preview)

    def on_mount(self) -> None:
        """Places, or the folder that was asked for."""
        self.set_class(not paints(self.app), "-facts")
        self._go(self._start)

    def reload(self) -> None:
        """Draw the rows again; folders are read only when somebody asks."""
        super().reload()
        self.query_one(LineEditor).placeholder = _("打几个字，或粘贴路径")

    # Reading folders

    def _go(self, folder: Path | None, at: Path | None = None) -> None:
        """Read a folder, or the places; the list stays as it is until that is done."""
        self._reading = True
        self.say(_("正在读这个文件夹……"), "dim")
        self._scan(folder, at, self._newest)

    @work(thread=True, exclusive=True, group="folder")
    def _scan(self, folder: Path | None, at: Path | None, newest: bool) -> None:
        worker = get_current_worker()
        try:
            if folder is None:
                places = folders.places(self.ws)
                if not worker.is_cancelled:
                    self.app.call_from_thread(self._placed, places, at)
                return
            if at is None and not folder.is_dir():
                self._judge(folder)
                return
            found = folders.inside(folder, newest=newest, stopped=lambda: worker.is_cancelled)
        except (Problem, OSError, ValueError) as error:
            if not worker.is_cancelled:
                self.app.call_from_thread(self._refused, error)
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._arrived, folder, at, found)

    def _judge(self, path: Path) -> None:
        """In the thread: a typed path that is no folder is a file, or a mistake."""
        if path.is_file():
            self.app.call_from_thread(self._take, path)
            return
        raise Problem(
            "no-such-file",
            _("没有这个文件或文件夹"),
            where=shown(str(path)),
            mend=_("核对路径，或从下面挑。"),
        )

    def _refused(self, error: Problem | OSError | ValueError) -> None:
        if not self.is_attached:
            return
        self._reading = False
        if isinstance(error, Problem):
            words = error.sentence()
        else:
            why = getattr(error, "strerror", None) or type(error).__name__
            words = _("这个路径读不了：{why}").format(why=why)
        if self._all:
            self.say(words, "fail")
        else:
            self._trouble = words
            self._go(None)

    def _placed(self, places: list[folders.Place], at: Path | None) -> None:
        rows = [Row(str(one.path), one.title, shown(str(one.path))) for one in places]
        self._change(None, None, rows, str(at) if at else None)

    def _arrived(self, folder: Path, at: Path | None, found: folders.Listing) -> None:
        now = self.ws.now()
        rows = [_row(one, now) for one in found.entries]
        rows.insert(0, Row(ABOVE, "..", mark=_mark(_("上层")), tone="accent"))
        likely = next((str(one.path) for one in found.entries if one.likely), None)
        first = str(found.entries[0].path) if found.entries else None
        self._change(folder, found, rows, str(at) if at else likely or first)

    def _change(
        self, folder: Path | None, found: folders.Listing | None, rows: list[Row], at: str | None
    ) -> None:
        if not self.is_attached:
            return
        self._reading = False
        self._folder, self._found, self._all = folder, found, rows
        self._entries = {str(one.path): one for one in found.entries} if found else {}
        self.set_class(folder is None, "-places")
        self.query_one("#question", Caption).tell(self.question())
        editor = self.query_one(LineEditor)
        with self.prevent(Input.Changed):
            editor.fill("")
        self._show(at)
        if self._trouble:
            self.say(self._trouble, "fail")
            self._trouble = ""

    # Showing

    def _show(self, at: str | None) -> None:
        typed = self.query_one(LineEditor).value
        if _PATH.match(typed.strip()):
            row = Row(GIVEN, typed.strip(), mark=_mark(_("路径")), tone="accent")
            self.picks.show([row])
            self.say(_("按回车打开这个路径；删掉它就回到列表。"), "dim")
        else:
            rows = [row for row in self._all if row.matches(typed)]
            self.picks.show(rows, at=at)
            self._tell(len(rows), typed)
        self._look()

    def _tell(self, listed: int, typed: str) -> None:
        found = self._found
        if self._reading or (found is not None and not found.entries):
            self.say(self.empty(), "accent")
        elif not listed:
            self.say(
                _("没有找到“{wanted}”，删掉几个字再看。").format(wanted=shown(typed)), "accent"
            )
        elif found is not None and found.more:
            words = _("文件太多，只列最新的 {n} 个，还有 {more} 个没列")
            self.say(words.format(n=folders.MOST, more=found.more), "accent")
        elif found is None:
            self.say("")
        elif folded(typed):
            words = _("共 {n} 项，现列 {m} 项")
            self.say(words.format(n=len(self._all) - 1, m=listed), "dim")
        else:
            order = _("新的在前") if self._newest else _("按名称")
            self.say(_("共 {n} 项，{order}").format(n=len(self._all) - 1, order=order), "dim")

    def _look(self) -> None:
        """Show what is under the cursor."""
        self.preview.look(self._file())
        self._seen = self.picks.current.key if self.picks.current else ""
        self.call_after_refresh(self.offer)

    def _file(self) -> Path | None:
        """The file under the cursor."""
        row = self.picks.current
        if row is not None and row.key == GIVEN:
            try:
                return self._given()
            except Problem:
                return None
        entry = self._entries.get(row.key) if row else None
        return entry.path if entry is not None and not entry.folder else None

    def _given(self) -> Path:
        """The typed path; a short one begins in the folder that is open."""
        path = paths.given(self.query_one(LineEditor).value)
        return path if self._folder is None else self._folder / path

    # Reasons

    def why_no_folder(self) -> str:
        """Among the places there is nothing above and no order."""
        return "" if self._folder is not None else _("先选一个地方。")

    def why_here(self) -> str:
        """The places are on the screen."""
        return "" if self._folder is not None else _("这里就是常用的位置。")

    def why_not_look(self) -> str:
        """Only files can be looked at."""
        return "" if self._file() is not None else _("光标不在文件上。")

    # Doing

    def chosen(self, row: Row) -> None:
        """Into a folder, or done with a file."""
        entry = self._entries.get(row.key)
        if row.key == GIVEN:
            self._go(self._given())
        elif entry is not None and not entry.folder:
            self._take(entry.path)
        elif row.key == ABOVE:
            self.up(row.key)
        else:
            self._go(Path(row.key))

    def on_pick_list_chosen(self, message: PickList.Chosen) -> None:
        """A click on a file shows it first; a second one takes it."""
        message.prevent_default()
        entry = self._entries.get(message.row.key)
        if entry is not None and not entry.folder and message.row.key != self._seen:
            self._look()
            self.say(_("再点一次就选定它。"), "dim")
            return
        self.attempt(lambda: self.chosen(message.row))

    def _take(self, path: Path) -> None:
        if self.is_attached:
            folders.remember(self.ws, path)
            self.dismiss(path)

    def move_up(self, key: str) -> None:
        """One row up."""
        super().move_up(key)
        self._look()

    def move_down(self, key: str) -> None:
        """One row down."""
        super().move_down(key)
        self._look()

    def page_up(self, key: str) -> None:
        """A page up."""
        super().page_up(key)
        self._look()

    def page_down(self, key: str) -> None:
        """A page down."""
        super().page_down(key)
        self._look()

    def up(self, _key: str) -> None:
        """The folder above, with the cursor on the one left; above the topmost are the places."""
        folder = self._folder
        if folder is None or folder.parent == folder:
            self._go(None)
        else:
            self._go(folder.parent, folder)

    def places(self, _key: str) -> None:
        """The likely places again."""
        self._go(None, self._folder)

    def order(self, _key: str) -> None:
        """By time or by name."""
        self._newest = not self._newest
        if self._folder is not None:
            self._go(self._folder, self._file() or self._folder)

    def look(self, _key: str) -> None:
        """The file as large as the screen."""
        from .preview import PreviewScreen

        path = self._file()
        if path is not None:
            self.app.push_screen(PreviewScreen(path))


def _mark(word: str) -> str:
    return pad(word, max(cell_width(_(one)) for one in _MARKS))


def _row(one: folders.Inside, now: datetime) -> Row:
    if one.folder:
        return Row(str(one.path), one.path.name, mark=_mark(_("目录")), tone="accent")
    aside = f"{_when(one.at.astimezone(now.tzinfo), now)}{pad(size(one.size), 12, 'right')}"
    word = _mark(_(_WORDS.get(one.path.suffix.lower(), N_("其他"))))
    tone = "pass" if one.likely else "dim"
    return Row(str(one.path), one.path.name, aside, mark=word, tone=tone, faint=not one.likely)


def _when(at: datetime, now: datetime) -> str:
    """When it was changed, the nearer the closer."""
    clock = at.strftime("%H:%M")
    if at.date() == now.date():
        return _("今天 {clock}").format(clock=clock)
    if at.date() == now.date() - timedelta(days=1):
        return _("昨天 {clock}").format(clock=clock)
    if at.year == now.year:
        return _("{m}月{d}日").format(m=at.month, d=at.day)
    return at.date().isoformat()
