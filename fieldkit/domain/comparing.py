"""Whether two scores may be set side by side."""

from __future__ import annotations

from fieldkit.text.i18n import _

from .checklist import CONTAINERS, Checklist
from .versions import WITHOUT_MEANING, Diff, compare


def comparable(a: Checklist, b: Checklist) -> str:
    """Why two scores must not be set side by side, in one sentence; empty where they may be.

    Scores of different versions are never compared in silence. Versions that differ only in
    what no score depends on (sources, proofs, wording of the whole) compare.
    """
    if a.digest == b.digest:
        return ""
    if a.id != b.id:
        return _("两次检查用的不是同一张检查表（{one}、{two}），分数不能相比。").format(
            one=a.id, two=b.id
        )
    diff = compare(a, b)
    told = _counts(a, b, diff)
    if diff.grades or any(change.field == "critical_effect" for change in diff.whole):
        told.append(_("评定标准改了"))
    if any(change.field.endswith(".relevant") for change in diff.whole):
        told.append(_("出现条件改了"))
    if not told:
        return ""
    return _("两次检查所用的版本不同（{one}、{two}）：{told}，分数不能直接相比。").format(
        one=a.version, two=b.version, told="、".join(told)
    )


def _counts(a: Checklist, b: Checklist, diff: Diff) -> list[str]:
    """How many items were added, removed and changed that matter to a score, in words."""
    ours, theirs = _scored(a), _scored(b)
    changed = {
        change.of
        for change in diff.changed
        if change.of in theirs and change.field not in WITHOUT_MEANING
    }
    counts = (
        (_("增 {n} 项"), len([name for name in diff.added if name in theirs])),
        (_("删 {n} 项"), len([name for name in diff.removed if name in ours])),
        (_("改 {n} 项"), len(changed)),
    )
    return [words.format(n=n) for words, n in counts if n]


def _scored(checklist: Checklist) -> set[str]:
    """The items that a score can depend on; a group matters by its condition."""
    return {
        item.id
        for item in checklist.items
        if item.type != "info" and (item.type not in CONTAINERS or item.relevant or item.count)
    }
