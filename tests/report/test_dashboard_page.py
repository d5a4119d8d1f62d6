"""The dashboard's page: every number is that of its document, and no text of a record is markup."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest

from fieldkit.domain import values
from fieldkit.report import charts, dashboard

HOSTILE = "</td><script>alert(1)</script><img src=//x onerror=a>&\"'\u202e"
TAGS = frozenset((
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "nav", "a",
    "section", "div", "span", "b", "i", "small", "details", "summary", "table", "thead", "tbody",
    "tr", "th", "td", "figure", "figcaption", "svg", "g", "polyline", "circle", "line", "rect",
    "text", "ul", "ol", "li", "code",
))  # fmt: skip
VOID = frozenset(("meta",))
MADE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Parsed(HTMLParser):
    """Tags with their attributes, what carries a number with its text, and all text."""

    def __init__(self, raw: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.numbers: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self._path: str | None = None
        self.feed(raw.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it; it is open until its end."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        self._path = dict(attrs).get("data-n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """It must be the one that was opened last."""
        assert self.open.pop() == tag
        self._path = None

    def handle_data(self, data: str) -> None:
        """Keep text, and what a number says."""
        self.text.append(data)
        if self._path is not None:
            self.numbers.append((self._path, data))


def rate(part: int, of: int) -> dict[str, Any]:
    """A rate as the document has it."""
    return {"part": part, "of": of, "rate": part / of}


def row(code: str, name: str, n: int) -> dict[str, Any]:
    """A village with numbers of its own."""
    return {
        "code": code, "name": name, "doors": 100 + n, "registered": 80 + n, "removed": n,
        "visited": 60 + n, "delivered": 50 + n, "met": 40 + n, "revisit": 11 + n,
        "inspections": 5 + n, "mean": rate(70 + n, 100), "findings": 7 + n, "overdue": 3 + n,
        "referrals": 2 + n, "buildings": 9 + n, "swept": 4 + n, "sweeps_done": 1 + n,
        "delivery": rate(50 + n, 80 + n), "face_to_face": rate(40 + n, 100), "sweeps": None,
    }  # fmt: skip


def told(name: str = "听枫社区") -> dict[str, Any]:
    """A document in which every text is ``name``."""
    failed = {
        "inspection": "a" * 32, "finding": "b" * 32, "item": name, "text": name, "state": "found",
        "due": "2026-12-01", "note": name, "evidence": ["c" * 64 + ".jpg", name],
    }  # fmt: skip
    place = {
        "code": name, "name": name, "village": "V1", "inspection": "a" * 32, "checklist": name,
        "title": name, "day": "2026-11-20", "ratio": rate(2, 3), "veto": [name], "findings": 6,
        "failed": [failed],
    }  # fmt: skip
    return {
        "day": "2026-11-23", "within": name, "demo": True, "totals": row("", name, 0),
        "villages": [row("V1", name, 1), row("V2", f"{name}2", 2)],
        "worst_first": {measure: ["V2", "V1"] for measure in dashboard.MEASURES},
        "checklists": [
            {"checklist": name, "title": name, "inspections": 8, "scored": 7, "mean": rate(1, 3)}
        ],
        "weeks": [
            {"monday": "2026-11-16", "visits": 31, "delivery": rate(1, 80),
             "face_to_face": rate(1, 100), "inspections": 0},
            {"monday": "2026-11-23", "visits": 33, "delivery": rate(50, 80),
             "face_to_face": rate(40, 100), "inspections": 5},
        ],
        "worst": [place], "inspected": 12,
        "map": [{"code": name, "name": name, "village": "V1", "delivered": "07#", "met": " 19"}],
        "drill": [{"village": "V1", "left_out": 3, "places": [deepcopy(place)]}],
    }  # fmt: skip


def at(document: Any, path: str) -> Any:
    """What stands at a path."""
    for step in path.split("."):
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def numbers(document: Any, path: str = "") -> list[str]:
    """The paths of all numbers and rates in a document."""
    if isinstance(document, dict) and set(document) == {"part", "of", "rate"}:
        return [path]
    if isinstance(document, bool) or document is None:
        return []
    if isinstance(document, int):
        return [path]
    steps: Any = ()
    if isinstance(document, dict):
        steps = document.items()
    elif isinstance(document, list):
        steps = enumerate(document)
    return [
        found for step, inside in steps for found in numbers(inside, f"{path}.{step}".strip("."))
    ]


def said(value: Any) -> str:
    """A value as the page must say it."""
    if value is None:
        return "—"
    if isinstance(value, dict):
        return values.percent(Fraction(value["part"], value["of"]))
    return str(value)


def test_every_number_is_that_of_the_document() -> None:
    """Each number on the page says what stands at its path, and each of the document is there."""
    document = told()
    page = Parsed(dashboard.html(document, MADE))
    for path, text in page.numbers:
        assert text == said(at(document, path)), path
    shown = {path for path, _text in page.numbers}
    left = {
        path for path in numbers(document)
        if path not in shown and not path.startswith("totals.")
        and path.rpartition(".")[2] not in ("registered", "delivered", "met", "buildings", "swept")
    }  # fmt: skip
    assert left == set()
    assert page.open == []


def test_a_wrong_number_would_be_noticed() -> None:
    """The check above compares: with another document it fails."""
    page = Parsed(dashboard.html(told(), MADE))
    other = told()
    other["totals"]["doors"] += 1
    assert any(text != said(at(other, path)) for path, text in page.numbers)


def test_hostile_texts_are_inert() -> None:
    """Names, notes and file names are text; no tag comes of them, no attribute, no handler."""
    page = Parsed(dashboard.html(told(HOSTILE), MADE))
    assert {tag for tag, _attrs in page.tags} <= TAGS
    plain = Parsed(dashboard.html(told("x"), MADE))
    assert [(tag, set(attrs)) for tag, attrs in page.tags] == [
        (tag, set(attrs)) for tag, attrs in plain.tags
    ]
    assert all(not name.startswith("on") for _tag, attrs in page.tags for name in attrs)
    assert "alert(1)" in "".join(page.text)
    assert "\u202e" not in "".join(page.text)


def test_nothing_is_fetched() -> None:
    """Links stay within the page, styles name no file, and the policy forbids all else."""
    raw = dashboard.html(told(HOSTILE), MADE)
    page = Parsed(raw)
    for tag, attrs in page.tags:
        assert not {"src", "srcset", "action", "xlink:href", "data", "poster"} & set(attrs)
        assert tag == "a" or "href" not in attrs
        assert (attrs.get("href") or "#").startswith("#")
    style = raw.decode().partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    policy = next(a["content"] for t, a in page.tags if t == "meta" and "http-equiv" in a)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_every_link_has_its_place() -> None:
    """What is linked is there once."""
    page = Parsed(dashboard.html(told(), MADE))
    ids = [attrs["id"] for _tag, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for t, a in page.tags if t == "a"} <= set(ids)


def test_the_heat_says_its_shade_in_digits() -> None:
    """Each cell holds its digit, so that nothing is told by colour alone."""
    page = dashboard.html(told(), MADE).decode()
    assert '<i class="h0">0</i><i class="h7">7</i><i class="hf">#</i>' in page
    assert '<i class="hn"> </i><i class="h1">1</i><i class="h9">9</i>' in page


def test_an_empty_home_has_a_page() -> None:
    """No village, no week, nothing inspected: a page with dashes."""
    document = told()
    document |= {"villages": [], "checklists": [], "weeks": [], "worst": [], "map": [], "drill": []}
    document["worst_first"] = {measure: [] for measure in dashboard.MEASURES}
    document["totals"] |= {"delivery": None, "face_to_face": None, "mean": None}
    page = Parsed(dashboard.html(document, MADE))
    assert ("totals.delivery", "—") in page.numbers
    assert page.open == []


@pytest.mark.parametrize("values_", [[], [0], [0, 0], [3, 0, 9]])
def test_bars_stay_in_their_picture(values_: list[int]) -> None:
    """No bar is higher than the picture, none has a negative height."""
    svg = charts.bars("t", ["2026-11-23"] * len(values_), values_)
    page = Parsed(svg.encode())
    heights = [float(str(a["height"])) for t, a in page.tags if t == "rect"]
    assert len(heights) == len(values_)
    assert all(0 <= height <= 120 for height in heights)
