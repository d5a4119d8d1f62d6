"""The thirteen lists hold what the study of the field laid down, item by item."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fieldkit.domain import items as item_types
from fieldkit.domain.checklist import Checklist, Item
from fieldkit.domain.items import Context
from fieldkit.domain.provenance import cited
from fieldkit.library.folders import shipped
from fieldkit.library.lint import examine
from fieldkit.library.load import load_file
from fieldkit.text.privacy import leaks

with (Path(__file__).parent / "content.csv").open(encoding="utf-8", newline="") as file:
    CONTENT = list(csv.DictReader(file))
LISTS = sorted({row["list"] for row in CONTENT})
TYPES = {"bool": "check", "multi": "choices"}
OTHER_TYPE = {"DX11": "choice"}
"""Nobody passes ``DX11`` by a number: an outlet without the system would enter 0 as well."""
NATURES = {
    "bank-outlet": "joint",
    "building-sweep": "supervision",
    "courier-100": "joint",
    "finance-business": "guidance",
    "member-unit": "supervision",
    "personal-info": "guidance",
    "public-screen": "supervision",
    "six-haves": "supervision",
    "telecom-outlet": "joint",
    "village-duty": "supervision",
    "wuzha-qiye": "assessment",
    "wuzha-xiaoqu": "assessment",
    "wuzha-xiaoyuan": "assessment",
}
FORBIDDEN = (
    "GPS",
    "定位",
    "人脸识别",
    "积分",
    "在线时长",
    "安装率",
    "重点人员",
    "前科",
    "住户名单",
)
"""Words of what no list may ask for (DOMAIN §5.2)."""


def opened(name: str) -> Checklist:
    """A shipped list."""
    return load_file(shipped() / f"{name}.yaml")


def rows(name: str) -> list[dict[str, str]]:
    """The items of one list as they were laid down."""
    return [row for row in CONTENT if row["list"] == name]


def test_content_is_thirteen_lists() -> None:
    """213 items; every list is told its nature here, and each is a file of its own."""
    assert set(LISTS) == set(NATURES)
    assert len(CONTENT) == 213
    assert {path.stem for path in shipped().glob("*.yaml")} >= set(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_content_is_carried_item_by_item(name: str) -> None:
    """Order, type, weight, critical flag, mode and words of every item are those laid down."""
    found = [
        {
            "item": i.id,
            "type": i.type,
            "weight": str(i.weight),
            "critical": "yes" if i.critical else "",
            "mode": i.mode,
            "text": i.text,
            "criterion": i.criterion,
            "evidence": i.evidence,
        }
        for i in opened(name).items
    ]
    wanted = []
    for row in rows(name):
        kind = OTHER_TYPE.get(row["item"]) or TYPES.get(row["type"], row["type"])
        wanted.append({**{key: row[key] for key in found[0]}, "type": kind})
    assert found == wanted


@pytest.mark.parametrize("name", LISTS)
def test_content_of_a_list_is_whole(name: str) -> None:
    """Weights sum to 100, both titles, target, boundary, nature, effect and grades are there."""
    whole = opened(name)
    assert sum(item.weight for item in whole.items) == 100
    assert whole.title
    assert whole.title_en.isascii()
    assert whole.title_en
    assert whole.target
    assert whole.boundary
    assert whole.site_kinds
    assert whole.nature == NATURES[name]
    assert whole.critical_effect == rows(name)[0]["effect"]
    assert [(g.id, g.at_least) for g in whole.grades] == [("met", 90), ("rectify", 80), ("fail", 0)]


@pytest.mark.parametrize("name", LISTS)
def test_content_has_no_fault(name: str) -> None:
    """Not even a warning: every source named and used, nothing said twice."""
    found = examine(shipped() / f"{name}.yaml")
    assert found.errors == []
    assert found.warnings == []


@pytest.mark.parametrize("name", LISTS)
def test_content_asks_for_no_person(name: str) -> None:
    """No list asks for, or offers to note, what identifies, ranks or judges a person."""
    whole = opened(name)
    for item in whole.items:
        said = [item.text, item.criterion, item.evidence, *item.phrases]
        for text in said:
            assert leaks(text) == [], text
            assert [word for word in FORBIDDEN if word in text] == [], text
        assert len(item.phrases) <= 4
        assert len(set(item.phrases)) == len(item.phrases)


@pytest.mark.parametrize("name", LISTS)
def test_content_reads_its_own_answers(name: str) -> None:
    """A good answer to every item is read, judged a pass and worth its weight."""
    whole = opened(name)
    day = date(2026, 11, 22)
    for item in whole.items:
        kind = item_types.of(item.type)
        if not kind.answerable:
            continue
        context = Context("open", day)
        best = _best(item)
        value = kind.read(best, item, context)
        wanted = "noted" if item.id in ("SL01", "SL16") else "pass"
        assert kind.judge(value, item, context).state == wanted, (item.id, best)


def _best(item: Item) -> str:
    if item.type == "choice":
        return next((o.id for o in item.options if o.verdict == "pass"), item.options[0].id)
    return {
        "check": "pass",
        "redline": "pass",
        "external": "met:澜公反诈函〔2026〕7号:2026-11-20",
        "recency": "2026-11-20",
        "sample": f"{item.number('draw', 1)}/{item.number('draw', 1)}",
        "ratio": "40/40",
        "count": str(item.number("at_least", 0)),
        "choices": ",".join(o.id for o in item.options),
    }[item.type]


def test_content_cites_its_plans() -> None:
    """Six of ten items rest on a clause of a plan; nothing is cited without a source's name."""
    codes: Counter[str] = Counter()
    for name in LISTS:
        whole = opened(name)
        for item in whole.items:
            assert item.source, item.id
            codes["items"] += 1
            named = {cited(source)[0] for source in item.source}
            assert named <= set(whole.sources)
            codes["plan"] += any(code.startswith("S00") for code in named)
    assert codes["plan"] / codes["items"] > 0.6, codes
