"""``fieldkit checklist export``, what the lint says of cells, and which workbooks are ours."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fieldkit.cli import checklist_export, run
from fieldkit.cli import output as cli_output
from fieldkit.domain.checklist import Checklist
from fieldkit.errors import Problem
from fieldkit.library.lint import examine
from fieldkit.library.load import load_file
from fieldkit.library.normal import normalised
from fieldkit.library.workbook.faults import as_notes
from fieldkit.library.workbook.read import is_ours, read_workbook
from fieldkit.library.workbook.source import of_checklist, of_doc
from fieldkit.library.workbook.write import write_workbook

from .making import SHIPPED, author

COURIER = next(path for path in SHIPPED if path.stem == "courier-100")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T09:30:00+08:00")
    monkeypatch.setattr(cli_output.SETTINGS, "home", tmp_path / "home")
    assert run(["--home", str(tmp_path / "home"), "site", "list"]) == 0


def test_export_of_an_id_and_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both give the same workbook; the JSON names the file and the number of items."""
    for name, ref in (("a.xlsx", "courier-100"), ("b.XLSX", str(COURIER))):
        capsys.readouterr()
        checklist_export.export(ref, tmp_path / name, force=False, json=True)
        said = json.loads(capsys.readouterr().out)
        assert said == {"file": str(tmp_path / name), "items": 22}
        assert read_workbook(tmp_path / name).data == author(COURIER)
    assert not list(tmp_path.glob(".*.part"))


def test_export_never_overwrites_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An existing file stays as it is without --force, and where writing fails."""
    out = tmp_path / "a.xlsx"
    out.write_bytes(b"mine")
    with pytest.raises(Problem) as caught:
        checklist_export.export("courier-100", out, force=False, json=False)
    assert caught.value.code == "output-exists"
    assert out.read_bytes() == b"mine"
    with pytest.raises(Problem) as caught:
        checklist_export.export("nothing-like-it", out, force=True, json=False)
    assert caught.value.code == "unknown-checklist"
    assert out.read_bytes() == b"mine"
    checklist_export.export("courier-100", out, force=True, json=False)
    assert str(out) in capsys.readouterr().out
    assert is_ours(out)


@pytest.mark.parametrize(
    ("ref", "out", "code"),
    [
        ("courier-100", "a.csv", "workbook-type"),
        ("courier-100", "no/such/folder/a.xlsx", "workbook-write"),
        ("nowhere.yaml", "a.xlsx", "bad-checklist-file"),
    ],
)
def test_what_cannot_be_exported_is_a_sentence(
    ref: str, out: str, code: str, tmp_path: Path
) -> None:
    """Another type of file, a folder that is not there, a file that is not there."""
    with pytest.raises(Problem) as caught:
        checklist_export.export(ref, tmp_path / out, force=False, json=True)
    assert caught.value.code == code


def test_without_the_library_for_workbooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what to install."""
    real = builtins.__import__

    def missing(name: str, *args: Any, **more: Any) -> Any:
        if name == "openpyxl":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    for call in (
        lambda: write_workbook(author(COURIER), tmp_path / "a.xlsx"),
        lambda: read_workbook(tmp_path / "a.xlsx"),
    ):
        with pytest.raises(Problem) as caught:
            call()
        assert caught.value.code == "no-openpyxl"
        assert "fieldkit[office]" in caught.value.mend


def test_a_list_that_only_the_journal_holds(tmp_path: Path) -> None:
    """Without its file, the normalised form says what an author would have written."""
    checklist = load_file(COURIER)
    assert of_checklist(checklist) == author(COURIER)
    path = tmp_path / "courier-100.xlsx"
    write_workbook(of_doc(checklist.to_doc()), path)
    back = read_workbook(path)
    assert Checklist.from_doc(normalised(back.data)).digest == checklist.digest


def test_the_lint_speaks_of_cells(tmp_path: Path) -> None:
    """A fault that only the lint sees is said of the row and column that it came from."""
    path = tmp_path / "a.xlsx"
    write_workbook(author(COURIER), path)
    book = openpyxl.load_workbook(path)
    items, options = book["检查表"], book["选项"]
    header = {str(cell.value).split(" ")[-1]: cell.column_letter for cell in items[1]}
    items[f"{header['weight']}3"].value = 5000
    items[f"{header['source']}6"].value = "无此依据 3"
    items[f"{header['draw']}7"].value = -1
    options["D3"].value = "unseen"
    book["表头"]["B3"].value = "第一版"
    book["等次"]["C4"].value = 10
    book.save(path)
    back = read_workbook(path)
    assert back.not_supported == []
    again = tmp_path / "courier-100.yaml"
    again.write_text(back.yaml, "utf-8")
    notes = as_notes(back, examine(again).errors)
    places = {f"{note.sheet}!{note.column}{note.row or ''}": note.what for note in notes}
    assert "5000" in places[f"检查表!{header['weight']}3"]
    assert "无此依据" in places[f"检查表!{header['source']}6"]
    assert "draw" in places[f"检查表!{header['draw']}7"]
    assert "unseen" in places["选项!3"]
    assert "第一版" in places["表头!B3"]
    assert "0" in places["等次!"]


def test_which_workbooks_are_ours(tmp_path: Path) -> None:
    """Another workbook, a text and a folder are not."""
    write_workbook(author(COURIER), tmp_path / "a.xlsx")
    openpyxl.Workbook().save(tmp_path / "b.xlsx")
    (tmp_path / "c.xlsx").write_text("id,text\n")
    found = {name: is_ours(tmp_path / name) for name in ("a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx")}
    assert found == {"a.xlsx": True, "b.xlsx": False, "c.xlsx": False, "d.xlsx": False}
    assert not is_ours(tmp_path)
