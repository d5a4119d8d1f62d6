"""Every fault of checklist files at once, each with its place and its mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldkit.text.i18n import N_, _

from . import embedding, folders, plans, reading, registers, repair, rules, schema
from .faults import Fault
from .normal import normalised
from .positions import Map, Scalar, Slip, plain

__all__ = ["Fault", "LintReport", "examine", "lint_paths"]

MAX_FAULTS = 500
"""More faults of one file than anybody reads; the rest is left out."""
_MESSAGES = {
    "no-such-path": N_("没有这个文件或文件夹；请检查路径。"),
    "no-checklists": N_("文件夹里没有检查表（.yaml 文件）；请检查路径。"),
    "duplicate-checklist": N_("编号“{id}”和 {file} 重复；请换一个编号。"),
    "doc-too-large": N_("整张表太大，装不进一条记录；请拆成几张检查表。"),
}


@dataclass(frozen=True)
class LintReport:
    """What is wrong (errors) and what looks wrong (warnings), in order of file and place."""

    errors: list[Fault]
    warnings: list[Fault]


@dataclass
class Examined:
    """One file: its faults, and its plain data where there are no errors."""

    path: Path
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    data: dict[str, Any] | None = None
    root: Map | None = None


def lint_paths(paths: Iterable[Path]) -> LintReport:
    """Examine files, and the checklist files in folders at any depth."""
    found: list[Examined] = []
    errors: list[Fault] = []
    for path in paths:
        if path.is_dir():
            inside = _inside(path)
            found += [_look(file) for file in inside]
            if not inside:
                errors.append(
                    Fault(str(path), 1, 1, "no-checklists", _(_MESSAGES["no-checklists"]))
                )
        elif path.exists():
            found.append(_look(path))
        else:
            errors.append(Fault(str(path), 1, 1, "no-such-path", _(_MESSAGES["no-such-path"])))
    errors += [fault for whole in found for fault in whole.errors]
    errors += _twice(found)
    warnings = [fault for whole in found for fault in whole.warnings]
    return LintReport(sorted(set(errors)), sorted(set(warnings)))


def examine(path: Path) -> Examined:
    """One file with every fault that can be found in it."""
    whole = Examined(path)
    text, slips = reading.read_text(path)
    _note(whole, slips)
    if not text.strip() and slips:
        return whole
    described = folders.schema()
    root, slips, dropped = repair.read(text, schema.key_owners(described))
    _note(whole, slips)
    if isinstance(root, Map):
        _note(whole, embedding.embed(root, path))
    if root is not None:
        _note(whole, schema.check(root, described, dropped))
    if isinstance(root, Map):
        whole.root = root
        for is_error, slip in rules.check(root, dropped):
            _note(whole, [slip], is_error)
        _name(whole, root)
        if not whole.errors:
            _keep(whole, root)
    whole.errors = _tidy(whole.errors)
    whole.warnings = _tidy(whole.warnings)
    return whole


def _look(path: Path) -> Examined:
    """A checklist, or a plan, a ledger or a list of units, which have schemas of their own."""
    if plans.is_plan(path):
        return Examined(path, plans.faults(path))
    kind = registers.kind_of(path)
    return Examined(path, registers.faults(path, kind)) if kind else examine(path)


def _inside(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in (".yaml", ".yml")
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _note(whole: Examined, slips: Iterable[Slip], is_error: bool = True) -> None:
    kept = whole.errors if is_error else whole.warnings
    for slip in slips:
        kept.append(Fault(str(whole.path), slip.line, slip.column, slip.code, slip.message))


def _tidy(faults: list[Fault]) -> list[Fault]:
    return sorted(set(faults))[:MAX_FAULTS]


def _name(whole: Examined, root: Map) -> None:
    node = root.get("id")
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.text != whole.path.stem:
        _note(whole, [rules.warning(node, "file-name", id=node.text)[1]], is_error=False)


def _keep(whole: Examined, root: Map) -> None:
    from fieldkit.domain.packing import pack

    data = plain(root)
    if not isinstance(data, dict):
        return
    try:
        pack(normalised(data))
    except ValueError:
        _note(whole, [Slip(1, 1, "doc-too-large", _(_MESSAGES["doc-too-large"]))])
    else:
        whole.data = data


def _twice(found: list[Examined]) -> list[Fault]:
    """The same id in two of the files looked at together."""
    seen: dict[str, str] = {}
    faults = []
    for whole in found:
        node = whole.root.get("id") if whole.root is not None else None
        if not isinstance(node, Scalar) or not node.text:
            continue
        name, file = node.text, str(whole.path)
        if seen.setdefault(name, file) != file:
            message = _(_MESSAGES["duplicate-checklist"]).format(id=name, file=seen[name])
            faults.append(Fault(file, node.line, node.column, "duplicate-checklist", message))
    return faults
