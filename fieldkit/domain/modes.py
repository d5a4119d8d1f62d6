"""How an inspection is made, in words (DOMAIN §4.4)."""

from __future__ import annotations

from fieldkit.text.i18n import N_

MODES = {
    "open": N_("明察"),
    "covert": N_("暗访"),
    "self": N_("自查"),
    "reinspection": N_("复查"),
}
"""Each mode's code and its name, in the order in which they are offered."""
