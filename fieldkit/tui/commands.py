"""Every command of the screens in one table: it feeds the key bar, the help and the tests.

Each has at least one key that reaches the program while a Chinese input method is on: digits,
F-keys, arrows, Enter, Space, PgUp and PgDn. Letters are never needed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fieldkit.text.i18n import N_, _

Reason = Callable[[Any], str]


def _always(_screen: Any) -> str:
    return ""


def _ask(name: str) -> Reason:
    """The reason is the screen's to know: it answers by the method of this name."""

    def reason(screen: Any) -> str:
        return str(getattr(screen, name)())

    return reason


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do on one screen."""

    id: str
    """What it is; the screen's method is the id with underscores."""
    screen: str
    """The screen's name, or ``*`` for every screen."""
    keys: tuple[str, ...]
    """Key names; the first IME-safe one is shown."""
    label: str
    """What the key bar says, at most eight cells."""
    help: str
    bar: int
    """Order of survival in the bar: 1 stays longest, 0 is never drawn."""
    cap: str = ""
    """How the key is written when its name will not do."""
    modes: tuple[str, ...] = ()
    """The modes of the screen in which it works; none means all."""
    row: int = 1
    """Row of the bar: 0 for doing, 1 for going."""
    why_not: Reason = _always
    """A sentence when it cannot be done now, else empty."""
    covers: tuple[str, ...] = ()
    """Keys of sister commands that the caption names too."""

    @property
    def caption(self) -> str:
        """The key as people call it."""
        return _(self.cap) if self.cap else key_name(self.keys[0])

    @property
    def named(self) -> frozenset[str]:
        """All keys that the caption tells of."""
        return frozenset(self.keys) | frozenset(self.covers)


_NAMES = {
    "enter": N_("回车"),
    "space": N_("空格"),
    "up": N_("上"),
    "down": N_("下"),
    "left": N_("左"),
    "right": N_("右"),
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
}
SAFE = frozenset([*"0123456789", *(f"f{n}" for n in (1, 2, 3, 4, 6, 7, 8, 9, 10, 12)), *_NAMES]) - {
    "escape"
}
"""Keys that reach the program with an input method on and belong to no browser or multiplexer."""

OUTCOME_LABELS = {
    "met": N_("面宣"),
    "handed": N_("代收"),
    "left": N_("留置"),
    "absent": N_("无人"),
    "refused": N_("拒绝"),
    "vacant": N_("空置"),
    "away": N_("外出"),
    "callback": N_("约访"),
    "exhausted": N_("三访"),
    "group": N_("集体"),
    "shop": N_("商铺"),
    "gone": N_("拆除"),
    "minor": N_("童在"),
}


def key_name(key: str) -> str:
    """A key's name for the bar."""
    return _(_NAMES[key]) if key in _NAMES else key.upper()


def is_rare(outcome: str) -> bool:
    """Whether an outcome has no digit of its own and stands behind 0."""
    from fieldkit.domain.outcomes import BY_CODE

    return outcome != "none" and not BY_CODE[outcome].key.isdigit()


def pressed(key: str, character: str | None) -> str:
    """The key's name with a full-width character as its ASCII twin."""
    if character in (" ", "\u3000"):
        return "space"
    if character and character.isprintable():
        plain = unicodedata.normalize("NFKC", character)
        if len(plain) == 1 and plain.isalnum():
            return plain.lower()
    return key


# fmt: off
_DOWN = ("down", "pagedown")

_ANY = (
    Command("back", "*", ("f2", "escape"), N_("返回"), N_("回到上一屏；答过的都已存好"), 2),
    Command("help", "*", ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 5),
    Command("quit", "*", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 3),
)

