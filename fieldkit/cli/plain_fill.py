"""One whole inspection on plain lines: no cursor, no colour, one question after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fieldkit.domain import translating, values
from fieldkit.domain.checklist import Item
from fieldkit.domain.records import Finding
from fieldkit.domain.sheet import Sheet
from fieldkit.errors import Problem
from fieldkit.text.i18n import _, language
from fieldkit.text.plain import composed, folded
from fieldkit.work import bookmarks, earlier, inspecting, sites, undoing
from fieldkit.work.workspace import Workspace

from . import plain_words as words

Ask = Callable[[str], str]
"""Says what is wanted and gives the line that was typed; EOFError at the end of all lines."""
Say = Callable[[str], None]

_PHRASES = 9


class _Leave(Exception):
    """The person wants out."""


class _Back(Exception):
    """Not this after all: the question again."""


class PlainFill:
    """A conversation over one inspection. Every answer is on disk before the next question."""

    def __init__(self, ws: Workspace, sheet: Sheet, ask: Ask, say: Say) -> None:
        self.ws = ws
        self.sheet = sheet
        self._ask = ask
        self._say = say
        self._at = 0
        self._section = ""
        self._told = ""
        """The item that was told of in full last."""
        self._ending = False
        self._looked = False
        """Whether all items were passed once: from then on only open ones follow."""
        self._earlier = earlier.earlier(ws, sheet)

    @property
    def item(self) -> Item:
        """The current item."""
        return self.sheet.items[self._at]

    @property
    def _ref(self) -> str:
        return self.sheet.inspection.id

    def run(self) -> bool:
        """Talk until it is finished or the person leaves; whether it is finished."""
        self._greet()
        if not self._jump(bookmarks.recall(self.ws, f"item:{self._ref}")):
            self._jump(self.sheet.next_open(None))
        self._ending = not self.sheet.items
        try:
            while True:
                if self._ending:
                    if self._end():
                        return True
                else:
                    self._question()
        except (_Leave, EOFError):
            again = f"fieldkit inspect fill {self._ref[:8]} --plain"
            self._say(_("已退出，答过的都已保存。接着填：{command}").format(command=again))
            return False

    # What is said

    def _greet(self) -> None:
        about, site = self.sheet.inspection, sites.full_name(self.ws, self.sheet.site)
        if about.mode == "covert":
            self._say(_("走访记录，{site}，{day}").format(site=site, day=about.day))
        else:
            title = translating.list_title(self.sheet.checklist, language())
            mode = _(inspecting.MODES.get(about.mode, about.mode))
            self._say(
                _("{title}，{site}，{mode}，{day}").format(
                    title=title, site=site, mode=mode, day=about.day
                )
            )
        self._say(self._progress())
        self._say(_("打 ? 或 帮助 看可用的命令，打 q 或 退出 离开。"))

    def _progress(self) -> str:
        done, total = self.sheet.progress
        text = _("已答 {done}/{all}").format(done=done, all=total)
        score = self.sheet.score
        if score.max_points:
            points, most = values.points(score.points), values.points(score.max_points)
            text += _("，得分 {points}/{most}").format(points=points, most=most)
        return text

    def _tell_item(self, *, whole: bool) -> None:
        item = self.item
        section = next((s for s in self.sheet.sections if item in s.items), None)
        if section is not None and section.id != self._section:
            self._section = section.id
            self._say(_("部分：{title}").format(
                title=translating.section_title(section, language())
            ))  # fmt: skip
        text = translating.words(item, "text", language())
        key = _("（关键项）") if item.critical else ""
        self._say(_("第 {n} 题，共 {all} 题，{id}{key}：{text}").format(
            n=self._at + 1, all=len(self.sheet.items), id=item.id, key=key, text=text
        ))  # fmt: skip
        lines = [*words.about(self.sheet, item), *self._before(item)] if whole else []
        proposed = self._proposed()
        for line in [*lines, *words.answers(self.sheet, item), words.given(self.sheet, item)]:
            self._say(line)
        if proposed:
            self._say(_("建议：{value}，直接回车采用").format(value=words.said(item, proposed)))

    def _before(self, item: Item) -> list[str]:
        known = self._earlier
        if known is None or item.id not in known.answers:
            return []
        old, value = known.answers[item.id]
        said, day = words.said(old, value), known.inspection.day
        return [_("上次的答案：{said}，{day}").format(said=said, day=day)]

    def _proposed(self) -> str:
        if self.sheet.value(self.item.id) is not None:
            return ""
        return self.sheet.presented.proposed.get(self.item.id, "")

    def _saved(self, what: str) -> None:
        time = self.ws.now().strftime("%H:%M:%S")
        self._say(_("{what}，已存 {time}，{progress}").format(
            what=what, time=time, progress=self._progress()
        ))  # fmt: skip

    # One question

    def _question(self) -> None:
        id = self.item.id
        self._tell_item(whole=id != self._told)
        if id != self._told:
            bookmarks.remember(self.ws, f"item:{self._ref}", id)
        self._told = id
        try:
            self._do(words.typed(self._ask(_("请回答："))))
        except _Back:
            return
        except Problem as problem:
            self._say(problem.sentence())

    def _do(self, typed: words.Typed) -> None:
        if typed.command:
            getattr(self, f"_{typed.command}")(typed.rest)
        elif folded(typed.rest) or self._proposed():
            self._answer(typed.rest or self._proposed())
        else:
            self._on()

    def _answer(self, line: str) -> None:
        item = self.item
        value = words.meant(item, line)
        if words.editor(item) == "external" and value in ("met", "unmet"):
            value = self._letter(value)
        self._keep(value)
        self._on(answered=True)

    def _letter(self, verdict: str) -> str:
        number = self._more(_("反馈函文号（没有文号就写“无文号”）："))
        day = self._more(_("反馈函日期，例 2026-11-20 或 20261120："))
        return f"{verdict}:{number}:{day}"

    def _more(self, prompt: str) -> str:
        """One more line that belongs to the answer; empty or a way back takes all of it back."""
        line = composed(self._ask(prompt))
        command = words.typed(line).command
        if command == "quit":
            raise _Leave
        if not line or command == "back":
            raise _Back
        return line

    def _keep(self, value: str, note: str | None = None, files: tuple[Path, ...] = ()) -> None:
        id = self.item.id
        self.sheet = inspecting.answer(self.ws, self._ref, id, value, note=note, evidence=files)
        self._jump(id)
        self._saved(f"{id} {words.said(self.item, self.sheet.value(id))}")

    def _on(self, *, answered: bool = False) -> None:
        following = self.sheet.next_open(self.item.id) if self._looked and answered else None
        if self._looked and answered:
            self._ending = following is None
            self._jump(following)
        elif self._at + 1 < len(self.sheet.items):
            self._at += 1
        else:
            self._ending = True

    def _jump(self, id: object) -> bool:
        ids = [item.id for item in self.sheet.items]
        if id in ids:
            self._at = ids.index(str(id))
        self._at = min(self._at, max(len(ids) - 1, 0))
        return id in ids

    # Commands

    def _back(self, _rest: str) -> None:
        if self._at == 0:
            self._say(_("已是第一题。"))
        self._at = max(self._at - 1, 0)

    def _go(self, rest: str) -> None:
        wanted = folded(rest or self._more(_("去第几题：")))
        if wanted.isdecimal() and 1 <= int(wanted) <= len(self.sheet.items):
            self._at = int(wanted) - 1
        else:
            self._jump(inspecting.item_of(self.sheet, wanted).id)
        self._ending = False

    def _note(self, rest: str) -> None:
        value = self._answered()
        phrases = self.item.phrases[:_PHRASES]
        if not rest:
            for n, phrase in enumerate(phrases, 1):
                self._say(f"  {n} {phrase}")
            rest = self._more(_("备注（打数字用常用语，或者直接写；只写事实，不写姓名电话）："))
        number = folded(rest)
        if number.isdecimal() and 1 <= int(number) <= len(phrases):
            rest = phrases[int(number) - 1]
        self._keep(value, note=rest)

    def _evidence(self, rest: str) -> None:
        value = self._answered()
        path = _path(rest or self._more(_("佐证文件的路径：")))
        self._keep(value, files=(path,))

    def _answered(self) -> str:
        value = self.sheet.value(self.item.id)
        if value is None or self.item.id not in self.sheet.answers:
            raise Problem("not-answered", _("先作答，再写备注、加佐证。"))
        return value

    def _undo(self, _rest: str) -> None:
        self._turned(undoing.undo(self.ws, self._ref), _("已撤销"))

    def _redo(self, _rest: str) -> None:
        self._turned(undoing.redo(self.ws, self._ref), _("已恢复"))

    def _turned(self, done: tuple[Sheet, undoing.Step], word: str) -> None:
        self.sheet, step = done
        self._jump(step.item)
        self._ending = False
        item = self.sheet.by_id.get(step.item)
        told = words.said(item, step.becomes.value) if item else step.becomes.value
        self._saved(_("{word}：{item} 现在是 {said}").format(word=word, item=step.item, said=told))

    def _draw(self, rest: str) -> None:
        typed = folded(rest or self._more(_("现场一共有多少个：")))
        population = int(typed) if typed.isascii() and typed.isdecimal() else 0
        drawn = inspecting.draw_sample(self.ws, self._ref, self.item.id, population)
        self._say(_("{n} 个里看第 {numbers} 个").format(
            n=population, numbers="、".join(map(str, drawn.numbers))
        ))  # fmt: skip

    def _help(self, _rest: str) -> None:
        for line in words.HELP:
            self._say(_(line))

    def _quit(self, _rest: str) -> None:
        raise _Leave

    # The end

    def _end(self, _rest: str = "") -> bool:
        """What is still open, and after a yes the end; whether it is finished."""
        if not self._ending:
            self._ending = True
            return False
        self._looked = True
        self._say(_("到末尾了。{progress}").format(progress=self._progress()))
        self._list(_("还有 {n} 题未答："), self.sheet.is_open)
        self._list(_("不合格 {n} 题："), lambda item: item in self.sheet.failed)
        line = self._ask(_("打题号去那一题；打 y 或 是 办结；打 q 或 退出 以后再办："))
        typed = words.typed(line)
        try:
            if folded(line).lower() in words.YES:
                self.sheet, findings = inspecting.finish(self.ws, self._ref)
                self._result(findings)
                return True
            self._at_end(typed)
        except _Back:
            return False
        except Problem as problem:
            self._say(problem.sentence())
        return False

    def _at_end(self, typed: words.Typed) -> None:
        if typed.command in ("note", "evidence", "draw"):
            self._say(_("先去一题，再写备注、加佐证。"))
        elif typed.command == "back":
            self._ending = False
        elif typed.command and typed.command != "end":
            getattr(self, f"_{typed.command}")(typed.rest)
        elif folded(typed.rest):
            self._go(typed.rest)

    def _list(self, head: str, wanted: Callable[[Item], bool]) -> None:
        found = [(n, item) for n, item in enumerate(self.sheet.items, 1) if wanted(item)]
        if found:
            self._say(head.format(n=len(found)))
        for n, item in found:
            self._say(f"  {n} {item.id} {translating.words(item, 'text', language())}")

    def _result(self, findings: list[Finding]) -> None:
        self._say(_("已办结。{progress}").format(progress=self._progress()))
        if self.sheet.checklist.kind != "record":
            self._say(_("等次：{grade}").format(grade=_(self.sheet.score.grade_title)))
        for finding in findings:
            self._say(_("问题 {id}，{item}，{due} 前整改：{text}").format(
                id=finding.id[:8], item=finding.item, due=finding.due, text=finding.text
            ))  # fmt: skip


def _path(typed: str) -> Path:
    """A typed or dropped path: without the quotes that terminals put around it."""
    text = typed.strip()
    for mark in ("'", '"'):
        if len(text) > 1 and text[0] == mark == text[-1]:
            return Path(text[1:-1])
    return Path(text.replace("\\ ", " "))
