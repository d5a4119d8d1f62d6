"""Clients that dawdle, crowd or vanish, and a receiver that is stopped: over real sockets."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from fieldkit_sync.errors import Refusal
from fieldkit_sync.identity import Identity
from fieldkit_sync.wires import http_words
from fieldkit_sync.wires.base import Volume
from fieldkit_sync.wires.http_auth import Asked
from fieldkit_sync.wires.http_client import Http, Signer
from fieldkit_sync.wires.http_limits import Limits
from fieldkit_sync.wires.http_serve import Guard, Serving
from fieldkit_sync.wires.spool import Upload

from .contract import code_of, sealed
from .receiver import PLACE, Answer, Running, answer_of, authorized, raw_request, signed_head, tus

Start = Callable[..., Running]
BIG = 2 * 1024 * 1024
WRITTEN = 256 * 1024
"""Bytes that may wait until they are written together."""


@pytest.fixture(scope="module")
def me(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """One device for all tests."""
    return Identity.create(tmp_path_factory.mktemp("keys") / "keys", "甲")


@pytest.fixture
def start(tmp_path: Path, me: Identity) -> Iterator[Start]:
    """Start receivers with these limits; they are stopped at the end."""
    running: list[Running] = []

    def one(limits: Limits | None = None, guard: Guard | None = None, grace: int = 1) -> Running:
        root = tmp_path / f"spool{len(running)}"
        running.append(Running(root, PLACE, {me.device: me.public_key}, limits, guard, grace))
        return running[-1]

    yield one
    for it in running:
        it.close()


def dial(running: Running) -> socket.socket:
    """A connection that gives up after a while."""
    return socket.create_connection(("127.0.0.1", running.port), timeout=10)


def upload_of(one: Volume) -> Upload:
    """What a receiver calls it."""
    return Upload(one.sha256, one.size, one.name[16:])


def wire(running: Running, me: Identity) -> Http:
    """A new client."""
    signer = Signer(me.device, me.sign)
    return Http(f"http://127.0.0.1:{running.port}", signer, office=PLACE, timeout=10)


def half_sent(running: Running, me: Identity, one: Volume, held: int) -> socket.socket:
    """A connection on which the first bytes of a volume came, and no more."""
    running.spool.begin(me.device, upload_of(one))
    line = dial(running)
    line.sendall(signed_head(running, me, upload_of(one), "PATCH", one.size, 0))
    line.sendall(one.path.read_bytes()[:held])
    until(lambda: (running.spool.held(me.device, upload_of(one)) or 0) >= held - WRITTEN)
    return line


def until(holds: Callable[[], bool]) -> None:
    """Wait for it, not for ever."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


def hung_up(line: socket.socket) -> bool:
    """Whether the other side ends the connection without a word."""
    return answer_of(line).status == 0


class TestUnknownClients:
    """Before anything is known of a client it costs little, and not for long."""

    def test_who_says_nothing_is_cut(self, start: Start) -> None:
        running = start(guard=Guard(head=0.2))
        with dial(running) as line:
            assert hung_up(line)

    def test_a_head_letter_by_letter_is_cut(self, start: Start) -> None:
        """Slow loris: each letter comes in time, the whole never does."""
        running = start(guard=Guard(head=0.3))

        def dawdle(line: socket.socket) -> None:
            for letter in raw_request("GET", http_words.ROOT, {"X": "y" * 500}):
                line.sendall(bytes([letter]))
                time.sleep(0.02)

        with dial(running) as line, pytest.raises(ConnectionError):
            dawdle(line)

    @pytest.mark.parametrize("before", [0, 1])
    def test_a_head_without_end_is_cut(self, start: Start, before: int) -> None:
        """On a fresh connection, and on one that was answered before."""
        running = start()

        def flood(line: socket.socket) -> None:
            line.sendall(b"GET /v1 HTTP/1.1\r\n")
            for number in range(20_000):
                line.sendall(b"X-%d: %s\r\n" % (number, b"y" * 1000))

        with dial(running) as line:
            for _time in range(before):
                line.sendall(raw_request("GET", http_words.ROOT, {}))
                assert answer_of(line).status == 200
            with pytest.raises(ConnectionError):
                flood(line)

    @pytest.mark.parametrize("method", ["POST", "GET"])
    def test_a_body_before_its_signature_is_not_read(self, start: Start, method: str) -> None:
        """An unsigned request is answered and hung up on while its body still comes."""
        running = start()
        headers = tus({"upload-length": "99", "content-length": str(10**9)})
        path = http_words.ROOT if method == "GET" else f"{http_words.UPLOADS}/{'0' * 64}-99.age"

        def flood(line: socket.socket) -> None:
            for _piece in range(1000):
                line.sendall(b"x" * 100_000)

        with dial(running) as line:
            line.sendall(raw_request(method, path, headers))
            assert answer_of(line).code == ("not-signed" if method == "POST" else "")
            with pytest.raises(ConnectionError):
                flood(line)
        assert running.receiver.counts.reading == 0
        assert [it for it in running.spool.root.rglob("*") if it.is_file()] == []

    def test_the_silent_make_room_for_who_asks(self, start: Start, me: Identity) -> None:
        """Beyond the most connections the longest silent one goes; a device gets through."""
        running = start(guard=Guard(most=5))
        silent = [dial(running) for _number in range(5)]
        until(lambda: len(running.serving.connections) == 5)
        assert wire(running, me).list(me.device) == []
        assert hung_up(silent[0])
        for line in silent:
            line.close()

    def test_garbage(self, start: Start) -> None:
        """What is no HTTP is told so and hung up on; the receiver goes on."""
        running = start()
        for raw in (b"\x16\x03\x01\x02\x00" * 50, b"GET\r\n\r\n", b"\x00" * 100, b"SSH-2.0-x\r\n"):
            with dial(running) as line:
                line.sendall(raw)
                line.shutdown(socket.SHUT_WR)
                assert answer_of(line).status in (0, 400)
        with dial(running) as line:
            line.sendall(raw_request("GET", http_words.HEALTH, {}))
            assert answer_of(line).body == b'{"ok":true}'


