"""``fieldkit inspect`` beyond answers: back and forth, amending, particulars, pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import Json, JsonFlag, emit, number, percent, table, tell, workspace

if TYPE_CHECKING:
    from fractions import Fraction

    from fieldkit.domain.history import Told
    from fieldkit.domain.records import Inspection, Particulars
    from fieldkit.domain.sheet import Sheet
    from fieldkit.work.amending import Entry
    from fieldkit.work.blind import Comparison
    from fieldkit.work.undoing import Step
    from fieldkit.work.workspace import Workspace

Ref = Annotated[str, typer.Argument(metavar="INSPECTION", help=_("检查编号，或它的开头几位。"))]


def register(app: typer.Typer) -> None:
    """Put these commands into the group."""
    app.command("undo", help=_("撤销本机最近一次作答。"))(undo)
    app.command("redo", help=_("恢复刚撤销的作答。"))(redo)
    app.command("reopen", help=_("写明理由，重新打开已办结的检查。"))(reopen)
    app.command("history", help=_("每次办结、重新打开和改动。"))(history)
    app.command("tell", help=_("记检查人、观察时间、被查单位意见和签字。"))(particulars)
    app.command("open", help=_("暗访转为明察：另开一份明察记录，暗访记录锁定。"))(turn_open)
    app.command("compare", help=_("背靠背检查：两份都办结后比较，列出不同。"))(compare)


def undo(inspection: Ref, json: JsonFlag = False) -> None:
    """Take the last answer of this device back."""
    from fieldkit.work import undoing

    with workspace() as ws:
        sheet, step = undoing.undo(ws, inspection)
    _stepped(sheet, step, _("已撤销：{step}"), json)


def redo(inspection: Ref, json: JsonFlag = False) -> None:
    """Bring back what was taken back."""
    from fieldkit.work import undoing

    with workspace() as ws:
        sheet, step = undoing.redo(ws, inspection)
    _stepped(sheet, step, _("已恢复：{step}"), json)


def reopen(
    inspection: Ref,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("为什么要更正。"))],
    json: JsonFlag = False,
) -> None:
    """Take a finished inspection up again."""
    from fieldkit.work import amending

    with workspace() as ws:
        sheet = amending.reopen(ws, inspection, reason)
    about = sheet.inspection
    data = {"inspection": about.id, "state": about.state, "reason": reason}
    emit(data, lambda: _("检查 {id} 已重新打开。").format(id=about.id[:8]), json)


def history(inspection: Ref, json: JsonFlag = False) -> None:
    """Say what happened to it since it was begun."""
    from fieldkit.work import amending, inspecting

    with workspace() as ws:
        entries = amending.history(ws, inspection)
        sheet = inspecting.sheet(ws, inspection)
    data = {"inspection": sheet.inspection.id, "history": [_entry_json(it) for it in entries]}
    emit(data, lambda: _listed(sheet, entries), json)


def particulars(
    inspection: Ref,
    inspector: Annotated[
        list[str] | None,
        typer.Option("--inspector", metavar="NAME", help=_("检查人，可写多次；只写本单位的。")),
    ] = None,
    observed_from: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help=_("到场时间，如 14:05。"))
    ] = None,
    observed_to: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help=_("离场时间。"))
    ] = None,
    unit_view: Annotated[
        str | None, typer.Option("--unit-view", metavar="TEXT", help=_("被查单位意见。"))
    ] = None,
    unit_sign: Annotated[
        str | None,
        typer.Option("--unit-sign", metavar="signed|refused|absent", help=_("被查单位签字情况。")),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Keep what belongs to the record beside the answers."""
    from fieldkit.work import telling

    with workspace() as ws:
        sheet = telling.tell(
            ws,
            inspection,
            inspectors=inspector or None,
            observed_from=observed_from,
            observed_to=observed_to,
            unit_view=unit_view,
            unit_sign=unit_sign,
        )
        known = telling.told(ws, sheet.inspection.id)
        wanted = telling.missing(ws, sheet)
    emit(
        {"inspection": sheet.inspection.id, **particulars_json(known), "missing": wanted},
        lambda: said(known),
        json,
    )
    for sentence in wanted:
        tell(sentence)


def turn_open(inspection: Ref, json: JsonFlag = False) -> None:
    """Go on openly with a covert inspection."""
    from fieldkit.work import turning

    with workspace() as ws:
        begun = turning.turn_open(ws, inspection).inspection
    data = {"inspection": begun.id, "prior": begun.prior, "mode": begun.mode}
    emit(data, lambda: _("已转为明察，新的检查 {id}。").format(id=begun.id), json)


def compare(
    ref: Annotated[
        str, typer.Argument(metavar="INSPECTION|WORD", help=_("其中一份的编号，或配对词。"))
    ],
    json: JsonFlag = False,
) -> None:
    """Compare two records of one site that were made unseen by each other."""
    from fieldkit.work import blind

    with workspace() as ws:
        found = blind.compare(ws, ref)
    known = found.agreement
    data = {
        "pair": found.pair,
        "inspections": [found.one.inspection.id, found.two.inspection.id],
        "items": known.items,
        "agreed": known.agreed,
        "agreement": number(known.agreement),
        "kappa": number(known.kappa),
        "differences": [
            {"item": item, "values": [_value(found.one, item), _value(found.two, item)]}
            for item, _one, _two in known.differences
        ],
    }
    emit(data, lambda: _compared(found), json)


