"""The places that the work is about: found, listed, taken in from a register, struck off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fieldkit.domain.records import Site

from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class Rejection:
    """One cell of a register that cannot be taken in; rows count from 1 (the header)."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do; with any rejection it did nothing."""

    created: int
    updated: int
    unchanged: int
    rejected: tuple[Rejection, ...]


def import_register(ws: Workspace, path: Path, dry_run: bool = False) -> Imported:
    """Take a register (.csv or .xlsx) in, whole or not at all."""
    raise NotImplementedError


def listing(
    ws: Workspace, kinds: Sequence[str] | None = None, within: str | None = None
) -> list[Site]:
    """Sites in natural order of their codes."""
    raise NotImplementedError


def find(ws: Workspace, ref: str) -> Site:
    """The one site of that id, code or unambiguous start of an id."""
    raise NotImplementedError


def children(ws: Workspace, ref: str) -> list[Site]:
    """The sites directly under one."""
    raise NotImplementedError


def remove(ws: Workspace, ref: str, reason: str, note: str = "") -> Site:
    """Strike a site off the count (核减), with the reason."""
    raise NotImplementedError
