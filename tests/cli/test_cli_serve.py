"""``office serve`` as a process: devices hand in over the net, and their receipts come back."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldkit.work import intake_counts, posting, serving
from fieldkit.work.serving import Told
from fieldkit.work.workspace import Workspace

from .line import Line
from .test_cli_send import Pair

Serve = Callable[..., "Served"]


class Served:
    """A receiver as a process of its own."""

    def __init__(self, home: Path, *words: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "fieldkit", "--home", str(home), "office", "serve",
             "--port", "0", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        assert self._process.stderr is not None
        self._said = self._process.stderr
        self.lines: list[str] = []
        first = self._said.readline()
        found = re.search(r"https?://\S+?:\d+", first)
        assert found, first + self._said.read()
        self.address = found[0]
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        self.lines += self._said

    def until(self, said: str) -> None:
        """Wait for a line in which that stands."""
        end = time.monotonic() + 30
        while not any(said in line for line in list(self.lines)):
            assert time.monotonic() < end, self.lines
            time.sleep(0.02)

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        code = self._process.wait(30)
        self._reader.join(10)
        assert not any("Traceback" in line for line in self.lines), self.lines
        return code


@pytest.fixture
def pair(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Pair:
    """On one computer, with a clock that stands still."""
    monkeypatch.setenv("FIELDKIT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("FIELDKIT_NOW", "2026-11-22T10:00:00+08:00")
    monkeypatch.delenv("FIELDKIT_LANG", raising=False)
    return Pair(tmp_path, capsys)


@pytest.fixture
def serve(pair: Pair) -> Iterator[Serve]:
    """Start receivers of the office; they are stopped at the end."""
    running: list[Served] = []

    def start(*words: str) -> Served:
        running.append(Served(pair.office.home, *words))
        return running[-1]

    yield start
    for it in running:
        it.stop()


def test_over_the_net_and_back_again(pair: Pair, serve: Serve) -> None:
    """Sent, merged behind, acknowledged; a second send does no harm, a third has nothing."""
    office = serve()
    sent = pair.device.json("send", office.address)
    assert (sent["sent"], sent["events"], sent["letters"]) == (1, 4, 0)
    again = pair.device.json("send", office.address)
    assert again["bytes"] == 0
    office.until("新记录 4 条")
    back = pair.device.json("send", office.address)
    assert (back["sent"], back["letters"], back["receipts"]) == (0, 1, 1)
    assert "没有待交的记录" in pair.device.words("send", office.address)
    assert pair.office.json("office", "status")["events"] == 4
    assert office.stop() == 0
    assert "已停下" in office.lines[-1]
    (minute,) = intake_counts.read(pair.office.home / "incoming")
    assert (minute.volumes, minute.bytes) == (1, sent["bytes"])


def test_what_lies_there_is_merged_at_the_next_start(pair: Pair, serve: Serve) -> None:
    """A receiver that only receives, and later one that merges."""
    first = serve("--no-merge")
    pair.device.json("send", first.address)
    assert first.stop() == 0
    assert pair.office.json("office", "status")["events"] == 0
    second = serve()
    second.until("新记录 4 条")
    assert pair.device.json("send", second.address)["receipts"] == 1


def test_a_rejected_file_is_told_and_stops_nothing(pair: Pair, serve: Serve) -> None:
    """What is no bundle is refused by the merge; the good one beside it comes in."""
    incoming = pair.office.home / "incoming"
    incoming.mkdir()
    (incoming / f"{'0' * 16}.fkb.zip.age").write_bytes(b"no bundle at all")
    office = serve()
    office.until("拒收 1 个")
    pair.device.json("send", office.address)
    office.until("新记录 4 条")


def test_who_is_not_enrolled(pair: Pair, serve: Serve) -> None:
    """A device of nobody, and one of another office, are refused in one sentence."""
    office = serve("--no-merge")
    other = Pair(_made(pair.folder / "elsewhere"), pair.device.capture)
    other.device.words("send", office.address, "--patience", "0", code=1)
    assert "对方不收本机的文件" in other.device.err
    stranger = Line(pair.folder / "stranger", pair.device.capture)
    stranger.json("site", "import", str(pair.folder / "r.csv"))
    stranger.words("send", office.address, "--patience", "0", code=1)
    assert "对方不收本机的文件" in stranger.err
    assert list((pair.office.home / "incoming").glob("*.age")) == []


def test_one_that_is_revoked(pair: Pair, serve: Serve) -> None:
    """From the next start at the latest nothing more is taken from it."""
    pair.office.words("office", "revoke", pair.id, "--from", "1")
    office = serve("--no-merge")
    pair.device.words("send", office.address, "--patience", "0", code=1)
    assert "是否被吊销" in pair.device.err


def test_over_tls(pair: Pair, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a certificate that is trusted; without that it is refused before a word is said."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from fuzz.wires_world import certificate

    paths = certificate(pair.folder)
    office = serve("--certificate", str(paths[0]), "--key", str(paths[1]), "--no-merge")
    assert office.address.startswith("https://")
    pair.device.words("send", office.address, "--patience", "0", code=1)
    assert "对方不收本机的文件" in pair.device.err
    trusted = ssl.create_default_context(cafile=str(paths[0]))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusted)
    assert pair.device.json("send", office.address)["sent"] == 1


def test_what_cannot_be_served(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence each: the port is taken, no certificate, no office, no extra."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        pair.office.words("office", "serve", "--port", port, code=2)
    assert f"127.0.0.1:{port}" in pair.office.err
    pair.office.words("office", "serve", "--host", "192.0.2.1", "--port", "0", code=2)
    assert "不能在 192.0.2.1:0 上收件" in pair.office.err
    nowhere = str(tmp_path / "nowhere.pem")
    pair.office.words("office", "serve", "--port", "0", "--certificate", nowhere, code=2)
    assert "证书或私钥读不出来" in pair.office.err
    pair.device.words("office", "serve", "--port", "0", code=2)
    monkeypatch.delitem(sys.modules, "fieldkit_sync.wires.http_serve", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    pair.office.words("office", "serve", "--port", "0", code=2)
    assert "fieldkit[server]" in pair.office.err
    for line in (pair.office.err, pair.device.err):
        assert len(line.strip().splitlines()) == 1


class TestMergingBehind:
    """What stands in the way of a merge does not stop what is received."""

    @pytest.fixture
    def office(self, pair: Pair) -> Iterator[tuple[serving.Office, list[Told]]]:
        """The receiver of an office that listens and is not run."""
        told: list[Told] = []
        with Workspace.open(pair.office.home) as ws:
            yield serving.Office(ws, "127.0.0.1", 0, told=told.append), told

    def test_it_is_tried_again(
        self,
        pair: Pair,
        office: tuple[serving.Office, list[Told]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The disk was full for a while: the files wait, and the device gets its letter."""
        receiver, told = office
        incoming = pair.office.home / "incoming"
        pair.device.json("send", str(incoming))
        files = set(incoming.glob("*.age"))
        with monkeypatch.context() as patch:
            patch.setattr(posting, "post_to", _full)
            receiver._merge(files)
            receiver._merge(files)
        assert [bool(it.problem) for it in told] == [True, True]
        assert "no room" in told[0].problem
        assert receiver._left == files
        receiver._merge(receiver._left | {incoming / "taken-away.age"})
        assert (told[-1].problem, told[-1].bundles, told[-1].letters) == ("", 1, 1)
        assert receiver._left == set()

    def test_letters_do_not_pile_up(
        self, pair: Pair, office: tuple[serving.Office, list[Told]]
    ) -> None:
        """The newest are kept; they say all that the others said."""
        receiver, told = office
        incoming = pair.office.home / "incoming"
        pair.device.json("send", str(incoming))
        box = incoming / "letters" / pair.id
        box.mkdir(parents=True)
        for number in range(150):
            old = box / f"{number:016x}.age"
            old.write_bytes(b"x")
            os.utime(old, (number, number))
        receiver._merge(set(incoming.glob("*.age")))
        assert told[-1].letters == 1
        left = sorted(box.iterdir())
        assert len(left) == 100
        assert box / f"{149:016x}.age" in left
        assert any(it.stat().st_size > 1000 for it in left)


def _full(*_given: object) -> None:
    from fieldkit_sync.errors import Refusal

    raise Refusal("full", "no room")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
