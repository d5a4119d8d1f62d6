"""Ledgers, work lists and samples as papers and tables: work gives the facts, report the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fieldkit.text.i18n import _
from fieldkit.work.ledgers import Ledger
from fieldkit.work.lookback import Sample
from fieldkit.work.rounds import round_words
from fieldkit.work.worklists import WorkList
from fieldkit.work.workspace import Workspace

from .outputs import checked

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Heads and rows."""


def ledger(ws: Workspace, found: Ledger, out: Path) -> Path:
    """Write a ledger as .docx or .csv. Raises Problem for another type or a file that fails."""
    return _written(ws, out, title(found), *ledger_table(found, totals=True), found.notes)


def worklists(ws: Workspace, lists: Sequence[WorkList], out: Path) -> Path:
    """Write work lists as .docx or .csv. Raises Problem."""
    jobs = sum(len(one.jobs) for one in lists)
    late = sum(one.overdue for one in lists)
    foot = _("未销号 {n} 个，逾期 {late} 个。提级（通报、约谈）由人决定。").format(
        n=jobs, late=late
    )
    return _written(ws, out, _("整改督办清单"), *work_table(lists), (foot,))


def sample(ws: Workspace, found: Sample, out: Path) -> Path:
    """Write a look-back sample as .docx or .csv. Raises Problem."""
    head = _("{month}销号问题“回头看”抽查表").format(month=round_words(found.month))
    return _written(ws, out, head, *sample_table(found), (sample_words(found),))


def title(found: Ledger) -> str:
    """The heading of a ledger."""
    return round_words(found.round) + found.title


def ledger_table(found: Ledger, *, totals: bool = False) -> Table:
    """A ledger's lines with their number, place and state; with ``totals`` the sums below."""
    day = found.day_title or _("登记日")
    names = [name for _id, name in found.columns]
    heads = (_("序号"), _("对象"), _("编码"), day, *names, _("情况"))
    rows = [
        (str(n), row.name, row.site.code if row.site else "", row.day, *row.cells, row.status)
        for n, row in enumerate(found.rows, 1)
    ]
    if totals and found.totals and rows:
        rows.append((_("合计"), "—", "—", "—", *found.totals, "—"))
    return heads, rows


def work_table(lists: Sequence[WorkList]) -> Table:
    """Every job of some work lists, unit by unit."""
    heads = (
        _("序号"), _("责任单位"), _("对象"), _("问题"), _("检查项"), _("内容"), _("状态"),
        _("期限"), _("还剩"), _("下一步"), _("提示"),
    )  # fmt: skip
    jobs = [(one, job) for one in lists for job in one.jobs]
    return heads, [
        (
            str(n), one.name or "—", job.name, job.finding.id[:8], job.finding.item,
            job.finding.text, job.state, job.finding.due, job.left, job.step, job.hint,
        )
        for n, (one, job) in enumerate(jobs, 1)
    ]  # fmt: skip


def sample_table(found: Sample) -> Table:
    """The findings of a sample."""
    heads = (
        _("序号"), _("对象"), _("编码"), _("问题"), _("检查项"), _("内容"), _("销号日"),
        _("回头看期限"), _("已复看"), _("现状态"),
    )  # fmt: skip
    return heads, [
        (
            str(n), row.name, row.site.code if row.site else "", row.finding.id[:8],
            row.finding.item, row.finding.text, row.closed, row.until, row.seen, row.state,
        )
        for n, row in enumerate(found.rows, 1)
    ]  # fmt: skip


def sample_words(found: Sample) -> str:
    """How the sample was drawn, in a sentence."""
    seen = sum(row.seen != "" for row in found.rows)
    return _(
        "本月销号 {closed} 个，按 {share}% 抽 {n} 个（不足一个按一个），已复看 {seen} 个；"
        "抽样由月份和问题编号算出，各办公室一致。"
    ).format(closed=found.closed, share=found.share, n=len(found.rows), seen=seen)


def _written(
    ws: Workspace,
    out: Path,
    head: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    foot: Sequence[str],
) -> Path:
    path, suffix = checked(out, (".docx", ".csv"))
    from fieldkit.report import ledger as report
    from fieldkit.report.docx import save_atomically

    if suffix == ".csv":
        raw = report.table(heads, rows)
    else:
        raw = report.docx(head, heads, rows, ws.now(), demo=ws.is_demo, foot=foot)
    save_atomically(path, raw)
    return path
