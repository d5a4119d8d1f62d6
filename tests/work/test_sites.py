"""The register taken in: whole or not at all, twice without a change, nonsense refused."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit.domain.kinds import site_id
from fieldkit.errors import Problem
from fieldkit.work import Workspace, sites
from fieldkit.work.nesting import check
from fieldkit.work.register import read

HEAD = "kind,code,name,parent,division,registered\n"


def _import(ws: Workspace, folder: Path, rows: str) -> sites.Imported:
    path = folder / "more.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return sites.import_register(ws, path)


def test_import_twice_changes_nothing(ws: Workspace, register: Path) -> None:
    """The second time everything is unchanged and no event is written."""
    first = sites.import_register(ws, register)
    assert (first.created, first.updated, first.unchanged) == (9, 0, 0)
    events = len(list(ws.store.events()))
    second = sites.import_register(ws, register)
    assert (second.created, second.updated, second.unchanged) == (0, 0, 9)
    assert len(list(ws.store.events())) == events


def test_dry_run_writes_nothing(ws: Workspace, register: Path) -> None:
    """It says what it would do."""
    assert sites.import_register(ws, register, dry_run=True).created == 9
    assert sites.listing(ws) == []


def test_divisions_come_from_above(town: Workspace) -> None:
    """A door without a division has its village's; events are partitioned by it."""
    assert sites.find(town, "TF-3-101").division == "990100000001"
    assert {event.division for event in town.store.events()} <= {
        "990100000001",
        "990100000001001",
    }


def test_an_update_keeps_what_the_file_leaves_out(town: Workspace, tmp_path: Path) -> None:
    """Columns that the file lacks stay as they are."""
    path = tmp_path / "short.csv"
    path.write_text("kind,code,name\ndoor,TF-3-201,201室（新）\n", encoding="utf-8")
    outcome = sites.import_register(town, path)
    assert (outcome.created, outcome.updated) == (0, 1)
    site = sites.find(town, "TF-3-201")
    assert (site.name, site.floor, site.registered) == ("201室（新）", "2", True)
    assert site.parent == site_id("TF-3-1")


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ("door,A,甲,A,,\n", [(2, "parent")]),
        ("door,A,甲,TF-3-101,,\n", [(2, "parent")]),
        ("building,A,甲,TF-3-101,,\n", [(2, "parent")]),
        ("village,A,甲,TF-3,,\n", [(2, "parent")]),
        ("door,A,甲,NONE,,\n", [(2, "parent")]),
        ("castle,A,甲,,,\n", [(2, "kind")]),
        ("village,A,甲,B,,\nvillage,B,乙,A,,\n", [(2, "parent"), (3, "parent")]),
        ("village,A,甲,,,\nvillage,A,乙,,,\n", [(3, "code")]),
        ("village,,甲,,,\nvillage,B,,,,\n", [(2, "code"), (3, "name")]),
        ("village,A,甲,,1234567890123,\n", [(2, "division")]),
        ("village,A,甲,,12a,\n", [(2, "division")]),
        ("village,A,甲,,,1\n", [(2, "registered")]),
        ("door,A,甲,TF-3,,2\n", [(2, "registered")]),
        ("door,A,张三 13800138000,TF-3,,\n", [(2, "name")]),
        ("door,TF-3,甲,,,\n", [(2, "kind")]),
    ],
)
def test_nonsense_is_refused_whole(
    town: Workspace, tmp_path: Path, rows: str, faults: list[tuple[int, str]]
) -> None:
    """Every fault by row and column, and not one row of the file is taken in."""
    before = sites.listing(town)
    outcome = _import(town, tmp_path, rows + "village,GOOD,好村,,,\n")
    assert [(f.row, f.column) for f in outcome.rejected] == faults
    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 0, 0)
    assert sites.listing(town) == before


