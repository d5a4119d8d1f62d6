"""One inspection, item by item."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import DOWN

# fmt: off
SETTLED = ("verdict", "external", "choice", "choices", "line", "none")
WRITING = ("note", "evidence", "entry", "draw")
CHOOSING = ("phrases", "more", "out")
"""Modes in which a digit picks a row of a short list below the question."""
DIGITS = tuple("123456789")


def commands() -> tuple[Command, ...]:
    """All of them; in one mode no key stands for two."""
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
            1, modes=verdict + outside, row=0, why_not=ask("why_not_na")),
        Command("answer.unseen", "inspect", ("4",), N_("未见"), N_("暗访时没有看到，不计入总分"), 1,
            modes=verdict + outside, row=0, why_not=ask("why_not_covert")),
        Command("answer.option", "inspect", tuple("123456789"), N_("选答案"),
            N_("按选项前的数字作答"), 1, cap="1-9", modes=("choice",), row=0),
        Command("toggle.option", "inspect", tuple("123456789"), N_("选或不选"),
            N_("按选项前的数字，再按一次取消"), 1, cap="1-9", modes=("choices",), row=0),
        Command("keep.options", "inspect", ("enter",), N_("存答案"), N_("存下选好的各项"), 1,
            modes=("choices",), row=0),
        Command("keep.line", "inspect", ("enter",), N_("存答案"),
            N_("存下写好的一行，光标到下一题"), 1, modes=("line",), row=0),
        Command("keep.draw", "inspect", ("enter",), N_("抽号"), N_("抽出要看的号"), 1,
            modes=("draw",), row=0),
        Command("keep.entry", "inspect", ("enter",), N_("下一步"), N_("写好一步，到下一步"), 1,
            modes=("entry",), row=0),
        Command("keep.note", "inspect", ("enter",), N_("存备注"), N_("存下备注"), 1,
            modes=("note",), row=0),
        Command("keep.evidence", "inspect", ("enter",), N_("存佐证"), N_("按路径存入照片或文件"),
            1, modes=("evidence",), row=0),
        Command("phrase.next", "inspect", ("down",), N_("常用语"), N_("换下一句常用备注"), 2,
            modes=("note",), row=0, why_not=ask("why_no_phrases")),
        Command("browse", "inspect", ("f7", "down"), N_("找文件"), N_("从文件夹里挑一个"), 2,
            modes=("evidence",), row=0),
        Command("leave.out", "inspect", ("f3",), N_("不适用"),
            N_("这一题不适用，不计入总分；暗访时也可以是没有看到"), 2,
            modes=("choice", "choices", "line"), row=0, why_not=ask("why_not_left_out")),
        Command("answer.na", "inspect", ("1",), N_("不适用"), N_("这一题不适用，不计入总分"), 1,
            modes=("out",), row=0, why_not=ask("why_not_na")),
        Command("answer.unseen", "inspect", ("2",), N_("未见"), N_("暗访时没有看到，不计入总分"), 1,
            modes=("out",), row=0, why_not=ask("why_not_covert")),
        Command("use.phrase", "inspect", DIGITS, N_("常用语"), N_("按句前的数字取一句，还能改"), 1,
            cap="1-9", modes=("phrases",), row=0),
        Command("write.freely", "inspect", ("0", "enter"), N_("自己写"), N_("不用常用语，自己写"),
            1, modes=("phrases",), row=0),
        Command("pick.more", "inspect", DIGITS, N_("选一项"), N_("按行首的数字做"), 1, cap="1-9",
            modes=("more",), row=0),
        Command("read.on", "inspect", ("enter",), N_("看下一题"), N_("这一题只是说明，不用答"), 1,
            modes=("none",), row=0),
        Command("note", "inspect", ("f6",), N_("备注"), N_("给这一题写备注"), 3, modes=SETTLED,
            row=0, why_not=ask("why_not_answered")),
        Command("evidence", "inspect", ("f7",), N_("佐证"), N_("给这一题加照片或文件"), 4,
            modes=SETTLED, row=0, why_not=ask("why_not_answered")),
        Command("cancel", "inspect", ("f2", "escape"), N_("不写了"), N_("不存这一行，回到题目"),
            1, modes=WRITING + CHOOSING),
        Command("move.up", "inspect", ("up", "pageup"), N_("换题"), N_("上一题"), 1,
            cap=N_("上下"), covers=DOWN, modes=SETTLED),
        Command("move.down", "inspect", ("down", "pagedown"), N_("下一题"), N_("下一题"), 0,
            modes=SETTLED),
        Command("next.open", "inspect", ("f4",), N_("下一未答"), N_("跳到下一道没答的题"), 2,
            modes=SETTLED, why_not=ask("why_all_answered")),
        Command("more", "inspect", ("f8",), N_("更多"),
            N_("撤销、重做、找题、得分、上次结果、检查人和时间……"), 3, modes=SETTLED),
        Command("finish", "inspect", ("f9",), N_("完成检查"), N_("看得分，确认后定稿"), 1,
            modes=SETTLED),
        Command("back", "inspect", ("f2", "escape"), N_("返回"), N_("回到首页；答过的都已存好"),
            2, modes=SETTLED),
        Command("neutral", "inspect", ("f12",), N_("遮屏"), N_("换成看不出内容的一屏，再按回来"), 3,
            row=0, why_not=ask("why_not_neutral")),
        Command("help", "inspect", ("f1",), N_("帮助"), N_("这一屏能按的键和各自的意思"), 5),
        Command("quit", "inspect", ("f10",), N_("退出"), N_("随处可退，没有要另存的东西"), 3),
    )


MODES = SETTLED + WRITING + CHOOSING
