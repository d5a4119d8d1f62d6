"""Referral slips: all of them in a list, one with its answer, and the forms for both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult

from fieldkit.domain.referral import MATTERS, RECEIVERS, RESULTS
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.text.width import pad
from fieldkit.text.wrap import wrap
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line as Painting
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import referring, sites
from fieldkit.work.referring import ReferralRow, Slip

from .base import FieldScreen
from .form import FormScreen, Line
from .pick import PickScreen

MEASURE, LABEL = 72, 12


def slip_row(row: ReferralRow, *, named: bool) -> Row:
    """A slip as a row; with the place's name where rows of several places stand together."""
    one = row.referral
    words = [one.day, *([_name(row)] if named else []), unit_words(row), _matter(row)]
    waits = one.pending
    mark, tone = (_("待"), "todo") if waits else (_("结"), "pass")
    return Row(one.id, "  ".join(words), result_words(row), mark, tone)


def unit_words(row: ReferralRow) -> str:
    """The unit that takes the slip."""
    one = row.referral
    return one.unit or _(RECEIVERS.get(one.receiver, one.receiver))


def result_words(row: ReferralRow) -> str:
    """What came back, or that nothing did."""
    result = row.referral.result
    return _(RESULTS.get(result, result)) if result else _("待反馈")


def _name(row: ReferralRow) -> str:
    return row.site.name if row.site else row.referral.site[:8]


def _matter(row: ReferralRow) -> str:
    return _(MATTERS.get(row.referral.matter, row.referral.matter))


class ReferralsScreen(PickScreen):
    """Every slip; those that wait come first."""

    FILTER = True

    def heading(self) -> str:
        """The title."""
        return _("移交单")

    def question(self) -> str:
        """Where new ones are made."""
        return _("没有反馈的在前。新开移交单：在底册里打开那栋楼，按 4。")

    def empty(self) -> str:
        """None yet."""
        return _("还没有移交单。在底册里打开一栋楼，按 4 开一份。")

    def rows(self) -> list[Row]:
        """The slips."""
        found = referring.listing(self.ws)
        found.sort(key=lambda row: not row.referral.pending)
        return [slip_row(row, named=True) for row in found]

    def chosen(self, row: Row) -> None:
        """Into one slip; this list stays below."""
        self.app.push_screen(ReferralScreen(row.key))


class ReferralScreen(FieldScreen):
    """One slip with its answer."""

    NAME: ClassVar[str] = "referral"
    CSS_PATH = "referral.tcss"

    def __init__(self, id: str) -> None:
        super().__init__()
        self._slip = id

    def body(self) -> ComposeResult:
        """All of it."""
        yield Page()

    def on_mount(self) -> None:
        """Show it."""
        self._show()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._show()

    def _show(self) -> None:
        self.attempt(self._read)
        self.offer()

    def _read(self) -> None:
        row = referring.find(self.ws, self._slip)
        one = row.referral
        self.title_bar.tell(_("移交单"), one.number or one.id[:8])
        place = sites.full_name(self.ws, row.site) if row.site else one.site[:8]
        facts = (
            (_("楼栋"), place, "strong"),
            (_("受理单位"), unit_words(row), ""),
            (_("事项类别"), _matter(row), ""),
            (_("情况描述"), one.facts, ""),
            (_("移送时间"), one.day, ""),
            (_("检查项"), one.item, ""),
            (_("反馈结论"), result_words(row), "todo" if one.pending else "pass"),
            (_("反馈时间"), one.answered, ""),
            (_("反馈函文号"), one.reply, ""),
            (_("说明"), one.note, ""),
        )
        room = max(min(MEASURE, self.size.width - 6) - LABEL, 8)
        lines: list[Painting] = [[]]
        for label, text, tone in facts:
            if text:
                first, *more = wrap(shown(text), room) or [""]
                lines.append([(pad(label, LABEL), "dim"), (first, tone)])
                lines += [[(" " * LABEL, ""), (line, tone)] for line in more]
        self.query_one(Page).show(lines)
        if row.contested:
            self.say(_("几台设备各记了一个反馈，以最晚的为准；再记一次就理顺。"), "accent")

    def answer(self, _key: str) -> None:
        """What came back."""
        self.app.push_screen(AnswerForm(self._slip), self._answered)

    def _answered(self, id: Any) -> None:
        if id:
            self._show()
            self.saved(_("反馈已登记"))

    def paper(self, _key: str) -> None:
        """Write it as a document, among the home's documents."""
        from fieldkit.papers import referrals

        self.attempt(
            lambda: self.saved(
                _("已写出：{path}").format(path=referrals.write_slip(self.ws, self._slip))
            )
        )

    def page_up(self, key: str) -> None:
        """Scroll up."""
        page = self.query_one(Page)
        page.move(-page.page if key == "pageup" else -1)

    def page_down(self, key: str) -> None:
        """Scroll down."""
        page = self.query_one(Page)
        page.move(page.page if key == "pagedown" else 1)


class SlipForm(FormScreen):
    """A new slip for one place; dismissed with its id."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def heading(self) -> str:
        """The title."""
        return _("开移交单  {name}").format(name=sites.find(self.ws, self._code).name)

    def asked(self) -> Sequence[Line]:
        """Of premises alone."""
        receivers = {code: _(label) for code, label in RECEIVERS.items()}
        matters = {code: _(label) for code, label in MATTERS.items()}
        return (
            Line("receiver", _("受理单位"), _("按数字选交给谁"), receivers, needed=True),
            Line("matter", _("事项类别"), _("按数字选是什么事"), matters, needed=True),
            Line("facts", _("情况描述"), _("只写楼宇级事实：哪层、什么样、多久了；不写任何人"),
                needed=True, longest=referring.FACTS_LIMIT),
            Line("unit", _("单位全称"), _("例 鹭汀县市场监督管理局；可不填")),
            Line("number", _("文书编号"), _("可不填")),
        )  # fmt: skip

    def keep_all(self) -> str:
        """Make the slip."""
        told = self.told
        slip = Slip(
            told["facts"], told["receiver"], told["matter"],
            unit=told.get("unit", ""), number=told.get("number", ""),
        )  # fmt: skip
        return referring.make(self.ws, self._code, slip).referral.id


class AnswerForm(FormScreen):
    """What the unit answered; dismissed with the slip's id."""

    def __init__(self, id: str) -> None:
        super().__init__()
        self._slip = id

    def heading(self) -> str:
        """The title."""
        return _("记反馈")

    def asked(self) -> Sequence[Line]:
        """The result, and about nobody."""
        results = {code: _(label) for code, label in RESULTS.items()}
        return (
            Line("result", _("反馈结论"), _("按数字选"), results, needed=True),
            Line("day", _("反馈时间"), _("例 2026-11-23；不填就是今天")),
            Line("number", _("反馈函文号"), _("可不填")),
            Line("note", _("说明"), _("不写个人信息和案件情况；可不填")),
        )

    def keep_all(self) -> str:
        """Record the answer."""
        told = self.told
        row = referring.answer(
            self.ws, self._slip, told["result"],
            told.get("day", ""), told.get("note", ""), told.get("number", ""),
        )  # fmt: skip
        return row.referral.id
