"""What a register would change is told before it does: one by one, and what looks like a slip."""

from __future__ import annotations

from pathlib import Path

from fieldkit.work import Workspace, register_changes, sites


def _take(ws: Workspace, text: str, *, dry: bool = True) -> sites.Imported:
    path = ws.home / "more.csv"
    path.write_text(text, "utf-8")
    return sites.import_register(ws, path, dry)


def test_each_change_with_before_and_after(town: Workspace) -> None:
    """Updates first, column by column; then what is new."""
    found = _take(
        town,
        "kind,code,name,parent,floor\n"
        "door,TF-3-301,301室,TF-3-1,3\ndoor,TF-3-201,201房,TF-3-1,2\ndoor,TF-3-101,101室,TF-3-1,1\n",
    )
    assert (found.created, found.updated, found.unchanged) == (1, 1, 1)
    changed, fresh = found.changes
    assert changed.fields == (("name", "201室", "201房"),)
    assert register_changes.said(changed) == "名称 201室 → 201房"
    assert (fresh.code, fresh.is_new) == ("TF-3-301", True)


def test_a_moved_place_tells_both_parents_by_code(town: Workspace) -> None:
    """A parent is told by its code, not by an id nobody knows."""
    found = _take(
        town, "kind,code,name,parent\nunit,TF-3-1,1单元,TF-3\nestate,TF,听枫里,990100000001\n"
    )
    (moved,) = found.changes
    assert moved.fields == (("parent", "W1", "990100000001"),)


def test_twins_are_remarked_and_taken_in(town: Workspace) -> None:
    """A building and a door that are there under another spelling, and ten buildings in a row."""
    found = _take(
        town,
        "kind,code,name,parent\nbuilding,TF-3X,三幢,TF\nbuilding,TF-Y,5-8栋,TF\n"
        "door,D1,101,TF-3-1\ndoor,D2,901,TF-3-1\ndoor,D3,901室,TF-3-1\n",
        dry=False,
    )
    assert found.created == 5
    told = {(one.row, one.message) for one in found.remarks}
    assert {row for row, _said in told} == {2, 3, 4, 6}
    assert any("TF-3 的 3栋" in said for _row, said in told)


def test_the_same_name_elsewhere_is_no_twin(town: Workspace) -> None:
    """1栋 of one estate and 1栋 of another are two buildings; a struck one counts no more."""
    sites.remove(town, "TF-3-101", "duplicate")
    found = _take(
        town,
        "kind,code,name,parent\nestate,QX,青溪,990100000001\nbuilding,QX-3,3栋,QX\n"
        "door,D1,101,TF-3-1\n",
    )
    assert found.remarks == ()


def test_progress_is_told(town: Workspace, tmp_path: Path) -> None:
    """Steps in their order, numbers that only grow, the last one whole."""
    rows = "".join(f"door,N-{n},{n}室,TF-3-1\n" for n in range(2500))
    path = tmp_path / "many.csv"
    path.write_text(f"kind,code,name,parent\n{rows}", "utf-8")
    told: list[tuple[str, int, int]] = []
    sites.import_register(town, path, progress=lambda *step: told.append(step))
    order = ["read", "check", "write"]
    assert told == sorted(told, key=lambda step: (order.index(step[0]), step[1]))
    assert {step for step, _n, _total in told} == set(order)
    assert told[-1] == ("write", 2500, 2500)
