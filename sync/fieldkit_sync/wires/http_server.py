"""An office's receiver: tus 1.0 over ASGI, signed requests, volumes onto a spool.

It knows nothing of what it carries and keeps no state but the spool. No byte of a body is read
before its request is known to come from an enrolled device; an answer that a volume is here is
given after it is synced. Merging is somebody else's work, behind it.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, BinaryIO

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from fieldkit_sync.errors import Refusal

from . import http_auth, http_words
from .base import MAX_VOLUME
from .http_auth import Asked, Words
from .spool import Spool, Upload, upload

SMALL = 1024 * 1024
"""Bytes of a body that are gathered in memory and written in one go."""
_LOCAL = {"127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one device, and all of them together, may use."""

    most: int = MAX_VOLUME
    """Bytes of a volume."""
    body: int = 16 * 1024 * 1024
    """Bytes of one request's body."""
    uploads: int = 256
    """Bodies that are read at the same time."""
    idle: float = 20.0
    """Seconds for which a body may bring nothing."""
    least: int = 512
    """Bytes a second that a body must bring on the whole, after its first ``idle`` seconds."""
    rate: float = 60.0
    """Signed requests a second and device, over a while; ten seconds' worth at once."""


@dataclass(slots=True)
class Counts:
    """What happened since the start, for the metrics and for whoever draws it."""

    answers: Counter[str] = field(default_factory=Counter)
    volumes: int = 0
    bytes: int = 0
    reading: int = 0


