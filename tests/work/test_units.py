"""The 26 member units: a dictionary that is whole, and in the register in one step."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import Problem
from fieldkit.library import lint, registers
from fieldkit.library.folders import shipped
from fieldkit.library.load import load_file
from fieldkit.store import sites as store_sites
from fieldkit.text.privacy import leaks
from fieldkit.work import Workspace, sites, units

OWN = """code: own
title: 自己的字典
units:
  - {id: A1, name: 联席办, duty: 牵头}
  - {id: A2, name: 妇联, duty: 家庭宣传}
"""


def test_the_dictionary_names_26_units_and_known_items() -> None:
    """Each has its own code, a duty, and only items that the shipped lists have."""
    known = registers.units()
    assert len(known.units) == 26
    assert len({unit.id for unit in known.units}) == len({unit.name for unit in known.units}) == 26
    assert all(unit.duty and not leaks(unit.duty + unit.name) for unit in known.units)
    assert known.common["member-unit"] == tuple(f"CY{n:02}" for n in range(1, 15))
    for lists in (known.common, *(unit.lists for unit in known.units)):
        for name, items in lists.items():
            there = {item.id for item in load_file(shipped() / f"{name}.yaml").items}
            assert set(items) <= there, name


def test_the_shipped_ledgers_name_known_items() -> None:
    """Columns, days, keys and expectations are of the ledger's own checklist."""
    found = {one.id: one for one in registers.ledgers()}
    assert set(found) == {"meetings", "groups", "submissions", "tasks"}
    for one in found.values():
        whole = load_file(shipped() / f"{one.checklist}.yaml")
        items = {item.id: item for item in whole.items}
        named = {column.item for column in one.columns} | set(one.key or ())
        named |= {one.day, one.stale} - {""} | {held.item for held in one.held}
        named |= {one.submitted.item} if one.submitted else set()
        named |= {one.done.due, one.done.item} if one.done else set()
        assert named <= set(items), one.id
        for held in one.held:
            assert held.value in {option.id for option in items[held.item].options}
        assert whole.kind == "record"
        assert whole.site_kinds


def test_the_small_lists_ask_for_no_person() -> None:
    """No members, no numbers of groups, no names."""
    for name in ("meeting", "chat-group", "half-year", "unit-task"):
        whole = load_file(shipped() / f"{name}.yaml")
        for item in whole.items:
            text = item.text + item.criterion + item.evidence
            assert leaks(text) == []
            assert not any(word in item.text for word in ("姓名", "成员", "电话", "微信号"))


def test_lint_reads_ledgers_and_dictionaries(tmp_path: Path) -> None:
    """A folder with both is clean; a slip is told with its place."""
    assert lint.lint_paths([shipped()]).errors == []
    good, bad = tmp_path / "own.yaml", tmp_path / "other.yaml"
    good.write_text(OWN, "utf-8")
    assert lint.lint_paths([good]).errors == []
    bad.write_text(OWN.replace("A2", "A1").replace("title", "titel"), "utf-8")
    codes = {fault.code for fault in lint.lint_paths([bad]).errors}
    assert {"file-name", "duplicate-unit", "unknown-key"} <= codes
    table = tmp_path / "ledger.yaml"
    table.write_text("id: ledger\ntitle: 一本\nchecklist: meeting\ncolumns: []\n", "utf-8")
    assert [fault.line for fault in lint.lint_paths([table]).errors] == [4]
    with pytest.raises(Problem) as caught:
        registers.units_in(bad)
    assert caught.value.code == "bad-units-file"


def test_one_step_and_once(town: Workspace) -> None:
    """A dry run writes nothing, the first import all, the second nothing; renamed stays renamed."""
    known = units.dictionary()
    assert units.take_in(town, known, "990100000001", dry_run=True).created == 26
    assert store_sites.all(town.store.db, kinds=("institution",)) == []
    assert units.take_in(town, known, "990100000001").created == 26
    found = store_sites.all(town.store.db, kinds=("institution",))
    place = sites.find(town, "990100000001")
    assert {site.parent for site in found} == {place.id}
    assert {site.division for site in found} == {"990100000001"}
    before = town.store.state_digest()
    assert units.take_in(town, known, "990100000001")[:3] == (0, 0, 26)
    assert town.store.state_digest() == before
    here = units.here(town, known)
    assert {unit: len(its) for unit, its in here.items()} == {unit.id: 1 for unit in known.units}
    sites.remove(town, "990100000001-DW05", "duplicate")
    assert "DW05" not in units.here(town, known)
    assert units.take_in(town, known, "990100000001").created == 0


def test_a_name_that_the_office_changed_stays(town: Workspace, tmp_path: Path) -> None:
    """The dictionary does not write over the register."""
    known = units.dictionary()
    units.take_in(town, known, "990100000001")
    file = tmp_path / "r.csv"
    file.write_text(
        "kind,code,name,parent\ninstitution,990100000001-DW08,镇总工会,990100000001\n", "utf-8"
    )
    assert sites.import_register(town, file).updated == 1
    assert units.take_in(town, known, "990100000001").updated == 0
    assert sites.find(town, "990100000001-DW08").name == "镇总工会"


def test_the_town_is_found_where_it_is_the_one(ws: Workspace, tmp_path: Path) -> None:
    """One place at the top that holds villages; else the units stand at the top themselves."""
    assert units.take_in(ws, units.dictionary(), dry_run=True).created == 26
    file = tmp_path / "r.csv"
    file.write_text(
        "kind,code,name,parent,division\n"
        "village,990100,澜渡镇,,990100000000\nvillage,990101,听枫村,990100,990100000001\n",
        "utf-8",
    )
    assert sites.import_register(ws, file).rejected == ()
    units.take_in(ws, units.dictionary())
    assert sites.find(ws, "990100-DW01").parent == sites.find(ws, "990100").id


def test_own_dictionary_and_wrong_places(town: Workspace, tmp_path: Path) -> None:
    """A file of one's own; a door holds no unit; what is not there is named."""
    file = tmp_path / "own.yaml"
    file.write_text(OWN, "utf-8")
    assert units.take_in(town, units.dictionary(file=file), "W1").created == 2
    for call, code in (
        (lambda: units.dictionary("S999"), "unknown-units"),
        (lambda: units.take_in(town, units.dictionary(), "TF-3-101"), "units-below"),
        (lambda: units.take_in(town, units.dictionary(), "nowhere"), "unknown-site"),
    ):
        with pytest.raises(Problem) as caught:
            call()
        assert caught.value.code == code
