"""``group``: items that belong together and are asked or skipped together."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .info import Info


class Group(Info):
    """A heading over its items; it has no answer of its own."""

    name = "group"
    title = N_("题组")
    hint = N_("题组本身不用作答")
