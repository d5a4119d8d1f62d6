"""The main job through the command line alone, as other people's scripts would drive it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOW = "2026-11-22T10:00:00+08:00"
REGISTER = """kind,code,name,parent,division,grid,address,floor,registered
village,V1,听枫社区（演示）,,990121101001,,,,
estate,E1,鹭汀花园（演示）,V1,,,鹭汀路6号,,
building,B3,3栋,E1,,,,,
unit,B3U1,1单元,B3,,,,,
door,D101,101室,B3U1,,,,1,1
door,D102,102室,B3U1,,,,1,1
door,D201,201室,B3U1,,,,2,0
door,D202,202室,B3U1,,,,2,1
"""


class Homes:
    """Runs the installed program in named homes under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def call(self, home: str, *words: str, code: int = 0) -> Any:
        """The JSON of one command; its exit code must be ``code``."""
        done = self.raw(home, *words, "--json")
        assert done.returncode == code, (words, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def raw(self, home: str, *words: str) -> subprocess.CompletedProcess[str]:
        """One command as a process of its own."""
        env = {
            **os.environ,
            "FIELDKIT_HOME": str(self.folder / home),
            "FIELDKIT_NOW": NOW,
            "FIELDKIT_STATE": str(self.folder / "state"),
        }
        return subprocess.run(
            [sys.executable, "-m", "fieldkit", *words],
            capture_output=True,
            text=True,
            env=env,
            check=False,
        )


@pytest.fixture
def homes(tmp_path: Path) -> Homes:
    """An empty folder of homes and a register beside them."""
    (tmp_path / "register.csv").write_text(REGISTER, "utf-8")
    return Homes(tmp_path)


def answers() -> dict[str, str]:
    """A whole 无诈小区 inspection with two faults."""
    plain = dict.fromkeys(["XQ04", "XQ05", "XQ08", "XQ17", "XQ21"], "pass")
    return {
        **{f"XQ0{n}": "met:澜派函〔2026〕3号:2026-11-17" for n in (1, 2, 3)},
        **plain,
        "XQ06": "2026-11-01",
        "XQ07": "9/10",
        "XQ09": "12",
        "XQ10": "3/3",
        "XQ11": "3/4",
        "XQ12": "na",
        "XQ13": "4",
        "XQ14": "６/６",
        "XQ15": "2026-10-30",
        "XQ16": "2026-05-01",
        "XQ18": "3",
        "XQ19": "4/5",
        "XQ20": "na",
    }


def inspect_all(homes: Homes, home: str) -> str:
    """Start, answer and finish one inspection; its id."""
    started = homes.call(home, "inspect", "start", "wuzha-xiaoqu", "--site", "E1")
    inspection: str = started["inspection"]
    for item, value in answers().items():
        homes.call(home, "inspect", "answer", inspection, item, value)
    return inspection


def test_inspect_to_result(homes: Homes) -> None:
    """21 items, refused while open, then a score that explains itself and two findings."""
    homes.call("a", "site", "import", str(homes.folder / "register.csv"))
    started = homes.call("a", "inspect", "start", "wuzha-xiaoqu", "--site", "E1")["inspection"]
    refused = homes.raw("a", "inspect", "finish", started)
    assert refused.returncode == 1
    assert "XQ04" in refused.stderr
    for item, value in answers().items():
        homes.call("a", "inspect", "answer", started, item, value)
    result = homes.call("a", "inspect", "finish", started)
    # Out of 90 (XQ12, XQ20 do not apply): XQ11 earns 8 * 75/80 and XQ16 nothing.
    assert result["max_score"] == 90
    assert result["score"] == pytest.approx(90 - 4 - 0.5)
    assert result["ratio"] == pytest.approx(85.5 / 90)
    assert result["grade"] == "met"
    assert result["veto"] == []
    assert len(result["findings"]) == 2
    shown = homes.call("a", "inspect", "show", started)
    assert shown["state"] == "finished"
    assert shown["answers"]["XQ14"]["value"] == "6/6"
    assert shown["answers"]["XQ07"]["value"] == "9/10"
    listed = homes.call("a", "finding", "list")
    assert {f["finding"] for f in listed} == set(result["findings"])
    assert all(not f["overdue"] and f["due"] == "2026-11-29" for f in listed)
    late = homes.raw("a", "inspect", "answer", started, "XQ04", "fail")
    assert late.returncode in (1, 2)


def test_doors_and_coverage(homes: Homes) -> None:
    """Rates over two bases; a rate over nothing is null; removed doors leave."""
    homes.call("a", "site", "import", str(homes.folder / "register.csv"))
    homes.call("a", "visit", "log", "D101", "met")
    homes.call("a", "visit", "log", "D201", "met")
    homes.call("a", "visit", "log", "D102", "absent")
    row = homes.call("a", "coverage", "--by", "building", "--within", "B3")[0]
    assert (row["doors"], row["registered"], row["visited"]) == (4, 3, 3)
    assert (row["delivered"], row["met"], row["revisit"]) == (1, 2, 2)
    assert row["delivery_rate"] == pytest.approx(1 / 3)
    assert row["face_to_face_rate"] == pytest.approx(0.5)
    homes.call("a", "site", "remove", "D202", "--reason", "demolished")
    row = homes.call("a", "coverage", "--by", "building", "--within", "B3")[0]
    assert (row["doors"], row["removed"], row["registered"]) == (4, 1, 2)
    assert homes.raw("a", "visit", "log", "D999", "met").returncode == 2
    assert homes.raw("a", "visit", "log", "D101", "nonsense").returncode == 2


def test_bundles_in_any_order(homes: Homes) -> None:
    """Two devices' bundles, merged in both orders and twice, give one digest."""
    register = str(homes.folder / "register.csv")
    for office in ("o1", "o2"):
        homes.call(office, "office", "init", "澜渡镇反诈联席办（演示）")
    folder = homes.folder
    for device, visits in (("a", ["D101"]), ("b", ["D101", "D102"])):
        homes.call(device, "site", "import", register)
        card = folder / f"{device}.card"
        card.write_text(homes.raw(device, "device", "card").stdout, "utf-8")
        grants = []
        for office in ("o1", "o2"):
            grant = folder / f"{device}-{office}.grant"
            homes.call(office, "office", "enrol", str(card), "-o", str(grant))
            grants.append(grant)
        inspect_all(homes, device)
        for door in visits:
            homes.call(device, "visit", "log", door, "met" if device == "a" else "absent")
        for office, grant in zip(("o1", "o2"), grants, strict=True):
            homes.call(device, "receive", str(grant))
            made = homes.call(device, "bundle", "create", "-o", str(folder / office))
            assert made["events"] > 20
            assert homes.call(office, "bundle", "verify", made["file"])["ok"] is True
            (folder / f"{device}-{office}.path").write_text(made["file"])
    files = {p.stem: p.read_text() for p in folder.glob("*.path")}
    first = homes.call("o1", "office", "merge", files["a-o1"], files["b-o1"])
    homes.call("o2", "office", "merge", files["b-o2"])
    homes.call("o2", "office", "merge", files["a-o2"])
    digests = [homes.call(o, "office", "status")["state_digest"] for o in ("o1", "o2")]
    assert first["events_new"] > 40
    assert digests[0] == digests[1]
    again = homes.call("o1", "office", "merge", files["b-o1"], files["a-o1"])
    assert again["events_new"] == 0
    assert homes.call("o1", "office", "status")["state_digest"] == digests[0]
    # The wrong office can neither read nor be harmed by it; the other file still goes in.
    wrong = homes.call("o1", "office", "merge", files["a-o2"], files["a-o1"], code=1)
    assert [Path(r["file"]).name for r in wrong["rejected"]] == [Path(files["a-o2"]).name]
    assert homes.call("o1", "journal", "verify")["ok"] is True
    assert homes.call("o1", "journal", "rebuild")["state_digest"] == digests[0]


def test_a_bundle_of_nothing(homes: Homes) -> None:
    """A fresh home has nothing to send."""
    assert homes.call("a", "bundle", "create") == {"file": None, "events": 0} | {
        k: v for k, v in homes.call("a", "bundle", "create").items() if k not in ("file", "events")
    }


def test_demo_is_marked_and_useful(homes: Homes) -> None:
    """The demonstration fills every corner and says that it is one."""
    counts = homes.call("d", "demo", "--no-tui")
    assert all(counts[k] > 0 for k in ("sites", "doors", "inspections", "visits", "findings"))
    assert all(
        s["division"].startswith("99") for s in homes.call("d", "site", "list") if s["division"]
    )
    assert homes.call("d", "journal", "verify")["ok"] is True
    made = homes.call("d", "bundle", "create", "-o", str(homes.folder / "out"))
    assert made["events"] > 100
