"""Three levels of office on one machine: a county proves a village's record by itself.

Over the command line alone, and once more with ssh-keygen and Python's own library.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit.start import run

Call = Callable[..., Any]
REGISTER = (
    "kind,code,name,parent,division\nvillage,V1,听枫社区（演示）,,990121101001\n"
    "building,B1,1栋,V1,\ndoor,D1,101室,B1,\n"
)


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> Call:
    """Run one command in a named home; give back its JSON, or its text."""
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-23T10:00:00+08:00")
    monkeypatch.chdir(tmp_path)

    def run_one(home: str, *words: str, code: int = 0, text: bool = False) -> Any:
        # Each home is a computer of its own, with its own notes outside the home.
        monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / f"{home}-state"))
        line = ["--home", str(tmp_path / home), *words, *([] if text else ["--json"])]
        assert run(line) == code, (words, capsysbinary.readouterr().err.decode())
        out = capsysbinary.readouterr().out.decode("utf-8")
        return out if text else json.loads(out)

    return run_one


@pytest.fixture
def levels(call: Call, tmp_path: Path) -> str:
    """County, town, village and an inspector; one finished inspection has come all the way up."""
    for office in ("county", "town", "village"):
        call(office, "office", "init", f"{office}（演示）")
    for below, above in (("town", "county"), ("village", "town"), ("inspector", "village")):
        call(below, "device", "card", "-o", f"{below}.card", text=True)
        call(above, "office", "enrol", f"{below}.card", "-o", f"{below}.grant")
        call(below, "receive", f"{below}.grant")
    (tmp_path / "r.csv").write_text(REGISTER, "utf-8")
    call("inspector", "site", "import", "r.csv")
    call("inspector", "visit", "log", "D1", "met")
    begun = call("inspector", "inspect", "start", "building-sweep", "--site", "B1")["inspection"]
    for item in call("inspector", "checklist", "show", "building-sweep")["items"]:
        value = {"external": "met:虚函1:2026-11-17", "text": "有", "check": "pass"}
        if item["type"] != "info":
            typed = value.get(item["type"], "na")
            call("inspector", "inspect", "answer", begun, item["id"], typed)
    call("inspector", "inspect", "finish", begun)
    for below, above in (("inspector", "village"), ("village", "town"), ("town", "county")):
        call(below, "bundle", "create", "-o", f"up-{below}")
        merged = call(above, "office", "merge", f"up-{below}")
        assert merged["rejected"] == []
    return str(begun)


def test_the_county_proves_what_the_village_wrote(call: Call, levels: str) -> None:
    """The way down is named, every event is vouched for by its author's seal; all agree."""
    found = call("county", "office", "prove", levels[:8])
    assert found["proven"] is True
    assert [link["name"] for link in found["path"]] == [
        "county（演示）",
        "town（演示）",
        "village（演示）",
    ]
    author = call("inspector", "device", "show")["device"]
    assert {event["device"] for event in found["events"]} == {author}
    assert {event["kind"] for event in found["events"]} == {
        "inspection.started",
        "inspection.finished",
    }
    assert call("county", "journal", "verify")["ok"] is True
    digests = {
        call(home, "office", "status")["state_digest"] for home in ("county", "town", "village")
    }
    assert len(digests) == 1


def test_nobody_asks_the_village(call: Call, levels: str, tmp_path: Path) -> None:
    """With the village's and the town's computers gone the county still proves it."""
    for home in ("village", "town", "inspector"):
        shutil.rmtree(tmp_path / home)
    assert call("county", "office", "prove", levels)["proven"] is True


def test_an_altered_record_is_not_proved(call: Call, levels: str, tmp_path: Path) -> None:
    """Who writes into the county's database is found out."""
    import sqlite3

    db = sqlite3.connect(tmp_path / "county" / "journal.db")
    db.execute("DROP TRIGGER event_is_never_changed")
    db.execute(
        "UPDATE event SET line = CAST(replace(line, '2026-11-23', '2026-11-22') AS BLOB) "
        "WHERE kind = 'inspection.started'"
    )
    db.commit()
    db.close()
    out = call("county", "journal", "verify", code=1)
    assert out["ok"] is False


def test_stock_tools_prove_it(call: Call, levels: str, tmp_path: Path) -> None:
    """From the county's journal and the village's policy: hashes, links, the author's seal."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("STOCK TOOL MISSING: ssh-keygen, the seal was not checked with it")
    lines = call("county", "journal", "export", text=True).splitlines()
    author = call("inspector", "device", "show")
    chain = [it for it in map(json.loads, lines) if it["d"] == author["device"]]
    head = "0" * 64
    seals = []
    for event in sorted(chain, key=lambda it: int(it["s"])):
        body, salt = event.pop("b"), event.pop("x")
        digest = hashlib.sha256(bytes.fromhex(salt) + _bytes(body)).hexdigest()
        assert digest == event["h"]
        assert event["p"] == head
        head = hashlib.sha256(_bytes(event)).hexdigest()
        if event["k"] == "seal":
            seals.append((body.pop("sig"), body))
    sig, claim = seals[-1]
    (tmp_path / "seal.sig").write_text(sig, "ascii")
    (tmp_path / "allowed").write_text(
        f'{author["device"]} namespaces="seal.v1@fieldkit" {author["public_key"]}\n', "utf-8"
    )
    subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", author["device"],
         "-n", "seal.v1@fieldkit", "-s", "seal.sig"],
        input=_bytes(claim), cwd=tmp_path, check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    policy = (tmp_path / "village" / "office" / "policy.letter").read_bytes()
    assert author["public_key"].split()[1].encode() in policy


def _bytes(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")
