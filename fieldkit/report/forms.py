"""Rows of forms: a label and its box, twice in a row or once across."""

from __future__ import annotations

from fieldkit.report.paper import FormCell, FormRow, Text


def pair(label: str, value: Text, other: str, said: Text, height: int = 8) -> FormRow:
    """Two labels with a box each, over four columns."""
    cells = [FormCell(label, style="head"), FormCell(value)]
    return FormRow([*cells, FormCell(other, style="head"), FormCell(said)], height=height)


def wide(label: str, value: Text, height: int = 8, *, keep: bool = False) -> FormRow:
    """One label with a box across the other three columns."""
    cells = [FormCell(label, style="head"), FormCell(value, span=3)]
    return FormRow(cells, height=height, keep=keep)
