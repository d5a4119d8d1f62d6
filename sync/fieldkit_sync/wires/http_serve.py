"""Running a receiver: the listening socket, TLS, and connections that say nothing for too long."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from fieldkit_sync.errors import Refusal

_HEAD_MOST = 16 * 1024
_FILES = 65_536
_SPARE = 512
"""Open files that are kept for what is not a connection."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a connection may do before anything of it is known."""

    head: float = 10.0
    """Seconds in which the head of a request must be there, from its first byte or the dialling."""
    stuck: float = 60.0
    """Seconds for which a client may take nothing of what it asked for."""
    most: int = 20_000
    """Connections at once, or as many as the system allows; the one that has been silent for
    longest makes room for a new one."""


class _Guarded(HttpToolsProtocol):
    """Hangs up on who dials and does not ask, or asks a letter a second (slow loris)."""

    guard = Guard()
    silent: dict[_Guarded, None]
    """Of one receiver: who owes the head of a request, the oldest first."""
    _late: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if len(self.connections) > self.guard.most:
            for oldest in self.silent:
                oldest.transport.abort()
                break
            else:
                self.transport.abort()
                return
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        self._unstick()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._head += len(data)
        super().data_received(data)
        # What came with the head is body; only a head that does not end is too long.
        if self._late is not None and self._head > _HEAD_MOST:
            self.transport.abort()

    def on_message_begin(self) -> None:
        self._disarm()
        self._arm()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._disarm()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        # An answer before the end of the body: nobody will read the rest of it.
        unread = not self.pipeline and self.cycle.more_body
        super().on_response_complete()
        if unread:
            self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unstick()
        self._stuck = self.loop.call_later(self.guard.stuck, self.transport.abort)

    def resume_writing(self) -> None:
        self._unstick()
        super().resume_writing()

    def _arm(self) -> None:
        self._head = 0
        self.silent[self] = None
        self._late = self.loop.call_later(self.guard.head, self.transport.abort)

    def _disarm(self) -> None:
        self.silent.pop(self, None)
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _unstick(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None


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
        guard: Guard | None = None,
    ) -> None:
        guard = guard or Guard()
        guard = replace(guard, most=min(guard.most, _many_files()))
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            self._socket = socket.create_server((host, port), family=family, backlog=4096)
        except OSError as error:
            raise Refusal("port", error.strerror or str(error)) from error
        self.host, self.port = self._socket.getsockname()[:2]
        config = uvicorn.Config(
            app,
            http=type("_Guarded", (_Guarded,), {"guard": guard, "silent": {}}),
            ws="none",
            lifespan="off",
            log_config=None,
            # Strangers would fill the log with what is no HTTP.
            log_level="critical",
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

    @property
    def connections(self) -> Collection[object]:
        """Those that are open."""
        return self._server.server_state.connections

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


def _many_files() -> int:
    """Let as many connections be open as the system allows; gives how many."""
    try:
        import resource
    except ImportError:  # Windows knows no such limit
        return _FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft < most:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    return max(soft - _SPARE, _SPARE)
