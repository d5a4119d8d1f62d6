"""A receiver that runs in a thread, and a line to it that a test can cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import uvicorn

from fieldkit_sync.wires.http_server import Limits, Receiver
from fieldkit_sync.wires.spool import Spool


class Running:
    """A receiver on a port of its own, until it is closed."""

    def __init__(
        self, root: Path, office: str, keys: Mapping[str, str], limits: Limits | None = None
    ) -> None:
        self.spool = Spool(root, room=0)
        self.receiver = Receiver(self.spool, office, keys.get, limits=limits)
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(listening.getsockname()[1])
        config = uvicorn.Config(self.receiver.app(), log_level="critical", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop as on Ctrl-C."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)


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
