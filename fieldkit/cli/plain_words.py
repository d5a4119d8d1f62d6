"""Questions and commands of the plain way of filling in: single lines that can be read aloud."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.domain import items as item_types
from fieldkit.domain import translating
from fieldkit.domain.checklist import Item
from fieldkit.domain.items.choices import NOTHING
from fieldkit.domain.sheet import Sheet
from fieldkit.text.i18n import N_, _, language
from fieldkit.text.plain import folded

COMMANDS = {
    "b": "back", "返回": "back", "上一题": "back",
    "n": "note", "备注": "note",
    "e": "evidence", "佐证": "evidence",
    "u": "undo", "撤销": "undo",
    "r": "redo", "恢复": "redo",
    "g": "go", "去": "go",
    "d": "draw", "抽号": "draw",
    "f": "end", "完成": "end",
    "?": "help", "h": "help", "帮助": "help",
    "q": "quit", "退出": "quit",
}  # fmt: skip
"""What is typed for each command; words as well, since letters may not arrive as letters."""

YES = frozenset(("y", "yes", "是", "好", "办结", "完成"))
HELP = (
    N_("1 合格，2 不合格，3 不适用，4 未见（只用于暗访）；其他题型按提示填写。"),
    N_("直接回车：不改动，到下一题。"),
    N_("b 或 返回：上一题。"),
    N_("n 或 备注：写备注，可以接着写，例如：备注 灯不亮。"),
    N_("e 或 佐证：加佐证文件，后面写文件路径。"),
    N_("u 或 撤销：撤销上一次作答；r 或 恢复：恢复撤销的作答。"),
    N_("g 或 去：去某一题，后面写题号，例如：去 12。"),
    N_("d 或 抽号：抽样题按现场总数抽号，例如：抽号 80。"),
    N_("f 或 完成：看还有哪些没答，然后办结。"),
    N_("q 或 退出：离开，答过的都已保存。"),
    N_("答案正好和命令一样时，前面加等号，例如：=b。"),
)
VERDICTS = {
    "pass": N_("合格"),
    "fail": N_("不合格"),
    "met": N_("符合"),
    "unmet": N_("不符合"),
    "na": N_("不适用"),
    "unseen": N_("未见"),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """One typed line: a command with what follows it, or an answer."""

    command: str
    rest: str


def typed(line: str) -> Typed:
    """What a line means; an equals sign in front makes an answer of anything."""
    line = line.strip()
    if line[:1] in ("=", "＝"):
        return Typed("", line[1:].strip())
    first, *rest = line.split(None, 1) or [""]
    command = COMMANDS.get(folded(first).lower(), "")
    if not command and first[:1] == "去" and folded(first[1:]).isdecimal():
        return Typed("go", folded(first[1:]))
    return Typed(command, rest[0] if command and rest else "" if command else line)


def editor(item: Item) -> str:
    """Which way an item is answered: ``verdict``, ``external``, ``choice``, ``choices``, ``line``
    or ``none``."""
    kind = item_types.of(item.type)
    return "none" if item.read_only or not kind.answerable else kind.editor


def meant(item: Item, line: str) -> str:
    """An answer as its item type reads it: numbers of answers and options become their names."""
    text, way = folded(line), editor(item)
    if way in ("verdict", "external"):
        good, bad = ("pass", "fail") if way == "verdict" else ("met", "unmet")
        return {"1": good, "2": bad, "3": "na", "4": "unseen"}.get(text, line)
    if way == "choice":
        return _option(item, line)
    if way == "choices":
        if text == "0":
            return NOTHING
        parts = [part for part in _parts(line) if part]
        return ",".join(_option(item, part) for part in parts) or line
    return line


def _parts(line: str) -> list[str]:
    for sign in "，、;；":
        line = line.replace(sign, ",")
    return [part for word in line.split(",") for part in word.split()]


def _option(item: Item, line: str) -> str:
    text = folded(line)
    # The number first: it is what stands on the screen, and an id may be another number.
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= len(item.options):
        return item.options[int(text) - 1].id
    if text in {option.id for option in item.options}:
        return text
    titles = {o.id: translating.option_title(o, language()) for o in item.options}
    found = [i for i, title in titles.items() if text and text.lower() in title.lower()]
    return found[0] if len(found) == 1 else line


def said(item: Item, value: str | None) -> str:
    """An answer in words, without the signs of the paper form, which are read out badly."""
    if not value:
        return _("未答")
    word = VERDICTS.get(value)
    return _(word) if word else item_types.of(item.type).say(value, item)


def answers(sheet: Sheet, item: Item) -> list[str]:
    """How to answer an item, in one line or in one line for each option."""
    way = editor(item)
    if way == "none":
        return [_("这一项只看不答，回车继续。")]
    others = [f"3 {_('不适用')}"] if item.flag("na", True) else []
    others += [f"4 {_('未见')}"] if sheet.inspection.mode == "covert" else []
    if way in ("verdict", "external"):
        good, bad = ("pass", "fail") if way == "verdict" else ("met", "unmet")
        parts = [f"1 {_(VERDICTS[good])}", f"2 {_(VERDICTS[bad])}", *others]
        return [_("回答：{answers}").format(answers=_("，").join(parts))]
    if way in ("choice", "choices"):
        head = _("回答：打一个选项的数字")
        if way == "choices":
            head = _("回答：打选项的数字，中间用逗号或空格；一项也没有打 0")
        named = enumerate(item.options, 1)
        return [head, *(f"  {n} {translating.option_title(o, language())}" for n, o in named)]
    head = _("回答：{hint}").format(hint=_(item_types.of(item.type).hint))
    return [head + _("；不涉及的填 na（不适用）") if item.flag("na", True) else head]


def source(sheet: Sheet, item: Item) -> str:
    """The clauses an item rests on, with the names of their documents."""
    titles = sheet.checklist.sources
    named = (clause.partition(" ") for clause in item.source)
    return _("；").join(f"{titles.get(code) or code} {place}".strip() for code, _sp, place in named)


def about(sheet: Sheet, item: Item) -> list[str]:
    """An item's criterion, wanted evidence and clause, each on a labelled line."""
    speech = language()
    facts = (
        (_("标准"), translating.words(item, "criterion", speech)),
        (_("要留的佐证"), translating.words(item, "evidence", speech)),
        (_("依据"), source(sheet, item)),
    )
    return [_("{label}：{text}").format(label=label, text=text) for label, text in facts if text]


def given(sheet: Sheet, item: Item) -> str:
    """The present answer with its note and how much evidence, in one line."""
    kept = sheet.answers.get(item.id)
    line = _("现在的答案：{said}").format(said=said(item, sheet.value(item.id)))
    if kept and kept.note:
        line += _("，备注：{note}").format(note=kept.note)
    if kept and kept.evidence:
        line += _("，佐证 {n} 个").format(n=len(kept.evidence))
    return line
