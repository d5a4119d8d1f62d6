"""The record of one inspection as a paper form: 检查记录表 and 暗访记录表 (DOMAIN §3.3).

The paper is a work record and never dressed as a document of administrative enforcement: its
title, its note and its signature fields follow 国办发〔2024〕54号 (W15) and the Ministry of
Justice's forms being reserved for enforcement bodies (W24). A covert record has observation
fields and the leader's review in place of the inspected unit's signature (DOMAIN §4.4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from fieldkit.domain.checklist import Item
from fieldkit.domain.moments import moment_of
from fieldkit.domain.records import Finding, Particulars
from fieldkit.domain.scoring import ScoreLine
from fieldkit.domain.sheet import Sheet
from fieldkit.report import beside, inspection_parts, labels
from fieldkit.report.paper import (
    Block,
    Form,
    Paper,
    Para,
    Recipe,
    Section,
)
from fieldkit.report.paper import FormCell as Cell
from fieldkit.report.paper import FormRow as Row
from fieldkit.report.phrases import (
    EMPTY,
    clock_words,
    day_words,
    time_words,
)
from fieldkit.text.i18n import _

_MARKS = {"pass": "√", "fail": "×", "unseen": "△", "na": "／"}
_INFO_WIDTHS = (32, 46, 32, 46)
_MAIN_WIDTHS = (10, 53, 11, 27, 38, 17)
_FINDING_WIDTHS = (10, 21, 50, 24, 18, 33)
_DAYS_GENERAL, _DAYS_CRITICAL = 7, 3
NOTHING_TOLD = Particulars()


def paper(
    sheet: Sheet,
    *,
    devices: Sequence[str],
    generated: datetime,
    digest: str,
    demo: bool,
    evidence_numbers: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
    told: Particulars = NOTHING_TOLD,
    amendments: Sequence[beside.Amendment] = (),
    recipe: Recipe | None = None,
    public: bool = False,
) -> Paper:
    """The record of one inspection.

    ``devices`` are the names of the devices that recorded it, ``digest`` the state digest the
    paper is bound to. Evidence is numbered 证1, 证2 … in item order unless ``evidence_numbers``
    (sha256 to number) says otherwise; without ``findings`` the due days are the suggested ones
    (DOMAIN §4.6). ``told`` and ``amendments`` fill the fields that stand empty without them, to
    be written by hand. A ``public`` one has no remarks, no evidence, no devices and no names of
    people (DOMAIN §5.4); the caller gives it a sheet whose place is already masked.
    """
    if public:
        told, devices, amendments = NOTHING_TOLD, (), ()
    numbers = {} if public else dict(evidence_numbers or _numbered(sheet))
    return Paper(
        recipe or Recipe("inspection", {"inspection": sheet.inspection.id}),
        _title(sheet),
        [Section([*_blocks(sheet, devices, findings, told, numbers, amendments, public=public)])],
        generated,
        digest,
        dated=date.fromisoformat(sheet.inspection.day),
        public=public,
        mark="" if sheet.inspection.state == "finished" else _("草稿"),
        demo=demo,
        facts={_("得分"): inspection_parts.score_figure(sheet)},
    )


def _blocks(
    sheet: Sheet,
    devices: Sequence[str],
    findings: Sequence[Finding],
    told: Particulars,
    numbers: Mapping[str, str],
    amendments: Sequence[beside.Amendment],
    *,
    public: bool,
) -> Iterator[Block]:
    covert = sheet.inspection.mode == "covert"
    yield Para(_("编号：{id}").format(id=sheet.inspection.id[:8]), "line")
    yield Para(_title(sheet), "title")
    if _subtitle(sheet):
        yield Para(_subtitle(sheet), "subtitle")
    yield Form(_INFO_WIDTHS, [*_unit_rows(sheet, devices, told)])
    yield Para(_("一、检查情况"), "part", keep=True)
    yield Form(_MAIN_WIDTHS, [*_item_rows(sheet, numbers, public=public)])
    yield Para(_legend(sheet), "note")
    yield Para(_("二、总体评价"), "part", keep=True)
    yield Form(_INFO_WIDTHS, [*inspection_parts.score_rows(sheet)])
    yield from _findings(sheet, findings, public=public)
    yield Para(_("四、意见与签字"), "part", keep=True)
    yield Form(
        _INFO_WIDTHS,
        [
            *(
                inspection_parts.covert_signatures()
                if covert
                else inspection_parts.open_signatures(told)
            )
        ],
    )
    yield from beside.amendments(amendments)
    for note in _notes(sheet, numbers, covert=covert):
        yield Para(note, "note")


def _title(sheet: Sheet) -> str:
    name = sheet.checklist.title.removesuffix("检查表")
    form = labels.FORMS.get(sheet.inspection.mode, labels.FORMS["open"])
    return _(form).format(name=name)


def _subtitle(sheet: Sheet) -> str:
    mode = sheet.inspection.mode
    named = f"（{labels.said(labels.MODES, mode)}）" if mode == "open" else ""
    return named if sheet.inspection.state == "finished" else named + _("（草稿，检查尚未结束）")


def _unit_rows(sheet: Sheet, devices: Sequence[str], told: Particulars) -> Iterator[Row]:
    site, inspection = sheet.site, sheet.inspection
    nature = labels.said(labels.NATURES, inspection.nature)
    basis = f"{sheet.checklist.title}（{inspection.checklist_id}@{inspection.checklist_version}）"
    yield inspection_parts.pair(
        (_("被查单位"), site.name), (_("类别"), labels.said(labels.KINDS, site.kind))
    )
    yield inspection_parts.pair((_("地址"), site.address or EMPTY), (_("单位编码"), site.code))
    yield inspection_parts.pair(
        (_("检查性质"), nature), (_("检查方式"), labels.said(labels.MODES, inspection.mode))
    )
    yield inspection_parts.pair((_("检查表"), basis))
    day = day_words(date.fromisoformat(inspection.day))
    if inspection.mode == "covert":
        yield from _observation_rows(sheet, day, told)
    else:
        yield inspection_parts.pair(
            (_("检查日期"), day), (_("起止时刻"), beside.observed(told) or _span(sheet))
        )
        yield inspection_parts.pair((_("统一社会信用代码"), ""), (_("陪同人职务"), ""))
    for pair in beside.inspectors(told):
        yield inspection_parts.pair(*pair)
    yield inspection_parts.pair((_("记录设备"), "、".join(devices) or EMPTY))


def _observation_rows(sheet: Sheet, day: str, told: Particulars) -> Iterator[Row]:
    observed = beside.observed(told) or _("　 时　 分至　 时　 分")
    yield inspection_parts.pair((_("检查日期"), day), (_("观察时间段"), observed))
    yield inspection_parts.pair((_("观察位置\n（公共区域）"), ""))
    yield inspection_parts.pair((_("观察方式"), _("□现场观看　□自备件试寄　□窗口咨询　□网上查看")))
    yield inspection_parts.pair(
        (_("未暴露身份声明"), _("□未表明检查身份，未进入非公开区域，未拍摄人脸、证件、面单"))
    )
    recorded = beside.written_after(told, sheet.inspection, _span(sheet))
    yield inspection_parts.pair((_("记录时间"), recorded))


def _span(sheet: Sheet) -> str:
    """When the record was begun and closed, by the device's clock."""
    began = moment_of(sheet.inspection.started_hlc)
    start = time_words(began)
    if not sheet.inspection.finished_hlc:
        return _("{start}起").format(start=start)
    closed = moment_of(sheet.inspection.finished_hlc)
    end = clock_words(closed) if closed.date() == began.date() else time_words(closed)
    return _("{start}至{end}").format(start=start, end=end)


