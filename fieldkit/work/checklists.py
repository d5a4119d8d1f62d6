"""The checklists a workspace knows: the library's, and those its inspections brought along."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from fieldkit.domain.checklist import Checklist
from fieldkit.errors import Problem
from fieldkit.store import checklists as store_checklists
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown

from .workspace import Workspace

if TYPE_CHECKING:
    from fieldkit.store.store import Draft

_READ: dict[tuple[str, str], Checklist] = {}
_MOST_READ = 32
"""Lists that are kept read, the oldest forgotten first."""


def listing(ws: Workspace) -> list[Checklist]:
    """Every checklist by id: the library's version, else the one the journal holds."""
    from fieldkit.library.kept import Kept
    from fieldkit.library.load import catalogue
    from fieldkit.store.mark import state_folder

    lists = catalogue(None, kept=Kept(state_folder() / "lists"))
    shipped = {checklist.id: checklist for checklist in lists}
    found = {checklist.id: checklist for checklist in _kept(ws, but=shipped)} | shipped
    return sorted(found.values(), key=lambda checklist: checklist.id)


def find(ws: Workspace, ref: str) -> Checklist:
    """A checklist by id, unambiguous start of an id, or digest; the library comes first.

    Raises Problem ``unknown-checklist`` or ``ambiguous-checklist``.
    """
    wanted = folded(ref)
    known = listing(ws)
    exact = [checklist for checklist in known if checklist.id == wanted]
    near = [checklist for checklist in known if wanted and checklist.id.startswith(wanted)]
    if not exact and not near and len(wanted) >= 8:
        everyone = [*known, *_kept(ws)]
        by_digest = {c.digest: c for c in everyone if c.digest.startswith(wanted.lower())}
        near = list(by_digest.values())
    chosen = exact or near
    if len(chosen) == 1:
        return chosen[0]
    names = " ".join(shown(checklist.id) for checklist in near or known)
    if near:
        raise Problem(
            "ambiguous-checklist",
            _("“{ref}”对应多张检查表：{names}").format(ref=shown(ref)[:64], names=names),
            mend=_("请写完整编号。"),
        )
    _tell_broken(wanted)
    raise Problem(
        "unknown-checklist",
        _("没有编号为“{ref}”的检查表").format(ref=shown(ref)[:64]),
        mend=_("可用：{names}。").format(names=names),
    )


def by_digest(ws: Workspace, digest: str) -> Checklist:
    """The very version that an inspection was begun with.

    Raises Problem ``checklist-missing`` when neither journal nor library holds it.
    """
    place = (str(ws.home), digest)
    if place in _READ:
        return _READ[place]
    doc = store_checklists.doc(ws.store.db, digest)
    if doc is not None:
        # Nothing that is in the journal ever goes, and a digest means one document.
        found = _READ[place] = Checklist.from_doc(doc)
        while len(_READ) > _MOST_READ:
            del _READ[next(iter(_READ))]
        return found
    for checklist in listing(ws):
        if checklist.digest == digest:
            return checklist
    raise Problem(
        "checklist-missing",
        _("本机没有这次检查所用的检查表版本 {digest}").format(digest=shown(digest)[:12]),
        mend=_("请向开始检查的设备索取数据包后再合并。"),
    )


def keeping(ws: Workspace, checklist: Checklist) -> list[Draft]:
    """What puts a checklist into the journal; nothing where it is there.

    Raises Problem ``checklist-too-large``.
    """
    if store_checklists.doc(ws.store.db, checklist.digest) is not None:
        return []
    from fieldkit.domain.packing import pack
    from fieldkit.store.store import Draft

    try:
        doc = pack(checklist.to_doc())
    except ValueError as error:
        raise Problem(
            "checklist-too-large",
            _("《{title}》太大，记不下来").format(title=shown(checklist.title)),
            mend=_("请拆成几张检查表。"),
        ) from error
    body = {"digest": checklist.digest, "doc": doc}
    return [Draft("checklist.put", checklist.digest[:32], "", body)]


def _tell_broken(checklist_id: str) -> None:
    """Raise the Problem of the library's file of that name, where it is there but broken."""
    from pathlib import Path

    from fieldkit.library.load import catalogue

    rejected: list[Problem] = []
    catalogue(None, rejected)
    for problem in rejected:
        if Path(problem.where.rsplit(":", 2)[0]).stem == checklist_id:
            raise problem


def _kept(ws: Workspace, but: Collection[str] = ()) -> list[Checklist]:
    """The lists in the journal, without those of these ids."""
    kept = []
    for doc in store_checklists.all(ws.store.db):
        # A list of a newer version cannot be read here; it hides nothing else.
        with suppress(Problem):
            if doc.get("id") not in but:
                kept.append(Checklist.from_doc(doc))
    return kept
