"""``fieldkit device``: who this device is, and the card that an office enrols."""

from __future__ import annotations

import os
import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import Json, JsonFlag, emit, noun, tell, workspace

if TYPE_CHECKING:
    from fieldkit.work.pending import Standing
    from fieldkit_sync.identity import Public

app = noun(_("本机身份和登记卡。"))

NEW_PASSPHRASE_VARIABLE = "FIELDKIT_NEW_PASSPHRASE"


@app.command("show", help=_("显示本机身份。"))
def show(as_json: JsonFlag = False) -> None:
    """The public side of this device."""
    with workspace() as ws:
        emit(_data(ws.device), lambda: _human(ws.device), as_json)


@app.command("rename", help=_("给本机起一个办公室能认出的名称。"))
def rename(
    name: Annotated[str, typer.Argument(help=_("名称，最多 40 个字。"))],
    as_json: JsonFlag = False,
) -> None:
    """Set the name; the keys stay."""
    from fieldkit.work import devices

    with workspace() as ws:
        public = devices.rename(ws, name)
        emit(_data(public), lambda: _human(public), as_json)


@app.command("card", help=_("输出登记卡，交给办公室登记；卡上只有公钥。"))
def card(
    qr: Annotated[bool, typer.Option("--qr", help=_("在终端画成二维码。"))] = False,
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=_("写入文件。"))
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """The card as text, as a file or as a QR code."""
    from fieldkit.work import devices
    from fieldkit.work.exchange_files import unusable, write_whole

    with workspace() as ws:
        text = devices.card(ws)
        data = _data(ws.device)
        if key := devices.office_key(ws):
            data["office_key"] = key
        if out is not None:
            place = out.expanduser().absolute()
            try:
                write_whole(place, text.encode("utf-8"))
            except OSError as error:
                raise unusable(place, error) from error
            tell(
                _("登记卡已写入 {path}，交给办公室运行：fieldkit office enrol 登记卡").format(
                    path=place
                )
            )
            data["file"] = str(place)
        if qr:
            emit(data, lambda: _qr(text), as_json)
        elif as_json or out is None:
            emit(data, lambda: text.rstrip("\n"), as_json)


_Office = Annotated[bool, typer.Option("--office", help=_("办公室的密钥，不是本机的。"))]


