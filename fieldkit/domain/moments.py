"""Stamps and days as China's wall clock tells them; nothing here asks what time it is."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from fieldkit_sync.clock import unpack

CHINA = timezone(timedelta(hours=8))
"""The one time zone of the work: no daylight saving, no tz database needed."""

_LAST_SECOND = 253_402_214_400
"""9999-12-31 in China. A stamp is a claim: one past the calendar is shown as its end."""


def moment_of(hlc: str) -> datetime:
    """The wall time inside a hybrid logical clock stamp, to the second, at +08:00."""
    return datetime.fromtimestamp(min(unpack(hlc)[0] // 1000, _LAST_SECOND), CHINA)


def day_of(hlc: str) -> str:
    """The day of a stamp in China, ``YYYY-MM-DD``."""
    return moment_of(hlc).date().isoformat()
