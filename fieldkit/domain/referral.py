"""Referral slips (移交单): to whom a building's facts go, and what may come back.

A slip speaks of premises alone (DOMAIN §2.5, §3.8, §5.2): no person, no judgement of one.
"""

from __future__ import annotations

from typing import NamedTuple

from fieldkit.text.i18n import N_

RECEIVERS = {
    "police": N_("派出所"),
    "market": N_("市场监管"),
    "postal": N_("邮政管理"),
    "telecom": N_("通信管理"),
    "other": N_("其他主管单位"),
}
"""Units that a slip may go to (SL16)."""

MATTERS = {
    "vacant": N_("挂牌无人办公、地址查无"),
    "devices": N_("来源不明的设备或接线"),
    "lodging": N_("租住、住宿登记"),
    "building": N_("楼宇级异常"),
    "other": N_("其他"),
}
"""What a slip is about (SL07, SL08, SL03 to SL05, SL09): of premises, every one of them."""

RESULTS = {
    "handled": N_("已核实处理"),
    "unfounded": N_("核查未发现异常"),
    "forwarded": N_("已转其他单位"),
    "checking": N_("正在核查"),
}
"""What the unit may answer; nothing about anybody."""

PENDING = frozenset({"", "checking"})
"""Results after which the slip still waits."""


class Referral(NamedTuple):
    """One slip with its answer; ``result`` is empty until there is one."""

    id: str
    site: str
    inspection: str
    item: str
    matter: str
    facts: str
    receiver: str
    unit: str
    number: str
    day: str
    hlc: str
    device: str
    result: str = ""
    answered: str = ""
    """The day of the answer."""
    note: str = ""
    reply: str = ""
    """The number of the letter of reply."""

    @property
    def pending(self) -> bool:
        """Whether the slip still waits for its answer."""
        return self.result in PENDING
