"""Every answer of many inspections as one table: a row an inspection, two columns an item.

Streams from the journal's tables into the file: what is held in memory does not grow with the
number of inspections but by their ids in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fieldkit.domain import scoring
from fieldkit.domain.checklist import Checklist, Item
from fieldkit.domain.items import of
from fieldkit.domain.modes import MODES
from fieldkit.domain.ordering import natural
from fieldkit.errors import Problem, Refused
from fieldkit.report.phrases import score_words
from fieldkit.store import answers_export as store
from fieldkit.store.answers_export import Kept, Wanted
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.work import checklists, gates, rescoring, sites
from fieldkit.work.workspace import Workspace

from .outputs import checked

if TYPE_CHECKING:
    from fieldkit.report.streams import Sink

_NUMBERS = ("number", "count", "repeat")
_SILENT = ("group", "info")
_KNOWN_VALUES = 1_000
"""So many values of one item are kept prepared; texts are mostly said once and are not."""
_STEP = 500
"""Rows between two words of progress."""

Progress = Callable[[int, int], None]


class Asked(NamedTuple):
    """What is to be exported; see the options of ``fieldkit office export answers``."""

    checklist: str = ""
    within: str = ""
    since: str = ""
    until: str = ""
    public: bool = False
    raw: bool = False
    """Values as they are kept (``pass``), not in words (合格)."""


class Exported(NamedTuple):
    """What was written."""

    file: Path
    checklist: str
    versions: tuple[str, ...]
    rows: int
    columns: int
    hidden: int
    """Records of pairs that are not sealed: left out."""
    unknown: int
    """Inspections whose version of the list is not held here: without their answers' words."""


@dataclass(slots=True)
class Column:
    """One item of the table: where it stands, and how its values read, prepared for the file."""

    item: Item
    value: int
    note: int
    """The column of its notes, 0 where there is none."""
    known: dict[str, str] = field(default_factory=dict)


def export(ws: Workspace, out: Path, asked: Asked, progress: Progress | None = None) -> Exported:
    """Write the table as .csv or .xlsx, whole or not at all.

    Raises Problem for another type, an unknown place, day or list, several lists at once, more
    columns than a workbook holds; Refused where there is nothing.
    """
    path, suffix = checked(out, (".csv", ".xlsx"))
    wanted = _wanted(ws, asked)
    with store.instant(ws.store.db):
        met = store.lists(ws.store.db, wanted)
        known = _one_list(met)
        versions = _versions(ws, met)
        table = Table(ws, asked, versions)
        hidden = gates.hidden_all(ws)
        total = sum(count for *_names, count in met)
        told = progress or (lambda _done, _of: None)
        with _sink(path, suffix, table.heads) as sink:
            rows = 0
            for id in store.ids(ws.store.db, wanted):
                if id in hidden:
                    continue
                sink.row(table.row(id, sink))
                rows += 1
                if rows % _STEP == 0:
                    told(rows, total)
        told(rows, rows)
    unknown = sum(count for _id, _version, digest, count in met if digest not in versions)
    return Exported(
        path, known, tuple(one[1] for one in met), rows, len(table.heads), total - rows, unknown
    )


def _wanted(ws: Workspace, asked: Asked) -> Wanted:
    checklist = checklists.find(ws, asked.checklist).id if asked.checklist else ""
    within = sites.find(ws, asked.within).id if asked.within else ""
    return Wanted(checklist, rescoring.day(asked.since), rescoring.day(asked.until), within)


def _one_list(met: Sequence[tuple[str, str, str, int]]) -> str:
    """The id of the list. Raises Refused ``nothing-found``, Problem ``several-checklists``."""
    counts: dict[str, int] = {}
    for id, _version, _digest, count in met:
        counts[id] = counts.get(id, 0) + count
    if not counts:
        raise Refused(
            "nothing-found",
            _("没有符合条件的检查。"),
            mend=_("放宽 --checklist、--within、--from、--to 再试。"),
        )
    if len(counts) > 1:
        names = "、".join(f"{shown(id)}（{count}）" for id, count in sorted(counts.items()))
        raise Problem(
            "several-checklists",
            _("符合条件的检查用了 {n} 张检查表：{names}，题目不同，不能放进一张表。").format(
                n=len(counts), names=names
            ),
            mend=_("用 --checklist 指定一张。"),
        )
    return next(iter(counts))


def _versions(ws: Workspace, met: Sequence[tuple[str, str, str, int]]) -> dict[str, Checklist]:
    """The versions met that are held here, by digest, the newest first."""
    found = {}
    for _id, _version, digest, _count in sorted(met, key=lambda it: natural(it[1]), reverse=True):
        try:
            found[digest] = checklists.by_digest(ws, digest)
        except Problem as problem:
            if problem.code != "checklist-missing":
                raise
    return found


def merged(versions: Iterable[Checklist]) -> list[Item]:
    """Every item that any version asks, as the first version words it.

    The order is that of the first; what only another has comes after the item that it follows
    there.
    """
    order: list[Item] = []
    places: set[str] = set()
    for checklist in versions:
        at = 0
        for item in checklist.items:
            if item.type in _SILENT:
                continue
            if item.id in places:
                at = next(n for n, one in enumerate(order) if one.id == item.id) + 1
                continue
            order.insert(at, item)
            places.add(item.id)
            at += 1
    return order


