"""From a sheet and an item to what the widgets show; no rules, only words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fieldkit.domain import items as item_types
from fieldkit.domain import translating, values
from fieldkit.domain.checklist import Item
from fieldkit.domain.presenting import is_plain
from fieldkit.domain.sheet import Sheet
from fieldkit.text.i18n import N_, _, language
from fieldkit.text.width import cut

from . import words
from .guided import Guide
from .many import listed, many
from .widgets.progress import Standing, Step
from .widgets.question import Asked, Option

if TYPE_CHECKING:
    from fieldkit.work.earlier import Earlier

TITLE = 36
"""Cells that the name of a source document may take."""
EDITORS = ("verdict", "line", "choice", "choices", "external")
_VERDICTS = {
    "pass": N_("合格"),
    "fail": N_("不合格"),
    "met": N_("符合"),
    "unmet": N_("不符合"),
    "na": N_("不适用"),
    "unseen": N_("未见"),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside an item without being part of it."""

    drawn: str = ""
    """The numbers of a sample."""
    earlier: str = ""
    """The answer of the last time."""
    skipped: int = 0
    """How many items before this one the answers leave out."""
    menu: Sequence[Option] | None = None
    """A short list in the place of the answers."""


def before(known: Earlier | None, item: Item) -> str:
    """What was answered here the last time, and when."""
    if known is None or item.id not in known.answers:
        return ""
    old, value = known.answers[item.id]
    kept = said(old, value)
    if not known.same_version and old.text != item.text:
        kept = _("{said}（题目已改）").format(said=kept)
    return f"{kept}  {known.inspection.day}"


def skipped_before(sheet: Sheet, at: int) -> int:
    """How many items of this visit are left out right before this one."""
    if is_plain(sheet.checklist):
        return 0
    every = [item.id for item in sheet.checklist.for_mode(sheet.inspection.mode)]
    here, place = {_plain(item.id) for item in sheet.items}, _plain(sheet.items[at].id)
    count = 0
    for id in reversed(every[: every.index(place)] if place in every else []):
        if id in here:
            break
        count += 1
    return count


def any_skipped(sheet: Sheet) -> bool:
    """Whether the answers leave out any item of this visit."""
    if is_plain(sheet.checklist):
        return False
    here = {_plain(item.id) for item in sheet.items}
    return any(item.id not in here for item in sheet.checklist.for_mode(sheet.inspection.mode))


def _plain(address: str) -> str:
    """The item's own id, without the instances of repeats before it."""
    return address.rpartition("].")[2]


def states(sheet: Sheet) -> Mapping[str, str]:
    """The state of every answered item."""
    return {line.item: line.state for line in sheet.score.lines if line.state != "open"}


def mode_of(item: Item) -> str:
    """Which keys answer this item."""
    editor = item_types.of(item.type).editor
    if item.read_only:
        return "none"
    if many(item):
        return "line"
    return editor if editor in EDITORS else "none"


def hint(item: Item, mode: str) -> str:
    """What to type, where something is typed."""
    if mode != "line":
        return ""
    typed = N_("打选项前的数字，或名称里的几个字")
    return _(typed) if many(item) else _(item_types.of(item.type).hint)


def may_be_na(item: Item) -> bool:
    """Whether the item may be answered with not applicable."""
    return item.flag("na", True)


def said(item: Item, value: str | None) -> str:
    """An answer in words, without the marks of the paper form, whose width is not the same
    in every terminal."""
    if not value:
        return _("未答")
    verdict = _VERDICTS.get(value)
    return _(verdict) if verdict else item_types.of(item.type).say(value, item)


@lru_cache(maxsize=4)
def _steps(_digest: str, _speech: str) -> dict[str, tuple[Item, str, Step]]:
    """What was made of a list's items in one language."""
    return {}


