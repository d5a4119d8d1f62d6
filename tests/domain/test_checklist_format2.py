"""Format 2: one document and digest for each list; strangers' documents are read strictly."""

from __future__ import annotations

import base64
import copy
import time
import zlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from fieldkit.domain.checklist import Checklist, Section
from fieldkit.domain.kinds import BadBody, accept
from fieldkit.domain.packing import DOC_DEPTH, MAX_DOC, MAX_PACKED, doc_digest, pack, unpack
from fieldkit.errors import Problem
from fieldkit.library.load import catalogue
from fieldkit_sync.canon import decode, encode

from .random_lists import OPTIONS, ROWS, checklist, flat, item, lists

PINNED = {
    "wuzha-xiaoqu": "a721e5c1245cc0549e98cd8cba371c7d6cd96a1f6d0add64b575594c3d1ee776",
    "courier-100": "64684cf1019aa5482c6caab513dc070b1d3b71d1054f9732228f7eb36702eaea",
    "building-sweep": "a25867a83c83c2fec1c4de1d34ee6a45f85523795d0de0400c1f0e30b71fd118",
}
"""As they were before there was a format 2: old inspections are bound to these."""


@pytest.mark.parametrize("name", PINNED)
def test_format2_old_digests(name: str) -> None:
    """A list that needs nothing new keeps its version and its digest."""
    whole = {it.id: it for it in catalogue(None)}[name]
    assert whole.to_doc()["v"] == 1
    assert whole.digest == PINNED[name]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(lists())
def test_format2_round_trip(whole: Checklist) -> None:
    """Through bytes, packed or not, a list stays what it is, and so does its digest."""
    doc = whole.to_doc()
    again = Checklist.from_doc(decode(encode(doc, depth=DOC_DEPTH), depth=DOC_DEPTH))
    assert again == whole
    assert again.to_doc() == doc
    assert again.digest == whole.digest
    assert unpack(pack(doc)) == doc
    accept("checklist.put", {"digest": whole.digest, "doc": pack(doc)})


def rich() -> dict[str, Any]:
    """A document that uses most of what is new."""
    whole = checklist(
        Section("s", "节", (
            item("A", translations={"en": {"text": "A?"}}),
            item("G", "group", relevant="${A} = 'fail'"),
            item("R", "repeat", parent="G", count="2"),
            item("N", "number", parent="R", constraint=". > 1", message="x"),
            item("T", "choice", params={"list": "towns", "filter": "county = 'c1'"}, listed=ROWS),
            item("C", "calculated", calculate="sum(${N})", params={"at_least": 3}, weight=1),
        ), relevant="true()", translations={"en": {"title": "S"}}),
        kind="record", cadence="yearly", language="zh", translations={"en": {"title": "T"}},
    )  # fmt: skip
    return whole.to_doc()


def test_format2_rich() -> None:
    """What is new is there again, nested, and says version 2."""
    doc = rich()
    again = Checklist.from_doc(doc)
    assert doc["v"] == 2
    assert again.to_doc() == doc
    assert [it.parent for it in again.items] == ["", "", "G", "R", "", ""]
    assert again.item("T").options == ROWS
    assert again.kind == "record"


def test_format2_needs_version_2() -> None:
    """Anything that version 1 does not know makes it version 2."""
    translated = [OPTIONS[0] | {"translations": {"en": {"title": "A"}}}, OPTIONS[1]]
    for whole in (
        flat(item("A", relevant="1")), flat(item("A", read_only=True)),
        flat(item("A", effect="refer")),
        flat(item("G", "group"), item("A", parent="G")), flat(item("A", "calculated",
        calculate="1")),
        flat(item("A", "choice", params={"list": "towns"}, listed=ROWS)),
        flat(item("A"), kind="record"),
        flat(item("A", "choice", params={"options": translated})), flat(item("A"), cadence="once"),
        checklist(Section("s", "s", (item("A"),), relevant="1")),
    ):  # fmt: skip
        assert whole.to_doc()["v"] == 2
        assert Checklist.from_doc(whole.to_doc()) == whole
    assert flat(item("A")).to_doc()["v"] == 1


def changed(*steps: Any, value: Any) -> dict[str, Any]:
    """The rich document with one thing put in."""
    doc: Any = rich()
    part = doc
    for step in steps[:-1]:
        part = part[step]
    part[steps[-1]] = value
    return doc  # type: ignore[no-any-return]


FIRST = ("sections", 0, "items", 0)
OPTION = {"id": "x", "title": "y"}


def deep(levels: int) -> dict[str, Any]:
    """Groups in groups."""
    doc = rich()
    inner = doc["sections"][0]["items"][0]
    group = {k: v for k, v in inner.items() if k != "translations"} | {"type": "group"}
    for level in range(levels):
        inner = copy.deepcopy(group) | {"id": f"D{level}", "items": [inner]}
    doc["sections"][0]["items"][0] = inner
    return doc


