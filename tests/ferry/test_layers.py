"""The layers of the ferry against kept vectors, a second implementation, and random bytes."""

from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit_sync.errors import Refusal
from fieldkit_sync.ferry import base45, code, fountain, frame, plan
from fieldkit_sync.ferry.frame import Frame
from fieldkit_sync.ferry.send import Stream, symbol_size
from fieldkit_sync.ferry.whiten import whiten

from .make import payload, vectors

FOLDER = Path(__file__).parent / "vectors"
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


@pytest.mark.parametrize("name", sorted(vectors()))
def test_vectors_stay(name: str) -> None:
    """What was written once is what is written today."""
    kept = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    assert json.loads(json.dumps(vectors()[name])) == kept


def test_the_example_of_the_standard() -> None:
    """RFC 9285 §4.3 and §4.4."""
    assert base45.encode(b"AB") == "BB8"
    assert base45.encode(b"Hello!!") == "%69 VD92EX0"
    assert base45.encode(b"base-45") == "UJCLQE7W581"
    assert base45.decode("QED8WEX0") == b"ietf!"


def _decoded(text: str) -> bytes:
    """Base45 again, digit by digit, by somebody who did not read ours."""
    out = b""
    for at in range(0, len(text), 3):
        digits = [SIGNS.index(c) for c in text[at : at + 3]]
        number = sum(digit * 45**n for n, digit in enumerate(digits))
        out += number.to_bytes(len(digits) - 1, "big")
    return out


def _mask(transfer: bytes, symbol_id: int, k: int) -> list[int]:
    """Which symbols are mixed, bit by bit."""
    if symbol_id < k:
        return [symbol_id]
    noise = hashlib.shake_128(b"FKF1" + transfer + symbol_id.to_bytes(4, "big")).digest(k)
    chosen = [i for i in range(k) if noise[i // 8] >> (i % 8) & 1]
    return chosen or [0]


def _read(raw: bytes) -> dict[str, Any]:
    """A frame again, by the table of the protocol."""
    assert raw[0] == 0xF1
    assert zlib.crc32(raw[:-4]).to_bytes(4, "big") == raw[-4:]
    transfer, first, many = raw[1:9], int.from_bytes(raw[12:15], "big"), raw[15]
    body = raw[16:-4]
    noise = hashlib.shake_128(b"FKW1" + transfer + first.to_bytes(4, "big")).digest(len(body))
    plain = bytes(a ^ b for a, b in zip(body, noise, strict=True))
    size = len(plain) // many
    return {
        "transfer": transfer, "length": int.from_bytes(raw[9:12], "big"), "first": first,
        "symbols": [plain[n * size : (n + 1) * size] for n in range(many)],
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3000), st.integers(3, 24), st.integers(0, 400))
def test_a_second_implementation_agrees(length: int, version: int, skip: int) -> None:
    """Frames, masks and symbols, worked out from the text of the protocol alone."""
    body = payload(length)
    stream = Stream(body, plan.net(version), skip)
    one = stream.next_frame(plan.net(version))
    raw = frame.write(one)
    text = frame.to_text(raw)
    assert _decoded(text.removesuffix(".")) == raw
    told = _read(raw)
    assert told["transfer"] == hashlib.sha256(body).digest()[:8]
    assert (told["length"], told["first"]) == (length, skip)
    size = len(told["symbols"][0])
    k = -(-length // size)
    padded = body.ljust(k * size, b"\x00")
    source = [padded[n * size : (n + 1) * size] for n in range(k)]
    for n, symbol in enumerate(told["symbols"]):
        mixed = bytes(size)
        for i in _mask(told["transfer"], skip + n, k):
            mixed = bytes(a ^ b for a, b in zip(mixed, source[i], strict=True))
        assert symbol == mixed


@given(st.binary(max_size=200))
def test_base45_round_trip(raw: bytes) -> None:
    """And its length is what `capacity` says."""
    text = base45.encode(raw)
    assert base45.decode(text) == raw
    assert base45.capacity(len(text)) == len(raw)


@given(st.text(SIGNS, max_size=40))
def test_base45_is_spelled_in_one_way(text: str) -> None:
    """What can be read is what would be written; all else is refused."""
    try:
        raw = base45.decode(text)
    except Refusal:
        return
    assert base45.encode(raw) == text


@given(
    st.binary(min_size=1, max_size=300), st.binary(min_size=8, max_size=8), st.integers(0, 2**24)
)
def test_whitening_twice_is_nothing(body: bytes, transfer: bytes, n: int) -> None:
    """It is its own inverse."""
    assert whiten(whiten(body, transfer, n), transfer, n) == body


@pytest.mark.parametrize("version", range(plan.LEAST, 41))
def test_every_version_holds_what_is_said(version: int) -> None:
    """A frame of just that size fits into the code, one symbol more does not."""
    stream = Stream(payload(5000), plan.net(version))
    text = frame.to_text(frame.write(stream.next_frame(plan.net(version))))
    dots = code.modules(text, version, 3)
    assert len(dots) == 17 + 4 * version
    with pytest.raises(Refusal):
        code.modules("A" * (plan.characters(version) + 1), version, 3)


def test_a_payload_of_zeros_can_be_drawn() -> None:
    """The library fails on a block of zeros; whitened, there is none (python-qrcode #330, #423)."""
    stream = Stream(bytes(30_000), plan.net(20))
    for _n in range(40):
        one = stream.next_frame(plan.net(20))
        code.modules(frame.to_text(frame.write(one)), 20, one.symbol_id)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=120))
