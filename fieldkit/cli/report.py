"""``fieldkit report``: documents that were filed, checked against what the home says now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

from .declaring import typer
from .output import Json, JsonFlag, emit, noun, table, workspace

if TYPE_CHECKING:
    from fieldkit.papers.verifying import Moved

app = noun(_("文件：核对已出的文件，查每个数的来历。"))

File = Annotated[
    Path, typer.Argument(metavar="FILE", help=_("出过的 .docx、.xlsx 或 .html 文件。"))
]


@app.command("verify", help=_("把文件里的每个数重新算一遍，说出哪些变了。"))
def verify(file: File, json: JsonFlag = False) -> None:
    """Recompute every figure."""
    from fieldkit.papers import verifying

    with workspace() as ws:
        found = verifying.verify(ws, file)
    data: Json = {
        "ok": found.ok,
        "kind": found.kind,
        "made": found.made,
        "digest": {"then": found.digest_then or None, "now": found.digest_now},
        "figures": found.figures,
        "changed": [_moved(it) for it in found.changed],
        "edited": [
            {"code": it.code, "label": it.label, "printed": it.printed, "written": it.written}
            for it in found.edited
        ],
        "gone": list(found.gone),
        "new": [_moved(it) for it in found.new],
    }

    def said() -> str:
        if found.ok:
            return _("{n} 个数都没有变。").format(n=found.figures)
        lines = [
            _("变了　{code}　{label}：印出 {then}，现为 {now}").format(
                code=it.code, label=shown(it.label), then=shown(it.then), now=shown(it.now)
            )
            for it in found.changed
        ]
        lines += [
            _("改过　{code}　{label}：印出 {printed}，文件里写着 {written}").format(
                code=it.code,
                label=shown(it.label),
                printed=shown(it.printed),
                written=shown(it.written) or _("（没有了）"),
            )
            for it in found.edited
        ]
        lines += [_("没有了　{code}：现在算不出这个数").format(code=code) for code in found.gone]
        lines += [
            _("新增　{code}　{label}：{now}").format(
                code=it.code, label=shown(it.label), now=shown(it.now)
            )
            for it in found.new
        ]
        return "\n".join(lines)

    emit(data, said, json)
    if not found.ok:
        raise typer.Exit(1)


@app.command("trace", help=_("列出一个数是从哪些记录来的。"))
def trace(
    file: File,
    code: Annotated[str, typer.Argument(metavar="CODE", help=_("数的代码，或它的开头。"))],
    json: JsonFlag = False,
) -> None:
    """The records behind one figure."""
    from fieldkit.papers import verifying

    with workspace() as ws:
        found = verifying.trace(ws, file, code)
    data: Json = {
        "code": found.code,
        "label": found.label,
        "value": found.now,
        "then": found.then,
        "records": [{"kind": it.kind, "id": it.id, "said": it.said} for it in found.records],
    }

    def said() -> str:
        if found.now is None:
            text = _("{code}：印出 {then}，现在算不出这个数。")
            return text.format(code=found.code, then=shown(found.then))
        head = _("{code}　{label}：印出 {then}，现为 {now}").format(
            code=found.code, label=shown(found.label), then=shown(found.then), now=shown(found.now)
        )
        rows = [(it.kind, it.id[:16], shown(it.said)) for it in found.records]
        if not rows:
            return f"{head}\n{_('没有单条的记录：它由别的数算出，或为零。')}"
        return f"{head}\n{table((_('种类'), _('编号'), _('记录')), rows)}"

    emit(data, said, json)


@app.command("codes", help=_("列出文件里每个数的代码。"))
def codes(file: File, json: JsonFlag = False) -> None:
    """Every figure's code."""
    from fieldkit.papers import verifying

    with workspace() as ws:
        found = verifying.codes(ws, file)
    rows = [(it.code, shown(it.then), shown(it.label)) for it in found]
    emit(
        [{"code": it.code, "label": it.label, "printed": it.then, "now": it.now} for it in found],
        lambda: table((_("代码"), _("印出"), _("是什么")), rows),
        json,
    )


def _moved(it: Moved) -> Json:
    return {"code": it.code, "label": it.label, "then": it.then or None, "now": it.now}
