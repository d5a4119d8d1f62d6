"""``fieldkit office``: enrol devices, take their bundles in, say what is held, write reports."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from . import (
    office_conflicts,
    office_dashboard,
    office_dispatch,
    office_export,
    office_inbox,
    office_ledgers,
    office_merges,
    office_obligations,
    office_prove,
    office_report,
    office_rescore,
    office_review,
    office_serve,
    office_standing,
    office_template,
    office_trust,
    progress,
)
from .declaring import typer
from .output import Json, JsonFlag, emit, noun, table, workspace

if TYPE_CHECKING:
    from fieldkit.work.explaining import Notice
    from fieldkit.work.merging import Merged
    from fieldkit.work.offices import DeviceStatus, Enrolment

app = noun(_("办公室：登记设备、合并数据包、出报表。"))
office_trust.register(app)
office_review.register(app)
office_merges.register(app)
office_inbox.register(app)
office_conflicts.register(app)
office_dispatch.register(app)
office_prove.register(app)
office_obligations.register(app)
office_rescore.register(app)
office_ledgers.register(app)
office_dashboard.register(app)
office_serve.register(app)
office_report.register(app)
office_export.register(app)
office_standing.register(app)
office_template.register(app)


@app.command("init", help=_("把本工作目录设为办公室。"))
def init(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("办公室名称。"))],
    second: Annotated[
        str,
        typer.Option(
            "--escrow", metavar="age1…", help=_("备用收件公钥；不写则新生成一把备用钥匙。")
        ),
    ] = "",
    json: JsonFlag = False,
) -> None:
    """Make this home an office."""
    from fieldkit.work import escrow, offices

    with workspace() as ws:
        office = offices.init(ws, name, second)
        folder = offices.folder(ws)
    data = {
        "office": office.office,
        "recipient": office.recipient,
        "name": office.name,
        "escrow": next(iter(escrow.recipients(folder)), None),
        "escrow_here": escrow.here(folder),
    }
    text = _("已设为办公室“{name}”。\n收件公钥  {recipient}\n登记设备：{hint}").format(
        name=shown(office.name),
        recipient=office.recipient,
        hint="fieldkit office enrol CARD",
    )
    if escrow.here(folder):
        text += "\n" + _("备用私钥还在本机：请打印封存后移走，运行 {hint}").format(
            hint="fieldkit office escrow -o FILE --remove"
        )
    emit(data, lambda: text, json)


@app.command("enrol", help=_("凭登记卡登记一台设备，并发给它授权。"))
def enrol(
    card: Annotated[Path, typer.Argument(metavar="CARD", help=_("设备的登记卡文件。"))],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help=_("把授权写成文件，交给那台设备。")),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Enrol the device of a card."""
    from fieldkit.work import offices

    with workspace() as ws:
        done = offices.enrol(ws, card, out)
    data = {
        "device": done.device.device,
        "state": done.device.state,
        "name": done.device.name,
        "grant": str(done.grant) if done.grant else None,
    }
    emit(data, lambda: _enrolled_text(done), json)


def _enrolled_text(done: Enrolment) -> str:
    head = _("已登记") if not done.again else _("早已登记，授权重发")
    lines = [f"{head}：{shown(done.device.name)} {done.device.device[:8]}"]
    if done.grant:
        lines.append(
            _("授权文件 {path}，请在那台设备上运行：fieldkit receive 授权文件").format(
                path=shown(str(done.grant))
            )
        )
    elif done.posted:
        lines.append(_("同一台电脑上的设备会自动找到授权。别的电脑：加 -o FILE 导出授权文件。"))
    else:
        lines.append(_("授权没有地方存放：请加 -o FILE 导出授权文件，交给那台设备。"))
    return "\n".join(lines)


@app.command("signers", help=_("输出全部已登记设备的 allowed_signers 行。"))
def signers(json: JsonFlag = False) -> None:
    """For ``ssh-keygen -Y verify``."""
    from fieldkit.work import offices

    with workspace() as ws:
        lines = list(offices.signers(ws))
    emit({"signers": lines}, lambda: "\n".join(lines), json)


@app.command("key", help=_("导出办公室的 age 私钥，用通用工具打开数据包；请妥善保管。"))
def key(
    export: Annotated[bool, typer.Option("--export", help=_("确认导出私钥。"))] = False,
    json: JsonFlag = False,
) -> None:
    """The secret key, only when asked for by name."""
    from fieldkit.errors import Problem
    from fieldkit.work import offices

    if not export:
        raise Problem("usage", _("这会显示私钥。"), mend=_("确实需要请加 --export。"))
    with workspace() as ws:
        keys = offices.load(ws)
    data = {"identity": keys.age_identity, "recipient": keys.recipient}
    text = f"# public key: {keys.recipient}\n{keys.age_identity}"
    emit(data, lambda: text, json)


