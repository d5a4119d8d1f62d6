"""Undo and redo as stacks that are read back from what was written."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from fieldkit.domain.history import NOTHING, Stacks, Told, stacks
from fieldkit.domain.records import Given

ITEMS = st.sampled_from(["A1", "A2", "A3"])
SAID = st.builds(
    Told,
    st.sampled_from(["pass", "fail", "na"]),
    st.sampled_from(["", "看过"]),
    st.sampled_from([(), ("a" * 64,), ("a" * 64, "b" * 64)]),
)


@dataclass
class Journal:
    """What one device wrote, and what each item says."""

    written: list[Given] = field(default_factory=list)
    says: dict[str, Told] = field(default_factory=dict)
    before: dict[str, Told] = field(default_factory=dict)
    kept: Stacks = field(default_factory=Stacks)
    since: str = ""

    def write(self, item: str, told: Told, turn: str = "", turned: str = "") -> None:
        event = f"{len(self.written):04d}"
        given = Given(event, item, *told, event, turn, turned)
        self.before[event] = self.says.get(item, NOTHING)
        self.says[item] = told
        self.written.append(given)
        self.kept.note(given)

    def undo(self) -> None:
        last = self.kept.done[-1]
        self.write(last.item, self.before[last.event], "undo", last.event)

    def redo(self) -> None:
        last = self.kept.undone[-1]
        self.write(last.item, Told(last.value, last.note, last.evidence), "redo", last.event)

    def rebase(self) -> None:
        if self.written:
            self.since = self.written[-1].hlc
            self.kept = Stacks()


class Turning(RuleBasedStateMachine):
    """Random writing, back and forth."""

    def __init__(self) -> None:
        super().__init__()
        self.it = Journal()

    @rule(item=ITEMS, told=SAID)
    def write(self, item: str, told: Told) -> None:
        self.it.write(item, told)
        assert self.it.kept.undone == []

    @rule()
    def rebase(self) -> None:
        self.it.rebase()

    @precondition(lambda self: self.it.kept.done)
    @rule()
    def undo(self) -> None:
        self.it.undo()

    @precondition(lambda self: self.it.kept.undone)
    @rule()
    def redo(self) -> None:
        self.it.redo()

    @rule(n=st.integers(1, 6))
    def there_and_back(self, n: int) -> None:
        """So many undone and redone say what was said before, and leave the same to be undone."""
        n = min(n, len(self.it.kept.done))
        said, done = dict(self.it.says), list(self.it.kept.done)
        for _each in range(n):
            self.it.undo()
        for _each in range(n):
            self.it.redo()
        assert {k: v for k, v in self.it.says.items() if v != NOTHING} == {
            k: v for k, v in said.items() if v != NOTHING
        }
        assert self.it.kept.done == done

    @invariant()
    def read_back_is_what_was_kept(self) -> None:
        assert stacks(self.it.written, self.it.since) == self.it.kept

    @invariant()
    def never_past_the_rebase(self) -> None:
        found = stacks(self.it.written, self.it.since)
        assert all(given.hlc > self.it.since for given in (*found.done, *found.undone))

    @invariant()
    def undone_and_done_are_plain(self) -> None:
        assert not any(given.turn for given in (*self.it.kept.done, *self.it.kept.undone))


Turning.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestTurning = Turning.TestCase


def given(event: str, turn: str = "", turned: str = "") -> Given:
    """A write of no matter what."""
    return Given(event, "A1", "pass", "", (), event, turn, turned)


def test_a_turn_of_what_is_not_there_changes_nothing() -> None:
    """Two copies of a home may both have taken the same answer back."""
    both = [given("1"), given("2"), given("3", "undo", "2"), given("4", "undo", "2")]
    found = stacks(both)
    assert [it.event for it in found.done] == ["1"]
    assert [it.event for it in found.undone] == ["2"]
    assert stacks([*both, given("5", "redo", "9")]) == found


def test_a_copy_s_turn_reaches_below_the_top() -> None:
    """What a copy took back is taken back here too, wherever it stands."""
    found = stacks([given("1"), given("2"), given("3", "undo", "1")])
    assert [it.event for it in found.done] == ["2"]
    assert [it.event for it in found.undone] == ["1"]
