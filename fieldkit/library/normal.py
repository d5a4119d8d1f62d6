"""An author's checklist in its normalised form: every default filled in, every text composed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldkit.domain import items as item_types
from fieldkit.domain.checklist import CONTAINERS
from fieldkit.domain.checklist_write import ITEM_TEXTS, is_newer
from fieldkit.text.plain import composed

Doc = dict[str, Any]

_ROW = ("id", "title", "verdict", "translations")


def normalised(data: Mapping[str, Any]) -> Doc:
    """The normalised form of a list without errors; version 2 where it uses what only that has."""
    sections = [_section(section) for section in data["sections"]]
    more = _given(
        kind="record" if data.get("kind") == "record" else "",
        cadence=data.get("cadence", ""),
        language=data.get("language", ""),
        lists={name: [_row(row) for row in rows] for name, rows in data.get("lists", {}).items()},
        translations=_translations(data.get("translations", {})),
    )
    doc = {
        "v": 1,
        "id": data["id"],
        "version": data["version"],
        "title": composed(data["title"]),
        "title_en": composed(data.get("title_en", "")),
        "target": composed(data.get("target", "")),
        "boundary": composed(data.get("boundary", "")),
        "nature": data.get("nature", "guidance"),
        "site_kinds": data.get("site_kinds", []),
        "critical_effect": data.get("critical_effect", ""),
        "grades": data.get("grades", []),
        "sections": sections,
        "sources": {code: composed(title) for code, title in data.get("sources", {}).items()},
        **more,
    }
    if more or any(is_newer(section) for section in sections):
        doc["v"] = 2
    return doc


def _section(data: Mapping[str, Any]) -> Doc:
    doc = {
        "id": data["id"],
        "title": composed(data["title"]),
        "items": [_item(item) for item in data["items"]],
    }
    more = _given(
        relevant=data.get("relevant", "").strip(),
        translations=_translations(data.get("translations", {})),
    )
    return doc | more


def _item(data: Mapping[str, Any]) -> Doc:
    kind = item_types.of(data["type"])
    required = data.get("required", kind.answerable)
    doc = {
        "id": data["id"],
        "text": composed(data["text"]),
        "type": data["type"],
        "criterion": composed(data.get("criterion", "")),
        "evidence": composed(data.get("evidence", "")),
        "weight": data.get("weight", 0),
        "critical": data.get("critical", False),
        "mode": data.get("mode", "both"),
        "required": required if isinstance(required, bool) else False,
        "source": data.get("source", []),
        "params": _params(data.get("params", {})),
        "partial": data.get("partial", kind.partial),
        "phrases": [composed(phrase) for phrase in data.get("phrases", [])],
    }
    texts = {name: data.get(name, "").strip() for name in ITEM_TEXTS if name != "required_if"}
    texts["message"] = composed(texts["message"])
    more = _given(
        **texts,
        required_if="" if isinstance(required, bool) else required.strip(),
        read_only=data.get("read_only", False),
        effect=data.get("effect", ""),
        translations=_translations(data.get("translations", {})),
    )
    if data["type"] in CONTAINERS:
        more["items"] = [_item(item) for item in data.get("items", [])]
    return doc | more


def _params(data: Mapping[str, Any]) -> Doc:
    params = dict(data)
    if "options" in params:
        params["options"] = [
            dict(row)
            | _given(translations=_translations(row.get("translations", {})))
            | {"title": row["title"]}
            for row in params["options"]
        ]
    return params


def _row(data: Mapping[str, Any]) -> Doc:
    columns = {name: composed(text) for name, text in data.items() if name not in _ROW}
    verdict = data.get("verdict", "noted")
    more = _given(
        verdict="" if verdict == "noted" else verdict,
        columns=columns,
        translations=_translations(data.get("translations", {})),
    )
    return {"id": data["id"], "title": composed(data["title"]), **more}


def _translations(data: Mapping[str, Mapping[str, str]]) -> Doc:
    return {
        language: {name: composed(text) for name, text in texts.items()}
        for language, texts in data.items()
        if texts
    }


def _given(**fields: Any) -> Doc:
    """What is not left at its default."""
    return {name: value for name, value in fields.items() if value}
