"""One inspection with everything a screen or a paper form shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from .checklist import Checklist, Item, Section
from .items import of
from .presenting import Presented, narrowed, present
from .records import Answer, Inspection, Site
from .scoring import Score, ScoreLine


class _Fields(NamedTuple):
    """The fields of a `Sheet`."""

    inspection: Inspection
    checklist: Checklist
    site: Site
    answers: Mapping[str, Answer]
    score: Score
    background: Mapping[str, str] = MappingProxyType({})
    """Where only some items are asked again: the answers of the inspection before to the others,
    on which conditions may rest."""


class Sheet(_Fields):
    """An inspection, its list, its site, the answers by item id, and what they come to."""

    @cached_property
    def presented(self) -> Presented:
        """What is asked with these answers."""
        own = {path: answer.value for path, answer in self.answers.items()}
        values = {**self.background, **own}
        found = present(self.checklist, self.inspection.mode, self.inspection.day, values)
        return narrowed(found, self.inspection.asks, own) if self.inspection.asks else found

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The items that are asked now, in order; those of a repeat once per instance."""
        return self.presented.items

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """The items that are asked now by their addresses."""
        return {item.id: item for item in self.items}

    @cached_property
    def lines(self) -> dict[str, ScoreLine]:
        """The score's lines by item id."""
        return {line.item: line for line in self.score.lines}

    def value(self, item: str) -> str | None:
        """The kept or calculated value of an item; None while it has none."""
        if item in self.presented.calculated:
            return self.presented.calculated[item] or None
        answer = self.answers.get(item)
        return answer.value if answer is not None else None

    def line(self, item: str) -> ScoreLine | None:
        """What one item's answer came to; None for an item outside this visit's mode."""
        return self.lines.get(item)

    def is_open(self, item: Item) -> bool:
        """Whether an item can be answered and has no answer that can be read."""
        line = self.lines.get(item.id)
        return (
            of(item.type).answerable
            and not item.read_only
            and (line is None or line.state == "open")
        )

    def next_open(self, after: str | None) -> str | None:
        """The next open item after this one, going round; from the first for None."""
        ids = [item.id for item in self.items]
        start = ids.index(after) + 1 if after in ids else 0
        turned = [*self.items[start:], *self.items[:start]]
        return next((item.id for item in turned if self.is_open(item)), None)

    @property
    def progress(self) -> tuple[int, int]:
        """Answered and all answerable items of this visit."""
        tallies = self._tallies.values()
        return sum(done for done, _every in tallies), sum(every for _done, every in tallies)

    def section_progress(self, section: str) -> tuple[int, int]:
        """Answered and all answerable items of one section, by the section's id."""
        done, every = self._tallies.get(section, (0, 0))
        return done, every

    @cached_property
    def _tallies(self) -> dict[str, tuple[int, int]]:
        """Answered and answerable items by section."""
        found: dict[str, tuple[int, int]] = {}
        lines = self.lines
        for item in self.items:
            if of(item.type).answerable:
                done, every = found.get(item.section, (0, 0))
                line = lines.get(item.id)
                known = item.read_only or (line is not None and line.state != "open")
                found[item.section] = (done + known, every + 1)
        return found

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The sections that have items in this visit, with those items alone."""
        inside: dict[str, list[Item]] = {}
        for item in self.items:
            inside.setdefault(item.section, []).append(item)
        cut = (s._replace(items=tuple(inside.get(s.id, ()))) for s in self.checklist.sections)
        return tuple(section for section in cut if section.items)

    @cached_property
    def failed(self) -> tuple[Item, ...]:
        """The items that failed, each of which becomes a finding (DOMAIN §2.15).

        A record finds nothing: it only keeps what was said.
        """
        if self.checklist.kind == "record":
            return ()
        lines = self.lines
        return tuple(i for i in self.items if i.id in lines and lines[i.id].state == "fail")
