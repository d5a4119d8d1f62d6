"""One spelling for names of buildings, units, floors and doors (DOMAIN §4.2).

What people write stays as they wrote it; these are keys to compare and to find by. 3幢, 3号楼,
三栋 and 第3栋 are one building, 18号之二, 18-2号 and 18号附2 one house.
"""

from __future__ import annotations

from functools import lru_cache

from fieldkit.text.late import Late
from fieldkit.text.plain import folded

from .ordering import in_digits

_BLOCK = Late(r"第?(\d+|[A-Z])(?:号楼|幢|座|栋|#楼|#)")
_UNIT = Late(r"第?(\d+)(?:个?单元|门栋|梯)")
_STOREY = Late(r"第?(-?\d+[A-Z]?|[BG]\d?)(?:楼|层|F)")
_BRANCH = Late(r"(\d+)号(?:之|附|-)(\d+)号?")
_ZEROS = Late(r"(?<!\d)0+(?=\d)")
_TAIL = Late(r"(?:室|号房|号|户|房|间)$")
_SPAN = Late(r"(\d+)\s*(?:-|~|至|到)\s*(\d+)(栋|幢|座|号楼)")


@lru_cache(maxsize=1 << 12)
def key(name: str) -> str:
    """A spelling under which one place has one name; equal for names that mean the same."""
    text = in_digits("".join(folded(name).split())).upper()
    text = _BRANCH.sub(r"\1-\2号", text)
    # A 座 with a letter is what other people call that letter's 栋.
    text = _BLOCK.sub(r"\1栋", text)
    text = _UNIT.sub(r"\1单元", text)
    text = _STOREY.sub(r"\1层", text)
    return _ZEROS.sub("", text)


def door_key(name: str) -> str:
    """The same for a door's own name: 502, 502室 and 502房 are one."""
    return _TAIL.sub("", key(name))


def span(name: str) -> tuple[int, int] | None:
    """The first and the last of several buildings in one name (1-10栋); None for a single one."""
    found = _SPAN.search(in_digits(folded(name)))
    if found is None:
        return None
    first, last = int(found.group(1)), int(found.group(2))
    return (first, last) if first < last else None
