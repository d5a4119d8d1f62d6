"""Keys behind a passphrase: they load again, whatever happens while they are switched."""

from __future__ import annotations

import os
import pty
import re
import select
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from fieldkit_sync import identity, keylock
from fieldkit_sync.errors import Refusal
from fieldkit_sync.identity import Identity
from fieldkit_sync.keyfolder import DEVICE, OFFICE
from fieldkit_sync.office import OfficeKeys

OLD, NEW = "旧口令 with space", "new 口令"
PLAIN = {"device_ed25519", "device.age"}
LOCKED = {"device_ed25519.locked.age", "device.locked.age"}


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real thing at a thousandth of its price."""
    monkeypatch.setattr(keylock, "WORK", 8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the keys of a device."""
    return Identity.create(tmp_path / "keys", "一组").folder


def load(folder: Path, passphrase: str) -> Identity:
    return Identity.load(folder, lambda: passphrase)


def never() -> str:
    raise AssertionError("nobody may be asked")


def code(call: Callable[..., object], *args: object) -> str:
    with pytest.raises(Refusal) as no:
        call(*args)
    return no.value.code


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != ".device.switch"}


def test_locked_keys_are_the_same_keys(folder: Path) -> None:
    """There and back: the very bytes return, nothing but the public side stays plain meanwhile."""
    before = {name: (folder / name).read_bytes() for name in PLAIN}
    public = {"device.json", "device_ed25519.pub"}
    keys = Identity.load(folder, never)
    assert not keylock.locked(folder, DEVICE)
    keylock.lock(folder, DEVICE, OLD)
    assert keylock.locked(folder, DEVICE)
    assert names(folder) == public | LOCKED
    if os.name != "nt":
        assert {stat.S_IMODE((folder / name).stat().st_mode) for name in LOCKED} == {0o600}
    again = load(folder, OLD)
    assert again.age_identity == keys.age_identity
    assert again.sign("x", b"data") == keys.sign("x", b"data")
    keylock.unlock(folder, DEVICE, OLD)
    assert names(folder) == public | PLAIN
    assert before == {name: (folder / name).read_bytes() for name in PLAIN}
    keylock.unlock(folder, DEVICE, "not needed")
    assert Identity.load(folder, never).public == keys.public


def test_office_keys_are_locked_alike(tmp_path: Path) -> None:
    """The files are named after the folder's kind."""
    made = OfficeKeys.create(tmp_path / "office", "镇")
    keylock.lock(made.folder, OFFICE, OLD)
    assert (made.folder / "office_ed25519.locked.age").exists()
    assert (made.folder / "office.locked.age").exists()
    assert code(OfficeKeys.load, made.folder) == "locked"
    assert OfficeKeys.load(made.folder, lambda: OLD).age_identity == made.age_identity


def test_only_the_right_passphrase_opens(folder: Path) -> None:
    """No way to ask, another passphrase, an empty one, one that is no text."""
    keylock.lock(folder, DEVICE, OLD)
    assert code(Identity.load, folder) == "locked"
    for wrong in (NEW, "", OLD + " ", "\udc80"):
        assert code(load, folder, wrong) == "wrong-passphrase"
        assert code(keylock.unlock, folder, DEVICE, wrong) == "wrong-passphrase"
    for bad in ("", "\udc80"):
        assert code(keylock.lock, folder, DEVICE, bad, lambda: OLD) == "bad-passphrase"
    assert code(keylock.lock, folder, DEVICE, NEW) == "locked"
    assert code(keylock.lock, folder, DEVICE, NEW, lambda: NEW) == "wrong-passphrase"
    assert load(folder, OLD).name == "一组"


def test_another_passphrase_takes_the_place_of_the_old(folder: Path) -> None:
    """The old one opens nothing any more, and no plain file was made."""
    keylock.lock(folder, DEVICE, OLD)
    keylock.lock(folder, DEVICE, NEW, lambda: OLD)
    assert load(folder, NEW).name == "一组"
    assert code(load, folder, OLD) == "wrong-passphrase"
    assert names(folder) & (PLAIN | {f"{name}.new" for name in LOCKED}) == set()


