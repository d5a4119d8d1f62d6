"""What the schema cannot say: rules between the parts of one checklist.

Every rule takes whatever tree there is, also one with faults elsewhere, and says nothing about
parts that the schema has already refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldkit.domain import items as item_types
from fieldkit.text.i18n import N_, _
from fieldkit.text.privacy import leaks

from . import logic_rules
from .positions import Map, Node, Scalar, Seq, Slip

ERRORS = {
    "duplicate-id": N_("{what}编号“{id}”重复，第 {line} 行已经用过；请换一个。"),
    "grade-order": N_("等次要从高到低，{n} 应小于上一级的 {above}；请调整顺序或数值。"),
    "grade-floor": N_("最后一级等次从 {n} 起，{n} 以下没有等次；请把最后一级的 at_least 写成 0。"),
    "weight-unscored": N_("{title}题不计分，weight 不能是 {n}；请改成 0 或换题型。"),
    "weight-never-earned": N_(
        "这一题不会判合格，{n} 分谁也拿不到；请补上 {param}，或把 weight 改成 0。"
    ),
    "no-scored-items": N_("没有一个计分项，评不出等次；请给检查项写上 weight。"),
    "no-critical-effect": N_(
        "有否决项“{id}”，却没有写 critical_effect；请在表头补上 ineligible、fail_target 或 refer。"
    ),
    "critical-never-fails": N_(
        "“{id}”是否决项，但这样写永远不会判不合格；请补上判定条件或去掉 critical。"
    ),
    "info-required": N_("提示题不用作答，不能写 required: true；请删去这一行。"),
    "partial-unsupported": N_("{title}题不能按比例给分；请删去 partial 或写成 threshold。"),
    "param-unknown": N_("{title}题没有参数“{name}”；{known}。"),
    "param-missing": N_("{title}题要写参数“{name}”；请在 params 里补上。"),
    "param-range": N_("“{name}”是 {n}，应在 {least} 到 {most} 之间；请改正。"),
    "param-order": N_("at_least 是 {least}，大于 at_most 的 {most}；请对调或改正。"),
    "too-many-wanted": N_("at_least 是 {n}，但只有 {count} 个选项；请改小或补选项。"),
    "option-reserved": N_("选项编号不能用“{id}”，它有固定含义；请换一个。"),
    "option-verdict": N_("多选题的选项不写 verdict；请删去，用 at_least 定合格标准。"),
    "unknown-source": N_("依据“{code}”不在 sources 里；请在 sources 补上它的全称，或改正代号。"),
    "enforcement-words": N_("标题里有“{word}”，那是执法文书的名称；本表只作工作记录，请换个说法。"),
    "missing-clause": N_("缺少“source”：每项要写依据哪一条；请补上，没有条文的写“实务”。"),
    "unknown-list": N_("lists 里没有选项表“{name}”；请补上或改正。"),
    "list-or-options": N_("options 和 list 只能写一个；请删去一个。"),
    "filter-alone": N_("filter 只能和 list 一起用；请把选项放进 lists 再引用。"),
    "items-missing": N_("{title}要有 items；请补上里面的检查项。"),
    "items-not-here": N_("只有题组和重复组能有 items；请改题型或删去。"),
    "nested-too-deep": N_("题组套了 {n} 层以上；请减少层次。"),
    "repeat-order": N_("least 是 {least}，大于 most 的 {most}；请对调或改正。"),
    "read-only-alone": N_("只看不填的题要写 default；请补上。"),
    "effect-alone": N_("写了 effect，但这一项不是否决项；请加 critical: true 或删去。"),
    "asks-personal": N_("这一题像是要填{kind}；不得收集，请改成不涉及个人的问法或删去。"),
    "external-covert": N_("外部结论在暗访中拿不到；请把 mode 写成 open。"),
}
WARNINGS = {
    "weight-sum": N_("计分项的 weight 合计 {n}，不是 100；请核对。"),
    "unused-source": N_("sources 里的“{code}”没有检查项引用；请核对或删去。"),
    "unused-effect": N_("写了 critical_effect，但没有否决项；请核对。"),
    "nature-joint": N_(
        "对象含{kinds}：镇级只能协同或指导，nature 应是 joint 或 guidance；请核对。"
    ),
    "nature-company": N_(
        "对象含企业：不能以督导名义进企业，nature 应是 guidance、assessment 或 joint；请核对。"
    ),
    "same-text": N_("检查内容和第 {line} 行的相同；请核对是不是重复。"),
    "many-options": N_("选项有 {n} 个，数字键只到 9；请考虑合并。"),
    "unused-list": N_("lists 里的“{name}”没有检查项引用；请核对或删去。"),
    "similar-id": N_("{what}编号“{id}”和第 {line} 行的只有大小写不同，容易输错；请换一个。"),
    "personal-data": N_("文字里像是有{kind}“{text}”；检查表不应含个人信息，请核对。"),
    "no-criterion": N_("没有写合格标准 criterion，检查人难以判断；请补上。"),
    "file-name": N_("文件名和编号“{id}”不同；请把文件改名为 {id}.yaml，或改正编号。"),
}

_RESERVED = frozenset(("na", "unseen", "none"))
_ENFORCEMENT = ("现场检查笔录", "行政处罚", "行政检查", "责令改正", "询问笔录")
_REGULATED = {"courier": N_("寄递网点"), "telecom": N_("电信网点"), "bank": N_("银行网点")}


def check(root: Map, dropped: frozenset[str]) -> Iterator[tuple[bool, Slip]]:
    """Faults with whether each is an error (True) or only a warning."""
    found = Sheet(root)
    for rule in (_ids, _grades, _weights, _critical, _sources, _titles, _natures, _texts):
        yield from rule(found, dropped)
    from . import scoring_rules, structure

    yield from structure.check(found)
    yield from scoring_rules.check(found)
    for item in found.items:
        yield from _item(item, found.record)
    yield from logic_rules.check(root)


class Sheet:
    """The parts of a tree that are what they should be."""

    def __init__(self, root: Map) -> None:
        self.root = root
        self.sections = maps(root.get("sections"))
        self.items = [item for s in self.sections for item in _nested(s)]
        self.grades = maps(root.get("grades"))
        kind = scalar(root, "kind")
        self.record = kind is not None and kind.text == "record"


def _nested(holder: Map) -> Iterator[Map]:
    for item in maps(holder.get("items")):
        yield item
        yield from _nested(item)


def maps(node: Node | None) -> list[Map]:
    """The mappings in a list, none where it is no list."""
    return [row for row in node.items if isinstance(row, Map)] if isinstance(node, Seq) else []


def text(node: Map, name: str) -> str:
    """A text under a key, empty where it is something else."""
    value = scalar(node, name)
    return value.value if value is not None and isinstance(value.value, str) else ""


def scalar(node: Map, name: str) -> Scalar | None:
    """The scalar under a key."""
    value = node.get(name)
    return value if isinstance(value, Scalar) and not value.broken else None


def whole(node: Map, name: str) -> int | None:
    """A whole number under a key, None where it is something else."""
    value = scalar(node, name)
    if value is None or isinstance(value.value, bool) or not isinstance(value.value, int):
        return None
    return value.value


def flag(node: Map, name: str) -> bool:
    """Whether a key holds ``true``."""
    value = scalar(node, name)
    return value is not None and value.value is True


def error(node: Node, code: str, /, **words: object) -> tuple[bool, Slip]:
    """An error at a node."""
    return True, Slip(node.line, node.column, code, _(ERRORS[code]).format(**words))


def warning(node: Node, code: str, /, **words: object) -> tuple[bool, Slip]:
    """A warning at a node."""
    return False, Slip(node.line, node.column, code, _(WARNINGS[code]).format(**words))


def _ids(sheet: Sheet, dropped: frozenset[str]) -> Iterator[tuple[bool, Slip]]:
    yield from _unique(sheet.sections, _("节的"))
    yield from _unique(sheet.items, _("检查项"), exact=sheet.record)
    yield from _unique(sheet.grades, _("等次"))


def _unique(rows: list[Map], what: str, *, exact: bool = False) -> Iterator[tuple[bool, Slip]]:
    seen: dict[str, Scalar] = {}
    for row in rows:
        node = scalar(row, "id")
        if node is None:
            continue
        # Two ids that differ in case alone could not be told apart when typed.
        first = seen.setdefault(node.text.casefold(), node)
        if first is node:
            continue
        if exact and first.text != node.text:
            yield warning(node, "similar-id", what=what, id=node.text, line=first.line)
        else:
            yield error(node, "duplicate-id", what=what, id=node.text, line=first.line)


def _grades(sheet: Sheet, dropped: frozenset[str]) -> Iterator[tuple[bool, Slip]]:
    above: int | None = None
    for grade in sheet.grades:
        least = whole(grade, "at_least")
        node = grade.get("at_least")
        if least is None or node is None:
            return
        if above is not None and least >= above:
            yield error(node, "grade-order", n=least, above=above)
        above = least if above is None else min(above, least)
    if above and node is not None:
        yield error(node, "grade-floor", n=above)


def _weights(sheet: Sheet, dropped: frozenset[str]) -> Iterator[tuple[bool, Slip]]:
    weights = [whole(item, "weight") for item in sheet.items if item.get("weight") is not None]
    if not sheet.items or None in weights or "weight" in dropped:
        return
    total = sum(weight or 0 for weight in weights)
    place = sheet.root.key("sections") or sheet.root
    if sheet.record:
        return
    if total == 0:
        yield error(place, "no-scored-items")
    elif total != 100:
        yield warning(place, "weight-sum", n=total)


def _critical(sheet: Sheet, dropped: frozenset[str]) -> Iterator[tuple[bool, Slip]]:
    critical = [item for item in sheet.items if flag(item, "critical")]
    effect = sheet.root.key("critical_effect")
    bare = [item for item in critical if item.get("effect") is None]
    if bare and effect is None and "critical_effect" not in dropped:
        place = bare[0].key("critical") or bare[0]
        yield error(place, "no-critical-effect", id=text(bare[0], "id"))
    if effect is not None and not critical and "critical" not in dropped:
        yield warning(effect, "unused-effect")


def _sources(sheet: Sheet, dropped: frozenset[str]) -> Iterator[tuple[bool, Slip]]:
    table = sheet.root.get("sources")
    if not isinstance(table, Map):
        return
    known = {key.text for key, _value in table.entries}
    used: set[str] = set()
    for item in sheet.items:
        clauses = item.get("source")
        for clause in clauses.items if isinstance(clauses, Seq) else []:
            if not isinstance(clause, Scalar) or not isinstance(clause.value, str):
                continue
            code = clause.value.split(" ")[0]
            if re.search(r"[\s,，;；]", code) or any(char in clause.value for char in ",，;；"):
                # The schema has refused the clause; whatever it names counts as used.
                used |= {name for name in known if name in clause.value}
                continue
            used.add(code)
            if code not in known:
                yield error(clause, "unknown-source", code=code)
    for key, _value in table.entries:
        if key.text not in used and "source" not in dropped:
            yield warning(key, "unused-source", code=key.text)


def _titles(sheet: Sheet, dropped: frozenset[str]) -> Iterator[tuple[bool, Slip]]:
    for row in [sheet.root, *sheet.sections]:
        title = scalar(row, "title")
        for word in _ENFORCEMENT if title is not None else ():
            if title is not None and word in title.text:
                yield error(title, "enforcement-words", word=word)


def _natures(sheet: Sheet, dropped: frozenset[str]) -> Iterator[tuple[bool, Slip]]:
    nature, kinds = scalar(sheet.root, "nature"), sheet.root.get("site_kinds")
    if nature is None or not isinstance(kinds, Seq):
        return
    named = [kind.text for kind in kinds.items if isinstance(kind, Scalar)]
    regulated = [_(_REGULATED[kind]) for kind in named if kind in _REGULATED]
    if regulated and nature.text in ("supervision", "assessment"):
        yield warning(nature, "nature-joint", kinds="、".join(regulated))
    elif "company" in named and nature.text == "supervision":
        yield warning(nature, "nature-company")


def _texts(sheet: Sheet, dropped: frozenset[str]) -> Iterator[tuple[bool, Slip]]:
    seen: dict[str, int] = {}
    for item in sheet.items:
        node = scalar(item, "text")
        if node is not None and node.text:
            if node.text in seen:
                yield warning(node, "same-text", line=seen[node.text])
            seen.setdefault(node.text, node.line)
    for row in [sheet.root, *sheet.items]:
        for _key, value in row.entries:
            if isinstance(value, Scalar) and isinstance(value.value, str):
                for leak in leaks(value.text)[:1]:
                    yield warning(value, "personal-data", kind=_(leak.label), text=leak.text)


def _item(item: Map, record: bool) -> Iterator[tuple[bool, Slip]]:
    kind = item_types.types().get(text(item, "type"))
    if kind is None:
        return
    yield from _scoring(item, kind)
    params = item.get("params")
    yield from _params(item, params if isinstance(params, Map) else None, kind)
    mode = scalar(item, "mode")
    if kind.name == "external" and (mode is None or mode.text in ("covert", "both")):
        yield error(mode or item.key("type") or item, "external-covert")
    if not kind.answerable and flag(item, "required"):
        yield error(item.key("required") or item, "info-required")
    partial = scalar(item, "partial")
    if partial is not None and partial.text == "linear" and kind.partial != "linear":
        yield error(partial, "partial-unsupported", title=_(kind.title))
    if kind.scored and not record and item.get("criterion") is None:
        yield warning(item.key("text") or item, "no-criterion")


def _scoring(item: Map, kind: item_types.ItemType) -> Iterator[tuple[bool, Slip]]:
    weight, node = whole(item, "weight") or 0, item.get("weight")
    if weight > 0 and node is not None:
        if not kind.scored:
            yield error(node, "weight-unscored", title=_(kind.title), n=weight)
        elif not _can(item, kind, "pass"):
            param = _("选项的 verdict") if kind.name == "choice" else _("at_least 或 at_most")
            yield error(node, "weight-never-earned", n=weight, param=param)
    if flag(item, "critical") and not _can(item, kind, "fail"):
        place = item.key("critical") or item
        yield error(place, "critical-never-fails", id=text(item, "id"))


def _can(item: Map, kind: item_types.ItemType, state: str) -> bool:
    """Whether an item of this type and with these parameters can come to a state."""
    params = item.get("params")
    given = params if isinstance(params, Map) else None
    if kind.name in ("count", "number"):
        names = {key.text for key, _value in given.entries} if given else set()
        return bool(names & {"at_least", "at_most"})
    if kind.name == "choice":
        if given is not None and given.get("list") is not None:
            # Its rows may say so.
            return True
        options = maps(given.get("options")) if given else []
        # A verdict that is misspelt may have been meant.
        said = {text(option, "verdict") for option in options} - {"", "noted"}
        return state in said or bool(said - {"pass", "fail"})
    if kind.name == "calculated":
        names = {key.text for key, _value in given.entries} if given else set()
        return bool(names & {"at_least", "at_most"})
    return kind.name not in ("text", "date", "info", "group", "repeat")


def _params(
    item: Map, params: Map | None, kind: item_types.ItemType
) -> Iterator[tuple[bool, Slip]]:
    title, have = _(kind.title), {key.text for key, _value in params.entries} if params else set()
    place = item.key("params") or item.key("type") or item
    for name, rule in kind.params.items():
        if rule.required and name not in have:
            yield error(place, "param-missing", title=title, name=name)
        number = whole(params, name) if params else None
        node = params.get(name) if params else None
        least, most = rule.least, rule.most
        if number is None or node is None or least is None or most is None:
            continue
        if not least <= number <= most:
            yield error(node, "param-range", name=name, n=number, least=least, most=most)
    if kind.name in ("choice", "choices") and not have & {"options", "list"}:
        yield error(place, "param-missing", title=title, name="options")
    if params is None:
        return
    listed = "、".join(kind.params)
    known = _("可用：{names}").format(names=listed) if listed else _("请删去")
    for key, _value in params.entries:
        if key.text in ALL_PARAMS and key.text not in kind.params:
            yield error(key, "param-unknown", title=title, name=key.text, known=known)
    yield from _bounds(params, kind)
    yield from _options(params, kind)


def _bounds(params: Map, kind: item_types.ItemType) -> Iterator[tuple[bool, Slip]]:
    least, most = whole(params, "at_least"), whole(params, "at_most")
    node = params.get("at_least")
    if node is None or least is None:
        return
    if most is not None and "at_most" in kind.params and least > most:
        yield error(node, "param-order", least=least, most=most)
    count = len(maps(params.get("options")))
    if kind.name == "choices" and count and least > count:
        yield error(node, "too-many-wanted", n=least, count=count)


def _options(params: Map, kind: item_types.ItemType) -> Iterator[tuple[bool, Slip]]:
    rows = maps(params.get("options")) if "options" in kind.params else []
    yield from _unique(rows, _("选项"))
    for row in rows:
        node, verdict = scalar(row, "id"), row.key("verdict")
        if node is not None and node.text in _RESERVED:
            yield error(node, "option-reserved", id=node.text)
        if verdict is not None and kind.name == "choices":
            yield error(verdict, "option-verdict")
    key = params.key("options")
    if key is not None and len(rows) > 9:
        yield warning(key, "many-options", n=len(rows))


ALL_PARAMS = frozenset(name for kind in item_types.types().values() for name in kind.params)
"""Every parameter of any type; the schema holds the same names."""
