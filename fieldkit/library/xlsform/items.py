"""Questions as items of a checklist; every cell is carried over or noted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit.domain.expressions import ExpressionError, parse
from fieldkit.text.i18n import _

from . import kinds, survey
from .choices import ChoiceList, Lists
from .nodes import Names, Node
from .notes import Notes, clipped
from .types import NUMBERS, SELECTS, UNASKED
from .words import Wording, Words
from .xpath import Place, Translator, quoted
from .xpath_tree import Untranslatable, straight

Data = dict[str, Any]
ORDER = (
    "id", "text", "type", "criterion", "evidence", "relevant", "required", "read_only",
    "constraint", "message", "default", "calculate", "count", "params", "translations", "items",
)  # fmt: skip
_YES = frozenset(("yes", "true", "true()", "1"))
_NO = frozenset(("no", "false", "false()", "0"))
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?")
_DYNAMIC = re.compile(r"\$\{|[\w:-]\(|[-+*|]| div | mod |\[")
_GROUP_CELLS = ("required", "constraint", "default", "calculation", "choice_filter", "read_only")


@dataclass(slots=True)
class Form:
    """What the items of one form share."""

    sheet: str
    folder: Path
    notes: Notes
    wording: Wording
    lists: Lists
    names: Names
    translator: Translator

    def note(self, node: Node, key: str, what: str) -> None:
        """Note a cell of a question's row."""
        header = node.cells.headers.get(key, key)
        self.notes.add(self.sheet, node.cells.number, header, what)

    def expression(self, node: Node, key: str, **where: Any) -> str:
        """A cell's expression in our words; empty, and noted, where there are none."""
        written = node.cells.get(key)
        if not written:
            return ""
        try:
            return self.translator.translate(written, Place(node, **where))
        except Untranslatable as reason:
            what = _("“{text}”没有导入：{reason}。")
            self.note(node, key, what.format(text=clipped(written), reason=reason))
            return ""


def items(form: Form, nodes: list[Node]) -> list[Data]:
    """The items of questions and groups, in their order."""
    found = []
    for node in nodes:
        data = _container(form, node) if node.container else _question(form, node)
        if data is not None:
            found.append({key: data[key] for key in ORDER if data.get(key) not in (None, "", {})})
    return found


def _container(form: Form, node: Node) -> Data | None:
    inside = items(form, node.children)
    if not inside:
        if node.kept or not node.children:
            form.note(node, "type", _("这组题是空的，没有导入。"))
        return None
    data: Data = {"id": node.id, "type": "repeat" if node.kind == "repeat" else "group"}
    data["relevant"] = form.expression(node, "relevant")
    if node.kind == "repeat":
        data["count"] = form.expression(node, "repeat_count")
    for key in _GROUP_CELLS:
        if node.cells.get(key):
            form.note(node, key, _("题组没有这一项，没有导入。"))
    for key in ("hint", "guidance_hint"):
        if node.cells.words.get(key):
            form.note(node, key, _("题组没有提示，没有导入。"))
    _texts(form, node, data, ("label",))
    _leftovers(form, node)
    data["items"] = inside
    return data


def _question(form: Form, node: Node) -> Data | None:
    if not node.kept:
        _leftovers(form, node)
        return None
    data: Data = {"id": node.id, "type": "text"}
    known = _type(form, node, data)
    _texts(form, node, data, ("label", "hint", "message"))
    data["relevant"] = form.expression(node, "relevant")
    if data["type"] == "calculated":
        for key in ("required", "constraint", "default"):
            if node.cells.get(key) and key not in data.get("_used", ()):
                form.note(node, key, _("计算项没有这一项，没有导入。"))
    elif data["type"] != "info":
        _asked(form, node, data, known)
    if node.made == "other":
        _other(form, node, data)
    if not data.get("constraint") and data.pop("message", ""):
        for said in data.get("translations", {}).values():
            said.pop("message", None)
        if node.cells.words.get("message"):
            form.note(node, "message", _("没有约束条件，提示语没有导入。"))
    if "translations" in data:
        data["translations"] = {code: said for code, said in data["translations"].items() if said}
    _leftovers(form, node)
    return data