def standing(sheet: Sheet, at: int) -> Standing:
    """The progress of the sheet with the cursor on one item."""
    speech = language()
    titles = {part.id: translating.section_title(part, speech) for part in sheet.sections}
    # A step changes when its item is answered: the other nine hundred are those of before.
    known = _steps(sheet.checklist.digest, speech)
    lines = sheet.lines
    steps = []
    for item in sheet.items:
        line = lines.get(item.id)
        state = line.state if line is not None else "open"
        if state == "open" and not sheet.is_open(item):
            state = "noted"
        made = known.get(item.id)
        if made is None or made[0] is not item or made[1] != state:
            text = translating.words(item, "text", speech)
            made = item, state, Step(item.id, text, titles[item.section], state)
            known[item.id] = made
        steps.append(made[2])
    score = sheet.score
    sum_up = f"{values.points(score.points)}/{values.points(score.max_points)}"
    return Standing(
        tuple(steps),
        at,
        total=sheet.progress,
        of_section=sheet.section_progress(sheet.items[at].section),
        failed=len(sheet.failed),
        points=sum_up if score.max_points else "",
    )


def options(sheet: Sheet, item: Item, mode: str, picked: frozenset[str]) -> tuple[Option, ...]:
    """The numbered answers of an item; what is chosen is marked."""
    value = sheet.value(item.id) or ""
    if mode in ("verdict", "external"):
        good, bad = ("pass", "fail") if mode == "verdict" else ("met", "unmet")
        rows = [("1", good), ("2", bad)]
        rows += [("3", "na")] if may_be_na(item) else []
        rows += [("4", "unseen")] if sheet.inspection.mode == "covert" else []
        head = value.partition(":")[0]
        return tuple(Option(key, _(_VERDICTS[code]), head == code) for key, code in rows)
    if mode in ("choice", "choices"):
        return tuple(
            Option(str(n), translating.option_title(option, language()), option.id in picked)
            for n, option in enumerate(item.options, 1)
        )
    return ()


def picked(value: str | None) -> frozenset[str]:
    """The option ids in an answer."""
    return frozenset(part for part in (value or "").split(",") if part)


def source(sheet: Sheet, item: Item) -> str:
    """The clauses an item rests on, each with the name of its document."""
    titles = sheet.checklist.sources
    said_before: set[str] = set()
    parts = []
    for clause in item.source:
        code, _space, place = clause.partition(" ")
        title = titles.get(code, "")
        if not title or code in said_before:
            parts.append(place or code)
        else:
            parts.append(f"{cut(title, TITLE)} {place}".strip())
            said_before.add(code)
    return "；".join(parts)


def asked(
    sheet: Sheet,
    item: Item,
    mode: str,
    chosen: frozenset[str],
    guide: Guide | None,
    prompt: str,
    beside: Beside | None = None,
) -> Asked:
    """Everything about one item that is shown."""
    beside = beside or Beside()
    answer = sheet.answers.get(item.id)
    value = sheet.value(item.id)
    state = states(sheet).get(item.id, "open")
    speech = language()
    facts = (
        (_("标准"), translating.words(item, "criterion", speech)),
        (_("佐证"), translating.words(item, "evidence", speech)),
        (_("依据"), source(sheet, item)),
        (_("选项"), listed(item) if many(item) else ""),
        (_("抽号"), beside.drawn),
        (_("上次"), beside.earlier),
    )
    kind = mode_of(item)
    menu = beside.menu
    shown_options = options(sheet, item, kind, chosen) if guide is None else ()
    return Asked(
        text=translating.words(item, "text", speech),
        facts=tuple((label, text) for label, text in facts if text),
        answer=said(item, value),
        answer_tone=words.STATE_TONES[state],
        note=answer.note if answer else "",
        evidence=len(answer.evidence) if answer else 0,
        critical=item.critical,
        options=tuple(menu) if menu is not None else shown_options,
        flat=menu is None and kind in ("verdict", "external"),
        prompt=guide.prompt if guide else prompt,
        skipped=_("前面跳过 {n} 题，按 F8 可看原因").format(n=beside.skipped)
        if beside.skipped
        else "",
        brief=menu is not None,
    )
