"""Canonical JSON, the event line and the chain: one spelling, one hash, no way around."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit_sync import canon, event
from fieldkit_sync.errors import Refusal

leaf = (
    st.none()
    | st.booleans()
    | st.integers(-canon.MAX_INT, canon.MAX_INT)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
value = st.recursive(
    leaf,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(
        st.characters(exclude_categories=["Cs"]), max_size=6), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
bodies = st.dictionaries(st.text("abc无", max_size=4), leaf, max_size=5)


def refusal(call, *args, **named) -> str:
    """The code with which a call refuses."""
    with pytest.raises(Refusal) as no:
        call(*args, **named)
    return no.value.code


def sample(**changes) -> event.Event:
    """A first event, with changes."""
    named = {
        "device": "ab" * 16,
        "epoch": "0" * 16,
        "seq": 1,
        "prev": event.GENESIS,
        "hlc": "0" * 16,
        "kind": "visit.logged",
        "entity": "cd" * 16,
        "division": "9901",
        "body": {"note": "留条"},
        "salt": "ef" * 16,
    }
    return event.make(**{**named, **changes})


@settings(max_examples=50)
@given(value)
def test_what_is_encoded_decodes_to_the_same(doc) -> None:
    """decode(encode(x)) is x, and its bytes are stable."""
    raw = canon.encode(doc)
    assert canon.decode(raw) == doc
    assert canon.encode(canon.decode(raw)) == raw


@settings(max_examples=50)
@given(st.binary(max_size=60))
def test_any_bytes_are_refused_or_canonical(raw: bytes) -> None:
    """Random bytes never raise anything but a refusal."""
    try:
        doc = canon.decode(raw)
    except Refusal:
        return
    assert canon.encode(doc) == raw


@settings(max_examples=50)
@given(value, st.integers(0, 3))
def test_only_one_spelling_is_accepted(doc, style: int) -> None:
    """Other JSON spellings of the same value are refused."""
    other = [
        json.dumps(doc, indent=1),
        json.dumps(doc, ensure_ascii=True, sort_keys=True, separators=(",", ":")),
        json.dumps(doc, ensure_ascii=False, separators=(",", ":")),
        json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n",
    ][style].encode("utf-8")
    if other == canon.encode(doc):
        assert canon.decode(other) == doc
    else:
        assert refusal(canon.decode, other) == "not-canonical"


@pytest.mark.parametrize(
    "doc", [1.0, float("nan"), 2**53, -(2**53), b"x", {1: 2}, {"a": {2}}, "\ud800", {"\udfff": 1}]
)
def test_values_without_a_spelling_are_refused(doc) -> None:
    """Floats, large numbers, bytes, odd keys and lone surrogates cannot be written."""
    assert refusal(canon.encode, doc) == "not-canonical"


def test_depth_is_bounded_both_ways() -> None:
    """Sixteen levels pass, seventeen do not, and neither do a hundred thousand."""
    raw = b"[" * 16 + b"]" * 16
    assert canon.encode(canon.decode(raw)) == raw
    for depth in (17, 100_000):
        assert refusal(canon.decode, b"[" * depth + b"]" * depth) == "not-canonical"
    deep: list[object] = []
    for _ in range(17):
        deep = [deep]
    assert refusal(canon.encode, deep) == "not-canonical"


def test_huge_numbers_are_refused_quickly() -> None:
    """A number of a million digits is not even read as a number."""
    assert refusal(canon.decode, b"1" * 1_000_000) == "not-canonical"


@settings(max_examples=50)
@given(bodies)
def test_an_event_survives_its_line(body) -> None:
    """parse(line) gives the same event, and the header is what canonical JSON would write."""
    made = sample(body=body)
    again = event.parse(made.line)
    assert again == made
    assert again.id == made.id
    doc = canon.decode(made.line)
    assert canon.encode({key: doc[key] for key in doc if key not in "bx"}) == made.header


@settings(max_examples=50)
@given(bodies)
def test_erasing_keeps_the_hash(body) -> None:
    """A body can go and the event stays the same link of the chain."""
    made = sample(body=body)
    gone = event.erased(made)
    assert gone.hash == made.hash
    assert gone.body is None
    assert gone.salt is None
    assert event.parse(gone.line) == gone


@settings(max_examples=50)
@given(st.data())
def test_no_changed_byte_keeps_the_hash(data) -> None:
    """A flipped bit is refused, or it makes another event."""
    line = bytearray(sample().line)
    at = data.draw(st.integers(0, len(line) - 1))
    line[at] ^= 1 << data.draw(st.integers(0, 7))
    try:
        found = event.parse(bytes(line))
    except Refusal:
        return
    assert found.hash != sample().hash


@pytest.mark.parametrize(
    "change",
    [
        {"device": "AB" * 16},
        {"device": "ab" * 15 + "a\n"},
        {"epoch": ""},
        {"seq": 0},
        {"seq": True},
        {"seq": 2},
        {"seq": 2**53, "prev": "a" * 64},
        {"prev": "a" * 64},
        {"hlc": "g" * 16},
        {"kind": "Visit"},
        {"kind": "a" * 41},
        {"kind": "visit.logged.twice"},
        {"entity": "cd" * 15},
        {"division": "9901-1"},
        {"division": "1" * 25},
        {"division": "二"},
        {"division": '","v":1}'},
        {"salt": "short"},
        {"body": []},
    ],
)
def test_malformed_fields_are_refused(change) -> None:
    """Each field has one form, the header cannot be broken open."""
    assert refusal(sample, **change) == "bad-fields"


def test_bodies_and_lines_are_bounded() -> None:
    """What cannot be read elsewhere is not made here."""
    assert refusal(sample, body={"x": "a" * event.MAX_LINE}) == "line-too-long"
    assert refusal(event.parse, b"x" * (event.MAX_LINE + 1)) == "line-too-long"
    deep: object = 1
    for _ in range(15):
        deep = [deep]
    assert refusal(sample, body={"x": deep}) == "not-canonical"
    assert refusal(sample, body={"x": 1.5}) == "not-canonical"
    made = sample(body={"x": deep[0]})  # type: ignore[index]
    assert event.parse(made.line) == made


def test_a_salt_hides_equal_bodies() -> None:
    """Two events with the same body have unlike digests; salts are drawn at random."""
    one, two = sample(salt=None), sample(salt=None)
    assert one.digest != two.digest


def test_body_without_salt_cannot_be_built() -> None:
    """An event holds both or neither."""
    assert refusal(sample().replaced, salt=None) == "bad-fields"


def test_a_whole_chain_has_no_problems(chain_of) -> None:
    """Order of arrival and repetitions do not matter."""
    events = chain_of("a" * 32, 9)
    assert event.verify_chain([*reversed(events), events[3]]) == []
    assert event.verify_chain([]) == []


@settings(max_examples=50)
@given(st.sets(st.integers(0, 8), min_size=1, max_size=8))
def test_every_missing_run_is_named(lost: set[int]) -> None:
    """Gaps are named unless they are at the tail, which only the next seal can show."""
    events: list[event.Event] = []
    for seq in range(1, 10):
        prev = events[-1].hash if events else event.GENESIS
        events.append(sample(seq=seq, prev=prev))
    kept = [found for index, found in enumerate(events) if index not in lost]
    problems = event.verify_chain(kept)
    tail = set(range(min((i for i in range(9) if set(range(i, 9)) <= lost), default=9), 9))
    assert bool(problems) == bool(lost - tail)
    assert all(problem.startswith("gap ") for problem in problems)


def test_forks_and_breaks_are_named(chain_of) -> None:
    """A number used twice is a fork; a wrong predecessor is a break."""
    events = chain_of("a" * 32, 4)
    fork = chain_of("a" * 32, 3, salt="f" * 32)[-1]
    assert any(problem.startswith("fork 3") for problem in event.verify_chain([*events, fork]))
    assert any(
        problem.startswith("broken 4")
        for problem in event.verify_chain([*events[:2], fork, events[3]])
    )
