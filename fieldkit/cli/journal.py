"""``fieldkit journal``: the one truth, checked, refolded, written out."""

from __future__ import annotations

import sys

from fieldkit.text.i18n import _

from .declaring import typer
from .output import JsonFlag, emit, noun, workspace

app = noun(_("日志。"))


@app.command("verify", help=_("核验日志链、签名和证据文件。"))
def verify(json: JsonFlag = False) -> None:
    """Check the chain, the signatures and the evidence digests."""
    from fieldkit.work import journaling

    with workspace() as ws:
        events, problems = journaling.verify(ws)
    data = {"ok": not problems, "events": events, "problems": problems}
    good = _("日志完好，共 {n} 条。").format(n=events)
    bad = _("日志有 {n} 处问题：").format(n=len(problems))
    emit(data, lambda: "\n".join([bad, *problems]) if problems else good, json)
    if problems:
        raise typer.Exit(1)


@app.command("rebuild", help=_("丢弃所有汇总表，从日志重新算出。"))
def rebuild(json: JsonFlag = False) -> None:
    """Drop and refold every projection."""
    from fieldkit.work import journaling

    with workspace() as ws:
        events, digest = journaling.rebuild(ws)
    text = _("已由 {n} 条记录重建，状态指纹 {digest}。").format(n=events, digest=digest)
    emit({"events": events, "state_digest": digest}, lambda: text, json)


@app.command("export", help=_("把每条记录输出为一行 JSON。"))
def export(json: JsonFlag = False) -> None:
    """Write every event as one line; the same with and without ``--json``."""
    from fieldkit.work import journaling

    with workspace() as ws:
        for line in journaling.export(ws):
            sys.stdout.write(line.decode("utf-8") + "\n")
    sys.stdout.flush()
