"""What a circular counts: each figure once, for its prose and its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from fieldkit.domain import masking
from fieldkit.report.paper import Figure, Source
from fieldkit.report.phrases import EMPTY
from fieldkit.text.i18n import _
from fieldkit.work.bulletins import Looked, Window
from fieldkit.work.findings import FindingRow

from . import wording


class Counts:
    """Two windows of inspections, the one told of and the one before it."""

    def __init__(self, found: Window, before: Window, *, public: bool) -> None:
        self.found, self.before, self.public = found, before, public
        self.looked = found.looked
        self.facts: dict[str, Figure | str] = {
            "检查次数": self.count("inspections", len(self.looked), _("检查次数"), self.every),
            "问题数": self.count("findings", len(self.problems()), _("问题数"), self.found_all),
        }

    def problems(self) -> list[tuple[Looked, FindingRow]]:
        """Every finding with its inspection, in the order of places."""
        return [(one, row) for one in self.looked for row in one.findings]

    def name(self, one: Looked) -> str:
        """The place as this paper may say it."""
        if not self.public:
            return one.name
        place = masking.public_place(one.chain)
        return place or EMPTY

    def fact(self, one: Looked, row: FindingRow) -> str:
        """What was found, as this paper may say it."""
        return wording.fact(one.sheet, row.finding, public=self.public)

    def label(self, one: Looked, what: str) -> str:
        """What a figure of one inspection is called."""
        return f"{one.name}　{what}"

    def own(self, one: Looked) -> Figure:
        """The score of one inspection."""
        key = f"bulletin/{one.id}/score"
        return wording.score(key, one.score, self.label(one, _("得分")), answers_of(one))

    def mean(self, name: str, looked: Sequence[Looked], label: str) -> Figure:
        """A mean score over some."""
        return wording.score(f"bulletin/{name}", mean_of(looked), label, self.some(looked))

    def count(
        self, name: str, number: int, label: str, sources: Callable[[], Iterable[Source]]
    ) -> Figure:
        """A whole number of this circular."""
        return wording.count(f"bulletin/{name}", number, label, sources)

    def every(self) -> Iterable[Source]:
        """All inspections."""
        return self.some(self.looked)()

    def of_mode(self, mode: str) -> Callable[[], Iterable[Source]]:
        """Those of one mode."""
        return self.some([one for one in self.looked if one.sheet.inspection.mode == mode])

    def found_all(self) -> Iterable[Source]:
        """All findings."""
        return rows_of([row for _one, row in self.problems()])()

    def some(self, looked: Sequence[Looked]) -> Callable[[], Iterable[Source]]:
        """These inspections."""
        return lambda: [
            Source("inspection", one.id, f"{one.sheet.inspection.day}　{one.name}")
            for one in looked
        ]


def mean_of(looked: Sequence[Looked]) -> Fraction | None:
    scores = [one.score for one in looked if one.score is not None]
    return sum(scores, Fraction(0)) / len(scores) if scores else None


def has_item(one: Looked, item: str) -> bool:
    return any(it.id == item for it in one.sheet.checklist.items)


def rows_of(rows: Sequence[FindingRow]) -> Callable[[], Iterable[Source]]:
    return lambda: [
        Source("finding", row.finding.id, f"{row.finding.item}　{row.finding.text}") for row in rows
    ]


def answers_of(one: Looked) -> Callable[[], Iterable[Source]]:
    """The answers that a score came from, with what each earned."""
    return lambda: [
        Source("answer", f"{one.id} {line.item}", f"{line.value}　{line.points}/{line.weight}")
        for line in one.sheet.score.lines
        if line.weight
    ]
