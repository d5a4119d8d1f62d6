"""The documents that an office files: chosen, asked for, written, and checked later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from textual import work
from textual.worker import get_current_worker

from fieldkit.errors import Problem
from fieldkit.papers import catalogue
from fieldkit.papers.catalogue import Options
from fieldkit.papers.verifying import Verdict
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown
from fieldkit.text.wrap import wrap
from fieldkit.tui.widgets.painted import Line as Painting
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import rounds
from fieldkit.work.workspace import Workspace

from .form import FormScreen, Line
from .pick import PickScreen

MADE = "made"
"""The row that leads to what was written already."""
MEASURE = 72
FORMATS = {".docx": "Word（.docx）", ".xlsx": N_("表格（.xlsx）"), ".html": N_("网页（.html）")}
PUBLIC = {"": N_("内部"), "1": N_("对外公开：不到户，不出备注")}
_LABELS = {
    "month": (N_("月份"), N_("写作 2026-11。")),
    "half": (N_("半年"), N_("写作 2026-H2。")),
    "first": (N_("从哪天起"), N_("写作 2026-11-01；不写则按月份，或按本年。")),
    "last": (N_("到哪天止"), N_("写作 2026-11-22；不写到今天。")),
    "within": (N_("范围"), N_("村（社区）的编码；不写是全部。")),
    "site": (N_("单位"), N_("单位的编码；不写取最近的。")),
    "inspection": (N_("检查编号"), N_("检查编号的开头几位；不写取最近办结的。")),
    "finding": (N_("问题编号"), N_("问题编号的开头几位；不写是这次检查的全部问题。")),
    "referral": (N_("移交单编号"), N_("移交单编号的开头几位；不写取最近的。")),
    "checklist": (N_("检查表"), N_("检查表编号，如 wuzha-xiaoqu；不写是全部。")),
    "campaign": (N_("活动"), N_("活动名称；不写按到今天的累计。")),
}
"""What each option is called, and what to type."""


class DocumentsScreen(PickScreen):
    """Kinds to choose from; what was written is one row above them."""

    SPACING = 1

    def heading(self) -> str:
        """The title."""
        return _("文件：通报、通知、统计表")

    def question(self) -> str:
        """What a choice does."""
        return _("选一种，填几项，按 F9 写出；每个数都能再核对。")

    def rows(self) -> list[Row]:
        """The kinds."""
        made = len(_written(self.ws))
        return [
            Row(MADE, _("核对已出的文件"), _("{n} 份").format(n=made)),
            *(Row(name, _(kind.title)) for name, kind in catalogue.KINDS.items()),
        ]

    def chosen(self, row: Row) -> None:
        """Ask for its options, or list what was written."""
        if row.key == MADE:
            self.app.push_screen(WrittenScreen())
            return
        form = DocumentForm(row.key)
        self.app.push_screen(form, lambda done: self._write(row.key, form.told) if done else None)

    def _write(self, kind: str, told: dict[str, str]) -> None:
        self.say(_("正在写……"), "accent")
        self._make(kind, dict(told))

    @work(thread=True, exclusive=True, group="document")
    def _make(self, kind: str, told: dict[str, str]) -> None:
        from fieldkit.papers import writing

        worker = get_current_worker()
        suffix = told.pop("format", "") or ".docx"
        options = Options(**{name: text for name, text in told.items() if text})
        outcome: Path | Problem
        try:
            # A connection of its own: the screen's belongs to the screen's thread.
            with Workspace.open(self.ws.home) as ws:
                outcome = writing.write_among(ws, kind, options, suffix)
        except Problem as problem:
            outcome = problem
        if not worker.is_cancelled:
            self.app.call_from_thread(self._made, outcome)

    def _made(self, outcome: Path | Problem) -> None:
        if not self.is_attached:
            return
        if isinstance(outcome, Problem):
            self.say(outcome.sentence(), "fail")
            return
        self.reload()
        self.saved(_("已写出：{path}").format(path=shown(str(outcome))))


class DocumentForm(FormScreen):
    """What a kind of document can be asked for."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    def is_changed(self) -> bool:
        """Nothing is lost here: no record is made."""
        return False

    def heading(self) -> str:
        """The kind."""
        return _(catalogue.kind_of(self._kind).title)

    def asked(self) -> Sequence[Line]:
        """Its options, the kind of file, for whom."""
        kind = catalogue.kind_of(self._kind)
        today = self.ws.today()
        usual = {"half": rounds.around(today, "half").name}
        if self._kind != "standing":
            usual["month"] = f"{today:%Y-%m}"
        lines = []
        for name in kind.options:
            if name in _LABELS:
                label, hint = (_(text) for text in _LABELS[name])
                lines.append(Line(name, label, hint))
                self.told.setdefault(name, usual.get(name, ""))
        formats = {suffix: _(FORMATS[suffix]) for suffix in kind.formats}
        self.told.setdefault("format", ".docx")
        self.told.setdefault("public", "")
        lines.append(Line("format", _("文件格式"), _("按数字选一个。"), formats))
        public = {code: _(label) for code, label in PUBLIC.items()}
        lines.append(Line("public", _("给谁看"), _("按数字选一个。"), public))
        return lines

    def keep_all(self) -> str:
        """The caller reads what was told."""
        return self._kind


