"""The guard on free text."""

from __future__ import annotations

import pytest

from fieldkit.errors import Problem
from fieldkit.work.notes import checked_note


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("联系 13800138000", "personal-data"),
        ("a\x1b[31mb", "note-control"),
        ("\u202e反", "note-control"),
        ("长" * 51, "note-long"),
    ],
)
def test_what_no_note_may_hold(text: str, code: str) -> None:
    """Phone numbers, steering characters and long stories are stopped."""
    with pytest.raises(Problem) as caught:
        checked_note(text, 50)
    assert caught.value.code == code


def test_a_plain_note_is_kept_trimmed() -> None:
    """Chinese punctuation stays as it was typed."""
    assert checked_note("  灭火器过期，已当场指出。 ", 50) == "灭火器过期，已当场指出。"
