"""Going on after broken YAML, so that one slip does not hide the next.

A YAML parser stops at the first thing it cannot read. Each such place is reported, mended in
memory in the way its author most likely meant it, and the text is read again; columns are
counted back to the file as it is. Nothing is ever written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

from .positions import Map, Node, Scalar, Seq, Slip, compose
from .slips import Draft, blank_indents, mend_lines, neighbour_indents, realign

MAX_MENDS = 60
MAX_MENDED = 512 * 1024
"""Longer broken texts are reported as far as one reading goes: more readings cost too much."""

LOST = "\ue000"
"""Stands for a value that could not be read; nothing more is said about it."""

_CONTEXT_FIRST = ("while scanning a simple key", "while scanning a quoted", "while parsing a flow")


def read(
    text: str, owners: Mapping[str, frozenset[int]]
) -> tuple[Node | None, list[Slip], frozenset[str]]:
    """The tree of a text, every fault of its YAML, and the keys on lines that were given up.

    ``owners`` are the keys of the format: they tell a slipped ``text：`` from a sentence.
    """
    draft = Draft(text.split("\n"), owners)
    blank_indents(draft)
    for _attempt in range(MAX_MENDS):
        try:
            root, slips = compose(draft.text)
        except yaml.MarkedYAMLError as fault:
            if not _mend(draft, fault) or len(text) > MAX_MENDED:
                break
        except yaml.YAMLError:
            draft.report(1, 1, "not-yaml")
            break
        else:
            if root is not None:
                _replace(root, draft)
            moved = [
                Slip(s.line, draft.true_column(s.line, s.column), s.code, s.message) for s in slips
            ]
            return root, _causes(draft) + moved, frozenset(draft.dropped)
    return None, _causes(draft), frozenset(draft.dropped)


def _causes(draft: Draft) -> list[Slip]:
    """The slips without those that follow from the line above: one cause, one fault."""
    found = {slip.line for slip in draft.slips}
    kept = []
    for slip in draft.slips:
        above = slip.line - 1
        while above and not draft.lines[above - 1].strip():
            above -= 1
        if not (slip.line in draft.guessed and above in found):
            kept.append(slip)
    return kept


def _mend(draft: Draft, fault: yaml.MarkedYAMLError) -> bool:
    """Report one failure and mend its cause; False when there is nothing left to try."""
    if mend_lines(draft) or realign(draft):
        return True
    mark = fault.problem_mark or fault.context_mark
    context, problem = fault.context or "", fault.problem or ""
    if fault.context_mark and context.startswith(_CONTEXT_FIRST):
        mark = fault.context_mark
    if mark is None:
        draft.report(1, 1, "not-yaml")
        return False
    line = min(mark.line + 1, len(draft.lines))
    while line > 1 and not draft.lines[line - 1].strip():
        line -= 1
    column = mark.column + 1 if line == mark.line + 1 else len(draft.lines[line - 1]) + 1
    if context.startswith("while parsing a flow") and _close(draft, line, column):
        return True
    if "mapping values are not allowed" in problem and _quiet(draft, line, column):
        return True
    if ("expected <block end>" in problem or "mapping values" in problem) and _align(draft, line):
        return True
    return _give_up(draft, line, column, "bad-indent" if "<block end>" in problem else "not-yaml")


def _close(draft: Draft, line: int, column: int) -> bool:
    """An open bracket is closed at the end of its line."""
    row = draft.lines[line - 1]
    bracket = row[column - 1 : column]
    if bracket not in ("[", "{"):
        return False
    close = "]" if bracket == "[" else "}"
    if close in row[column:]:
        return False
    if not draft.report(line, column, "unclosed-bracket", bracket=bracket, close=close):
        return False
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
    near = neighbour_indents(draft, line)
    if row.lstrip().startswith("- "):
        dashes = [r for r in reversed(draft.lines[: line - 1]) if r.lstrip().startswith("- ")]
        near = [*dict.fromkeys(len(r) - len(r.lstrip(" ")) for r in dashes), *near]
    for indent in sorted(near, key=lambda n: abs(n - own)):
        if indent == own:
            continue
        trial = [*draft.lines]
        trial[line - 1] = " " * indent + row.lstrip(" ")
        if _reads_past(trial, line):
            draft.report(line, own + 1, "bad-indent")
            draft.guessed.add(line)
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


def _give_up(draft: Draft, line: int, column: int, code: str) -> bool:
    """Report a line that no mend fits and read on without its value, then without all of it."""
    row = draft.lines[line - 1]
    if not row.strip() or row.lstrip().startswith("#"):
        draft.report(line, column, code)
        return False
    fresh = draft.report(line, column, code)
    draft.guessed.add(line)
    key = re.match(r" *(?:- +)*([A-Za-z_][A-Za-z0-9_]*)", row)
    if key is not None and fresh and row[key.end() : key.end() + 1] == ":":
        below = next((r for r in draft.lines[line:] if r.strip()), "")
        deeper = len(below) - len(below.lstrip()) > key.start(1)
        kept = row[: key.end() + 1] + ("" if deeper else f" {LOST}")
        if kept != row:
            draft.lines[line - 1] = kept
            return True
    if key is not None:
        draft.dropped.add(key.group(1))
    draft.lines[line - 1] = "#" + row[1:]
    return True


def _replace(node: Node, draft: Draft) -> None:
    """Turn the columns of a whole tree into those of the file; mark what was lost."""
    node.column = draft.true_column(node.line, node.column)
    if isinstance(node, Map):
        for key, value in node.entries:
            key.column = draft.true_column(key.line, key.column)
            _replace(value, draft)
    elif isinstance(node, Seq):
        for item in node.items:
            _replace(item, draft)
    elif isinstance(node, Scalar) and node.text == LOST:
        node.broken = True
