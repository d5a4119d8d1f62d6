"""A covert visit that goes on openly: a new record, the covert one locked (DOMAIN §4.4)."""

from __future__ import annotations

from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Refused
from fieldkit.text.i18n import _

from . import checklists, inspecting
from .gates import refuse_hidden, refuse_turned
from .gates import turned as turned
from .sheets import find
from .workspace import Workspace


def turn_open(ws: Workspace, ref: str) -> Sheet:
    """Begin an open inspection of the same site with the same list; gives its sheet.

    The covert one stays as it is and takes no more answers; it may still be finished. Raises
    Refused ``not-covert`` or ``inspection-turned``, Problem as `sheets.find`.
    """
    inspection = find(ws, ref)
    if inspection.mode != "covert":
        raise Refused(
            "not-covert",
            _("这次检查不是暗访，不用转为明察"),
            where=inspection.id[:8],
        )
    refuse_hidden(ws, inspection)
    refuse_turned(ws, inspection)
    return inspecting.begin(
        ws,
        checklists.by_digest(ws, inspection.checklist),
        inspection.site,
        "open",
        inspection.nature,
        inspecting.Link(prior=inspection.id),
    )
