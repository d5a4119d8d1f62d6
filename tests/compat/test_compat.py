"""What a release once wrote opens for ever: homes, bundles, cards, grants, digests."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fieldkit
from fieldkit.cli import run

RELEASES = Path(__file__).resolve().parent / "releases"
KEPT = (RELEASES / "INDEX").read_text("ascii").split()

Call = Callable[..., Any]


def expected(release: str) -> dict[str, Any]:
    """What that release said of its own homes."""
    return json.loads((RELEASES / release / "expected.json").read_text("utf-8"))


@pytest.fixture(params=KEPT)
def release(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch) -> str:
    """Each release in turn; its homes and files are copied to an empty folder."""
    for item in (RELEASES / request.param).iterdir():
        copy = shutil.copytree if item.is_dir() else shutil.copy
        copy(item, tmp_path / item.name)
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    # Later than anything that was kept, so that new events come after the old ones.
    monkeypatch.setenv("FIELDKIT_NOW", "2031-05-06T10:00:00+08:00")
    monkeypatch.chdir(tmp_path)
    return request.param


@pytest.fixture
def call(capsysbinary: pytest.CaptureFixture[bytes]) -> Call:
    """Run a command of today's program in a copied home; give back its JSON."""

    def run_one(home: str, *words: str, raw: bool = False) -> Any:
        code = run(["--home", home, *words, "--json"])
        seen = capsysbinary.readouterr()
        assert code == 0, (words, seen.err.decode("utf-8"))
        return seen.out if raw else json.loads(seen.out or b"null")

    return run_one


def facts(call: Call, home: str) -> dict[str, Any]:
    """The same questions that the release was asked (`make.py`), without a rebuild first."""
    inspections = call(home, "inspect", "list")
    checked = call(home, "journal", "verify")
    assert checked["problems"] == []
    return {
        "state_digest": digest(home),
        "events": checked["events"],
        "journal": hashlib.sha256(call(home, "journal", "export", raw=True)).hexdigest(),
        "sites": len(call(home, "site", "list")),
        "inspections": len(inspections),
        "finished": sum(row["state"] == "finished" for row in inspections),
        "answers": sum(len(row["answers"]) for row in inspections),
        "findings": len(call(home, "finding", "list")),
        "visited": sum(row["visited"] for row in call(home, "coverage")),
    }


def digest(home: str) -> str:
    """The state digest as it stands, not of a rebuild."""
    from fieldkit.work.workspace import Workspace

    with Workspace.open(Path(home)) as ws:
        return ws.store.state_digest()


def test_no_release_was_forgotten() -> None:
    """Every version of the index has its folder, every folder its line, this version too.

    Before a release: ``python tests/compat/make.py``.
    """
    assert sorted(KEPT) == sorted(item.name for item in RELEASES.iterdir() if item.is_dir())
    assert len(set(KEPT)) == len(KEPT)
    assert fieldkit.__version__ in KEPT
    for release in KEPT:
        assert expected(release)["version"] == release


@pytest.mark.parametrize("home", ["device", "office"])
def test_an_old_home_opens_and_says_the_same(release: str, call: Call, home: str) -> None:
    """Brought up to today's schema, a home holds what it held: counts, digest, whole journal."""
    assert facts(call, home) == expected(release)[home]


@pytest.mark.parametrize("home", ["device", "office"])
def test_refolding_an_old_home_changes_nothing(release: str, call: Call, home: str) -> None:
    """Today's folds draw from the old events what the release drew from them."""
    rebuilt = call(home, "journal", "rebuild")
    wanted = expected(release)[home]
    assert rebuilt == {key: wanted[key] for key in ("state_digest", "events")}


def test_an_old_bundle_merges_into_an_old_office(release: str, call: Call) -> None:
    """The bundle that the office never saw gives the digest that the release foresaw."""
    wanted = expected(release)
    merged = call("office", "office", "merge", "second.fkb.zip.age")
    assert {key: merged[key] for key in wanted["second"]} == wanted["second"]
    assert merged["rejected"] == merged["gaps"] == merged["forks"] == []
    assert facts(call, "office") == wanted["later"]
    again = call("office", "office", "merge", "first.fkb.zip.age", "second.fkb.zip.age")
    assert (again["already_known"], again["events_new"]) == (2, 0)
    assert digest("office") == wanted["later"]["state_digest"]


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_old_bundles_fill_an_office_that_lost_its_journal(
    release: str, call: Call, order: tuple[str, str]
) -> None:
    """With the old keys and an empty journal, the old bundles alone restore the device's facts."""
    (Path("office") / "journal.db").unlink()
    shutil.rmtree(Path("office") / "evidence")
    for name in order:
        merged = call("office", "office", "merge", f"{name}.fkb.zip.age")
        assert merged["rejected"] == []
    assert facts(call, "office") == expected(release)["device"]


def test_work_goes_on_in_old_homes(release: str, call: Call) -> None:
    """A new event is appended, a bundle made, and the old office takes it in."""
    call("device", "visit", "log", "D201", "met")
    made = call("device", "bundle", "create", "-o", "out")
    checked = call("office", "bundle", "verify", made["file"])
    assert (checked["ok"], checked["problems"]) == (True, [])
    merged = call("office", "office", "merge", "out", "second.fkb.zip.age")
    assert merged["rejected"] == merged["gaps"] == merged["forks"] == []
    assert merged["events_new"] > expected(release)["second"]["events_new"]
    for home in ("device", "office"):
        assert call(home, "journal", "verify")["problems"] == []
        assert sum(row["visited"] for row in call(home, "coverage")) == 3


def test_old_cards_and_grants_are_read(release: str, call: Call) -> None:
    """The office enrols the same card again; the device takes the old grant again."""
    enrolled = call("office", "office", "enrol", "device.card")
    assert enrolled["device"] == call("device", "device", "show")["device"]
    office = call("device", "receive", "device.grant")["office"]
    assert office == json.loads((Path("office") / "office" / "office.json").read_bytes())["office"]


def test_kept_releases_are_small(release: str) -> None:
    """What is kept for ever stays under 200,000 bytes a release, and no log lies beside it."""
    files = [item for item in (RELEASES / release).rglob("*") if item.is_file()]
    assert sum(item.stat().st_size for item in files) < 200_000
    assert not [item for item in files if item.name.endswith(("-wal", "-shm"))]
