"""A TCP proxy of the tests' own: it cuts, stalls, doubles and garbles at random, by a seed."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

_CHUNK = 32 * 1024


@dataclass(frozen=True, slots=True)
class Faults:
    """What befalls a chunk of bytes, as chances of 1; all of it is nothing by default."""

    cut: float = 0.0
    """The connection ends within the chunk."""
    stall: float = 0.0
    """Nothing goes on for up to ``stall_seconds``."""
    stall_seconds: float = 1.0
    double: float = 0.0
    """The chunk, or its end, comes twice."""
    garble: float = 0.0
    """One bit of it is another."""
    refuse: float = 0.0
    """A connection is hung up on before anything."""
    every: float = 0.0
    """Seconds after which all connections are cut, again and again; 0 for never."""
    rate: float = 0.0
    """Bytes a second of all connections upwards together; 0 for as fast as it goes."""


class ChaosProxy:
    """Carries bytes between clients and a port. ``faults`` may be changed while it runs."""

    def __init__(self, to: int, faults: Faults | None = None, seed: int = 0) -> None:
        self.to, self.faults = to, faults or Faults()
        self.told: Counter[str] = Counter()
        """Connections, cuts, stalls, bytes up and down, and so on."""
        self._seed, self._number = seed, 0
        self._lines: set[asyncio.StreamWriter] = set()
        self._free = 0.0
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        started = threading.Event()
        self.port = 0
        self._thread = threading.Thread(
            target=self._loop.run_until_complete, args=(self._run(started),), daemon=True
        )
        self._thread.start()
        started.wait(10)

    def close(self) -> None:
        """Hang up on everybody."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    async def _run(self, started: threading.Event) -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        # What the system would swallow at once is not on the line of a device far away.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _CHUNK)
        server = await asyncio.start_server(self._carry, sock=listening, limit=_CHUNK)
        self.port = int(listening.getsockname()[1])
        cutter = asyncio.create_task(self._cut_all())
        started.set()
        await self._end.wait()
        server.close()
        cutter.cancel()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _cut_all(self) -> None:
        while True:
            await asyncio.sleep(self.faults.every or 0.05)
            if self.faults.every:
                self.told["cuts"] += bool(self._lines)
                for one in list(self._lines):
                    one.close()

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self._number += 1
        self.told["connections"] += 1
        chance = random.Random(self._seed * 1_000_003 + self._number)
        if chance.random() < self.faults.refuse:
            back.transport.abort()
            return
        try:
            far, onward = await asyncio.open_connection("127.0.0.1", self.to, limit=_CHUNK)
        except OSError:
            back.transport.abort()
            return
        both = {back, onward}
        self._lines |= both
        ways = [
            asyncio.create_task(self._one_way(source, target, random.Random(chance.random()), way))
            for source, target, way in ((near, onward, "up"), (far, back, "down"))
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._lines -= both
            for task in ways:
                task.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            for end in both:
                if chance.random() < 0.5 and self.faults.cut:
                    end.transport.abort()
                else:
                    end.close()

    async def _one_way(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        chance: random.Random,
        way: str,
    ) -> None:
        """Until one end hangs up or chance has it so."""
        with suppress(OSError):
            while raw := await source.read(self._size()):
                self.told[way] += len(raw)
                if way == "up":
                    await self._slowly(len(raw))
                faults = self.faults
                if chance.random() < faults.stall:
                    self.told["stalls"] += 1
                    await asyncio.sleep(chance.random() * faults.stall_seconds)
                if chance.random() < faults.garble:
                    self.told["garbled"] += 1
                    raw = _garbled(raw, chance)
                if chance.random() < faults.double:
                    self.told["doubled"] += 1
                    raw += raw if chance.random() < 0.5 else raw[chance.randrange(len(raw)) :]
                cut = chance.random() < faults.cut
                target.write(raw[: chance.randrange(len(raw))] if cut else raw)
                await target.drain()
                if cut:
                    self.told["cuts"] += 1
                    return

    def _size(self) -> int:
        """Bytes that go on together: on a slow line, what takes a four-hundredth of a second."""
        return min(_CHUNK, max(512, int(self.faults.rate / 400) or _CHUNK))

    async def _slowly(self, count: int) -> None:
        """Wait until so many bytes may go."""
        if self.faults.rate:
            now = self._loop.time()
            self._free = max(self._free, now) + count / self.faults.rate
            await asyncio.sleep(self._free - now)


def _garbled(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ (1 << chance.randrange(8))]) + raw[place + 1 :]
