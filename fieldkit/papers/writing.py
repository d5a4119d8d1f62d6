"""A document of the catalogue as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit.text.i18n import _
from fieldkit.work.workspace import Workspace

from . import catalogue, templates
from .catalogue import Options
from .outputs import checked, documents

if TYPE_CHECKING:
    from fieldkit.report.paper import Paper


def write(
    ws: Workspace,
    kind: str,
    options: Options,
    out: Path,
    *,
    codes: bool = False,
    told: Callable[[Paper], None] | None = None,
) -> Path:
    """Make the paper and write it; with ``codes`` each figure's code is printed beside it.

    The kind of file follows from the name. ``told`` is given the paper before it is written.
    Raises Problem ``unknown-report`` or ``report-type``, what the paper's maker raises, and
    Problem ``report-write``.
    """
    from fieldkit.report import rendering
    from fieldkit.report.docx import save_atomically

    allowed = catalogue.kind_of(kind).formats
    path, suffix = checked(out, allowed)
    paper = catalogue.build(ws, kind, options)
    if told is not None:
        told(paper)
    template = templates.of(ws, kind) if suffix == ".docx" else None
    raw = rendering.render(paper, suffix, codes=codes, template=template)
    save_atomically(path, raw)
    return path


def write_among(ws: Workspace, kind: str, options: Options, suffix: str) -> Path:
    """Write it among this home's documents, under a name that says what it is.

    Raises as ``write`` does, and Problem where the folder cannot be made.
    """
    title = _(catalogue.kind_of(kind).title).partition("、")[0].removesuffix(_("（红黄牌）"))
    about = options.month or options.half or options.last or options.site
    parts = [title, about.replace("/", "-")] if about else [title]
    if options.public:
        parts.append(_("公开版"))
    stamp = ws.now().strftime("%Y%m%d-%H%M%S")
    return write(ws, kind, options, documents(ws) / f"{'-'.join([*parts, stamp])}{suffix}")
