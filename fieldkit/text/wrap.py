"""Line breaking that knows Chinese: between any two wide characters, never before ，。）."""

from __future__ import annotations

from .width import cell_width, char_width

NO_START = frozenset("，。、；：！？）》」』】〕〉〗］｝”’…—·～,.;:!?)]}%％‰℃")
"""Characters that may not begin a line."""
NO_END = frozenset("（《「『【〔〈〖［｛“‘([{")
"""Characters that may not end a line."""


def _glued(before: str, char: str) -> bool:
    """Whether no line may end between these two neighbours."""
    if char_width(char) == 0 or char in NO_START:
        return True
    if char.isspace() or before.isspace():
        return False
    return before in NO_END or (char_width(before) != 2 and char_width(char) != 2)


def _atoms(text: str) -> list[str]:
    """Pieces that may not be broken: one wide character, or a run of narrow non-blanks."""
    atoms: list[str] = []
    for char in text:
        if atoms and _glued(atoms[-1][-1], char):
            atoms[-1] += char
            # A stop after a blank holds on to the word before the blank.
            while atoms[-1][0].isspace() and len(atoms) > 1:
                tail = atoms.pop()
                atoms[-1] += tail
        else:
            atoms.append(char)
    return atoms


def wrap(text: str, cells: int) -> list[str]:
    """The text in lines of at most ``cells`` cells (two at least, one wide character).

    A piece longer than a line is broken where it must; blanks at a break are dropped.
    """
    cells = max(cells, 2)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used, fresh = "", 0, True
        for atom in _atoms(paragraph):
            width = cell_width(atom)
            if used + width > cells and (line or not fresh):
                if line:
                    lines.append(line.rstrip())
                line, used, fresh = "", 0, False
            if not line and not fresh and atom.isspace():
                continue
            while width > cells:
                head, atom = _split(atom, cells)
                lines.append(head.rstrip())
                width, fresh = cell_width(atom), False
            line += atom
            used += width
        if line or fresh:
            lines.append(line.rstrip())
    return lines


def _split(atom: str, cells: int) -> tuple[str, str]:
    """The longest head that fits, a little shorter where a stop would begin the next line."""
    end, used = 0, 0
    while end < len(atom) and used + char_width(atom[end]) <= cells:
        used += char_width(atom[end])
        end += 1
    best = end
    while best > 1 and (
        atom[best] in NO_START or char_width(atom[best]) == 0 or atom[best - 1] in NO_END
    ):
        best -= 1
    if best < 1 or atom[best] in NO_START:
        best = end
    return atom[:best], atom[best:]
