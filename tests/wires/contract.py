"""What every wire must do: one suite, run by each wire's own test file over its own far side.

A far side is how a test builds, breaks and looks at what a wire leads to.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from fieldkit_sync.errors import Refusal
from fieldkit_sync.wires.base import AGAIN, MAX_VOLUME, OFFICE, Held, Lying, Volume, Wire, volume


class Far(Protocol):
    """The other side of a wire under test."""

    box: str
    """A box of letters that this side may read."""

    def wire(self) -> Wire:
        """A new client, as a program that was just started has it."""
        ...

    def lay(self, one: Volume) -> None:
        """Put a letter into that box, as the office does."""
        ...

    def held(self, box: str = OFFICE) -> dict[str, bytes]:
        """What whole files lie there, read without the wire."""
        ...

    def cut_after(self, count: int) -> None:
        """The next transfer breaks off once so many bytes went across; one time only."""
        ...

    def stale(self, one: Volume, held: bytes, box: str = OFFICE) -> bool:
        """Leave half a volume from another time; False where such a thing cannot be."""
        ...

    def fill(self, full: bool) -> None:
        """The disk over there is full, or has room again."""
        ...

    def spoil(self, name: str) -> None:
        """Change a byte of a letter that lies there."""
        ...

    def swell(self, name: str) -> None:
        """Make a letter that lies there larger than any volume is."""
        ...


def swell(place: Path) -> None:
    """Make a file larger than any volume is; its end takes no room on the disk."""
    with place.open("r+b") as out:
        out.truncate(MAX_VOLUME + 1)


class Cancelled(Exception):
    """A person pressed a key."""


def sealed(folder: Path, size: int, seed: int = 1) -> Volume:
    """A file of random bytes under the name of its digest; a wire never looks inside."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = random.Random(seed).randbytes(size)
    path = folder / f"{hashlib.sha256(raw).hexdigest()[:16]}.fkb.zip.age"
    path.write_bytes(raw)
    return volume(path)


def code_of(act: Callable[[], object]) -> str:
    """The code of the refusal."""
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def put_at_last(far: Far, one: Volume) -> None:
    """Put it; where what lay there was found out, once more."""
    try:
        far.wire().put(one)
    except Refusal as refusal:
        if refusal.code not in {"other-bytes", *AGAIN}:
            raise
        far.wire().put(one)


