"""The application for a title (评选申报表, 003三(四), DOMAIN §3.7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fieldkit.domain import masking
from fieldkit.errors import Problem, Refused
from fieldkit.report import forms
from fieldkit.report.paper import (
    Block,
    Figure,
    Form,
    FormRow,
    Paper,
    Para,
    Section,
    Source,
    Text,
)
from fieldkit.report.phrases import EMPTY, day_words
from fieldkit.text.i18n import _
from fieldkit.work import assessments, sites
from fieldkit.work.assessments import Candidate
from fieldkit.work.workspace import Workspace

from . import assessment_summary, wording
from .catalogue import Options

_WIDTHS = (30, 48, 30, 48)


def build(ws: Workspace, options: Options) -> Paper:
    """The form of one place, filled in as far as the records go; the rest is left to the hand.

    Without a place it is that of the first candidate. Raises Refused ``no-candidates``, Problem
    for an unknown place or day.
    """
    first, last = assessment_summary.days(ws, options)
    if options.site:
        place = sites.find(ws, options.site)
        if place.kind in masking.BELOW:
            raise Problem(
                "bad-site", _("户和单元不参加评选"), mend=_("请写小区、学校或企业的编码。")
            )
    found = assessments.candidates(ws, first, last, site=options.site)
    if not found:
        raise Refused(
            "no-candidates",
            _("{days}没有办结的创建评估").format(days=wording.days(first, last)),
            mend=_("先用性质为创建评估的检查表（如 wuzha-xiaoqu）检查并办结。"),
        )
    one = found[0]
    public = bool(options.public)
    title = _("{title}评选申报表").format(title=one.title)
    blocks: list[Block] = [
        Para(title, "title"),
        Form(_WIDTHS, [*_told(one, first.isoformat(), last.isoformat(), public=public)]),
        Para(_("意见"), "part", keep=True),
        Form(_WIDTHS, [*_opinions(one)]),
        Para(
            _("注：三无结论只录派出所函的文号、日期和结论，不录案情和人员；有效期建议为1年。"),
            "note",
        ),
    ]
    return wording.filed(
        ws,
        options.recipe(
            "assessment", site=one.site.code, first=first.isoformat(), last=last.isoformat()
        ),
        title,
        [Section(blocks)],
        facts={_("检查得分"): _score(one)},
    )


def _told(one: Candidate, first: str, last: str, *, public: bool) -> Iterable[FormRow]:
    name = assessment_summary.shown_name(one, public=public)
    address = masking.public_address(one.site.address) if public else one.site.address
    kind = _(sites.KINDS[one.site.kind]) if one.site.kind in sites.KINDS else EMPTY
    span = wording.days(date.fromisoformat(first), date.fromisoformat(last))
    yield forms.pair(_("单位名称"), name, _("类别"), kind)
    yield forms.wide(_("地址"), address or EMPTY)
    yield forms.pair(_("户数"), _doors(one), _("师生（员工）数"), "")
    yield forms.pair(_("联络岗位"), "", _("办公电话"), "")
    yield forms.pair(_("创建起止"), span, _("户宣传率"), _rate(one))
    yield forms.pair(_("自评得分"), _own(one), _("联席办检查得分"), _score(one))
    yield forms.pair(_("检查日期"), _day(one), _("否决情形"), "、".join(one.veto) or _("无"))
    yield forms.wide(_("主要做法\n（300字）"), "", 22)
    yield forms.wide(
        _("三无承诺"), _("本单位承诺以上属实。　　　　　　　（盖章）　　年　　月　　日"), 14
    )


def _opinions(one: Candidate) -> Iterable[FormRow]:
    line = _("\n（盖章）　　　　年　　月　　日")
    yield forms.wide(_("村（社区）\n初审意见"), line, 16)
    yield forms.wide(_("派出所\n核查意见"), _police(one), 22)
    yield forms.wide(_("成员单位意见"), line, 16)
    yield forms.pair(_("公示起止"), "", _("有无异议"), "")
    yield forms.wide(_("联席会议审定"), line, 16)
    yield forms.pair(_("命名文号"), "", _("命名日期"), "")
    yield forms.pair(_("有效期"), "", _("摘牌记载"), "")


def _police(one: Candidate) -> Text:
    parts: list[str | Figure] = []
    words = {"met": _("符合"), "unmet": _("不符合"), "": _("未反馈")}
    for n, it in enumerate(one.outside):
        key = f"assessment/{one.checklist}/{one.site.id}/outside/{it.item}"
        said = words[it.value] + (f"（{it.said}）" if it.said else "")
        exact = f"{it.value}:{it.said}" if it.value else None
        parts += ["\n" if n else "", f"{it.text}：",
                  Figure(key, exact, said, f"{it.item}　{it.text}", _sources(one))]  # fmt: skip
    return (*parts, _("\n（盖章）　　　　年　　月　　日"))


def _score(one: Candidate) -> Figure:
    key = f"assessment/{one.checklist}/{one.site.id}/score"
    return wording.score(key, one.score, _("联席办检查得分"), _sources(one))


def _own(one: Candidate) -> Figure:
    key = f"assessment/{one.checklist}/{one.site.id}/own"
    return wording.score(key, one.self_score, _("自评得分"), _sources(one))


def _doors(one: Candidate) -> Text:
    if one.doors is None:
        return ""
    key = f"assessment/{one.checklist}/{one.site.id}/doors"
    return wording.count(key, one.doors.doors, _("户数"))


def _rate(one: Candidate) -> Text:
    if one.doors is None or not one.doors.registered:
        return EMPTY
    key = f"assessment/{one.checklist}/{one.site.id}/rate"
    return wording.rate(key, one.doors.delivered, one.doors.registered, _("户宣传率"))


def _day(one: Candidate) -> str:
    if one.look is None:
        return EMPTY
    return day_words(date.fromisoformat(one.look.inspection.day))


def _sources(one: Candidate) -> wording.Sources:
    return lambda: [
        Source("inspection", sheet.inspection.id, f"{sheet.inspection.day}　{one.name}")
        for sheet in (one.look, one.own)
        if sheet is not None
    ]
