"""``fieldkit referral``: a building's facts handed to the unit in charge, and what came back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, noun, table, tell, workspace

if TYPE_CHECKING:
    from fieldkit.work.referring import ReferralRow

app = noun(_("移交单：只写楼宇级事实，跟到反馈。"))

Ref = Annotated[str, typer.Argument(metavar="REFERRAL", help=_("移交单编号，或它的开头几位。"))]
Day = Annotated[str, typer.Option("--day", metavar="DAY", help=_("哪一天；不写为今天。"))]
Number = Annotated[str, typer.Option("--number", metavar="TEXT", help=_("文书编号。"))]


@app.command("make", help=_("给一栋楼或一个单位开移交单。"))
def make(
    site: Annotated[str, typer.Argument(metavar="SITE", help=_("楼栋或单位的编码。"))],
    to: Annotated[
        str,
        typer.Option("--to", metavar="police|market|postal|telecom|other", help=_("受理单位。")),
    ],
    facts: Annotated[
        str, typer.Option("--facts", metavar="TEXT", help=_("楼宇级事实，不写任何人。"))
    ],
    matter: Annotated[
        str,
        typer.Option(
            "--matter", metavar="vacant|devices|lodging|building|other", help=_("事项类别。")
        ),
    ] = "building",
    unit: Annotated[str, typer.Option("--unit", metavar="TEXT", help=_("受理单位全称。"))] = "",
    inspection: Annotated[
        str, typer.Option("--inspection", metavar="ID", help=_("在哪次检查里发现的。"))
    ] = "",
    item: Annotated[str, typer.Option("--item", metavar="ITEM", help=_("哪个检查项。"))] = "",
    number: Number = "",
    day: Day = "",
    json: JsonFlag = False,
) -> None:
    """Make a slip."""
    from fieldkit.work import referring
    from fieldkit.work.referring import Slip

    with workspace() as ws:
        row = referring.make(ws, site, Slip(facts, to, matter, unit, inspection, item, number, day))
    emit(referral_json(row), lambda: _("已开移交单。") + "\n" + _line(row), json)


@app.command("list", help=_("列出移交单，早的在前。"))
def list_(
    within: Annotated[str | None, typer.Option("--within", help=_("只列它下面的。"))] = None,
    pending: Annotated[bool, typer.Option("--pending", help=_("只列还没有反馈的。"))] = False,
    json: JsonFlag = False,
) -> None:
    """List the slips."""
    from fieldkit.work import referring

    with workspace() as ws:
        rows = referring.listing(ws, within, pending)
    emit([referral_json(row) for row in rows], lambda: _listed(rows), json)


@app.command("show", help=_("查看一份移交单。"))
def show(ref: Ref, json: JsonFlag = False) -> None:
    """Show one slip."""
    from fieldkit.work import referring

    with workspace() as ws:
        row = referring.find(ws, ref)
    emit(referral_json(row), lambda: _shown(row), json)
    if row.contested:
        tell(_("几台设备各记了一个反馈，以最晚的为准；再记一次就理顺。"))


@app.command("answer", help=_("登记受理单位的反馈。"))
def answer(
    ref: Ref,
    result: Annotated[
        str,
        typer.Option(
            "--result", metavar="handled|unfounded|forwarded|checking", help=_("反馈结论。")
        ),
    ],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help=_("说明，不写人。"))] = "",
    number: Annotated[str, typer.Option("--number", metavar="TEXT", help=_("反馈函文号。"))] = "",
    day: Day = "",
    json: JsonFlag = False,
) -> None:
    """Record what came back."""
    from fieldkit.work import referring

    with workspace() as ws:
        row = referring.answer(ws, ref, result, day, note, number)
    emit(referral_json(row), lambda: _("已登记反馈。") + "\n" + _line(row), json)


@app.command("paper", help=_("写出移交单。"))
def paper(
    ref: Ref,
    out: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE.docx|.xlsx|.html", help=_("写到哪个文件。")),
    ],
    json: JsonFlag = False,
) -> None:
    """Write the slip as a document."""
    from fieldkit.papers import referrals

    with workspace() as ws:
        path = referrals.slip(ws, ref, out)
    emit({"file": str(path)}, lambda: _("已写出移交单：{path}").format(path=path), json)


def referral_json(row: ReferralRow) -> Json:
    """A slip as the interface gives it."""
    one = row.referral
    return {
        "id": one.id,
        "site": one.site,
        "code": row.site.code if row.site else "",
        "name": row.site.name if row.site else "",
        "inspection": one.inspection,
        "item": one.item,
        "matter": one.matter,
        "facts": one.facts,
        "receiver": one.receiver,
        "unit": one.unit,
        "number": one.number,
        "day": one.day,
        "result": one.result,
        "answered": one.answered,
        "note": one.note,
        "reply": one.reply,
        "pending": one.pending,
        "contested": row.contested,
    }


def _words(row: ReferralRow) -> tuple[str, str, str]:
    """Receiver, matter and result as people say them."""
    from fieldkit.domain.referral import MATTERS, RECEIVERS, RESULTS

    one = row.referral
    unit = one.unit or _(RECEIVERS.get(one.receiver, one.receiver))
    result = _(RESULTS.get(one.result, one.result)) if one.result else _("待反馈")
    return unit, _(MATTERS.get(one.matter, one.matter)), result


def _line(row: ReferralRow) -> str:
    unit, _matter, result = _words(row)
    name = row.site.name if row.site else row.referral.site[:8]
    return "  ".join((row.referral.id[:8], row.referral.day, name, unit, result))


def _listed(rows: list[ReferralRow]) -> str:
    heads = (_("编号"), _("移送时间"), _("楼栋"), _("受理单位"), _("事项类别"), _("反馈"))
    cells = []
    for row in rows:
        unit, matter, result = _words(row)
        name = row.site.name if row.site else row.referral.site[:8]
        cells.append((row.referral.id[:8], row.referral.day, name, unit, matter, result))
    return table(heads, cells)


def _shown(row: ReferralRow) -> str:
    one = row.referral
    unit, matter, result = _words(row)
    lines = [
        (_("编号"), one.number or one.id[:8]),
        (_("楼栋"), f"{row.site.name}（{row.site.code}）" if row.site else one.site),
        (_("事项类别"), matter),
        (_("情况描述"), one.facts),
        (_("受理单位"), unit),
        (_("移送时间"), one.day),
        (_("反馈结论"), result),
        (_("反馈时间"), one.answered),
        (_("反馈函文号"), one.reply),
        (_("说明"), one.note),
    ]
    return "\n".join(f"{label}：{value}" for label, value in lines if value)
