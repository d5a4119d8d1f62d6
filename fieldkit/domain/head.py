"""What a checklist is known by, apart from the list: a list of lists reads no more than that."""

from __future__ import annotations

from typing import NamedTuple


class Head(NamedTuple):
    """``items`` counts them; ``digest`` is the whole list's."""

    id: str
    version: str
    title: str
    items: int
    digest: str
