"""The command: YAML to stdout or a file, the report beside it, one JSON document for scripts."""

from __future__ import annotations

import json as json_
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from fieldkit.cli.checklist_import import import_
from fieldkit.errors import Problem

from .forms import saved, sheets

FORM = "survey|type|name|label\n|text|q|问题\n|image|p|照片"


@pytest.fixture
def app() -> typer.Typer:
    found = typer.Typer()
    found.command("import")(import_)
    return found


@pytest.fixture
def form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-22T08:00:00+08:00")
    return saved(sheets(FORM), tmp_path / "form.xlsx")


def test_yaml_to_stdout_and_the_report_beside_it(app: typer.Typer, form: Path) -> None:
    done = CliRunner().invoke(app, [str(form)])
    assert done.exit_code == 0
    assert done.stdout.startswith("# yaml-language-server: $schema=schema/checklist.schema.json\n")
    assert 'version: "2026.11"' in done.stdout
    assert "拍照题" not in done.stdout
    assert "拍照题" in done.stderr


def test_a_file_is_written_whole_and_never_over_another(
    app: typer.Typer, form: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "form.yaml"
    done = CliRunner().invoke(app, [str(form), "-o", str(out), "--json"])
    assert json_.loads(done.stdout) == {
        "output": str(out),
        "items": 2,
        "not_supported": [
            {
                "sheet": "survey",
                "row": 3,
                "column": "type",
                "what": "拍照题没有对应的题型，改为文字题，佐证里写了“照片”。",
            }
        ],
    }
    first = out.read_bytes()
    again = CliRunner().invoke(app, [str(form), "-o", str(out)])
    assert isinstance(again.exception, Problem)
    assert again.exception.code == "output-exists"
    out.write_text("other")
    assert CliRunner().invoke(app, [str(form), "-o", str(out), "--force"]).exit_code == 0
    assert out.read_bytes() == first


def test_json_without_a_file_holds_the_yaml(app: typer.Typer, form: Path) -> None:
    data = json_.loads(CliRunner().invoke(app, [str(form), "--json"]).stdout)
    assert data["output"] is None
    assert data["yaml"].startswith("# yaml-language-server")


def test_a_folder_that_cannot_be_written(app: typer.Typer, form: Path) -> None:
    done = CliRunner().invoke(app, [str(form), "-o", str(form / "x.yaml")])
    assert isinstance(done.exception, Problem)


def test_a_workbook_of_our_own_is_read_as_such(tmp_path: Path) -> None:
    from fieldkit.library import xlsform
    from fieldkit.library.workbook.read import read_workbook

    from .forms import NOW

    path = saved({"检查表": [["编号"], ["x"]]}, tmp_path / "f.xlsx")
    found = xlsform.convert(path, NOW)
    assert found.data == read_workbook(path).data
    assert found.yaml == read_workbook(path).yaml
    assert all(isinstance(note, xlsform.Note) for note in found.not_supported)