def _written(ws: Workspace) -> list[Path]:
    """The files among this home's documents that can be checked, the newest first."""
    folder = ws.home / "documents"
    try:
        found = [one for one in folder.iterdir() if one.suffix in FORMATS and one.is_file()]
        return sorted(found, key=lambda one: (-one.stat().st_mtime, one.name))
    except OSError:
        return []


class WrittenScreen(PickScreen):
    """What was written; a choice checks every figure."""

    FILTER = True

    def heading(self) -> str:
        """The title."""
        return _("核对已出的文件")

    def question(self) -> str:
        """What a choice does."""
        return _("选一份：把里面的每个数重新算一遍，说出哪些变了。")

    def empty(self) -> str:
        """None yet."""
        return _("还没有写过文件。按 F2 回去选一种。")

    def rows(self) -> list[Row]:
        """The files."""
        return [Row(str(path), shown(path.name), _day(path)) for path in _written(self.ws)]

    def chosen(self, row: Row) -> None:
        """Check it."""
        self.say(_("正在核对……"), "accent")
        self._check(Path(row.key))

    @work(thread=True, exclusive=True, group="document")
    def _check(self, path: Path) -> None:
        from fieldkit.papers import verifying

        worker = get_current_worker()
        outcome: Any
        try:
            with Workspace.open(self.ws.home) as ws:
                outcome = verifying.verify(ws, path)
        except Problem as problem:
            outcome = problem
        if not worker.is_cancelled:
            self.app.call_from_thread(self._checked, path, outcome)

    def _checked(self, path: Path, outcome: Verdict | Problem) -> None:
        if not self.is_attached:
            return
        if isinstance(outcome, Problem):
            self.say(outcome.sentence(), "fail")
        elif outcome.ok:
            self.say(_("合：{n} 个数都没有变。").format(n=outcome.figures), "pass")
        else:
            from .reading import ReadingScreen

            self.say("")
            self.app.push_screen(ReadingScreen(shown(path.name), verdict_lines(outcome)))


def verdict_lines(found: Verdict) -> list[Painting]:
    """What became of a document, figure by figure, in words."""
    moved, typed = len(found.changed) + len(found.new) + len(found.gone), len(found.edited)
    lines: list[Painting] = [
        [(_("共 {n} 个数：变了 {moved} 个，被人改过 {typed} 个").format(
            n=found.figures, moved=moved, typed=typed), "accent")],
        [],
    ]  # fmt: skip
    parts = [
        *((_("变"), _("{label}：印出 {then}，现为 {now}").format(
            label=one.label, then=one.then, now=one.now)) for one in found.changed),
        *((_("改"), _("{label}：印出 {printed}，文件里写着 {written}").format(
            label=one.label, printed=one.printed, written=one.written or _("（没有了）")))
          for one in found.edited),
        *((_("新"), _("{label}：现为 {now}，文件里没有").format(label=one.label, now=one.now))
          for one in found.new),
        *((_("无"), _("{code}：现在算不出这个数").format(code=code)) for code in found.gone),
    ]  # fmt: skip
    for word, text in parts:
        first, *more = wrap(shown(text), MEASURE - 4) or [""]
        lines.append([(f"{word}  ", "fail"), (first, "")])
        lines += [[(f"    {line}", "")] for line in more]
    return lines


def _day(path: Path) -> str:
    return f"{datetime.fromtimestamp(path.stat().st_mtime):%Y-%m-%d}"
