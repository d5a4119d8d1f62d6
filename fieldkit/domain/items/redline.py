"""``redline``: what the organisers themselves must not do; noted and mended, never scored."""

from __future__ import annotations

from fieldkit.text.i18n import N_

from .check import Check


class Redline(Check):
    """A check of the campaign's own conduct, outside the site's score (DOMAIN §2)."""

    name = "redline"
    title = N_("红线")
    scored = False
