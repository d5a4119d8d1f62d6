"""A walker over the part of JSON Schema that checklists use, reporting everything at once.

The schema file is the single source: editors read it, this module checks by it, and a test holds
both against a full implementation. Understood: type, const, enum, minimum, maximum, minLength,
maxLength, pattern, required, properties, additionalProperties, propertyNames (pattern), items,
minItems, maxItems, minProperties, uniqueItems, $ref within the file, if/else with const.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded

from .positions import Map, Node, Scalar, Seq, Slip

_TYPES = {
    "object": N_("一组“键: 值”"),
    "array": N_("列表（每行以“- ”开头）"),
    "string": N_("文字"),
    "integer": N_("整数"),
    "boolean": N_("true 或 false"),
}
MESSAGES = {
    "unknown-key": N_("不认识键“{key}”{guess}；请改正或删去。"),
    "fullwidth-colon": N_("键“{key}”后面是全角冒号“：”；请改成半角冒号加一个空格“: ”。"),
    "missing-space": N_("键“{key}”的冒号后面要空一格；请改成“{key}: ”。"),
    "missing-key": N_("缺少“{key}”；请补上这一行。"),
    "wrong-type": N_("“{name}”应是{type}，写的是“{text}”；请改正。"),
    "wrong-type-width": N_("“{name}”的“{text}”是全角数字；请改成半角的 {meant}。"),
    "wrong-type-quoted": N_("“{name}”是整数，不加引号；请写成 {meant}。"),
    "wrong-type-word": N_("“{name}”不能写“{text}”；请写成 {meant}。"),
    "wrong-type-container": N_("“{name}”应是{type}；请改正。"),
    "needs-quotes": N_('“{name}”应是文字，不加引号会被当成别的；请写成 "{text}"。'),
    "empty-value": N_("“{name}”后面没有内容；请填写或删去这一行。"),
    "not-a-choice": N_("“{name}”不能是“{text}”{guess}；可用：{choices}。"),
    "too-small": N_("“{name}”是 {text}，不能小于 {limit}；请改大。"),
    "too-large": N_("“{name}”是 {text}，不能大于 {limit}；请改小。"),
    "too-short": N_("“{name}”不能是空的；请填写。"),
    "too-long": N_("“{name}”有 {n} 个字，最多 {limit} 个；请写短些。"),
    "bad-pattern": N_("“{name}”的写法“{text}”不对；{help}。"),
    "too-few": N_("“{name}”至少要有 {limit} 项；请补上。"),
    "too-many": N_("“{name}”有 {n} 项，最多 {limit} 项；请减少。"),
    "repeated": N_("“{name}”里的“{text}”重复；请删去一个。"),
}
HELPS = {
    "id": N_("只用汉字、半角字母、数字和 - _ .，不以 - . 开头，最多 64 个"),
    "code-id": N_("只用半角字母、数字和 - _ .，以字母或数字开头，最多 40 个"),
    "language": N_("写成语言代号，如 zh、en、zh-Hant"),
    "version": N_('写成 "年.月"，如 "2026.11"'),
    "source": N_("写成“代号 条款”，如 S003 三(一)，中间一个半角空格，几条之间用半角逗号"),
    "code": N_("来源代号里不能有空格和标点"),
}
_OTHER_WORDS = {
    "yes": "true", "no": "false", "on": "true", "off": "false", "是": "true", "否": "false",
}  # fmt: skip


def check(root: Node, schema: Mapping[str, Any], dropped: frozenset[str]) -> list[Slip]:
    """Every way in which a tree is not what the schema says.

    Keys in ``dropped`` stood on lines that could not be read: they are not called missing.
    """
    return list(_Walker(schema, dropped).walk(root, schema, ""))


def key_owners(schema: Mapping[str, Any]) -> dict[str, frozenset[int]]:
    """Every key that the schema knows, with the numbers of the mappings that have it."""
    found: dict[str, set[int]] = {}
    pending: list[Any] = [schema]
    owner = 0
    while pending:
        part = pending.pop()
        if isinstance(part, Mapping):
            properties = part.get("properties")
            if isinstance(properties, Mapping):
                owner += 1
                for name in properties:
                    found.setdefault(name, set()).add(owner)
            pending += part.values()
        elif isinstance(part, list):
            pending += part
    return {name: frozenset(owners) for name, owners in found.items()}


class _Walker:
    def __init__(self, root: Mapping[str, Any], dropped: frozenset[str]) -> None:
        self.root = root
        self.dropped = dropped

    def walk(self, node: Node, schema: Mapping[str, Any], name: str) -> Iterator[Slip]:
        schema = self._resolved(schema)
        if isinstance(node, Scalar) and node.broken:
            return
        other = isinstance(schema.get("type"), list) and _is_other_word(node)
        if other or not _is_type(node, schema.get("type")):
            yield _wrong_type(node, schema, name)
            if other and isinstance(node, Scalar):
                # It is no condition either.
                node.broken = True
            return
        if isinstance(node, Map):
            yield from self._map(node, schema)
        elif isinstance(node, Seq):
            yield from self._seq(node, schema, name)
        elif isinstance(node, Scalar):
            yield from _scalar(node, schema, name)

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            part: Any = self.root
            for step in schema["$ref"].removeprefix("#/").split("/"):
                part = part[step]
            schema = part
        return schema

    def _map(self, node: Map, schema: Mapping[str, Any]) -> Iterator[Slip]:
        properties = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        names = schema.get("propertyNames", {})
        have = {key.text for key, _value in node.entries}
        for key, value in node.entries:
            if key.text not in properties and others is False:
                yield _unknown(key, properties)
                meant = _nearest(key.text, properties)
                if meant and meant not in have:
                    # The rest is judged as if the key had been spelt right.
                    have.add(meant)
                    if key.text != meant and ":" in key.text.replace("：", ":"):
                        value = Scalar(value.line, value.column, None, "", broken=True)
                    key.text = meant
            if key.text in properties:
                yield from self.walk(value, properties[key.text], key.text)
            elif others is not False:
                yield from _scalar(key, {"x-help": "code", **names}, key.text)
                if isinstance(others, Mapping):
                    yield from self.walk(value, others, key.text)
        for wanted in (*schema.get("required", ()), *_otherwise(node, schema)):
            if wanted not in have | self.dropped:
                yield _slip(node, "missing-key", key=wanted)

    def _seq(self, node: Seq, schema: Mapping[str, Any], name: str) -> Iterator[Slip]:
        count = len(node.items)
        if count < schema.get("minItems", 0):
            yield _slip(node, "too-few", name=name, limit=schema["minItems"])
        if count > schema.get("maxItems", count):
            yield _slip(node, "too-many", name=name, n=count, limit=schema["maxItems"])
        seen: set[object] = set()
        for item in node.items:
            if schema.get("uniqueItems") and isinstance(item, Scalar) and not item.broken:
                if item.text in seen:
                    yield _slip(item, "repeated", name=name, text=item.text)
                seen.add(item.text)
            if "items" in schema:
                yield from self.walk(item, schema["items"], name)


def _is_other_word(node: Node) -> bool:
    """Whether a value that may be true, false or a text was meant as true or false."""
    return isinstance(node, Scalar) and node.plain and node.text.lower() in _OTHER_WORDS


def _otherwise(node: Map, schema: Mapping[str, Any]) -> tuple[str, ...]:
    """What is required besides, where the ``if`` does not hold: each key there has its const."""
    wanted = schema.get("if", {}).get("properties")
    if not wanted:
        return ()
    for name, rule in wanted.items():
        value = node.get(name)
        if not isinstance(value, Scalar) or value.value != rule["const"]:
            return tuple(schema["else"]["required"])
    return ()


def _scalar(node: Scalar, schema: Mapping[str, Any], name: str) -> Iterator[Slip]:
    value, text = node.value, _short(node.text)
    choices = schema.get("enum")
    if choices is not None and value not in choices:
        guess = _guess(str(node.text), [str(c) for c in choices])
        listed = "、".join(str(choice) or '""' for choice in choices)
        yield _slip(node, "not-a-choice", name=name, text=text, guess=guess, choices=listed)
        return
    if isinstance(value, int) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            yield _slip(node, "too-small", name=name, text=text, limit=schema["minimum"])
        elif value > schema.get("maximum", value):
            yield _slip(node, "too-large", name=name, text=text, limit=schema["maximum"])
    elif isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            yield _slip(node, "too-short", name=name)
        elif len(value) > schema.get("maxLength", len(value)):
            limit = schema["maxLength"]
            yield _slip(node, "too-long", name=name, n=len(value), limit=limit)
        elif "pattern" in schema and re.search(schema["pattern"], value) is None:
            help_ = _(HELPS[schema.get("x-help", "id")])
            yield _slip(node, "bad-pattern", name=name, text=text, help=help_)


def _is_type(node: Node, wanted: str | list[str] | None) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, list):
        return any(_is_type(node, one) for one in wanted)
    if wanted == "object":
        return isinstance(node, Map)
    if wanted == "array":
        return isinstance(node, Seq)
    if not isinstance(node, Scalar):
        return False
    if wanted == "integer":
        return isinstance(node.value, int) and not isinstance(node.value, bool)
    return isinstance(node.value, {"string": str, "boolean": bool}[wanted])


def _wrong_type(node: Node, schema: Mapping[str, Any], name: str) -> Slip:
    wanted = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    name = name or _("检查表")
    if not isinstance(node, Scalar):
        return _slip(node, "wrong-type", "wrong-type-container", name=name, type=_(_TYPES[wanted]))
    if node.value is None and node.plain:
        return _slip(node, "empty-value", name=name)
    if wanted == "string" and node.plain:
        return _slip(node, "wrong-type", "needs-quotes", name=name, text=_short(node.text))
    words: dict[str, str] = {"name": name, "text": _short(node.text)}
    other = _OTHER_WORDS.get(node.text.lower()) if wanted == "boolean" else None
    if other:
        return _slip(node, "wrong-type", "wrong-type-word", meant=other, **words)
    if wanted == "integer" and re.fullmatch(r"-?[0-9]{1,9}", folded(node.text)):
        how = "wrong-type-quoted" if not node.plain else "wrong-type-width"
        return _slip(node, "wrong-type", how, meant=folded(node.text), **words)
    return _slip(node, "wrong-type", type=_(_TYPES[wanted]), **words)


def _unknown(key: Scalar, properties: Mapping[str, Any]) -> Slip:
    for sign, code in (("：", "fullwidth-colon"), (":", "missing-space")):
        head, colon, _rest = key.text.partition(sign)
        if colon and head.strip() in properties:
            message = _(MESSAGES[code]).format(key=head.strip())
            return Slip(key.line, key.column + len(head), code, message)
    return _slip(key, "unknown-key", key=_short(key.text), guess=_guess(key.text, list(properties)))


def _nearest(text: str, known: Mapping[str, Any]) -> str:
    head = re.split("[:：]", text)[0].strip()
    if head in known:
        return head
    return next(iter(difflib.get_close_matches(text.lower(), list(known), 1, 0.7)), "")


def _guess(text: str, known: list[str]) -> str:
    near = difflib.get_close_matches(text.lower(), known, 1, 0.6)
    return _("（是不是“{word}”？）").format(word=near[0]) if near else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29] + "…"


def _slip(node: Node, code: str, text: str = "", /, **words: object) -> Slip:
    message = _(MESSAGES[text or code]).format(**words)
    return Slip(node.line, node.column, code, message)
