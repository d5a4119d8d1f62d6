"""Taking back and bringing back, as far as the written answers tell: two stacks, made of events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from .records import Given


class Told(NamedTuple):
    """What is said of an item: an empty value where it has no answer."""

    value: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()


NOTHING = Told()
"""What is said of an item that has no answer."""


@dataclass(slots=True)
class Stacks:
    """The answers that can be taken back and those that can be brought back, the next one last.

    Both hold answers that were written plainly; one that takes back or brings back only moves
    the one that it names from one stack to the other.
    """

    done: list[Given] = field(default_factory=list)
    undone: list[Given] = field(default_factory=list)

    def note(self, given: Given) -> None:
        """Take in the next answer of the same device.

        An answer that turns one which is not where it should be changes nothing: two copies of a
        home may have written it at once.
        """
        if given.turn == "undo":
            _move(given.turned, self.done, self.undone)
        elif given.turn == "redo":
            _move(given.turned, self.undone, self.done)
        else:
            self.done.append(given)
            self.undone.clear()


def _move(event: str, here: list[Given], there: list[Given]) -> None:
    # From the end, where it stands unless a copy of the home wrote too.
    for place in range(len(here) - 1, -1, -1):
        if here[place].event == event:
            there.append(here.pop(place))
            return


def stacks(answers: Iterable[Given], since: str = "") -> Stacks:
    """The stacks after these answers of one device, in the order in which it wrote them.

    ``since`` is the stamp of the last rebase: what was said of other questions stays said.
    """
    made = Stacks()
    for given in answers:
        if given.hlc > since:
            made.note(given)
    return made
