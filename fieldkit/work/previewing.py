"""Trying a checklist out: a home for this one purpose, gone afterwards with all that was typed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fieldkit.domain.checklist import Checklist
from fieldkit.domain.kinds import SITE_KINDS, site_id
from fieldkit.domain.records import Site
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _

from . import bookmarks, checklists, inspecting
from .bookmarks import STRAIGHT as STRAIGHT
from .sites import partition, site_body
from .workspace import Workspace


def chosen(ws: Workspace | None, ref: str) -> Checklist:
    """The checklist in a file, or the one of that id.

    Raises Problem for a file with errors (the first one's place) or an unknown id.
    """
    from fieldkit.library.load import find, load_file

    path = Path(ref).expanduser()
    if path.suffix.lower() in (".yaml", ".yml") or path.is_file():
        return load_file(path)
    return checklists.find(ws, ref) if ws is not None else find(ref)


@contextmanager
def preview_home(checklist: Checklist, mode: str = "open") -> Iterator[Path]:
    """A home in which an inspection with this list waits at a made-up site.

    Its keys and notes lie in the same folder; nothing reaches the person's own home.
    """
    with tempfile.TemporaryDirectory(prefix="fieldkit-preview-") as folder:
        state = os.environ.get("FIELDKIT_STATE")
        os.environ["FIELDKIT_STATE"] = str(Path(folder) / "state")
        try:
            home = Path(folder) / "home"
            with Workspace.open(home) as ws:
                site = _site(checklist)
                body = {**site_body(site), "over": []}
                ws.store.append([Draft("site.put", site.id, partition(site), body)])
                begun = inspecting.begin(ws, checklist, site.code, mode)
                bookmarks.remember(ws, STRAIGHT, begun.inspection.id)
            yield home
        finally:
            if state is None:
                os.environ.pop("FIELDKIT_STATE", None)
            else:
                os.environ["FIELDKIT_STATE"] = state


def _site(checklist: Checklist) -> Site:
    code = "PREVIEW"
    return Site(
        id=site_id(code),
        code=code,
        name=_("试填对象（不保存）"),
        kind=checklist.site_kinds[0] if checklist.site_kinds else SITE_KINDS[0],
        parent="",
        division="",
        grid="",
        address="",
        floor="",
        registered=None,
    )
