"""The office's inbox: files looked at, then merged; what to do about each that was not."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import ClassVar, NamedTuple

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown
from fieldkit.text.width import cut, pad
from fieldkit.text.wrap import wrap
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.work import dashboard, explaining, inbox, merging, paths
from fieldkit.work.explaining import Notice
from fieldkit.work.inbox import Look
from fieldkit.work.merging import Merged
from fieldkit.work.sites import Progress
from fieldkit.work.workspace import Workspace

from .trying import TryScreen

STATES = {"new": N_("新"), "known": N_("重"), "refused": N_("拒")}
TONES = {"new": "pass", "known": "dim", "refused": "fail"}
NAME = 26
DEVICE = 12


class Brought(NamedTuple):
    """What a look found, or what a merge did."""

    looks: list[Look]
    merged: Merged | None = None
    notices: tuple[Notice, ...] = ()


class InboxScreen(TryScreen):
    """A folder, or a file: looked at with Enter, merged with 1."""

    NAME: ClassVar[str] = "inbox"

    def __init__(self) -> None:
        super().__init__()
        self._enough = False
        """Somebody wants the merge to stop after the file in hand."""

    def title_words(self) -> str:
        """What the title says."""
        return _("收件：合并数据包")

    def asked(self) -> str:
        """The path."""
        return _("文件夹或数据包的路径，可以把文件夹拖进来：")

    def intro(self) -> list[str]:
        """How it goes."""
        return [
            _("先看：谁交的、多少条、多少是新的、哪里不对；看过再决定合不合并。"),
            _("有问题的文件单独放一边，不影响其余；每次合并都可以整次撤回。"),
        ]

    def check(self, given: str) -> None:
        """It must be a path."""
        paths.given(given)

    def carry_out(self, ws: Workspace, given: str, dry: bool, progress: Progress) -> Brought:
        """Look, or merge."""
        path = paths.given(given)

        def told(number: int, total: int, _file: Path) -> None:
            if self._enough and not dry:
                raise merging.Stopped
            progress("look" if dry else "merge", number, total)

        if dry:
            return Brought(inbox.look(ws, [path], told))
        done = merging.merge(ws, [path], told)
        # So that the dashboard opens at once afterwards; the merge stands whether it does or not.
        with suppress(Problem):
            dashboard.prepare(ws)
        return Brought([], done, tuple(explaining.notices(ws, done)))

    def take(self, key: str) -> None:
        """Merge."""
        self._enough = False
        super().take(key)

    def cancel(self, key: str) -> None:
        """Look no longer; or merge no further: what came in by then stays, and is told."""
        if self.mode == "writing":
            self._enough = True
            self.say(_("正在停下……"), "accent")
        else:
            super().cancel(key)

    def progress_words(self, step: str, done: int, total: int) -> str:
        """Which file of how many."""
        if step == "look":
            return _("正在查看：{n}/{total}").format(n=done, total=total)
        return _("正在合并：{n}/{total}").format(n=done, total=total)

    def would(self, outcome: Brought) -> bool:
        """Each file in a line; what is wrong with it in the next."""
        looks = outcome.looks
        fresh = sum(one.fresh for one in looks)
        counts = [sum(one.state == state for one in looks) for state in STATES]
        told = _("有新内容 {new} 个，收过 {known} 个，要拒收 {refused} 个；新记录 {fresh} 条。")
        head = told.format(new=counts[0], known=counts[1], refused=counts[2], fresh=fresh)
        lines: list[Line] = [[(head, "strong")], []]
        for one in sorted(looks, key=lambda look: list(STATES).index(look.state), reverse=True):
            lines += self._lines(one)
        self.query_one(Page).show(lines)
        if not looks:
            self.say(_("这里没有数据包（.age 文件）。"), "accent")
        elif counts[0]:
            self.say(_("看过了，还没有合并：按 1 合并，按 2 不合并。"), "accent")
        else:
            self.say(_("没有新内容，不用合并。"), "accent")
        return counts[0] > 0

    def _lines(self, one: Look) -> list[Line]:
        who = one.name or one.device[:8]
        told = _("{n} 条，新 {fresh} 条").format(n=one.events, fresh=one.fresh)
        made = one.made[5:16].replace("T", " ")
        rest = f"{pad(cut(shown(who), DEVICE), DEVICE)}  {told}  {made}" if who else ""
        lines: list[Line] = [
            [
                (_(STATES[one.state]), TONES[one.state]),
                (f"  {pad(cut(shown(one.file.name), NAME), NAME)}  ", ""),
                (rest or one.reason, "" if rest else "fail"),
            ]
        ]
        if one.state == "refused":
            lines += [[(f"    {line}", "dim")] for line in wrap(one.mend, self.room - 4)]
        return lines

    def did(self, outcome: Brought) -> None:
        """What came in, and what somebody has to do something about."""
        done = outcome.merged
        assert done is not None
        told = _(
            "合并 {id}：新合并 {merged} 个，收过 {known} 个，拒收 {refused} 个；新记录 {n} 条。"
        )
        head = told.format(
            id=done.merge[:8],
            merged=done.merged,
            known=done.already_known,
            refused=len(done.rejected),
            n=done.events_new,
        )
        lines: list[Line] = [[(line, "strong")] for line in wrap(head, self.room)]
        if done.stopped:
            text = _("中途停下了：已经合并的保留，其余的文件还在原处，可以再合并一次。")
            lines += [[], *([(line, "accent")] for line in wrap(text, self.room))]
        for notice in outcome.notices:
            about = _("{about}：").format(about=notice.about) if notice.about else ""
            tone = "dim" if notice.kind == "known" else "fail"
            lines.append([])
            lines += [[(line, tone)] for line in wrap(f"{about}{notice.sentence}", self.room)]
            lines += [[(f"    {line}", "")] for line in wrap(notice.mend, self.room - 4)]
        if done.conflicts:
            text = _("有 {n} 处几台设备填得不一致，到“冲突”里选定。").format(n=done.conflicts)
            lines += [[], *([(line, "accent")] for line in wrap(text, self.room))]
        self.query_one(Page).show(lines)
        self.saved(_("合并好了；合并错了可以到“历次合并”里撤回。"))

    def list_merges(self, _key: str) -> None:
        """What was merged before."""
        from .merges import MergesScreen

        self.app.push_screen(MergesScreen())
