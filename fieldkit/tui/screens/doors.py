"""The doors of a building: one digit per door, the coverage moving as one types."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult

from fieldkit.domain.outcomes import BY_CODE, OUTCOMES
from fieldkit.domain.records import DoorState
from fieldkit.text.i18n import _
from fieldkit.text.width import cut, pad
from fieldkit.tui import words
from fieldkit.tui.commands import doors as door_commands
from fieldkit.tui.widgets.door_grid import Cell, DoorGrid, Storey
from fieldkit.tui.widgets.facts import Facts
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.painted import Line, Piece
from fieldkit.work import bookmarks, sites, visiting

from .base import FieldScreen
from .buildings import BUILDING, HOLDERS
from .choose import full_name

MORE = tuple(row for row in OUTCOMES if door_commands.is_rare(row.code))
TONES = {"met": "pass", "group": "pass", "refused": "fail", "none": "todo"}


def door_mark(building: str) -> str:
    """Bookmark: the door at which a building was left."""
    return f"door:{building}"


class DoorsScreen(FieldScreen):
    """The matrix of one building."""

    NAME: ClassVar[str] = "doors"
    CSS_PATH = "doors.tcss"

    mode = "grid"

    def __init__(self, building: str) -> None:
        super().__init__()
        self._code = building
        self._states: dict[str, DoorState] = {}
        self._units: dict[str, str] = {}
        self._note = ""
        self._materials: int | None = None

    def body(self) -> ComposeResult:
        """Coverage on top, the floors, the door under the cursor, the editor."""
        yield Facts(id="coverage")
        yield DoorGrid()
        yield Facts(id="door")
        yield LineEditor(max_length=50)

    @property
    def grid(self) -> DoorGrid:
        """The matrix widget."""
        return self.query_one(DoorGrid)

    @property
    def door(self) -> DoorState | None:
        """The door under the cursor."""
        return self._states.get(self.grid.current or "")

    def on_mount(self) -> None:
        """Come back to the door where it was left."""
        bookmarks.remember(self.ws, BUILDING, self._code)
        self._editor(False)
        self.attempt(self._arrive)
        if not self._states:
            self.say(_("这栋楼还没有户。先导入带户的名册。"), "accent")
        self.offer()

    def _arrive(self) -> None:
        building = sites.find(self.ws, self._code)
        names = {s.id: s.name for s in sites.listing(self.ws, kinds=HOLDERS)}
        self.title_bar.tell(full_name(building, names), building.code)
        units = sites.listing(self.ws, kinds=["unit"], within=self._code)
        self._units = {unit.id: unit.name for unit in units} if len(units) > 1 else {}
        self._load(bookmarks.recall(self.ws, door_mark(self._code)))

    # What is shown

    def _load(self, at: Any = None) -> None:
        matrix = visiting.matrix(self.ws, self._code)
        rows = visiting.coverage(self.ws, by="building", within=self._code)
        self._states = {c.door.id: c for floor in matrix.floors for c in floor.cells}
        storeys = [
            Storey(
                _floor(floor.label), _tally(floor.cells), tuple(self._cell(c) for c in floor.cells)
            )
            for floor in matrix.floors
        ]
        self.grid.show(storeys, at=at if isinstance(at, str) else None)
        self._sum_up(rows)
        self._about()

    def _cell(self, state: DoorState) -> Cell:
        best = "gone" if state.door.removed else state.best
        tone = TONES.get(best, "pass" if state.delivered else "accent")
        unit = self._units.get(state.door.parent, "").removesuffix("单元")
        name = state.door.name.removesuffix("室")
        title = f"{unit}-{name}" if unit else name
        return Cell(state.door.id, title, words.outcome_mark(best), tone)

    def _called(self, state: DoorState) -> str:
        """A door by its own name, with its unit where the building has several."""
        unit = self._units.get(state.door.parent, "")
        return f"{unit} {state.door.name}" if unit else state.door.name

    def _sum_up(self, rows: list[visiting.CoverageRow]) -> None:
        if not rows:
            self.query_one("#coverage", Facts).show([])
            return
        row = rows[0]
        there = row.doors - row.removed
        self.query_one("#coverage", Facts).show(
            [
                [
                    (_("发放率 "), "dim"),
                    (words.percent(row.delivery_rate), "strong"),
                    (f" ({row.delivered}/{row.registered})    ", ""),
                    (_("面宣率 "), "dim"),
                    (words.percent(row.face_to_face_rate), "strong"),
                    (f" ({row.met}/{there})    ", ""),
                    (_("已访 "), "dim"),
                    (f"{row.visited}/{there}    ", ""),
                    (_("待再访 "), "dim"),
                    (f"{row.revisit}", ""),
                ]
            ]
        )

    def _about(self) -> None:
        """The line on the door under the cursor, and what the next visit will carry."""
        state = self.door
        if state is None:
            return
        if self.mode == "more":
            self.query_one("#door", Facts).show(_choices())
            return
        first: list[Piece] = [(self._called(state), "strong"), ("   ", "")]
        if state.visits:
            first += [
                (_("最好 {best}").format(best=_(BY_CODE[state.best].label)), "accent"),
                (_("   最近 {last}").format(last=_(BY_CODE[state.latest].label)), ""),
                (_("   走访 {n} 次").format(n=state.visits), "dim"),
            ]
        else:
            first.append((_("还没走访"), "dim"))
        if state.door.registered:
            first.append((_("   户籍户"), "dim"))
        carried: list[Piece] = []
        if self._materials is not None:
            kept = _("这次留了资料") if self._materials else _("这次没留资料")
            carried.append((f"{kept}   ", "accent"))
        if self._note:
            carried.append((_("备注：{note}").format(note=cut(self._note, 50)), "accent"))
        self.query_one("#door", Facts).show([first, carried])
        bookmarks.remember(self.ws, door_mark(self._code), state.door.id)

    def _editor(self, shown: bool) -> None:
        editor = self.query_one(LineEditor)
        editor.display = shown
        if shown:
            editor.fill(self._note)
            self.set_focus(editor)
        else:
            self.set_focus(None)

    def on_door_grid_moved(self) -> None:
        """The cursor was clicked onto a door."""
        self._about()
        self.offer()

    # Reasons

    def why_no_door(self) -> str:
        """Nothing under the cursor."""
        return "" if self.door else _("这栋楼还没有户。")

    def why_no_visit(self) -> str:
        """Nothing to take back."""
        state = self.door
        if state is None or not self._visits(state):
            return _("这一户还没有走访可撤。")
        return ""

    def _visits(self, state: DoorState) -> list[str]:
        """The ids of the visits of a door that still stand, the latest last."""
        found = visiting.of_door(self.ws, state.door.id) if state.visits else []
        return [visit.id for visit in reversed(found)]

    def why_all_visited(self) -> str:
        """Every door has an outcome."""
        return "" if self._unvisited() else _("每一户都有结果了。")

    def _unvisited(self) -> list[str]:
        return [key for key, s in self._states.items() if s.best == "none" and not s.door.removed]

    # Visits

    def press(self, command: Any, key: str) -> None:
        """The outcome of a digit key is in the command's id."""
        if command.id.startswith("log.") and command.id != "log.more":
            code = command.id.removeprefix("log.")
            reason = command.why_not(self)
            if reason:
                self.say(reason, "accent")
            else:
                self.attempt(lambda: self._log(code))
                self.offer()
            return
        super().press(command, key)

    def _log(self, outcome: str) -> None:
        state = self.door
        if state is None:
            return
        visiting.log(self.ws, state.door.code, outcome, materials=self._materials, note=self._note)
        self._note, self._materials, self.mode = "", None, "grid"
        self._load()
        self.saved(f"{self._called(state)} {_(BY_CODE[outcome].label)}")
        self.grid.step()
        self._about()

    def more(self, _key: str) -> None:
        """The outcomes that are rarer."""
        self.mode = "more"
        self._about()

    def log_more(self, key: str) -> None:
        """One of the rarer outcomes."""
        if int(key) <= len(MORE):
            self._log(MORE[int(key) - 1].code)
        else:
            self.say(_("没有第 {n} 个结果。").format(n=key), "accent")

    def undo(self, _key: str) -> None:
        """Take the door's last visit back; the journal keeps both."""
        state = self.door
        if state is None:
            return
        visit = visiting.withdraw(self.ws, self._visits(state)[-1])
        self._load(state.door.id)
        label = _(BY_CODE[visit.outcome].label)
        self.saved(_("已撤回：{door} {label}").format(door=self._called(state), label=label))

    def leaflet(self, _key: str) -> None:
        """By the outcome, left one, left none."""
        order: list[int | None] = [None, 1, 0]
        self._materials = order[(order.index(self._materials) + 1) % 3]
        self._about()

    def note(self, _key: str) -> None:
        """Write a note for the next outcome."""
        self.mode = "note"
        self._editor(True)
        self.say(_("备注：只写事实，不写姓名电话；随下一次结果一起存。"), "dim")

    def keep_note(self, _key: str) -> None:
        """Hold the note for the next outcome."""
        self._note = self.query_one(LineEditor).value.strip()
        self.cancel("")

    def cancel(self, _key: str) -> None:
        """Back to the matrix."""
        self.mode = "grid"
        self._editor(False)
        self.say("")
        self._about()

    # Moving

    def _moved(self, down: int, right: int) -> None:
        self.grid.move(down, right)
        self._about()

    def move_up(self, _key: str) -> None:
        """A floor up."""
        self._moved(-1, 0)

    def move_down(self, _key: str) -> None:
        """A floor down."""
        self._moved(1, 0)

    def move_left(self, _key: str) -> None:
        """A door to the left."""
        self._moved(0, -1)

    def move_right(self, key: str) -> None:
        """A door to the right; Enter and Space go on to the floor below."""
        if key == "right":
            self._moved(0, 1)
        else:
            self.grid.step()
            self._about()

    def next_open(self, _key: str) -> None:
        """The next door without an outcome."""
        order = list(self._states)
        here = order.index(self.grid.current or order[0])
        rest = order[here + 1 :] + order[: here + 1]
        free = set(self._unvisited())
        target = next((key for key in rest if key in free), None)
        if target:
            self.grid.put(target)
            self._about()


def _floor(label: str) -> str:
    """A bare number reads as a floor; what already has words stays as it is."""
    return _("{n}层").format(n=label) if label.lstrip("-").isdigit() else label


def _tally(cells: tuple[DoorState, ...]) -> str:
    there = [cell for cell in cells if not cell.door.removed]
    return f"{sum(cell.best != 'none' for cell in there)}/{len(there)}"


def _choices() -> list[Line]:
    pieces = [
        [(f"{number} ", "key"), (pad(_(row.label), 20), "")] for number, row in enumerate(MORE, 1)
    ]
    half = (len(pieces) + 1) // 2
    return [
        [p for pair in pieces[:half] for p in pair],
        [p for pair in pieces[half:] for p in pair],
    ]