def _item_rows(sheet: Sheet, numbers: Mapping[str, str], *, public: bool) -> Iterator[Row]:
    heads = (_("序号"), _("检查项"), _("结果"), _("实测值/抽样"), _("问题描述"), _("证据号"))
    yield Row([Cell(head, style="head") for head in heads], header=True)
    number = 0
    for section in sheet.sections:
        yield Row([Cell(section.title, span=6, style="band")], keep=True)
        for item in section.items:
            number += 1
            line = sheet.line(item.id)
            yield _item_row(number, item, line, sheet, numbers, public=public)


def _item_row(
    number: int,
    item: Item,
    line: ScoreLine | None,
    sheet: Sheet,
    numbers: Mapping[str, str],
    *,
    public: bool,
) -> Row:
    answer = sheet.answers.get(item.id)
    star = "★" if item.critical else ""
    mark, measured, note = EMPTY, EMPTY, ""
    if answer is not None:
        state = line.state if line is not None else ""
        mark = _MARKS.get(state, EMPTY)
        note = answer.note or (line.why if line is not None and state == "fail" else "")
        # What was typed may name anybody; a measured number does not.
        if not (public and item.type == "text"):
            measured = labels.measured(item, answer.value)
        if public:
            note = ""
    shots = answer.evidence if answer is not None and not public else ()
    evidence = [numbers.get(digest, digest[:8]) for digest in shots]
    return Row(
        [
            Cell(str(number), style="mid"),
            Cell(f"{star}{item.id}　{item.text}"),
            Cell(inspection_parts.mark_figure(sheet, item, mark), style="mid"),
            Cell(measured, style="mid"),
            Cell(note or EMPTY, style="" if note else "mid"),
            Cell("\n".join(evidence) or EMPTY, style="mid"),
        ]
    )