def test_what_is_public_needs_no_passphrase(folder: Path) -> None:
    """Note, card and renaming go on without it, and load no cipher library."""
    keylock.lock(folder, DEVICE, OLD)
    script = (
        "import sys; from pathlib import Path; from fieldkit_sync import identity;"
        "folder = Path(sys.argv[1]); identity.rename(folder, '二组');"
        "print(identity.parse_card(identity.card_text(identity.public(folder))).name);"
        "assert not {'pyrage', 'cryptography'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script, str(folder)], capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "二组"
    assert identity.public(folder).name == load(folder, OLD).name == "二组"


class PowerCut(BaseException):
    """What a test raises from one step on."""


STEPS = ("replace", "unlink", "open", "fsync")


def cut_at(monkeypatch: pytest.MonkeyPatch, step: int, act: Callable[[], object]) -> bool:
    """Do ``act`` with the power gone before its ``step``-th touch of the disk; True if it ended."""
    done = 0

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **named: object) -> object:
            nonlocal done
            done += 1
            if done > step:
                raise PowerCut
            return real(*args, **named)

        return call

    with monkeypatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, dying(getattr(os, name)))
        with suppress(PowerCut):
            act()
            return True
    return False


def opens(folder: Path, passphrase: str) -> bool:
    with suppress(Refusal):
        return load(folder, passphrase).name == "一组"
    return False


SWITCHES: dict[str, Callable[[Path], object]] = {
    "lock": lambda at: keylock.lock(at, DEVICE, NEW),
    "change": lambda at: keylock.lock(at, DEVICE, NEW, lambda: OLD),
    "unlock": lambda at: keylock.unlock(at, DEVICE, OLD),
}
NEXT: dict[str, Callable[[Path, str], object]] = {
    "lock": lambda at, now: keylock.lock(at, DEVICE, "third", lambda: now),
    "unlock": lambda at, now: keylock.unlock(at, DEVICE, now),
}


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("after", NEXT)
def test_a_power_cut_at_any_step_leaves_keys_that_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, switch: str, after: str
) -> None:
    """After the cut the keys load, and the next switch ends clean, also if it is cut as well."""
    step, ended = 0, False
    while not ended:
        folder = Identity.create(tmp_path / f"{switch}{step}", "一组").folder
        if switch != "lock":
            keylock.lock(folder, DEVICE, OLD)
        ended = cut_at(monkeypatch, step, lambda at=folder: SWITCHES[switch](at))
        assert opens(folder, OLD) or opens(folder, NEW), step
        assert keylock.locked(folder, DEVICE) == (not opens(folder, "neither")), step
        now = NEW if opens(folder, NEW) else OLD
        # The second cut falls on every seventh step or so, another one for each first step.
        cut_at(monkeypatch, step % 7 * 3, lambda at=folder, now=now: NEXT[after](at, now))
        assert opens(folder, now) or opens(folder, "third"), step
        last = "third" if opens(folder, "third") else now
        NEXT[after](folder, last)
        assert names(folder) == {"device.json", "device_ed25519.pub"} | (
            LOCKED if after == "lock" else PLAIN
        )
        assert opens(folder, "third")
        step += 1
    assert step > 10


