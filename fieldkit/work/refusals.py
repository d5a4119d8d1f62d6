"""Why a bundle was not taken in, in the user's words, by the code that the checks give."""

from __future__ import annotations

from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown

WRONG_OFFICE = "wrong-office"
"""The code for a bundle that no key at hand opens."""

_REASONS = {
    "not-age": N_("不是数据包：不是 age 加密文件"),
    "header-flood": N_("加密文件头异常，拒绝打开"),
    WRONG_OFFICE: N_("打不开：不是加密给本办公室的，或文件已损坏"),
    "truncated": N_("文件不完整，可能没有拷完"),
    "signature": N_("签名不对，内容可能被改动"),
    "hash-mismatch": N_("内容与清单的指纹不符"),
    "missing-file": N_("包内缺少清单所列的文件"),
    "extra-file": N_("包内有清单之外的文件"),
    "bad-event": N_("包内有写法不合规的记录"),
    "chain-broken": N_("记录的编号或前后衔接断开"),
    "header-mismatch": N_("包头与内容不符"),
    "too-large": N_("数据包超出大小限制"),
    "unknown-signer": N_("签名设备未在本办公室登记"),
    "key-changed": N_("设备的公钥与登记的不一致"),
    "bad-certificate": N_("设备证书不是本办公室签发的，或已失效"),
    "other-office": N_("数据包写明交给另一个办公室"),
    "not-addressed": N_("签名的收件人里没有本办公室"),
    "foreign-event": N_("夹带了本办公室和下级都不认识的设备的记录"),
    "unsealed": N_("夹带的别机记录没有那台设备自己的封存签名"),
    "revoked": N_("签名设备已吊销，吊销点之后的记录不收"),
    "crashed": N_("读这个文件的程序中断了，文件可能是故意做坏的"),
    "bad-body": N_("有记录的内容不合规"),
    "certificate": N_("设备证书有问题"),
    "seal": N_("封存签名不对"),
    "bad-recipient": N_("收件公钥不对"),
    "evidence-damaged": N_("证据文件在读取时发生了变化"),
    "write-back": N_("写出后读回的内容不一致，存储介质可能有问题"),
    "evidence": N_("证据文件不合规"),
    "unreadable": N_("文件读不出来"),
    "not-a-file": N_("不是普通文件"),
}


def reason(code: str, detail: str = "") -> str:
    """One clause for people; codes without a sentence of their own are named as they are."""
    known = _REASONS.get(code)
    if known is None and code.startswith(("zip-", "name-")):
        known = N_("包内的 ZIP 结构不合规")
    text = _(known) if known else _("数据包不合规")
    if known is None or code.startswith(("zip-", "name-")):
        text = f"{text}（{shown(code)}）"
    return f"{text}：{shown(detail)[:120]}" if detail else text
