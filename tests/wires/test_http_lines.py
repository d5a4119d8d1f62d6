"""What a device makes of lines and far sides that are not what they should be."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

# The trials are no part of the package, so they are not installed.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fieldkit_sync.errors import Refusal
from fieldkit_sync.identity import Identity
from fieldkit_sync.wires.base import AGAIN
from fieldkit_sync.wires.bringing import bring
from fieldkit_sync.wires.folder import Folder
from fieldkit_sync.wires.http_client import Http, Signer
from fuzz.wires_world import OFFICE, Server, wire
from tests.wires.chaos_proxy import ChaosProxy, Faults

from .contract import code_of, sealed

GREETING = {"office": OFFICE, "version": 1}


@pytest.fixture(scope="module")
def me(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """One device for all tests."""
    return Identity.create(tmp_path_factory.mktemp("keys") / "keys", "甲")


class Stranger:
    """Says the same thing to whatever it is asked; without words it says nothing at all."""

    def __init__(self, *said: bytes) -> None:
        self._said = said
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._talk, daemon=True).start()

    def close(self) -> None:
        """No more connections."""
        self._server.close()

    def _talk(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._server.accept()
                threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            for said in self._said:
                line.recv(65536)
                line.sendall(said)
            while line.recv(65536):
                pass


def said(body: bytes, status: str = "200 OK", length: int | None = None, **headers: str) -> bytes:
    """An answer as it goes over the line."""
    length = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {length}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def greeting(**more: object) -> bytes:
    """A receiver's first words."""
    return said(json.dumps({**GREETING, **more}).encode(), Fieldkit_Nonce="0" * 68)


