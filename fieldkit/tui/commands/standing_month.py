"""One month of the standing."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .command import Command, ask
from .common import ANY, DOWN

# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("publish", "standing_month", ("f9",), N_("通报"),
        N_("通报这一期：数、口径、牌别从此冻结"), 1, row=0, why_not=ask("why_not_publish")),
    Command("decide", "standing_month", ("enter",), N_("定下来"),
        N_("逐条定下要办公室决定的事，看定了以后的排名"), 2, row=0, why_not=ask("why_not_decide")),
    Command("edit", "standing_month", ("f4",), N_("改数"),
        N_("改这一期的数；通报过的走更正，先看影响清单"), 2, row=0),
    Command("document", "standing_month", ("f6",), N_("文书"), N_("写成通报文件（.docx）"), 3,
        row=0, why_not=ask("why_no_view")),
    Command("delist", "standing_month", ("f8",), N_("摘牌"), N_("凭文件给挂牌的单位摘牌"), 4, row=0,
        why_not=ask("why_not_delist")),
    Command("earlier", "standing_month", ("left",), N_("前后期"), N_("前一期"), 2, cap=N_("左右"),
        covers=("right",), why_not=ask("why_one_month")),
    Command("later", "standing_month", ("right",), N_("后一期"), N_("后一期"), 0,
        why_not=ask("why_one_month")),
    Command("section", "standing_month", ("f7",), N_("下一段"),
        N_("跳到待定、要办、走势、说明、口径、各项得分"), 3, why_not=ask("why_one_page")),
    Command("page.up", "standing_month", ("up", "pageup"), N_("翻看"), N_("往上看"), 3,
        cap=N_("上下"), covers=DOWN),
    Command("page.down", "standing_month", ("down", "pagedown"), N_("往下看"), N_("往下看"), 0),
    *ANY,
)
