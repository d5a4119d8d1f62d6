"""The device's side by command line: keys of the JSON, exit codes, sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fieldkit.cli import run

Call = Callable[..., Any]
Town = Any
Voice = Callable[[Any], Any]


@pytest.fixture
def call(town: Town, capsysbinary: pytest.CaptureFixture[bytes]) -> Call:
    """Run one command in a named home; give back its JSON and what it told beside it."""

    def run_one(home: str, *words: str, code: int = 0) -> tuple[Any, str]:
        line = ["--home", str(town.folder / home), *words, "--json"]
        assert run(line) == code, words
        seen = capsysbinary.readouterr()
        out, err = seen.out.decode("utf-8"), seen.err.decode("utf-8")
        assert "Traceback" not in err
        return (json.loads(out) if out else None), err

    return run_one


def test_the_round_of_a_device(town: Town, voice: Voice, call: Call) -> None:
    """Work, export, receipt, status, purge: what each says."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    told = voice(office)
    grant = town.folder / "d.grant"
    grant.write_bytes(told.grant(town, device))
    taken, _err = call("d", "receive", str(grant))
    assert taken == {
        "receipts": 0,
        "checklists": 0,
        "sites": 0,
        "assignments": 0,
        "returned": 0,
        "policies": 0,
        "grants": 1,
        "new_epoch": False,
        "office": told.keys.office,
        "office_name": told.keys.name,
    }
    stands, _err = call("d", "device", "status")
    assert stands["device"] == device.device.device
    assert stands["office"] == told.keys.office
    assert (stands["pending_events"], stands["received_events"]) == (7, 0)
    assert stands["oldest_pending"] == "2026-11-22T10:00:00+08:00"
    assert (stands["last_receipt"], stands["durable_events"]) == (None, 0)
    made, _err = call("d", "bundle", "create")
    call("o", "office", "merge", made["file"])
    letter = told.letter(device, told.receipt(device, durable=True))
    taken, _err = call("d", "receive", str(letter))
    assert (taken["receipts"], taken["new_epoch"]) == (1, False)
    stands, _err = call("d", "device", "status")
    assert (stands["pending_events"], stands["oldest_pending"]) == (0, None)
    assert (stands["received_events"], stands["durable_events"]) == (8, 8)
    assert stands["last_receipt"].endswith("+08:00")
    assert call("d", "bundle", "create")[0] == {
        "file": None,
        "events": 0,
        "evidence": 0,
        "bytes": 0,
    }
    _taken, err = call("d", "receive", str(letter))
    assert err.strip()
    assert call("d", "device", "purge", "--dry-run")[0] == {"files": 0, "bytes": 0, "kept": 0}


def test_a_copy_is_told_so(town: Town, voice: Voice, call: Call, chain_held: Any) -> None:
    """A receipt that knows more than this home: a sentence, and true in the JSON."""
    from fieldkit_sync.receipt import ChainHeld

    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    town.enrol(office, device)
    told = voice(office)
    epoch = chain_held(device, [(1, 1)]).epoch
    strange = ChainHeld(device.device.device, epoch, ((1, 900),), (), "a" * 64)
    letter = told.letter(device, told.receipt(device, [strange]))
    taken, err = call("d", "receive", str(letter))
    assert taken["new_epoch"] is True
    assert "副本" in err


def test_rotate_gives_a_new_card(town: Town, call: Call) -> None:
    """The card that it prints is enrolled as any other."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    town.enrol(office, device)
    done, err = call("d", "device", "rotate", "--name", "新电脑")
    assert done["former"] == device.device.device
    assert done["device"] != done["former"]
    assert "登记卡" in err
    card = town.folder / "new.card"
    card.write_text(done["card"], "utf-8")
    enrolled, _err = call("o", "office", "enrol", str(card))
    assert enrolled["device"] == done["device"]
    shown, _err = call("d", "device", "show")
    assert (shown["device"], shown["name"]) == (done["device"], "新电脑")
    made, _err = call("d", "bundle", "create")
    merged, _err = call("o", "office", "merge", made["file"])
    assert merged["rejected"] == []


@pytest.mark.parametrize("content", [b"", b"\n", b"age-encryption.org/v1\n", b"{}\n", b"\xff" * 99])
def test_what_is_no_letter_is_one_sentence(call: Call, town: Town, content: bytes) -> None:
    """Exit 2, one line."""
    path = Path(town.folder / "junk")
    path.write_bytes(content)
    nothing, err = call("d", "receive", str(path), code=2)
    assert nothing is None
    assert len(err.strip().splitlines()) == 1
