"""An office's own layout for a kind of document, as it was edited in a word processor.

They lie in the home's folder ``templates``, one file for a kind. They change how a document looks,
never what is counted: they are no facts and stand in no journal.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.work.exchange_files import unusable
from fieldkit.work.workspace import Workspace

from . import catalogue, outputs
from .catalogue import Options

_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of document is laid out: ``own`` is the office's file, None the built-in."""

    kind: str
    title: str
    own: Path | None


def listing(ws: Workspace) -> list[Layout]:
    """Every kind that can have a layout of the office's own, in the order of the catalogue."""
    found = []
    for name, kind in catalogue.KINDS.items():
        if ".docx" in kind.formats:
            path = _path(ws, name)
            found.append(Layout(name, _(kind.title), path if path.is_file() else None))
    return found


def of(ws: Workspace, kind: str) -> bytes | None:
    """The office's own template for that kind; None where it uses the built-in layout.

    Raises Problem where there is one that cannot be read.
    """
    path = _path(ws, kind)
    if not path.exists():
        return None
    return outputs.read(path, _MOST_BYTES)


def export(ws: Workspace, kind: str, options: Options, out: Path) -> Path:
    """Write a template to begin with: the office's own, else the built-in layout.

    Raises what making such a document raises, and Problem where the file cannot be written.
    """
    from fieldkit.report import paper_template
    from fieldkit.report.docx import save_atomically

    from .outputs import checked

    path, _suffix = checked(out, (".docx",))
    catalogue.kind_of(kind)
    own = of(ws, kind)
    raw = own or paper_template.starting_point(catalogue.build(ws, kind, options))
    save_atomically(path, raw)
    return path


def use(ws: Workspace, kind: str, source: Path, options: Options) -> Path:
    """Take a file as the office's layout for that kind, after it was tried with a real document.

    Raises Problem ``template-bad`` saying what is wrong in it, ``no-file``, and what making such a
    document raises.
    """
    from fieldkit.report import paper_template
    from fieldkit.report.docx import save_atomically

    catalogue.kind_of(kind)
    raw = outputs.read(source, _MOST_BYTES)
    try:
        paper_template.render(catalogue.build(ws, kind, options), raw)
    except Problem as problem:
        if problem.code != "template-bad":
            raise
        raise Problem(
            problem.code, problem.what, where=shown(str(source)), mend=problem.mend
        ) from problem
    path = _path(ws, kind)
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise unusable(path.parent, error) from error
    save_atomically(path, raw)
    return path


def remove(ws: Workspace, kind: str) -> bool:
    """Go back to the built-in layout; whether there was another. Raises Problem."""
    catalogue.kind_of(kind)
    path = _path(ws, kind)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise unusable(path, error) from error
    with suppress(OSError):
        path.parent.rmdir()
    return True


def _path(ws: Workspace, kind: str) -> Path:
    return ws.home / "templates" / f"{kind}.docx"
