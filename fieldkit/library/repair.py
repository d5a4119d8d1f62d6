"""Going on after broken YAML, so that one slip does not hide the next.

A YAML parser stops at the first thing it cannot read. Each such place is reported, mended in
memory in the way its author most likely meant it, and the text is read again; columns are
counted back to the file as it is. Nothing is ever written.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

import yaml

from fieldkit.text.i18n import N_, _

from .positions import Node, Slip, compose

MAX_MENDS = 60
MAX_MENDED = 512 * 1024
"""Longer broken texts are reported with their first fault only: reading them again costs too much."""

MESSAGES = {
    "fullwidth-colon": N_("键“{key}”后面是全角冒号“：”；请改成半角冒号加一个空格“: ”。"),
    "bad-indent-char": N_("行首缩进用了{what}；请改成半角空格。"),
    "unclosed-quote": N_("引号没有成对；请在这一段末尾补上 {quote}。"),
    "unclosed-bracket": N_("括号“{bracket}”没有闭合；请在这一行补上“{close}”。"),
    "colon-in-value": N_("值里有冒号加空格，会被当成键；请给整个值加上双引号，或改用全角冒号。"),
    "bad-indent": N_("缩进和上下行对不齐；同一层的键要从同一列开始。"),
    "not-yaml": N_("这里读不懂；请对照上下行检查标点、引号和缩进。"),
}

_KEY = re.compile(r"^([ \t\u3000\u00a0]*(?:- +)*)([A-Za-z_][A-Za-z0-9_]{1,30})[ ]*：")
_INDENT = re.compile(r"^ *([\t\u3000\u00a0]+)[ \t\u3000\u00a0]*(?=- |[A-Za-z_#]|$)")
_QUOTED = re.compile(r"""(?:^|: +|- +|[\[{,] *)(["'])""")
_CONTEXT_FIRST = ("while scanning a simple key", "while scanning a quoted", "while parsing a flow")
_BLANKS = {"\t": N_("制表符（Tab）"), "\u3000": N_("全角空格"), "\u00a0": N_("不间断空格")}


@dataclass
class Draft:
    """A text being mended: its lines, what was found, and where characters were moved."""

    lines: list[str]
    names: frozenset[str]
    slips: list[Slip] = field(default_factory=list)
    edits: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)

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

    def report(self, line: int, column: int, code: str, **words: str) -> None:
        """Note a fault at a place of the mended text."""
        place = self.true_column(line, column)
        if all((slip.line, slip.code) != (line, code) for slip in self.slips):
            self.slips.append(Slip(line, place, code, _(MESSAGES[code]).format(**words)))

    def put(self, line: int, start: int, end: int, new: str) -> None:
        """Replace the characters ``start`` to ``end`` (from 0) of a line."""
        old = self.lines[line - 1]
        self.lines[line - 1] = old[:start] + new + old[end:]
        shift = len(new) - (end - start)
        if shift:
            self.edits.setdefault(line, []).append((start + 1, shift))

    def known(self, name: str) -> bool:
        """Whether a word is a key of the format, or nearly one."""
        return name in self.names or bool(difflib.get_close_matches(name, self.names, 1, 0.75))


def read(text: str, names: frozenset[str]) -> tuple[Node | None, list[Slip], frozenset[str]]:
    """The tree of a text, every fault of its YAML, and the keys on lines that were given up.

    ``names`` are the keys of the format: they tell a slipped ``text：`` from a sentence.
    """
    draft = Draft(text.split("\n"), names)
    _blank_indents(draft)
    for _attempt in range(MAX_MENDS):
        try:
            root, slips = compose(draft.text)
        except yaml.MarkedYAMLError as fault:
            if not _mend(draft, fault) or len(text) > MAX_MENDED:
                return None, draft.slips, frozenset(draft.dropped)
        except yaml.YAMLError:
            draft.report(1, 1, "not-yaml")
            return None, draft.slips, frozenset(draft.dropped)
        else:
            if root is not None:
                _replace(root, draft)
            moved = [_moved(slip, draft) for slip in slips]
            return root, draft.slips + moved, frozenset(draft.dropped)
    return None, draft.slips, frozenset(draft.dropped)


def _blank_indents(draft: Draft) -> None:
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
        best = wide if _fits(draft, number, len(wide)) else " " * len(head)
        draft.put(number, 0, found.end(), best)


def _fits(draft: Draft, number: int, indent: int) -> bool:
    return indent in _neighbour_indents(draft, number)


def _mend(draft: Draft, fault: yaml.MarkedYAMLError) -> bool:
    """Report one failure and mend its cause; False when there is nothing left to try."""
    if _lexical(draft):
        return True
    mark = fault.problem_mark or fault.context_mark
    if fault.context_mark and (fault.context or "").startswith(_CONTEXT_FIRST):
        mark = fault.context_mark
    if mark is None:
        draft.report(1, 1, "not-yaml")
        return False
    line = min(mark.line + 1, len(draft.lines))
    while line > 1 and not draft.lines[line - 1].strip():
        line -= 1
    column = mark.column + 1 if line == mark.line + 1 else len(draft.lines[line - 1]) + 1
    problem = fault.problem or ""
    if (fault.context or "").startswith("while parsing a flow"):
        return _close(draft, line, column)
    if "mapping values are not allowed" in problem and _quiet(draft, line, column):
        return True
    if ("expected <block end>" in problem or "mapping values" in problem) and _align(draft, line):
        return True
    return _drop(draft, line, column, "bad-indent" if "<block end>" in problem else "not-yaml")


def _lexical(draft: Draft) -> bool:
    """Mend every slip that shows in a line by itself; whether there was any."""
    before = len(draft.slips)
    for number, line in enumerate(draft.lines, 1):
        found = _INDENT.match(line)
        if found is not None and line.strip() and "\t" in found.group():
            draft.report(number, found.start(1) + 1, "bad-indent-char", what=_(_BLANKS["\t"]))
            wanted = _wanted_indent(draft, number, found.group())
            draft.put(number, 0, found.end(), " " * wanted)
        line = draft.lines[number - 1]
        key = _KEY.match(line)
        if key is not None and draft.known(key.group(2)) and not line.lstrip().startswith("#"):
            place = key.end() - 1
            draft.report(number, place + 1, "fullwidth-colon", key=key.group(2))
            gap = "" if line[place + 1 : place + 2] in (" ", "") else " "
            draft.put(number, place, place + 1, ":" + gap)
        _quotes(draft, number)
    return len(draft.slips) > before


def _quotes(draft: Draft, number: int) -> None:
    """A quote that opens a value and does not close on its line is closed at the line's end."""
    line = draft.lines[number - 1]
    if line.lstrip().startswith("#"):
        return
    for found in _QUOTED.finditer(line):
        quote, start = found.group(1), found.end(1)
        rest = line[start:]
        inner = r'(?:[^"\\]|\\.)*"' if quote == '"' else r"(?:[^']|'')*'"
        if re.match(inner, rest) is None:
            draft.report(number, start, "unclosed-quote", quote=quote)
            tail = len(line.rstrip())
            draft.put(number, tail, tail, quote)
            return
        if line.lstrip()[:1] not in "-" and ": " not in line:
            return


def _wanted_indent(draft: Draft, number: int, head: str) -> int:
    """The indent that a line with tabs was meant to have: the neighbour's that is nearest."""
    near = _neighbour_indents(draft, number)
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


def _neighbour_indents(draft: Draft, number: int) -> list[int]:
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


def _close(draft: Draft, line: int, column: int) -> bool:
    """An open bracket is closed at the end of its line."""
    row = draft.lines[line - 1]
    bracket = row[column - 1 : column]
    if bracket not in ("[", "{"):
        return _drop(draft, line, column, "not-yaml")
    close = "]" if bracket == "[" else "}"
    if any((slip.line, slip.code) == (line, "unclosed-bracket") for slip in draft.slips):
        return _drop(draft, line, column, "not-yaml")
    draft.report(line, column, "unclosed-bracket", bracket=bracket, close=close)
    tail = len(row.rstrip().rstrip(","))
    draft.put(line, tail, tail, close)
    return True


def _quiet(draft: Draft, line: int, column: int) -> bool:
    """A second colon in a value: read on as if it were a full-width one."""
    row = draft.lines[line - 1]
    head = row[: column - 1]
    if row[column - 1 : column] != ":" or not re.search(r": +\S|^ *(?:- +)?\S+ +\S", head):
        return False
    draft.report(line, column, "colon-in-value")
    draft.put(line, column - 1, column, "：")
    return True


def _align(draft: Draft, line: int) -> bool:
    """A line out of its column: put it where its neighbours begin, if that reads further."""
    row = draft.lines[line - 1]
    own = len(row) - len(row.lstrip(" "))
    near = _neighbour_indents(draft, line)
    if row.lstrip().startswith("- "):
        dashes = [r for r in reversed(draft.lines[: line - 1]) if r.lstrip().startswith("- ")]
        near = list(dict.fromkeys(len(r) - len(r.lstrip(" ")) for r in dashes)) + near
    for indent in sorted(near, key=lambda n: abs(n - own)):
        if indent == own:
            continue
        trial = [*draft.lines]
        trial[line - 1] = " " * indent + row.lstrip(" ")
        if _reads_past(trial, line):
            draft.report(line, own + 1, "bad-indent")
            draft.put(line, 0, own, " " * indent)
            return True
    return False


def _reads_past(lines: list[str], line: int) -> bool:
    try:
        compose("\n".join(lines) + "\n")
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        return mark is not None and mark.line > line
    return True


def _drop(draft: Draft, line: int, column: int, code: str) -> bool:
    """Give a line up: report it, read on without it."""
    row = draft.lines[line - 1]
    if not row.strip() or row.lstrip().startswith("#"):
        draft.report(line, column, code)
        return False
    draft.report(line, column, code)
    key = re.match(r" *(?:- +)*([A-Za-z_][A-Za-z0-9_]*)", row)
    if key is not None:
        draft.dropped.add(key.group(1))
    draft.lines[line - 1] = "#" + row[1:]
    return True


def _moved(slip: Slip, draft: Draft) -> Slip:
    column = draft.true_column(slip.line, slip.column)
    return Slip(slip.line, column, slip.code, slip.message)


def _replace(node: Node, draft: Draft) -> None:
    """Turn the columns of a whole tree into those of the file."""
    from .positions import Map, Seq

    if draft.edits:
        node.column = draft.true_column(node.line, node.column)
    if isinstance(node, Map):
        for key, value in node.entries:
            key.column = draft.true_column(key.line, key.column)
            _replace(value, draft)
    elif isinstance(node, Seq):
        for item in node.items:
            _replace(item, draft)
