"""The notice to residents (告知单): who comes to the door, what is kept, and what nobody may ask.

It carries what the law asks to be told before anything is recorded (个人信息保护法 17, 44–50,
DOMAIN §5.1), and no figure.
"""

from __future__ import annotations

from collections.abc import Iterable

from fieldkit.domain.outcomes import OUTCOMES
from fieldkit.report import forms
from fieldkit.report.paper import Block, Form, Paper, Para, Section
from fieldkit.text.i18n import _
from fieldkit.work.workspace import Workspace

from . import wording
from .catalogue import Options


def build(ws: Workspace, options: Options) -> Paper:
    """One page to be left at a door or put up in a staircase."""
    return wording.filed(
        ws,
        options.recipe("notice", public="1"),
        _("反诈入户宣传告知单"),
        [Section([*_blocks(ws)])],
        facts={_("保存期"): _("6个月")},
    )


def _blocks(ws: Workspace) -> Iterable[Block]:
    issuer = wording.issuer(ws)
    yield Para(_("反诈入户宣传告知单"), "title")
    yield Para(_("居民朋友："), "to")
    yield Para(_("近期，网格员和志愿者将上门开展防范电信网络诈骗宣传，告知如下："))
    yield wording.head(1, _("我们来做什么"))
    yield Para(_("发放资料，讲解骗局和防范办法。不收费，不进门，不拍照。"))
    yield wording.head(2, _("我们记录什么"))
    words = "、".join(_(one.label) for one in OUTCOMES if one.code in ("met", "left", "absent"))
    yield Para(
        _(
            "只记录门牌和这一次的走访结果（如{outcomes}）和资料份数，"
            "不记姓名、电话、证件号，不记家庭成员情况。"
        ).format(outcomes=words)
    )
    yield Para(
        _("依据《中华人民共和国反电信网络诈骗法》第八条开展宣传；户级记录最长保存6个月，到期删除。")
    )
    yield wording.head(3, _("您的权利"))
    yield Para(
        _(
            "您可以谢绝走访；安装软件、加群、留联系方式一律自愿。"
            "您可以要求查看、更正或删除本户的记录，要求说明处理规则。"
        )
    )
    yield wording.head(4, _("请您留意"))
    yield Para(
        _("工作人员不会索要银行卡号、密码、验证码，不会要求转账。遇到可疑情况请拨打96110或110。")
    )
    yield Form(
        (34, 44, 34, 44),
        [
            forms.pair(_("宣传单位"), issuer, _("联系岗位"), "", 9),
            forms.pair(_("办公电话"), "", _("本次时间"), _("　　年　　月　　日"), 9),
        ],
    )
