"""Visits of the screen of a building: logged at one door or at all marked ones, and taken back."""

from __future__ import annotations

from typing import NamedTuple

from fieldkit.domain.outcomes import BY_CODE
from fieldkit.text.i18n import _
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.work import visiting

from .doors_view import MORE
from .doors_walking import DoorsWalking


class Logged(NamedTuple):
    """One visit of this session."""

    visit: str
    door: str


class Group(NamedTuple):
    """The visits that one key logged."""

    outcome: str
    visits: tuple[Logged, ...]
    after: str
    """The door under the cursor when that was done."""


class DoorsLogging(DoorsWalking):
    """One key logs and goes on; one key takes back."""

    def __init__(self, building: str) -> None:
        super().__init__(building)
        self._groups: list[Group] = []

    def _log(self, outcome: str) -> None:
        """A visit at each marked door, else at the one under the cursor.

        What was refused on the way leaves the visits before it standing.
        """
        here = self.grid.current
        doors = [door for door in self._order if door in self._marked] or ([here] if here else [])
        made: list[Logged] = []
        try:
            for door in doors:
                visit = visiting.log(
                    self.ws,
                    self._states[door].door.code,
                    outcome,
                    materials=self._materials,
                    app=self._app,
                    note=self._note,
                )
                made.append(Logged(visit.id, door))
        finally:
            if made:
                self._logged(outcome, tuple(made))

    def _logged(self, outcome: str, made: tuple[Logged, ...]) -> None:
        self._clear_marks()
        self._note, self._materials, self._app, self.mode = "", None, "none", "grid"
        self._learn(logged.door for logged in made)
        more = self._advance(made[-1].door)
        self._groups.append(Group(outcome, made, self.grid.current or ""))
        said = f"{self._together(made)} {_(BY_CODE[outcome].label)}"
        self.saved(said if more else _("{said}   这栋走到头了。").format(said=said))
        self._about()

    def _together(self, made: tuple[Logged, ...]) -> str:
        first = self._called(self._states[made[0].door])
        if len(made) == 1:
            return first
        last = self._called(self._states[made[-1].door])
        return _("{first} 到 {last} 共 {n} 户").format(first=first, last=last, n=len(made))

    def more(self, _key: str) -> None:
        """The outcomes that are rarer, and what else there is."""
        self.mode = "more"
        self._about()

    def log_more(self, key: str) -> None:
        """One of the rarer outcomes."""
        if int(key) <= len(MORE):
            self._log(MORE[int(key) - 1].code)
        else:
            self.say(_("没有第 {n} 个结果。").format(n=key), "accent")

    # Taking back

    def why_no_visit(self) -> str:
        """Nothing to take back."""
        state = self.door
        if self._just_logged() or (state is not None and state.visits):
            return ""
        return _("这一户还没有走访可撤。")

    def _just_logged(self) -> Group | None:
        """The last group, while the cursor is at one of its doors or has not moved since."""
        if not self._groups:
            return None
        group, here = self._groups[-1], self.grid.current
        near = here == group.after or any(here == logged.door for logged in group.visits)
        return group if near else None

    def undo(self, _key: str) -> None:
        """Take back what one key just logged, else the door's last visit; the journal keeps all."""
        group, state = self._just_logged(), self.door
        if group is not None:
            self._groups.pop()
            self._take_back(group.visits, group.outcome)
        elif state is not None:
            last = visiting.of_door(self.ws, state.door.id)[0]
            self._forget(last.id)
            self._take_back((Logged(last.id, state.door.id),), last.outcome)

    def _take_back(self, visits: tuple[Logged, ...], outcome: str) -> None:
        try:
            for logged in visits:
                visiting.withdraw(self.ws, logged.visit)
        finally:
            self._learn(logged.door for logged in visits)
            self.grid.put(visits[0].door)
            self._about()
        label = _(BY_CODE[outcome].label)
        self.saved(_("已撤回：{door} {label}").format(door=self._together(visits), label=label))

    def _forget(self, visit: str) -> None:
        """A visit that is taken back by itself belongs to no group any more."""
        kept = [
            group._replace(visits=tuple(one for one in group.visits if one.visit != visit))
            for group in self._groups
        ]
        self._groups = [group for group in kept if group.visits]

    # What a visit carries

    def leaflet(self, _key: str) -> None:
        """By the outcome, left one, left none."""
        order: list[int | None] = [None, 1, 0]
        self._materials = order[(order.index(self._materials) + 1) % 3]
        self._about()

    def told_app(self, _key: str) -> None:
        """Not asked, or one of what somebody told of their own accord."""
        order = ["none", *(state for state in visiting.APPS if state != "none")]
        self._app = order[(order.index(self._app) + 1) % len(order)]
        self.cancel("")
        if self._app == "none":
            self.say(_("APP：没问，不记。"), "dim")
        else:
            self.say(_("只有住户自愿说了才记；按 F9 换下一种。"), "dim")

    def note(self, _key: str) -> None:
        """Write a note for the next outcome."""
        self.mode = "note"
        self._editor(True)
        self.say(_("备注：只写事实，不写姓名电话；随下一次结果一起存。"), "dim")

    def keep_note(self, _key: str) -> None:
        """Hold the note for the next outcome."""
        self._note = self.query_one(LineEditor).value.strip()
        self.cancel("")
