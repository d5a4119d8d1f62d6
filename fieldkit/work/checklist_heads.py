"""Which checklists a workspace knows, without reading them: for a list of lists."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from fieldkit.errors import Problem
from fieldkit.library import folders
from fieldkit.library.kept import Kept, bytes_of
from fieldkit.store import checklists as store_checklists
from fieldkit.store.mark import state_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from fieldkit.domain.head import Head

    from .workspace import Workspace


def heads(ws: Workspace) -> list[Head]:
    """The heads of ``checklists.listing``: of the library's lists, else of the journal's."""
    kept = Kept(state_folder() / "lists")
    shipped: dict[str, Head] = {}
    for folder in folders.search_path(None):
        for path in folders.files(folder):
            # A broken file stops nothing; `checklist lint` tells of it.
            with suppress(Problem):
                head = _of_file(kept, path)
                shipped.setdefault(head.id, head)
    held = [
        digest for digest, name in store_checklists.ids(ws.store.db).items() if name not in shipped
    ]
    found = {head.id: head for head in _of_journal(ws, held)} if held else {}
    return sorted([*shipped.values(), *found.values()], key=lambda head: head.id)


def _of_file(kept: Kept, path: Path) -> Head:
    raw = bytes_of(path)
    head = kept.head(raw) if raw else None
    if head is None:
        from fieldkit.library.load import through

        head = through(kept, path).head
    return head


def _of_journal(ws: Workspace, digests: Iterable[str]) -> Iterator[Head]:
    # Only where there is one: most homes hold nothing that the library lacks.
    from fieldkit.domain.checklist import Checklist

    for digest in digests:
        doc = store_checklists.doc(ws.store.db, digest)
        # A list of a newer version cannot be read here; it hides nothing else.
        with suppress(Problem):
            if doc is not None:
                yield Checklist.from_doc(doc).head