@app.command("merge", help=_("合并数据包：文件或文件夹；有问题的放在一边，不影响其余。"))
def merge(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help=_("文件或文件夹。"))],
    json: JsonFlag = False,
) -> None:
    """Exit 1 when any bundle was rejected."""
    from fieldkit.errors import Problem
    from fieldkit.work import dashboard, explaining, merging

    with workspace() as ws:
        done = merging.merge(ws, paths, _progress())
        found = explaining.notices(ws, done)
        # So that the dashboard opens at once afterwards; the merge stands whether it does or not.
        with suppress(Problem):
            dashboard.prepare(ws)
    emit(_merged(done), lambda: _merged_text(done, found), json)
    if done.rejected:
        raise typer.Exit(1)


def _progress() -> Callable[[int, int, Path], None] | None:
    """What tells how far it is, on a terminal."""
    show = progress.line()
    if show is None:
        return None

    def line(number: int, total: int, path: Path) -> None:
        text = _("合并 {n}/{total} {name}").format(n=number, total=total, name=shown(path.name))
        show(text, number == total)

    return line


def _merged(done: Merged) -> Json:
    return {
        "merge": done.merge,
        "bundles": done.bundles,
        "merged": done.merged,
        "already_known": done.already_known,
        "events_new": done.events_new,
        "events_known": done.events_known,
        "evidence_new": done.evidence_new,
        "conflicts": done.conflicts,
        "rejected": [
            {
                "file": str(one.file),
                "reason": one.reason,
                "code": one.code,
                "set_aside": str(one.kept) if one.kept else None,
            }
            for one in done.rejected
        ],
        "quarantined": done.quarantined,
        "gaps": [{"device": d, "from": first, "to": last} for d, first, last in done.gaps],
        "forks": [{"device": device, "seq": seq} for device, seq in done.forks],
    }


def _merged_text(done: Merged, notices: list[Notice]) -> str:
    lines = [
        _("{n} 个数据包：新合并 {merged} 个，早已收过 {known} 个，拒收 {rejected} 个。").format(
            n=done.bundles,
            merged=done.merged,
            known=done.already_known,
            rejected=len(done.rejected),
        ),
        _("新记录 {new} 条，已有记录 {known} 条，新证据 {evidence} 个。").format(
            new=done.events_new, known=done.events_known, evidence=done.evidence_new
        ),
    ]
    if done.conflicts:
        lines.append(_("有 {n} 处几台设备填得不一致，全部保留待核。").format(n=done.conflicts))
    for one in notices:
        about = _("{about}：").format(about=shown(one.about)) if one.about else ""
        lines += [f"{about}{one.sentence}", f"      {one.mend}"]
    return "\n".join(lines)


@app.command("status", help=_("每台设备交到了哪里，缺什么。"))
def status(json: JsonFlag = False) -> None:
    """What is held, device by device."""
    from fieldkit.work import offices

    with workspace() as ws:
        rows = offices.status(ws)
        events, digest = offices.held(ws), ws.store.state_digest()
    data = {
        "devices": [_status_row(row) for row in rows],
        "events": events,
        "state_digest": digest,
    }
    emit(data, lambda: _status_text(rows, events, digest), json)


def _status_row(row: DeviceStatus) -> Json:
    return {
        "device": row.device,
        "name": row.name,
        "state": row.state or None,
        "last_seq": row.last_seq,
        "last_seen": row.last_seen,
        "gaps": [{"epoch": e, "from": first, "to": last} for e, first, last in row.gaps],
        "forks": list(row.forks),
        "evidence_missing": list(row.evidence_missing),
        "last_receipt": row.last_receipt,
    }


def _status_text(rows: list[DeviceStatus], events: int, digest: str) -> str:
    cells = [
        (
            row.device[:8],
            row.name or _("（未登记）"),
            row.last_seq,
            row.last_seen or _("从未"),
            "、".join(f"{first}—{last}" for _epoch, first, last in row.gaps) or "—",
            "、".join(map(str, row.forks)) or "—",
            len(row.evidence_missing) or "—",
            _("已吊销") if row.state == "revoked" else row.last_receipt or _("从未"),
        )
        for row in rows
    ]
    heads = (
        *(_("设备"), _("名称"), _("最后编号"), _("最后记录")),
        *(_("缺号"), _("分叉"), _("缺证据"), _("回执")),
    )
    foot = _("共 {n} 条记录，状态指纹 {digest}").format(n=events, digest=digest)
    return f"{table(heads, cells, right='2')}\n{foot}"