def _type(form: Form, node: Node, data: Data) -> ChoiceList | None:
    """Set the type and its parameters; returns the list of a select."""
    calculation = node.cells.get("calculation")
    read_only = node.cells.get("read_only").casefold() in _YES
    if node.kind in UNASKED or (calculation and (node.kind == "note" or read_only)):
        data["type"] = "calculated"
        _calculated(form, node, data)
        return None
    if node.kind in SELECTS or node.kind == "acknowledge":
        return _select(form, node, data)
    kinds.set_type(form, node, data)
    return None


def _calculated(form: Form, node: Node, data: Data) -> None:
    if node.kind == "today":
        data["calculate"] = "today()"
        return
    if node.kind == "hidden":
        form.note(node, "type", _("隐藏题没有对应的题型，改为计算项。"))
    written = form.expression(node, "calculation", own=True)
    if not written and not node.cells.get("calculation") and node.cells.get("default"):
        default = _default(form, node, None, "text")
        written = f"once({default})" if default and not default.startswith("'") else default
        data["_used"] = ("default",)
    elif not written and not node.cells.get("calculation") and node.kind == "calculate":
        form.note(node, "calculation", _("计算项没有计算式，结果总是空白。"))
    data["calculate"] = written or "''"


def _select(form: Form, node: Node, data: Data) -> ChoiceList | None:
    known = survey.list_of(node, form.lists)
    kind = node.type
    if known is None and kind.source == "file":
        known = form.lists.file(kind.list, form.folder, kinds.parameters(node.cells))
    if known is None:
        if kind.source == "file":
            what = _("选项在文件 {name} 里，读不到；改为文字题。")
        elif kind.source == "answers":
            what = _("选项来自别的题的答案（{name}），没有对应的写法；改为文字题。")
        else:
            what = _("没有选项表“{name}”；改为文字题。")
        form.note(node, "type", what.format(name=clipped(kind.list, 40)))
        if node.cells.get("choice_filter"):
            form.note(node, "choice_filter", _("没有选项表，筛选条件没有导入。"))
        return None
    known.used = True
    data["type"] = "choice" if node.kind in ("select_one", "acknowledge") else "choices"
    if node.kind == "rank":
        form.note(node, "type", _("排序题没有对应的题型，改为多选题，次序没有要求。"))
    data["params"] = {"list": known.id}
    filter_ = form.expression(node, "choice_filter", columns=known.columns, options=known)
    if filter_:
        data["params"]["filter"] = filter_
    return known


def _asked(form: Form, node: Node, data: Data, known: ChoiceList | None) -> None:
    """What only a question that somebody answers has."""
    data["required"] = _required(form, node)
    read_only = node.cells.get("read_only").casefold()
    if read_only in _YES:
        data["read_only"] = True
    elif read_only and read_only not in _NO:
        form.note(node, "read_only", _("“只读”不能带条件，没有导入。"))
    constraint = form.expression(node, "constraint", own=True)
    bounds = data.pop("_bounds", "")
    if bounds and constraint:
        constraint = f"{bounds} and ({constraint})"
    data["constraint"] = constraint or bounds
    calculation = form.expression(node, "calculation")
    default = _default(form, node, known, data["type"]) if node.cells.get("default") else ""
    if calculation and not default:
        form.note(node, "calculation", _("可以改的计算结果，改作默认答案，之后不再重算。"))
        default = calculation
    elif calculation:
        form.note(node, "calculation", _("已有默认答案，计算式没有导入。"))
    # A value that nobody can enter has to come from somewhere; here it stays empty.
    data["default"] = default or ("''" if data.get("read_only") else "")


def _required(form: Form, node: Node) -> bool | str:
    written = node.cells.get("required")
    if written.casefold() in _YES:
        return True
    if not written or written.casefold() in _NO:
        return False
    return form.expression(node, "required") or False


