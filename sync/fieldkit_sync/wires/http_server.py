"""An office's receiver: tus 1.0 over ASGI, signed requests, volumes onto a spool.

It knows nothing of what it carries and keeps no state but the spool. No byte of a body is read
before its request is known to come from an enrolled device; an answer that a volume is here is
given after it is synced. Merging is somebody else's work, behind it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import formatdate
from functools import partial
from typing import Any, BinaryIO

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from fieldkit_sync.errors import Refusal

from . import http_auth, http_words
from .http_auth import Asked, Words
from .http_limits import Counts, Limits, Rates, Turn, Turns, checksum, number
from .spool import Spool, Upload, upload

_LOCAL = {"127.0.0.1", "::1"}
_GATHERED = 256 * 1024
"""Bytes of a body that are written in one go."""
_LOG = logging.getLogger(__name__)


class Receiver:
    """The requests of devices, answered. ``key_of`` gives the public key of an enrolled device.

    ``arrived`` is told of each volume once it is durable, in the event loop.
    """

    def __init__(
        self,
        spool: Spool,
        office: str,
        key_of: Callable[[str], str | None],
        *,
        limits: Limits | None = None,
        words: Words | None = None,
        arrived: Callable[[str, Upload], None] | None = None,
    ) -> None:
        self.counts = Counts()
        self._spool, self._office, self._key_of = spool, office, key_of
        self._limits = limits or Limits()
        self.words = words or Words()
        self._arrived = arrived
        self._turns = Turns()
        self._rates = Rates(self._limits.rate)

    def app(self) -> Starlette:
        """The ASGI application."""
        address = f"{http_words.UPLOADS}/{{address}}"
        letter = f"{http_words.LETTERS}/{{name}}"
        return Starlette(
            routes=[
                Route(http_words.ROOT, self._guarded(self._hello, signed=False), methods=["GET"]),
                Route(http_words.HEALTH, self._health, methods=["GET"]),
                Route(http_words.METRICS, self._metrics, methods=["GET"]),
                Route(http_words.UPLOADS, self._guarded(self._options, signed=False),
                      methods=["OPTIONS"]),
                Route(address, self._guarded(self._head), methods=["HEAD"]),
                Route(address, self._guarded(self._post), methods=["POST"]),
                Route(address, self._guarded(self._patch), methods=["PATCH"]),
                Route(http_words.LETTERS, self._guarded(self._letters), methods=["GET"]),
                Route(letter, self._guarded(self._letter), methods=["GET"]),
            ]
        )  # fmt: skip

    def _guarded(
        self, act: Callable[[Request, str], Any], *, signed: bool = True
    ) -> Callable[[Request], Any]:
        """The act for a device that is known, its refusals as answers, a new word with each."""

        async def answer(request: Request) -> Response:
            try:
                device = self._device(request) if signed else ""
                reply: Response = await act(request, device)
                self.counts.answers["ok"] += 1
            except Refusal as refusal:
                reply = self._refused(request, refusal)
            except ClientDisconnect:
                reply = self._refused(request, Refusal("busy", "the connection broke off"))
            except asyncio.CancelledError:
                # The receiver is being stopped, and this is the last that is said here.
                reply = self._refused(request, Refusal("busy", "the receiver is being stopped"))
            except Exception as error:
                if not isinstance(error, OSError):
                    _LOG.exception("a request was not answered")
                reply = self._refused(request, Refusal("busy", type(error).__name__))
            spent = http_auth.nonce_in(request.headers.get("authorization", ""))
            offset = reply.headers.get("Upload-Offset", "")
            reply.headers[http_auth.ANSWER_HEADER] = http_auth.answer(
                spent, reply.status_code, offset
            )
            reply.headers[http_auth.NONCE_HEADER] = self.words.make()
            reply.headers[http_words.TUS] = http_words.VERSION
            return reply

        return answer

    def _refused(self, request: Request, refusal: Refusal) -> Response:
        code = refusal.code if refusal.code in http_words.STATUS else "malformed"
        self.counts.answers[code] += 1
        headers = {http_words.CODE_HEADER: code, "Cache-Control": "no-store"}
        if code == "busy":
            headers["Retry-After"] = "1"
        if request.method in {"POST", "PATCH"}:
            # What is left of the body is not read, so nothing more can come over this connection.
            headers["Connection"] = "close"
        return PlainTextResponse(f"{refusal.detail}\n", http_words.STATUS[code], headers)

    def _device(self, request: Request) -> str:
        """The enrolled device that signed this very request."""
        told = http_auth.claim(request.headers.get("authorization", ""))
        key = self._key_of(told.device)
        if key is None:
            raise Refusal("refused", "this device is not enrolled here")
        asked = Asked(
            self._office,
            request.method,
            request.scope["path"],
            number(request.headers, "content-length", 0),
            number(request.headers, "upload-offset", -1),
        )
        http_auth.check(told, asked, key)
        self.words.spend(told.nonce)
        self._rates.count(told.device)
        return told.device

    async def _hello(self, request: Request, device: str) -> Response:
        return JSONResponse({"office": self._office, "version": 1, "most": self._limits.most})

    async def _options(self, request: Request, device: str) -> Response:
        return Response(
            status_code=204,
            headers={
                "Tus-Version": http_words.VERSION,
                "Tus-Extension": http_words.EXTENSIONS,
                "Tus-Max-Size": str(self._limits.most),
                "Tus-Checksum-Algorithm": "sha256",
            },
        )

    async def _head(self, request: Request, device: str) -> Response:
        wanted = self._wanted(request)
        if self._spool.is_whole(wanted):
            return self._stands(device, wanted, wanted.size, 200)
        # Whoever asks will go on from what is answered: what still grows has to stand first.
        async with self._turns.of(_named(device, wanted)):
            held = await self._held(device, wanted)
        if held is None:
            raise Refusal("not-there", "nobody began this upload")
        return self._stands(device, wanted, held, 200)

    async def _post(self, request: Request, device: str) -> Response:
        """Creation, with the body's first bytes where there are any."""
        self._speaks_tus(request)
        wanted = self._wanted(request)
        if number(request.headers, "upload-length", -1) != wanted.size:
            raise Refusal("malformed", "the length is not that of the address")
        length = number(request.headers, "content-length", 0)
        async with self._writing(device, wanted) as turn:
            held = await self._held(device, wanted)
            if not held and length == wanted.size <= http_words.SMALL:
                held = await self._at_once(request, device, wanted, turn)
            else:
                if held is None:
                    held = await run_in_threadpool(self._spool.begin, device, wanted)
                if length and held < wanted.size:
                    held = await self._grow(request, device, wanted, 0, turn)
        return self._stands(device, wanted, held, 201)

    async def _patch(self, request: Request, device: str) -> Response:
        self._speaks_tus(request)
        if request.headers.get("content-type", "") != http_words.BODY:
            raise Refusal("malformed", f"a part is {http_words.BODY}")
        wanted = self._wanted(request)
        offset = number(request.headers, "upload-offset", -1)
        async with self._writing(device, wanted) as turn:
            held = await self._held(device, wanted)
            if not offset == wanted.size == held:
                held = await self._grow(request, device, wanted, offset, turn)
        return self._stands(device, wanted, held, 204)

    async def _letters(self, request: Request, device: str) -> Response:
        found = await run_in_threadpool(self._spool.letters, device)
        return JSONResponse([{"name": one.name, "size": one.size} for one in found])

    async def _letter(self, request: Request, device: str) -> Response:
        place = self._spool.letter(device, request.path_params["name"])
        return FileResponse(place, media_type="application/octet-stream")

    async def _health(self, request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def _metrics(self, request: Request) -> Response:
        """For the machine itself only: how much an office receives is nobody else's business."""
        if request.client is None or request.client.host not in _LOCAL:
            return PlainTextResponse("only from this machine\n", 403)
        lines = [
            f'fieldkit_answers_total{{code="{code}"}} {n}'
            for code, n in sorted(self.counts.answers.items())
        ]
        lines += [
            f"fieldkit_volumes_total {self.counts.volumes}",
            f"fieldkit_bytes_total {self.counts.bytes}",
            f"fieldkit_reading {self.counts.reading}",
        ]
        return PlainTextResponse("\n".join(lines) + "\n")

    def _wanted(self, request: Request) -> Upload:
        return upload(request.path_params["address"], self._limits.most)

    def _speaks_tus(self, request: Request) -> None:
        if request.headers.get(http_words.TUS, "") != http_words.VERSION:
            raise Refusal("version", f"{http_words.TUS}: {http_words.VERSION} is spoken here")
        if number(request.headers, "content-length", 0) > self._limits.body:
            raise Refusal("too-large", f"a body has at most {self._limits.body} bytes")
        if "transfer-encoding" in request.headers:
            raise Refusal("malformed", "a body says its length")

    def _stands(self, device: str, wanted: Upload, held: int, status: int) -> Response:
        headers = {
            "Upload-Offset": str(held),
            "Upload-Length": str(wanted.size),
            "Cache-Control": "no-store",
        }
        if status == 201:
            headers["Location"] = f"{http_words.UPLOADS}/{wanted.id}"
        ends = self._spool.expires(device, wanted) if held < wanted.size else None
        if ends is not None:
            headers["Upload-Expires"] = formatdate(ends, usegmt=True)
        return Response(status_code=status, headers=headers)

    async def _held(self, device: str, wanted: Upload) -> int | None:
        """See `Spool.held`; a volume that was whole but for its name has come now."""
        was_whole = self._spool.is_whole(wanted)
        if not was_whole and not self._spool.is_begun(device, wanted):
            return None
        held = await run_in_threadpool(self._spool.held, device, wanted)
        if held == wanted.size and not was_whole:
            self._came(device, wanted)
        return held

    async def _at_once(self, request: Request, device: str, wanted: Upload, turn: Turn) -> int:
        """A small volume in one request: one write, one sync. One that breaks off is a part."""
        raw = bytearray()
        try:
            async for chunk in self._chunks(request, turn):
                raw += chunk
        except (ClientDisconnect, Refusal):
            if raw:
                await run_in_threadpool(self._spool.keep, device, wanted, bytes(raw))
            raise
        except asyncio.CancelledError:
            # While the receiver is being stopped nothing is waited for any more.
            self._spool.keep(device, wanted, bytes(raw))
            raise
        await run_in_threadpool(self._spool.take, device, wanted, bytes(raw))
        self._came(device, wanted)
        return wanted.size

    async def _grow(
        self, request: Request, device: str, wanted: Upload, offset: int, turn: Turn
    ) -> int:
        """More of a part; what came is kept and synced however the request ends."""
        length = number(request.headers, "content-length", 0)
        if offset + length > wanted.size:
            raise Refusal("too-large", "more than the volume has")
        checked = checksum(request.headers)
        out = await run_in_threadpool(self._spool.open, device, wanted, offset)
        hashed, rest, is_stopping = None, bytearray(), False
        try:
            hashed = await self._gather(request, out, rest, turn)
        except asyncio.CancelledError:
            is_stopping = True
            raise
        finally:
            # Of a part that has a checksum either all is kept or nothing.
            back = None if checked in (None, hashed) else offset
            close = partial(self._spool.close, device, wanted, out, rest, back)
            held = close() if is_stopping else await run_in_threadpool(close)
        if back is not None:
            raise Refusal("checksum", "the part is not what its checksum says")
        if held == wanted.size:
            self._came(device, wanted)
        return held

    async def _gather(
        self, request: Request, out: BinaryIO, waiting: bytearray, turn: Turn
    ) -> bytes:
        """Write the body, but for what then still waits; gives its digest."""
        hashed = hashlib.sha256()
        async for chunk in self._chunks(request, turn):
            hashed.update(chunk)
            waiting += chunk
            if len(waiting) >= _GATHERED:
                piece = bytes(waiting)
                waiting.clear()
                await run_in_threadpool(self._spool.write, out, piece)
        return hashed.digest()

    def _came(self, device: str, wanted: Upload) -> None:
        self.counts.volumes += 1
        self.counts.bytes += wanted.size
        if self._arrived is not None:
            self._arrived(device, wanted)

    @asynccontextmanager
    async def _writing(self, device: str, wanted: Upload) -> AsyncIterator[Turn]:
        """A turn at an upload, where not too many bodies are being read."""
        if self.counts.reading >= self._limits.uploads:
            raise Refusal("busy", "too many uploads at once")
        self.counts.reading += 1
        try:
            async with self._turns.of(_named(device, wanted)) as turn:
                yield turn
        finally:
            self.counts.reading -= 1

    async def _chunks(self, request: Request, turn: Turn) -> AsyncIterator[bytes]:
        """The body, piece by piece; one that dawdles is broken off."""
        began, came = time.monotonic(), 0
        stream = request.stream().__aiter__()
        while True:
            try:
                chunk = await turn.next(stream, self._limits.idle)
            except StopAsyncIteration:
                return
            came += len(chunk)
            over = time.monotonic() - began - self._limits.idle
            if over > 0 and came < over * self._limits.least:
                raise Refusal("slow", "the upload is too slow")
            if chunk:
                yield chunk


def _named(device: str, wanted: Upload) -> str:
    return f"{device}-{wanted.id}"
