"""Running a receiver: the listening socket, TLS, and connections that say nothing for too long."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from fieldkit_sync.errors import Refusal

HEADERS_IN = 10.0
"""Seconds in which the head of a request must be there, from the first byte or the dialling."""
_HEAD_MOST = 16 * 1024
_FILES = 65_536


class _Guarded(HttpToolsProtocol):
    """Hangs up on who dials and does not ask, or asks a letter a second (slow loris)."""

    _late: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._late is not None:
            self._head += len(data)
            if self._head > _HEAD_MOST and self.cycle is None:
                self.transport.close()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        if self._late is None:
            self._arm()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._disarm()
        super().on_headers_complete()

    def _arm(self) -> None:
        self._head = 0
        self._late = self.loop.call_later(HEADERS_IN, self.transport.close)

    def _disarm(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


class Serving:
    """A receiver that listens; ``run`` in the main thread, or ``start`` beside it.

    ``ready`` is called once it listens. `Refusal` "port" where the address cannot be had,
    "certificate" where the files are not a certificate and its key.
    """

    def __init__(
        self,
        app: Starlette,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        certificate: Path | None = None,
        key: Path | None = None,
        grace: int = 10,
    ) -> None:
        _many_files()
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._socket = socket.create_server((host, port), family=family, backlog=4096)
        except OSError as error:
            raise Refusal("port", error.strerror or str(error)) from error
        self.host, self.port = self._socket.getsockname()[:2]
        config = uvicorn.Config(
            app,
            http=_Guarded,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=grace,
            ssl_certfile=certificate,
            ssl_keyfile=key,
        )
        try:
            config.load()
        except (OSError, ssl.SSLError) as error:
            self._socket.close()
            raise Refusal("certificate", str(error)) from error
        self._server = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    def run(self, ready: Callable[[], None] | None = None) -> None:
        """Serve until a signal; uploads that are under way get ``grace`` seconds."""
        if ready is not None:
            ready()
        with suppress(KeyboardInterrupt):
            self._server.run(sockets=[self._socket])

    def start(self) -> None:
        """Serve in a thread, until ``stop``."""
        self._thread = threading.Thread(target=self.run, name="receiver", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; parts that came stay."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(15)


def _many_files() -> None:
    """As many connections as the system allows."""
    try:
        import resource
    except ImportError:  # Windows knows no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft < most:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
