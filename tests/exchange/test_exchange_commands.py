"""The exchange by command line: keys of the JSON, exit codes, one sentence where it is wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit.cli import run

Call = Callable[..., Any]
REGISTER = "kind,code,name,parent,registered\nbuilding,B1,1栋（演示）,,\ndoor,D1,101室,B1,1\n"


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Call:
    """Run one command in a named home; give back its JSON, or its text without ``--json``."""
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
    monkeypatch.chdir(tmp_path)

    def run_one(home: str, *words: str, code: int = 0, text: bool = False) -> Any:
        line = ["--home", str(tmp_path / home), *words, *([] if text else ["--json"])]
        assert run(line) == code, words
        seen = capsysbinary.readouterr()
        out, err = seen.out.decode("utf-8"), seen.err.decode("utf-8")
        assert "Traceback" not in err
        if code == 2:
            assert len(err.strip().splitlines()) == 1
            return err
        return out if text else json.loads(out)

    return run_one


def test_the_way_of_a_visit(call: Call, tmp_path: Path) -> None:
    """From a door to the office's status, on one computer, in six commands."""
    (tmp_path / "r.csv").write_text(REGISTER, "utf-8")
    office = call("o", "office", "init", "办公室（演示）")
    assert office["recipient"].startswith("age1")
    call("d", "site", "import", "r.csv")
    call("d", "visit", "log", "D1", "met")
    call("d", "device", "card", "-o", "d.card", text=True)
    enrolled = call("o", "office", "enrol", "d.card")
    device = call("d", "device", "show")
    assert {"device", "public_key", "recipient", "name"} <= set(device)
    assert (enrolled["device"], enrolled["state"]) == (device["device"], "enrolled")
    made = call("d", "bundle", "create", "-o", "usb")
    assert (made["events"], made["evidence"]) == (4, 0)
    assert made["bytes"] == Path(made["file"]).stat().st_size
    seen = call("o", "bundle", "verify", made["file"])
    assert seen["ok"] is True
    assert (seen["first_seq"], seen["last_seq"], seen["problems"]) == (1, 4, [])
    merged = call("o", "office", "merge", "usb")
    assert set(merged) >= {
        "merge",
        "bundles",
        "merged",
        "already_known",
        "events_new",
        "events_known",
        "conflicts",
        "rejected",
        "quarantined",
        "gaps",
        "forks",
    }
    status = call("o", "office", "status")
    assert status["events"] == 4
    assert status["devices"][0]["last_seq"] == 4
    assert device["device"] in call("o", "office", "signers", text=True)
    secret = call("o", "office", "key", "--export", text=True)
    assert secret.splitlines()[-1].startswith("AGE-SECRET-KEY-1")


def test_a_rejected_bundle_is_exit_one(call: Call, tmp_path: Path) -> None:
    """The merge reports and leaves with 1; so does verify; nothing to send is no error."""
    call("o", "office", "init", "办公室（演示）")
    (tmp_path / "x.age").write_bytes(b"garbage")
    merged = call("o", "office", "merge", "x.age", code=1)
    assert [Path(r["file"]).name for r in merged["rejected"]] == ["x.age"]
    assert merged["rejected"][0]["reason"]
    assert call("o", "bundle", "verify", "x.age", code=1)["ok"] is False
    made = call("d", "bundle", "create")
    assert made["file"] is None
    assert made["events"] == 0


@pytest.mark.parametrize(
    "words",
    [
        ["office", "merge", "nowhere"],
        ["office", "enrol", "nowhere"],
        ["office", "init", ""],
        ["office", "key"],
        ["office", "report", "poster", "-o", "x.docx"],
        ["office", "report", "inspection", "-o", "x.pdf"],
        ["receive", "nowhere"],
        ["bundle", "show", "nowhere"],
        ["bundle", "create", "--to", "age1nonsense"],
        ["device", "rename", " "],
        ["demo", "--size", "galaxy", "--no-tui"],
    ],
)
def test_slips_are_one_sentence(call: Call, words: list[str], tmp_path: Path) -> None:
    """Bad input leaves with 2 and says what, where and the mend on one line."""
    (tmp_path / "r.csv").write_text(REGISTER, "utf-8")
    call("d", "site", "import", "r.csv")
    assert call("d", *words, code=2, text=True).strip()


def test_the_card_as_qr(call: Call) -> None:
    """The QR code fits a terminal of 80 columns."""
    lines = call("d", "device", "card", "--qr", text=True).splitlines()
    assert len(lines) < 45
    assert max(map(len, lines)) < 80


def test_the_demo_answers_with_counts(call: Call) -> None:
    """``demo --no-tui`` prints what it made."""
    counts = call("d", "demo", "--no-tui")
    assert set(counts) == {"sites", "doors", "inspections", "visits", "findings"}
    assert call("d", "demo", "--no-tui") == counts


def test_an_inspection_on_paper(call: Call, tmp_path: Path) -> None:
    """``office report inspection`` writes the record of the inspection finished last."""
    call("d", "demo", "--no-tui")
    made = call("d", "office", "report", "inspection", "-o", "record.docx")
    assert Path(made["file"]).read_bytes().startswith(b"PK")


def test_any_home_tells_its_digest(call: Call, tmp_path: Path) -> None:
    """A device's home answers too, and a copy of its files gives the same digest."""
    (tmp_path / "r.csv").write_text(REGISTER, "utf-8")
    call("d", "site", "import", "r.csv")
    told = call("d", "office", "status")
    shutil.copytree(tmp_path / "d", tmp_path / "copy")
    assert call("copy", "office", "status")["state_digest"] == told["state_digest"]
    assert [row["device"] for row in told["devices"]] == [call("d", "device", "show")["device"]]
