"""What the environment says of a terminal: its colours, its writing, what stands between."""

from __future__ import annotations

import os
from collections.abc import Mapping

ASCII_VARIABLE = "FIELDKIT_ASCII"
PLAIN_TERMS = ("linux", "vt", "ansi", "cygwin", "dumb", "cons25", "sun")
"""Kinds of terminal with few colours, most without a Chinese character to their name."""
_WITHOUT_CHINESE = ("linux", "vt", "cons25", "sun")
_TRUE = ("truecolor", "24bit")


def charset(environ: Mapping[str, str]) -> str:
    """The encoding that the locale names, in small letters; empty where it names none.

    As POSIX has it: ``LC_ALL`` before ``LC_CTYPE`` before ``LANG``.
    """
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = environ.get(name, "")
        if value:
            return value.partition("@")[0].partition(".")[2].lower()
    return ""


def is_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale does not name another encoding than UTF-8."""
    return charset(environ).replace("-", "") in ("", "utf8")


def ascii_only(environ: Mapping[str, str] | None = None) -> bool:
    """Whether marks must do without Chinese characters.

    ``FIELDKIT_ASCII`` says so, or ``0`` that they need not; else a locale in another encoding
    than UTF-8 and a text console without a Chinese font do.
    """
    known = os.environ if environ is None else environ
    said = known.get(ASCII_VARIABLE, "")
    if said:
        return said != "0"
    return not is_utf8(known) or known.get("TERM", "").startswith(_WITHOUT_CHINESE)


def no_color(environ: Mapping[str, str]) -> bool:
    """Whether the person wants no colours (``NO_COLOR`` with any text)."""
    return bool(environ.get("NO_COLOR", ""))


def colours(environ: Mapping[str, str]) -> int:
    """How many colours the terminal says it has: 0, 16, 256, or 2**24 for all."""
    term = environ.get("TERM", "").lower()
    if environ.get("COLORTERM", "").lower() in _TRUE or environ.get("WT_SESSION"):
        return 1 << 24
    if term == "dumb":
        return 0
    if term.endswith(("-direct", "truecolor")):
        return 1 << 24
    return 256 if "256" in term else 16


def is_plain(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is one of the old kinds with sixteen colours at most."""
    term = environ.get("TERM", "")
    return colours(environ) <= 16 and (term.startswith(PLAIN_TERMS) or "16color" in term)


def multiplexer(environ: Mapping[str, str]) -> str:
    """``tmux``, ``screen`` or ``zellij`` when one stands between, else nothing."""
    term = environ.get("TERM", "")
    if environ.get("TMUX"):
        return "tmux"
    if environ.get("ZELLIJ"):
        return "zellij"
    return "screen" if environ.get("STY") or term.startswith("screen") else ""
