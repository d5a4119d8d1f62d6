"""The steps in which an outside conclusion is written."""

from __future__ import annotations

from dataclasses import dataclass

from fieldkit.text.i18n import _


@dataclass(frozen=True, slots=True)
class Guide:
    """An outside conclusion being written: the verdict is known, then the number, then the day."""

    verdict: str
    number: str = ""

    @property
    def asks_number(self) -> bool:
        """Whether the document number is still to be written."""
        return not self.number

    @property
    def prompt(self) -> str:
        """What to write now."""
        if self.asks_number:
            return _("第 1 步：反馈函文号（没有文号就写“无文号”）")
        return _("第 2 步：反馈函日期，例 2026-11-20 或 20261120")

    def numbered(self, typed: str) -> Guide:
        """With the document number."""
        return Guide(self.verdict, typed.strip())

    def value(self, day: str) -> str:
        """The whole answer in its written form."""
        return f"{self.verdict}:{self.number}:{day}"
