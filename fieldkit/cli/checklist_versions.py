"""``fieldkit checklist diff`` and ``fieldkit inspect rebase``: versions of a checklist."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fieldkit.text.i18n import _

from .declaring import typer
from .output import Json, JsonFlag, emit, table, workspace

if TYPE_CHECKING:
    from fieldkit.domain.checklist import Checklist
    from fieldkit.domain.versions import Change, Diff
    from fieldkit.work.carrying import CarryReport

_MOST = 60
"""Characters of a value that a line for people shows."""


def diff(
    a: Annotated[str, typer.Argument(metavar="A", help=_("编号、摘要或 .yaml 文件。"))],
    b: Annotated[str, typer.Argument(metavar="B", help=_("编号、摘要或 .yaml 文件。"))],
    json: JsonFlag = False,
) -> None:
    """What differs between two versions of a checklist, and whether their scores compare."""
    from fieldkit.domain.comparing import comparable
    from fieldkit.domain.versions import compare

    old, new = _one(a), _one(b)
    found, why = compare(old, new), comparable(old, new)
    emit(_diff_json(old, new, found, why), lambda: _compared(old, new, found, why), json)


def rebase(
    inspection: Annotated[
        str, typer.Argument(metavar="INSPECTION", help=_("检查编号，或它的开头几位。"))
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只看会怎样，不改动。"))] = False,
    json: JsonFlag = False,
) -> None:
    """Bring an open inspection to the library's newer version of its checklist."""
    from fieldkit.work import carrying

    with workspace() as ws:
        done = (carrying.preview if dry_run else carrying.rebase)(ws, inspection)
    emit(_report_json(done), lambda: _reported(done, dry_run), json)


def _one(ref: str) -> Checklist:
    from fieldkit.library.load import load_file
    from fieldkit.work import checklists

    if ref.lower().endswith((".yaml", ".yml")):
        return load_file(Path(ref).expanduser())
    with workspace() as ws:
        return checklists.find(ws, ref)


def _version_json(checklist: Checklist) -> Json:
    return {
        "id": checklist.id,
        "version": checklist.version,
        "title": checklist.title,
        "digest": checklist.digest,
    }


def _diff_json(old: Checklist, new: Checklist, found: Diff, why: str) -> Json:
    return {
        "from": _version_json(old),
        "to": _version_json(new),
        "added": list(found.added),
        "removed": list(found.removed),
        "changed": [_change_json("item", change) for change in found.changed],
        "renumbered": [{"from": one, "to": two} for one, two in found.renumbered],
        "moved": [{"item": item, "from": one, "to": two} for item, one, two in found.moved],
        "grades": [_change_json("grade", change) for change in found.grades],
        "sources": [
            {"source": change.field, "old": change.old, "new": change.new}
            for change in found.sources
        ],
        "list": [
            {"field": change.field, "old": change.old, "new": change.new} for change in found.whole
        ],
        "comparable": not why,
        "why": why,
    }


def _change_json(name: str, change: Change) -> Json:
    return {name: change.of, "field": change.field, "old": change.old, "new": change.new}


def _compared(old: Checklist, new: Checklist, found: Diff, why: str) -> str:
    lines = [f"{old.id}@{old.version} → {new.id}@{new.version}  {new.title}"]
    parts = (
        (_("新增：{items}"), " ".join(found.added)),
        (_("删去：{items}"), " ".join(found.removed)),
        (_("改编号：{items}"), " ".join(f"{one}→{two}" for one, two in found.renumbered)),
        (_("换了位置：{items}"), " ".join(item for item, _from, _to in found.moved)),
    )
    lines += [words.format(items=items) for words, items in parts if items]
    changes = (*found.changed, *found.grades, *found.sources, *found.whole)
    if changes:
        rows = [(c.of, _field(c.field), _brief(c.old), _brief(c.new)) for c in changes]
        lines.append(table((_("项"), _("哪一处"), _("原来"), _("现在")), rows))
    if not found.anything:
        lines.append(_("没有差别。"))
    lines.append(why or _("两版的分数可以相比。"))
    return "\n".join(lines)


def _field(name: str) -> str:
    from fieldkit.domain.versions import FIELDS

    return _(FIELDS.get(name, name))


def _brief(value: Any) -> str:
    if value is None or value == "":
        return "—"
    text = value if isinstance(value, str) else json_text.dumps(value, ensure_ascii=False)
    text = text.replace("\n", " ")
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


def _report_json(done: CarryReport) -> Json:
    values = {address: given.value for address, given in done.answers.items()}
    carried = done.carried
    return {
        "inspection": done.inspection.id,
        "from": _version_json(done.old),
        "to": _version_json(done.new),
        "carried": [
            {"item": item, "to": to, "value": values[item]} for item, to in carried.carried.items()
        ],
        "again": [
            {"item": item, "value": values[item], "why": why} for item, why in carried.again.items()
        ],
        "retired": [{"item": item, "value": values[item]} for item in carried.retired],
    }


def _reported(done: CarryReport, dry_run: bool) -> str:
    carried = done.carried
    head = _("会从 {one} 换到 {two}（没有改动）。") if dry_run else _("已从 {one} 换到 {two}。")
    total = _("沿用 {kept} 个答案，重新作答 {again} 个，不再需要 {retired} 个。")
    lines = [
        f"{done.new.title}  {done.new.id}",
        head.format(one=done.old.version, two=done.new.version),
        total.format(
            kept=len(carried.carried), again=len(carried.again), retired=len(carried.retired)
        ),
    ]
    if carried.moved:
        pairs = " ".join(f"{one}→{two}" for one, two in carried.moved.items())
        lines.append(_("改编号：{items}").format(items=pairs))
    rows = [(item, _brief(done.answers[item].value), why) for item, why in carried.again.items()]
    if rows:
        lines.append(table((_("重新作答"), _("原来的答案"), _("为什么")), rows))
    if carried.retired:
        rows = [(item, _brief(done.answers[item].value), "") for item in carried.retired]
        lines.append(table((_("不再需要"), _("原来的答案"), ""), rows))
    return "\n".join(lines)
