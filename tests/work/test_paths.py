"""Typed, pasted and dropped paths mean the file that the person meant."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from fieldkit.errors import Problem
from fieldkit.work.paths import given

NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/\\\x7f"), min_size=1
).filter(
    lambda name: name.strip() == name and name not in (".", "..") and name[0] not in "~'\"“‘「"
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/a/照片 1.jpg", "/a/照片 1.jpg"),
        ("  '/a/照片 1.jpg' ", "/a/照片 1.jpg"),
        ('"/a/b.jpg"', "/a/b.jpg"),
        ("“/a/b.jpg”", "/a/b.jpg"),
        ("/a/照片\\ 1\\(2\\).jpg", "/a/照片 1(2).jpg"),
        ("file:///a/%E7%85%A7%E7%89%87%201.jpg", "/a/照片 1.jpg"),
        ("file://localhost/a/b.jpg", "/a/b.jpg"),
        ("FILE:///a/b.jpg", "/a/b.jpg"),
        ("file:///a/b#1?.jpg", "/a/b#1?.jpg"),
        (r"'/a/it'\''s.jpg'", "/a/it's.jpg"),
        ("& '/a/照片 1.jpg'", "/a/照片 1.jpg"),
        ("~nobody-of-that-name/b.jpg", "~nobody-of-that-name/b.jpg"),
    ],
)
def test_what_people_give(typed: str, meant: str) -> None:
    """Quotes of any kind, a shell's escapes, addresses."""
    assert given(typed) == Path(meant)


def test_the_home_folder_is_known() -> None:
    """``~`` is the person's own folder."""
    assert given("~/b.jpg") == Path.home() / "b.jpg"


@pytest.mark.parametrize(
    "typed", ["", "  ", "''", "file://other/a", "file://[", "/a\x1b[31m", "a\nb"]
)
def test_what_is_no_path_is_told(typed: str) -> None:
    """One sentence, no traceback."""
    with pytest.raises(Problem) as told:
        given(typed)
    assert told.value.code == "bad-path"
    assert "\x1b" not in told.value.sentence()


@drawn(NAMES)
def test_a_dropped_file_is_found_by_each_of_its_spellings(name: str) -> None:
    """Quoted or as an address, whatever the name holds."""
    path = os.path.join(os.sep, "photos", name)
    assert str(given(f'"{path}"')) == str(Path(path))
    assert str(given("file://" + quote(path))) == str(Path(path))
