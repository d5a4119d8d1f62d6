"""Expressions of an XLSForm in the words of a checklist, or the reason why there are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fieldkit.domain.expressions import FUNCTIONS, ExpressionError
from fieldkit.domain.expressions import parse as parse_ours
from fieldkit.text.i18n import N_, _

from .choices import ChoiceList
from .nodes import Names, Node
from .types import SELECTS
from .xpath_tree import (
    Binary,
    Call,
    Literal,
    Path,
    Piece,
    Ref,
    Step,
    Untranslatable,
    Wrapped,
    parse,
    straight,
)

_WHY = {
    "random": N_("随机数没有对应的写法"),
    "uuid": N_("随机编号没有对应的写法"),
    "randomize": N_("随机排序没有对应的写法"),
    "now": N_("当前时刻没有对应的写法，只有日期 today()"),
    "pulldata": N_("pulldata() 查外部数据，没有对应的写法"),
    "instance": N_("instance() 查选项表的其他列，没有对应的写法"),
    "indexed-repeat": N_("indexed-repeat() 取某一次重复的答案，没有对应的写法"),
    "current": N_("current() 后面要跟一道题的路径"),
    "search": N_("search() 查外部数据，没有对应的写法"),
    "last-saved": N_("上一份表的答案取不到"),
}
_RENAMED = {"ends-with": "ends-with", "format-date-time": "format-date", "date-time": "date"}
_TIMES = re.compile(r"%[HhMSIp3]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: the question, its list's columns in a filter, own values."""

    node: Node
    columns: Mapping[str, str] | None = None
    own: bool = False
    options: ChoiceList | None = None


