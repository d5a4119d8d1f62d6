"""Readings of the standing as a file: the shipped one, an office's own, and faults with places."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.domain.standing.basis import Basis
from fieldkit.errors import Problem
from fieldkit.library import standing
from fieldkit.library.folders import shipped
from fieldkit.library.lint import lint_paths

TEXT = (shipped() / "standing" / "default.yaml").read_text("utf-8")


def test_the_shipped_readings_are_the_defaults() -> None:
    """What DOMAIN §0 lists, and nothing to complain of."""
    assert standing.basis() == Basis()
    assert lint_paths([shipped() / "standing"]).errors == []


def test_an_office_writes_its_own(tmp_path: Path) -> None:
    """A copy with changes, found in the folder of the office before the shipped one."""
    (tmp_path / "standing").mkdir()
    own = tmp_path / "standing" / "default.yaml"
    own.write_text(TEXT.replace("yoy: diff", "yoy: rate").replace("weight: 40", "weight: 34")
                   .replace("weight: 30", "weight: 33"), "utf-8")  # fmt: skip
    found = standing.basis(extra=tmp_path)
    assert (found.yoy, [it.weight for it in found.indicators]) == ("rate", [34, 33, 33])
    assert standing.basis_in(own) == found


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("ties: competition", "ties: both", 12, "not-a-choice"),
        ("weight: 40", "weight: 41", 38, "standing-weights"),
        ("id: per10k,", "id: yoy,", 38, "standing-twice"),
        ("red_after: 2", "red_after: 3", 30, "standing-order"),
        ("measure: count, weight", "measure: column, weight", 38, "standing-column"),
        ("id: default", "id: other", 4, "file-name"),
        ("bottom: 2", "bottom: 2\n  colour: red", 29, "unknown-key"),
    ],
)
def test_each_fault_has_its_place(tmp_path: Path, old: str, new: str, line: int, code: str) -> None:
    """Line, column and code; the file is not used."""
    path = tmp_path / "default.yaml"
    assert old in TEXT
    path.write_text(TEXT.replace(old, new, 1), "utf-8")
    faults = lint_paths([path]).errors
    assert [(fault.line, fault.code) for fault in faults] == [(line, code)]
    with pytest.raises(Problem) as bad:
        standing.basis_in(path)
    assert bad.value.code == "bad-standing-file"
    assert bad.value.where.startswith(f"{path}:{line}:")


def test_readings_nobody_knows() -> None:
    """Those there are, are named."""
    with pytest.raises(Problem) as unknown:
        standing.basis("mine")
    assert (unknown.value.code, "default" in unknown.value.mend) == ("unknown-standing", True)
