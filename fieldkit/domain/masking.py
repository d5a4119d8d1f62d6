"""What a paper for people outside may say (DOMAIN §5.4): pure rules, one place for all papers.

A dwelling is told to its building, a farmhouse to its villagers' group; a private number loses its
middle; of a self-employed shop the name over its door is said, not who keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .records import Site

_PRIVATE = re.compile(r"(?<![0-9])(1[3-9][0-9])[ -]?([0-9]{4})[ -]?([0-9]{4})(?![0-9])")
_KEEPER = re.compile(r"[（(][^（）()]*(?:经营者|业主|店主|法人|负责人)[^（）()]*[）)]")
_ROOM = re.compile(
    r"(?:[0-9A-Za-z一二三四五六七八九十]+(?:单元|楼|层))?[0-9A-Za-z]{1,5}(?:室|房|号房|户)"
)
BELOW = ("unit", "door")
"""Kinds of places that no public paper names."""


def is_below_building(kind: str) -> bool:
    """Whether a place of that kind is inside a building."""
    return kind in BELOW


def public_place(chain: Iterable[Site]) -> str:
    """A place as it may be named outside: of itself and those above it, the nearest that may.

    ``chain`` begins with the place; the building it is in comes before what the building is in.
    """
    for site in chain:
        if not is_below_building(site.kind):
            return public_name(site.name)
    return ""


def public_name(name: str) -> str:
    """A name without a keeper in brackets and without a private number."""
    return public_text(_KEEPER.sub("", name)).strip()


def public_address(address: str) -> str:
    """An address to the building: rooms, storeys and doors are left out."""
    return public_text(_ROOM.sub("", address)).strip()


def public_text(text: str) -> str:
    """Text with the middle of private numbers masked: 138****0000."""
    return _PRIVATE.sub(lambda found: f"{found[1]}****{found[3]}", text)


def leaks_of(text: str, secrets: Iterable[str]) -> list[str]:
    """Which of these stand in a text, blanks aside; for tests of public papers."""
    bare = "".join(text.split())
    return sorted({one for one in secrets if one and "".join(one.split()) in bare})