class Translator:
    """Translates the expressions of one form."""

    def __init__(self, names: Names, list_of: Callable[[Node], ChoiceList | None]) -> None:
        self.names = names
        self.list_of = list_of
        self._plain: dict[tuple[str, bool, bool], str] = {}

    def translate(self, text: str, place: Place) -> str:
        """The expression in our words. Raises Untranslatable with one sentence."""
        text = straight(text)
        try:
            written = self._say(parse(text), place)
        except RecursionError:
            raise Untranslatable(_("括号套得太深")) from None
        try:
            parse_ours(written, columns=place.columns is not None, own=place.own)
        except ExpressionError as error:
            raise Untranslatable(error.message.rstrip("。")) from error
        return written

    def reference(self, name: str, node: Node) -> str:
        """``${id}`` for a name in a text or an expression. Raises Untranslatable."""
        if name.startswith("last-saved#"):
            raise Untranslatable(_(_WHY["last-saved"]))
        return self._answer(self.names.find(name, node))

    def _answer(self, found: Node) -> str:
        if not found.kept:
            raise Untranslatable(_("“{name}”没有导入，取不到答案").format(name=found.name))
        if found.kind in ("group", "loop", "form"):
            raise Untranslatable(_("“{name}”是一组题，没有自己的答案").format(name=found.name))
        if found.kind == "note" and not found.cells.get("calculation"):
            raise Untranslatable(_("“{name}”是提示，没有答案").format(name=found.name))
        return f"${{{found.id}}}"

    def _say(self, piece: Piece, place: Place) -> str:
        if isinstance(piece, Literal):
            return _number(piece.text) if piece.number else piece.text
        if isinstance(piece, Ref):
            return self.reference(piece.name, place.node)
        if isinstance(piece, Wrapped):
            inner = self._say(piece.inner, place)
            return f"({inner})" if piece.sign == "(" else f"-{inner}"
        if isinstance(piece, Binary):
            return self._joined(piece, place)
        if isinstance(piece, Call):
            return self._call(piece, place)
        return self._path(piece, place)

    def _joined(self, piece: Binary, place: Place) -> str:
        left, right = piece.left, piece.right
        if piece.op in ("=", "!="):
            left = self._option(left, right, place)
            right = self._option(right, piece.left, place)
            self._remap(left, right, place)
            self._remap(right, left, place)
        return f"{self._say(left, place)} {piece.op} {self._say(right, place)}"

    def _option(self, value: Piece, of: Piece, place: Place) -> Piece:
        """A literal that is compared with a select's answer, as the option's id in our list."""
        if not isinstance(value, Literal | Wrapped):
            return value
        written = _literal(value)
        question = self._question(of, place)
        if written is None or question is None or question.kind not in SELECTS:
            return value
        known = self.list_of(question)
        if known is None or known.ids.get(written, written) == written:
            return value
        return Literal(f"'{known.ids[written]}'", False)

    def _remap(self, column: Piece, of: Piece, place: Place) -> None:
        """A column that holds another list's options holds their new ids."""
        if place.options is None or not isinstance(column, Path) or len(column.steps) != 1:
            return
        question = self._question(of, place)
        known = self.list_of(question) if question is not None else None
        if column.base is None and known is not None:
            place.options.remap(column.steps[0].name, known)

    def _question(self, piece: Piece, place: Place) -> Node | None:
        """The question that a reference, a path or ``.`` means, None for anything else."""
        try:
            if isinstance(piece, Wrapped) and piece.sign == "(":
                return self._question(piece.inner, place)
            if isinstance(piece, Ref):
                return self.names.find(piece.name, place.node)
            if isinstance(piece, Path) and not any(step.tests for step in piece.steps):
                return self._target(piece, place)
        except Untranslatable:
            pass
        return None

    def _call(self, piece: Call, place: Place) -> str:
        name, args = piece.name, piece.args
        if name in _WHY:
            raise Untranslatable(_(_WHY[name]))
        if name == "jr:choice-name" and args:
            return self._label(args[0], args[-1], place)
        if name in ("position", "count") and len(args) <= 1:
            special = self._counted(name, args, place)
            if special:
                return special
        if name == "selected" and len(args) == 2:
            args = (args[0], self._option(args[1], args[0], place))
        said = [self._say(arg, place) for arg in args]
        if name in ("floor", "ceiling") and len(said) == 1:
            sign, step = ("<", "-") if name == "floor" else (">", "+")
            x = said[0]
            return f"if(({x}) {sign} int({x}), int({x}) {step} 1, int({x}))"
        if name == "sqrt" and len(said) == 1:
            return f"pow({said[0]}, 0.5)"
        if name == "regex" and len(args) == 2:
            return f"regex({said[0]}, {_whole(args[1])})"
        if name == "format-date-time" and len(args) == 2:
            if _TIMES.search(said[1]):
                raise Untranslatable(_("时刻没有对应的写法，只有日期"))
            name = "format-date"
        if name == "date-time":
            name = "date"
        if name not in FUNCTIONS:
            raise Untranslatable(_("函数 {name}() 没有对应的写法").format(name=name))
        return f"{name}({', '.join(said)})"

    def _counted(self, name: str, args: tuple[Piece, ...], place: Place) -> str:
        """``position(..)`` of the own repeat, and ``count(${repeat})``; empty for other things."""
        if name == "position":
            repeats = [node for node in place.node.above() if node.kind == "repeat"]
            target = self._question(args[0], place) if args else None
            if repeats and (not args or target is repeats[0]):
                return "position()"
            raise Untranslatable(_("position() 只能取所在重复组的序号"))
        target = self._question(args[0], place) if args else None
        if target is not None and target.kind == "repeat":
            return self._answer(target)
        return ""

    def _label(self, value: Piece, path: Piece, place: Place) -> str:
        """``jr:choice-name(${x}, '${x}')``: the title of what was chosen."""
        target = self._question(value, place)
        if isinstance(path, Literal) and not path.number and target is not None:
            named = self._question(parse(path.text[1:-1] or "''"), place)
            if named is target and target.kind in SELECTS:
                return f"label({self._answer(target)})"
        raise Untranslatable(_("jr:choice-name() 只能取同一道选择题所选项的文字"))

    def _path(self, piece: Path, place: Place) -> str:
        if isinstance(piece.base, Call) and piece.base.name == "instance":
            return self._lookup(piece, place)
        if any(step.tests for step in piece.steps):
            raise Untranslatable(_("不支持路径里的条件 […]"))
        if piece == Path(False, None, (Step("."),)):
            return "."
        if piece.base is None and len(piece.steps) == 1 and not piece.absolute:
            name = piece.steps[0].name
            if name not in (".", ".."):
                return self._bare(name, place)
        target = self._target(piece, place)
        if target is None:
            raise Untranslatable(_("路径没有指到一道题"))
        if target is place.node:
            return "."
        return self._answer(target)

    def _bare(self, name: str, place: Place) -> str:
        if place.columns is None:
            known = " ".join(f"${{{n}}}" for n in (name,) if n in self.names.by_name)
            hint = _("，是不是 {word}？").format(word=known) if known else ""
            raise Untranslatable(_("“{name}”不知道是什么{hint}").format(name=name, hint=hint))
        if name not in place.columns:
            raise Untranslatable(_("选项表没有“{name}”这一列").format(name=name))
        return place.columns[name]

    def _target(self, piece: Path, place: Place) -> Node | None:
        steps = [step.name for step in piece.steps]
        if piece.absolute:
            return self.names.absolute(steps)
        if piece.base is None:
            if place.columns is not None and steps[0] in (".", ".."):
                raise Untranslatable(_("在 choice_filter 里，这条路径指的是选项而不是题"))
            return self.names.relative(steps, place.node)
        if isinstance(piece.base, Call) and piece.base == Call("current", ()):
            return self.names.relative(steps, place.node)
        if isinstance(piece.base, Ref):
            return self.names.relative(steps, self.names.find(piece.base.name, place.node))
        raise Untranslatable(_("不支持这样的路径"))

    def _lookup(self, piece: Path, place: Place) -> str:
        """A label looked up in the list by ``name = ${town}`` is the title of the answer."""
        base, steps = piece.base, piece.steps
        wanted = [step.name for step in steps] == ["root", "item", "label"]
        if isinstance(base, Call) and len(base.args) == 1 and wanted and len(steps[1].tests) == 1:
            listed, test = _literal(base.args[0]), steps[1].tests[0]
            if (
                isinstance(test, Binary)
                and test.op == "="
                and test.left == Path(False, None, (Step("name"),))
            ):
                target = self._question(test.right, place)
                known = self.list_of(target) if target is not None else None
                if target is not None and known is not None and known.name == listed:
                    return f"label({self._answer(target)})"
        raise Untranslatable(_(_WHY["instance"]))


