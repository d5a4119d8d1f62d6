"""How a column holds more than one value."""

from __future__ import annotations

import json
from typing import Any


def tuple_of(text: str) -> tuple[str, ...]:
    """What a comma-joined column holds."""
    return tuple(text.split(",")) if text else ()


def document(text: str) -> dict[str, Any]:
    """A checklist's document as it was put."""
    loaded: dict[str, Any] = json.loads(text)
    return loaded