_HOME = (
    Command("move.up", "home", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",)),
    Command("move.down", "home", ("down",), N_("下移"), N_("光标下移"), 0),
    Command("open", "home", ("enter",), N_("打开"), N_("打开光标所在的一行"), 1),
    Command("open.number", "home", tuple("123456789"), N_("直接打开"), N_("按行首的数字打开"), 4,
        cap="1-9"),
    Command("theme", "home", ("f6",), N_("深浅"), N_("换深色或浅色，户外强光用浅色"), 6),
    Command("help", "home", ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 5),
    Command("quit", "home", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 2),
)

_PICK = (
    Command("move.up", "pick", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), why_not=_ask("why_no_rows")),
    Command("move.down", "pick", ("down",), N_("下移"), N_("光标下移"), 0,
        why_not=_ask("why_no_rows")),
    Command("page.up", "pick", ("pageup",), N_("翻页"), N_("上翻一页"), 4, cap="PgUp/Dn",
        covers=("pagedown",), why_not=_ask("why_one_page")),
    Command("page.down", "pick", ("pagedown",), N_("下页"), N_("下翻一页"), 0,
        why_not=_ask("why_one_page")),
    Command("open", "pick", ("enter",), N_("选定"), N_("选定光标所在的一行"), 1,
        why_not=_ask("why_no_rows")),
    Command("open.number", "pick", tuple("123456789"), N_("直接选定"), N_("按行首的数字选定"), 3,
        cap="1-9", modes=("list",), why_not=_ask("why_no_rows")),
)

_SETTLED = ("verdict", "external", "choice", "choices", "line", "none")
_WRITING = ("note", "evidence", "entry", "draw")


def _inspect() -> tuple[Command, ...]:
    verdict, outside = ("verdict",), ("external",)
    return (
        Command("answer.pass", "inspect", ("1",), N_("合格"), N_("答合格，光标到下一题"), 1,
            modes=verdict, row=0),
        Command("answer.fail", "inspect", ("2",), N_("不合格"), N_("答不合格，光标到下一题"), 1,
            modes=verdict, row=0),
        Command("guide.met", "inspect", ("1",), N_("符合"), N_("反馈函说符合；接着录文号和日期"),
            1, modes=outside, row=0),
        Command("guide.unmet", "inspect", ("2",), N_("不符合"),
            N_("反馈函说不符合；接着录文号和日期"), 1, modes=outside, row=0),
        Command("answer.na", "inspect", ("3", "f3"), N_("不适用"), N_("这一题不适用，不计入总分"),
            1, modes=verdict + outside, row=0, why_not=_ask("why_not_na")),
        Command("answer.unseen", "inspect", ("4", "f12"), N_("未见"),
            N_("暗访时没有看到，不计入总分"), 1, modes=verdict + outside, row=0,
            why_not=_ask("why_not_covert")),
        Command("answer.option", "inspect", tuple("123456789"), N_("选答案"),
            N_("按选项前的数字作答"), 1, cap="1-9", modes=("choice",), row=0),
        Command("toggle.option", "inspect", tuple("123456789"), N_("选或不选"),
            N_("按选项前的数字，再按一次取消"), 1, cap="1-9", modes=("choices",), row=0),
        Command("keep.options", "inspect", ("enter",), N_("存答案"), N_("存下选好的各项"), 1,
            modes=("choices",), row=0),
        Command("keep.line", "inspect", ("enter",), N_("存答案"),
            N_("存下写好的一行，光标到下一题"), 1, modes=("line",), row=0),
        Command("draw", "inspect", ("f8",), N_("抽号"), N_("写上一共多少个，按种子抽看第几个"), 2,
            modes=("line",), row=0, why_not=_ask("why_no_sample")),
        Command("keep.draw", "inspect", ("enter",), N_("抽号"), N_("抽出要看的号"), 1,
            modes=("draw",), row=0),
        Command("keep.entry", "inspect", ("enter",), N_("下一步"), N_("写好一步，到下一步"), 1,
            modes=("entry",), row=0),
        Command("keep.note", "inspect", ("enter",), N_("存备注"), N_("存下备注"), 1,
            modes=("note",), row=0),
        Command("keep.evidence", "inspect", ("enter",), N_("存佐证"), N_("按路径存入照片或文件"),
            1, modes=("evidence",), row=0),
        Command("phrase.next", "inspect", ("down",), N_("常用语"), N_("换下一句常用备注"), 2,
            modes=("note",), row=0, why_not=_ask("why_no_phrases")),
        Command("answer.na", "inspect", ("f3",), N_("不适用"), N_("这一题不适用，不计入总分"), 2,
            modes=("choice", "choices", "line"), row=0, why_not=_ask("why_not_na")),
        Command("answer.unseen", "inspect", ("f12",), N_("未见"),
            N_("暗访时没有看到，不计入总分"), 2, modes=("choice", "choices", "line"), row=0,
            why_not=_ask("why_not_covert")),
        Command("read.on", "inspect", ("enter",), N_("看下一题"), N_("这一题只是说明，不用答"), 1,
            modes=("none",), row=0),
        Command("note", "inspect", ("f6",), N_("备注"), N_("给这一题写备注"), 3, modes=_SETTLED,
            row=0, why_not=_ask("why_not_answered")),
        Command("evidence", "inspect", ("f7",), N_("佐证"), N_("给这一题加照片或文件"), 4,
            modes=_SETTLED, row=0, why_not=_ask("why_not_answered")),
        Command("cancel", "inspect", ("f2", "escape"), N_("不写了"), N_("不存这一行，回到题目"),
            1, modes=_WRITING),
        Command("move.up", "inspect", ("up", "pageup"), N_("换题"), N_("上一题"), 1,
            cap=N_("上下"), covers=_DOWN, modes=_SETTLED),
        Command("move.down", "inspect", ("down", "pagedown"), N_("下一题"), N_("下一题"), 0,
            modes=_SETTLED),
        Command("next.open", "inspect", ("f4",), N_("下一未答"), N_("跳到下一道没答的题"), 2,
            modes=_SETTLED, why_not=_ask("why_all_answered")),
        Command("finish", "inspect", ("f9",), N_("完成检查"), N_("看得分，确认后定稿"), 1,
            modes=_SETTLED),
        Command("back", "inspect", ("f2", "escape"), N_("返回"), N_("回到首页；答过的都已存好"),
            2, modes=_SETTLED),
        Command("help", "inspect", ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 5),
        Command("quit", "inspect", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 3),
    )


