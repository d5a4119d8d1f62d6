"""Taking a unit off the list: which, by which document, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fieldkit.text.i18n import _
from fieldkit.work import standing

from .form import FormScreen, Line


class DelistScreen(FormScreen):
    """Dismissed with the name of the unit, or nothing."""

    def __init__(self, listed: Mapping[str, str]) -> None:
        super().__init__()
        self._listed = listed

    def heading(self) -> str:
        """The title."""
        return _("凭文件摘牌")

    def asked(self) -> Sequence[Line]:
        """The unit, the document, why."""
        return (
            Line("unit", _("单位"), _("按数字选挂牌整治中的单位。"), self._listed, needed=True),
            Line("number", _("文号"), _("摘牌文件的文号。"), needed=True),
            Line("day", _("文件日期"), _("写成 2026-09-20。"), needed=True),
            Line("reason", _("理由"), _("一句话，别写人名、电话。"), needed=True, longest=500),
        )

    def keep_all(self) -> str:
        """Keep it."""
        told = self.told
        word = standing.delist(self.ws, told["unit"], told["number"], told["day"], told["reason"])
        return word.name