def test_a_disk_that_gives_back_other_bytes_costs_no_key(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain files go only once the locked ones have been read back and opened."""
    real = keylock._seal
    monkeypatch.setattr(keylock, "_seal", lambda text, phrase: real(text + b"\n", phrase))
    assert code(keylock.lock, folder, DEVICE, OLD) == "write-back"
    assert Identity.load(folder, never).name == "一组"


def test_two_switches_at_once_are_not_mixed(folder: Path) -> None:
    """The second is told to wait, and nothing of the first is touched."""
    with keylock._alone(folder, DEVICE):
        assert code(keylock.lock, folder, DEVICE, OLD) == "busy"
        assert code(keylock.unlock, folder, DEVICE, OLD) == "busy"
        assert Identity.load(folder, never).name == "一组"
    keylock.lock(folder, DEVICE, OLD)
    assert load(folder, OLD).name == "一组"


def test_keys_load_while_another_process_switches(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that go between two looks are looked for under their other name."""
    real, switches = keylock._bytes, [lambda: keylock.lock(folder, DEVICE, OLD)]

    def late(at: Path, name: str) -> bytes:
        if name == "device.age" and switches:
            switches.pop()()
        return real(at, name)

    monkeypatch.setattr(keylock, "_bytes", late)
    assert load(folder, OLD).name == "一组"


def test_keys_load_while_another_process_unlocks(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The locked files go while they are about to be read."""
    keylock.lock(folder, DEVICE, OLD)
    real = keylock._candidates

    def late(at: Path, name: str) -> dict[str, bytes]:
        monkeypatch.setattr(keylock, "_candidates", real)
        keylock.unlock(folder, DEVICE, OLD)
        return real(at, name)

    monkeypatch.setattr(keylock, "_candidates", late)
    assert load(folder, OLD).name == "一组"


@pytest.mark.parametrize("work", [21, 22, 30, 63, 99])
def test_a_planted_file_cannot_make_us_work(
    folder: Path, monkeypatch: pytest.MonkeyPatch, work: int
) -> None:
    """More work than agreed is refused before the cipher library sees the file."""
    import pyrage

    keylock.lock(folder, DEVICE, OLD)
    path = folder / "device_ed25519.locked.age"
    raw = path.read_bytes()
    path.write_bytes(re.sub(rb"(-> scrypt \S+ )\d+", rb"\g<1>%d" % work, raw))
    monkeypatch.setattr(pyrage.passphrase, "decrypt", lambda *_: never())
    assert code(load, folder, OLD) == "bad-identity"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: b"",
        lambda raw: b"x" * 70_000,
        lambda raw: raw[:-1],
        lambda raw: raw + b"x",
        lambda raw: raw.replace(b"-> scrypt", b"-> X25519"),
        lambda raw: re.sub(rb"\n--- ", b"\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 8\n--- ", raw),
        lambda raw: re.sub(rb"(-> scrypt \S+ )8", rb"\g<1>08", raw),
        lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
    ],
)
def test_spoiled_files_are_named_not_believed(
    folder: Path, spoil: Callable[[bytes], bytes]
) -> None:
    """Cut, altered, too long, or of another kind."""
    keylock.lock(folder, DEVICE, OLD)
    path = folder / "device.locked.age"
    path.write_bytes(spoil(path.read_bytes()))
    assert code(load, folder, OLD) == "bad-identity"


def test_no_changed_byte_of_a_locked_key_passes(folder: Path) -> None:
    """age refuses every change, in the header as in the text."""
    keylock.lock(folder, DEVICE, OLD)
    path = folder / "device.locked.age"
    raw = path.read_bytes()
    for at in range(0, len(raw), 5):
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        assert not opens(folder, OLD), at


def test_a_lost_file_is_named(folder: Path) -> None:
    """Half a set is no set."""
    (folder / "device.age").unlink()
    assert code(Identity.load, folder) == "bad-identity"
    assert not keylock.locked(folder, DEVICE)
    assert code(keylock.lock, folder, DEVICE, OLD) == "bad-identity"


def test_a_busy_computer_does_not_refuse_its_own_lock(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library's stop-watch may err a few times; for ever is a refusal, not a loop."""
    import pyrage

    keylock.lock(folder, DEVICE, OLD)
    real, busy = pyrage.passphrase.decrypt, 3

    def decrypt(raw: bytes, passphrase: str) -> bytes:
        nonlocal busy
        busy -= 1
        if busy >= 0:
            raise pyrage.DecryptError("Excessive work parameter for passphrase.\nabout 9 s")
        return bytes(real(raw, passphrase))

    monkeypatch.setattr(pyrage.passphrase, "decrypt", decrypt)
    assert load(folder, OLD).name == "一组"
    busy = 1_000
    assert code(load, folder, OLD) == "bad-identity"


def test_the_agreed_work_opens_on_this_computer(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once at the full price: 2^18, as the age command locks."""
    monkeypatch.setattr(keylock, "WORK", 18)
    raw = keylock._seal(b"a key", OLD)
    assert b" 18\n" in raw[:64]
    assert keylock._open(raw, OLD, "x") == b"a key"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a pseudo terminal."""
    ours, theirs = pty.openpty()
    with closing(os.fdopen(ours, "rb", buffering=0)), closing(os.fdopen(theirs, "rb", buffering=0)):
        yield ours, theirs


def test_the_stock_tool_opens_locked_keys(folder: Path, terminal: tuple[int, int]) -> None:
    """``age -d`` asks at the terminal and gives back the very files."""
    plain = {name: (folder / name).read_bytes() for name in PLAIN}
    keylock.lock(folder, DEVICE, OLD)
    ours, theirs = terminal
    # age reads from /dev/tty, so the pseudo terminal must be the one that governs it.
    start = (
        "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
        "os.execvp(sys.argv[1], sys.argv[1:])"
    )
    for name, locked in zip(sorted(PLAIN), sorted(LOCKED), strict=True):
        tool = subprocess.Popen(
            [sys.executable, "-c", start, "age", "-d", "-o", f"{name}.out", locked],
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        said = b""
        while b"passphrase" not in said and tool.poll() is None:
            if select.select([ours], [], [], 1)[0]:
                said += os.read(ours, 1024)
        os.write(ours, OLD.encode() + b"\n")
        assert tool.wait(60) == 0, said
        assert (folder / f"{name}.out").read_bytes() == plain[name]
