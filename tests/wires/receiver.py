"""A receiver that runs in a thread, a line to it that a test can cut, and requests by hand."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit_sync.identity import Identity
from fieldkit_sync.wires import http_auth, http_words
from fieldkit_sync.wires.http_auth import Asked, Words
from fieldkit_sync.wires.http_limits import Limits
from fieldkit_sync.wires.http_serve import Guard, Serving
from fieldkit_sync.wires.http_server import Receiver
from fieldkit_sync.wires.spool import Spool, Upload

PLACE = "0f" * 16


class Running:
    """A receiver on a port of its own, until it is closed."""

    def __init__(
        self,
        root: Path,
        office: str,
        keys: Mapping[str, str],
        limits: Limits | None = None,
        guard: Guard | None = None,
        grace: int = 1,
    ) -> None:
        self.spool = Spool(root, room=0)
        self.arrived: list[str] = []
        self.receiver = Receiver(self.spool, office, keys.get, limits=limits, arrived=self._arrived)
        self.serving = Serving(self.receiver.app(), guard=guard, grace=grace)
        self.port = self.serving.port
        self.serving.start()

    def close(self) -> None:
        """Stop as on Ctrl-C."""
        self.serving.stop()

    def _arrived(self, device: str, wanted: Upload) -> None:
        self.arrived.append(wanted.name)


class Line:
    """Carries bytes between a client and a port; breaks once after so many bytes went up."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.cut_after: int | None = None
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """No more connections."""
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with suppress(OSError), near, socket.create_connection(("127.0.0.1", self._to)) as far:
            threading.Thread(target=self._down, args=(far, near), daemon=True).start()
            while raw := near.recv(65536):
                if self.cut_after is not None:
                    part = raw[: self.cut_after]
                    self.cut_after -= len(part)
                    if len(part) < len(raw) or not self.cut_after:
                        self.cut_after = None
                        far.sendall(part)
                        break
                far.sendall(raw)
            for end in (near, far):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _down(far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while raw := far.recv(65536):
                near.sendall(raw)
            near.shutdown(socket.SHUT_WR)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """Which refusal; empty for none."""
        return self.headers.get(http_words.CODE_HEADER.lower(), "")


def authorized(me: Identity, asked: Asked, nonce: str) -> dict[str, str]:
    """The header with which a device signs that request."""
    header = http_auth.authorization(asked, me.device, nonce, me.sign)
    return {"authorization": header}


def tus(more: Mapping[str, str]) -> dict[str, str]:
    """The headers of an upload."""
    return {http_words.TUS.lower(): http_words.VERSION, "content-type": http_words.BODY, **more}


class ByHand:
    """Requests into a receiver's application without a socket; it tells when a body was read."""

    def __init__(self, receiver: Receiver, me: Identity, words: Words) -> None:
        self.me, self.words = me, words
        self._app = receiver.app()
        self.read = 0
        """How often a request's body was asked for."""

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: Iterable[bytes] = (),
        client: str = "127.0.0.1",
    ) -> Answer:
        """One request just as it is given."""
        parts = list(body)
        said: list[Any] = []

        async def receive() -> dict[str, Any]:
            self.read += 1
            chunk = parts.pop(0) if parts else b""
            return {"type": "http.request", "body": chunk, "more_body": bool(parts)}

        async def send(message: Any) -> None:
            said.append(message)

        raw = [(k.lower().encode(), v.encode("latin-1")) for k, v in (headers or {}).items()]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
            "root_path": "", "headers": raw, "client": (client, 9), "server": ("127.0.0.1", 8),
        }  # fmt: skip
        asyncio.run(self._app(scope, receive, send))
        found = {k.decode(): v.decode("latin-1") for k, v in said[0]["headers"]}
        return Answer(said[0]["status"], found, b"".join(it.get("body", b"") for it in said[1:]))

    def signed(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: Iterable[bytes] = (),
        *,
        me: Identity | None = None,
        office: str = PLACE,
        nonce: str = "",
        other: Mapping[str, Any] | None = None,
    ) -> Answer:
        """One request, signed by its device; ``other`` are things signed that are not so."""
        headers = dict(headers or {})
        parts = list(body)
        length = sum(map(len, parts))
        if parts:
            headers.setdefault("content-length", str(length))
        asked = Asked(
            office, method, path, _number(headers, "content-length", 0),
            _number(headers, "upload-offset", -1),
        )._replace(**other or {})  # fmt: skip
        word = nonce or self.words.make()
        return self.ask(method, path, headers | authorized(me or self.me, asked, word), parts)


def _number(headers: Mapping[str, str], name: str, default: int) -> int:
    text = headers.get(name, "")
    return int(text) if text.isdigit() else default


def raw_request(method: str, path: str, headers: Mapping[str, str]) -> bytes:
    """The head of a request as it goes over the line."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def signed_head(
    running: Running, me: Identity, wanted: Upload, method: str, length: int, offset: int = -1
) -> bytes:
    """The signed head of a POST or PATCH, to be followed by a body."""
    path = f"{http_words.UPLOADS}/{wanted.id}"
    asked = Asked(PLACE, method, path, length, offset)
    headers = tus({"content-length": str(length)})
    headers |= {"upload-length": str(wanted.size)} if method == "POST" else {}
    headers |= {"upload-offset": str(offset)} if method == "PATCH" else {}
    return raw_request(method, path, headers | authorized(me, asked, running.receiver.words.make()))


def answer_of(line: socket.socket) -> Answer:
    """The answer on a socket, up to its end or the whole body; status 0 where it was hung up."""
    got = b""
    with suppress(ConnectionError):
        while b"\r\n\r\n" not in got and (more := line.recv(65536)):
            got += more
    if b"\r\n\r\n" not in got:
        return Answer(0, {}, got)
    head, _, body = got.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {k.lower(): v for k, _, v in (one.partition(": ") for one in rest)}
    with suppress(ConnectionError):
        while len(body) < int(headers.get("content-length", 0)) and (more := line.recv(65536)):
            body += more
    return Answer(int(first.split()[1]), headers, body)
