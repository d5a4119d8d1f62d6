"""What the screen of a building shows: coverage, the doors, the one under the cursor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.domain import walking
from fieldkit.domain.outcomes import BY_CODE, OUTCOMES
from fieldkit.domain.records import DoorState
from fieldkit.domain.walking import Walk
from fieldkit.text.i18n import _
from fieldkit.text.width import cut, pad
from fieldkit.tui import words
from fieldkit.tui.commands import doors as door_commands
from fieldkit.tui.widgets.door_grid import Cell, DoorGrid, Storey
from fieldkit.tui.widgets.facts import Facts
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.painted import Line, Piece
from fieldkit.work import bookmarks, revisiting, sites, visiting

from .base import FieldScreen
from .buildings import BUILDING, HOLDERS
from .choose import full_name
from .doors_layout import Layout, arranged, staircases

MORE = tuple(row for row in OUTCOMES if door_commands.is_rare(row.code))
TONES = {"met": "pass", "group": "pass", "refused": "fail", "none": "todo"}
_OUTCOME = 18
"""Cells of an outcome's words in the list."""


def door_mark(building: str) -> str:
    """Bookmark: the door at which a building was left."""
    return f"door:{building}"


def walk_words(walk: Walk) -> str:
    """The way somebody walks, in words."""
    parts = [
        _("上楼") if walk.up else _("下楼"),
        _("从右到左") if walk.leftward else _("从左到右"),
        *([_("蛇形")] if walk.serpentine else []),
    ]
    return _("走法：{way}").format(way=" ".join(parts))


