"""A merge taken back, and in again, without touching any other (DESIGN, invariant 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from fieldkit.errors import Problem, Refused
from fieldkit.store import merges
from fieldkit.store.merges import MergeState
from fieldkit.store.open import transaction
from fieldkit.store.store import Draft
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from . import offices
from .notes import checked_note
from .workspace import Workspace

NOTE_LIMIT = 200


class Turned(NamedTuple):
    """A merge after it was taken back or in again, and how many events that changed."""

    merge: MergeState
    events: int


def listing(ws: Workspace) -> list[MergeState]:
    """Every merge of this office, the latest first."""
    offices.load(ws)
    return merges.states(ws.store.db)


def undo(ws: Workspace, ref: str, note: str = "") -> Turned:
    """Take a merge back: what it alone brought says nothing any more, though nothing is deleted.

    Raises Problem for an unknown merge or a note that may not be kept, Refused if it is taken
    back already.
    """
    return _turn(ws, ref, note, undone=True)


def redo(ws: Workspace, ref: str, note: str = "") -> Turned:
    """Take a merge in again. Raises Problem as ``undo``, Refused if it is in force."""
    return _turn(ws, ref, note, undone=False)


def _turn(ws: Workspace, ref: str, note: str, *, undone: bool) -> Turned:
    offices.load(ws)
    kept = checked_note(note, NOTE_LIMIT)
    found = find(ws, ref)
    if found.undone == undone:
        raise Refused(
            "merge-already",
            _("这次合并已经撤回了") if undone else _("这次合并没有撤回过，正在生效"),
            where=found.id,
            mend=_("用 fieldkit office merges 查看。"),
        )
    store, changed = ws.store, []

    def drafts(_db: object) -> list[Draft]:
        # In one transaction: what is done and the word of it are one.
        if undone:
            changed.append(merges.undo(store.db, found.id, store.device))
        else:
            changed.append(merges.redo(store.db, found.id))
        body = {"merge": found.id, "events": changed[-1], "note": kept}
        kind = "merge.undone" if undone else "merge.redone"
        return [Draft(kind, found.id.ljust(32, "0"), "", body)]

    store.append(drafts)
    return Turned(find(ws, found.id), changed[-1])


def find(ws: Workspace, ref: str) -> MergeState:
    """The one merge of that id or unambiguous start of an id. Raises Problem."""
    wanted = folded(ref).lower()
    found = merges.by_prefix(ws.store.db, wanted) if wanted else []
    state = merges.state(ws.store.db, found[0]) if len(found) == 1 else None
    if state is None:
        raise Problem(
            "ambiguous-merge" if found else "unknown-merge",
            _("编号以“{ref}”开头的合并有 {n} 次").format(ref=shown(ref)[:64], n=len(found)),
            mend=_("用 fieldkit office merges 查看。"),
        )
    return state


def begin(ws: Workspace, merge: str) -> None:
    """Remember that a merge began, so that whatever it takes in can be taken back."""
    with transaction(ws.store.db):
        merges.begin(ws.store.db, merge, ws.now().isoformat(timespec="seconds"))


def again(ws: Workspace, merge: str, files: Sequence[str]) -> None:
    """Files came again that were taken in before: what they hold stands by this merge as well."""
    if not files:
        return
    with transaction(ws.store.db):
        for sha256 in files:
            merges.note_known(ws.store.db, merge, sha256)