def _default(form: Form, node: Node, known: ChoiceList | None, kind: str) -> str:
    """A default as an expression: what looks like one, else the literal; noted where neither."""
    written = node.cells.get("default")
    if node.kind in kinds.WITHOUT_DEFAULT:
        form.note(node, "default", _("这种题没有默认答案，没有导入。"))
        return ""
    if kind == "date" and _DATE.fullmatch(written):
        return f"'{written[:10]}'"
    if kind == "number" and _NUMBER.fullmatch(written):
        number = kinds.number(written)
        try:
            parse(number)
        except ExpressionError as fault:
            what = _("“{text}”没有导入：{reason}")
            form.note(node, "default", what.format(text=clipped(written), reason=fault.message))
            return ""
        return number
    if _DYNAMIC.search(written):
        try:
            return form.translator.translate(written, Place(node))
        except Untranslatable as reason:
            if "${" in written or re.search(r"[\w:-]\(", written):
                what = _("“{text}”没有导入：{reason}。")
                form.note(node, "default", what.format(text=clipped(written), reason=reason))
                return ""
    if kind in ("number", "date"):
        what = _("默认答案“{text}”不是{kind}，没有导入。").format(
            text=clipped(written), kind=_("数") if node.kind in NUMBERS else _("日期")
        )
        form.note(node, "default", what)
        return ""
    text = form.wording.plain(straight(written))
    if known is not None:
        parts = [known.ids.get(part, part) for part in text.split()]
        text = " ".join(parts) if kind == "choices" else known.ids.get(text, text)
    return quoted(text)


def _other(form: Form, node: Node, data: Data) -> None:
    """The question that asks what "other" is: only where it was chosen."""
    parent = node.parent
    before = parent.children[parent.children.index(node) - 1] if parent is not None else node
    known = survey.list_of(before, form.lists)
    data["text"] = _("请写明其他")
    if known is not None:
        data["relevant"] = f"selected(${{{before.id}}}, '{known.ids.get('other', 'other')}')"


def _texts(form: Form, node: Node, data: Data, keys: tuple[str, ...]) -> None:
    """Label, hint and message in every language."""

    def refer(key: str) -> Callable[[str], str]:
        def said(name: str) -> str:
            try:
                return form.translator.reference(name, node)
            except Untranslatable as reason:
                what = _("文字里的“{name}”没有代入：{reason}。")
                form.note(node, key, what.format(name=clipped(name), reason=reason))
                return f"〔{clipped(name)}〕"

        return said

    def words(key: str) -> Words:
        return form.wording.of(node.cells, key, form.sheet, refer=refer(key))

    translations: dict[str, dict[str, str]] = {}
    for key in keys:
        name = {"label": "text", "hint": "criterion", "message": "message"}[key]
        found = words(key)
        guidance = node.cells.words.get("guidance_hint")
        if key == "hint" and guidance:
            if found.text:
                form.note(node, "guidance_hint", _("补充提示没有对应的地方，没有导入。"))
            else:
                form.note(node, "guidance_hint", _("补充提示没有对应的地方，写进了合格标准。"))
                found = words("guidance_hint")
        data[name] = found.text
        for code, text in found.others.items():
            translations.setdefault(code, {})[name] = text
    data["text"] = data.get("text") or form.wording.plain(node.name)[:200] or node.id
    data["translations"] = {code: translations[code] for code in sorted(translations)}


def _leftovers(form: Form, node: Node) -> None:
    """Note the cells that nothing in a checklist corresponds to."""
    row = node.cells
    if row.get("appearance"):
        what = _("外观“{text}”没有对应的写法，没有导入。").format(
            text=clipped(row.get("appearance"))
        )
        form.note(node, "appearance", what)
    if row.get("trigger"):
        form.note(node, "trigger", _("重算的时机不能指定，没有导入。"))
    if row.words.get("required_message"):
        form.note(node, "required_message", _("必答的提示语没有对应的写法，没有导入。"))
    if row.get("repeat_count") and node.kind != "repeat":
        form.note(node, "repeat_count", _("只有重复组有次数，没有导入。"))
    if row.get("choice_filter") and node.kind not in SELECTS and not node.container:
        form.note(node, "choice_filter", _("只有选择题有筛选条件，没有导入。"))
    for name, value in kinds.parameters(row).items():
        if name not in kinds.USED.get(node.kind, ()) and not (
            node.type.source == "file" and name in ("value", "label")
        ):
            what = _("参数 {name}={value} 没有对应的写法，没有导入。")
            form.note(node, "parameters", what.format(name=clipped(name), value=clipped(value)))
    for column, text in row.others:
        if column.key == "media":
            what = _("题目的图片、声音或录像“{name}”没有导入。").format(name=clipped(text))
            form.notes.add(form.sheet, row.number, column.header, what)
