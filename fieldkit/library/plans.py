"""Plans clause by clause: the files beside the checklists, read and checked like them.

A plan is a YAML file ``plans/<code>.yaml`` in a folder of checklists. It is told from a checklist
by its ``clauses`` at the outermost level.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fieldkit.domain.provenance import Clause, Plan, ancestors, steps
from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import composed, folded

from . import folders, reading, repair, schema
from .faults import Fault
from .positions import Map, Node, Scalar, Seq, Slip, plain

FOLDER = "plans"
MAX_FAULTS = 500
"""More faults of one file than anybody reads; the rest is left out."""
_SCHEMA = Path("schema") / "plan.schema.json"
_MARK = re.compile(r"^[\"']?clauses[\"']?\s*:", re.MULTILINE)
_OTHER = re.compile(r"^[\"']?(?:sections|items)[\"']?\s*:", re.MULTILINE)
_MESSAGES = {
    "clause-number": N_("条款号“{id}”的写法不对；请写成 三、三(一) 或 三(一)1，括号用半角。"),
    "duplicate-clause": N_("条款“{id}”重复，第 {line} 行已经写过；请删去一个。"),
    "clause-parent": N_("条款“{id}”的上级“{parent}”不在前面；请先写上级条款。"),
    "plan-name": N_("文件名和代号“{code}”不同；请把文件改名为 {code}.yaml，或改正代号。"),
}


def is_plan(path: Path) -> bool:
    """Whether a YAML file is meant as a plan; False for what cannot be read."""
    text, _slips = reading.read_text(path)
    return bool(_MARK.search(text)) and not _OTHER.search(text)


def faults(path: Path) -> list[Fault]:
    """Every fault of a plan's file, in order of place."""
    return _read(path)[1]


def load_file(path: Path) -> Plan:
    """The plan in a file.

    Raises Problem ``bad-plan-file`` with the place of the first fault and how many more.
    """
    data, found = _read(path)
    if found or data is None:
        first = found[0]
        more = _("（共 {n} 处，用 fieldkit checklist lint 查看。）").format(n=len(found))
        raise Problem(
            "bad-plan-file",
            first.message,
            where=f"{first.file}:{first.line}:{first.column}",
            mend=more if len(found) > 1 else "",
        )
    rows = data["clauses"]
    clauses = tuple(Clause(c["id"], composed(c["text"]), c["kind"], c.get("by", "")) for c in rows)
    return Plan(data["code"], composed(data["title"]), clauses)


def catalogue(extra: Path | None = None, rejected: list[Problem] | None = None) -> list[Plan]:
    """Every plan on the search path, by code; the first folder that has a code wins.

    A file with faults is left out; its Problem goes to ``rejected`` where that is given.
    """
    found: dict[str, Plan] = {}
    for folder in folders.search_path(extra):
        inside = folder / FOLDER
        for path in folders.files(inside) if inside.is_dir() else ():
            try:
                plan = load_file(path)
            except Problem as problem:
                if rejected is not None:
                    rejected.append(problem)
            else:
                found.setdefault(plan.code, plan)
    return [found[code] for code in sorted(found)]


def find(code: str, extra: Path | None = None) -> Plan:
    """The plan of that code.

    Raises Problem ``unknown-plan``, or that of the broken file of this name.
    """
    rejected: list[Problem] = []
    known = catalogue(extra, rejected)
    wanted = folded(code).casefold()
    for plan in known:
        if plan.code.casefold() == wanted:
            return plan
    for problem in rejected:
        if Path(problem.where.rsplit(":", 2)[0]).stem.casefold() == wanted:
            raise problem
    raise Problem(
        "unknown-plan",
        _("没有代号为“{code}”的方案").format(code=code[:64]),
        mend=_("可用：{names}。").format(names=" ".join(plan.code for plan in known)),
    )


@cache
def described() -> dict[str, Any]:
    """The schema of a plan as data."""
    found: dict[str, Any] = json.loads((folders.shipped() / _SCHEMA).read_text("utf-8"))
    return found


def _read(path: Path) -> tuple[dict[str, Any] | None, list[Fault]]:
    text, slips = reading.read_text(path)
    root: Node | None = None
    if text.strip() or not slips:
        root, more, dropped = repair.read(text, schema.key_owners(described()))
        slips = [*slips, *more]
        if root is not None:
            slips += schema.check(root, described(), dropped)
    if isinstance(root, Map):
        slips += _rules(root, path)
    found = {Fault(str(path), s.line, s.column, s.code, s.message) for s in slips}
    data = plain(root) if root is not None and not found else None
    return (data if isinstance(data, dict) else None), sorted(found)[:MAX_FAULTS]


def _rules(root: Map, path: Path) -> Iterator[Slip]:
    """What the schema cannot say: the numbers of the clauses and the name of the file."""
    code, clauses = root.get("code"), root.get("clauses")
    if isinstance(code, Scalar) and isinstance(code.value, str) and code.text != path.stem:
        yield _slip(code, "plan-name", code=code.text)
    seen: dict[str, int] = {}
    for row in clauses.items if isinstance(clauses, Seq) else ():
        node = row.get("id") if isinstance(row, Map) else None
        if not isinstance(node, Scalar) or not isinstance(node.value, str) or node.broken:
            continue
        if not steps(node.text):
            yield _slip(node, "clause-number", id=node.text[:40])
        elif node.text in seen:
            yield _slip(node, "duplicate-clause", id=node.text, line=seen[node.text])
        else:
            for above in ancestors(node.text)[:1]:
                if above not in seen:
                    yield _slip(node, "clause-parent", id=node.text, parent=above)
        seen.setdefault(node.text, node.line)


def _slip(node: Node, code: str, /, **words: object) -> Slip:
    return Slip(node.line, node.column, code, _(_MESSAGES[code]).format(**words))