def _literal(piece: Piece) -> str | None:
    """A literal's own characters, None for anything else."""
    if isinstance(piece, Wrapped) and isinstance(piece.inner, Literal) and piece.inner.number:
        return f"-{piece.inner.text}" if piece.sign == "-" else piece.inner.text
    if isinstance(piece, Literal):
        return piece.text if piece.number else piece.text[1:-1]
    return None


def _number(text: str) -> str:
    return text + "0" if text.endswith(".") else text


def _whole(pattern: Piece) -> str:
    """A pattern that must fit the whole answer, as it does in ODK."""
    if not isinstance(pattern, Literal) or pattern.number:
        raise Untranslatable(_("正则式要直接写成引号里的文字"))
    quote, inner = pattern.text[0], pattern.text[1:-1]
    anchored = inner.startswith("^") and re.search(r"(?<!\\)(?:\\\\)*\$$", inner)
    if anchored and "|" not in inner:
        return pattern.text
    return f"{quote}^(?:{inner})${quote}"


def quoted(text: str) -> str:
    """A text as a literal, with ``concat`` where it holds both kinds of quotes."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    parts = re.findall(r"[^']+|'+", text)
    return "concat({})".format(
        ", ".join(f'"{part}"' if "'" in part else f"'{part}'" for part in parts)
    )
