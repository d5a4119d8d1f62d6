"""What an import of places did, or would do: told alike for files and for typed lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fieldkit.text.i18n import N_, _

from . import progress
from .output import Json, table

if TYPE_CHECKING:
    from fieldkit.work.register_changes import Change
    from fieldkit.work.sites import Imported

SHOWN = 20
"""Changes told to people one by one; ``--json`` tells more of them."""

STEPS = {
    "read": N_("读表"),
    "check": N_("核对"),
    "write": N_("写入"),
}


def listener() -> Callable[[str, int, int], None] | None:
    """What tells the steps of an import on a terminal."""
    show = progress.line()
    if show is None:
        return None

    def told(step: str, done: int, total: int) -> None:
        of = f"{done}/{total}" if total else str(done)
        show(f"{_(STEPS[step])} {of}", step == "write" and done == total)

    return told


def as_json(imported: Imported, *, changes: bool) -> Json:
    """The numbers and every rejection; if wanted the first changes one by one, and the remarks."""
    data: Json = {
        "created": imported.created,
        "updated": imported.updated,
        "unchanged": imported.unchanged,
        "rejected": [_fault(fault) for fault in imported.rejected],
    }
    if changes:
        data["changes"] = [_change(change) for change in imported.changes]
        data["remarks"] = [_fault(remark) for remark in imported.remarks]
    return data


def _fault(fault: object) -> Json:
    return {name: getattr(fault, name) for name in ("row", "column", "message")}


def _change(change: Change) -> Json:
    return {
        "code": change.code,
        "name": change.name,
        "kind": change.kind,
        "new": change.is_new,
        "fields": {column: [before, after] for column, before, after in change.fields},
    }


def text(imported: Imported, *, dry_run: bool) -> str:
    """The same for people; a dry run shows what would change."""
    if imported.rejected:
        lines = [(fault.row, fault.column, fault.message) for fault in imported.rejected]
        head = _("有 {n} 处不合格，什么也没有导入：").format(n=len(lines))
        return head + "\n" + table((_("行"), _("列"), _("原因")), lines, right="0")
    told = []
    if dry_run and imported.changes:
        from fieldkit.work.register_changes import said

        rows = [(c.code, c.name, said(c)) for c in imported.changes[:SHOWN]]
        told.append(table((_("编码"), _("名称"), _("变化")), rows))
        more = imported.created + imported.updated - len(rows)
        if more > 0:
            told.append(_("……另有 {n} 处").format(n=more))
    told += [
        _("第 {row} 行：{message}").format(row=remark.row, message=remark.message)
        for remark in imported.remarks[:SHOWN]
    ]
    if len(imported.remarks) > SHOWN:
        told.append(_("……另有 {n} 处").format(n=len(imported.remarks) - SHOWN))
    done = _("新增 {created}，更新 {updated}，不变 {unchanged}。").format(
        created=imported.created, updated=imported.updated, unchanged=imported.unchanged
    )
    told.append(done + (_("（试运行，没有写入）") if dry_run else ""))
    return "\n".join(told)
