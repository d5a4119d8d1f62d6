"""Texts that the privacy guard held back: what waits for somebody to look, and the decision."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

from fieldkit.errors import Problem
from fieldkit.store import held
from fieldkit.store import sites as store_sites
from fieldkit.store.store import Draft
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded, shown
from fieldkit.text.privacy import rewritten

from .workspace import Workspace, home_time

VERDICTS = {"release": N_("没有问题，照原样显示"), "hide": N_("隐去")}


class Waiting(NamedTuple):
    """One held text, as a reviewer needs it; ``why`` is told in words, ``without`` leaves out
    whatever was found, ``place`` is where it stands."""

    ref: str
    kind: str
    slot: str
    place: str
    device: str
    at: str
    why: tuple[str, ...]
    text: str
    without: str
    verdict: str


def waiting(ws: Workspace, *, decided: bool = False) -> list[Waiting]:
    """The texts that nobody has decided on, the oldest first; with ``decided`` the others too."""
    found = [_told(ws, one) for one in _texts(ws) if decided or not one.verdict]
    return sorted(found, key=lambda one: (one.at, one.ref))


def _texts(ws: Workspace) -> list[held.HeldText]:
    """The held texts, read once for as long as nothing changes: every note is looked through."""
    stamp = ws.store.stamp()
    kept = _KEPT.get(ws)
    if kept is None or kept[0] != stamp:
        kept = _KEPT[ws] = (stamp, list(held.texts(ws.store.db)))
    return kept[1]


_KEPT: WeakKeyDictionary[Workspace, tuple[tuple[int, int], list[held.HeldText]]] = (
    WeakKeyDictionary()
)


def decide(ws: Workspace, ref: str, verdict: str) -> Waiting:
    """Release a text or hide it for good, by event; a later decision takes an earlier one's place.

    Raises Problem for an unknown text or word.
    """
    if verdict not in VERDICTS:
        raise Problem(
            "unknown-verdict",
            _("没有“{word}”这种决定").format(word=shown(verdict)[:40]),
            mend=_("可用：{words}。").format(words=" ".join(VERDICTS)),
        )
    wanted = folded(ref).lower()
    known = [one for one in held.texts(ws.store.db) if wanted and _ref(one).startswith(wanted)]
    if len(known) != 1:
        raise Problem(
            "ambiguous-text" if known else "unknown-text",
            _("编号以“{ref}”开头的待审文字有 {n} 处").format(ref=shown(ref)[:40], n=len(known)),
            mend=_("用 fieldkit office review 查看。"),
        )
    one = known[0]
    body = {"event": one.event, "slot": one.slot, "verdict": verdict}
    ws.store.append([Draft("text.reviewed", one.event[:32], "", body)])
    return _told(ws, one._replace(verdict=verdict))


def _ref(one: held.HeldText) -> str:
    return f"{one.event[:12]}-{one.slot}"


def _told(ws: Workspace, one: held.HeldText) -> Waiting:
    site = store_sites.get(ws.store.db, one.entity)
    return Waiting(
        ref=_ref(one),
        kind=one.kind,
        slot=one.slot,
        place=site.name if site is not None else one.entity[:8],
        device=one.device,
        at=home_time(one.hlc),
        why=tuple(dict.fromkeys(_(leak.label) for leak in one.found)),
        text=one.text,
        without=rewritten(one.text),
        verdict=one.verdict,
    )
