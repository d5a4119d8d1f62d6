"""Slips that show in one line, or in a line beside its neighbours, without a YAML parser."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldkit.text.i18n import N_, _

from .positions import Slip

MESSAGES = {
    "fullwidth-colon": N_("键“{key}”后面是全角冒号“：”；请改成半角冒号加一个空格“: ”。"),
    "missing-colon": N_("“{key}”后面缺少冒号；请改成“{key}: ”。"),
    "missing-space": N_("键“{key}”的冒号后面要空一格；请改成“{key}: ”。"),
    "missing-dash-space": N_("“-”后面要空一格；请改成“- ”。"),
    "stray-text": N_("键“{key}”前面多了“{text}”；请删去。"),
    "bad-indent-char": N_("行首缩进用了{what}；请改成半角空格。"),
    "unclosed-quote": N_("引号没有成对；请在这一段末尾补上 {quote}。"),
    "unclosed-bracket": N_("括号“{bracket}”没有闭合；请在这一行补上“{close}”。"),
    "colon-in-value": N_("值里有冒号加空格，会被当成键；请给整个值加上双引号，或改用全角冒号。"),
    "bad-indent": N_("缩进和上下行对不齐；同一层的键要从同一列开始。"),
    "not-yaml": N_("这里读不懂；请对照上下行检查标点、引号和缩进。"),
}

_LEAD = r"^([ \t\u3000\u00a0]*(?:- +)*)"
_WIDE = re.compile(_LEAD + r"([A-Za-z_][A-Za-z0-9_]{1,30})[ ]*：")
_TIGHT = re.compile(_LEAD + r"([A-Za-z_][A-Za-z0-9_]{1,30}):(?=[^\s:])")
_BARE = re.compile(_LEAD + r"([A-Za-z_][A-Za-z0-9_]{1,30})( +[^\s:：#]|$)(?!.*: )")
_DASH = re.compile(r"^( *)-(?=[A-Za-z_][A-Za-z0-9_]* *[:：])")
_STRAY = re.compile(r"^( *)([^\s#\"'A-Za-z-][^\sA-Za-z]{0,2})( *)([A-Za-z_][A-Za-z0-9_]*)(?=: )")
_SOURCE = re.compile(r"^( +)([^\s:：#\"'\-][^\s:：]{0,39})：")
_INDENT = re.compile(r"^ *([\t\u3000\u00a0]+)[ \t\u3000\u00a0]*(?=- |[A-Za-z_#]|$)")
_KEYED = re.compile(r"^( *(?:- +)*)([A-Za-z_][A-Za-z0-9_]*) *[:：]")
_QUOTED = re.compile(r"""(?:^|: +|- +|[\[{,] *)(["'])""")
_BLANKS = {"\t": N_("制表符（Tab）"), "\u3000": N_("全角空格"), "\u00a0": N_("不间断空格")}


@dataclass
class Draft:
    """A text being mended: its lines, what was found, and where characters were moved.

    ``owners`` are the keys of the format with the kinds of mapping they belong to; ``guessed``
    are lines that only the parser complained of, where the cause may stand further up.
    """

    lines: list[str]
    owners: Mapping[str, frozenset[int]]
    slips: list[Slip] = field(default_factory=list)
    edits: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    guessed: set[int] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The text as mended so far."""
        return "\n".join(self.lines) + "\n"

    def true_column(self, line: int, column: int) -> int:
        """The column in the file of a column (both from 1) in the mended text."""
        for start, shift in reversed(self.edits.get(line, [])):
            if column > start:
                column = max(column - shift, start)
        return column

    def report(self, line: int, column: int, code: str, **words: str) -> bool:
        """Note a fault at a place of the mended text; False when the line has it already."""
        if any((slip.line, slip.code) == (line, code) for slip in self.slips):
            return False
        place = self.true_column(line, column)
        self.slips.append(Slip(line, place, code, _(MESSAGES[code]).format(**words)))
        return True

    def put(self, line: int, start: int, end: int, new: str) -> None:
        """Replace the characters ``start`` to ``end`` (from 0) of a line."""
        old = self.lines[line - 1]
        self.lines[line - 1] = old[:start] + new + old[end:]
        shift = len(new) - (end - start)
        if shift:
            self.edits.setdefault(line, []).append((start + 1, shift))

    def known(self, name: str) -> bool:
        """Whether a word is a key of the format, or nearly one."""
        return name in self.owners or bool(difflib.get_close_matches(name, self.owners, 1, 0.75))


def blank_indents(draft: Draft) -> None:
    """Wide and unbreakable blanks before a key are never meant; they need no failed reading."""
    for number, line in enumerate(draft.lines, 1):
        found = _INDENT.match(line)
        if found is None or "\t" in found.group() or not line.strip():
            continue
        key = re.match(r"(?:- +)*([A-Za-z_][A-Za-z0-9_]*) *[:：]", line[found.end() :])
        if key is None or not draft.known(key.group(1)):
            continue
        start = found.start(1)
        draft.report(number, start + 1, "bad-indent-char", what=_(_BLANKS[line[start]]))
        head = found.group()
        wide = "".join("  " if char == "\u3000" else " " for char in head)
        # Two columns are what a wide blank looks like; one is tried when that does not fit.
        best = wide if len(wide) in neighbour_indents(draft, number) else " " * len(head)
        draft.put(number, 0, found.end(), best)


def mend_lines(draft: Draft) -> bool:
    """Mend every slip of the kinds that a single line shows; whether there was any."""
    before = len(draft.slips)
    in_sources = False
    for number in range(1, len(draft.lines) + 1):
        line = draft.lines[number - 1]
        if line.lstrip().startswith("#"):
            continue
        if line[:1] not in (" ", "\t", ""):
            if in_sources:
                _dedented_source(draft, number)
            in_sources = in_sources and draft.lines[number - 1] != line
            in_sources = in_sources or line.startswith("sources")
        _tabs(draft, number)
        _strays(draft, number)
        _colons(draft, number, in_sources)
        _quotes(draft, number)
    return len(draft.slips) > before


def _tabs(draft: Draft, number: int) -> None:
    line = draft.lines[number - 1]
    found = _INDENT.match(line)
    if found is not None and line.strip() and "\t" in found.group():
        draft.report(number, found.start(1) + 1, "bad-indent-char", what=_(_BLANKS["\t"]))
        draft.put(number, 0, found.end(), " " * _wanted_indent(draft, number, found.group()))


def _dedented_source(draft: Draft, number: int) -> None:
    """A line among the sources that slid to the left margin and is no key of the format."""
    line = draft.lines[number - 1]
    found = re.match(r"([^\s:：-]+): ", line)
    if found is None or draft.known(found.group(1)):
        return
    if any(re.match(r" +\S", row) for row in (draft.lines[number - 2], *draft.lines[number:][:1])):
        draft.report(number, 1, "bad-indent")
        draft.put(number, 0, 0, "  ")


def _strays(draft: Draft, number: int) -> None:
    """A dash that touches its key, and a sign that slipped in before a key."""
    line = draft.lines[number - 1]
    dash = _DASH.match(line)
    if dash is not None:
        draft.report(number, dash.end(), "missing-dash-space")
        draft.put(number, dash.end(), dash.end(), " ")
        return
    found = _STRAY.match(line)
    if found is None or len(draft.owners.get(found.group(4), ())) != 1:
        return
    draft.report(
        number, found.start(2) + 1, "stray-text", key=found.group(4), text=found.group(2).strip()
    )
    wanted = _usual(draft, next(iter(draft.owners[found.group(4)])), found.start(4))
    draft.put(number, 0, found.start(4), " " * wanted)


def _usual(draft: Draft, owner: int, otherwise: int) -> int:
    """The column (from 0) in which most keys of one kind of mapping begin."""
    rows = (_row(draft, number) for number in range(1, len(draft.lines) + 1))
    counts = Counter(row[1] for row in rows if row is not None and row[2] == owner)
    return counts.most_common(1)[0][0] if counts else otherwise


def _colons(draft: Draft, number: int, in_sources: bool) -> None:
    line = draft.lines[number - 1]
    wide = _WIDE.match(line)
    if wide is None and in_sources:
        wide = _SOURCE.match(line)
    if wide is not None and (in_sources or draft.known(wide.group(2))):
        place = wide.end() - 1
        draft.report(number, place + 1, "fullwidth-colon", key=wide.group(2))
        gap = "" if line[place + 1 : place + 2] in (" ", "") else " "
        draft.put(number, place, place + 1, ":" + gap)
        return
    for pattern, code, new in ((_TIGHT, "missing-space", " "), (_BARE, "missing-colon", ":")):
        found = pattern.match(line)
        if found is not None and found.group(2) in draft.owners:
            place = found.end(2) + (code == "missing-space")
            draft.report(number, found.end(2) + 1, code, key=found.group(2))
            draft.put(number, place, place, new)
            return


def _quotes(draft: Draft, number: int) -> None:
    """A quote that opens a value and does not close on its line is closed at the line's end."""
    line = draft.lines[number - 1]
    for found in _QUOTED.finditer(line):
        quote, start = found.group(1), found.end(1)
        inner = r'(?:[^"\\]|\\.)*"' if quote == '"' else r"(?:[^']|'')*'"
        if re.match(inner, line[start:]) is None:
            draft.report(number, start, "unclosed-quote", quote=quote)
            tail = len(line.rstrip())
            # Inside brackets the quote was meant to end before the bracket does.
            while tail > start and line[tail - 1] in "]}" and found.group()[0] in "[{,":
                tail -= 1
            draft.put(number, tail, tail, quote)
            return


def realign(draft: Draft) -> bool:
    """Put lines back whose key begins in another column than its likes around them."""
    rows = [row for row in (_row(draft, n) for n in range(1, len(draft.lines) + 1)) if row]
    counts: dict[int, Counter[int]] = {}
    for _number, column, owner in rows:
        counts.setdefault(owner, Counter())[column] += 1
    before = len(draft.slips)
    likes: dict[int, list[tuple[int, int]]] = {}
    for number, column, owner in rows:
        likes.setdefault(owner, []).append((number, column))
    for owner, group in likes.items():
        usual, times = counts[owner].most_common(1)[0]
        for index, (number, column) in enumerate(group):
            around = {c for _n, c in group[max(index - 1, 0) : index + 2] if c != column}
            alone = {c for _n, c in group[max(index - 1, 0) : index + 2][::2]} == around
            rare = counts[owner][column] <= 2 and times >= 4
            if column != usual and len(group) > 2 and (rare or (alone and around)):
                _shift(draft, number, column, usual if rare else min(around))
    return len(draft.slips) > before


def _row(draft: Draft, number: int) -> tuple[int, int, int] | None:
    """Line, column (from 0) of the key, and the one kind of mapping it can belong to."""
    found = _KEYED.match(draft.lines[number - 1])
    if found is None:
        return None
    owners = draft.owners.get(found.group(2), frozenset())
    if len(owners) > 1 and "- " in found.group(1):
        # An id says little; what follows it in the same item says more.
        for line in draft.lines[number : number + 2]:
            later = _KEYED.match(line)
            if later is None or "- " in later.group(1):
                break
            owners = owners & draft.owners.get(later.group(2), owners)
    return (number, found.end(1), next(iter(owners))) if len(owners) == 1 else None


def _shift(draft: Draft, number: int, column: int, wanted: int) -> None:
    line = draft.lines[number - 1]
    own = len(line) - len(line.lstrip(" "))
    indent = own + wanted - column
    if indent >= 0 and draft.report(number, own + 1, "bad-indent"):
        draft.put(number, 0, own, " " * indent)


def _wanted_indent(draft: Draft, number: int, head: str) -> int:
    """The indent that a line with tabs was meant to have: the neighbour's that is nearest."""
    near = neighbour_indents(draft, number)
    above = next((row for row in reversed(draft.lines[: number - 1]) if row.strip()), "")
    if above.rstrip().endswith(":"):
        # What hangs under a key stands deeper than the key.
        blank = re.match(r" *(?:- +)*", above)
        deeper = (blank.end() if blank else 0) + 2
        near = [n for n in near if n >= deeper] or [deeper]
    for width in (2, 4, 8, 1):
        if len(head.expandtabs(width)) in near:
            return len(head.expandtabs(width))
    return near[0] if near else len(head.expandtabs(2))


def neighbour_indents(draft: Draft, number: int) -> list[int]:
    """Where keys begin on the lines around: above first, both before and after a dash."""
    found: list[int] = []
    above = (draft.lines[n - 1] for n in range(number - 1, 0, -1))
    below = (draft.lines[n - 1] for n in range(number + 1, len(draft.lines) + 1))
    for lines in (above, below):
        line = next((row for row in lines if row.strip() and not row.lstrip().startswith("#")), "")
        blank = re.match(r" *(?:- +)*", line)
        starts = [len(line) - len(line.lstrip(" ")), blank.end() if blank else 0]
        found += [n for n in reversed(starts) if n not in found]
    return found
