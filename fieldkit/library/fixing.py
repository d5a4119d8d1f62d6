"""Mending what needs no judgement: wide signs, missing blanks, quotes, tabs, line ends.

Each mend is an edit at the place of a fault; the text is examined again afterwards, and an edit
that does not make its fault go away is taken back. Everything else stays byte for byte.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _

from . import edits, embedding, folders, plans, reading, repair, rules, schema
from .faults import Fault
from .positions import Map, Node, Slip, plain

__all__ = ["Fixed", "fix", "fix_paths"]

MESSAGES = {
    "no-modeline": N_("第一行没有编辑器认的说明；已补上。"),
    "line-ends": N_("换行是 Windows 的写法；已改成一个换行符。"),
    "trailing-blanks": N_("行尾有多余的空格；已删去。"),
    "byte-order-mark": N_("文件开头有看不见的标记；已删去。"),
    "no-last-newline": N_("最后一行没有换行；已补上。"),
}
MODELINE = "# yaml-language-server: $schema=schema/checklist.schema.json"
ROUNDS, TRIALS = 12, 60
"""How often a text is examined with all edits at once, and with one at a time."""


@dataclass(frozen=True)
class Fixed:
    """One file: what was mended in it (nothing: it was left alone) and how many errors remain."""

    path: Path
    faults: list[Fault] = field(default_factory=list)
    left: int = 0


@dataclass
class _Look:
    """What an examination of a text found."""

    errors: list[Slip]
    root: Node | None

    @property
    def count(self) -> int:
        return len(self.errors)


def fix_paths(paths: Iterable[Path]) -> list[Fixed]:
    """Mend files, and the checklist files in folders at any depth; plans are left alone.

    A file is replaced as a whole, with its permissions. Raises Problem ``no-such-path`` for a
    path that is not there and ``not-written`` for a file that cannot be replaced.
    """
    done = []
    for path in paths:
        if not path.exists():
            raise Problem("no-such-path", _("没有这个文件或文件夹"), where=str(path),
                          mend=_("请检查路径。"))  # fmt: skip
        for file in _inside(path) if path.is_dir() else [path]:
            if not plans.is_plan(file):
                done.append(_fix_file(file))
    return done


def _inside(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in (".yaml", ".yml")
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _fix_file(path: Path) -> Fixed:
    try:
        with path.open("rb") as file:
            raw = file.read(reading.MAX_BYTES + 1)
        before = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return Fixed(path, [], 1)
    if len(raw) > reading.MAX_BYTES:
        return Fixed(path, [], 1)
    after, faults = fix(before, path)
    if after != before:
        _replace(path, after.encode("utf-8"))
    return Fixed(path, faults, _look(after, path).count)


def _replace(path: Path, raw: bytes) -> None:
    """Put a file in another's place as a whole; a link's file is replaced, not the link."""
    target = Path(os.path.realpath(path))
    part = ""
    try:
        mode = target.stat().st_mode & 0o7777
        handle, part = tempfile.mkstemp(dir=target.parent, prefix=".fieldkit-", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(mode)
        os.replace(part, target)
    except OSError as fault:
        if part:
            with suppress(OSError):
                os.unlink(part)
        why = fault.strerror or type(fault).__name__
        raise Problem("not-written", _("文件写不进去（{why}）").format(why=why), where=str(path),
                      mend=_("请检查权限和磁盘空间；原文件没有动。")) from None  # fmt: skip


def fix(text: str, path: Path) -> tuple[str, list[Fault]]:
    """The text with its mechanical faults mended, and those faults; ``path`` is where it lies.

    The text comes back as it was where mending would leave more errors than there were.
    """
    if not text.strip():
        return text, []
    made, found = _line_ends(text)
    start = _look(made, path)
    look = start
    done: list[Slip] = []
    for _round in range(ROUNDS):
        made, look, fresh = _round_of(made, look, path)
        if not fresh:
            break
        done += fresh
    made, look, tidied = _tidy(made, look, path)
    found += tidied
    if look.count > start.count:
        return text, []
    faults = [Fault(str(path), it.line, it.column, it.code, it.message) for it in (*done, *found)]
    return made, sorted(set(faults))


def _line_ends(text: str) -> tuple[str, list[Slip]]:
    found = []
    if text.startswith("\ufeff"):
        text = text.removeprefix("\ufeff")
        found.append(_note("byte-order-mark", 1))
    if "\r" in text:
        found.append(_note("line-ends", text.count("\n", 0, text.index("\r")) + 1))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, found


def _note(code: str, line: int, column: int = 1) -> Slip:
    return Slip(line, column, code, _(MESSAGES[code]))


def _round_of(text: str, look: _Look, path: Path) -> tuple[str, _Look, list[Slip]]:
    """All edits at once where that leaves fewer errors, else those that do so by themselves."""
    lines = text.split("\n")
    wanted = list(edits.proposed(lines, look.errors, look.root))
    if not wanted:
        return text, look, []
    firsts = edits.apart(wanted)
    made = edits.applied(lines, firsts)
    trial = _look(made, path)
    if trial.count <= look.count - len(firsts):
        return made, trial, [edit.slip for edit in firsts]
    done: list[Slip] = []
    # From the end of the file backwards, so that places before an edit stay what they are.
    for edit in sorted(wanted, key=lambda edit: (-edit.line, -edit.start))[:TRIALS]:
        if edit.slip in done:
            continue
        made = edits.applied(text.split("\n"), [edit])
        trial = _look(made, path)
        if trial.count < look.count:
            text, look = made, trial
            done.append(edit.slip)
    return text, look, done


def _tidy(text: str, look: _Look, path: Path) -> tuple[str, _Look, list[Slip]]:
    """Blanks at the ends of lines, the last line's end, and the line that editors look for."""
    found: list[Slip] = []
    made = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    if made != text:
        trial = _look(made, path)
        if _same(look, trial):
            spots = zip(text.split("\n"), made.split("\n"), strict=True)
            found += [
                _note("trailing-blanks", number, len(new) + 1)
                for number, (old, new) in enumerate(spots, 1)
                if old != new
            ]
            text, look = made, trial
    if not text.endswith("\n"):
        found.append(_note("no-last-newline", text.count("\n") + 1))
        text += "\n"
    if not any("yaml-language-server:" in line for line in text.split("\n")[:5]) and not (
        text.startswith(("%", "---"))
    ):
        found.append(_note("no-modeline", 1))
        text = f"{MODELINE}\n{text}"
    return text, look, found


def _same(one: _Look, two: _Look) -> bool:
    """Whether two texts say the same: blanks within a block of text are part of it."""
    if one.root is None or two.root is None:
        return one.count >= two.count
    return one.count >= two.count and plain(one.root) == plain(two.root)


def _look(text: str, path: Path) -> _Look:
    """The errors of a text that stands, or will stand, in a file."""
    slips, root = _slips(text, path)
    return _Look(sorted(set(slips), key=_place), root)


def _place(slip: Slip) -> tuple[int, int, str]:
    return slip.line, slip.column, slip.code


def _slips(text: str, path: Path) -> tuple[list[Slip], Node | None]:
    seen, slips = reading.visible(text)
    described = folders.schema()
    root, found, dropped = repair.read(seen, schema.key_owners(described))
    slips += found
    if isinstance(root, Map):
        slips += embedding.embed(root, path)
    if root is not None:
        slips += schema.check(root, described, dropped)
    if isinstance(root, Map):
        slips += [slip for is_error, slip in rules.check(root, dropped) if is_error]
    return slips, root


def errors_in(text: str, path: Path) -> Iterator[Slip]:
    """The errors of a text, for whoever makes one."""
    yield from _look(text, path).errors
