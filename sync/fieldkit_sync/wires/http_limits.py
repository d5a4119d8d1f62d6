"""What a receiver allows: sizes, speeds, requests a second, and one writer for each upload."""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from fieldkit_sync.errors import Refusal

from .base import MAX_VOLUME

_WAIT = 20.0
"""Seconds in which a request that is told to end has synced what it has, and hashed a volume."""


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


class Rates:
    """Requests of devices, so many a second each."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._buckets: dict[str, _Bucket] = {}

    def count(self, device: str) -> None:
        """One more. `Refusal` "busy" where that is too many."""
        now, most = time.monotonic(), self._rate * 10
        bucket = self._buckets.setdefault(device, _Bucket(most, now))
        bucket.left = min(most, bucket.left + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.left < 1:
            raise Refusal("busy", "too many requests")
        bucket.left -= 1


class Turn:
    """The right to write one upload; it is over when a newer request wants it."""

    def __init__(self) -> None:
        self.done = asyncio.Event()
        self._over = False
        self._deadline: asyncio.Timeout | None = None

    def end(self) -> None:
        """The holder is to finish with what it has."""
        self._over = True
        if self._deadline is not None and not self._deadline.expired():
            self._deadline.reschedule(asyncio.get_running_loop().time())

    async def next(self, body: AsyncIterator[bytes], idle: float) -> bytes:
        """More of the holder's body. `Refusal` "slow", "locked"; StopAsyncIteration."""
        if self._over:
            raise self._superseded()
        try:
            async with asyncio.timeout(idle) as self._deadline:
                return await anext(body)
        except TimeoutError as error:
            if self._over:
                raise self._superseded() from error
            raise Refusal("slow", "nothing came for too long") from error
        finally:
            self._deadline = None

    @staticmethod
    def _superseded() -> Refusal:
        return Refusal("locked", "a newer request goes on with this upload")


class Turns:
    """Who writes which upload: one request at a time, and the newest one wins.

    A connection that broke off is often noticed by its client long before the receiver. The client
    dials again; what the old request still holds would lock it out until a time limit. Both are
    signed by the same device, so the newer one may end the older.
    """

    def __init__(self) -> None:
        self._now: dict[str, Turn] = {}

    @asynccontextmanager
    async def of(self, upload: str) -> AsyncIterator[Turn]:
        """This request's turn, once an older one has kept what came. `Refusal` "locked"."""
        while (older := self._now.get(upload)) is not None:
            older.end()
            try:
                async with asyncio.timeout(_WAIT):
                    await older.done.wait()
            except TimeoutError as error:
                raise Refusal("locked", "another request is writing this upload") from error
        turn = self._now[upload] = Turn()
        try:
            yield turn
        finally:
            del self._now[upload]
            turn.done.set()


def number(headers: Mapping[str, str], header: str, default: int) -> int:
    """A header's whole number. `Refusal` "malformed"."""
    text = headers.get(header)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise Refusal("malformed", f"{header} is a whole number")
    return int(text)


def checksum(headers: Mapping[str, str]) -> bytes | None:
    """The SHA-256 that a part is said to have. `Refusal` "malformed"."""
    text = headers.get("upload-checksum")
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
