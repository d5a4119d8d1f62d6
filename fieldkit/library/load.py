"""Checklists for use: only files without an error become one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.domain.checklist import Checklist
from fieldkit.errors import Problem
from fieldkit.text.i18n import _

from . import folders
from .folders import schema_text
from .kept import bytes_of

if TYPE_CHECKING:
    from .kept import Kept

__all__ = ["catalogue", "find", "load_file", "schema_text"]


def load_file(path: Path) -> Checklist:
    """The checklist in a file.

    Raises Problem ``bad-checklist-file`` with the place of the first error and how many more.
    """
    try:
        stat = path.stat()
        key = (stat.st_mtime_ns, stat.st_size)
    except OSError:
        key = (0, 0)
    return _load(str(path), key)


@lru_cache(maxsize=64)
def _load(name: str, _state: tuple[int, int]) -> Checklist:
    from .lint import examine

    whole = examine(Path(name))
    if whole.errors or whole.data is None:
        first, count = whole.errors[0], len(whole.errors)
        more = _("（共 {n} 处，用 fieldkit checklist lint 查看。）").format(n=count)
        raise Problem(
            "bad-checklist-file",
            first.message,
            where=f"{first.file}:{first.line}:{first.column}",
            mend=more if count > 1 else "",
        )
    from .normal import normalised

    return Checklist.from_doc(normalised(whole.data))


def catalogue(
    extra: Path | None, rejected: list[Problem] | None = None, kept: Kept | None = None
) -> list[Checklist]:
    """Every checklist on the search path, by id; the first folder that has an id wins.

    A file with errors is left out, so that one bad file never stops the work with the others;
    its Problem goes to ``rejected`` where that is given. What ``kept`` knows is not checked again.
    """
    found: dict[str, Checklist] = {}
    for folder in folders.search_path(extra):
        for path in folders.files(folder):
            try:
                checklist = load_file(path) if kept is None else through(kept, path)
            except Problem as problem:
                if rejected is not None:
                    rejected.append(problem)
            else:
                found.setdefault(checklist.id, checklist)
    return [found[name] for name in sorted(found)]


def through(kept: Kept, path: Path) -> Checklist:
    """The checklist in a file, kept from then on; Problem as ``load_file``."""
    raw = bytes_of(path)
    found = kept.recall(raw) if raw else None
    if found is None:
        found = load_file(path)
        # Rows of choice lists may stand in files of their own, which these bytes do not cover.
        if raw and not (found.lists and b"file" in raw):
            kept.keep(raw, found)
    return found


def find(checklist_id: str, extra: Path | None = None) -> Checklist:
    """The checklist of that id.

    Raises Problem ``unknown-checklist``, or that of the broken file of this name.
    """
    rejected: list[Problem] = []
    known = catalogue(extra, rejected)
    for checklist in known:
        if checklist.id == checklist_id:
            return checklist
    for problem in rejected:
        if Path(problem.where.rsplit(":", 2)[0]).stem == checklist_id:
            raise problem
    raise Problem(
        "unknown-checklist",
        _("没有编号为“{ref}”的检查表").format(ref=checklist_id[:64]),
        mend=_("可用：{names}。").format(names=" ".join(c.id for c in known)),
    )
