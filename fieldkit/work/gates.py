"""Whether an inspection may still be written to, and whether it may be seen."""

from __future__ import annotations

from fieldkit.domain.records import Inspection
from fieldkit.errors import Refused
from fieldkit.store import inspections as store_inspections
from fieldkit.text.i18n import _

from .workspace import Workspace

PAIR = 2


def refuse_finished(inspection: Inspection) -> None:
    """Raise Refused ``inspection-finished`` where it is."""
    if inspection.state == "finished":
        raise Refused(
            "inspection-finished",
            _("这次检查已经办结，不能再改"),
            where=inspection.id[:8],
            mend=_("需要更正时写明理由重新打开（fieldkit inspect reopen）。"),
        )


def turned(ws: Workspace, inspection: Inspection) -> Inspection | None:
    """The open inspection that a covert one was turned into (DOMAIN §4.4)."""
    if inspection.mode != "covert":
        return None
    later = store_inspections.after(ws.store.db, inspection.id)
    return next((one for one in later if one.mode == "open" and not one.asks), None)


def refuse_turned(ws: Workspace, inspection: Inspection) -> None:
    """Raise Refused ``inspection-turned`` where a covert inspection went on openly."""
    opened = turned(ws, inspection)
    if opened is not None:
        raise Refused(
            "inspection-turned",
            _("这次暗访已转为明察 {id}，暗访记录已锁定").format(id=opened.id[:8]),
            where=inspection.id[:8],
            mend=_("请在明察记录里作答。"),
        )


def paired(ws: Workspace, inspection: Inspection) -> list[Inspection]:
    """All that belong to its pair, itself too: the same word at the same site, the oldest first."""
    if not inspection.pair:
        return []
    known = store_inspections.of_pair(ws.store.db, inspection.pair)
    return [one for one in known if one.site == inspection.site]


def is_sealed(both: list[Inspection]) -> bool:
    """Whether both records of a pair are here and finished."""
    return len(both) >= PAIR and all(one.state == "finished" for one in both)


def hidden(ws: Workspace, inspection: Inspection) -> bool:
    """Whether it is somebody else's record of a pair that is not sealed yet.

    Nothing of its answers and of what they come to may be shown until it is.
    """
    if not inspection.pair or inspection.device == ws.device.device:
        return False
    return not is_sealed(paired(ws, inspection))


def hidden_all(ws: Workspace) -> frozenset[str]:
    """The ids of all inspections of which ``hidden`` holds."""
    paired_ones = store_inspections.all_paired(ws.store.db)
    return frozenset(one.id for one in paired_ones if hidden(ws, one))


def refuse_hidden(ws: Workspace, inspection: Inspection) -> None:
    """Raise Refused ``pair-open`` where ``hidden`` says so."""
    if hidden(ws, inspection):
        raise Refused(
            "pair-open",
            _("这是双人背靠背检查的另一份记录，两份都办结后才能看"),
            where=inspection.id[:8],
            mend=_("请先办结自己的一份，并等另一份办结后送达。"),
        )


def refuse_closed(ws: Workspace, inspection: Inspection) -> None:
    """Raise Refused where no answer may be written any more, or not from here."""
    refuse_finished(inspection)
    refuse_turned(ws, inspection)
    refuse_hidden(ws, inspection)
