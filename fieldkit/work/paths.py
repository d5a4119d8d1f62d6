"""Paths as people give them: typed, pasted, or dropped onto the terminal."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

_CALL = re.compile(r"^& (?=['\"])")
"""What PowerShell puts before a dropped path with blanks."""
_QUOTES = {"'": "'", '"': '"', "“": "”", "‘": "’", "「": "」"}


def given(text: str) -> Path:
    """The path meant by a typed or dropped text: quotes, ``file://``, ``~`` and escapes undone.

    Raises Problem ``bad-path`` for an empty text, one with a control character, and a ``file://``
    address of another computer.
    """
    wanted = _CALL.sub("", text.strip())
    bare = _unquoted(wanted)
    if bare == wanted and os.sep == "/" and "\\" in bare and not os.path.lexists(bare):
        # A terminal writes a dropped file as a shell would need it.
        bare = _unescaped(bare)
    if bare.lower().startswith("file:"):
        bare = _local(bare)
    if not bare or any(ord(sign) < 32 or ord(sign) == 127 for sign in bare):
        raise Problem(
            "bad-path",
            _("这不是一个文件路径：“{text}”").format(text=shown(text)[:80]),
            mend=_("写上文件的完整路径，或把文件拖进窗口。"),
        )
    try:
        return Path(bare).expanduser()
    except RuntimeError:
        # ~somebody who is not known here: then it is a name like any other.
        return Path(bare)


def _unquoted(text: str) -> str:
    if len(text) >= 2 and _QUOTES.get(text[0]) == text[-1]:
        # The way a shell writes an apostrophe inside of apostrophes.
        return text[1:-1].replace(r"'\''", "'") if text[0] == "'" else text[1:-1]
    return text


def _unescaped(text: str) -> str:
    parts, escaped = [], False
    for sign in text:
        if sign == "\\" and not escaped:
            escaped = True
        else:
            parts.append(sign)
            escaped = False
    return "".join(parts)


def _local(text: str) -> str:
    """The path of a file address; nothing for one on another computer."""
    try:
        found = urlsplit(text)
    except ValueError:
        return ""
    # A sign after which an address says more than the path belongs to the name when dropped raw.
    path = unquote(text[text.index(":") + 1 :].removeprefix("//" + found.netloc))
    if os.name == "nt" and found.netloc not in ("", "localhost"):
        # A folder that another computer shares is a path there.
        return rf"\\{found.netloc}" + path.replace("/", "\\")
    if found.netloc not in ("", "localhost"):
        return ""
    # file:///C:/Users on Windows: the slash before the drive is not part of it.
    if os.name == "nt" and len(path) > 2 and path[0] == "/" and path[2] == ":":
        return path[1:]
    return path
