"""Whole transfers in virtual time, and readers that hear wrong things (no timing is real here)."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit_sync.errors import Refusal
from fieldkit_sync.ferry import frame, plan
from fieldkit_sync.ferry.frame import Frame
from fieldkit_sync.ferry.receive import MOST_TRANSFERS, Receiver
from fieldkit_sync.ferry.send import Producer, Stream

from .simulate import transfer

NET = plan.net(20)


@pytest.mark.parametrize(
    ("length", "loss", "most", "runs"),
    [
        (20_000, 0.3, 3.7, 60),
        (100_000, 0.0, 12.5, 3),
        (100_000, 0.1, 14.0, 10),
        (100_000, 0.3, 18.0, 20),
        (100_000, 0.5, 25.5, 10),
        (500_000, 0.3, 89.0, 4),
    ],
)
def test_seconds_of_the_plan(length: int, loss: float, most: float, runs: int) -> None:
    """Version 20 at ten screens a second: the mean over fixed chances."""
    took = [transfer(length, loss, seed) for seed in range(runs)]
    assert statistics.mean(one.seconds for one in took) <= most
    if length >= 20_000:
        assert statistics.mean(one.bytes for one in took) <= 1.03 * length


def test_who_comes_late_waits_no_longer() -> None:
    """Symbols that are over are replaced by others: no reader has to wait for a loop."""
    late = [transfer(100_000, 0.0, seed, join=1000 + 777 * seed).seconds for seed in range(6)]
    assert statistics.mean(late) <= 1.02 * transfer(100_000, 0.0, 1).seconds


def test_everybody_finishes() -> None:
    """Small payloads at half the codes lost: each of them, with hardly a symbol too many."""
    extra = sorted(
        transfer(length, 0.5, seed).extra for length in (2_000, 20_000) for seed in range(60)
    )
    assert extra[-2] <= 8


def test_codes_may_become_smaller_on_the_way() -> None:
    """Version 20, then 15 from half way: not two in a hundred more than without."""
    for seed in range(4):
        took = transfer(100_000, 0.3, seed, then=plan.Layout(15, 1, "lower"))
        assert took.bytes <= 1.02 * 100_000


def test_two_codes_at_once() -> None:
    """On a wide window: twenty thousand bytes a second and more."""
    took = transfer(500_000, 0.0, 1, layout=plan.Layout(24, 2, "lower"))
    assert 500_000 / took.seconds >= 20_000


def _texts(payload: bytes, start: int = 0, net: int = NET) -> Stream:
    return Stream(payload, net, start)


def _text(stream: Stream, net: int = NET) -> str:
    return frame.to_text(frame.write(stream.next_frame(net)))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6000), st.randoms(use_true_random=False), st.floats(0, 0.7))
def test_any_order_any_loss_any_repeats(length: int, chance: random.Random, loss: float) -> None:
    """The payload comes out whole; how far it is never goes back."""
    payload = chance.randbytes(length)
    stream = _texts(payload, net=plan.net(10))
    waiting = [_text(stream, plan.net(10)) for _n in range(60)]
    chance.shuffle(waiting)
    receiver, share = Receiver(), 0.0
    for text in waiting + waiting:
        if chance.random() < loss:
            continue
        got = receiver.take(text)
        assert receiver.standing.share >= share
        share = receiver.standing.share
        if got is not None:
            assert got == payload
            break
    else:
        raise AssertionError("sixty codes twice were not enough")
    assert receiver.take(waiting[0]) is None


def test_foreign_transfers_undo_nothing() -> None:
    """Others' codes between ours, more transfers than are kept: ours is not begun anew."""
    ours, receiver = random.Random(1).randbytes(9000), Receiver()
    stream = _texts(ours)
    for _n in range(6):
        assert receiver.take(_text(stream)) is None
    before = receiver.standing.share
    for seed in range(3 * MOST_TRANSFERS):
        receiver.take(_text(_texts(random.Random(seed + 5).randbytes(9000))))
        assert receiver.standing.share >= before
    got = None
    for _n in range(12):
        got = got or receiver.take(_text(stream))
    assert got == ours


def test_a_false_symbol_is_found_out() -> None:
    """A forged symbol in a good frame: the digest tells, and fresh symbols make it whole."""
    payload, receiver = random.Random(2).randbytes(5000), Receiver()
    stream = _texts(payload)
    one = stream.next_frame(NET)
    forged = Frame(
        one.transfer, one.length, one.symbol_id, tuple(bytes(len(s)) for s in one.symbols)
    )
    receiver.take(frame.to_text(frame.write(forged)))
    got = None
    for _n in range(30):
        got = got or receiver.take(_text(stream))
    assert receiver.standing.falsified == 1
    assert got == payload


def _mangled(texts: list[str], chance: random.Random) -> str:
    """A code torn from two, blended, with characters changed, cut or doubled."""
    first, second = chance.sample(texts, 2)
    at = chance.randrange(len(first))
    way = chance.randrange(6)
    if way == 0:
        return first[:at] + second[at:]
    if way == 1:
        return "".join(chance.choice(pair) for pair in zip(first, second, strict=False))
    if way == 2:
        return first[:at] + chance.choice("0123456789ABC $%*+-./:") + first[at + 1 :]
    if way == 3:
        return first[:at]
    if way == 4:
        return first[:at] + first[at:] * 2
    raw = bytearray(frame.of_text(first))
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return frame.to_text(bytes(raw))


def test_torn_and_blended_codes_yield_no_wrong_byte() -> None:
    """Thousands of them between good ones (a command of its own does a hundred thousand)."""
    hammer(3_000, 1)


def hammer(many: int, seed: int) -> int:
    """So many mangled codes into readers that also see good ones; how many transfers were whole."""
    chance, whole = random.Random(seed), 0
    left = many
    while left > 0:
        payload = chance.randbytes(chance.randrange(200, 3000))
        stream = Stream(payload, plan.net(6))
        good = [_text(stream, plan.net(6)) for _n in range(70)]
        receiver, got = Receiver(), None
        for text in good:
            for _n in range(6):
                left -= 1
                wrong = receiver.take(_mangled(good, chance))
                assert wrong is None or wrong == payload
                got = got or wrong
            got = got or receiver.take(text)
        assert got == payload
        assert receiver.standing.falsified == 0
        whole += 1
    return whole


def test_sizes_that_cannot_be_ferried() -> None:
    """Nothing, too much, codes too small for it: by name."""
    for payload, net in ((b"", NET), (bytes(frame.MAX_PAYLOAD + 1), NET), (bytes(2**21), 50)):
        with pytest.raises(Refusal, match="ferry-size"):
            Stream(payload, net)
    stream = Stream(bytes(1000), 100, frame.MAX_ID)
    with pytest.raises(Refusal, match="ferry-end"):
        stream.next_frame(100)


def test_the_producer_follows_a_change_and_stops() -> None:
    """What was made for another window is dropped; nothing runs on after it is closed."""
    stream = Stream(bytes(20_000), plan.net(8))
    first, then = plan.Layout(8, 1, "lower"), plan.Layout(9, 2, "mono")
    with Producer(stream, first) as producer:
        assert producer.take(10).layout == first
        producer.change(then)
        for _n in range(12):
            screen = producer.take(10)
            assert screen.layout == then
            assert len(screen.lines) == then.cells[1]
    assert not producer._thread.is_alive()
