"""Made-up inspections of the demonstration: finished ones of all three lists, one half done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from fieldkit.domain.checklist import Checklist, Item
from fieldkit.domain.items import Context, of
from fieldkit.domain.kinds import finding_id
from fieldkit.domain.records import Answer, Inspection, Site
from fieldkit.domain.rectification import TERM_DAYS, due_of
from fieldkit.domain.scoring import score
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem
from fieldkit.store.evidence import Stored
from fieldkit.store.store import Draft

from .sites import partition

_NOTES = ("现场已提醒，当场整改", "台账缺最近一月", "板栏内容陈旧，建议更换", "由物业陪同查看")
_MOVED_AFTER = 8
"""Days after which the office of the town has handed over what was found."""
_STEPS = (
    ("notify", "", "澜反诈整〔2026〕{n}号"),
    ("rectify", "已补齐台账并更换宣传栏（演示）", ""),
    ("refer", "转行业主管部门核查（演示）", ""),
)
_LETTER = "澜派函〔2026〕{n}号"


@dataclass(frozen=True, slots=True)
class Plan:
    """One inspection to make up: where, when, how good (percent passed), how far (percent)."""

    checklist: str
    site: str
    back: int
    mode: str
    good: int
    done: int = 100


PLANS = (
    Plan("wuzha-xiaoqu", "990121101002-XQ01", 18, "open", 70),
    Plan("courier-100", "990121101001-KD01", 12, "open", 84),
    Plan("building-sweep", "990121101002-XQ02-01", 10, "open", 66),
    Plan("courier-100", "990121101002-KD01", 8, "covert", 80),
    Plan("wuzha-xiaoqu", "990121101003-XQ01", 5, "open", 100),
    Plan("building-sweep", "990121101001-XQ02-01", 3, "open", 90),
    Plan("wuzha-xiaoqu", "990121101001-XQ01", 1, "open", 86, done=52),
)
"""The last one is the inspection that the demonstration leaves open in the middle."""


def plans(sites: Sequence[Site], size: str) -> list[Plan]:
    """The fixed inspections, and in larger towns a sweep of every third estate building."""
    found = list(PLANS)
    if size != "small":
        taken = {plan.site for plan in PLANS}
        towers = [s.code for s in sites if s.kind == "building" and "-XQ" in s.code]
        for index, code in enumerate(towers[2::3]):
            if code not in taken:
                found.append(
                    Plan("building-sweep", code, 2 + index % 16, "open", 75 + index % 4 * 8)
                )
    return sorted(found, key=lambda plan: -plan.back)


def drafts(
    plan: Plan,
    checklist: Checklist,
    site: Site,
    today: date,
    random: Random,
    photo: Stored | None = None,
) -> list[Draft]:
    """The events of one made-up inspection, in the order they would have been written."""
    entity = random.randbytes(16).hex()
    day = today - timedelta(days=plan.back)
    division = partition(site)
    inspection = Inspection(
        id=entity,
        site=site.id,
        checklist=checklist.digest,
        checklist_id=checklist.id,
        checklist_version=checklist.version,
        mode=plan.mode,
        nature=checklist.nature,
        day=day.isoformat(),
        state="open",
        started_hlc="",
        finished_hlc=None,
        device="",
        seed=str(random.getrandbits(31)),
    )
    found = [Draft("inspection.started", entity, division, _started(inspection))]
    items = [item for item in checklist.for_mode(plan.mode) if item.type != "info"]
    answers: dict[str, Answer] = {}
    for item in items[: len(items) * plan.done // 100]:
        value, passed = _value(item, Context(plan.mode, day), plan.good, random)
        note = random.choice(_NOTES) if not passed and random.randrange(2) else ""
        proof = (photo.sha256,) if photo is not None and not answers else ()
        answers[item.id] = Answer(entity, item.id, value, note, proof, "", "", "")
        found += _answered(entity, division, answers[item.id], photo if proof else None)
    if plan.done == 100:
        found += _closing(inspection, checklist, site, answers, day)
        found += _moves(found, day) if plan.back >= _MOVED_AFTER else []
    return found


def _started(inspection: Inspection) -> dict[str, Any]:
    names = ("site", "checklist", "checklist_id", "checklist_version", "mode", "nature", "day")
    return {**{name: getattr(inspection, name) for name in names}, "seed": inspection.seed}


def _answered(entity: str, division: str, answer: Answer, photo: Stored | None) -> list[Draft]:
    found = []
    if photo is not None:
        added = {name: getattr(photo, name) for name in ("sha256", "size", "ext", "media")}
        found.append(Draft("evidence.added", photo.sha256[:32], division, added))
    body = {
        "item": answer.item,
        "value": answer.value,
        "note": answer.note,
        "evidence": list(answer.evidence),
        "over": [],
    }
    return [*found, Draft("answer.given", entity, division, body)]


def _closing(
    inspection: Inspection,
    checklist: Checklist,
    site: Site,
    answers: Mapping[str, Answer],
    day: date,
) -> list[Draft]:
    values = {item: answer.value for item, answer in answers.items()}
    result = score(checklist, inspection.mode, day, values)
    division = partition(site)
    body = {
        "points": _pair(result.points),
        "max_points": _pair(result.max_points),
        "grade": result.grade,
        "veto": list(result.veto),
        "over": [],
    }
    found = [Draft("inspection.finished", inspection.id, division, body)]
    for item in Sheet(inspection, checklist, site, answers, result).failed:
        severity = "critical" if item.critical else "general"
        opened = {
            "inspection": inspection.id,
            "item": item.id,
            "site": site.id,
            "text": item.text,
            "criterion": item.criterion,
            "severity": severity,
            "due": (day + timedelta(days=TERM_DAYS[severity])).isoformat(),
        }
        entity = finding_id(inspection.id, item.id)
        found.append(Draft("finding.opened", entity, division, opened))
    return found


def _moves(found: Sequence[Draft], day: date) -> list[Draft]:
    """One step for most findings, in turn: handed over, reported put right, referred, none."""
    opened = [draft for draft in found if draft.kind == "finding.opened"]
    when = day + timedelta(days=1)
    drafts = []
    for place, draft in enumerate(opened):
        if place % 4 == len(_STEPS):
            continue
        step, note, number = _STEPS[place % 4]
        due = due_of(step, when, draft.body["severity"], draft.body["due"])
        told = {"step": step, "due": due, "note": note, "number": number.format(n=place + 3)}
        rest = {"evidence": [], "inspection": "", "day": when.isoformat(), "over": []}
        drafts.append(Draft("finding.moved", draft.entity, draft.division, {**told, **rest}))
    return drafts


def _value(item: Item, context: Context, good: int, random: Random) -> tuple[str, bool]:
    """A canonical value for an item and whether it was meant to pass; read by the item's type."""
    # Critical items and the three noes pass: a town of vetoes would show nothing else.
    wanted = item.critical or random.randrange(100) < good
    if not item.critical and context.mode == "covert" and random.randrange(10) == 0:
        typed = "unseen"
    elif not item.critical and random.randrange(14) == 0:
        typed = "na"
    else:
        typed = _typed(item, context.day, wanted, random)
    kind = of(item.type)
    for attempt in (typed, _typed(item, context.day, wanted, random), "pass", "na"):
        try:
            return kind.read(attempt, item, context), wanted
        except Problem:
            continue
    raise ValueError(f"no demonstration value for {item.id}")


