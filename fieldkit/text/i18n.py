"""The interface's language: Chinese is the source text, English a catalogue beside it.

Message ids are the Chinese sentences themselves, so the default needs no catalogue and a
missing translation still says something true.
"""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "zh":
        return gettext.NullTranslations()
    return gettext.translation("fieldkit", str(LOCALE_DIR), languages=[language], fallback=True)


def language() -> str:
    """``zh`` unless ``FIELDKIT_LANG`` asks for ``en``."""
    return "en" if os.environ.get("FIELDKIT_LANG", "").lower().startswith("en") else "zh"


def _(message: str) -> str:
    """The message in the user's language; fill its ``{}`` fields after the call."""
    return _catalogue(language()).gettext(message) if message else ""


def N_(message: str) -> str:
    """Mark a message for translation without translating it yet (tables built at import)."""
    return message
