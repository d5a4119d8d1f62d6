"""Line breaking that knows Chinese: between any two wide characters, never before ，。）."""

from __future__ import annotations

from .width import cell_width

_NO_START = set("，。、；：！？）》」』】〕〉”’…—·,.;:!?)]}%％")
_NO_END = set("（《「『【〔〈“‘([{")


def _is_wide(char: str) -> bool:
    return cell_width(char) == 2


def _atoms(text: str) -> list[str]:
    """Pieces that may not be broken: one wide character, or a run of narrow non-blanks."""
    atoms: list[str] = []
    for char in text:
        joins = atoms and not char.isspace() and not _is_wide(char)
        if joins and not atoms[-1][-1].isspace() and not _is_wide(atoms[-1][-1]):
            atoms[-1] += char
        elif atoms and (char in _NO_START or atoms[-1][-1] in _NO_END) and not char.isspace():
            atoms[-1] += char
        else:
            atoms.append(char)
    return atoms


def wrap(text: str, cells: int) -> list[str]:
    """The text in lines of at most ``cells`` cells; a single longer piece is broken anywhere."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0
        for atom in _atoms(paragraph):
            width = cell_width(atom)
            if used + width > cells and line:
                lines.append(line.rstrip())
                line, used = "", 0
                if atom.isspace():
                    continue
            while width > cells:
                head, atom = _split(atom, cells)
                lines.append(head)
                width = cell_width(atom)
            line += atom
            used += width
        lines.append(line.rstrip())
    return lines


def _split(atom: str, cells: int) -> tuple[str, str]:
    used = 0
    for index, char in enumerate(atom):
        used += cell_width(char)
        if used > cells and index:
            return atom[:index], atom[index:]
    return atom, ""
