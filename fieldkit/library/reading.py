"""A file's bytes as text: size, encoding and characters that nobody can see."""

from __future__ import annotations

from pathlib import Path

from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import is_control

from .positions import Slip

MAX_BYTES = 4 * 1024 * 1024

MESSAGES = {
    "unreadable": N_("文件打不开（{why}）；请检查路径和权限。"),
    "too-large": N_("文件超过 {n} MB；请拆成几张检查表。"),
    "not-utf8": N_("不是 UTF-8 编码；请在编辑器里另存为 UTF-8。"),
    "hidden-character": N_("有看不见的字符 U+{code}；请删去后重新输入。"),
}


def read_text(path: Path) -> tuple[str, list[Slip]]:
    """The text of a file with faults found on the way; empty where nothing can be read."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as fault:
        why = fault.strerror or type(fault).__name__
        return "", [Slip(1, 1, "unreadable", _(MESSAGES["unreadable"]).format(why=why))]
    if len(raw) > MAX_BYTES:
        message = _(MESSAGES["too-large"]).format(n=MAX_BYTES // 2**20)
        return "", [Slip(1, 1, "too-large", message)]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = raw[: fault.start].decode("utf-8", "ignore")
        line, column = _place(_lines(before), len(_lines(before)))
        return "", [Slip(line, column, "not-utf8", _(MESSAGES["not-utf8"]))]
    return visible(_lines(text.removeprefix("\ufeff")))


def visible(text: str) -> tuple[str, list[Slip]]:
    """The text with hidden characters as blanks, and a fault for each line that has one."""
    slips: list[Slip] = []
    if text.isprintable():
        return text, slips
    chars = list(text)
    for index, char in enumerate(chars):
        if char in "\n\t" or not is_control(char):
            continue
        chars[index] = " "
        line, column = _place(text, index)
        if not slips or slips[-1].line != line:
            message = _(MESSAGES["hidden-character"]).format(code=f"{ord(char):04X}")
            slips.append(Slip(line, column, "hidden-character", message))
    return "".join(chars), slips


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
