"""The ``type`` cell in every spelling that XLSForm has known."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

_BEGIN = re.compile(
    r"begin[\s_]+(?P<what>looped[\s_]+group|lgroup|group|repeat|loop)"
    r"(?:\s+(?:over\s+)?(?P<list>\S+))?",
    re.IGNORECASE,
)
_END = re.compile(r"end[\s_]+(?P<what>looped[\s_]+group|lgroup|group|repeat|loop)", re.IGNORECASE)
_SELECT = re.compile(
    r"(?:add[\s_]+)?select[\s_]*(?P<many>one|1|multiple|all[\s_]+that[\s_]+apply)"
    r"(?:[\s_]+prompt)?(?:[\s_]+(?P<source>from[\s_]+file|external|from|using))?"
    r"\s+(?P<list>\$\{[^}]*\}|\S+)(?:\s+(?P<other>or[\s_]+specify[\s_]+other|or[\s_]+other))?",
    re.IGNORECASE,
)
_RANK = re.compile(r"(?:odk:)?rank\s+(?P<list>\$\{[^}]*\}|\S+)(?P<other>)", re.IGNORECASE)
_OSM = re.compile(r"osm(?:\s+\S+)?", re.IGNORECASE)
_REPEATS = frozenset(("repeat", "lgroup", "looped group"))

_TYPES = {
    "text": ("text", "string", "q string", "add text prompt", "q text", "email address"),
    "integer": ("integer", "int", "q int", "q integer", "add integer prompt"),
    "decimal": ("decimal", "q decimal", "add decimal prompt"),
    "range": ("range",),
    "percentage": ("percentage",),
    "days-month": ("number of days in last month",),
    "days-half": ("number of days in last six months",),
    "days-year": ("number of days in last year",),
    "phone": ("phone number",),
    "date": ("date", "q date", "add date prompt"),
    "time": ("time", "q time", "add time prompt"),
    "datetime": ("datetime", "date time", "q date time", "q datetime", "add date time prompt",
                 "add datetime prompt"),
    "note": ("note", "q note", "add note prompt"),
    "calculate": ("calculate", "q calculate", "add calculate prompt", "calculation"),
    "acknowledge": ("acknowledge", "trigger", "q acknowledge", "add acknowledge prompt"),
    "geopoint": ("geopoint", "q geopoint", "gps", "location", "q location",
                 "add location prompt"),
    "geotrace": ("geotrace", "q geotrace"),
    "geoshape": ("geoshape", "q geoshape"),
    "image": ("image", "photo", "q image", "q picture", "add image prompt", "add photo prompt"),
    "audio": ("audio", "q audio", "add audio prompt"),
    "video": ("video", "q video", "add video prompt"),
    "file": ("file", "add file prompt"),
    "barcode": ("barcode", "q barcode", "add barcode prompt"),
    "hidden": ("hidden",),
    "today": ("today", "get today"),
    "meta": ("start", "end", "start time", "end time", "get start time", "get end time",
             "deviceid", "device id", "get device id", "imei", "subscriberid", "subscriber id",
             "get subscriber id", "simserial", "sim id", "get sim id", "phonenumber",
             "get phone number", "username", "email", "audit", "uri:subscriberid",
             "uri:phonenumber", "uri:simserial", "uri:deviceid", "uri:username", "uri:email",
             "start-geopoint", "background-audio", "background-geopoint"),
    "external": ("xml-external", "csv-external", "geojson-external"),
    "title": ("form title", "set form title"),
    "id": ("form id", "set form id"),
}  # fmt: skip
_KINDS = {spelling: kind for kind, spellings in _TYPES.items() for spelling in spellings}

NUMBERS = frozenset(
    ("integer", "decimal", "range", "percentage", "days-month", "days-half", "days-year")
)
MEDIA = frozenset(("image", "audio", "video", "file", "osm"))
PLACES = frozenset(("geopoint", "geotrace", "geoshape"))
SELECTS = frozenset(("select_one", "select_multiple", "rank"))
CONTAINERS = frozenset(("group", "repeat", "loop"))
UNASKED = frozenset(("calculate", "hidden", "today"))


@dataclass(frozen=True, slots=True)
class Type:
    """A question's type: our word for it, its list and where that is, whether "other" is asked.

    ``end`` closes a container; an unknown type has the kind ``unknown`` and the nearest word.
    """

    kind: str
    list: str = ""
    source: str = ""
    other: bool = False
    end: bool = False
    near: str = ""


def parsed(cell: str) -> Type:
    """The type that a cell names."""
    text = " ".join(cell.split())
    if match := _BEGIN.fullmatch(text):
        return Type(_control(match["what"]), list=match["list"] or "")
    if match := _END.fullmatch(text):
        return Type(_control(match["what"]), end=True)
    if (match := _SELECT.fullmatch(text)) or (match := _RANK.fullmatch(text)):
        found = match.groupdict()
        kind = "rank" if "many" not in found else _many(found["many"])
        source = _source(found.get("source") or "", found["list"])
        return Type(kind, list=found["list"], source=source, other=bool(found["other"]))
    if _OSM.fullmatch(text):
        return Type("osm")
    plain = " ".join(text.casefold().replace("_", " ").split())
    kind = _KINDS.get(plain, "unknown")
    near = "" if kind != "unknown" else _near(plain)
    return Type(kind, near=near)


def _control(what: str) -> str:
    what = " ".join(what.casefold().replace("_", " ").split())
    return "repeat" if what in _REPEATS else what


def _many(word: str) -> str:
    return "select_one" if word.casefold() in ("one", "1") else "select_multiple"


def _source(word: str, name: str) -> str:
    word = word.casefold()
    if name.startswith("${"):
        return "answers"
    if word == "external":
        return "external"
    if "file" in word or re.search(r"(?i)\.(csv|xml|geojson)$", name):
        return "file"
    return "list"


def _near(plain: str) -> str:
    words = [*_TYPES, "select_one", "select_multiple", "begin group", "begin repeat"]
    return next(iter(difflib.get_close_matches(plain, words, 1, 0.7)), "")
