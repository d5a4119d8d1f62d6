"""``fieldkit office serve|fetch|post``: the office's side of the wires."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import JsonFlag, emit, tell, workspace

if TYPE_CHECKING:
    from fieldkit.work.serving import Told


def register(app: typer.Typer) -> None:
    """Add these commands to ``fieldkit office``."""
    app.command(
        "serve", help=_("在网上收件：设备用 fieldkit send http://… 送来，自动合并、发回执。")
    )(serve)
    app.command("fetch", help=_("从共享文件夹或对象存储取回数据包。"))(fetch)
    app.command("post", help=_("把各设备的回执放到共享文件夹或对象存储。"))(post)


def serve(
    host: Annotated[str, typer.Option("--host", help=_("在哪个地址上收。"))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help=_("在哪个端口上收；0 为任一空闲的。"))] = 8420,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="PEM", help=_("TLS 证书。"))
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PEM", help=_("证书的私钥。"))
    ] = None,
    merge: Annotated[
        bool, typer.Option("--merge/--no-merge", help=_("收到后自动合并，并发回执。"))
    ] = True,
) -> None:
    """Receive until Ctrl-C."""
    from fieldkit.work.serving import Office

    scheme = "https" if certificate else "http"
    with workspace() as ws:
        office = Office(ws, host, port, certificate=certificate, key=key, merge=merge, told=_merged)
        address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{office.port}"
        office.run(lambda: tell(_("正在收件：{address}　按 Ctrl-C 停下。").format(address=address)))
    tell(_("已停下；收到的都在，没收完的下次接着收。"))


def _merged(told: Told) -> None:
    if told.problem:
        tell(_("合并没有完成：{why}").format(why=told.problem))
    elif told.bundles:
        text = _(
            "合并 {n} 个数据包：新记录 {events} 条，拒收 {rejected} 个，发出回执 {letters} 封。"
        )
        tell(
            text.format(
                n=told.bundles, events=told.events_new, rejected=told.rejected, letters=told.letters
            )
        )


def fetch(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=_("文件夹，或 s3://桶/前缀。"))],
    json: JsonFlag = False,
) -> None:
    """Bring volumes here, to be merged."""
    from fieldkit.work import posting

    from . import progress

    show = progress.line()

    def step(number: int, of: int) -> None:
        if show is not None:
            show(_("取回 {n}/{of}").format(n=number, of=of), number == of)

    with workspace() as ws:
        done = posting.fetch(ws, source, step)
    data = {
        "folder": str(done.folder),
        "files": [str(path) for path in done.files],
        "fetched": len(done.files) - done.known,
        "already_here": done.known,
        "failed": list(done.failed),
    }
    for failed in done.failed:
        tell(_("一个文件没有取回：{why}").format(why=failed))

    def said() -> str:
        text = _("取回 {n} 个，{known} 个本来就在。合并：fieldkit office merge {folder}")
        return text.format(
            n=len(done.files) - done.known, known=done.known, folder=shown(str(done.folder))
        )

    emit(data, said, json)
    if done.failed:
        raise typer.Exit(1)


def post(
    target: Annotated[str, typer.Argument(metavar="TARGET", help=_("文件夹，或 s3://桶/前缀。"))],
    device: Annotated[
        list[str] | None, typer.Option("--device", metavar="DEVICE", help=_("只发给这台。"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Post receipts."""
    from fieldkit.work import posting

    with workspace() as ws:
        done = posting.post(ws, target, device or ())
    emit(
        {"letters": [{"device": one, "file": name} for one, name in done]},
        lambda: _("放好 {n} 封回执。").format(n=len(done)),
        json,
    )