@pytest.fixture
def asked(me: Identity, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """The code with which handing in to a stranger that says these things ends."""
    strangers: list[Stranger] = []
    one = sealed(tmp_path / "here", 900)

    def code(*words: bytes, letters: bool = False) -> str:
        strangers.append(Stranger(*words))
        address = f"http://127.0.0.1:{strangers[-1].port}"
        line = Http(address, Signer(me.device, me.sign), office=OFFICE, timeout=0.5)
        return code_of(lambda: line.list(me.device) if letters else line.put(one))

    yield code
    for it in strangers:
        it.close()


class TestStrangers:
    """Whoever answers there, nothing is believed that a receiver did not say."""

    def test_nobody(self, me: Identity, tmp_path: Path) -> None:
        one = sealed(tmp_path / "here", 900)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        for address in (f"http://127.0.0.1:{port}", "http://nowhere.invalid"):
            line = Http(address, Signer(me.device, me.sign))
            assert code_of(lambda line=line: line.put(one)) == "unreachable"  # type: ignore[misc]

    @pytest.mark.parametrize("address", ["http://", "ftp://x", "x", "http://x/?a=b"])
    def test_no_address(self, me: Identity, address: str) -> None:
        assert code_of(lambda: Http(address, Signer(me.device, me.sign))) == "unreachable"

    def test_silence(self, asked: Callable[..., str]) -> None:
        assert asked() == "cut"

    def test_a_page_for_people(self, asked: Callable[..., str]) -> None:
        """What a wireless network shows before it lets one in."""
        page = said(b"<html>log in first</html>")
        assert asked(page) == "refused"
        assert asked(said(b"", "302 Found", Location="http://login.example/")) == "refused"
        assert asked(greeting(), page) == "cut"

    def test_something_between_that_fails(self, asked: Callable[..., str]) -> None:
        for status in ("502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"):
            assert asked(said(b"x", status)) == "busy"
            assert asked(greeting(), said(b"x", status)) == "busy"
        assert asked(said(b"x", "403 Forbidden")) == "refused"

    def test_another_office(self, asked: Callable[..., str]) -> None:
        assert asked(greeting(office="1e" * 16)) == "refused"

    def test_a_greeting_without_end(self, asked: Callable[..., str]) -> None:
        assert asked(said(b"{" * 3_000_000, length=10**12)) == "cut"
        assert asked(said(b'{"office"', length=500)) == "cut"

    def test_no_http(self, asked: Callable[..., str]) -> None:
        assert asked(b"SSH-2.0-OpenSSH_9.2\r\n") == "cut"
        assert asked(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n") == "cut"

    def test_letters_with_evil_names(self, asked: Callable[..., str]) -> None:
        evil: list[object] = [
            [{"name": "../../x.age", "size": 1}],
            [{"name": "0" * 16 + ".age"}],
            7,
        ]
        for names in evil:
            answer = said(json.dumps(names).encode(), Fieldkit_Answer="x")
            assert asked(greeting(), answer, letters=True) in AGAIN


class TestLines:
    """Whole lines, through a proxy of the tests' own."""

    @pytest.mark.parametrize("tls", [False, True])
    def test_a_line_that_is_cut_again_and_again(
        self, me: Identity, tmp_path: Path, tls: bool
    ) -> None:
        """8 MiB over a line that breaks every quarter of a second: hardly a byte goes twice."""
        one = sealed(tmp_path / "here", 8 * 1024 * 1024)
        server = Server(tmp_path, [me], tls=tls)
        line = ChaosProxy(server.port, Faults(every=0.25, rate=4e6))
        try:
            done = bring(wire(server, me, line.port), [one], sleep=lambda s: None)
            assert (done.volumes, done.fresh, done.resumed) == (1, 1, 1)
            assert (server.spool / one.name).read_bytes() == one.path.read_bytes()
            assert line.told["cuts"] >= 4
            # What a cut costs is in flight; a tenth is what may be in flight at eight cuts.
            assert line.told["up"] < one.size * 1.1
        finally:
            line.close()
            server.kill()

    def test_a_small_volume_over_a_line_that_carries_less(
        self, me: Identity, tmp_path: Path
    ) -> None:
        """No connection lives long enough for all of it, and it comes across all the same."""
        one = sealed(tmp_path / "here", 600_000)
        server = Server(tmp_path, [me])
        line = ChaosProxy(server.port, Faults(every=0.2, rate=1e6))
        try:
            bring(wire(server, me, line.port), [one], sleep=lambda s: None)
            assert line.told["cuts"] >= 2
            assert server.arrivals() == [one.name]
        finally:
            line.close()
            server.kill()

    def test_a_letter_over_a_line_that_is_cut(self, me: Identity, tmp_path: Path) -> None:
        """Fetching goes on as well, and half a letter is never taken for one."""
        one = sealed(tmp_path / "here", 3_000_000)
        server = Server(tmp_path, [me])
        Folder(server.spool).put(one, me.device)
        line = ChaosProxy(server.port, Faults(cut=0.05), seed=5)
        there = tmp_path / "there"
        there.mkdir()
        try:
            codes = {_fetched(server, me, line.port, one.name, there) for _try in range(100)}
            assert codes <= {"", *AGAIN}
            assert (there / one.name).read_bytes() == one.path.read_bytes()
            assert line.told["cuts"] >= 1
            assert line.told["down"] < one.size * 1.5
        finally:
            line.close()
            server.kill()

    def test_a_certificate_that_nobody_vouches_for(self, me: Identity, tmp_path: Path) -> None:
        one = sealed(tmp_path / "here", 900)
        server = Server(tmp_path, [me], tls=True)
        try:
            signer = Signer(me.device, me.sign)
            strange = Http(f"https://127.0.0.1:{server.port}", signer)
            assert code_of(lambda: strange.put(one)) == "refused"
            plain = Http(f"http://127.0.0.1:{server.port}", signer)
            assert code_of(lambda: plain.put(one)) == "cut"
            assert wire(server, me, server.port).put(one) == 900
        finally:
            server.kill()


def _fetched(server: Server, me: Identity, port: int, name: str, there: Path) -> str:
    """The code with which one try ends; empty where the letter is there."""
    if not (there / name).exists():
        try:
            wire(server, me, port).get(name, me.device, there)
        except Refusal as refusal:
            return refusal.code
    return ""
