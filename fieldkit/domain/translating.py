"""A list's words in another language; only for showing, never for what is kept."""

from __future__ import annotations

from .checklist import Checklist, Item, Option, Section, Translations


def words(item: Item, field: str, language: str) -> str:
    """A text of an item (``text``, ``criterion``, ``message``, ``evidence``) in a language.

    The list's own words where there is no translation, or where answers are put into them.
    """
    own: str = getattr(item, field)
    other = _found(item.translations, field, language)
    return other if other and "${" not in other else own


def option_title(option: Option, language: str) -> str:
    """An option's title in a language."""
    return _found(option.translations, "title", language) or option.title


def section_title(section: Section, language: str) -> str:
    """A section's title in a language."""
    return _found(section.translations, "title", language) or section.title


def list_title(checklist: Checklist, language: str) -> str:
    """A list's title in a language."""
    found = _found(checklist.translations, "title", language)
    return found or (checklist.title_en if language == "en" else "") or checklist.title


def _found(translations: Translations, field: str, language: str) -> str:
    """The translation for the language, or for the same with a region."""
    if not translations:
        return ""
    for code in (language, *(it for it in translations if it.startswith(f"{language}-"))):
        text = translations.get(code, {}).get(field)
        if text:
            return text
    return ""
