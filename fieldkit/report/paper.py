"""What a document says, before it is a .docx, an .xlsx or an .html file.

A paper is made of sections, a section of blocks: paragraphs, tables, charts. What was counted
stands in it as a ``Figure``, so that every renderer can mark it and anybody can later ask for it by
its code: what it is today, and which records are behind it.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from hashlib import sha256
from types import MappingProxyType
from typing import Literal, TypeAlias

Number: TypeAlias = int | Fraction
Value: TypeAlias = int | Fraction | str | None


@dataclass(frozen=True, slots=True)
class Source:
    """One record behind a figure: its kind, its id as commands accept it, one line for a person."""

    kind: str
    id: str
    said: str


def _none() -> Iterable[Source]:
    return ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was counted or worked out.

    ``key`` says what, the same for every making of the paper: ``coverage/990121101002/delivered``.
    ``value`` is exact, ``said`` as it is printed, ``label`` for people: ``菱歌社区　已发放户``.
    """

    key: str
    value: Value
    said: str
    label: str
    sources: Callable[[], Iterable[Source]] = field(default=_none, compare=False, repr=False)

    @property
    def code(self) -> str:
        """Eight letters and digits that follow from the key alone."""
        return b32encode(sha256(self.key.encode()).digest())[:8].decode().lower()

    @property
    def exact(self) -> str:
        """The value as text that can be compared: ``7``, ``1/3``, words, or nothing."""
        return "" if self.value is None else str(self.value)


Part: TypeAlias = str | Figure
Text: TypeAlias = Part | tuple[Part, ...]

Style = Literal[
    "body", "to", "h1", "h2", "h3", "h4", "title", "subtitle", "annex", "note", "sign", "left",
    "line", "part",
]  # fmt: skip
"""``body`` begins two characters in; ``to`` (主送) and ``left`` at the margin; h1 一、 in 黑体,
h2 （一） in 楷体, h3 1. and h4 （1） in 仿宋; ``annex`` is 附件1; ``sign`` stands at the right
(署名、日期). A form has ``line`` (小四) above its boxes and ``part`` (四号黑体) between them."""


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph. ``keep`` holds it to the next."""

    text: Text
    style: Style = "body"
    keep: bool = False


Kind = Literal["text", "count", "signed", "percent", "score", "decimal", "day"]
"""What a column holds: text at the left, whole numbers, numbers with their sign (同比增减), rates
(0..1, printed with one decimal, cut off), scores with one decimal, two decimals (万人均), days."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; neighbours with the same ``group`` share a head above theirs.

    ``width`` is a share of the page. ``total`` tells how the last row follows from those above:
    ``sum``, or the ids of two columns whose totals are divided (a rate of sums, never a mean of
    rates; ``scale`` multiplies it: 10000 for 万人均).
    """

    id: str
    title: str
    group: str = ""
    kind: Kind = "text"
    width: int = 10
    total: Literal["", "sum"] | tuple[str, str] = ""
    scale: int = 1


Cell: TypeAlias = Text | None
"""None is printed as —."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; ``tone`` is a word for renderers: ``sub`` (小计), ``total`` (合计), or nothing."""

    cells: Sequence[Cell]
    tone: Literal["", "sub", "total"] = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table; ``name`` is the sheet's in a workbook and unique in its paper."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    notes: Sequence[str] = ()
    unit: str = ""
    """What stands at the right over the table: 单位：户、%."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart; None where nothing was counted."""

    name: str
    values: Sequence[Number | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """``bars`` and ``lines`` over labels; ``heat``: one series a row, shaded by rate (0..1);
    ``ranks``: two series, last month's place and this month's, 1 is best."""

    kind: Literal["bars", "lines", "heat", "ranks"]
    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """A box to be filled in by hand: its label and height in mm (签收栏、复查意见)."""

    label: str
    height: int = 12


@dataclass(frozen=True, slots=True)
class FormCell:
    """One box of a form: a label (``head``), what is filled in, or a ``band`` over a group."""

    text: Text = ""
    span: int = 1
    style: Literal["", "mid", "head", "band"] = ""


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of boxes; ``header`` rows repeat on every page, ``height`` is the least, in mm.

    ``keep`` holds it to the next row.
    """

    cells: Sequence[FormCell]
    header: bool = False
    height: int = 0
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Boxes with labels (表单): columns by shares of the page; each row's spans fill them."""

    widths: Sequence[int]
    rows: Sequence[FormRow]

    def __post_init__(self) -> None:
        for row in self.rows:
            if sum(cell.span for cell in row.cells) != len(self.widths):
                raise ValueError("a row of a form does not fill its columns")


Block: TypeAlias = Para | Table | Chart | Blank | Form


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that begin on a page of their own; ``wide`` lays the page across."""

    blocks: Sequence[Block]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the paper was made, enough to make it again: its kind and every option, settled."""

    kind: str
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. ``mark`` is the large pale word behind the pages: 草稿, 预览, 演示."""

    recipe: Recipe
    title: str
    sections: Sequence[Section]
    made: datetime
    digest: str
    """The state digest of the home that it was made from."""
    issuer: str = ""
    dated: date | None = None
    public: bool = False
    mark: str = ""
    demo: bool = False
    facts: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    """Single facts by name, for an office's own template."""

    def figures(self) -> dict[str, Figure]:
        """Every figure by its code, in the order of reading.

        Raises ValueError where one key stands for two values: that paper contradicts itself.
        """
        found: dict[str, Figure] = {}
        for figure in self._every():
            if found.setdefault(figure.code, figure) != figure:
                raise ValueError(f"two figures for {figure.key}")
        return found

    def _every(self) -> Iterable[Figure]:
        for text in self.facts.values():
            yield from _in(text)
        for section in self.sections:
            for block in section.blocks:
                yield from figures_of(block)


def figures_of(block: Block) -> Iterable[Figure]:
    """The figures of one block, in the order of reading."""
    if isinstance(block, Para):
        yield from _in(block.text)
    elif isinstance(block, Table):
        for row in block.rows:
            for cell in row.cells:
                yield from _in(cell or "")
    elif isinstance(block, Form):
        for line in block.rows:
            for box in line.cells:
                yield from _in(box.text)


def _in(text: Text) -> Iterable[Figure]:
    for part in text if isinstance(text, tuple) else (text,):
        if isinstance(part, Figure):
            yield part
