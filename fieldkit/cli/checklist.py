"""``fieldkit checklist``: the library of checklists."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fieldkit.text.i18n import _

from .checklist_coverage import coverage
from .checklist_export import export
from .checklist_import import import_
from .checklist_new import new
from .checklist_preview import preview
from .checklist_test import test
from .checklist_versions import diff
from .declaring import typer
from .output import Json, JsonFlag, emit, noun, table, tell, workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldkit.domain.checklist import Checklist, Item
    from fieldkit.library.lint import Fault

app = noun(_("检查表。"))


@app.command("list", help=_("列出可用的检查表。"))
def list_(json: JsonFlag = False) -> None:
    """List the checklists that the workspace knows."""
    from fieldkit.work.checklist_heads import heads

    with workspace() as ws:
        found = heads(ws)
    data = [head._asdict() for head in found]
    rows = [(head.id, head.version, head.items, head.title) for head in found]
    headers = (_("编号"), _("版本"), _("项数"), _("名称"))
    emit(data, lambda: table(headers, rows, right="2"), json)


@app.command("show", help=_("查看一张检查表的每一项。"))
def show(
    ref: Annotated[str, typer.Argument(metavar="ID", help=_("检查表编号。"))],
    json: JsonFlag = False,
) -> None:
    """Show one checklist, normalised."""
    from fieldkit.work import checklists

    with workspace() as ws:
        checklist = checklists.find(ws, ref)
    emit(_checklist_json(checklist), lambda: _shown(checklist), json)


@app.command("lint", help=_("检查检查表文件的写法，一次列出所有问题。"))
def lint(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help=_("文件或文件夹。"))],
    fix: Annotated[bool, typer.Option("--fix", help=_("全角标点之类的小毛病先自动改好。"))] = False,
    json: JsonFlag = False,
) -> None:
    """Every problem in the files or folders; needs no home."""
    from fieldkit.library.lint import lint_paths

    mended = _mended(paths) if fix else []
    if mended and not json:
        tell(_("改好 {n} 处。").format(n=len(mended)))
    report = lint_paths(paths)
    data: Json = {
        **({"fixed": [_fault_json(fault) for fault in mended]} if fix else {}),
        "errors": [_fault_json(fault) for fault in report.errors],
        "warnings": [_fault_json(fault) for fault in report.warnings],
    }
    emit(data, lambda: _linted(report.errors, report.warnings), json)
    if report.errors:
        raise typer.Exit(1)


def _mended(paths: list[Path]) -> list[Fault]:
    from fieldkit.library.fixing import fix_paths

    return [fault for fixed in fix_paths(paths) for fault in fixed.faults]


@app.command("schema", help=_("检查表 YAML 的 JSON Schema。"))
def schema(json: JsonFlag = False) -> None:
    """The JSON Schema of the YAML format; the same with and without ``--json``."""
    from fieldkit.library.load import schema_text

    print(schema_text().rstrip(), flush=True)


app.command("import", help=_("读入 XLSForm 或本工具导出的 .xlsx、.xls。"))(import_)
app.command("export", help=_("导出成 .xlsx，用 Excel 或 WPS 编辑。"))(export)
app.command("new", help=_("写一张新检查表的样张，带说明。"))(new)
app.command("test", help=_("自动试填，看每个分支是不是都走得到。"))(test)
app.command("diff", help=_("比较一张检查表的两个版本。"))(diff)
app.command("preview", help=_("在界面里试填一张检查表，什么也不保存。"))(preview)
app.command("coverage", help=_("逐条看方案由哪些检查项核对，哪些没有。"))(coverage)


def _checklist_json(checklist: Checklist) -> Json:
    return {
        "id": checklist.id,
        "version": checklist.version,
        "title": checklist.title,
        "title_en": checklist.title_en,
        "target": checklist.target,
        "boundary": checklist.boundary,
        "nature": checklist.nature,
        "kind": checklist.kind,
        "cadence": checklist.cadence,
        "site_kinds": list(checklist.site_kinds),
        "digest": checklist.digest,
        "grades": [
            {"id": grade.id, "title": grade.title, "at_least": grade.at_least}
            for grade in checklist.grades
        ],
        "critical_effect": checklist.critical_effect,
        "sources": dict(checklist.sources),
        "items": [
            _item_json(item, section.title)
            for section in checklist.sections
            for item in section.items
        ],
    }


def _item_json(item: Item, section: str) -> Json:
    from fieldkit.domain.checklist_write import ITEM_TEXTS

    return {
        "id": item.id,
        "section": section,
        "text": item.text,
        "type": item.type,
        "criterion": item.criterion,
        "required": item.required,
        "weight": item.weight,
        "critical": item.critical,
        "mode": item.mode,
        "evidence": item.evidence,
        "source": list(item.source),
        "params": dict(item.params),
        "partial": item.partial,
        "parent": item.parent,
        **{name: text for name in ITEM_TEXTS if (text := getattr(item, name))},
        **({"read_only": True} if item.read_only else {}),
        **({"effect": item.effect} if item.effect else {}),
    }


def _fault_json(fault: Fault) -> Json:
    return {
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "code": fault.code,
        "message": fault.message,
    }


def _shown(checklist: Checklist) -> str:
    grades = "，".join(f"{g.title} ≥{g.at_least}%" for g in checklist.grades)
    lines = [f"{checklist.title}  {checklist.id}@{checklist.version}", checklist.boundary, grades]
    for section in checklist.sections:
        lines += ["", section.title]
        rows = [
            (item.id, "!" if item.critical else "", item.weight, item.type, item.text)
            for item in section.items
        ]
        lines.append(table((_("项"), "", _("分"), _("题型"), _("内容")), rows, right="2"))
    return "\n".join(line for line in lines if line is not None)


def _linted(errors: Sequence[Fault], warnings: Sequence[Fault]) -> str:
    lines = [
        f"{f.file}:{f.line}:{f.column}: {word} [{f.code}] {f.message}"
        for word, faults in ((_("错误"), errors), (_("提醒"), warnings))
        for f in faults
    ]
    total = _("{errors} 个错误，{warnings} 个提醒。").format(
        errors=len(errors), warnings=len(warnings)
    )
    return "\n".join([*lines, total])