class TestSlowClients:
    """A known device, too, may not hold a place for ever."""

    def test_a_body_that_stops(self, start: Start, me: Identity, tmp_path: Path) -> None:
        """It is told, and what came is kept."""
        one = sealed(tmp_path / "here", BIG)
        running = start(Limits(idle=0.2))
        with half_sent(running, me, one, 1_500_000) as line:
            assert answer_of(line).code == "slow"
        assert running.spool.held(me.device, upload_of(one)) == 1_500_000
        assert wire(running, me).offer([one])[0].size == 1_500_000
        assert wire(running, me).put(one) == BIG - 1_500_000

    def test_a_small_body_that_stops(self, start: Start, me: Identity, tmp_path: Path) -> None:
        """Half of what would have come in one request is not lost either."""
        one = sealed(tmp_path / "here", 9000)
        running = start(Limits(idle=0.2))
        with dial(running) as line:
            line.sendall(signed_head(running, me, upload_of(one), "POST", one.size))
            line.sendall(one.path.read_bytes()[:4000])
            assert answer_of(line).code == "slow"
        assert wire(running, me).put(one) == 5000

    def test_a_body_that_trickles(self, start: Start, me: Identity, tmp_path: Path) -> None:
        """Each byte comes in time, but there are too few of them."""
        one = sealed(tmp_path / "here", BIG)
        running = start(Limits(idle=0.3, least=1_000_000))
        with half_sent(running, me, one, 10) as line:
            line.settimeout(0.02)
            answer = Answer(0, {}, b"")
            for byte in one.path.read_bytes()[10:]:
                try:
                    line.sendall(bytes([byte]))
                    answer = answer_of(line)
                    break
                except TimeoutError:
                    continue
            assert answer.code == "slow"

    def test_a_letter_that_nobody_takes(self, start: Start, me: Identity, tmp_path: Path) -> None:
        """A client that asks for a large letter and reads none of it is cut off."""
        one = sealed(tmp_path / "here", 16 * 1024 * 1024)
        running = start(guard=Guard(stuck=0.3))
        box = running.spool.root / "letters" / me.device
        box.mkdir(parents=True)
        one.path.rename(box / one.name)
        path = f"{http_words.LETTERS}/{one.name}"
        signed = authorized(me, Asked(PLACE, "GET", path, 0, -1), running.receiver.words.make())
        with dial(running) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            line.sendall(raw_request("GET", path, signed))
            until(lambda: len(running.serving.connections) == 1)
            until(lambda: len(running.serving.connections) == 0)


