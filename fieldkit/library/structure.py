"""Rules of how a checklist is put together: groups, choice lists, clauses, what may be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from fieldkit.domain import items as item_types
from fieldkit.domain.checklist import CONTAINERS, LIMITS
from fieldkit.text.i18n import N_, _

from .positions import Map, Slip
from .rules import Sheet, error, flag, maps, scalar, text, warning, whole

FORBIDDEN = {
    N_("姓名"): ("姓名", "名字", "户主名"),
    N_("电话号码"): ("手机号", "电话号码", "联系电话", "手机号码"),
    N_("证件号码"): ("身份证号", "证件号码", "护照号"),
    N_("银行卡号"): ("银行卡号", "卡号", "账号密码", "银行账号"),
    N_("网络账号"): ("微信号", "QQ号", "支付宝账号"),
    N_("车牌"): ("车牌号", "车牌"),
    N_("运单号"): ("运单号", "快递单号", "面单号"),
    N_("人员标签"): (
        "前科",
        "重点人员",
        "独居老人",
        "留守儿童",
        "可疑人员",
        "租客名单",
        "学生名单",
    ),
}
"""What no list may ask for, by what it is called (DOMAIN §5.2)."""

TYPED = frozenset(("text", "number", "count", "choice", "choices", "date"))
"""Types whose answer could be such a thing; a check only says whether something is in order."""

_DENIED = re.compile(r"(?:不|未|勿|无|没有|遮|禁止)[^，。；、]{0,6}$")


def check(sheet: Sheet) -> Iterator[tuple[bool, Slip]]:
    """Faults with whether each is an error."""
    for section in sheet.sections:
        yield from _depth(section, 0)
    used: set[str] = set()
    lists = sheet.root.get("lists")
    known = {key.text for key, _value in lists.entries} if isinstance(lists, Map) else set()
    for item in sheet.items:
        kind = item_types.types().get(text(item, "type"))
        if kind is None:
            continue
        yield from _parts(item, kind.name, kind.title)
        yield from _choices(item, known, used)
        yield from _asking(item, kind.name)
        if not sheet.record and kind.answerable and item.get("source") is None:
            said = error(item, "missing-clause")[1]
            # The same fault as any other line that is missing.
            yield True, replace(said, code="missing-key")
    if isinstance(lists, Map):
        for key, _value in lists.entries:
            if key.text not in used:
                yield warning(key, "unused-list", name=key.text)


def _depth(holder: Map, depth: int) -> Iterator[tuple[bool, Slip]]:
    for item in maps(holder.get("items")):
        if depth > LIMITS["depth"]:
            yield error(item, "nested-too-deep", n=LIMITS["depth"])
            return
        yield from _depth(item, depth + 1)


def _parts(item: Map, kind: str, title: str) -> Iterator[tuple[bool, Slip]]:
    inside = item.key("items")
    if kind in CONTAINERS and inside is None:
        yield error(item.key("type") or item, "items-missing", title=_(title))
    if kind not in CONTAINERS and inside is not None:
        yield error(inside, "items-not-here")
    params = item.get("params")
    if kind == "repeat" and isinstance(params, Map):
        least, most = whole(params, "least"), whole(params, "most")
        node = params.get("least")
        if node is not None and least is not None and most is not None and least > most:
            yield error(node, "repeat-order", least=least, most=most)
    read_only = item.key("read_only")
    if read_only is not None and flag(item, "read_only") and item.get("default") is None:
        yield error(read_only, "read-only-alone")
    effect = item.key("effect")
    if effect is not None and not flag(item, "critical"):
        yield error(effect, "effect-alone")


def _choices(item: Map, known: set[str], used: set[str]) -> Iterator[tuple[bool, Slip]]:
    params = item.get("params")
    if not isinstance(params, Map):
        return
    named, options = scalar(params, "list"), params.key("options")
    if named is not None:
        used.add(named.text)
        if named.text not in known:
            yield error(named, "unknown-list", name=named.text)
        if options is not None:
            yield error(options, "list-or-options")
    elif (filtered := params.key("filter")) is not None:
        yield error(filtered, "filter-alone")


def _asking(item: Map, kind: str) -> Iterator[tuple[bool, Slip]]:
    node = scalar(item, "text")
    if node is None or kind not in TYPED:
        return
    for label, words in FORBIDDEN.items():
        for word in words:
            before, found, _after = node.text.partition(word)
            if found and not _DENIED.search(before):
                yield error(node, "asks-personal", kind=_(label))
                return
