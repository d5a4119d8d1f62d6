"""Out to a workbook and back: nothing changes, also not in a spreadsheet program."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from fieldkit.library.folders import schema
from fieldkit.library.lint import examine
from fieldkit.library.normal import normalised
from fieldkit.library.workbook.layout import HEAD_COLUMNS, VOCABULARY
from fieldkit.library.workbook.read import read_workbook
from fieldkit.library.workbook.write import write_workbook

from .making import NASTY, SHIPPED, author, checklists

SOFFICE = shutil.which("soffice")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=checklists)
def test_whatever_the_format_knows_comes_back(
    data: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Data with every key of both formats and some of later ones, in any combination."""
    path = tmp_path_factory.mktemp("round") / "list.xlsx"
    written = write_workbook(data, path)
    back = read_workbook(path)
    assert back.data == data
    assert back.items == written


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.stem))
def test_the_shipped_lists_come_back(path: Path, tmp_path: Path) -> None:
    """The data, the normalised form and the YAML's own data are the same; nothing is noted."""
    data = author(path)
    write_workbook(data, tmp_path / "list.xlsx")
    back = read_workbook(tmp_path / "list.xlsx")
    assert back.not_supported == []
    assert back.data == data
    again = tmp_path / path.name
    again.write_text(back.yaml, "utf-8")
    before, after = examine(path), examine(again)
    if before.data is not None:
        assert after.data is not None
        assert normalised(after.data) == normalised(before.data)


def every_key() -> dict[str, Any]:
    """One list that uses all there is, with the nastiest texts in every kind of cell."""
    options = [
        {"id": f"{n:03}", "title": text.strip(), "translations": {"en": {"title": f"={n}"}}}
        for n, text in enumerate(NASTY)
        if text.isprintable()
    ]
    rows = [
        {"id": name, "title": name, "county": county, "verdict": "pass"}
        for name, county in (("001", "-1"), ("1e3", "=A1"), ("2026-11-22", "3"), ("TRUE", "@x"))
    ]
    inner = {
        "id": "size", "type": "number", "text": "=1+1", "params": {"places": 2, "unit": "m2"},
        "constraint": ". > 0 and\n. < 9", "message": "+1", "default": 12, "required": "${a} = 'x'",
    }  # fmt: skip
    items: list[dict[str, Any]] = [
        {"id": "001", "type": "choice", "text": "选", "params": {"options": options},
         "required": False, "critical": True, "effect": "refer", "phrases": ["=1", "-", "5.0"]},
        {"id": "town", "type": "choice", "text": "镇", "params": {"list": "towns", "filter": "x"}},
        {"id": "rooms", "type": "repeat", "text": "房", "count": "${size}", "default": "12",
         "params": {"least": 1, "most": 9},
         "items": [
             {"id": "g", "type": "group", "text": "组", "relevant": "= 1", "items": [inner]}]},
        {"id": "sum", "type": "calculated", "text": "合计", "calculate": "sum(${size})",
         "read_only": True, "newer": {"a": [1, "二", None]}},
    ]  # fmt: skip
    many = [
        {"id": f"n{n}", "type": "text", "text": text.strip(), "criterion": text.strip()}
        for n, text in enumerate(NASTY)
        if text.strip().replace("\n", "").replace("\t", "").isprintable() and text.strip()
    ]
    return {
        "id": "1e3", "version": "2026.10", "title": "=1+1", "kind": "record", "cadence": "yearly",
        "language": "zh", "site_kinds": ["unit", "door"], "translations": {"en": {"title": "-5"}},
        "grades": [{"id": "on", "title": "2026-11-22", "at_least": 0}],
        "sources": {"001": "017", "1e3": "=A1"},
        "lists": {"towns": rows, "far": {"file": "far.csv"}},
        "sections": [
            {"id": "s", "title": "TRUE", "relevant": "1", "items": items,
             "translations": {"en": {"title": "+x"}}},
            {"id": "t", "title": "t", "items": many},
        ],
    }  # fmt: skip


def test_one_list_of_everything_comes_back(tmp_path: Path) -> None:
    """The list that goes through the spreadsheet program below goes through by itself."""
    write_workbook(every_key(), tmp_path / "list.xlsx")
    back = read_workbook(tmp_path / "list.xlsx")
    assert back.not_supported == []
    assert back.data == every_key()


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_changes_nothing(tmp_path: Path) -> None:
    """Saved anew as .xlsx, and through .ods and back, by a real spreadsheet program."""
    write_workbook(every_key(), tmp_path / "every.xlsx")
    write_workbook(author(SHIPPED[0]), tmp_path / "shipped.xlsx")
    wanted = {"every": every_key(), "shipped": author(SHIPPED[0])}
    again = convert(tmp_path, "xlsx", "again", [tmp_path / f"{name}.xlsx" for name in wanted])
    ods = convert(tmp_path, "ods", "ods", again)
    back = convert(tmp_path, "xlsx", "back", ods)
    for path in [*again, *back]:
        found = read_workbook(path)
        assert found.not_supported == []
        assert found.data == wanted[path.stem]


def convert(folder: Path, kind: str, name: str, paths: list[Path]) -> list[Path]:
    """The files as LibreOffice saves them, with a profile of its own."""
    out = folder / name
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(out),
        *map(str, paths),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return [out / f"{path.stem}.{kind}" for path in paths]


def test_the_file_says_nothing_of_its_user(tmp_path: Path) -> None:
    """No macros, no formulas, no names; the header stays in view; words have drop-downs."""
    write_workbook(every_key(), tmp_path / "list.xlsx")
    with zipfile.ZipFile(tmp_path / "list.xlsx") as archive:
        names = archive.namelist()
        properties = archive.read("docProps/core.xml").decode()
        sheets = [archive.read(name).decode() for name in names if "worksheets/" in name]
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
    assert re.findall(r"<dc:creator[^>]*>([^<]*)<", properties) == ["fieldkit"]
    assert "lastModifiedBy" not in properties
    assert not any("<f>" in text or "<f " in text for text in sheets)
    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    assert book.sheetnames == ["检查表", "选项", "表头", "等次", "依据", "词表"]
    assert all(sheet.freeze_panes for sheet in book.worksheets)
    rules = book["检查表"].data_validations.dataValidation
    assert {str(rule.sqref)[0] for rule in rules} >= {"A", "E", "G"}


def test_the_words_are_those_of_the_schema() -> None:
    """Every closed list of the schema has its Chinese words here."""
    found: dict[str, set[str]] = {}
    pending: list[Any] = [schema()]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            for name, inner in part.items():
                if isinstance(inner, dict) and name != "items":
                    values = inner.get("enum") or inner.get("items", {}).get("enum", ())
                    found.setdefault(name, set()).update(map(str, values))
            pending += part.values()
        elif isinstance(part, list):
            pending += part
    found["effect"] = found.get("effect", set()) | found.pop("critical_effect")
    for name, values in found.items():
        assert values <= set(VOCABULARY.get(name, ())), name


def test_the_keys_are_those_of_the_schema() -> None:
    """Every key of the whole list has a row or a sheet of its own."""
    sheets = {"translations", "grades", "sources", "lists", "sections"}
    assert set(schema()["properties"]) <= {column.key for column in HEAD_COLUMNS} | sheets
