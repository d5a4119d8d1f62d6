"""The notice to put things right (整改通知书), and the softer letter (问题提示函, DOMAIN §3.2).

Villages and member units get the notice. A company, an outlet, an estate or a school gets the
letter: the office is no authority over them and says so by its tone (DOMAIN §4.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from fieldkit.domain import masking, rectification
from fieldkit.domain.modes import MODES
from fieldkit.domain.records import Inspection, Site
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Refused
from fieldkit.report import forms
from fieldkit.report.paper import (
    Block,
    Column,
    Figure,
    Form,
    FormCell,
    FormRow,
    Paper,
    Para,
    Row,
    Section,
    Source,
    Table,
)
from fieldkit.report.phrases import EMPTY, day_words
from fieldkit.store import sites as store_sites
from fieldkit.text.i18n import _
from fieldkit.work import bulletins, findings, inspecting, sites
from fieldkit.work.findings import FindingRow
from fieldkit.work.workspace import Workspace

from . import wording
from .catalogue import Options

NOTIFIED_KINDS = frozenset(("village", "grid", "institution"))
"""Who gets the notice; everybody else the letter."""


def build(ws: Workspace, options: Options) -> Paper:
    """The notice on what is open at one place: of one inspection, or one finding alone.

    Without any of them it is for the place of the newest open finding. Raises Refused
    ``nothing-to-rectify``, Problem for an unknown place, inspection or finding.
    """
    rows, settled = _chosen(ws, options)
    if not rows or rows[0].site is None:
        raise Refused(
            "nothing-to-rectify",
            _("没有要整改的问题"),
            mend=_("用 fieldkit finding list 查看。"),
        )
    made = _Maker(ws, rows, rows[0].site, public=bool(options.public))
    return wording.filed(
        ws,
        options.recipe("rectification-notice", **settled),
        made.title,
        made.sections(),
        facts={_("问题数"): made.count, _("期限"): made.due},
    )


def _chosen(ws: Workspace, options: Options) -> tuple[list[FindingRow], dict[str, str]]:
    if options.finding:
        row = findings.find(ws, options.finding)
        return [row], {"finding": row.finding.id}
    every = [row for row in findings.listing(ws, state="open") if row.site is not None]
    if options.inspection:
        inspection = inspecting.sheet(ws, options.inspection).inspection.id
        return [row for row in every if row.finding.inspection == inspection], {
            "inspection": inspection
        }
    if options.site:
        place = sites.find(ws, options.site)
        return [row for row in every if row.finding.site == place.id], {"site": place.code}
    if not every:
        return [], {}
    newest = max(every, key=lambda row: (row.finding.hlc, row.finding.id))
    same = newest.finding.inspection
    return [row for row in every if row.finding.inspection == same], {"inspection": same}


@dataclass(frozen=True, slots=True)
class _Looked:
    """An inspection that found something, and the clauses of its items."""

    sheet: Sheet
    clauses: dict[str, str]

    @property
    def inspection(self) -> Inspection:
        """The record itself."""
        return self.sheet.inspection


class _Maker:
    """Says what is open at one place."""

    def __init__(
        self, ws: Workspace, rows: Sequence[FindingRow], site: Site, *, public: bool
    ) -> None:
        self._ws, self._site, self._public = ws, site, public
        self._rows = sorted(rows, key=lambda row: (row.finding.item, row.finding.id))
        self._looked = self._looks()
        chain = (site, *store_sites.ancestors(ws.store.db, site.id))
        outside = masking.public_place(chain) or EMPTY
        self._name = outside if public else sites.full_name(ws, site)
        self._key = f"rectification/{site.id}"
        self.count = wording.count(
            f"{self._key}/{'+'.join(sorted(self._looked))}/findings", len(rows), _("问题数"),
            lambda: [_source(row) for row in self._rows],
        )  # fmt: skip
        dues = [row.finding.due for row in self._rows if row.finding.due]
        last = max(dues) if dues else ""
        said = day_words(date.fromisoformat(last)) if last else EMPTY
        self.due = Figure(
            f"{self._key}/{'+'.join(sorted(self._looked))}/due", last or None, said, _("整改期限"),
            lambda: [_source(row) for row in self._rows],
        )  # fmt: skip

    @property
    def is_notice(self) -> bool:
        """Whether it is the notice, not the letter."""
        return self._site.kind in NOTIFIED_KINDS

    @property
    def title(self) -> str:
        """整改通知书 or 问题提示函."""
        return _("整改通知书") if self.is_notice else _("问题提示函")

    def sections(self) -> list[Section]:
        """The letter; the list and the reply slip on pages of their own."""
        return [
            Section([*self._letter()]),
            Section([Para(_("附件1"), "annex"), self._list()], wide=True),
            Section([Para(_("附件2"), "annex"), *self._reply()], wide=True),
        ]

    def _looks(self) -> dict[str, _Looked]:
        found = {}
        for id in {row.finding.inspection for row in self._rows}:
            sheet = inspecting.sheet(self._ws, id)
            clauses = {item.id: "、".join(item.source) for item in sheet.checklist.items}
            found[id] = _Looked(sheet, clauses)
        return found

    def _letter(self) -> Iterable[Block]:
        yield wording.number_line(self._ws.today().year)
        yield Para(self.title, "title")
        yield Para(_("{name}：").format(name=self._name), "to")
        yield Para((*self._intro(), self.count, _("个：") if self.is_notice else _("处："))
        )  # fmt: skip
        for n, row in enumerate(self._rows, 1):
            yield Para(f"{wording.numeral(n)}、{self._said(row)}")
        yield from self._asked()
        if any(it.inspection.mode == "covert" for it in self._looked.values()):
            yield Para(_("以上含未表明身份的现场观察，请你单位核实；有异议的请在回执中写明。"))
        yield Para(_("附件：1.问题清单"), "body")
        yield Para(_("　　　2.整改情况回执"), "body")
        yield from wording.signed_by(wording.issuer(self._ws), self._ws.today())
        yield Form(
            (32, 46, 32, 46),
            [
                forms.pair(_("签收单位\n（盖章）"), "", _("签收人职务"), "", 16),
                forms.pair(_("签收日期"), "", _("送达方式"), _("□当面　□电子　□挂网"), 10),
            ],
        )

    def _intro(self) -> Iterable[str]:
        days = sorted({(it.inspection.day, it.inspection.mode) for it in self._looked.values()})
        said = "、".join(
            f"{day_words(date.fromisoformat(day))}（{_(MODES[mode])}）" for day, mode in days
        )
        who = wording.issuer(self._ws)
        if self.is_notice:
            yield _("{days}，{who}对你单位开展检查，发现存在以下问题").format(days=said, who=who)
        else:
            yield _("{days}，{who}走访了解你单位反诈宣传防范情况，发现以下情况供参考，共").format(
                days=said, who=who
            )

    def _asked(self) -> Iterable[Block]:
        if self.is_notice:
            yield Para((_("请于"), self.due, _("前完成整改，并将整改情况书面报送"),
                        wording.issuer(self._ws),
                        _("（联系岗位：　　　　办公电话：　　　　）。")))  # fmt: skip
            yield Para(_("逾期未报或整改不到位的，将予以通报。"))
        else:
            yield Para((_("建议于"), self.due, _("前改进，并将情况告知"),
                        wording.issuer(self._ws),
                        _("（联系岗位：　　　　办公电话：　　　　）。")))  # fmt: skip
            yield Para(_("本函是工作提示，不是行政执法文书；需要依法处理的，由主管部门另行办理。"))

    def _said(self, row: FindingRow) -> str:
        looked, finding = self._looked[row.finding.inspection], row.finding
        text = wording.fact(looked.sheet, finding, public=self._public)
        clause = looked.clauses.get(finding.item, "")
        behind = _("检查项{item}，依据{clause}") if clause else _("检查项{item}")
        return f"{text}（{behind.format(item=finding.item, clause=clause)}）。"

    def _list(self) -> Table:
        columns = (
            wording.NUMBER,
            Column("id", _("问题编号"), width=9),
            Column("item", _("检查项编号"), width=8),
            Column("text", _("问题描述"), width=34),
            Column("clause", _("依据"), width=16),
            Column("severity", _("严重程度"), width=8),
            Column("due", _("整改期限"), width=12),
            Column("state", _("状态"), width=9),
            Column("note", _("备注"), width=9),
        )
        rows = [self._row(n, row) for n, row in enumerate(self._rows, 1)]
        return Table(_("问题清单"), _("问题清单"), columns, rows)

    def _row(self, n: int, row: FindingRow) -> Row:
        finding, looked = row.finding, self._looked[row.finding.inspection]
        text = wording.fact(looked.sheet, finding, public=self._public)
        key = f"rectification/{finding.id}"
        due = day_words(date.fromisoformat(finding.due)) if finding.due else EMPTY

        def sources() -> list[Source]:
            return [_source(row)]

        label = f"{finding.item}　{text}"
        return Row(
            (
                str(n),
                bulletins.number_of(finding),
                finding.item,
                text,
                looked.clauses.get(finding.item) or None,
                _("否决") if finding.severity == "critical" else _("一般"),
                Figure(f"{key}/due", finding.due or None, due, f"{label}　{_('整改期限')}",
                       sources),
                Figure(f"{key}/state", finding.state, rectification.title(finding.state),
                       f"{label}　{_('状态')}", sources),
                None,
            )
        )  # fmt: skip

    def _reply(self) -> Iterable[Block]:
        yield Para(_("整改情况回执"), "title")
        heads = (_("序号"), _("问题"), _("整改措施"), _("完成日期"), _("佐证"), _("自查结论"))
        rows = [FormRow([FormCell(head, style="head") for head in heads], header=True)]
        for n, row in enumerate(self._rows, 1):
            looked = self._looked[row.finding.inspection]
            text = wording.fact(looked.sheet, row.finding, public=True)
            cells = [FormCell(str(n), style="mid"), FormCell(text), *[FormCell()] * 4]
            rows.append(FormRow(cells, height=14))
        yield Form((10, 60, 70, 28, 28, 29), rows)
        yield Para(_("单位（盖章）：　　　　　　　　　　年　　月　　日"), "sign")
        line = _("□合格销号　□继续整改　理由：")
        yield Form(
            (32, 80, 32, 81),
            [
                forms.pair(_("复查日期"), "", _("复查人"), "", 10),
                forms.wide(_("复查结论"), line, 14),
            ],
        )


def _source(row: FindingRow) -> Source:
    return Source("finding", row.finding.id, f"{row.finding.item}　{row.finding.text}")
