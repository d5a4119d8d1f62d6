"""Each XLSForm type's nearest type of item, and what is lost on the way."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fieldkit.text.i18n import N_, _

from .columns import Cells
from .notes import clipped
from .types import MEDIA, PLACES

if TYPE_CHECKING:
    from .items import Form
    from .nodes import Node

WITHOUT_DEFAULT = MEDIA | PLACES
USED = {"range": ("start", "end", "step")}
_PARAMETER = re.compile(r"([\w:-]+)\s*=\s*([^\s;,]+)")
_MOST = {"percentage": 100, "days-month": 31, "days-half": 183, "days-year": 365}
_LOST = {
    "geopoint": N_("定位题没有对应的题型，改为文字题，请写经纬度或地点。"),
    "geotrace": N_("路线题没有对应的题型，改为文字题。"),
    "geoshape": N_("区域题没有对应的题型，改为文字题。"),
    "image": N_("拍照题没有对应的题型，改为文字题，佐证里写了“照片”。"),
    "audio": N_("录音题没有对应的题型，改为文字题，佐证里写了“录音”。"),
    "video": N_("录像题没有对应的题型，改为文字题，佐证里写了“录像”。"),
    "file": N_("附件题没有对应的题型，改为文字题，佐证里写了“文件”。"),
    "osm": N_("地图标注题没有对应的题型，改为文字题，佐证里写了“文件”。"),
    "barcode": N_("扫码题没有对应的题型，改为文字题。"),
    "time": N_("时刻题没有对应的题型，改为文字题。"),
    "datetime": N_("日期时刻题没有对应的题型，改为日期题，时刻没有导入。"),
}
_EVIDENCE = {
    "image": N_("照片"), "audio": N_("录音"), "video": N_("录像"), "file": N_("文件"),
    "osm": N_("文件"),
}  # fmt: skip
UNKEPT = {
    "meta": N_("“{type}”由采集程序自动填写，这里没有，没有导入。"),
    "external": N_("外部数据文件没有导入。"),
}


def set_type(form: Form, node: Node, data: dict[str, Any]) -> None:
    """The type, its parameters and the bounds that the type itself sets."""
    kind = node.kind
    if kind in _LOST:
        form.note(node, "type", _(_LOST[kind]))
    if kind in _EVIDENCE:
        data["evidence"] = _(_EVIDENCE[kind])
    if kind in ("integer", *_MOST):
        data["type"] = "number"
        data["params"] = {"places": 0}
        if kind in _MOST:
            data["_bounds"] = f". >= 0 and . <= {_MOST[kind]}"
    elif kind == "decimal":
        data["type"] = "number"
    elif kind == "range":
        _range(form, node, data)
    elif kind in ("date", "datetime"):
        data["type"] = "date"
        data["params"] = {"future": True}
    elif kind == "note":
        data["type"] = "info"
        for key in ("required", "constraint", "default"):
            written = node.cells.get(key)
            if written and not (key == "required" and written.casefold() in ("no", "false")):
                form.note(node, key, _("提示不用作答，没有导入。"))
    elif kind == "phone":
        data["_bounds"] = "regex(., '^[0-9]*$')"
    elif kind == "unknown":
        near = _("，是不是 {word}？").format(word=node.type.near) if node.type.near else ""
        what = _("没有题型“{type}”{near}改为文字题。")
        written = clipped(node.cells.get("type"), 40)
        form.note(node, "type", what.format(type=written, near=near or "，"))


def _range(form: Form, node: Node, data: dict[str, Any]) -> None:
    data["type"] = "number"
    given = parameters(node.cells)
    try:
        start, end, step = (
            Fraction(given.get(name, usual))
            for name, usual in (("start", "1"), ("end", "10"), ("step", "1"))
        )
        if not step or any(part.denominator > 10**6 or abs(part) > 10**12
                           for part in (start, end, step)):  # fmt: skip
            raise ValueError(step)
    except (ValueError, ZeroDivisionError):
        form.note(node, "parameters", _("刻度的参数不是数，没有导入。"))
        return
    start, end, step = min(start, end), max(start, end), abs(step)
    places = max(_places(part) for part in (start, step))
    data["params"] = {"places": places}
    data["_bounds"] = f". >= {_digits(start)} and . <= {_digits(end)}"
    unit = Fraction(1, 10**places)
    if step != unit:
        from_ = f"(. - {_digits(start)})" if start > 0 else f"(. + {_digits(-start)})"
        data["_bounds"] += f" and {'.' if not start else from_} mod {_digits(step)} = 0"


def _places(part: Fraction) -> int:
    return next(n for n in range(7) if (part * 10**n).denominator == 1 or n == 6)


def _digits(part: Fraction) -> str:
    if part.denominator == 1:
        return str(part.numerator)
    return f"{float(part):.6f}".rstrip("0").rstrip(".")


def number(written: str) -> str:
    """A number as an expression writes it."""
    sign = "-" if written.startswith("-") else ""
    digits = written.lstrip("+-")
    return sign + (digits + "0" if digits.endswith(".") else digits)


def parameters(row: Cells) -> dict[str, str]:
    """The ``name=value`` pairs of the parameters cell."""
    return dict(_PARAMETER.findall(row.get("parameters")))
