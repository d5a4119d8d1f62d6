"""The summary of candidates for a title (评选汇总表, 003三(四), DOMAIN §3.7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from fieldkit.domain import masking
from fieldkit.errors import Refused
from fieldkit.report.paper import (
    Block,
    Cell,
    Chart,
    Column,
    Figure,
    Paper,
    Para,
    Row,
    Section,
    Series,
    Source,
    Table,
)
from fieldkit.report.phrases import EMPTY
from fieldkit.text.i18n import _
from fieldkit.work import assessments, bulletins, sites
from fieldkit.work.assessments import CONCLUSIONS, Candidate
from fieldkit.work.workspace import Workspace

from . import wording
from .catalogue import Options

_MOST_BARS = 30


def days(ws: Workspace, options: Options) -> tuple[date, date]:
    """The days of the round: a year up to today, unless others are asked for. Raises Problem."""
    last = bulletins.day(options.last) if options.last else ws.today()
    if options.first:
        return bulletins.day(options.first), last
    try:
        return last.replace(year=last.year - 1), last
    except ValueError:
        return last.replace(year=last.year - 1, day=28), last


def build(ws: Workspace, options: Options) -> Paper:
    """The table. Raises Refused ``no-candidates``, Problem for an unknown place, list or day."""
    first, last = days(ws, options)
    found = assessments.candidates(ws, first, last, options.within, options.checklist)
    if not found:
        raise Refused(
            "no-candidates",
            _("{days}没有办结的创建评估").format(days=wording.days(first, last)),
            mend=_("先用性质为创建评估的检查表（如 wuzha-xiaoqu）检查并办结。"),
        )
    public = bool(options.public)
    title = _("{year}年无诈单位评选汇总表").format(year=last.year)
    blocks: list[Block] = [
        Para(title, "title"),
        Para(
            _("填报单位：{issuer}　　评选期间：{days}").format(
                issuer=wording.issuer(ws), days=wording.days(first, last)
            ),
            "line",
        ),
        _table(found, public=public),
        Para(_("注：结论是按检查结果提出的建议，由联席会议审定；公示异议由办公室填写。"), "note"),
    ]
    return wording.filed(
        ws,
        options.recipe("assessment-summary", first=first.isoformat(), last=last.isoformat()),
        title,
        [Section(blocks, wide=True), Section(list(_charts(found, public=public)))],
        facts={_("参评单位数"): _total("candidates", len(found), _("参评单位数"), found)},
    )


def _table(found: Sequence[Candidate], *, public: bool) -> Table:
    columns = (
        wording.NUMBER,
        Column("name", _("单位"), width=16),
        Column("kind", _("类别"), width=7),
        Column("title", _("创建项目"), width=9),
        Column("own", _("自评"), width=6, kind="score"),
        Column("score", _("检查得分"), width=7, kind="score"),
        Column("noes", _("三无（被骗/嫌疑人/窝点）"), width=16),
        Column("rate", _("户宣传率"), width=7, kind="percent"),
        Column("veto", _("否决情形"), width=9),
        Column("objection", _("公示异议"), width=7),
        Column("end", _("拟定结论"), width=9),
        Column("note", _("备注"), width=7),
    )
    rows = [_row(n, one, public=public) for n, one in enumerate(found, 1)]
    rows.append(_sum(found))
    return Table(_("评选汇总"), "", columns, rows, (), _("单位：分、%"))


def _row(n: int, one: Candidate, *, public: bool) -> Row:
    key = f"assessment/{one.checklist}/{one.site.id}"
    name = shown_name(one, public=public)
    sources = _sources([one])
    doors = one.doors
    rate: Cell = None
    if doors is not None and doors.registered:
        label = f"{one.name}　{_('户宣传率')}"
        rate = wording.rate(f"{key}/rate", doors.delivered, doors.registered, label)
    said = _(CONCLUSIONS[one.conclusion])
    return Row(
        (
            str(n),
            name,
            _(sites.KINDS[one.site.kind]) if one.site.kind in sites.KINDS else None,
            one.title,
            wording.score(f"{key}/own", one.self_score, f"{one.name}　{_('自评')}", sources),
            wording.score(f"{key}/score", one.score, f"{one.name}　{_('检查得分')}", sources),
            Figure(
                f"{key}/noes",
                "/".join(it.value or "-" for it in one.outside),
                noes(one),
                f"{one.name}　{_('三无')}",
                sources,
            ),
            rate,
            "、".join(one.veto) or None,
            None,
            Figure(f"{key}/end", one.conclusion, said, f"{one.name}　{_('拟定结论')}", sources),
            None,
        )
    )


def shown_name(one: Candidate, *, public: bool) -> str:
    """The candidate's name as this paper may say it."""
    return masking.public_place(one.chain) or EMPTY if public else one.name


def noes(one: Candidate) -> str:
    """The outside results in words: 有函/未函/不符合, in the order of the list."""
    words = {"met": _("符合"), "unmet": _("不符合"), "": _("未反馈")}
    return "／".join(words[it.value] for it in one.outside) or EMPTY


def _sum(found: Sequence[Candidate]) -> Row:
    counted = Counter(one.conclusion for one in found)
    parts: list[str | Figure] = []
    for n, (code, label) in enumerate(CONCLUSIONS.items()):
        parts += [
            "　" if n else "",
            _(label),
            _total(code, counted[code], _(label), [it for it in found if it.conclusion == code]),
        ]
    whole = _total("candidates", len(found), _("参评单位数"), found)
    return Row((_("合计"), (whole, _("个")), *(None,) * 8, tuple(parts), None), "total")


def _total(name: str, number: int, label: str, found: Sequence[Candidate]) -> Figure:
    return wording.count(f"assessment/total/{name}", number, label, _sources(found))


def _sources(found: Sequence[Candidate]) -> wording.Sources:
    def said() -> Iterable[Source]:
        for one in found:
            for sheet in (one.look, one.own):
                if sheet is not None:
                    it = sheet.inspection
                    yield Source("inspection", it.id, f"{it.day}　{one.name}　{one.title}")

    return said


def _charts(found: Sequence[Candidate], *, public: bool) -> Iterable[Block]:
    few = found[:_MOST_BARS]
    names = [shown_name(one, public=public) for one in few]
    yield Chart(
        "bars",
        _("自评与检查得分"),
        names,
        [
            Series(_("自评"), [one.self_score for one in few]),
            Series(_("检查得分"), [one.score for one in few]),
        ],
    )
