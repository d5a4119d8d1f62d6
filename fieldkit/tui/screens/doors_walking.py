"""Going from door to door: the cursor, the way somebody walks, marks on several doors."""

from __future__ import annotations

from fieldkit.domain import walking
from fieldkit.text.i18n import _
from fieldkit.work import revisiting

from .doors_view import DoorsView, walk_words


class DoorsWalking(DoorsView):
    """The cursor goes where the person goes."""

    def __init__(self, building: str) -> None:
        super().__init__(building)
        self._anchor: str | None = None
        """The door marked last: a range begins there."""

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

    def move_right(self, _key: str) -> None:
        """A door to the right."""
        self._moved(0, 1)

    def page_up(self, _key: str) -> None:
        """So many floors up as are in sight."""
        self._moved(-self.grid.page, 0)

    def page_down(self, _key: str) -> None:
        """So many floors down as are in sight."""
        self._moved(self.grid.page, 0)

    def go_on(self, _key: str) -> None:
        """The next door on the way, this one left as it is."""
        if not self._advance(self.grid.current or ""):
            self.say(_("这栋走到头了。"), "accent")
        self._about()

    def _advance(self, door: str) -> bool:
        """The cursor to the door behind one on the way; at the end it stays there."""
        target = walking.after(self._order, door, self._gone())
        self.grid.put(target or door)
        return target is not None

    def next_open(self, _key: str) -> None:
        """The next door on the way without an outcome, from the start again after the end."""
        done = set(self._order) - self._unvisited()
        here = self.grid.current or ""
        target = walking.after(self._order, here, done) or walking.after(self._order, "", done)
        if target:
            self.grid.put(target)
            self._about()

    # The way

    def choose_way(self, _key: str) -> None:
        """Choose how to walk."""
        self.mode = "walk"
        self.say(_("按数字改，按回车就这样走。以后每栋楼都这样走。"), "dim")
        self._about()

    def turn_stairs(self, _key: str) -> None:
        """Up the stairs or down."""
        self._walk_so(self._walk._replace(up=not self._walk.up))

    def turn_side(self, _key: str) -> None:
        """From the left or from the right."""
        self._walk_so(self._walk._replace(leftward=not self._walk.leftward))

    def turn_snake(self, _key: str) -> None:
        """Every other floor the other way round, or not."""
        self._walk_so(self._walk._replace(serpentine=not self._walk.serpentine))

    def _walk_so(self, walk: walking.Walk) -> None:
        revisiting.keep_walk(self.ws, walk)
        self._walk = walk
        untouched = not any(state.visits for state in self._states.values())
        self._show()
        if untouched:
            # Nobody began here yet: begin where this way begins.
            self._advance("")
        self.say(walk_words(walk), "accent")
        self._about()

    def turn_view(self, _key: str) -> None:
        """The floors, or a list of one door a row."""
        self._as_list = not self.is_list
        self._show()
        self.cancel("")

    def list_revisits(self, _key: str) -> None:
        """The doors that want another visit; back at the one chosen there."""
        from .revisits import RevisitsScreen

        self.cancel("")
        self.app.push_screen(RevisitsScreen(self._code), self._go_to)

    def _go_to(self, door: str | None) -> None:
        if door:
            self.grid.put(door)
            self._about()
            self.offer()

    # Marks

    def why_no_mark(self) -> str:
        """A range needs a mark to begin at."""
        return "" if self._anchor else _("先用空格标上第一户。")

    def mark_door(self, _key: str) -> None:
        """Mark the door under the cursor, or not any more, and go on."""
        door = self.grid.current
        if door is None:
            return
        self._marked ^= {door}
        self._anchor = door if door in self._marked else None
        self._draw_marks([door])
        self._advance(door)
        self.cancel("")

    def mark_range(self, _key: str) -> None:
        """Mark every door on the way between the last mark and the cursor."""
        here = self.grid.current
        if here is None or self._anchor is None:
            return
        gone = self._gone()
        way = walking.between(self._order, self._anchor, here)
        fresh = [door for door in way if door not in gone]
        self._marked |= set(fresh)
        self._anchor = here
        self._draw_marks(fresh)
        self.cancel("")

    def unmark(self, _key: str) -> None:
        """Take all marks off."""
        marked = list(self._marked)
        self._clear_marks()
        self._draw_marks(marked)
        self.cancel("")

    def _clear_marks(self) -> None:
        self._marked.clear()
        self._anchor = None

    def _draw_marks(self, doors: list[str]) -> None:
        rows = {self.grid.row_of(door) for door in doors}
        self.grid.change({row: self._storey(row) for row in rows})

    def cancel(self, _key: str) -> None:
        """Back to the matrix."""
        self.mode = "marked" if self._marked else "grid"
        self._editor(False)
        self.say("")
        self._about()