class _Bucket:
    """How much a device may still ask."""

    __slots__ = ("at", "left")

    def __init__(self, left: float, at: float) -> None:
        self.left, self.at = left, at


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
        self._words = words or Words()
        self._arrived = arrived
        self._busy: set[str] = set()
        self._buckets: dict[str, _Bucket] = {}

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
            reply.headers[http_auth.NONCE_HEADER] = self._words.make()
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
            request.url.path,
            _number(request, "content-length", 0),
            _number(request, "upload-offset", -1),
        )
        http_auth.check(told, asked, key)
        self._words.spend(told.nonce)
        self._count(told.device)
        return told.device

    def _count(self, device: str) -> None:
        now, rate = time.monotonic(), self._limits.rate
        bucket = self._buckets.setdefault(device, _Bucket(rate * 10, now))
        bucket.left = min(rate * 10, bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.left < 1:
            raise Refusal("busy", "too many requests")
        bucket.left -= 1

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
        held = self._spool.held(device, wanted)
        if held is None:
            raise Refusal("not-there", "nobody began this upload")
        return self._stands(device, wanted, held, 200)

    async def _post(self, request: Request, device: str) -> Response:
        """Creation, with the body's first bytes where there are any."""
        self._speaks_tus(request)
        wanted = self._wanted(request)
        if _number(request, "upload-length", -1) != wanted.size:
            raise Refusal("malformed", "the length is not that of the address")
        length = _number(request, "content-length", 0)
        held = self._spool.held(device, wanted)
        if held is None and length == wanted.size <= SMALL:
            await self._at_once(request, device, wanted)
            return self._stands(device, wanted, wanted.size, 201)
        held = self._spool.begin(device, wanted)
        if length and held < wanted.size:
            held = await self._grow(request, device, wanted, 0)
        return self._stands(device, wanted, held, 201)

    async def _patch(self, request: Request, device: str) -> Response:
        self._speaks_tus(request)
        if request.headers.get("content-type", "") != http_words.BODY:
            raise Refusal("malformed", f"a part is {http_words.BODY}")
        wanted = self._wanted(request)
        offset = _number(request, "upload-offset", -1)
        if offset == wanted.size == self._spool.held(device, wanted):
            return self._stands(device, wanted, offset, 204)
        held = await self._grow(request, device, wanted, offset)
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
        if _number(request, "content-length", 0) > self._limits.body:
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

    async def _at_once(self, request: Request, device: str, wanted: Upload) -> None:
        """A small volume in one request: one write, one sync."""
        with self._reading(device, wanted):
            raw = bytearray()
            async for chunk in self._chunks(request):
                raw += chunk
            await run_in_threadpool(self._spool.take, device, wanted, bytes(raw))
        self._came(device, wanted, len(raw))

    async def _grow(self, request: Request, device: str, wanted: Upload, offset: int) -> int:
        """More of a part; what came is kept and synced however the request ends."""
        length = _number(request, "content-length", 0)
        if offset + length > wanted.size:
            raise Refusal("too-large", "more than the volume has")
        checked = _checksum(request)
        with self._reading(device, wanted):
            out = await run_in_threadpool(self._spool.open, device, wanted, offset)
            sound = False
            try:
                hashed = await self._gather(request, out, keep=checked is None)
                sound = checked in (None, hashed)
            finally:
                if checked is not None and not sound:
                    await run_in_threadpool(out.truncate, offset)
                held = await run_in_threadpool(self._spool.close, device, wanted, out)
            if not sound:
                raise Refusal("checksum", "the part is not what its checksum says")
        if held == wanted.size:
            self._came(device, wanted, held)
        return held

    async def _gather(self, request: Request, out: BinaryIO, *, keep: bool) -> bytes:
        """Write the body; gives its digest. ``keep``: also what came before a break."""
        hashed, waiting = hashlib.sha256(), bytearray()
        try:
            async for chunk in self._chunks(request):
                hashed.update(chunk)
                waiting += chunk
                if len(waiting) >= SMALL:
                    piece, waiting = bytes(waiting), bytearray()
                    await run_in_threadpool(self._spool.write, out, piece)
        except (ClientDisconnect, Refusal):
            if keep:
                await run_in_threadpool(self._spool.write, out, bytes(waiting))
            raise
        await run_in_threadpool(self._spool.write, out, bytes(waiting))
        return hashed.digest()

    def _came(self, device: str, wanted: Upload, size: int) -> None:
        self.counts.volumes += 1
        self.counts.bytes += size
        if self._arrived is not None:
            self._arrived(device, wanted)

    def _reading(self, device: str, wanted: Upload) -> _Turn:
        if self.counts.reading >= self._limits.uploads:
            raise Refusal("busy", "too many uploads at once")
        return _Turn(self.counts, self._busy, f"{device}-{wanted.id}")

    async def _chunks(self, request: Request) -> Any:
        """The body, piece by piece; one that dawdles is broken off."""
        began, came = time.monotonic(), 0
        stream = request.stream().__aiter__()
        while True:
            try:
                async with asyncio.timeout(self._limits.idle):
                    chunk = await anext(stream)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise Refusal("slow", "nothing came for too long") from error
            came += len(chunk)
            over = time.monotonic() - began - self._limits.idle
            if over > 0 and came < over * self._limits.least:
                raise Refusal("slow", "the upload is too slow")
            if chunk:
                yield chunk


class _Turn:
    """One upload is written by one request at a time."""

    def __init__(self, counts: Counts, busy: set[str], name: str) -> None:
        self._counts, self._busy, self._name = counts, busy, name

    def __enter__(self) -> None:
        if self._name in self._busy:
            raise Refusal("locked", "another request is writing this upload")
        self._busy.add(self._name)
        self._counts.reading += 1

    def __exit__(self, *_error: object) -> None:
        self._busy.discard(self._name)
        self._counts.reading -= 1


def _number(request: Request, header: str, default: int) -> int:
    text = request.headers.get(header)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise Refusal("malformed", f"{header} is a whole number")
    return int(text)


def _checksum(request: Request) -> bytes | None:
    text = request.headers.get("upload-checksum")
    if text is None:
        return None
    way, _, said = text.partition(" ")
    try:
        digest = base64.b64decode(said, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if way != "sha256" or len(digest) != 32:
        raise Refusal("malformed", "a checksum is sha256 and Base64")
    return digest