def more_json(ws: Workspace, about: Inspection) -> Json:
    """What ``show`` says of an inspection beside its answers."""
    from fieldkit.work import amending, home_time, telling

    known = telling.told(ws, about.id)
    return {
        "particulars": particulars_json(known),
        "reopened": [
            {"at": home_time(hlc), "by": device, "reason": reason}
            for reason, hlc, device in amending.reopenings(ws, about.id)
        ],
    }


def particulars_json(known: Particulars) -> Json:
    """What is kept beside the answers; null where nothing is."""
    return {
        "inspectors": list(known.inspectors),
        "observed_from": _moment(known.observed_from),
        "observed_to": _moment(known.observed_to),
        "unit_view": known.unit_view,
        "unit_sign": known.unit_sign or None,
    }


def said(known: Particulars) -> str:
    """The same for people; nothing where nothing is kept."""
    from fieldkit.work.telling import SIGNS

    span = " — ".join(t.replace("T", " ") for t in (known.observed_from, known.observed_to) if t)
    rows = (
        (_("检查人"), "、".join(known.inspectors)),
        (_("观察时间"), span),
        (_("被查单位意见"), known.unit_view),
        (_("被查单位签字"), _(SIGNS[known.unit_sign]) if known.unit_sign else ""),
    )
    return "\n".join(f"{label}  {shown(text)}" for label, text in rows if text)


def _moment(local: str) -> str | None:
    """A local time to the minute as RFC 3339."""
    return f"{local}:00+08:00" if local else None


def _stepped(sheet: Sheet, step: Step, words: str, json: bool) -> None:
    data = {
        "inspection": sheet.inspection.id,
        "item": step.item,
        "value": step.becomes.value or None,
        "was": step.was.value or None,
        "score": number(sheet.score.points),
    }
    known = next((it for it in sheet.checklist.items if it.id == _plain(step.item)), None)

    def human() -> str:
        from fieldkit.domain.items import of

        def one(told: Told) -> str:
            if not told.value:
                return _("未答")
            return of(known.type).say(told.value, known) if known else told.value

        said = f"{step.item} {step.text}  {one(step.was)} → {one(step.becomes)}"
        return words.format(step=said)

    emit(data, human, json)


def _plain(item: str) -> str:
    return item.rpartition("].")[2]


def _entry_json(entry: Entry) -> Json:
    from fieldkit.work import home_time

    data: dict[str, Any] = {
        "kind": entry.kind,
        "at": home_time(entry.hlc),
        "by": entry.device,
        "amends": entry.amends,
    }
    if entry.kind == "finished":
        score, most = number(entry.points), number(entry.max_points)
        return {**data, "score": score, "max_score": most, "grade": entry.grade}
    if entry.kind == "reopened":
        return {**data, "reason": entry.reason}
    return {**data, "item": entry.item, "from": _told(entry.was), "to": _told(entry.now)}


def _told(told: Told) -> Json:
    return {"value": told.value or None, "note": told.note, "evidence": list(told.evidence)}


def _listed(sheet: Sheet, entries: list[Entry]) -> str:
    from fieldkit.work import amending, home_time

    rows = [
        (
            home_time(entry.hlc)[:16].replace("T", " "),
            entry.device[:8],
            amending.said(entry, sheet.checklist),
        )
        for entry in entries
    ]
    return table((_("时间"), _("设备"), _("经过")), rows)


def _value(sheet: Sheet, item: str) -> str | None:
    return sheet.value(item)


def _compared(found: Comparison) -> str:
    known = found.agreement
    lines = [
        _("配对“{word}”：{one} 与 {two}").format(
            word=shown(found.pair),
            one=found.one.inspection.id[:8],
            two=found.two.inspection.id[:8],
        ),
        _("比较 {n} 项，一致 {same} 项（{rate}）").format(
            n=known.items, same=known.agreed, rate=percent(known.agreement)
        ),
    ]
    if known.kappa is not None:
        lines.append(_("科恩 κ 系数 {kappa}").format(kappa=_places(known.kappa)))
    elif known.items:
        lines.append(_("两份的结论全部是同一种，κ 系数没有意义。"))
    rows = [
        (item, _value(found.one, item) or "·", _value(found.two, item) or "·", _words(found, item))
        for item, _one, _two in known.differences
    ]
    if rows:
        lines.append(table((_("项"), _("第一份"), _("第二份"), _("内容")), rows))
    return "\n".join(lines)


def _places(kappa: Fraction) -> str:
    """Two places, cut off: what is not full agreement does not read as 1."""
    return f"{int(kappa * 100) / 100:.2f}"


def _words(found: Comparison, item: str) -> str:
    known = found.one.by_id.get(item) or found.two.by_id.get(item)
    return known.text if known else ""
