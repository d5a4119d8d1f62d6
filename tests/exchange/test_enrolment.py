"""Cards, grants and the mailbox: how a device learns whom to seal to."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from fieldkit.errors import Problem
from fieldkit.work import bundles, devices, grants, merging, offices

Town = Any


def test_same_computer_needs_no_file(town: Town) -> None:
    """After ``office enrol CARD`` a device of the same person seals to that office by itself."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    done = offices.enrol(office, town.card(device))
    assert done.posted
    assert done.grant is None
    created = bundles.create(device)
    assert created.path is not None
    assert created.office_name == "办公室o（演示）"
    assert merging.merge(office, [created.path]).merged == 1


def test_another_computer_takes_the_grant_file(
    town: Town, no_mailbox: Callable[[str], None]
) -> None:
    """Elsewhere nothing is known until the grant file is received; then it is."""
    office, device = town.office("o"), town.worked("d", {"D101": "met"})
    grant = town.enrol(office, device)
    no_mailbox("elsewhere")
    with pytest.raises(Problem) as stop:
        bundles.create(device)
    assert stop.value.code == "no-office"
    assert grants.receive(device, grant).office_name == "办公室o（演示）"
    assert bundles.create(device).events > 6


def test_the_last_word_counts(town: Town) -> None:
    """Of several grants, the one taken in or posted last decides."""
    one, two = town.office("one"), town.office("two")
    device = town.worked("d", {})
    first = town.enrol(one, device)
    second = town.enrol(two, device)
    assert _office(device) == offices.load(two).office
    grants.receive(device, first)
    assert _office(device) == offices.load(one).office
    grants.receive(device, second)
    assert _office(device) == offices.load(two).office
    offices.enrol(one, town.card(device))
    assert _office(device) == offices.load(one).office


def _office(device: Any) -> str:
    found = grants.current(device)
    assert found is not None
    return found.office


def test_a_grant_is_for_one_device(town: Town) -> None:
    """Another device refuses it; so does everybody a file that is none."""
    office, device, other = town.office("o"), town.home("d"), town.home("e")
    grant = town.enrol(office, device)
    with pytest.raises(Problem) as stop:
        grants.receive(other, grant)
    assert stop.value.code == "grant-for-another"
    altered = grant.with_suffix(".bad")
    altered.write_bytes(grant.read_bytes().replace(b"office_name", b"office_nama"))
    for path in (altered, town.card(device)):
        with pytest.raises(Problem) as stop:
            grants.receive(device, path)
        assert stop.value.code == "not-a-grant"
    with pytest.raises(Problem) as stop:
        grants.receive(device, town.folder / "nothing")
    assert stop.value.code == "no-file"


def test_enrolling_twice_changes_nothing(town: Town) -> None:
    """The certificate stays; a new name is taken over; bad cards are refused."""
    office, device = town.office("o"), town.home("d")
    town.enrol(office, device)
    before = offices.enrolled(office)[0]
    devices.rename(device, "巡查一组")
    assert offices.enrol(office, town.card(device)).again
    after = offices.enrolled(office)
    assert [d.certificate for d in after] == [before.certificate]
    assert after[0].name == "巡查一组"
    card = town.card(device)
    card.write_text(card.read_text("utf-8").replace("巡查", "调查"), "utf-8")
    with pytest.raises(Problem) as stop:
        offices.enrol(office, card)
    assert stop.value.code == "bad-card"


def test_a_card_may_be_json(town: Town) -> None:
    """What ``device card --json`` prints is a card too."""
    office, device = town.office("o"), town.home("d")
    public = device.device
    names = ("device", "public_key", "recipient", "name")
    path = town.folder / "card.json"
    path.write_text(json.dumps({n: getattr(public, n) for n in names}), "utf-8")
    assert offices.enrol(office, path).device.device == public.device


def test_an_office_is_made_once(town: Town) -> None:
    """The same name again is no change, another name is refused, no office is said plainly."""
    ws = town.home("o")
    with pytest.raises(Problem) as stop:
        offices.load(ws)
    assert stop.value.code == "not-an-office"
    keys = offices.init(ws, "甲办公室")
    assert offices.init(ws, "甲办公室").office == keys.office
    with pytest.raises(Problem) as stop:
        offices.init(ws, "乙办公室")
    assert stop.value.code == "already-an-office"


@pytest.mark.parametrize("name", ["", "  ", "长" * 41, "电话13800138000", "a\x1b[31mb"])
def test_names_are_checked(town: Town, name: str) -> None:
    """Empty, long, steering names and names with personal data are refused."""
    with pytest.raises(Problem):
        devices.rename(town.home("d"), name)
    with pytest.raises(Problem):
        offices.init(town.home("o"), name)
