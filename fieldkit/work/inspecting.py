"""Inspections: begun, answered item by item, finished; each answer durable when told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from fieldkit.domain.checklist import Checklist
from fieldkit.domain.records import Finding, Inspection, Site
from fieldkit.domain.sheet import Sheet

from .workspace import Workspace

MODES = ("open", "covert", "self", "reinspection")
NATURES = ("supervision", "assessment", "guidance", "joint", "referral")


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """One inspection in a list: what it is, how far it is, and what it came to."""

    inspection: Inspection
    site: Site
    checklist: Checklist
    answered: int
    total: int
    points: Fraction | None
    max_points: Fraction | None
    grade: str
    grade_title: str
    veto: tuple[str, ...]


def start(
    ws: Workspace,
    checklist_id: str,
    site_ref: str,
    mode: str = "open",
    nature: str | None = None,
) -> Sheet:
    """Begin an inspection of a site with a checklist; the checklist is kept with it."""
    raise NotImplementedError


def sheet(ws: Workspace, ref: str) -> Sheet:
    """One inspection with its checklist, answers and score; ``ref`` is an id or its start."""
    raise NotImplementedError


def answer(
    ws: Workspace,
    ref: str,
    item_id: str,
    typed: str,
    note: str = "",
    evidence: Sequence[Path] = (),
) -> Sheet:
    """Answer one item; on disk when this returns."""
    raise NotImplementedError


def finish(ws: Workspace, ref: str) -> tuple[Sheet, list[Finding]]:
    """Close the inspection and open one finding for each failed item."""
    raise NotImplementedError


def listing(ws: Workspace) -> list[InspectionRow]:
    """Every inspection, the newest first."""
    raise NotImplementedError