def test_random_bytes_are_no_frame(raw: bytes) -> None:
    """Refused by name, never an error of another kind."""
    with pytest.raises(Refusal):
        frame.read(raw)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_flipped_bit_is_read(data: st.DataObject) -> None:
    """One bit anywhere in a frame, and it is refused."""
    one = Stream(payload(700), plan.net(8)).next_frame(plan.net(8))
    raw = bytearray(frame.write(one))
    at = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[at // 8] ^= 1 << at % 8
    with pytest.raises(Refusal):
        frame.read(bytes(raw))


@pytest.mark.parametrize(
    "bad",
    [
        Frame(b"12345678", 0, 0, (bytes(16),)),
        Frame(b"12345678", 2**22 + 1, 0, (bytes(2000),)),
        Frame(b"12345678", 100, 0, (bytes(15),)),
        Frame(b"12345678", 100, 2**24 - 1, (bytes(16), bytes(16))),
        Frame(b"12345678", 100, 0, (bytes(16), bytes(17))),
        Frame(b"12345678", 100, 0, tuple(bytes(16) for _n in range(33))),
        Frame(b"12345678", 2**22, 0, (bytes(16),)),
    ],
)
def test_frames_out_of_bounds(bad: Frame) -> None:
    """Neither written nor, were they, read."""
    with pytest.raises(Refusal):
        frame.write(bad)


@settings(max_examples=1000)
@given(st.integers(1, 2**22), st.integers(36, 2900))
def test_symbols_fill_their_code(length: int, net: int) -> None:
    """At most one byte in sixteen is left over, and there are never too many symbols in a code."""
    size = symbol_size(length, net)
    assert frame.MIN_SYMBOL <= size <= net
    many = min(net // size, frame.MAX_SYMBOLS)
    assert many >= 1
    assert many * size * 16 >= net * 15


@pytest.mark.parametrize(
    ("columns", "rows", "version", "across"),
    [(80, 23, 4, 2), (120, 39, 13, 1), (200, 59, 19, 2), (240, 66, 24, 2)],
)
def test_what_fits_is_chosen(columns: int, rows: int, version: int, across: int) -> None:
    """Two beside each other where that is worth it; never larger than the window."""
    found = plan.choose(columns, rows)
    assert found is not None
    assert (found.version, found.across) == (version, across)
    assert found.cells[0] <= columns
    assert found.cells[1] <= rows
    assert plan.choose(30, 10) is None


def test_efficiency() -> None:
    """Of the 858 bytes of a binary code of version 20, at least 94 in a hundred are payload."""
    assert plan.net(20) / 858 >= 0.94


def test_masks_are_about_half() -> None:
    """No mask is empty, none of a hundred is lopsided."""
    for n in range(200, 300):
        mask = fountain.mask(b"12345678", n, 200)
        assert 50 < mask.bit_count() < 150