@pytest.mark.parametrize(
    "row",
    [
        "building,A,甲,990100000001,,",
        "building,A,甲,TF,,",
        "door,A,甲,990100000001,,1",
        "door,A,甲,W1,,0",
        "door,A,甲,TF-3,,",
        "company,A,甲,W1,,",
        "courier,A,甲,TF-3,,",
        "school,A,甲,,,",
        "户,A,甲,TF-3,,是",
        "ｄｏｏｒ,Ａ,甲,ＴＦ-3,,１",
    ],
)
def test_what_the_field_needs_is_allowed(town: Workspace, tmp_path: Path, row: str) -> None:
    """Farmhouses on villages, shops in buildings, full-width typing."""
    outcome = _import(town, tmp_path, row + "\n")
    assert outcome.rejected == ()
    assert outcome.created == 1
    assert sites.find(town, "A").code == "A"


def test_parents_may_stand_below_their_children(ws: Workspace, tmp_path: Path) -> None:
    """The order of rows does not matter."""
    rows = "door,D,户,B,,\nbuilding,B,楼,V,,\nvillage,V,村,,990100000001,\n"
    assert _import(ws, tmp_path, rows).created == 3
    assert sites.find(ws, "D").division == "990100000001"


def test_finding_a_site(town: Workspace) -> None:
    """By code, by id, by the start of an id; else one sentence."""
    site = sites.find(town, "TF")
    assert sites.find(town, site.id) == site
    assert sites.find(town, site.id[:12]) == site
    assert sites.find(town, "ＴＦ") == site
    for ref in ("", "nothing", "\x1b[2J"):
        with pytest.raises(Problem) as caught:
            sites.find(town, ref)
        assert caught.value.code == "unknown-site"
        assert "\x1b" not in caught.value.sentence()


def test_listing_by_kind_and_place(town: Workspace) -> None:
    """Kinds and places narrow the list; codes stand in natural order."""
    doors = sites.listing(town, kinds=["door"], within="TF-3")
    assert [door.code for door in doors] == ["TF-3-101", "TF-3-201", "TF-3-1001"]
    assert [site.code for site in sites.children(town, "TF")] == ["TF-3"]
    with pytest.raises(Problem):
        sites.listing(town, kinds=["castle"])


def test_a_removed_site_stays_known(town: Workspace) -> None:
    """Struck off with a reason; its history stays."""
    assert sites.remove(town, "TF-3-201", "demolished", "整栋已拆").removed
    with pytest.raises(Problem):
        sites.remove(town, "TF-3-101", "forgotten")


_CODES = st.sampled_from(["A", "B", "C", "D", ""])
_ROWS = st.lists(
    st.tuples(st.sampled_from([*sites.KINDS, "castle"]), _CODES, st.text(max_size=6), _CODES),
    max_size=5,
)


@settings(max_examples=50, deadline=None)
@given(_ROWS)
def test_what_is_taken_in_hangs_together(rows: list[tuple[str, str, str, str]]) -> None:
    """Any register: faults by row, or entries with known parents and no circle."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.csv"
        with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
            csv.writer(stream).writerows([("kind", "code", "name", "parent"), *rows])
        entries, rejected = check(read(path), {})
    assert not (entries and rejected)
    assert all(fault.row >= 2 and fault.message for fault in rejected)
    parents = {entry.code: entry.parent for entry in entries}
    assert len(parents) == len(entries)
    for code in parents:
        above, steps = parents[code], 0
        while above:
            above, steps = parents[above], steps + 1
            assert steps <= len(parents)


def test_a_building_is_named_with_its_place(tmp_path: Path) -> None:
    """ "1栋" alone could be anywhere: buildings and units carry the name of what they stand in."""
    register = tmp_path / "r.csv"
    register.write_text(
        "kind,code,name,parent\nvillage,V,听枫社区,\nestate,E,鹭汀花园,V\nbuilding,B,1栋,E\n"
        "unit,U,2单元,B\nbuilding,C,鹭汀花园2栋,E\ndoor,D,201室,U\n",
        "utf-8",
    )
    with Workspace.open(tmp_path / "home") as ws:
        sites.import_register(ws, register)
        names = [sites.full_name(ws, sites.find(ws, code)) for code in "VEBUCD"]
    assert names == [
        "听枫社区",
        "鹭汀花园",
        "鹭汀花园 1栋",
        "鹭汀花园 1栋 2单元",
        "鹭汀花园2栋",
        "201室",
    ]
