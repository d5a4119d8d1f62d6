"""One building, door by door."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask

# fmt: off
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
GRID = ("grid",)
MARKED = ("marked",)
BOTH = ("grid", "marked")
MORE = ("more",)
WALK = ("walk",)


def is_rare(outcome: str) -> bool:
    """Whether an outcome has no digit of its own and stands behind 0."""
    from fieldkit.domain.outcomes import BY_CODE

    return outcome != "none" and not BY_CODE[outcome].key.isdigit()


def _outcomes() -> tuple[Command, ...]:
    from fieldkit.domain.outcomes import OUTCOMES

    rare = sum(is_rare(row.code) for row in OUTCOMES)
    rarer = tuple(str(n) for n in range(1, rare + 1))
    return (
        *(
            Command(f"log.{row.code}", "doors", (row.key,), OUTCOME_LABELS[row.code], row.label, 1,
                modes=BOTH, row=0, why_not=ask("why_no_door"))
            for row in OUTCOMES
            if row.key.isdigit()
        ),
        Command("more", "doors", ("0",), N_("更多"),
            N_("集体宣讲、商铺、拆除、童在等结果；走法、列表、待再访、APP、连标"), 2,
            modes=BOTH, row=0, why_not=ask("why_no_door")),
        Command("log.more", "doors", rarer, N_("选结果"), N_("按结果前的数字记一次走访"), 1,
            cap=f"1-{len(rarer)}", modes=MORE, row=0),
    )


_MENU = (
    Command("choose.way", "doors", ("5",), N_("走法"),
        N_("上楼还是下楼、从左还是从右、要不要蛇形"), 1, modes=MORE, row=0),
    Command("turn.view", "doors", ("6",), N_("换视图"), N_("楼栋图换成一户一行的列表，或换回来"), 1,
        modes=MORE, row=0),
    Command("list.revisits", "doors", ("7",), N_("待再访"), N_("还要再去的户，各是什么时候没人"), 1,
        modes=MORE, row=0),
    Command("told.app", "doors", ("8",), "APP",
        N_("住户自愿说的 APP 情况，随下一次结果一起存"), 1, modes=MORE, row=0),
    Command("mark.range", "doors", ("9",), N_("连标"), N_("从上一个标记一路标到光标处"), 1,
        modes=MORE, row=0, why_not=ask("why_no_mark")),
    Command("cancel", "doors", ("0", "f2", "escape"), N_("不选了"), N_("回到楼栋图"), 1,
        modes=MORE, row=0),
    Command("turn.stairs", "doors", ("1",), N_("上下楼"), N_("从顶层往下走，或从底层往上走"), 1,
        modes=WALK, row=0),
    Command("turn.side", "doors", ("2",), N_("左右"), N_("每层从左到右，或从右到左"), 1,
        modes=WALK, row=0),
    Command("turn.snake", "doors", ("3",), N_("蛇形"), N_("隔一层换一个方向，不走回头路"), 1,
        modes=WALK, row=0),
    Command("cancel", "doors", ("enter", "0", "f2", "escape"), N_("好了"), N_("回到楼栋图"), 1,
        modes=WALK, row=0),
    Command("keep.note", "doors", ("enter",), N_("记下"), N_("备注随下一次结果一起存"), 1,
        modes=("note",), row=0),
    Command("cancel", "doors", ("f2", "escape"), N_("不写了"), N_("不要这句备注"), 1,
        modes=("note",), row=0),
)
_MOVING = (
    Command("move.up", "doors", ("up", "k"), N_("移动"), N_("光标到上一层"), 1, cap=N_("方向键"),
        covers=("down", "left", "right"), modes=BOTH),
    Command("move.down", "doors", ("down", "j"), N_("下一层"), N_("光标到下一层"), 0, modes=BOTH),
    Command("move.left", "doors", ("left", "h"), N_("左一户"), N_("光标到左边一户"), 0, modes=BOTH),
    Command("move.right", "doors", ("right", "l"), N_("右一户"), N_("光标到右边一户"), 0,
        modes=BOTH),
    Command("page.up", "doors", ("pageup",), N_("上翻"), N_("光标上移一屏"), 0, modes=BOTH),
    Command("page.down", "doors", ("pagedown",), N_("下翻"), N_("光标下移一屏"), 0, modes=BOTH),
    Command("go.on", "doors", ("enter",), N_("下一户"), N_("按走法到下一户，不记"), 0, modes=BOTH,
        why_not=ask("why_no_door")),
    Command("mark.door", "doors", ("space",), N_("标记"),
        N_("标上这一户；再按数字，标上的一次记完"), 4, modes=BOTH, why_not=ask("why_no_door")),
    Command("mark.range", "doors", ("f12",), N_("连标"), N_("从上一个标记一路标到光标处"), 4,
        modes=MARKED, why_not=ask("why_no_mark")),
    Command("next.open", "doors", ("f4",), N_("未访"), N_("跳到下一户没走访的"), 4,
        modes=GRID, why_not=ask("why_all_visited")),
)
_WITH_IT = (
    Command("list.revisits", "doors", ("f3",), N_("待再访"),
        N_("还要再去的户，各是什么时候没人"), 0, modes=GRID, why_not=ask("why_no_door")),
    Command("note", "doors", ("f6",), N_("备注"), N_("给下一次结果写一句备注"), 6, modes=BOTH,
        why_not=ask("why_no_door")),
    Command("leaflet", "doors", ("f7",), N_("资料"), N_("这次留没留资料：按结果、留了、没留"),
        5, modes=BOTH, why_not=ask("why_no_door")),
    Command("told.app", "doors", ("f9",), "APP",
        N_("住户自愿说的 APP 情况，随下一次结果一起存"), 0, modes=BOTH, why_not=ask("why_no_door")),
    Command("undo", "doors", ("f8",), N_("撤回"), N_("撤回刚记的一次；不是刚记的，撤这户最近一次"),
        1, modes=GRID, why_not=ask("why_no_visit")),
    Command("unmark", "doors", ("f2", "escape"), N_("不标了"), N_("去掉全部标记"), 2, modes=MARKED),
    Command("back", "doors", ("f2", "escape"), N_("返回"), N_("回到楼栋名单；记过的都已存好"),
        2, modes=GRID),
    Command("help", "doors", ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 7),
    Command("quit", "doors", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 3),
)


def commands() -> tuple[Command, ...]:
    return (*_outcomes(), *_MENU, *_MOVING, *_WITH_IT)


MODES = ("grid", "marked", "more", "walk", "note")
