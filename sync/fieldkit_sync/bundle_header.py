"""What ``fieldkit/header.json`` may say, checked field by field, and the fixed layout."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

from fieldkit_sync import canon, keyfolder
from fieldkit_sync.errors import Refusal
from fieldkit_sync.event import GENESIS
from fieldkit_sync.sshkey import parse_line

TOP = "fk1/"
BAGIT = TOP + "bagit.txt"
BAG_INFO = TOP + "bag-info.txt"
HEADER = TOP + "fieldkit/header.json"
DEVICE_PUB = TOP + "fieldkit/device.pub"
DEVICE_CERT = TOP + "fieldkit/device-cert.pub"
POLICIES = TOP + "fieldkit/policies.letter"
README = TOP + "fieldkit/README.txt"
MANIFEST = TOP + "manifest-sha256.txt"
TAG_MANIFEST = TOP + "tagmanifest-sha256.txt"
SIGNATURE = TAG_MANIFEST + ".sig"
EVENTS = TOP + "data/events.jsonl"
EVIDENCE = TOP + "data/evidence/"

TAGS = frozenset({BAGIT, BAG_INFO, HEADER, DEVICE_PUB, README, MANIFEST})
OPTIONAL_TAGS = frozenset({DEVICE_CERT, POLICIES})
BAGIT_TEXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

MAX_HEADER = 4 * 1024 * 1024
MAX_EVENTS = 1_000_000
MAX_EVENT_BYTES = 268_435_456
MAX_VOLUME = 268_435_456
MAX_SEALED = 314_572_800
MAX_RECIPIENTS = 16
MAX_RANGES = 20_000

_HEX16 = re.compile(r"[0-9a-f]{16}")
_HEX32 = re.compile(r"[0-9a-f]{32}")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_EXT = re.compile(r"[a-z0-9]{1,8}")
_VOLUME = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")


def _text(form: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and form.fullmatch(value) is not None


def _count(least: int, most: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _line(most: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and len(value) <= most and value.isprintable()


_FORMS: dict[str, Callable[[object], bool]] = {
    "v": _count(1, 1),
    "kind": lambda value: value in ("events", "evidence"),
    "bundle_id": _text(_HEX32),
    "dev": _text(_HEX32),
    "name": _line(keyfolder.MAX_NAME),
    "pub": _line(200),
    "ranges": lambda value: isinstance(value, list) and len(value) <= MAX_RANGES,
    "n": _count(0, MAX_EVENTS),
    "volume": _text(_VOLUME),
    "to": lambda value: isinstance(value, list) and 0 < len(value) <= MAX_RECIPIENTS,
    "office": lambda value: value == "" or _text(_HEX32)(value),
    "office_name": _line(keyfolder.MAX_NAME),
    "tool": _line(80),
    "made_hlc": _text(_HEX16),
    "evidence": lambda value: isinstance(value, list),
}
_RANGE_FORMS: dict[str, Callable[[object], bool]] = {
    "dev": _text(_HEX32),
    "epoch": _text(_HEX16),
    "from_seq": _count(1, canon.MAX_INT),
    "to_seq": _count(1, canon.MAX_INT),
    "prev": _text(_HEX64),
    "head": _text(_HEX64),
    "n": _count(1, MAX_EVENTS),
}
_EVIDENCE_FORMS: dict[str, Callable[[object], bool]] = {
    "sha256": _text(_HEX64),
    "size": _count(0, MAX_VOLUME),
    "ext": _text(_EXT),
}


def parse_header(raw: bytes) -> dict[str, Any]:
    """Return the header; `Refusal` ("header-mismatch") unless every field is as it must be."""
    try:
        doc = canon.decode(raw)
    except Refusal as fault:
        raise Refusal("header-mismatch", f"header.json: {fault.detail}") from None
    check_header(doc)
    return doc  # type: ignore[no-any-return]


def check_header(doc: object) -> None:
    """Refuse ("header-mismatch") a header with a wrong field or numbers that do not add up."""
    header = _checked(doc, _FORMS, "header")
    ranges = [_checked(item, _RANGE_FORMS, "range") for item in header["ranges"]]
    pieces = [_checked(item, _EVIDENCE_FORMS, "evidence") for item in header["evidence"]]
    if sum(item["n"] for item in ranges) != header["n"]:
        _refuse("the ranges do not add up to n")
    for item in ranges:
        if item["to_seq"] - item["from_seq"] + 1 != item["n"]:
            _refuse("a range is not as long as it says")
        if (item["from_seq"] == 1) != (item["prev"] == GENESIS):
            _refuse("a range begins wrongly")
    digests = [item["sha256"] for item in pieces]
    if digests != sorted(set(digests)):
        _refuse("evidence is there twice or out of order")
    volume, volumes = (int(part) for part in header["volume"].split("/"))
    if volume > volumes or (header["kind"] == "events") != (volume == 1):
        _refuse("volume and kind do not agree")
    if header["kind"] == "evidence" and ranges:
        _refuse("events travel in volume 1")
    try:
        for recipient in header["to"]:
            keyfolder.check_recipient(recipient if isinstance(recipient, str) else "")
        if parse_line(header["pub"])[0] != header["pub"]:
            _refuse("pub is not a plain key line")
    except Refusal as fault:
        _refuse(fault.detail)


def evidence_name(sha256: str, ext: str) -> str:
    """Return the name in the ZIP of a piece of evidence."""
    return f"{EVIDENCE}{sha256}.{ext}"


def _checked(doc: object, forms: dict[str, Callable[[object], bool]], what: str) -> dict[str, Any]:
    if not isinstance(doc, dict) or doc.keys() != forms.keys():
        _refuse(f"{what}: unknown or missing fields")
    for key, good in forms.items():
        if not good(doc[key]):
            _refuse(f"{what}: {key} is malformed")
    return doc


def _refuse(detail: str) -> NoReturn:
    raise Refusal("header-mismatch", detail)