class WireContract:
    """Subclass with a fixture ``far``; ``STEP`` is how far apart cuts are tried."""

    SIZE = 5000
    STEP = 397

    def test_what_was_put_lies_there_whole(self, far: Far, tmp_path: Path) -> None:
        """Offered as nothing, put, offered as whole."""
        one = sealed(tmp_path / "here", self.SIZE)
        assert far.wire().offer([one]) == [Held(one.name, 0, False)]
        assert far.wire().put(one) == one.size
        assert far.wire().offer([one]) == [Held(one.name, one.size, True)]
        assert far.held() == {one.name: one.path.read_bytes()}

    def test_a_letter_is_listed_and_fetched(self, far: Far, tmp_path: Path) -> None:
        """The same bytes under the same name, once and again."""
        one = sealed(tmp_path / "here", self.SIZE)
        far.lay(one)
        assert far.wire().list(far.box) == [Lying(one.name, one.size)]
        (tmp_path / "there").mkdir()
        for _time in range(2):
            got = far.wire().get(one.name, far.box, tmp_path / "there")
            assert got.name == one.name
            assert got.read_bytes() == one.path.read_bytes()

    def test_twice_is_once(self, far: Far, tmp_path: Path) -> None:
        """The second time nothing goes across and nothing changes."""
        one = sealed(tmp_path / "here", self.SIZE)
        far.wire().put(one)
        assert far.wire().put(one) == 0
        assert list(far.held()) == [one.name]

    def test_any_order(self, far: Far, tmp_path: Path) -> None:
        """Volumes are independent of each other."""
        several = [sealed(tmp_path / "here", 100 + n, seed=n) for n in range(5)]
        for one in reversed(several):
            far.wire().put(one)
        assert far.held() == {one.name: one.path.read_bytes() for one in several}
        assert all(held.whole for held in far.wire().offer(several))

    def test_an_empty_offer(self, far: Far) -> None:
        """Nothing is offered, nothing is said."""
        assert far.wire().offer([]) == []

    def test_boxes_are_apart(self, far: Far, tmp_path: Path) -> None:
        """A letter in a device's box is in no other one; a box without letters is empty."""
        far.lay(sealed(tmp_path / "here", 300))
        assert far.wire().list("cd" * 16) == []
        assert far.held() == {}
        assert code_of(lambda: far.wire().list("../up")) == "not-there"

    def test_cut_anywhere_and_resumed(self, far: Far, tmp_path: Path) -> None:
        """Wherever it breaks off: nothing is seen under the name, the next try completes it."""
        for number, after in enumerate(range(0, self.SIZE, self.STEP)):
            one = sealed(tmp_path / "here", self.SIZE, seed=number)
            far.cut_after(after)
            assert code_of(lambda one=one: far.wire().put(one)) in AGAIN  # type: ignore[misc]
            assert one.name not in far.held()
            assert not far.wire().offer([one])[0].whole
            sent = far.wire().put(one)
            assert 0 < sent <= one.size
            assert far.held()[one.name] == one.path.read_bytes()

    def test_a_stale_part_is_not_believed(self, far: Far, tmp_path: Path) -> None:
        """Half a volume whose bytes are others, or more than the whole, spoils nothing."""
        one = sealed(tmp_path / "here", self.SIZE)
        raw = one.path.read_bytes()
        for held in (b"", b"x" * 100, raw[:700] + b"y" * 50, raw + b"more", raw[:2000], raw):
            if not far.stale(one, held):
                return
            put_at_last(far, one)
            assert far.held()[one.name] == raw

    def test_a_spoilt_letter_is_found_out(self, far: Far, tmp_path: Path) -> None:
        """What is not what its name says is not handed on."""
        one = sealed(tmp_path / "here", 900)
        far.lay(one)
        far.spoil(one.name)
        (tmp_path / "there").mkdir()
        fetch = lambda: far.wire().get(one.name, far.box, tmp_path / "there")  # noqa: E731
        assert code_of(fetch) == "other-bytes"
        assert list((tmp_path / "there").iterdir()) == []

    def test_an_endless_letter_is_not_fetched(self, far: Far, tmp_path: Path) -> None:
        """Nobody fills the disk of a device through its letters."""
        one = sealed(tmp_path / "here", 900)
        far.lay(one)
        far.swell(one.name)
        there = tmp_path / "there"
        there.mkdir()
        assert code_of(lambda: far.wire().get(one.name, far.box, there)) == "too-large"
        assert sum(it.stat().st_size for it in there.iterdir()) == 0

    def test_fetching_goes_on_after_a_part(self, far: Far, tmp_path: Path) -> None:
        """Half a letter from before, right or wrong, ends in the letter."""
        one = sealed(tmp_path / "here", 900)
        far.lay(one)
        raw = one.path.read_bytes()
        there = tmp_path / "there"
        for held in (raw[:400], raw, raw[:300] + b"x" * 50, raw + b"more"):
            there.mkdir()
            (there / f"{one.name}.part").write_bytes(held)
            try:
                far.wire().get(one.name, far.box, there)
            except Refusal as refusal:
                if refusal.code != "other-bytes":
                    raise
                far.wire().get(one.name, far.box, there)
            assert (there / one.name).read_bytes() == raw
            assert len(list(there.iterdir())) == 1
            (there / one.name).unlink()
            there.rmdir()

    def test_a_full_disk_is_told(self, far: Far, tmp_path: Path) -> None:
        """It is named, leaves nothing under the name, and once there is room it goes on."""
        one = sealed(tmp_path / "here", self.SIZE)
        far.fill(True)
        assert code_of(lambda: far.wire().put(one)) == "full"
        assert far.held() == {}
        far.fill(False)
        far.wire().put(one)
        assert far.held() == {one.name: one.path.read_bytes()}

    def test_cancelled_in_the_middle(self, far: Far, tmp_path: Path) -> None:
        """A watcher that raises ends it; what is across is not sent again."""
        one = sealed(tmp_path / "here", 3 * 1024 * 1024 + 17)
        seen: list[int] = []

        def watch(done: int) -> None:
            seen.append(done)
            if done >= 2 * 1024 * 1024:
                raise Cancelled

        with pytest.raises(Cancelled):
            far.wire().put(one, watch=watch)
        assert seen[0] == 0
        assert seen == sorted(seen)
        assert one.name not in far.held()
        again: list[int] = []
        far.wire().put(one, watch=again.append)
        assert again == sorted(again)
        assert again[-1] == one.size
        assert far.held()[one.name] == one.path.read_bytes()

    def test_what_is_not_there(self, far: Far, tmp_path: Path) -> None:
        """A name nobody put is not there; names that are none are refused before anything."""
        assert code_of(lambda: far.wire().get("0" * 16 + ".age", far.box, tmp_path)) == "not-there"
        for name in ("../../etc/passwd", "a.age", "", "0" * 16 + ".age.part", "0" * 16 + ".AGE"):
            assert code_of(lambda name=name: far.wire().get(name, far.box, tmp_path)) in {  # type: ignore[misc]
                "not-a-volume", "not-there",
            }  # fmt: skip
        assert [it for it in tmp_path.iterdir() if it.is_file()] == []

    def test_the_file_changed_under_way(self, far: Far, tmp_path: Path) -> None:
        """A volume whose file is no longer what it was is not taken for it."""
        one = sealed(tmp_path / "here", self.SIZE)
        one.path.write_bytes(b"z" * self.SIZE)
        assert code_of(lambda: far.wire().put(one)) == "other-bytes"
        assert far.held() == {}
