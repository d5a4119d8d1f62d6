"""``fieldkit send``: what is pending, over a folder, the net or an object store."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import JsonFlag, emit, tell, workspace

if TYPE_CHECKING:
    from fieldkit.work.sending import Sent
    from fieldkit_sync.wires.bringing import Step

Target = Annotated[
    str,
    typer.Argument(metavar="TARGET", help=_("文件夹、http(s)://办公室地址，或 s3://桶/前缀。")),
]


def register(root: typer.Typer) -> None:
    """Add ``fieldkit send`` beside the nouns."""
    root.command("send", help=_("把待交的记录送到办公室，断了再发会接着发；顺便取回来信。"))(send)


def send(
    target: Target,
    patience: Annotated[
        int, typer.Option("--patience", metavar="SECONDS", help=_("多少秒没有进展就停下。"))
    ] = 60,
    json: JsonFlag = False,
) -> None:
    """Deliver what is pending; resumes."""
    from fieldkit.work import sending

    with workspace() as ws:
        done = sending.send(ws, target, _progress(), patience=float(patience))
    for failed in done.letters_failed:
        tell(_("一封来信没有收下：{why}").format(why=failed))
    data = {
        "sent": done.volumes,
        "bytes": done.bytes,
        "resumed": done.resumed,
        "events": done.events,
        "letters": len(done.received),
        "receipts": sum(it.receipts for it in done.received),
    }
    emit(data, lambda: _text(done), json)


def _text(done: Sent) -> str:
    lines = []
    if not done.volumes:
        lines.append(_("没有待交的记录。"))
    else:
        text = _("已送到：{events} 条记录，{n} 个文件，本次发出 {bytes} 字节。")
        lines.append(text.format(events=done.events, n=done.volumes, bytes=done.bytes))
        if done.resumed:
            lines.append(_("有 {n} 个文件是断后接着发的。").format(n=done.resumed))
        lines.append(_("办公室合并后会发来回执；有回执才算交到。"))
    if done.received:
        lines.append(_("收下来信 {n} 封。").format(n=len(done.received)))
    return "\n".join(lines)


def _progress() -> Callable[[Step], None] | None:
    """A line on stderr, at most ten times a second."""
    from . import progress

    show = progress.line()
    if show is None:
        return None
    at = 0.0

    def step(now: Step) -> None:
        nonlocal at
        last = now.done == now.of
        if not last and not now.waits and time.monotonic() - at < 0.1:
            return
        at = time.monotonic()
        if last:
            show(_("{n} 个文件都在那边了").format(n=now.of), True)
        elif now.waits:
            text = _("断了（{why}），{n:.0f} 秒后接着发……")
            show(text.format(why=shown(now.code), n=now.waits), False)
        else:
            percent = now.bytes * 100 // max(now.size, 1)
            text = _("第 {n} 个，共 {of} 个：{percent}%")
            show(text.format(n=now.done + 1, of=now.of, percent=percent), False)

    return step
