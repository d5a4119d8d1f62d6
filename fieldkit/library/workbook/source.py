"""Where the data of a checklist comes from: the author's file, or the normalised form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fieldkit.domain.checklist import Checklist
from fieldkit.errors import Problem
from fieldkit.library import folders, load
from fieldkit.library.lint import examine

Data = dict[str, Any]


def of_file(path: Path) -> Data:
    """The plain data of a checklist file. Raises Problem ``bad-checklist-file`` for a bad one."""
    load.load_file(path)
    found = examine(path).data
    if found is None:  # pragma: no cover - load_file has refused such a file
        raise Problem("bad-checklist-file", str(path))
    return found


def of_checklist(checklist: Checklist) -> Data:
    """The author's data of a list: from the file that it was read from, where that is here, else
    what its normalised form says."""
    for folder in folders.search_path(None):
        for path in folders.files(folder):
            try:
                if load.load_file(path).digest == checklist.digest:
                    return of_file(path)
            except Problem:
                # A broken file is no list at all; it hides no other.
                continue
    return of_doc(checklist.to_doc())


def of_doc(doc: Mapping[str, Any]) -> Data:
    """What an author would have written for a normalised form; empty values are left out."""
    found = {name: value for name, value in doc.items() if name != "v"}
    found["sections"] = [_items(section) for section in found.get("sections", [])]
    if "lists" in found:
        found["lists"] = {
            name: [_given({**_given(row, "columns"), **row.get("columns", {})}) for row in rows]
            for name, rows in found["lists"].items()
        }
    return _given(found)


def _items(record: Mapping[str, Any]) -> Data:
    found = dict(record)
    condition = found.pop("required_if", "")
    if condition:
        found["required"] = condition
    found = _given(found)
    if "items" in record:
        found["items"] = [_items(item) for item in record["items"]]
    return found


def _given(record: Mapping[str, Any], *without: str) -> Data:
    kept = {name: value for name, value in record.items() if name not in without}
    return {name: value for name, value in kept.items() if value not in ("", [], {}, ())}
