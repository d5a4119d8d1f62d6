"""What is said beside a month of the standing: its window, missed months, what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fieldkit.domain.standing import words
from fieldkit.domain.standing.basis import Basis
from fieldkit.domain.standing.window import Month, is_over, window, year_before
from fieldkit.text.i18n import _

from .standing_book import Book, History
from .workspace import Workspace


def window_notes(ws: Workspace, when: Month, basis: Basis) -> list[str]:
    span, before = (
        window(when, basis.window_last_day),
        year_before(when, basis.window_last_day),
    )
    notes = [
        _("统计时间：{span}（{days}天）；上年同期：{before}。").format(
            span=days_words(span.first, span.last),
            days=span.days,
            before=days_words(before.first, before.last),
        )
    ]
    if not is_over(when, ws.today(), basis.window_last_day):
        notes.append(
            _("本期尚未结束（截止{day}），当前只能预览，不能通报。").format(
                day=day_words(span.last)
            )
        )
    return notes


def missed(book: Book, history: History, basis: Basis, when: Month) -> list[str]:
    """Months between that have no ranking, and what that does to the streaks."""
    known = book.outcomes(basis, when)
    blank = [month for month in history if month not in known and month != when]
    if not blank:
        return []
    text = _("{months}没有排名，连续计算中断；有数请补录。")
    if basis.missed == "skip":
        text = _("{months}没有排名，不计入也不中断连续；有数请补录。")
    return [text.format(months="、".join(map(month_words, blank)))]


def todos(basis: Basis, history: History, when: Month, names: Mapping[str, str]) -> tuple[str, ...]:
    """What follows from the red cards of a month (R06)."""
    found = []
    for state in history.get(when, {}).values():
        if not state.owes_words:
            continue
        months: list[str] = []
        at = when
        while len(months) < state.streak and at in history:
            if history[at][state.unit].in_bottom:
                months.append(month_words(at))
            at = at.plus(-1)
        text = _(
            "{name}连续{n}个月（{months}）列后{bottom}名：红牌。"
            "待办：党委书记在通报后{days}个工作日内向联席会议领导说明原因并汇报整改。"
        )
        found.append(
            text.format(
                name=names.get(state.unit, state.unit[:8]),
                n=state.streak,
                months="、".join(reversed(months)),
                bottom=words.count(basis.bottom),
                days=basis.explain_workdays,
            )
        )
    return tuple(found)


def month_words(when: Month) -> str:
    """2026年11月"""
    return _("{year}年{month}月").format(year=when.year, month=when.number)


def day_words(day: date) -> str:
    """2026年11月25日"""
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)


def days_words(first: date, last: date) -> str:
    """2026年10月26日至11月25日; the year a second time where it is another."""
    if first.year != last.year:
        return _("{first}至{last}").format(first=day_words(first), last=day_words(last))
    end = _("{month}月{day}日").format(month=last.month, day=last.day)
    return _("{first}至{last}").format(first=day_words(first), last=end)
