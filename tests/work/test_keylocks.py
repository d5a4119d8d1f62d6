"""Keys behind a passphrase, as a home uses them: where the passphrase comes from and goes to."""

from __future__ import annotations

import builtins
import getpass
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.errors
import pytest

from fieldkit.cli import run
from fieldkit.errors import Problem
from fieldkit.work import Workspace, devices, keylocks, offices
from fieldkit_sync import keylock

PHRASE = "correct horse 电池"
OTHER = "another horse"


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory; ``broken`` makes it fail at everything."""

    priority = 5  # type: ignore[assignment]

    def __init__(self, broken: bool = False) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}
        self.broken = broken

    def _check(self) -> None:
        if self.broken:
            raise keyring.errors.KeyringLocked("the desktop says no")

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if (service, username) not in self.held:
            raise keyring.errors.PasswordDeleteError("not found")
        del self.held[service, username]


class Keyboard(io.StringIO):
    """A terminal at which nobody types into the pipe."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cheap locks, no passphrase in the air, no terminal, and a keyring that keeps nothing."""
    from keyring.backends.fail import Keyring

    monkeypatch.setattr(keylock, "WORK", 8)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    for name in ("FIELDKIT_PASSPHRASE", "FIELDKIT_NEW_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def ring() -> Ring:
    """The system's keyring."""
    made = Ring()
    keyring.set_keyring(made)
    return made


def again(ws: Workspace) -> Workspace:
    """The same home as another process sees it."""
    return Workspace(ws.home, ws.store, ws.device)


def problem(call: Callable[..., object], *args: object) -> str:
    with pytest.raises(Problem) as no:
        call(*args)
    return no.value.code


def types(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """People at the terminal type these; what they were asked comes back."""
    asked: list[str] = []
    waiting = list(answers)

    def answer(prompt: str = "") -> str:
        asked.append(prompt)
        if not waiting:
            raise EOFError
        return waiting.pop(0)

    monkeypatch.setattr(sys, "stdin", Keyboard())
    monkeypatch.setattr(getpass, "getpass", answer)
    monkeypatch.setattr("fieldkit.cli.device.getpass", answer)
    return asked


def test_the_environment_opens_and_nobody_is_asked(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes first, and a wrong one is said, not got around."""
    key = devices.identity(ws).age_identity
    keylocks.protect(ws, "device", PHRASE, False)
    assert keylocks.is_protected(ws, "device")
    assert problem(devices.identity, ws) == "keys-locked"
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", PHRASE)
    assert devices.identity(ws).age_identity == key
    assert keylocks.passphrase_for(ws.home, "device")() == PHRASE
    asked = types(monkeypatch, PHRASE)
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", OTHER)
    assert problem(devices.identity, again(ws)) == "wrong-passphrase"
    assert asked == []


def test_people_are_asked_without_echo_and_may_mistype(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three times, only at a terminal, and once for all that the workspace does."""
    keylocks.protect(ws, "device", PHRASE, False)
    asked = types(monkeypatch, OTHER, "x", PHRASE)
    assert devices.identity(ws).name == ws.device.name
    assert devices.identity(ws) is devices.identity(ws)
    assert len(asked) == 3
    types(monkeypatch, *[OTHER] * 4)
    assert problem(devices.identity, again(ws)) == "wrong-passphrase"
    types(monkeypatch)
    assert problem(devices.identity, again(ws)) == "keys-locked"
    assert problem(keylocks.passphrase_for(ws.home, "device")) == "keys-locked"


def test_the_screens_ask_in_their_own_way(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a hook the terminal is left alone; giving up is no mistake."""
    keylocks.protect(ws, "device", PHRASE, False)
    asked = types(monkeypatch, PHRASE)
    whose: list[str] = []

    def dialog(who: str) -> str | None:
        whose.append(who)
        return PHRASE if len(whose) > 1 else None

    monkeypatch.setattr(keylocks, "ask", dialog)
    assert problem(devices.identity, ws) == "keys-locked"
    assert devices.identity(ws).name == ws.device.name
    assert (asked, whose) == ([], ["device", "device"])


def test_the_keyring_draws_and_keeps_a_passphrase(ws: Workspace, ring: Ring) -> None:
    """Nobody needs to know it; lifting the lock forgets it."""
    keylocks.protect(ws, "device", "", True)
    user = f"device:{ws.device.device}"
    assert list(ring.held) == [("fieldkit", user)]
    assert len(ring.held["fieldkit", user]) >= 32
    assert devices.identity(again(ws)).name == ws.device.name
    keylocks.unprotect(again(ws), "device")
    assert ring.held == {}
    assert not keylocks.is_protected(ws, "device")


def test_a_passphrase_of_ones_own_leaves_the_keyring(
    ws: Workspace, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keyring gives the old one, and does not keep the new one unasked."""
    keylocks.protect(ws, "device", PHRASE, True)
    keylocks.protect(ws, "device", OTHER, False)
    assert ring.held == {}
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", OTHER)
    assert devices.identity(ws).name == ws.device.name


def test_a_stale_keyring_does_not_stand_in_the_way(
    ws: Workspace, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If what it holds is wrong, people are asked."""
    keylocks.protect(ws, "device", PHRASE, False)
    ring.held["fieldkit", f"device:{ws.device.device}"] = OTHER
    assert problem(devices.identity, ws) == "wrong-passphrase"
    types(monkeypatch, PHRASE)
    assert devices.identity(ws).name == ws.device.name


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("locks_first", [True, False])
def test_a_change_cut_off_loses_no_drawn_passphrase(
    ws: Workspace, ring: Ring, monkeypatch: pytest.MonkeyPatch, locks_first: bool
) -> None:
    """Killed before or after the files were switched, twice: the keyring still opens them."""
    keylocks.protect(ws, "device", "", True)
    real = keylock.lock

    def dies(*args: Any) -> None:
        if locks_first:
            real(*args)
        raise Killed

    for _turn in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(keylock, "lock", dies)
            with pytest.raises(Killed):
                keylocks.protect(ws, "device", "", True)
        assert devices.identity(again(ws)).name == ws.device.name
    keylocks.protect(ws, "device", "", True)
    assert devices.identity(again(ws)).name == ws.device.name
    assert len(ring.held) == 1


def test_a_keyring_that_fails_is_no_keyring(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken, without a back end, or not installed: it is never the reason for a failure."""
    real = builtins.__import__

    def without(name: str, *args: Any, **named: Any) -> Any:
        if name.startswith("keyring"):
            raise ImportError(name)
        return real(name, *args, **named)

    def check() -> None:
        assert problem(keylocks.protect, ws, "device", "", True) == "no-keyring"
        assert not keylocks.is_protected(ws, "device")
        keylocks.protect(ws, "device", PHRASE, False)
        assert problem(devices.identity, ws) == "keys-locked"
        with monkeypatch.context() as patch:
            patch.setenv("FIELDKIT_PASSPHRASE", PHRASE)
            assert devices.identity(ws).name == ws.device.name
            keylocks.unprotect(ws, "device")

    check()
    keyring.set_keyring(Ring(broken=True))
    check()
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", without)
        check()


@pytest.mark.parametrize("weak", ["", "1234567", "六个字不够", "eight\x1bchars", "eight chars\n"])
def test_weak_passphrases_are_refused(ws: Workspace, ring: Ring, weak: str) -> None:
    """Short ones, and those that nobody can type; with or without the keyring."""
    assert problem(keylocks.protect, ws, "device", weak, False) == "passphrase-weak"
    if weak:
        assert problem(keylocks.protect, ws, "device", weak, True) == "passphrase-weak"
    assert not keylocks.is_protected(ws, "device")
    assert ring.held == {}


def test_an_office_has_a_lock_of_its_own(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its keys, not the device's; a home that is none says so."""
    assert problem(keylocks.protect, ws, "office", PHRASE, False) == "not-an-office"
    assert problem(keylocks.unprotect, ws, "office") == "not-an-office"
    offices.init(ws, "镇")
    key = offices.load(ws).age_identity
    keylocks.protect(ws, "office", PHRASE, False)
    assert devices.identity(ws).name == ws.device.name
    assert problem(offices.load, ws) == "keys-locked"
    monkeypatch.setenv("FIELDKIT_PASSPHRASE", PHRASE)
    assert offices.load(ws).age_identity == key


def test_faults_are_said_in_words(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second process at it, a damaged file, a disk that cannot be written."""
    folder = ws.home / "keys"
    with keylock._alone(folder, keylocks._layout("device")):
        assert problem(keylocks.protect, ws, "device", PHRASE, False) == "keys-busy"
    with monkeypatch.context() as patch:
        patch.setattr(keylock.files, "replace", _no_room)
        assert problem(keylocks.protect, ws, "device", PHRASE, False) == "file-unreadable"
    (folder / "device.age").unlink()
    assert problem(keylocks.protect, ws, "device", PHRASE, False) == "keys-damaged"


def _no_room(*_args: object) -> None:
    raise OSError(28, "No space left on device")


def test_work_goes_on_without_the_passphrase(
    ws: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Name, card and identity are public; the journal needs no key."""
    keylocks.protect(ws, "device", PHRASE, False)
    home = str(ws.home)
    assert run(["--home", home, "device", "rename", "新名"]) == 0
    assert run(["--home", home, "device", "card"]) == 0
    assert run(["--home", home, "journal", "verify"]) == 0
    assert "新名" in capsys.readouterr().out


def test_the_command_line_sets_changes_and_lifts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, ring: Ring
) -> None:
    """From the environment, typed twice, or by the keyring; one JSON document each."""

    def cli(*words: str, code: int = 0) -> Any:
        done = run(["--home", str(tmp_path / "h"), "device", *words, "--json"])
        out, err = capsys.readouterr()
        assert done == code, (words, err)
        return json.loads(out) if code == 0 else err

    yes, no = {"protected": True, "keyring": False}, {"protected": False, "keyring": False}
    assert "FIELDKIT_NEW_PASSPHRASE" in cli("protect", code=2)
    monkeypatch.setenv("FIELDKIT_NEW_PASSPHRASE", PHRASE)
    assert cli("protect") == yes
    monkeypatch.delenv("FIELDKIT_NEW_PASSPHRASE")
    asked = types(monkeypatch, OTHER, OTHER, PHRASE)
    assert cli("protect") == yes
    assert len(asked) == 3
    types(monkeypatch, OTHER, OTHER + "x")
    assert "两次" in cli("protect", code=2)
    types(monkeypatch, PHRASE, PHRASE, PHRASE)
    assert cli("unprotect", code=2)
    types(monkeypatch, OTHER)
    assert cli("protect", "--keyring") == {"protected": True, "keyring": True}
    types(monkeypatch)
    assert cli("unprotect") == no
    assert cli("unprotect") == no
    assert cli("protect", "--office", "--keyring", code=2)
    assert ring.held == {}
