"""One finding: what it is, what happened to it, and the steps that can be taken now."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from fieldkit.domain.rectification import TITLES, Move, allowed
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width, pad
from fieldkit.text.wrap import wrap
from fieldkit.tui.widgets.facts import Facts
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.work import findings, inspecting, rechecking, rectifying, sites
from fieldkit.work.findings import FindingRow

from .base import FieldScreen
from .findings import tone
from .pick import Caption

MEASURE, LABEL = 72, 10
ASKS = {
    "notify": ("number", "due", "note"),
    "progress": ("note",),
    "rectify": ("note", "evidence"),
    "escalate": ("note", "due"),
    "refer": ("note", "number", "due"),
    "feedback": ("note", "number"),
    "close": ("note",),
    "withdraw": ("note",),
    "relapse": ("note", "due"),
    "restore": ("note",),
}
"""What each step asks for, one line after the other."""
OPTIONAL = ("notify", "close")
"""Steps whose note may be left empty."""


class FindingScreen(FieldScreen):
    """A page to read, numbered steps under it, and one line at a time to fill in."""

    NAME: ClassVar[str] = "finding"
    CSS_PATH = "finding.tcss"

    def __init__(self, ref: str) -> None:
        super().__init__()
        self.mode = "read"
        self._ref = ref
        self._row: FindingRow | None = None
        self._steps: tuple[str, ...] = ()
        self._step = ""
        self._field = 0
        self._told: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """The page, the steps, the line to fill in."""
        yield Page()
        yield Facts(id="steps")
        with Vertical(id="write"):
            yield Caption(id="prompt")
            yield LineEditor()

    def on_mount(self) -> None:
        """Show the finding as it stands."""
        self._show()

    def on_screen_resume(self) -> None:
        """A re-inspection may have moved it."""
        if self._row is not None and self.mode == "read":
            self._show()

    def _show(self) -> None:
        self.mode = "read"
        self.query_one("#write").display = False
        self.query_one("#steps").display = True
        self.set_focus(None)
        if self.attempt(self._read):
            self._paint()
        self.offer()

    def _read(self) -> None:
        self._row = findings.find(self.ws, self._ref)

    def _paint(self) -> None:
        row = self._row
        assert row is not None
        finding = row.finding
        place = sites.full_name(self.ws, row.site) if row.site else "—"
        self.title_bar.tell(f"{finding.item}  {place}", finding.id[:8])
        moves = findings.history(self.ws, finding)
        self._steps = allowed(finding.state, finding.severity)
        self.query_one(Page).show([*self._facts(row, place), *self._history(moves)])
        self._offer_steps()
        if findings.contested(self.ws, finding):
            self.say(_("几台设备各走了一步，以最晚的为准；再走一步就理顺。"), "accent")

    def _facts(self, row: FindingRow, place: str) -> list[Line]:
        finding, case = row.finding, row.case
        severity = _("否决项") if finding.severity == "critical" else _("一般")
        due = f"{finding.due}  {row.when}" if row.when else "—"
        rounds = _("第 {n} 轮").format(n=case.rounds)
        facts = (
            (_("状态"), f"{row.state}    {rounds}", tone(row)),
            (_("期限"), due, "fail" if row.overdue else ""),
            (_("对象"), place, ""),
            (_("问题"), f"{finding.item} {finding.text}", "strong"),
            (_("标准"), finding.criterion, ""),
            (_("程度"), severity, ""),
            (_("文书编号"), case.number, ""),
        )
        return [
            line for label, text, hue in facts if text for line in self._entry(label, text, hue)
        ]

    def _history(self, moves: list[Move]) -> list[Line]:
        lines: list[Line] = [(), [(_("经过"), "accent")]]
        for move in moves:
            mine = move.device == self.ws.device.device
            told = [_(TITLES[move.step]), move.number, move.note]
            if move.evidence:
                told.append(_("佐证 {n} 件").format(n=len(move.evidence)))
            told.append(_("本机") if mine else _("设备 {id}").format(id=move.device[:8]))
            lines += self._entry(move.day, "  ".join(part for part in told if part), "")
        return lines if moves else [*lines, [(_("还没有交办。"), "dim")]]

    def _offer_steps(self) -> None:
        lines = self._numbered()
        steps = self.query_one("#steps", Facts)
        steps.styles.height = len(lines)
        steps.show(lines)

    def _numbered(self) -> list[Line]:
        """The steps, as many to a line as fit."""
        lines: list[list[tuple[str, str]]] = [[]]
        room = max(self.size.width, 40) - 6
        for number, step in enumerate(self._steps, 1):
            title = _(TITLES[step])
            need = cell_width(title) + 6
            if lines[-1] and room < need:
                lines.append([])
                room = max(self.size.width, 40) - 6
            lines[-1] += [(f" {number} ", "key"), (f"{title}   ", "strong" if number == 1 else "")]
            room -= need
        return list(lines)

    def on_resize(self) -> None:
        """Break the lines anew."""
        if self._row is not None:
            self._paint()

    def _entry(self, label: str, text: str, hue: str) -> list[Line]:
        """A label and its text, wrapped beside it."""
        room = min(MEASURE, self.size.width - 6) - LABEL - 2
        first, *more = wrap(shown(text), room) or [""]
        head: Line = [(pad(label, LABEL + 2), "dim"), (first, hue)]
        return [head, *([(" " * (LABEL + 2), ""), (line, hue)] for line in more)]

    # Taking a step

    def step(self, key: str) -> None:
        """Begin the step with this number."""
        number = int(key) - 1
        if number >= len(self._steps):
            self.say(_("没有第 {n} 步。").format(n=key), "accent")
            return
        self._step, self._field, self._told = self._steps[number], 0, {}
        if self._step == "reinspect":
            self._reinspect()
        else:
            self._ask()

    def _reinspect(self) -> None:
        from .inspect import InspectScreen

        begun = rechecking.reinspect(self.ws, [self._ref], together=True)
        screen = InspectScreen(begun.sheet)
        self.app.push_screen(screen)
        if begun.hint:
            screen.call_after_refresh(screen.say, begun.hint, "accent")

    def _ask(self) -> None:
        """Ask for the next line of the step."""
        assert self._row is not None
        self.mode = "write"
        field = ASKS[self._step][self._field]
        usual = ""
        if field == "due":
            usual = rectifying.due_day(self.ws, self._row.finding, self._step)
        self.query_one("#steps").display = False
        self.query_one("#write").display = True
        text = f"{_(TITLES[self._step])}：{self._prompt(field)}"
        self.query_one("#prompt", Caption).tell(text, "accent")
        editor = self.query_one(LineEditor)
        editor.fill(self._told.get(field, usual))
        self.set_focus(editor)
        self.offer()

    def _prompt(self, field: str) -> str:
        note = _("写一句情况或理由，回车。")
        if self._step in OPTIONAL:
            note = _("说明，没有就直接回车。")
        return {
            "number": _("文书编号，没有就直接回车。"),
            "due": _("期限，可以改成别的日子，回车。"),
            "note": note,
            "evidence": _("佐证文件的路径，没有就直接回车。"),
        }[field]

    def keep(self, _key: str) -> None:
        """Hold this line; after the last one the step is taken."""
        fields = ASKS[self._step]
        self._told[fields[self._field]] = self.query_one(LineEditor).value.strip()
        self._field += 1
        self.say("")
        if self._field < len(fields):
            self._ask()
        elif not self.attempt(self._take):
            # What was typed stands there again, from the first line on.
            self._field = 0
            self._ask()

    def _take(self) -> None:
        told: dict[str, Any] = dict(self._told)
        path = told.pop("evidence", "")
        told["evidence"] = [Path(path)] if path else []
        row = rectifying.take(self.ws, self._ref, self._step, rectifying.Told(**told))
        self._show()
        self.saved(_("{step}已记下，现在：{state}").format(
            step=_(TITLES[self._step]), state=row.state
        ))  # fmt: skip

    def cancel(self, _key: str) -> None:
        """Take no step."""
        self.say("")
        self._show()

    # Reading

    def origin(self, _key: str) -> None:
        """The inspection that found it."""
        from .result import ResultScreen

        assert self._row is not None
        sheet = inspecting.sheet(self.ws, self._row.finding.inspection)
        self.app.push_screen(ResultScreen(sheet))

    def page_up(self, key: str) -> None:
        """Scroll up."""
        page = self.query_one(Page)
        page.move(-page.page if key == "pageup" else -1)

    def page_down(self, key: str) -> None:
        """Scroll down."""
        page = self.query_one(Page)
        page.move(page.page if key == "pagedown" else 1)
