"""The endless stream of one payload: its frames, and screens of them made ahead in a thread."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass

from fieldkit_sync.errors import Refusal
from fieldkit_sync.ferry import code, draw, fountain, frame, plan
from fieldkit_sync.ferry.code import Modules
from fieldkit_sync.ferry.frame import Frame
from fieldkit_sync.ferry.plan import QUIET, Layout

AHEAD = 8
"""Screens that are made before they are shown."""


def symbol_size(length: int, net: int) -> int:
    """T for a payload: up to two thousand symbols, so many in a code that few bytes are left over.

    Many small symbols make what a fountain needs beyond the payload a fraction of a code, and let
    the codes become smaller on the way.
    """
    most = min(net * 2000 // length, frame.MAX_SYMBOLS, net // frame.MIN_SYMBOL)
    most = max(most, 1)
    many = max(range(-(-most * 3 // 4), most + 1), key=lambda m: (net // m * m, m))
    return max(net // many, frame.MIN_SYMBOL)


class Stream:
    """Frames of a payload without end; the size of a symbol stays, whatever the codes become.

    ``net`` is what one code carries when the stream begins. ``start`` is the number of the first
    symbol: a stream taken up again goes on with repair symbols that nobody has seen.
    """

    def __init__(self, payload: bytes, net: int, start: int = 0) -> None:
        if not 1 <= len(payload) <= frame.MAX_PAYLOAD:
            raise Refusal("ferry-size", "empty, or larger than what can be ferried")
        self.size = symbol_size(len(payload), net)
        self.payload = payload
        self.transfer = frame.transfer_of(payload)
        if fountain.count(len(payload), self.size) > frame.MAX_K:
            raise Refusal("ferry-size", "too many symbols of this size")
        self._source = fountain.Source(payload, self.transfer, self.size)
        self._next = start
        self._lock = threading.Lock()

    @property
    def k(self) -> int:
        """How many symbols a perfect reader needs."""
        return self._source.k

    @property
    def sent(self) -> int:
        """The number of the next symbol."""
        return self._next

    def next_frame(self, net: int) -> Frame:
        """The next frame for codes that carry ``net`` bytes.

        `Refusal` ("ferry-size") where not one symbol fits, ("ferry-end") after sixteen million.
        """
        many = min(net // self.size, frame.MAX_SYMBOLS)
        if many < 1:
            raise Refusal("ferry-size", "a symbol does not fit into this code")
        with self._lock:
            first = self._next
            if first + many - 1 > frame.MAX_ID:
                raise Refusal("ferry-end", "no numbers are left")
            self._next += many
        symbols = tuple(self._source.symbol(first + n) for n in range(many))
        return Frame(self.transfer, len(self.payload), first, symbols)


def picture(stream: Stream, layout: Layout) -> tuple[Modules, int]:
    """One screen: its modules with quiet zones, and the first symbol's number."""
    codes, first = [], None
    for _code in range(layout.across):
        one = stream.next_frame(plan.net(layout.version))
        first = one.symbol_id if first is None else first
        text = frame.to_text(frame.write(one))
        codes.append(code.modules(text, layout.version, one.symbol_id))
    return code.beside(codes, QUIET), first or 0


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen ready to be painted: its lines, the symbol it begins with, its layout."""

    lines: list[str]
    first: int
    layout: Layout
    symbols: int


class Producer:
    """Makes screens ahead of their time, so that painting never waits for arithmetic.

    ``change`` drops what was made for another layout. ``Refusal`` of the stream is raised by
    ``take``. Close it, or leave it in a ``with``.
    """

    def __init__(self, stream: Stream, layout: Layout) -> None:
        self._stream = stream
        self._wish = layout
        self._queue: queue.Queue[tuple[Layout, Screen | Refusal]] = queue.Queue(AHEAD)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ferry", daemon=True)
        self._thread.start()

    def __enter__(self) -> Producer:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def change(self, layout: Layout) -> None:
        """From now on screens of this layout."""
        self._wish = layout

    def take(self, timeout: float | None = None) -> Screen:
        """The next screen of the present layout. Raises `queue.Empty` after ``timeout`` seconds."""
        while True:
            wish, made = self._queue.get(timeout=timeout)
            if isinstance(made, Refusal):
                raise made
            if wish == self._wish:
                return made

    def close(self) -> None:
        """Stop; what was made is dropped."""
        self._over.set()
        while self._thread.is_alive():
            try:
                self._queue.get_nowait()
            except queue.Empty:
                self._thread.join(0.02)

    def _run(self) -> None:
        while not self._over.is_set():
            wish = self._wish
            self._put(wish, self._made(wish))

    def _made(self, layout: Layout) -> Screen | Refusal:
        try:
            before = self._stream.sent
            modules, first = picture(self._stream, layout)
            symbols = self._stream.sent - before
            return Screen(draw.lines(modules, layout.mode), first, layout, symbols)
        except Refusal as refusal:
            self._over.set()
            return refusal

    def _put(self, wish: Layout, made: Screen | Refusal) -> None:
        while True:
            try:
                self._queue.put((wish, made), timeout=0.05)
                return
            except queue.Full:
                if self._over.is_set() and not isinstance(made, Refusal):
                    return


def seconds(length: int, layout: Layout, per_second: float) -> float:
    """How long a reader that misses nothing takes."""
    return length / (layout.net * per_second) if per_second else float("inf")
