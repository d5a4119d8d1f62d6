"""What a merge showed that somebody has to do something about, in words, with what to do next."""

from __future__ import annotations

from typing import NamedTuple

from fieldkit.store import ledger
from fieldkit.text.i18n import N_, _

from . import offices
from .merging import Merged
from .refusals import reason
from .workspace import Workspace

_MENDS = {
    "known": N_("以前收过，内容一样，不用再管。"),
    "truncated": N_("请对方重新拷贝这个文件，再合并一次；其余文件不受影响。"),
    "unknown-signer": N_(
        "先核对是谁的设备：是本办公室的，用它的登记卡 office enrol 后再合并；不是就不要收。"
    ),
    "revoked": N_("这台设备已吊销；确属吊销前的工作，请它在吊销点之前重新导出。"),
    "wrong-office": N_("看看是不是交错了办公室；是交给本办公室的，请对方重新导出。"),
    "other-office": N_("退还对方，应交给数据包上写明的办公室。"),
    "not-addressed": N_("请对方先收下本办公室的授权，再重新导出。"),
    "key-changed": N_("当面核对设备；确实换了密钥，用新的登记卡重新登记。"),
    "bad-certificate": N_("请对方收下本办公室最新的授权，再重新导出。"),
    "foreign-event": N_("请下级办公室先登记那台设备，再重新导出。"),
    "unsealed": N_("请下级办公室合并那台设备的下一个数据包，再重新导出。"),
    "signature": N_("不要使用这个文件；请对方从原设备重新导出，当面交接。"),
    "unreadable": N_("检查 U 盘或文件夹的权限，再合并一次。"),
    "not-a-file": N_("不是文件，不用管。"),
}
_OTHERWISE = N_("请对方从原设备重新导出这个文件，再合并一次；原件已另存。")


class Notice(NamedTuple):
    """One thing to know: about which file or device, what, and what to do next."""

    kind: str
    """The code of a refusal, or ``gap``, ``fork``, ``restored``, ``known``."""
    about: str
    sentence: str
    mend: str


def mend(code: str) -> str:
    """What to do about a file that was not taken in."""
    return _(_MENDS.get(code, _OTHERWISE))


def notices(ws: Workspace, done: Merged) -> list[Notice]:
    """What this merge showed: refused files first, then devices, then what was here already."""
    names = {record.device: record.name for record in offices.enrolled(ws)}

    def called(device: str) -> str:
        return names.get(device) or device[:8]

    found = [
        Notice(one.code, one.file.name, reason(one.code), mend(one.code)) for one in done.rejected
    ]
    concerned = {device for device, _first, _last in done.gaps} & done.devices
    for device, first, last in done.gaps:
        if device in concerned:
            numbers = str(first) if first == last else f"{first}—{last}"
            found.append(
                Notice(
                    "gap",
                    called(device),
                    _("缺第 {numbers} 条").format(numbers=numbers),
                    _("还有数据包没交来：请它把存着的数据包都交来，或重新 bundle create。"),
                )
            )
    forked = {device for device, _seq in done.forks}
    for device in sorted(done.devices):
        if device in forked:
            first = min(seq for one, seq in done.forks if one == device)
            found.append(
                Notice(
                    "fork",
                    called(device),
                    _("第 {n} 条起有两份，像是用旧备份恢复过").format(n=first),
                    _("两份都已保留，没有丢；请核对冲突清单，并给它开新的回执。"),
                )
            )
        elif len(ledger.reach(ws.store.db, device)) > 1:
            found.append(
                Notice(
                    "restored",
                    called(device),
                    _("换过一段编号，像是恢复过备份或换过电脑"),
                    _("记录都已收下；请给它开新的回执，缺的它会自动补交。"),
                )
            )
    if done.already_known:
        text = _("{n} 个文件以前收过").format(n=done.already_known)
        found.append(Notice("known", "", text, mend("known")))
    return found
