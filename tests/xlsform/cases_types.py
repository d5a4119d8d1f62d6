"""Types in every spelling."""

from __future__ import annotations

from .forms import Case

_YESNO = """
choices | list_name | name | label
 | yn | y | Yes
 | yn | n | No
"""


def _one(type_: str, wanted: str, *notes: str, **more: object) -> Case:
    form = f"survey | type | name | label\n | {type_} | q | Q\n{_YESNO if 'yn' in type_ else ''}"
    want = {"q.type": wanted, "q.text": "Q"} | {f"q.{k}": v for k, v in more.items()}
    return Case(f"type {type_}", form, want, notes)


TEXTS = [_one(t, "text") for t in ("text", "string", "q string", "Text", "add text prompt")]
NUMBERS = [
    *(_one(t, "number", params={"places": 0}) for t in ("int", "integer", "q int", "INTEGER")),
    _one("decimal", "number", params=None),
    _one("q decimal", "number"),
    _one("percentage", "number", constraint=". >= 0 and . <= 100"),
    _one("number of days in last month", "number", constraint=". >= 0 and . <= 31"),
    _one("number of days in last year", "number", constraint=". >= 0 and . <= 365"),
    _one("range", "number", constraint=". >= 1 and . <= 10", params={"places": 0}),
    _one("phone number", "text", constraint="regex(., '^[0-9]*$')"),
]
DATES = [
    *(_one(t, "date") for t in ("date", "q date", "Date")),
    *(_one(t, "date", "2: 时刻没有导入") for t in ("dateTime", "datetime", "date time")),
    _one("time", "text", "2: 时刻题"),
]
NOTES = [_one(t, "info", required=None) for t in ("note", "q note", "add note prompt")]
LOST = [
    *(_one(t, "text", "2: 定位题") for t in ("geopoint", "gps", "location", "q geopoint")),
    _one("geotrace", "text", "2: 路线题"),
    _one("geoshape", "text", "2: 区域题"),
    *(
        _one(t, "text", "2: 拍照题", evidence="照片")
        for t in ("image", "photo", "add image prompt")
    ),
    _one("audio", "text", "2: 录音题", evidence="录音"),
    _one("video", "text", "2: 录像题", evidence="录像"),
    _one("file", "text", "2: 附件题", evidence="文件"),
    _one("osm tags", "text", "2: 地图标注题"),
    _one("barcode", "text", "2: 扫码题"),
    _one("hidden", "calculated", "2: 隐藏题", calculate="''"),
    _one("today", "calculated", calculate="today()"),
    _one("intger", "text", "2: 是不是 integer"),
    _one("begin dancing", "text", "2: 没有题型"),
]
SELECTS = [
    *(
        _one(t, "choice", params={"list": "yn"})
        for t in (
            "select_one yn",
            "select one yn",
            "select one from yn",
            "select1 yn",
            "add select one prompt using yn",
            "Select_One yn",
            "select_one  yn",
        )
    ),
    *(
        _one(t, "choices", params={"list": "yn"})
        for t in (
            "select_multiple yn",
            "select all that apply yn",
            "select all that apply from yn",
            "add select multiple prompt using yn",
        )
    ),
    _one("rank yn", "choices", "2: 排序题", params={"list": "yn"}),
    _one("select_one nowhere", "text", "2: 没有选项表“nowhere”"),
    _one("select_one_from_file towns.csv", "text", "2: towns.csv"),
    _one("select_multiple_from_file towns.xml", "text", "2: towns.xml"),
    _one("acknowledge", "choice", params={"list": "acknowledge"}),
    _one("trigger", "choice"),
]
META = [
    Case(
        f"metadata {t}",
        f"survey | type | name | label\n | {t} | m |\n | text | q | Q",
        {"m.type": None, "q.type": "text"},
        (f"2: “{t}”由采集程序自动填写",),
    )
    for t in (
        "start",
        "end",
        "deviceid",
        "username",
        "audit",
        "phonenumber",
        "simserial",
        "subscriberid",
        "start-geopoint",
        "background-audio",
        "get start time",
    )
]
EXTERNAL = [
    Case(
        f"external {t}",
        f"survey | type | name | label\n | {t} | m |\n | text | q | Q",
        {"m": None, "q": ...},
        ("2: 外部数据文件",),
    )
    for t in ("xml-external", "csv-external")
]
RANGES = [
    Case(
        f"range {given}",
        f"survey | type | name | label | parameters\n | range | q | Q | {given}",
        {"q.constraint": constraint, "q.params": {"places": places}},
    )
    for given, constraint, places in (
        ("start=0 end=5 step=1", ". >= 0 and . <= 5", 0),
        ("start=5;end=1", ". >= 1 and . <= 5", 0),
        ("start=0, end=10, step=2", ". >= 0 and . <= 10 and . mod 2 = 0", 0),
        ("start=1 end=9 step=2", ". >= 1 and . <= 9 and (. - 1) mod 2 = 0", 0),
        ("start=-2 end=2 step=0.5", ". >= -2 and . <= 2 and (. + 2) mod 0.5 = 0", 1),
        ("start=0 end=1 step=0.1", ". >= 0 and . <= 1", 1),
    )
]
PARAMETERS = [
    Case(
        "a range's bounds go with the author's constraint",
        "survey|type|name|label|constraint|parameters\n|range|q|Q|. != 3|start=1 end=5",
        {"q.constraint": ". >= 1 and . <= 5 and (. != 3)"},
    ),
    Case(
        "a range that is none",
        "survey|type|name|label|parameters\n|range|q|Q|start=a end=5",
        {"q.type": "number", "q.constraint": None},
        ("2: 不是数",),
    ),
    Case(
        "parameters without a counterpart",
        f"survey|type|name|label|parameters\n|select_one yn|q|Q|randomize=true seed=5\n{_YESNO}",
        {"q.type": "choice"},
        ("2: randomize", "2: seed"),
    ),
    Case(
        "a list used nowhere",
        f"survey|type|name|label\n|text|q|Q\n{_YESNO}",
        {"@lists": None},
        ("2: 没有题目用到",),
    ),
]
CASES = [
    *TEXTS, *NUMBERS, *DATES, *NOTES, *LOST, *SELECTS, *META, *EXTERNAL, *RANGES, *PARAMETERS,
]  # fmt: skip
