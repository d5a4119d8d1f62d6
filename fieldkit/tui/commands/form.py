"""A few lines to fill in, kept as a whole."""

from __future__ import annotations

from .site_form import filling

COMMANDS = filling("form")