@app.command("protect", help=_("用口令保护密钥文件；已有口令时换成新的。"))
def protect(
    office: _Office = False,
    keyring: Annotated[
        bool, typer.Option("--keyring", help=_("由系统密钥环保管口令，不必自己记。"))
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Lock the keys by a new passphrase."""
    from fieldkit.work import keylocks

    with workspace() as ws:
        keylocks.protect(ws, "office" if office else "device", _new_passphrase(keyring), keyring)
    kept = _("口令已存入系统密钥环。") if keyring else _("请记住口令；忘了就打不开密钥。")
    emit({"protected": True, "keyring": keyring}, lambda: _("密钥已加口令。") + kept, as_json)


@app.command("unprotect", help=_("去掉密钥文件的口令。"))
def unprotect(office: _Office = False, as_json: JsonFlag = False) -> None:
    """Put the plain key files back."""
    from fieldkit.work import keylocks

    with workspace() as ws:
        keylocks.unprotect(ws, "office" if office else "device")
    emit({"protected": False, "keyring": False}, lambda: _("密钥的口令已去掉。"), as_json)


@app.command("status", help=_("看还有多少没有交、办公室已确认多少。"))
def status(as_json: JsonFlag = False) -> None:
    """How this device stands towards its office."""
    from fieldkit.work.pending import standing

    with workspace() as ws:
        stands = standing(ws)
        emit(_standing(stands), lambda: _standing_text(stands), as_json)


def _standing(stands: Standing) -> Json:
    return {
        "device": stands.device,
        "office": stands.office or None,
        "office_name": stands.office_name or None,
        "pending_events": stands.pending_events,
        "oldest_pending": stands.oldest_pending,
        "held_back": stands.held_back,
        "last_receipt": stands.last_receipt,
        "received_events": stands.received_events,
        "durable_events": stands.durable_events,
    }


def _standing_text(stands: Standing) -> str:
    lines = [
        _("办公室  {name}").format(name=shown(stands.office_name) or "—"),
        _("未交  {n} 条").format(n=stands.pending_events),
    ]
    if stands.oldest_pending:
        lines.append(_("最早的未交记录  {at}").format(at=stands.oldest_pending))
    if stands.held_back:
        lines.append(
            _("旧密钥下有 {n} 条办公室不认，请办公室登记旧的登记卡。").format(n=stands.held_back)
        )
    lines += [
        _("办公室已收到  {n} 条").format(n=stands.received_events),
        _("其中已有异地备份  {n} 条").format(n=stands.durable_events),
        _("最近的回执  {at}").format(at=stands.last_receipt or "—"),
    ]
    return "\n".join(lines)


@app.command("purge", help=_("腾出空间：删除办公室已有备份的证据文件和已确认的数据包。"))
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只算，不删。"))] = False,
    as_json: JsonFlag = False,
) -> None:
    """Free space; the journal stays whole."""
    from fieldkit.work import purging

    with workspace() as ws:
        gone = purging.purge(ws, dry_run=dry_run)
    data = {"files": gone.files, "bytes": gone.bytes, "kept": gone.kept}
    text = (
        _("可以删除 {files} 个文件，{bytes} 字节；还须保留 {kept} 个。")
        if dry_run
        else _("已删除 {files} 个文件，{bytes} 字节；还须保留 {kept} 个。")
    )
    emit(data, lambda: text.format(**data), as_json)


@app.command("rotate", help=_("更换本机密钥；换后把新的登记卡交办公室登记。"))
def rotate(
    name: Annotated[str, typer.Option("--name", help=_("名称，最多 40 个字。"))] = "",
    as_json: JsonFlag = False,
) -> None:
    """A new key, and with it a new device id."""
    from fieldkit.work import devices, rotating

    with workspace() as ws:
        former = ws.device.device
        public = rotating.rotate(ws, name)
        text = devices.card(ws)
    tell(_("密钥已更换。把下面的登记卡交办公室登记；旧密钥下没有交完的记录随后一起交。"))
    emit({**_data(public), "former": former, "card": text}, lambda: text.rstrip("\n"), as_json)


def _new_passphrase(keyring: bool) -> str:
    """From the environment or typed twice; empty where the keyring is to have a random one."""
    named = os.environ.get(NEW_PASSPHRASE_VARIABLE, "")
    if named or keyring:
        return named
    if not sys.stdin.isatty():
        raise Problem(
            "no-terminal",
            _("这里不能输入口令。"),
            mend=_("设置环境变量 {name}，或加 --keyring。").format(name=NEW_PASSPHRASE_VARIABLE),
        )
    typed = getpass(_("新口令："))
    if getpass(_("再输一遍新口令：")) != typed:
        raise Problem("passphrase-differs", _("两次输入的口令不一样。"), mend=_("再运行一次。"))
    return typed


def _data(public: Public) -> Json:
    return {
        "device": public.device,
        "public_key": public.public_key,
        "recipient": public.recipient,
        "name": public.name,
    }


def _human(public: Public) -> str:
    lines = [
        _("设备名称  {name}").format(name=shown(public.name)),
        _("设备编号  {device}").format(device=public.device),
        _("签名公钥  {key}").format(key=public.public_key),
        _("加密公钥  {key}").format(key=public.recipient),
    ]
    return "\n".join(lines)


def _qr(text: str) -> str:
    """Two modules a character row, with the quiet zone that scanners need."""
    import qrcode

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=2)
    code.add_data(text.encode("utf-8"))
    code.make(fit=True)
    dark = code.get_matrix()
    if len(dark) % 2:
        dark.append([False] * len(dark[0]))
    # Light modules are drawn, so that a dark terminal shows the code the right way round.
    signs = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    return "\n".join(
        "".join(signs[int(a), int(b)] for a, b in zip(top, low, strict=True))
        for top, low in zip(dark[::2], dark[1::2], strict=True)
    )