STRANGE: dict[str, Any] = {
    "a float version": changed("v", value=2.0),
    "a true version": changed("v", value=True),
    "version 1 with new fields": changed("v", value=1),
    "version 3": changed("v", value=3),
    "a default spelt out": changed(*FIRST, "relevant", value=""),
    "a flag spelt out": changed(*FIRST, "read_only", value=False),
    "translations spelt out": changed(*FIRST, "translations", value={}),
    "a kind spelt out": changed("kind", value="inspection"),
    "an option's verdict spelt out": changed("lists", "towns", 0, "verdict", value="noted"),
    "an unknown field": changed(*FIRST, "colour", value="red"),
    "an unknown field of the list": changed("colour", value="red"),
    "an unknown field of a row": changed("lists", "towns", 0, "colour", value="red"),
    "an unknown type": changed(*FIRST, "type", value="hologram"),
    "items in what is no group": changed(*FIRST, "items", value=[]),
    "a list that is not there": changed("sections", 0, "items", 2, "params",
    "list", value="cities"),
    "a list that is no text": changed("sections", 0, "items", 2, "params", "list", value=["towns"]),
    "a circle": changed(*FIRST, "relevant", value="${A} = 'pass'"),
    "an unknown name": changed(*FIRST, "relevant", value="${Z} = 'pass'"),
    "half an expression": changed(*FIRST, "relevant", value="${"),
    "an expression that is no text": changed(*FIRST, "relevant", value=1),
    "a long expression": changed(*FIRST, "relevant", value="1+" * 1999 + "1"),
    "a control character": changed(*FIRST, "constraint", value="\x1b[2J"),
    "a surrogate": changed(*FIRST, "constraint", value="'\ud800'"),
    "the same id twice": changed("sections", 0, "items", 2, "id", value="A"),
    "20,001 rows": changed("lists", "more", value=[OPTION] * 20_001),
    "a translated colour": changed(*FIRST, "translations", value={"en": {"colour": "red"}}),
    "a translation that is no text": changed(*FIRST, "translations", value={"en": {"text": 1}}),
    "lists that are a list": changed("lists", value=[]),
    "rows that are a mapping": changed("lists", "towns", value={}),
    "columns that are numbers": changed("lists", "towns", 0, "columns", value={"c": 1}),
    "an unknown effect": changed(*FIRST, "effect", value="shame"),
    "seven groups": deep(7),
    "sixty groups": deep(60),
    "not a mapping": [],
    "nothing": {},
}  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_format2_strangers(name: str) -> None:
    """Anything that would not have been written is refused, and quickly."""
    started = time.perf_counter()
    with pytest.raises(Problem) as refused:
        Checklist.from_doc(STRANGE[name])
    assert refused.value.code == "bad-checklist"
    assert time.perf_counter() - started < 2


def test_format2_six_groups() -> None:
    """Six in one another are allowed."""
    assert len(Checklist.from_doc(deep(6)).items) == 12


def test_format2_too_much_logic() -> None:
    """A megabyte of expressions is read by nobody, and not compiled either."""
    whole = flat(*(item(f"i{n}", relevant="+".join(["1"] * 999)) for n in range(600)))
    started = time.perf_counter()
    with pytest.raises(Problem):
        Checklist.from_doc(whole.to_doc())
    assert time.perf_counter() - started < 2


def test_packing_large() -> None:
    """Twenty thousand rows travel packed, with the digest of the document itself."""
    rows = [{"id": f"r{n}", "title": f"镇{n}"} for n in range(19_000)]
    doc = changed("lists", "more", value=rows)
    packed = pack(doc)
    assert isinstance(packed, str)
    assert len(packed) < MAX_PACKED
    assert unpack(packed) == doc
    assert isinstance(pack(rich()), dict)
    body = {"digest": doc_digest(doc), "doc": packed}
    accept("checklist.put", body, body["digest"][:32])
    with pytest.raises(BadBody):
        accept("checklist.put", body | {"digest": "0" * 64})
    assert Checklist.from_doc(unpack(packed)).digest == doc_digest(doc)


def test_packing_edge() -> None:
    """The largest document that is packed is unpacked again; one byte more is not packed."""
    frame = len(encode({"a": ""}))
    doc = {"a": "x" * (MAX_DOC - frame)}
    assert unpack(pack(doc)) == doc
    with pytest.raises(ValueError, match=r"\d"):
        pack({"a": "x" * (MAX_DOC - frame + 1)})


def squeezed(raw: bytes) -> str:
    """Bytes as `pack` would wrap them."""
    return base64.b64encode(zlib.compress(raw, 9)).decode("ascii")


BOMBS: dict[str, Any] = {
    "zeros": squeezed(b"\0" * (100 << 20)),
    "a long text": squeezed(b'{"a":"' + b"x" * (60 << 20) + b'"}'),
    "many lists": squeezed(b'{"a":[' + b",".join([b"[]"] * 2_500_000) + b"]}"),
    "deep": squeezed(b"[" * 1_000_000 + b"]" * 1_000_000),
    "deep objects": squeezed(b'{"a":' * 41 + b"1" + b"}" * 41),
    "not canonical": squeezed(b'{"a": 1}'),
    "a list": squeezed(b"[]"),
    "a float": squeezed(b'{"a":1.5}'),
    "cut off": squeezed(encode(rich(), depth=DOC_DEPTH))[:-8],
    "something behind": base64.b64encode(zlib.compress(b"{}") + b"x").decode(),
    "not base64": "ä" * 10, "spaces": squeezed(b"{}") + " ", "not deflated": "AAAA", "empty": "",
    "too long": "A" * (MAX_PACKED + 4), "a number": 5, "nothing": None, "bytes": b"{}",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_packing_bombs(name: str) -> None:
    """What was not packed by us is refused before it takes time or room."""
    started = time.perf_counter()
    with pytest.raises(ValueError, match=r"."):
        unpack(BOMBS[name])
    with pytest.raises(BadBody):
        accept("checklist.put", {"digest": "0" * 64, "doc": BOMBS[name]})
    assert time.perf_counter() - started < 5
