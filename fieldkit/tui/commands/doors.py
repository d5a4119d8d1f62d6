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


def is_rare(outcome: str) -> bool:
    """Whether an outcome has no digit of its own and stands behind 0."""
    from fieldkit.domain.outcomes import BY_CODE

    return outcome != "none" and not BY_CODE[outcome].key.isdigit()


def commands() -> tuple[Command, ...]:
    from fieldkit.domain.outcomes import OUTCOMES

    grid = ("grid",)
    outcomes = tuple(
        Command(f"log.{row.code}", "doors", (row.key,), OUTCOME_LABELS[row.code], row.label, 1,
            modes=grid, row=0, why_not=ask("why_no_door"))
        for row in OUTCOMES
        if row.key.isdigit()
    )
    rare = sum(is_rare(row.code) for row in OUTCOMES)
    rarer = tuple(str(n) for n in range(1, rare + 1))
    return (
        *outcomes,
        Command("more", "doors", ("0",), N_("更多"), N_("集体宣讲、商铺、拆除、童在等结果"), 2,
            modes=grid, row=0, why_not=ask("why_no_door")),
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
            modes=grid, why_not=ask("why_all_visited")),
        Command("note", "doors", ("f6",), N_("备注"), N_("给下一次结果写一句备注"), 6, modes=grid,
            why_not=ask("why_no_door")),
        Command("leaflet", "doors", ("f7",), N_("资料"), N_("这次留没留资料：按结果、留了、没留"),
            5, modes=grid, why_not=ask("why_no_door")),
        Command("undo", "doors", ("f8",), N_("撤回"), N_("撤回这一户最近一次走访，留痕"), 1,
            modes=grid, why_not=ask("why_no_visit")),
        Command("back", "doors", ("f2", "escape"), N_("返回"), N_("回到楼栋名单；记过的都已存好"),
            2, modes=grid),
        Command("help", "doors", ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 7),
        Command("quit", "doors", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 3),
    )


MODES = ("grid", "more", "note")