def _legend(sheet: Sheet) -> str:
    text = _("图例：√ 合格　× 不合格　△ 未见　／ 不适用　— 未填或无")
    if any(item.critical for item in sheet.items):
        text += _("　★ 一票否决项")
    return text


def _numbered(sheet: Sheet) -> dict[str, str]:
    numbers: dict[str, str] = {}
    for item in sheet.items:
        answer = sheet.answers.get(item.id)
        for digest in answer.evidence if answer else ():
            numbers.setdefault(digest, _("证{n}").format(n=len(numbers) + 1))
    return numbers


def _findings(sheet: Sheet, findings: Sequence[Finding], *, public: bool) -> Iterator[Block]:
    yield Para(_("三、问题清单"), "part", keep=True)
    known = {finding.item: finding for finding in findings}
    rows = [*_finding_rows(sheet, known, public=public)]
    if not rows:
        yield Para(_("本次检查未发现不合格项。"), "line")
        return
    heads = (_("序号"), _("检查项编号"), _("问题描述"), _("依据"), _("严重程度"), _("建议整改期限"))
    head = Row([Cell(text, style="head") for text in heads], header=True)
    yield Form(_FINDING_WIDTHS, [head, *rows])
    yield Para(_("期限为建议值，按自然日计，以交办文书为准；截止日落在法定节假日的顺延。"), "note")


def _finding_rows(sheet: Sheet, known: Mapping[str, Finding], *, public: bool) -> Iterator[Row]:
    day = date.fromisoformat(sheet.inspection.day)
    for number, item in enumerate(sheet.failed, 1):
        finding = known.get(item.id)
        critical = item.critical if finding is None else finding.severity == "critical"
        days = _DAYS_CRITICAL if critical else _DAYS_GENERAL
        due = day + timedelta(days=days) if finding is None else date.fromisoformat(finding.due)
        answer = sheet.answers.get(item.id)
        hidden = public and item.type == "text"
        words = labels.measured(item, answer.value) if answer and not hidden else EMPTY
        text = item.text + (f"（{words}）" if words != EMPTY else "")
        if answer is not None and answer.note and not public:
            text += f"：{answer.note}"
        limit = day_words(due) + (_("\n（报告进展）") if critical else "")
        yield Row(
            [
                Cell(str(number), style="mid"),
                Cell(item.id, style="mid"),
                Cell(text),
                Cell("\n".join(item.source) or EMPTY),
                Cell(_("否决") if critical else _("一般"), style="mid"),
                Cell(limit, style="mid"),
            ]
        )


def _notes(sheet: Sheet, numbers: Mapping[str, str], *, covert: bool) -> Iterator[str]:
    yield _(
        "注：1. 本表为工作记录，不是行政执法文书，不作行政处罚依据；"
        "不得填写居民、学生、客户的个人信息。"
    )
    if covert:
        yield _(
            "2. 暗访记录只作线索和内部评分使用；拟作处理处罚的，由执法机关依法另行取证。"
            "被查单位在整改通知或反馈会上确认事实。"
        )
    else:
        yield _("2. 检查人不少于2人；被查单位对事实有异议的，可在意见栏写明。")
    used = {code for item in sheet.items for code in (s.split()[0] for s in item.source if s)}
    names = [f"{c} {t}" for c, t in sheet.checklist.sources.items() if c in used]
    if names:
        yield _("3. 依据代号：{names}。").format(names="；".join(names))
    if numbers:
        listed = "；".join(f"{number} {digest[:16]}" for digest, number in numbers.items())
        yield _("4. 证据指纹（SHA-256前16位）：{list}。").format(list=listed)