_FINISH = (
    Command("move.up", "finish", ("up",), N_("选择"), N_("光标上移"), 1, cap=N_("上下"),
        covers=("down",), modes=("open",)),
    Command("move.down", "finish", ("down",), N_("下移"), N_("光标下移"), 0, modes=("open",)),
    Command("open", "finish", ("enter",), N_("去答"), N_("跳到光标所在的题"), 1, modes=("open",)),
    Command("open.number", "finish", tuple("123456789"), N_("直接去答"),
        N_("按行首的数字跳到那题"), 3, cap="1-9", modes=("open",)),
    Command("settle", "finish", ("1",), N_("定稿"), N_("定稿后答案不能再改"), 1, modes=("ready",),
        row=0),
    Command("back", "finish", ("2", "f2", "escape"), N_("再看看"), N_("回到题目，什么都不变"), 1,
        modes=("ready",), row=0),
)

_VERSION = (
    Command("go.over", "version", ("1",), N_("换成新版"), N_("意思没变的答案沿用，其余重答"), 1,
        row=0),
    Command("stay", "version", ("2",), N_("照旧版"), N_("这次检查仍按开始时的版本"), 1, row=0),
    Command("page.up", "version", ("up", "pageup"), N_("翻看"), N_("往上看"), 2, cap=N_("上下"),
        covers=_DOWN),
    Command("page.down", "version", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
    Command("back", "version", ("f2", "escape"), N_("返回"), N_("回到首页，什么都不变"), 2),
)

_RESULT = (
    Command("page.up", "result", ("up", "pageup"), N_("翻看"), N_("往上看"), 1, cap=N_("上下"),
        covers=_DOWN),
    Command("page.down", "result", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
    Command("back", "result", ("enter", "f2", "escape"), N_("返回"), N_("看完了，回到上一屏"), 1),
)

_HELP = (
    Command("page.up", "help", ("up", "pageup"), N_("翻看"), N_("往上看"), 1, cap=N_("上下"),
        covers=_DOWN),
    Command("page.down", "help", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
    Command("back", "help", ("enter", "f1", "f2", "escape"), N_("返回"), N_("回到刚才那一屏"), 1),
    Command("quit", "help", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 2),
)


def _doors() -> tuple[Command, ...]:
    from fieldkit.domain.outcomes import OUTCOMES

    grid = ("grid",)
    outcomes = tuple(
        Command(f"log.{row.code}", "doors", (row.key,), OUTCOME_LABELS[row.code], row.label, 1,
            modes=grid, row=0, why_not=_ask("why_no_door"))
        for row in OUTCOMES
        if row.key.isdigit()
    )
    rare = sum(is_rare(row.code) for row in OUTCOMES)
    rarer = tuple(str(n) for n in range(1, rare + 1))
    return (
        *outcomes,
        Command("more", "doors", ("0",), N_("更多"), N_("集体宣讲、商铺、拆除、童在等结果"), 2,
            modes=grid, row=0, why_not=_ask("why_no_door")),
        Command("log.more", "doors", rarer, N_("选结果"), N_("按结果前的数字记一次走访"), 1,
            cap=f"1-{len(rarer)}", modes=("more",), row=0),
        Command("cancel", "doors", ("0", "f2", "escape"), N_("不选了"), N_("回到楼栋图"), 1,
            modes=("more",), row=0),
        Command("keep.note", "doors", ("enter",), N_("记下"), N_("备注随下一次结果一起存"), 1,
            modes=("note",), row=0),
        Command("cancel", "doors", ("f2", "escape"), N_("不写了"), N_("不要这句备注"), 1,
            modes=("note",), row=0),
        Command("move.up", "doors", ("up",), N_("移动"), N_("光标到上一层"), 1, cap=N_("方向键"),
            covers=("down", "left", "right"), modes=grid),
        Command("move.down", "doors", ("down",), N_("下一层"), N_("光标到下一层"), 0, modes=grid),
        Command("move.left", "doors", ("left",), N_("左一户"), N_("光标到左边一户"), 0,
            modes=grid),
        Command("move.right", "doors", ("right", "enter", "space"), N_("右一户"),
            N_("光标到右边一户"), 0, modes=grid),
        Command("next.open", "doors", ("f4",), N_("未访"), N_("跳到下一户没走访的"), 4,
            modes=grid, why_not=_ask("why_all_visited")),
        Command("note", "doors", ("f6",), N_("备注"), N_("给下一次结果写一句备注"), 6, modes=grid,
            why_not=_ask("why_no_door")),
        Command("leaflet", "doors", ("f7",), N_("资料"), N_("这次留没留资料：按结果、留了、没留"),
            5, modes=grid, why_not=_ask("why_no_door")),
        Command("undo", "doors", ("f8",), N_("撤回"), N_("撤回这一户最近一次走访，留痕"), 1,
            modes=grid, why_not=_ask("why_no_visit")),
        Command("back", "doors", ("f2", "escape"), N_("返回"), N_("回到楼栋名单；记过的都已存好"),
            2, modes=grid),
        Command("help", "doors", ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 7),
        Command("quit", "doors", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 3),
    )


# fmt: on
SCREENS: dict[str, tuple[Command, ...]] = {
    "home": _HOME,
    "pick": (*_PICK, *_ANY),
    "inspect": _inspect(),
    "finish": (
        *_FINISH,
        Command("back", "finish", ("f2", "escape"), N_("返回"), N_("回到题目"), 2, modes=("open",)),
        *(c for c in _ANY if c.id != "back"),
    ),
    "version": (*_VERSION, *(c for c in _ANY if c.id != "back")),
    "result": (*_RESULT, *(c for c in _ANY if c.id != "back")),
    "doors": _doors(),
    "help": _HELP,
}
MODES: dict[str, tuple[str, ...]] = {
    "pick": ("list", "filter"),
    "inspect": _SETTLED + _WRITING,
    "finish": ("open", "ready"),
    "doors": ("grid", "more", "note"),
}


def on(screen: str, mode: str) -> list[Command]:
    """The commands of a screen in one of its modes, in the table's order."""
    return [c for c in SCREENS[screen] if not c.modes or mode in c.modes]


def find(screen: str, mode: str, key: str) -> Command | None:
    """The command behind a key."""
    return next((c for c in on(screen, mode) if key in c.keys), None)
