"""Texts for people: cleaned, cut to what a checklist holds, in every language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from fieldkit.text.i18n import _
from fieldkit.text.plain import is_control

from .columns import Cells, Tongues
from .notes import Notes

_REF = re.compile(r"\$\{([^}]*)\}")
_JOINERS = "\u200c\u200d"


@dataclass(slots=True)
class Words:
    """A text in the default language, and the others by their codes."""

    text: str = ""
    others: dict[str, str] = field(default_factory=dict)


class Wording:
    """Reads the translated cells of a form."""

    def __init__(self, tongues: Tongues, notes: Notes) -> None:
        self.tongues = tongues
        self.notes = notes

    def plain(self, text: str) -> str:
        """A text on one line, without characters that steer or hide."""
        if not text.isascii() or not text.isprintable():
            kept = (" " if c in "\n\t\r\u2028\u2029" else c for c in text)
            text = "".join(c for c in kept if c == " " or not is_control(c))
            text = unicodedata.normalize("NFC", text)
        return " ".join(text.split())

    def of(
        self,
        row: Cells,
        key: str,
        sheet: str,
        *,
        most: int = 1000,
        refer: Callable[[str], str] | None = None,
    ) -> Words:
        """The texts under a key. ``refer`` turns a question's name into what stands for it."""
        written = row.words.get(key)
        if not written:
            return Words()
        header = row.headers.get(key, "")
        clean: dict[str, str] = {}
        for language, raw in written.items():
            text = self.plain(raw)
            if refer is not None and "${" in text:
                text = _REF.sub(lambda match: refer(match.group(1).strip()), text)
            if len(text) > most:
                what = _("文字超过 {n} 个字，只导入前面的。").format(n=most)
                self.notes.add(sheet, row.number, header, what)
                text = text[: most - 1].rstrip() + "…"
            if text:
                clean[language] = text
        default = self.tongues.default
        text = clean.get(default) or clean.get("") or next(iter(clean.values()), "")
        others: dict[str, str] = {}
        for language, said in clean.items():
            if language in self.tongues.codes and said != "":
                others.setdefault(self.tongues.codes[language], said)
        if not clean.get(default) and not clean.get(""):
            first = next((n for n in clean if n in self.tongues.codes), "")
            others.pop(self.tongues.codes.get(first, ""), None)
        return Words(text, others)
