"""``fieldkit office``, the part about trust: revoke, receipts, keys that change, copies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import Json, JsonFlag, emit, workspace

if TYPE_CHECKING:
    from fieldkit.work.backups import Copied
    from fieldkit.work.receipts_given import Given
    from fieldkit.work.revoking import Revocation

DeviceArgument = Annotated[str, typer.Argument(metavar="DEVICE", help=_("设备编号、开头或名称。"))]


def register(app: typer.Typer) -> None:
    """Add these commands to ``fieldkit office``."""
    app.command("revoke", help=_("吊销一台设备：从某一条记录起不再收，以前的仍有效。"))(revoke)
    app.command("receipt", help=_("给一台设备开回执：收到哪里，备份到哪里，缺什么。"))(receipt)
    app.command("backup", help=_("把还没有备份的记录和证据做成加密备份，写完读回核对。"))(backup)
    app.command("restored", help=_("本办公室刚从备份恢复：以后的回执按现有的说，设备会补交。"))(
        restored
    )
    app.command("rotate", help=_("更换办公室密钥：设备凭旧钥匙的签名跟过来。"))(rotate)
    app.command("escrow", help=_("导出备用私钥，打印封存；--remove 从本机移走。"))(escrow_key)


def revoke(
    device: DeviceArgument,
    seq: Annotated[int, typer.Option("--from", metavar="SEQ", help=_("从第几条起不再收。"))],
    epoch: Annotated[
        str, typer.Option("--epoch", metavar="EPOCH", help=_("哪一段编号；不写则最近一段。"))
    ] = "",
    json: JsonFlag = False,
) -> None:
    """Believe nothing of a device from an event on."""
    from fieldkit.work import revoking

    with workspace() as ws:
        done = revoking.revoke(ws, device, seq, epoch)
    data = {
        "device": done.device.device,
        "state": done.device.state,
        "from": done.seq,
        "epoch": done.epoch or None,
        "held": done.held,
    }
    emit(data, lambda: _revoked_text(done), json)


def _revoked_text(done: Revocation) -> str:
    lines = [
        _("已吊销 {name} {device}：第 {seq} 条起不再收，以前的仍有效。").format(
            name=shown(done.device.name), device=done.device.device[:8], seq=done.seq
        )
    ]
    if done.held:
        lines.append(
            _("其中 {n} 条在吊销前已经收下，仍留在日志里，请人工核对。").format(n=done.held)
        )
    return "\n".join(lines)


def receipt(
    device: DeviceArgument,
    out: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help=_("写到哪个文件。"))],
    json: JsonFlag = False,
) -> None:
    """Sign what is held of a device."""
    from fieldkit.work import receipts_given

    with workspace() as ws:
        given = receipts_given.give(ws, device, out)
    emit(_given(given), lambda: _given_text(given), json)


def _given(given: Given) -> Json:
    return {
        "file": str(given.file),
        "device": given.receipt.device,
        "acknowledged": given.acknowledged,
        "durable": given.durable,
        "missing": [{"epoch": epoch, "from": a, "to": b} for epoch, (a, b) in given.missing],
        "evidence_missing": list(given.receipt.evidence_missing),
        "receipt_seq": given.receipt.receipt_seq,
        "office_epoch": given.receipt.office_epoch,
    }


def _given_text(given: Given) -> str:
    lines = [
        _("回执已写好：{path}").format(path=shown(str(given.file))),
        _("已收 {n} 条，其中 {durable} 条已有备份。").format(
            n=given.acknowledged, durable=given.durable
        ),
    ]
    lines += [
        _("缺第 {first}—{last} 条，设备收到回执后会补交。").format(first=first, last=last)
        for _epoch, (first, last) in given.missing
    ]
    if given.receipt.evidence_missing:
        lines.append(_("缺 {n} 个证据文件。").format(n=len(given.receipt.evidence_missing)))
    lines.append(_("请把它交给那台设备，运行 fieldkit receive 文件。"))
    return "\n".join(lines)


def backup(
    out: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="DIR", help=_("写到哪个文件夹，最好在别的磁盘。")),
    ],
    json: JsonFlag = False,
) -> None:
    """Copy what no copy holds yet."""
    from fieldkit.work import backups

    with workspace() as ws:
        copied = backups.make(ws, out)
    data = {
        "file": str(copied.files[0]) if copied.files else None,
        "files": [str(path) for path in copied.files],
        "events": copied.events,
        "evidence": copied.evidence,
        "bytes": copied.bytes,
    }
    emit(data, lambda: _copied_text(copied), json)


def _copied_text(copied: Copied) -> str:
    if not copied.files:
        return _("全部记录都已有备份。")
    lines = [_("备份已写好：{path}").format(path=shown(str(path))) for path in copied.files]
    counts = _("{events} 条记录，{evidence} 个证据文件，{bytes} 字节；已读回核对。")
    lines.append(counts.format(events=copied.events, evidence=copied.evidence, bytes=copied.bytes))
    return "\n".join(lines)


def restored(json: JsonFlag = False) -> None:
    """Open a new epoch of the office."""
    from fieldkit.work import receipts_given

    with workspace() as ws:
        epoch = receipts_given.restored(ws)
    text = _("已开始新的一段。请给每台设备重开回执，它们会补交本办公室现在没有的。")
    emit({"office_epoch": epoch}, lambda: text, json)


def rotate(
    name: Annotated[str, typer.Option("--name", help=_("新名称；不写则不变。"))] = "",
    json: JsonFlag = False,
) -> None:
    """Change the office's keys."""
    from fieldkit.work import office_rotating

    with workspace() as ws:
        office = office_rotating.rotate(ws, name)
    data = {"office": office.office, "recipient": office.recipient, "name": office.name}
    text = _("办公室密钥已更换。请给每台设备重开回执，它们凭旧钥匙的签名跟过来。")
    emit(data, lambda: text, json)


def escrow_key(
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=_("写入文件。"))
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help=_("从本机移走。"))] = False,
    json: JsonFlag = False,
) -> None:
    """The second key, to be printed and locked away."""
    from fieldkit.errors import Problem
    from fieldkit.work import escrow, offices
    from fieldkit.work.exchange_files import unusable, write_whole

    with workspace() as ws:
        offices.public(ws)
        folder = offices.folder(ws)
        text = escrow.secret(folder)
        if remove and out is None:
            raise Problem(
                "usage",
                _("移走之前要先写到文件里。"),
                where="--remove",
                mend=_("加上 -o FILE，写到要封存的 U 盘上。"),
            )
        if out is not None:
            place = out.expanduser().absolute()
            try:
                write_whole(place, text.encode("ascii"))
            except OSError as error:
                raise unusable(place, error) from error
        if remove:
            escrow.remove(folder)
    data = {
        "recipient": escrow.recipients(folder)[0],
        "file": str(out) if out else None,
        "removed": remove,
    }
    if out is None:
        data["identity"] = text.splitlines()[-1]
    emit(data, lambda: text.rstrip() if out is None else _("备用私钥已写好。"), json)
