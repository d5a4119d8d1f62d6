"""The words and the paper of a trial re-scoring."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from fieldkit.domain import values
from fieldkit.domain.rescoring import Standing, grade_moves
from fieldkit.domain.versions import compare
from fieldkit.text.i18n import _
from fieldkit.work.rescoring import Rescored, Row
from fieldkit.work.workspace import Workspace

from .outputs import checked

_MOST_CHANGES = 40


def heads() -> tuple[str, ...]:
    """The columns of the table."""
    return (
        _("名次"), _("对象"), _("编码"), _("原得分"), _("试算得分"), _("原等次"), _("试算等次"),
        _("升降"), _("差"),
    )  # fmt: skip


def cells(row: Row) -> tuple[str, ...]:
    """One line of the table."""
    one = row.moved
    return (
        f"{one.old_rank}→{one.new_rank}" if one.up else str(one.new_rank),
        row.name, row.code, score_words(one.old), score_words(one.new),
        one.old.grade_title, one.new.grade_title, up_words(one.up), gap_words(row),
    )  # fmt: skip


def score_words(one: Standing) -> str:
    """Points of possible points, and the rate."""
    most = values.points(one.max_points)
    rate = "—" if one.ratio is None else values.percent(one.ratio)
    return f"{values.points(one.points)}/{most} {rate}"


def up_words(up: int) -> str:
    """Places gained or lost."""
    return f"↑{up}" if up > 0 else f"↓{-up}" if up < 0 else ""


def gap_words(row: Row) -> str:
    """The difference of the rates in percentage points, and veto items that changed."""
    gap = row.moved.difference
    words = []
    if gap:
        size = values.percent(abs(gap)).removesuffix("%")
        # A difference too small to show is told as one all the same.
        size = _("不足 0.1") if size == "0" else size
        words.append(("+" if gap > Fraction(0) else "-") + size)
    words += [_("否决 {item}").format(item=item) for item in row.moved.veto_new]
    words += [_("不再否决 {item}").format(item=item) for item in row.moved.veto_gone]
    return " ".join(words)


def changes(found: Rescored) -> list[str]:
    """What is otherwise in the changed list, one line each."""
    diff = compare(found.old, found.new)
    words = _("{item} {field}：{old} → {new}")
    lines = [
        words.format(item=it.of, field=_field(it.field), old=_brief(it.old), new=_brief(it.new))
        for it in (*diff.changed, *diff.grades, *diff.whole)
    ]
    lines += [_("新增：{items}").format(items=" ".join(diff.added))] if diff.added else []
    lines += [_("删去：{items}").format(items=" ".join(diff.removed))] if diff.removed else []
    more = len(lines) - _MOST_CHANGES
    return [*lines[:_MOST_CHANGES], *([_("还有 {n} 处。").format(n=more)] if more > 0 else [])]


def total(found: Rescored) -> str:
    """The foot of the table: how many, who moved, what was left out."""
    moved = sum(1 for row in found.rows if row.moved.up)
    words = [_("共 {n} 个对象，{moved} 个名次有变。").format(n=len(found.rows), moved=moved)]
    moves = grade_moves(row.moved for row in found.rows)
    words += [
        _("{old}→{new} {n} 个。").format(old=old, new=new, n=n)
        for (old, new), n in sorted(moves.items(), key=lambda it: -it[1])
    ]
    undone = sum(1 for row in found.rows if row.open)
    if undone:
        words.append(_("{n} 个对象有试算表要求而当时没答的项，不计入分母。").format(n=undone))
    if found.left_out:
        words.append(_("{n} 次较早的检查和只查部分项的复查不排名。").format(n=found.left_out))
    if found.unknown:
        words.append(_("{n} 次检查缺检查表版本，没有算。").format(n=found.unknown))
    return "".join(words)


def publish() -> str:
    """How the change becomes the list of later inspections."""
    return _(
        "这里只是试算，什么也没有改。发布：把改动写进检查表文件并换版本号，"
        "fieldkit checklist lint FILE.yaml 通过后放进检查表文件夹（FIELDKIT_CHECKLISTS），"
        "以后开始的检查用新版，已办结的分数不变。"
    )


def docx(ws: Workspace, found: Rescored, out: Path) -> Path:
    """Write the table as a .docx file. Raises Problem."""
    path, _suffix = checked(out, (".docx",))
    from fieldkit.report import rescoring as report
    from fieldkit.report.docx import save_atomically

    title = _("《{title}》试算对照表").format(title=found.old.title)
    raw = report.docx(
        title, changes(found), heads(), [cells(row) for row in found.rows],
        total(found) + publish(), ws.now(), demo=ws.is_demo,
    )  # fmt: skip
    save_atomically(path, raw)
    return path


def _field(name: str) -> str:
    from fieldkit.domain.versions import FIELDS

    return _(FIELDS.get(name, name))


def _brief(value: object) -> str:
    text = "—" if value is None or value == "" else str(value)
    text = _("是") if value is True else _("否") if value is False else text
    return text if len(text) <= 40 else text[:39] + "…"
