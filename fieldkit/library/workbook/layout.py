"""Sheets, columns and words of the workbook.

Every header is a Chinese name and the stable key of the format, as in ``编号 id``; either half
is enough on the way back. So are the words of a closed list, as in ``是否 check``. This is the
form of a file and not a message: it stays the same whatever language the program speaks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ITEMS, OPTIONS, HEAD, GRADES, SOURCES = "检查表", "选项", "表头", "等次", "依据"
WORDS = "词表"
"""The sheet of words that the drop-downs offer; nothing is read from it."""

SECTION, END = "section", "end"
"""What stands in the column of types in rows that are no items."""
CONTAINERS = ("group", "repeat")
OTHER = "other"
"""The key of the column that keeps what has no column of its own, as one JSON object."""

VOCABULARY: Mapping[str, Mapping[str, str]] = {
    "type": {
        SECTION: "节",
        "check": "是否",
        "redline": "红线",
        "external": "外部结论",
        "recency": "时效",
        "sample": "抽样",
        "ratio": "比例",
        "count": "数量",
        "number": "数值",
        "choice": "单选",
        "choices": "多选",
        "date": "日期",
        "text": "文字",
        "info": "提示",
        "calculated": "计算",
        "group": "题组",
        "repeat": "重复组",
        END: "组结束",
    },
    "mode": {"open": "明察", "covert": "暗访", "both": "均可"},
    "partial": {"linear": "按比例", "threshold": "不给"},
    "effect": {"ineligible": "不予评定", "fail_target": "未达标", "refer": "立即移交"},
    "verdict": {"pass": "合格", "fail": "不合格", "noted": "只记录"},
    "nature": {
        "supervision": "督导检查",
        "assessment": "创建评估",
        "guidance": "宣传指导",
        "joint": "协同检查",
        "referral": "线索移交",
    },
    "kind": {"inspection": "检查", "record": "登记"},
    "cadence": {
        "monthly": "每月",
        "quarterly": "每季度",
        "semester": "每学期",
        "half-yearly": "每半年",
        "yearly": "每年",
        "once": "一次",
    },
    "site_kinds": {
        "village": "村（社区）",
        "grid": "网格",
        "estate": "小区",
        "school": "校园",
        "company": "企业",
        "courier": "寄递网点",
        "telecom": "电信网点",
        "bank": "银行网点",
        "institution": "单位",
        "venue": "公共场所",
        "building": "楼栋",
        "unit": "单元",
        "door": "户",
    },
}
YES, NO = "是", "否"


@dataclass(frozen=True, slots=True)
class Column:
    """One column (or one row of the sheet 表头): where its value stands and how it is written.

    ``form`` is one of text, id, version, int, bool, expr, flag (yes, no or an expression), word,
    words, lines, clauses, json; ``words`` names the vocabulary of the forms word and words.
    """

    key: str
    title: str
    form: str = "text"
    width: int = 12
    path: tuple[str, ...] = ()
    words: str = ""

    @property
    def header(self) -> str:
        """The header as it is written."""
        return f"{self.title} {self.key}"

    @property
    def place(self) -> tuple[str, ...]:
        """The keys that lead to the value."""
        return self.path or (self.key,)


def _param(key: str, title: str, form: str = "int", width: int = 9) -> Column:
    return Column(key, title, form, width, ("params", key))


_OTHER = Column(OTHER, "其他", "json", 24)

ITEM_COLUMNS = (
    Column("type", "题型", "word", 14, words="type"),
    Column("id", "编号", "id", 12),
    Column("text", "内容", "text", 44),
    Column("weight", "分值", "int", 8),
    Column("critical", "否决项", "bool", 8),
    Column("effect", "否决后果", "word", 12, words="effect"),
    Column("mode", "方式", "word", 11, words="mode"),
    Column("criterion", "合格标准", "text", 34),
    Column("evidence", "佐证", "text", 20),
    _param("at_least", "至少"),
    _param("at_most", "至多"),
    _param("unit", "单位", "text"),
    _param("max_days", "最多天数"),
    _param("draw", "抽多少"),
    _param("all_if_fewer", "不足全查", "bool"),
    _param("future", "可晚于当天", "bool"),
    _param("max_length", "最多字数"),
    _param("places", "小数位数"),
    _param("na", "可不适用", "bool"),
    _param("list", "选项名单", "id", 12),
    _param("filter", "名单筛选", "expr", 20),
    Column("required", "必答", "flag", 10),
    Column("relevant", "何时才问", "expr", 24),
    Column("constraint", "答案限制", "expr", 24),
    Column("message", "不符时提示", "text", 20),
    Column("default", "默认值", "expr", 14),
    Column("calculate", "算式", "expr", 24),
    Column("read_only", "只读", "bool", 8),
    Column("count", "重复次数", "expr", 14),
    _param("least", "最少几组"),
    _param("most", "最多几组"),
    Column("partial", "未达标给分", "word", 15, words="partial"),
    Column("source", "依据", "clauses", 24),
    Column("phrases", "常用语", "lines", 24),
    _OTHER,
)
SECTION_COLUMNS = (
    Column("id", "编号", "id"),
    Column("text", "内容", "text", path=("title",)),
    Column("relevant", "何时才问", "expr"),
    _OTHER,
)
OPTION_COLUMNS = (
    Column("id", "编号", "id", 14),
    Column("title", "选项", "text", 34),
    Column("verdict", "判定", "word", 14, words="verdict"),
    _OTHER,
)
OWNER_COLUMNS = (
    Column("item", "所属题目", "id", 14),
    Column("list", "所属名单", "id", 14),
    Column("file", "名单文件", "text", 18),
)
"""First in the sheet of options: the item that a row belongs to, or the named list."""
GRADE_COLUMNS = (
    Column("id", "编号", "id", 14),
    Column("title", "名称", "text", 24),
    Column("at_least", "得分率不低于", "int", 16),
    _OTHER,
)
SOURCE_COLUMNS = (Column("code", "代号", "text", 18), Column("title", "全称", "text", 80))
HEAD_COLUMNS = (
    Column("id", "编号", "id"),
    Column("version", "版本", "version"),
    Column("title", "名称"),
    Column("title_en", "英文名称"),
    Column("kind", "表的种类", "word", words="kind"),
    Column("target", "检查对象"),
    Column("boundary", "主体和边界"),
    Column("nature", "活动性质", "word", words="nature"),
    Column("cadence", "频次", "word", words="cadence"),
    Column("site_kinds", "适用类别", "words", words="site_kinds"),
    Column("critical_effect", "否决后果", "word", words="effect"),
    Column("language", "语言", "id"),
    _OTHER,
)
"""The rows of the sheet 表头."""

TRANSLATED = {
    "text": "内容",
    "title": "名称",
    "criterion": "合格标准",
    "message": "不符时提示",
    "evidence": "佐证",
}
"""What may stand under ``translations``, with the names of the columns ``text:en``."""
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")
_BY_KEY = re.compile(rf"({'|'.join(TRANSLATED)})\s?:\s?({LANGUAGE.pattern})")
_BY_NAME = re.compile(rf"({'|'.join(TRANSLATED.values())}|选项)\s?\(({LANGUAGE.pattern})\)")
_HALVES = {**{title: key for key, title in TRANSLATED.items()}, "选项": "title"}


def translated(field: str, language: str) -> Column:
    """The column of a field in another language."""
    path = ("translations", language, field)
    return Column(f"{field}:{language}", f"{TRANSLATED[field]}（{language}）", "text", 30, path)


def even(text: str) -> str:
    """A header or sheet name for comparing: full-width signs as their twins, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def resolve(header: str, known: Sequence[Column]) -> Column | None:
    """The column that a header means by its key or, where that is no key, by its Chinese name.

    None for a header that is neither.
    """
    text = even(header)
    by_key = {column.key: column for column in known}
    by_name = {even(column.title).casefold(): column for column in known}
    first, _gap, rest = text.partition(" ")
    last = text.rpartition(" ")[2]
    for half in (text, last, first):
        if half.casefold() in by_key:
            return by_key[half.casefold()]
        found = _BY_KEY.fullmatch(half)
        if found is not None:
            return translated(found[1], found[2])
    for half in (text, first if rest else "", text.rpartition(" ")[0], last):
        if half.casefold() in by_name:
            return by_name[half.casefold()]
        found = _BY_NAME.fullmatch(half)
        if found is not None:
            return translated(_HALVES[found[1]], found[2])
    return None


def word(value: str, vocabulary: str) -> str:
    """A word of a closed list as a cell shows it."""
    return f"{VOCABULARY[vocabulary][value]} {value}"


def meant(text: str, vocabulary: str) -> str | None:
    """The word that a cell means by its key or its Chinese half, None where it is neither."""
    known = VOCABULARY[vocabulary]
    typed = even(text).casefold()
    by_title = {even(title).casefold(): key for key, title in known.items()}
    first, last = typed.partition(" ")[0], typed.rpartition(" ")[2]
    for half in (typed, last, first):
        if half in known:
            return half
    for half in (typed, first, last):
        if half in by_title:
            return by_title[half]
    return None
