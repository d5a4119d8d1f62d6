"""How a long title breaks: lines of like length that begin with whole words (GB/T 9704 7.3.1)."""

from __future__ import annotations

from fieldkit.text.width import cell_width
from fieldkit.text.wrap import wrap

_TITLE_CELLS = 36
"""Half-width cells of one line of a title in 22 pt."""
_TITLE_SLACK = 6
_WORDS = (
    "“", "《", "明察暗访", "情况", "工作", "反诈", "入户", "宣传", "全域", "发案", "排名", "评选",
    "村（社区）", "电信", "检查",
)  # fmt: skip
"""Words with which the second line of a title may well begin."""
_NOT_FIRST, _NOT_LAST = "”》）、，。的年月日", "“《（"


def lines(text: str) -> list[str]:
    """A long title in lines of like length; where it can be, a line begins with a whole word."""
    broken = wrap(text, _TITLE_CELLS)
    if len(broken) != 2:
        return broken or [text]
    middle = -(-len(text) // 2)
    places = [at for at in range(1, len(text)) if abs(at - middle) <= _TITLE_SLACK]
    fitting = [
        at for at in places
        if max(cell_width(text[:at]), cell_width(text[at:])) <= _TITLE_CELLS
        and text[at] not in _NOT_FIRST and text[at - 1] not in _NOT_LAST
    ]  # fmt: skip
    if not fitting:
        return broken
    best = min(fitting, key=lambda at: (not text.startswith(_WORDS, at), abs(at - middle), at))
    return [text[:best], text[best:]]