class TestCrowds:
    """So many at once, and no more."""

    def test_too_many_bodies(self, start: Start, me: Identity, tmp_path: Path) -> None:
        """The next one is told to come again; all else is answered; then its turn comes."""
        running = start(Limits(uploads=2))
        several = [sealed(tmp_path / "here", BIG, seed=n) for n in range(3)]
        lines = [dial(running) for _number in range(2)]
        for line, one in zip(lines, several, strict=False):
            running.spool.begin(me.device, upload_of(one))
            line.sendall(signed_head(running, me, upload_of(one), "PATCH", one.size, 0))
        until(lambda: running.receiver.counts.reading == 2)
        assert code_of(lambda: wire(running, me).put(several[2])) == "busy"
        assert wire(running, me).offer(several[2:])[0].size == 0
        assert wire(running, me).list(me.device) == []
        lines[0].close()
        until(lambda: running.receiver.counts.reading == 1)
        assert wire(running, me).put(several[2]) == BIG
        lines[1].close()

    def test_many_devices_at_once(self, start: Start, me: Identity, tmp_path: Path) -> None:
        """What comes at the same time comes whole, each once."""
        running = start()
        several = [sealed(tmp_path / "here", 30_000 + n, seed=n) for n in range(24)]
        failed: list[Exception] = []

        def put(one: Volume) -> None:
            try:
                wire(running, me).put(one)
            except Refusal as refusal:
                failed.append(refusal)

        threads = [threading.Thread(target=put, args=(one,)) for one in several]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert sorted(running.arrived) == sorted(one.name for one in several)
        for one in several:
            assert (running.spool.root / one.name).read_bytes() == one.path.read_bytes()

    def test_one_volume_from_many_threads(self, start: Start, me: Identity, tmp_path: Path) -> None:
        """Each ends the one before; the volume arrives once and whole."""
        running = start()
        one = sealed(tmp_path / "here", BIG)
        threads = [threading.Thread(target=_persistent, args=(running, me, one)) for _n in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert running.arrived == [one.name]
        assert (running.spool.root / one.name).read_bytes() == one.path.read_bytes()


def _persistent(running: Running, me: Identity, one: Volume) -> None:
    chance = Random()
    while True:
        try:
            wire(running, me).put(one)
        except Refusal:
            time.sleep(chance.random() * 0.1)
        else:
            return


class TestVanished:
    """A connection that the receiver still believes in, while its client has dialled anew."""

    def test_the_newer_request_wins(self, start: Start, me: Identity, tmp_path: Path) -> None:
        """Long before any time limit the old one is ended; what it brought is gone on with."""
        running = start(Limits(idle=3600))
        one = sealed(tmp_path / "here", BIG)
        with half_sent(running, me, one, 1_000_000) as stale:
            held = wire(running, me).offer([one])[0].size
            assert 1_000_000 - WRITTEN <= held <= 1_000_000
            assert answer_of(stale).code == "locked"
            assert wire(running, me).put(one) == BIG - held
        assert running.arrived == [one.name]

    def test_a_stranger_cannot_end_it(self, start: Start, me: Identity, tmp_path: Path) -> None:
        """Only who may write the upload may end what writes it."""
        running = start(Limits(idle=3600))
        one = sealed(tmp_path / "here", BIG)
        stranger = Identity.create(tmp_path / "other", "乙")
        with half_sent(running, me, one, 1_000_000) as line:
            assert code_of(lambda: wire(running, stranger).offer([one])) == "refused"
            forged = Signer(me.device, stranger.sign)
            address = f"http://127.0.0.1:{running.port}"
            assert code_of(lambda: Http(address, forged).offer([one])) == "signature"
            line.sendall(one.path.read_bytes()[1_000_000:])
            assert answer_of(line).status == 204


class TestMixedUp:
    """Something on the way hands out an answer twice."""

    def test_the_answer_to_another_request_is_not_believed(
        self, start: Start, me: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two volumes of one size: that the first is there does not say that the second is."""
        running = start()
        first, second = (sealed(tmp_path / "here", 500, seed=n) for n in (1, 2))
        line = wire(running, me)
        said = []
        original = line._answer

        def once(*given: object) -> object:
            said.append(original(*given))  # type: ignore[arg-type]
            return said[-1]

        monkeypatch.setattr(line, "_answer", once)
        line.put(first)
        stale = said[-1]
        assert (stale.status, stale.headers["Upload-Offset"]) == (201, "500")
        again = wire(running, me)
        again._greet()
        monkeypatch.setattr(again, "_answer", lambda *given: stale)
        assert code_of(lambda: again.put(second)) == "cut"
        assert running.arrived == [first.name]


class TestStopping:
    """Ctrl-C: what is under way may end, what dawdles is broken off, nothing that came is lost."""

    def test_an_upload_under_way_ends_well(
        self, start: Start, me: Identity, tmp_path: Path
    ) -> None:
        one = sealed(tmp_path / "here", BIG)
        running = start(grace=10)
        with half_sent(running, me, one, 1_000_000) as line:
            stopping = threading.Thread(target=running.close)
            stopping.start()
            until(lambda: not _takes_calls(running))
            line.sendall(one.path.read_bytes()[1_000_000:])
            assert answer_of(line).status == 204
            stopping.join()
        assert (running.spool.root / one.name).read_bytes() == one.path.read_bytes()

    def test_one_that_dawdles_is_broken_off(
        self, start: Start, me: Identity, tmp_path: Path
    ) -> None:
        one = sealed(tmp_path / "here", BIG)
        running = start()
        with half_sent(running, me, one, 1_000_000) as line:
            running.close()
            assert answer_of(line).code == "busy"
        assert running.spool.held(me.device, upload_of(one)) == 1_000_000

    def test_an_address_that_is_taken(self, start: Start) -> None:
        running = start()
        assert code_of(lambda: Serving(running.receiver.app(), port=running.port)) == "port"

    def test_a_certificate_that_is_none(self, start: Start, tmp_path: Path) -> None:
        app = start().receiver.app()
        (tmp_path / "x.pem").write_text("no certificate")
        for place in (tmp_path / "x.pem", tmp_path / "nowhere.pem"):
            assert code_of(lambda place=place: Serving(app, certificate=place)) == "certificate"  # type: ignore[misc]


def _takes_calls(running: Running) -> bool:
    try:
        dial(running).close()
    except ConnectionRefusedError:
        return False
    return True
