"""The dashboard as one document of plain values, and as a page that says nothing else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from fieldkit.work import dashboard as work
from fieldkit.work import dashboard_places
from fieldkit.work.dashboard import Dashboard, Row
from fieldkit.work.dashboard_places import Place
from fieldkit.work.workspace import Workspace

from .outputs import checked

Json = dict[str, Any]


def document(ws: Workspace, within: str | None = None, *, whole: bool = True) -> Json:
    """All numbers of the dashboard; with ``whole`` the coverage map and the drill-down too.

    Raises Problem for an unknown place or a door.
    """
    found = work.read(ws, within)
    told = _summed(found)
    told["demo"] = ws.is_demo
    if whole:
        told["map"] = [strip._asdict() for strip in dashboard_places.heat(ws, within)]
        told["drill"] = [
            {
                "village": one.code,
                "left_out": one.left_out,
                "places": [_place(place) for place in one.places],
            }
            for one in dashboard_places.drill(ws, within)
        ]
    return told


def page(ws: Workspace, out: Path, within: str | None = None) -> tuple[Path, Json]:
    """Write the dashboard as one .html file; gives the file and what stands in it.

    Raises Problem for another file type, an unknown place or a door, or where the file cannot be
    written.
    """
    path, _suffix = checked(out, (".html",))
    from fieldkit.report import dashboard as report
    from fieldkit.report.docx import save_atomically

    told = document(ws, within)
    save_atomically(path, report.html(told, ws.now()))
    return path, told


def _summed(found: Dashboard) -> Json:
    return {
        "day": found.day,
        "within": found.within,
        "totals": _row(found.totals),
        "villages": [_row(row) for row in found.villages],
        "worst_first": {
            measure: [row.code for row in work.worst_first(found.villages, measure)]
            for measure in work.MEASURES
        },
        "checklists": [{**row._asdict(), "mean": _exact(row.mean)} for row in found.checklists],
        "weeks": [
            {
                "monday": week.monday,
                "visits": week.visits,
                "delivery": _exact(week.delivery_rate, week.delivered, found.totals.registered),
                "face_to_face": _exact(
                    week.face_to_face_rate, week.met, found.totals.doors - found.totals.removed
                ),
                "inspections": week.inspections,
            }
            for week in found.weeks
        ],
        "worst": [_place(place) for place in found.worst],
        "inspected": found.inspected,
    }


def _row(row: Row) -> Json:
    return {
        **row._asdict(),
        "mean": _exact(row.mean),
        "delivery": _exact(row.delivery_rate, row.delivered, row.registered),
        "face_to_face": _exact(row.face_to_face_rate, row.met, row.doors - row.removed),
        "sweeps": _exact(row.sweep_rate, row.swept, row.buildings),
    }


def _place(place: Place) -> Json:
    return {
        **place._asdict(),
        "ratio": _exact(place.ratio),
        "veto": list(place.veto),
        "failed": [{**one._asdict(), "evidence": list(one.evidence)} for one in place.failed],
    }


def _exact(rate: Fraction | None, part: int | None = None, of: int | None = None) -> Json | None:
    """A rate with what it is made of, so that nobody has to trust a rounded number."""
    if rate is None:
        return None
    if part is None or of is None:
        part, of = rate.numerator, rate.denominator
    return {"part": part, "of": of, "rate": float(rate)}
