"""The register's files: encodings, headers, and cells that cannot be believed."""

from __future__ import annotations

import datetime
import io
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.errors import Problem
from fieldkit.work.register import HEADERS, read

HEAD = "kind,code,name\n"


def _write(tmp_path: Path, data: bytes | str, name: str = "r.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """The usual encodings of office software all give the same text."""
    text = "类别,编码,名称\r\nvillage,V1,杏坞村委会\r\n"
    register = read(_write(tmp_path, text.encode(encoding)))
    assert register.rejected == []
    assert register.rows[0].cells == {"kind": "village", "code": "V1", "name": "杏坞村委会"}
    assert register.rows[0].number == 2


def test_lost_characters_are_named_by_cell(tmp_path: Path) -> None:
    """Bytes of no encoding are refused where they stand."""
    register = read(_write(tmp_path, HEAD.encode() + b"village,V1,\xff\xfe\xff"))
    assert [(f.row, f.column) for f in register.rejected] == [(2, "name")]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("kind,code", {"name"}),
        ("", {"kind", "code", "name"}),
        ("kind,code,name,手机", {"手机"}),
        ("kind,code,name,编码", {"code"}),
    ],
)
def test_header_faults_are_row_one(tmp_path: Path, header: str, columns: set[str]) -> None:
    """Missing, unknown and double columns are told as faults of row 1."""
    register = read(_write(tmp_path, header + "\nvillage,V1,村\n"))
    assert {f.column for f in register.rejected} == columns
    assert {f.row for f in register.rejected} == {1}


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "＝1", '"\t1"', "a\u202eb", "a\x1b[2J", "x" * 201]
)
def test_dangerous_cells_are_refused(tmp_path: Path, cell: str) -> None:
    """Formulas, control characters and overlong text never enter."""
    register = read(_write(tmp_path, HEAD + f"village,V1,{cell}\n"))
    assert [(f.row, f.column) for f in register.rejected] == [(2, "name")]


def test_a_basement_is_no_formula(tmp_path: Path) -> None:
    """Floor -1 is a floor."""
    register = read(_write(tmp_path, "kind,code,name,floor\ndoor,D1,负101,-1\n"))
    assert register.rejected == []


def test_blank_rows_count_but_say_nothing(tmp_path: Path) -> None:
    """Numbers are those that a spreadsheet shows."""
    register = read(_write(tmp_path, HEAD + "\n,,\nvillage,V1,村\n"))
    assert [row.number for row in register.rows] == [4]


def test_an_open_quote_is_told(tmp_path: Path) -> None:
    """A quote that never closes is a fault of its row."""
    register = read(_write(tmp_path, HEAD + 'village,V1,"村\n'))
    assert [f.row for f in register.rejected] == [2]


@pytest.mark.parametrize("data", [b"PK\x03\x04junk", b"\xd0\xcf\x11\xe0old", b"\x89PNG\x00"])
def test_what_is_no_table_is_a_problem(tmp_path: Path, data: bytes) -> None:
    """A damaged workbook, an old one and a binary are refused in one sentence."""
    with pytest.raises(Problem):
        read(_write(tmp_path, data))


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    """No such file: what, where, the mend."""
    with pytest.raises(Problem) as caught:
        read(tmp_path / "none.csv")
    assert caught.value.exit_code == 2


def test_workbook_cells(tmp_path: Path) -> None:
    """Numbers come as written; formulas, dates and long numbers are refused by cell."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["类别", "编码", "名称", "区划", "户籍"])
    sheet.append(["village", 990100000001, "澜渡社区", 990100000001, None])
    sheet.append(["door", "D1", "=1+1", None, True])
    sheet.append(["door", datetime.date(2026, 3, 1), "2栋", None, 1])
    sheet.append(["door", 1234567890123456789, "3栋", None, 1.5])
    path = tmp_path / "r.xlsx"
    book.save(path)
    register = read(path)
    assert register.rows[0].cells["code"] == "990100000001"
    assert register.rows[1].cells["registered"] == "1"
    assert [(f.row, f.column) for f in register.rejected] == [(3, "name"), (4, "code"), (5, "code")]


def test_a_workbook_that_unpacks_too_far_is_refused(tmp_path: Path) -> None:
    """A zip bomb is weighed before it is opened."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    with pytest.raises(Problem) as caught:
        read(_write(tmp_path, raw.getvalue(), "bomb.xlsx"))
    assert caught.value.code == "register-bomb"


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Whatever the file holds: a register, its faults, or one Problem."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(data)
        try:
            register = read(path)
        except Problem:
            return
        assert register.rejected or set(register.columns) <= set(HEADERS)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=5))
def test_what_is_kept_is_clean(rows: list[list[str]]) -> None:
    """No cell that gets through starts like a formula or holds a control character."""
    import csv

    from fieldkit.text.plain import first_control

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            csv.writer(stream).writerows([["kind", "code", "name"], *rows])
        register = read(path)
    bad = {(fault.row, fault.column) for fault in register.rejected}
    for row in register.rows:
        for column, cell in row.cells.items():
            if (row.number, column) not in bad:
                assert first_control(cell) is None
                assert cell[:1] not in tuple("=+-@")
