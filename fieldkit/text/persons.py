"""Names of persons in Chinese notes: a surname before a way of addressing somebody.

Only what is certain enough to stop a note for. A surname alone is a common word, a title alone is
a post; together they are somebody. What is no person although it looks so stands in `_POSTS`.
"""

from __future__ import annotations

from collections.abc import Iterator

from .late import Late

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何罗高林郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
    "万钱严覃武戴莫孔汤倪庞易乔施洪尤俞翟闵柳鲍阮康卞齐伍卓岳葛池游阎欧辛焦管庄祝纪舒屈骆樊霍甘"
)
_DOUBLE = "欧阳|上官|司徒|诸葛|司马|皇甫|东方|尉迟|公孙|令狐|慕容|夏侯"
_FAMILY = f"(?:{_DOUBLE}|[{_SURNAMES}])"
_HAN = "\u4e00-\u9fff"
_SOCIAL = (
    "先生|女士|小姐|太太|阿姨|大爷|大妈|大叔|大婶|大姐|大哥|大嫂|叔叔|奶奶|爷爷|伯伯"
    "|师傅|老师|老板|医生|同学"
)
_OFFICIAL = "主任|书记|经理|所长|队长|组长|店长|警官|院长|校长|站长"
_LABELS = "户主|业主|租客|租户|联系人|姓名|住户|户籍人"
_ADDRESSED = Late(f"(?:[小老]?{_FAMILY}[{_HAN}]{{0,2}}?(?:{_SOCIAL})|{_FAMILY}(?:{_OFFICIAL}))")
_CALLED = Late(
    f"(?:{_LABELS})\\s*(?:名?叫|名为|是|:|\uff1a)\\s*({_FAMILY}[{_HAN}]{{1,2}})(?![{_HAN}])"
)
_MASKED = Late(f"{_FAMILY}某(?:某|[{_HAN}](?![{_HAN}]))?")
_POSTS = (
    "高级", "高校", "高层", "高楼", "金融", "金店", "方便", "方案", "江湖", "江边",
    "万能", "万达", "康复", "任课", "任何", "武术", "马路", "马上", "范围", "于是",
    "何时", "何处", "许多", "石桥", "石板", "程序", "毛坯", "白天", "管理", "管道",
    "顾客", "龙头", "汤店", "梁上", "路边", "林业", "田间", "余下", "温泉",
)  # fmt: skip
_BEFORE = {"安": "保治公平", "任": "主责班现前历", "方": "地对官警", "高": "提最", "程": "工流"}
"""A surname that ends another word is none."""
_PATTERNS = (
    (_ADDRESSED, 0, f"{_SOCIAL}|{_OFFICIAL}".split("|")),
    (_CALLED, 1, _LABELS.split("|")),
    (_MASKED, 0, ["某"]),
)
"""Each with the place of the name in it, and the words of which it needs one."""


def persons(text: str) -> Iterator[tuple[int, int]]:
    """Where somebody is named, as first and last place (exclusive), from the left."""
    for pattern, group, needed in _PATTERNS:
        if not any(word in text for word in needed):
            continue
        for found in pattern.finditer(text):
            start, end = found.span(group)
            before = text[start - 1] if start else ""
            if found.group(group).startswith(_POSTS) or (
                before and before in _BEFORE.get(text[start], "")
            ):
                continue
            yield start, end