def _typed(item: Item, day: date, wanted: bool, random: Random) -> str:
    if item.type == "external":
        when = day - timedelta(days=random.randint(4, 20))
        return f"met:{_LETTER.format(n=random.randint(2, 60))}:{when.isoformat()}"
    if item.type in ("recency", "date"):
        limit = item.number("max_days", 30)
        days = random.randint(1, max(limit - 1, 1)) if wanted else limit + random.randint(3, 40)
        return (day - timedelta(days=days)).isoformat()
    if item.type in ("ratio", "sample"):
        whole = item.number("draw", random.randint(12, 40))
        need = -(-whole * item.number("at_least", 100) // 100)
        part = random.randint(need, whole) if wanted else max(need - random.randint(1, 3), 0)
        return f"{part}/{whole}"
    if item.type in ("count", "number"):
        return str(_counted(item, wanted, random))
    if item.type in ("choice", "choices"):
        return _chosen(item, wanted, random)
    if item.type == "text":
        return "情况正常（演示）"
    return "pass" if wanted else "fail"


def _counted(item: Item, wanted: bool, random: Random) -> int:
    least, most = item.number("at_least", 0), item.number("at_most", 10**6)
    if wanted:
        return random.randint(least, min(least + 3, most))
    return least - 1 if least > 0 else most + 1


def _chosen(item: Item, wanted: bool, random: Random) -> str:
    ids = [option.id for option in item.options]
    if item.type == "choices":
        need = item.number("at_least", len(ids))
        return ",".join(ids[: need if wanted else need - 1]) or "none"
    fitting = [option.id for option in item.options if (option.verdict == "pass") == wanted]
    return random.choice(fitting or ids)


def _pair(value: Fraction) -> list[int]:
    """Points as the journal keeps them: in millionths at the finest, cut off."""
    exact = value if value.denominator <= 10**6 else Fraction(value * 10**6 // 1, 10**6)
    return [exact.numerator, exact.denominator]