class DoorsView(FieldScreen):
    """The doors of one building, told by what they are in the store."""

    CSS_PATH: ClassVar[str] = "doors.tcss"

    mode = "grid"

    def __init__(self, building: str) -> None:
        super().__init__()
        self._code = building
        self._states: dict[str, DoorState] = {}
        self._units: dict[str, str] = {}
        self._layout = Layout((), (), (), (), is_flat=False)
        self._walk = Walk()
        self._order: list[str] = []
        """All doors as the person walks them."""
        self._as_list: bool | None = None
        """Whether a list was asked for; None leaves it to what the building is."""
        self._marked: set[str] = set()
        self._note = ""
        self._materials: int | None = None
        self._app = "none"
        self._stale = False

    def body(self) -> ComposeResult:
        """Coverage on top, the floors, the door under the cursor, the editor."""
        yield Facts(id="coverage")
        yield DoorGrid()
        yield Facts(id="door")
        yield LineEditor(max_length=visiting.NOTE_LIMIT)

    @property
    def grid(self) -> DoorGrid:
        """The matrix widget."""
        return self.query_one(DoorGrid)

    @property
    def door(self) -> DoorState | None:
        """The door under the cursor."""
        return self._states.get(self.grid.current or "")

    @property
    def is_list(self) -> bool:
        """Whether the doors stand one a row."""
        return self._layout.is_flat if self._as_list is None else self._as_list

    def on_mount(self) -> None:
        """Come back to the door where it was left."""
        bookmarks.remember(self.ws, BUILDING, self._code)
        self._editor(False)
        self.attempt(self._arrive)
        if self._states:
            self.say(walk_words(self._walk), "dim")
        else:
            self.say(_("这栋楼还没有户。先导入带户的名册。"), "accent")
        self.offer()

    def on_screen_suspend(self) -> None:
        """Another screen comes on top: the doors may be others when it is gone."""
        self._stale = True

    def on_screen_resume(self) -> None:
        """Read the doors again."""
        if self._stale:
            self._stale = False
            self.attempt(self._load)
            self.offer()

    def _arrive(self) -> None:
        building = sites.find(self.ws, self._code)
        names = {s.id: s.name for s in sites.listing(self.ws, kinds=HOLDERS)}
        self.title_bar.tell(full_name(building, names), building.code)
        self._units = staircases(self.ws, self._code)
        self._walk = revisiting.walk(self.ws)
        last = bookmarks.recall(self.ws, door_mark(self._code))
        self._load(last if isinstance(last, str) else "")

    # Reading

    def _load(self, at: str = "") -> None:
        """All doors anew: on arrival, and when something else was on the screen meanwhile."""
        matrix = visiting.matrix(self.ws, self._code)
        self._states = {c.door.id: c for floor in matrix.floors for c in floor.cells}
        self._layout = arranged(matrix.floors, self._units)
        self._marked &= set(self._states)
        self._show(at)
        self._count()
        self._about()

    def _learn(self, doors: Iterable[str]) -> None:
        """Only what became of these doors; the rest of the building stays as it was read."""
        rows = set()
        for door in doors:
            state = revisiting.state_of(self.ws, door)
            if state is not None:
                self._states[door] = state
            rows.add(self.grid.row_of(door))
        self.grid.change({row: self._storey(row) for row in rows})
        self._count()

    def _count(self) -> None:
        rows = visiting.coverage(self.ws, by="all", within=self._code)
        self._sum_up(rows[0] if rows else None)

    # What is shown

    def _show(self, at: str = "") -> None:
        """Doors in their places, by the way the person walks; the cursor stays at its door."""
        self._order = walking.order(self._layout.stairs, self._walk)
        at = at or self.grid.current or ""
        if at not in self._states:
            at = walking.after(self._order, "", self._gone()) or ""
        count = len(self._order) if self.is_list else len(self._layout.rows)
        storeys = [self._storey(row) for row in range(count)]
        self.grid.show(storeys, self._layout.titles, at=at, as_list=self.is_list)

    def _gone(self) -> set[str]:
        return {door for door, state in self._states.items() if state.door.removed}

    def _storey(self, row: int) -> Storey:
        if self.is_list:
            return Storey("", "", (self._cell(self._order[row]),))
        doors = self._layout.rows[row]
        cells = tuple(self._cell(door) if door else None for door in doors)
        tally = _tally(self._states[door] for door in doors if door)
        return Storey(_floor(self._layout.labels[row]), tally, cells)

    def _cell(self, door: str) -> Cell:
        state = self._states[door]
        best = "gone" if state.door.removed else state.best
        tone = TONES.get(best, "pass" if state.delivered else "accent")
        name = self._called(state) if self.is_list else state.door.name.removesuffix("室")
        about = ""
        if self.is_list:
            about = pad(_(BY_CODE[best].label), _OUTCOME)
            if state.visits:
                about += _("走访 {n} 次").format(n=state.visits)
        mark = words.outcome_mark(best)
        return Cell(door, name or state.door.code, mark, tone, door in self._marked, about)

    def _called(self, state: DoorState) -> str:
        """A door by its own name, with its unit where the building has several."""
        unit = self._units.get(state.door.parent, "") if len(self._layout.stairs) > 1 else ""
        return f"{unit} {state.door.name}" if unit else state.door.name

    def _sum_up(self, row: visiting.CoverageRow | None) -> None:
        if row is None:
            self.query_one("#coverage", Facts).show([])
            return
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
        self.query_one("#door", Facts).show([first, [*self._carried(state), *self._way()]])
        bookmarks.remember(self.ws, door_mark(self._code), state.door.id)

    def _carried(self, state: DoorState) -> list[Piece]:
        """What goes into the next visit, and what it had better be."""
        parts = []
        if self._marked:
            parts.append(_("已标 {n} 户").format(n=len(self._marked)))
        if self._materials is not None:
            parts.append(_("这次留了资料") if self._materials else _("这次没留资料"))
        if self._app != "none":
            parts.append(_("APP：{state}").format(state=_(visiting.APPS[self._app])))
        if self._note:
            parts.append(_("备注：{note}").format(note=cut(self._note, 50)))
        if revisiting.tried_enough(self.ws, state):
            parts.append(_("三天都没人在家：留下资料，按 9 记三访未遇"))
        return [(f"{part}   ", "accent") for part in parts]

    def _way(self) -> list[Piece]:
        return [(walk_words(self._walk), "dim")]

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

    def why_all_visited(self) -> str:
        """Every door has an outcome."""
        return "" if self._unvisited() else _("每一户都有结果了。")

    def _unvisited(self) -> set[str]:
        return {key for key, s in self._states.items() if s.best == "none" and not s.door.removed}


def _floor(label: str) -> str:
    """A bare number reads as a floor; what already has words stays as it is."""
    return _("{n}层").format(n=label) if label.lstrip("-").isdigit() else label


def _tally(states: Iterable[DoorState]) -> str:
    there = [state for state in states if not state.door.removed]
    return f"{sum(state.best != 'none' for state in there)}/{len(there)}"


def _choices() -> list[Line]:
    pieces = [
        [(f"{number} ", "key"), (pad(_(row.label), 20), "")] for number, row in enumerate(MORE, 1)
    ]
    half = (len(pieces) + 1) // 2
    return [
        [p for pair in pieces[:half] for p in pair],
        [p for pair in pieces[half:] for p in pair],
    ]
