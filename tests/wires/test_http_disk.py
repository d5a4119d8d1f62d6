"""What a receiver says when its disk fails, and what it finds after it was ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fieldkit_sync.identity import Identity
from fieldkit_sync.wires.spool import Spool

from .desk import PATH, RAW, WANTED, Desk


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Identity, Identity]:
    """A device that is enrolled, and a stranger."""
    folder = tmp_path_factory.mktemp("keys")
    return Identity.create(folder / "a", "甲"), Identity.create(folder / "b", "乙")


@pytest.fixture
def office(tmp_path: Path, both: tuple[Identity, Identity]) -> Desk:
    """An empty one."""
    return Desk(tmp_path / "spool", both[0])


class TestDiskBelow:
    """A disk that fails is never taken for one that holds."""

    @pytest.fixture
    def failing(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
        """From now on nothing can be synced."""

        def fail() -> None:
            def fsync(handle: int) -> None:
                raise OSError(5, "the disk is broken")

            monkeypatch.setattr("os.fsync", fsync)

        return fail

    def test_nothing_is_acknowledged_that_was_not_synced(
        self, office: Desk, failing: Callable[[], None]
    ) -> None:
        failing()
        answer = office.post()
        assert (answer.code, answer.status) == ("busy", 503)
        assert "upload-offset" not in answer.headers
        assert list(office.spool.root.glob("*.age")) == []

    def test_nor_a_part_of_it(self, office: Desk, failing: Callable[[], None]) -> None:
        office.begun(10)
        failing()
        answer = office.patch(10, RAW[10:])
        assert answer.code == "busy"
        assert list(office.spool.root.glob("*.age")) == []

    def test_the_program_ended_between_the_last_byte_and_the_name(self, office: Desk) -> None:
        """The next question finds it out, and it counts as having come, once."""
        office.begun(len(RAW))
        for _time in range(2):
            assert office.hand.signed("HEAD", PATH).headers["upload-offset"] == str(WANTED.size)
        assert office.receiver.counts.volumes == 1
        assert (office.spool.root / WANTED.name).read_bytes() == RAW

    def test_parts_expire(self, tmp_path: Path, both: tuple[Identity, Identity]) -> None:
        """Two weeks after its last byte; what is whole never does."""
        now = time.time()
        spool = Spool(tmp_path / "old", room=0, clock=lambda: now)
        spool.keep(both[0].device, WANTED, RAW[:10])
        spool.take(both[1].device, WANTED, RAW)
        assert spool.expire() == 0
        now += 15 * 24 * 3600
        assert spool.expire() == 1
        assert (spool.root / WANTED.name).exists()