class Table:
    """The columns of an export and how a row comes about."""

    def __init__(self, ws: Workspace, asked: Asked, versions: Mapping[str, Checklist]) -> None:
        self._db = ws.store.db
        self._asked = asked
        self._versions = versions
        heads = [
            _("检查编号"), _("对象编码"), _("对象名称"), _("检查表版本"), _("方式"), _("状态"),
            _("检查日期"), _("得分"), _("应得分"), _("百分制"), _("等次"), _("否决项"),
        ]  # fmt: skip
        if not asked.public:
            heads.append(_("佐证数"))
        self._first = len(heads)
        self._columns: dict[str, Column] = {}
        for item in merged(versions.values()):
            if asked.public and item.type == "text":
                # Free words are remarks (DOMAIN §5.4).
                continue
            column = Column(item, len(heads), 0 if asked.public else len(heads) + 1)
            self._columns[item.id] = column
            heads.append(f"{item.id} {item.text}")
            if not asked.public:
                heads.append(_("{item} 说明").format(item=item.id))
        self.heads: list[str] = heads

    def row(self, id: str, sink: Sink) -> list[str]:
        """The cells of one inspection, prepared."""
        db, columns = self._db, self._columns
        row = [""] * len(self.heads)
        evidence = 0
        repeated: dict[str, list[tuple[str, str, str]]] = {}
        for path, value, note, files, event in store.answers(db, id):
            column = columns.get(path)
            if column is None:
                self._instance(repeated, path, value, note, event)
            else:
                cell = column.known.get(value)
                row[column.value] = self._cell(column, value, event, sink) if cell is None else cell
                if note and column.note:
                    row[column.note] = sink.cell(store.note_of(db, note, event))
            if files:
                evidence += files.count(",") + 1
        for name, many in repeated.items():
            self._join(row, columns[name], many, sink)
        row[: self._first] = self._head(store.head(db, id), evidence, sink)
        return row

    def _cell(self, column: Column, value: str, event: str, sink: Sink) -> str:
        """A value that was not met before; kept, unless it might say something of a person."""
        free = store.is_free(self._db, value)
        said = value if free else store.value_of(self._db, value, event)
        words = self._words(column, said)
        cell = sink.number(words) if column.item.type in _NUMBERS else sink.cell(words)
        if free and column.item.type != "text" and len(column.known) < _KNOWN_VALUES:
            column.known[value] = cell
        return cell

    def _words(self, column: Column, value: str) -> str:
        item = column.item
        if self._asked.raw or (item.type in _NUMBERS and value[:1].isdecimal()):
            return value
        return of(item.type).say(value, item)

    def _instance(
        self,
        repeated: dict[str, list[tuple[str, str, str]]],
        path: str,
        value: str,
        note: str,
        event: str,
    ) -> None:
        """An answer inside a repeat goes to the column of its item, with those beside it."""
        where, _dot, name = path.rpartition("].")
        column = self._columns.get(name) if where else None
        if column is None:
            return
        words = self._words(column, store.value_of(self._db, value, event))
        seen = store.note_of(self._db, note, event) if note and column.note else ""
        repeated.setdefault(name, []).append((f"{where}]", words, seen))

    def _join(
        self, row: list[str], column: Column, many: list[tuple[str, str, str]], sink: Sink
    ) -> None:
        many.sort(key=lambda one: natural(one[0]))
        row[column.value] = sink.cell("；".join(f"{at} {words}" for at, words, _n in many))
        notes = [f"{at} {note}" for at, _words, note in many if note]
        if notes:
            row[column.note] = sink.cell("；".join(notes))

    def _head(self, one: Kept, evidence: int, sink: Sink) -> Iterator[str]:
        code, name = one.code, one.name
        if self._asked.public and one.kind == "door":
            # People outside see no door: the building that it is in.
            code, name = one.parent_code, one.parent_name
        checklist = self._versions.get(one.checklist)
        yield from map(sink.cell, (one.id, code, name, one.version, _(MODES.get(one.mode, ""))))
        yield sink.cell(_("已办结") if one.finished else _("进行中"))
        yield sink.cell(one.day)
        points, most = _fraction(one.points), _fraction(one.max_points)
        yield "" if points is None else sink.number(score_words(points))
        yield "" if most is None else sink.number(score_words(most))
        limits = [grade.at_least for grade in checklist.grades] if checklist else []
        rate = "" if points is None or not most else score_words(points / most * 100, limits)
        yield sink.number(rate) if rate else ""
        grade = scoring.title_of(checklist, one.grade) if checklist and one.grade else one.grade
        yield sink.cell(grade)
        yield sink.cell(one.veto.replace(",", "、"))
        if not self._asked.public:
            yield sink.number(str(evidence))


def _fraction(text: str) -> Fraction | None:
    return Fraction(text) if text else None


@contextmanager
def _sink(path: Path, suffix: str, heads: Sequence[str]) -> Iterator[Sink]:
    """Where the rows go, closed when all is written; Ctrl-C or a fault leaves nothing behind."""
    from fieldkit.report import streams

    with streams.atomically(path) as file:
        if suffix == ".csv":
            lines = streams.Csv(file, heads)
            yield lines
            lines.close()
            return
        book = streams.Xlsx(file, heads, _("检查答案"))
        try:
            yield book
            book.close()
        except BaseException:
            book.abandon()
            raise
