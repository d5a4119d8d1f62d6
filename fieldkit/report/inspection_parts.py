"""The parts of an inspection's record that have figures or wait for a hand: scores, signatures."""

from __future__ import annotations

from collections.abc import Iterator

from fieldkit.domain.checklist import Item
from fieldkit.domain.records import Particulars
from fieldkit.domain.sheet import Sheet
from fieldkit.report import beside, forms, labels
from fieldkit.report.paper import Figure, Source, Text
from fieldkit.report.paper import FormCell as Cell
from fieldkit.report.paper import FormRow as Row
from fieldkit.report.phrases import EMPTY, score_words
from fieldkit.text.i18n import _


def pair(*pairs: tuple[str, Text]) -> Row:
    """One row of label and value; a single pair takes the whole width."""
    cells: list[Cell] = []
    for label, value in pairs:
        cells.append(Cell(label, style="head"))
        cells.append(Cell(value, span=1 if len(pairs) == 2 else 3))
    return Row(cells, height=8)


def mark_figure(sheet: Sheet, item: Item, mark: str) -> Figure:
    """The mark with the answer behind it: it moves when the answer does, whatever is printed."""
    answer = sheet.answers.get(item.id)
    inspection, value = sheet.inspection.id, answer.value if answer is not None else None
    return Figure(
        f"inspection/{inspection}/item/{item.id}",
        value,
        mark,
        f"{item.id}　{item.text}",
        lambda: [Source("answer", f"{inspection} {item.id}", value or EMPTY)],
    )


def score_figure(sheet: Sheet) -> Figure:
    """The score of a hundred, with the answers that earned it."""
    score, inspection = sheet.score, sheet.inspection.id
    limits = [grade.at_least for grade in sheet.checklist.grades]
    said = EMPTY if score.ratio is None else score_words(score.ratio * 100, limits)
    return Figure(
        f"inspection/{inspection}/score",
        None if score.ratio is None else score.ratio * 100,
        said,
        _("得分"),
        lambda: [
            Source("answer", f"{inspection} {line.item}",
                   f"{line.value}　{line.points}/{line.weight}")
            for line in score.lines
            if line.weight
        ],
    )  # fmt: skip


def _count(sheet: Sheet, name: str, number: int, label: str) -> Figure:
    return Figure(f"inspection/{sheet.inspection.id}/{name}", number, str(number), label)


def score_rows(sheet: Sheet) -> Iterator[Row]:
    """Points, grade, what did not count, vetoes, deductions."""
    score = sheet.score
    inspection = f"inspection/{sheet.inspection.id}"
    points: Text = (
        _("得"),
        Figure(f"{inspection}/points", score.points, score_words(score.points), _("得分分值")),
        _("分，应得"),
        Figure(f"{inspection}/most", score.max_points, score_words(score.max_points), _("应得")),
        _("分"),
    )
    uncounted: Text = (
        _("不适用"),
        _count(sheet, "na", score.na, _("不适用")),
        _("项，未见"),
        _count(sheet, "unseen", score.unseen, _("未见")),
        _("项，未填"),
        _count(sheet, "open", len(score.open_required), _("未填")),
        _("项"),
    )
    final = sheet.inspection.state == "finished"
    grade = (
        score.grade_title if final else _("{grade}（未结束，暂计）").format(grade=score.grade_title)
    )
    graded = Figure(f"{inspection}/grade", score.grade_title, grade, _("等次"))
    yield pair((_("得分（百分制）"), score_figure(sheet)), (_("等次"), graded))
    yield pair((_("分值"), points), (_("未计分项"), uncounted))
    yield pair((_("否决项"), _veto_words(sheet)))
    yield pair((_("扣分情况"), _deductions(sheet)))


def _veto_words(sheet: Sheet) -> str:
    if not sheet.score.veto:
        return _("无")
    lines = sheet.lines
    said = [labels.effect(sheet.checklist.critical_effect)]
    for item_id in sheet.score.veto:
        why = lines[item_id].why if item_id in lines else ""
        text = sheet.by_id[item_id].text
        said.append(f"★{item_id}　{text}" + (f"：{why}" if why else ""))
    return "\n".join(said)


def _deductions(sheet: Sheet) -> str:
    said = []
    for line in sheet.score.lines:
        if line.weight and line.state in ("pass", "fail") and line.points < line.weight:
            words = _("{item}　{weight}分得{points}分").format(
                item=line.item, weight=line.weight, points=score_words(line.points)
            )
            said.append(words + (f"：{line.why}" if line.why else ""))
    return "\n".join(said) or _("无")


def open_signatures(told: Particulars) -> Iterator[Row]:
    """Opinions and signatures of both sides."""
    date_line = _("　　　　年　　月　　日")
    yield forms.wide(_("意见建议"), "", 24, keep=True)
    yield forms.wide(_("被查单位意见"), beside.unit_view(told), 20, keep=True)
    yield Row(
        [
            Cell(_("检查人签字"), style="head"),
            Cell(_("1.\n\n2.\n\n{date}").format(date=date_line)),
            Cell(_("被查单位\n陪同人签字"), style="head"),
            Cell(_("职务：\n\n签字：\n\n{date}").format(date=date_line)),
        ],
        height=28,
        keep=True,
    )
    yield forms.wide(_("拒签注记"), beside.unsigned(told, date_line), 14, keep=True)


def covert_signatures() -> Iterator[Row]:
    """Opinions, and the leader's review where the unit would sign (DOMAIN §4.4)."""
    date_line = _("　　　　年　　月　　日")
    yield forms.wide(_("意见建议"), "", 24, keep=True)
    signed = _("1.　　　　　　　　2.　　　　　　　　{date}").format(date=date_line)
    yield forms.wide(_("检查人签字"), signed, 16, keep=True)
    review = _("□属实　□需补充核实：\n\n组长签字：　　　　　　　　{date}").format(date=date_line)
    yield forms.wide(_("组长审核"), review, 24, keep=True)
