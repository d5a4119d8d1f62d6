"""A stamp beyond the calendar is data like any other: kept, shown, and in nobody's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.domain.kinds import site_id
from fieldkit.start import run
from fieldkit.work import Workspace, home_time
from fieldkit_sync.event import GENESIS, make


@pytest.mark.parametrize("hlc", ["0" * 16, "ffffffffffff0000", "f" * 16])
def test_every_stamp_has_a_time(hlc: str) -> None:
    """The first and the last possible stamp come out as times of the calendar."""
    assert home_time(hlc).endswith("+08:00")


def test_a_clock_past_the_calendar_stops_no_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An event from after the year 9999 is held, and every list that shows times still prints."""
    register = tmp_path / "r.csv"
    register.write_text("kind,code,name\nbuilding,B1,1栋\n", "utf-8")
    home = ["--home", str(tmp_path / "home")]
    assert run([*home, "site", "import", str(register)]) == 0
    body = {"site": site_id("B1"), "mode": "covert", "nature": "supervision", "seed": 1}
    with Workspace.open(tmp_path / "home") as ws:
        from fieldkit.work import inspecting

        sheet = inspecting.start(ws, "building-sweep", "B1", "covert")
        body |= {
            "checklist": sheet.inspection.checklist,
            "checklist_id": "building-sweep",
            "checklist_version": "2026.11",
            "day": "2026-11-22",
        }
        event = make(
            device="e" * 32,
            epoch="0" * 16,
            seq=1,
            prev=GENESIS,
            hlc="ffffffffffff0000",
            kind="inspection.started",
            entity="1" * 32,
            division="",
            body=body,
            salt="0" * 32,
        )
        assert ws.store.ingest([event]).new == 1
    for words in (["office", "status"], ["inspect", "list"], ["inspect", "show", "1111"]):
        assert run([*home, *words, "--json"]) == 0, words
    assert run([*home, "inspect", "answer", "1111", "SL10", "pass"]) == 0
    assert "9999" in capsys.readouterr().out
