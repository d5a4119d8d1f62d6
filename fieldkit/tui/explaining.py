"""Pages of reasons: where the points come from, why items are left out, how long each took."""

from __future__ import annotations

from collections.abc import Mapping

from fieldkit.domain import skipping, translating, values
from fieldkit.domain.sheet import Sheet
from fieldkit.text.i18n import _, language
from fieldkit.text.plain import shown
from fieldkit.text.width import cell_width, pad
from fieldkit.text.wrap import wrap

from . import asking, words
from .widgets.painted import Line

MEASURE = 72
CODE = 10
"""Cells for an item's id."""


def entry(code: str, text: str, aside: str, tone: str) -> list[Line]:
    """A code, a wrapped text and a remark at the right of the first line."""
    room = MEASURE - CODE - cell_width(aside) - 2
    rows = wrap(shown(text), room)
    first: Line = [(pad(code, CODE), "key"), (pad(rows[0], room + 2), ""), (aside, tone)]
    return [first, *([(" " * CODE, ""), (row, "")] for row in rows[1:])]


def below(text: str, tone: str = "dim") -> list[Line]:
    """Lines under an entry."""
    return [[(" " * CODE, ""), (row, tone)] for row in wrap(shown(text), MEASURE - CODE)]


def score(sheet: Sheet) -> list[Line]:
    """The sum, what grade it gives, and every item's part of it with its reason."""
    total = sheet.score
    sums = f"{values.points(total.points)} / {values.points(total.max_points)}"
    lines: list[Line] = [
        (),
        [(_("得分  "), "dim"), (sums, "strong"), (f"    {words.percent(total.ratio)}", "")],
        [(_("结论  "), "dim"), (total.grade_title, "accent")],
    ]
    steps = [
        _("{title} ≥ {least}").format(title=grade.title, least=grade.at_least)
        for grade in sheet.checklist.grades
    ]
    if steps:
        lines.append([(_("分档  "), "dim"), ("  ".join(steps), "")])
    if total.veto:
        lines.append([(_("否决  "), "dim"), ("、".join(total.veto), "fail")])
    lines.append(())
    for line in total.lines:
        item = sheet.by_id.get(line.item)
        if item is None:
            continue
        part = f"{values.points(line.points)}/{line.weight}" if line.weight else "—"
        mark = words.mark(line.state)
        text = translating.words(item, "text", language())
        lines += entry(line.item, text, f"{mark} {part}", words.STATE_TONES[line.state])
        if line.why:
            lines += below(line.why)
    return lines


def skipped(sheet: Sheet) -> list[Line]:
    """Each item that is left out, and the answers that decide it."""
    known = sheet.inspection
    answers = {path: answer.value for path, answer in sheet.answers.items()}
    items = {item.id: item for item in sheet.checklist.items}
    lines: list[Line] = [()]
    for one in skipping.skipped(sheet.checklist, known.mode, known.day, answers):
        lines += entry(one.item.id, translating.words(one.item, "text", language()), "", "")
        for name in one.because:
            item = items.get(name)
            if item is not None:
                said = asking.said(item, sheet.value(name))
                lines += below(_("因为 {item} 答的是：{said}").format(item=name, said=said))
        if not one.because:
            lines += below(_("条件：{condition}").format(condition=one.condition))
    return lines


def pace(sheet: Sheet, spent: Mapping[str, tuple[int, int]]) -> list[Line]:
    """Seconds by item, the longest first; they never leave this laptop."""
    whole = sum(ms for ms, _looks in spent.values())
    lines: list[Line] = [
        (),
        [(_("共 {time}。只记在本机，不上报。").format(time=_span(whole)), "dim")],
        (),
    ]
    for id, (ms, looks) in sorted(spent.items(), key=lambda pair: (-pair[1][0], pair[0])):
        item = sheet.by_id.get(id)
        text = translating.words(item, "text", language()) if item else ""
        aside = _span(ms)
        if looks > 1:
            aside = _("{time} 看 {n} 次").format(time=aside, n=looks)
        lines += entry(id, text, aside, "strong")
    return lines


def _span(ms: int) -> str:
    seconds = ms // 1000
    if seconds < 60:
        return _("{n} 秒").format(n=seconds)
    return _("{m} 分 {s} 秒").format(m=seconds // 60, s=seconds % 60)
