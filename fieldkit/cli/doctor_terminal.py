"""What a terminal can do, as its environment says and as it answers itself."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping

from fieldkit.text import terminal
from fieldkit.text.i18n import _
from fieldkit.text.plain import folded, shown
from fieldkit.text.width import cell_width, pad
from fieldkit.work.doctor import BAD, GOOD, WARN, Check

from . import probe

LEAST = (80, 24)
KITTY = "TEXTUAL_DISABLE_KITTY_KEY"
WANTED = ("F1", "F2", "F3", "F4", "F6", "F7", "F8", "F9", "F10", "F12")
"""The F-keys that commands have."""

CHINESE = ("检", "，", "（", "Ａ", "１", "𠮷")
AMBIGUOUS = ("·", "…", "—", "①", "×", "●", "→")
OTHERS = ("👍", "e\u0301", "√")
_RULER = 20
_RULER_ROWS = ("检查合格否免待缺一二", "，。；：（）《》！？", "·…—①×●→√", "👍🚒🏠")


def of_environment(environ: Mapping[str, str], name: str = os.name) -> Iterator[Check]:
    """Every check that needs no question to the terminal."""
    yield size()
    yield _kind(environ)
    yield _colours(environ)
    yield _encoding(environ)
    yield _multiplexer(environ)
    yield _console(environ, name)
    yield _kitty(environ)
    yield _language(environ)


def size() -> Check:
    """How large the window is."""
    title = _("窗口大小")
    try:
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return Check("size", title, GOOD, _("输出不是终端，没有量"))
    if not columns or not rows:
        return Check("size", title, WARN, _("终端不说自己有多大"), _("运行 stty rows 24 cols 80。"))
    said = _("{columns} 列 {rows} 行").format(columns=columns, rows=rows)
    if columns < LEAST[0] or rows < LEAST[1]:
        mend = _("把窗口拉大，或把字调小，至少 80 列 24 行。")
        return Check("size", title, WARN, said, mend)
    return Check("size", title, GOOD, said)


def _kind(environ: Mapping[str, str]) -> Check:
    title = _("终端类型")
    named = (f"{key}={environ[key]}" for key in ("TERM", "COLORTERM", "NO_COLOR") if key in environ)
    said = shown(" ".join(named))[:80]
    if os.name != "nt" and environ.get("TERM", "") in ("", "dumb"):
        mend = _("换一个终端，或运行 export TERM=xterm-256color；也可以用 inspect fill --plain。")
        return Check("term", title, WARN, said or _("没有 TERM"), mend)
    return Check("term", title, GOOD, said or _("没有 TERM"))


def _colours(environ: Mapping[str, str]) -> Check:
    title, number = _("颜色"), terminal.colours(environ)
    if terminal.no_color(environ):
        return Check("colours", title, GOOD, _("设了 NO_COLOR，不用颜色，只看字"))
    if number >= 1 << 24:
        return Check("colours", title, GOOD, _("全彩"))
    if number >= 256:
        return Check("colours", title, GOOD, _("256 色"))
    said = _("16 色") if number else _("没有颜色")
    mend = _("用朴素主题：FIELDKIT_THEME=plain；能显示更多颜色时设 TERM=xterm-256color。")
    return Check("colours", title, WARN, said, mend)


def _encoding(environ: Mapping[str, str]) -> Check:
    title = _("字符编码")
    if not terminal.is_utf8(environ):
        said = _("语言环境用 {charset}，不是 UTF-8").format(
            charset=shown(terminal.charset(environ))[:20]
        )
        return Check(
            "utf8", title, BAD, said, _("运行 export LANG=zh_CN.UTF-8，终端也设成 UTF-8。")
        )
    if terminal.ascii_only(environ):
        mend = _("控制台没有中文字体，换用图形界面的终端；记号已改用 ASCII。")
        return Check("utf8", title, WARN, _("不能显示中文，或设了 FIELDKIT_ASCII"), mend)
    return Check("utf8", title, GOOD, "UTF-8")


def _multiplexer(environ: Mapping[str, str]) -> Check:
    title, found = _("终端复用"), terminal.multiplexer(environ)
    if not found:
        return Check("multiplexer", title, GOOD, _("没有"))
    term = environ.get("TERM", "")
    said = _("在 {name} 里，TERM={term}").format(name=found, term=shown(term)[:40])
    if found == "tmux" and not term.startswith(("tmux", "screen")):
        mend = _("在 ~/.tmux.conf 写：set -g default-terminal tmux-256color")
        return Check("multiplexer", title, WARN, said, mend)
    if terminal.colours(environ) <= 16:
        mend = _("把 TERM 设成 {name}-256color。").format(
            name=found if found != "zellij" else "xterm"
        )
        return Check("multiplexer", title, WARN, said, mend)
    return Check("multiplexer", title, GOOD, said)


def _console(environ: Mapping[str, str], name: str) -> Check:
    title = _("Windows 控制台")
    if name != "nt":
        return Check("conhost", title, GOOD, _("不是 Windows"))
    if environ.get("WT_SESSION") or environ.get("TERM_PROGRAM"):
        return Check("conhost", title, GOOD, "Windows Terminal")
    mend = _("装 Windows Terminal；旧窗口里打字时看不到拼音，有的字符宽窄不对。")
    return Check("conhost", title, WARN, _("旧的控制台窗口（conhost）"), mend)


def _kitty(environ: Mapping[str, str]) -> Check:
    title, value = _("输入法与键盘协议"), environ.get(KITTY)
    if value in (None, "1"):
        return Check("kitty", title, GOOD, _("Kitty 键盘协议已关，输入法能上屏"))
    said = _("{name}={value}，Kitty 键盘协议开着").format(name=KITTY, value=shown(value)[:20])
    mend = _("有的终端会丢掉输入法打的字：取消这个变量，或设成 1。")
    return Check("kitty", title, WARN, said, mend)


def _language(environ: Mapping[str, str]) -> Check:
    title = _("语言")
    named = [
        f"{key}={environ[key]}"
        for key in ("LC_ALL", "LC_CTYPE", "LANG", "FIELDKIT_LANG")
        if environ.get(key)
    ]
    said = shown(" ".join(named))[:100] or _("没有设置，界面用中文")
    wish = environ.get("FIELDKIT_LANG", "").lower()
    if wish and not wish.startswith(("zh", "en")):
        return Check("language", title, WARN, said, _("FIELDKIT_LANG 只能是 zh 或 en。"))
    return Check("language", title, GOOD, said)


def ruler() -> list[str]:
    """Rows that end in a bar; where the bars do not stand under each other, widths are wrong."""
    scale = "1234567890" * (_RULER // 10) + "|"
    return [scale, *(f"{pad(row, _RULER)}|" for row in _RULER_ROWS)]


def width() -> Check:
    """How wide the terminal draws, against how wide we count."""
    title = _("字符宽度")
    reading, writing = descriptors()
    if reading is None or writing is None:
        return Check("width", title, GOOD, _("不是终端，没有量"))
    texts = (*CHINESE, *AMBIGUOUS, *OTHERS)
    with probe.quiet(reading):
        found = probe.Asking(reading, writing).widths(texts)
    if len(found) < len(texts):
        said = _("终端不回答光标在哪里，没有量")
        return Check("width", title, WARN, said, _("看下面的标尺：右边的竖线应当对齐。"))
    return judged(found)


def judged(found: Mapping[str, int]) -> Check:
    """What the measured widths come to."""
    title = _("字符宽度")
    wrong = {text: cells for text, cells in found.items() if cells != cell_width(text)}
    if not wrong:
        said = _("量了 {n} 个字符，都对").format(n=len(found))
        return Check("width", title, GOOD, said)
    said = _("宽度不一致：{list}").format(
        list="，".join(
            _("{text} 占 {cells} 格，应占 {wanted}").format(
                text=text, cells=cells, wanted=cell_width(text)
            )
            for text, cells in wrong.items()
        )
    )
    if wrong.keys() & set(CHINESE):
        mend = _("换一个支持中文的终端和字体，或用 inspect fill --plain。")
        return Check("width", title, BAD, said, mend)
    if wrong.keys() & set(AMBIGUOUS):
        mend = _("在终端设置里把“歧义宽度字符”设为窄（一格）；界面的记号不受影响。")
        return Check("width", title, WARN, said, mend)
    return Check("width", title, WARN, said, _("备注里不要用表情和组合字符；界面的记号不受影响。"))


def descriptors() -> tuple[int | None, int | None]:
    """Where to ask and where to listen, where both are one terminal that can be asked."""
    try:
        reading, writing = sys.stdin.fileno(), sys.stdout.fileno()
    except (OSError, ValueError, AttributeError):
        return None, None
    dumb = os.environ.get("TERM", "") == "dumb"
    if not (probe.can_ask() and os.isatty(reading) and os.isatty(writing)) or dumb:
        return None, None
    return reading, writing


def keys(wished: bool) -> Check:
    """Which keys arrive; tried only when it is wished."""
    title = _("功能键")
    if not wished:
        return Check("keys", title, GOOD, _("没有试；要试就加 --keys"))
    reading, _writing = descriptors()
    if reading is None:
        return Check("keys", title, WARN, _("不是终端，试不了"), _("在终端窗口里运行。"))
    print(_("请依次按 F1 到 F12，按 F10 结束（{n} 秒没有按键也结束）。").format(
        n=int(probe.KEY_SECONDS)
    ), flush=True)  # fmt: skip

    def told(name: str, raw: bytes) -> None:
        code = " ".join(f"{byte:02X}" for byte in raw)
        print(_("收到：{name}（{code}）").format(name=shown(name), code=code), flush=True)

    with probe.quiet(reading):
        arrived = probe.keys(reading, told)
    missing = [key for key in WANTED if key not in arrived]
    got = " ".join(dict.fromkeys(key for key in arrived if key in WANTED))
    if not missing:
        return Check("keys", title, GOOD, _("要用的都收到了"))
    said = _("收到：{got}；没有收到：{missing}").format(got=got or "-", missing=" ".join(missing))
    mend = _("没按的不算；按了没到的，在终端的快捷键设置里放开，命令都另有数字键或鼠标可用。")
    return Check("keys", title, WARN, said, mend)


def typing(wished: bool) -> Check:
    """Whether an input method brings Chinese; tried only when it is wished."""
    title = _("输入法")
    if not wished:
        return Check("input", title, GOOD, _("没有试；要试就加 --input"))
    print(_("请打开输入法，打“检查”两个字，再按回车："), flush=True)
    text = probe.line(sys.stdin.fileno()) if probe.can_ask() else sys.stdin.readline().strip()
    return heard(text)


def heard(text: str | None) -> Check:
    """What a typed line says of the input method."""
    title = _("输入法")
    if not text:
        return Check("input", title, WARN, _("没有收到字"), _("再试一次，打完按回车。"))
    points = " ".join(f"U+{ord(char):04X}" for char in text[:12])
    said = _("收到“{text}”（{points}），占 {cells} 格").format(
        text=shown(text[:40]), points=points, cells=cell_width(text)
    )
    if any(unicodedata.name(char, "").startswith("CJK") for char in text):
        return Check("input", title, GOOD, said)
    if folded(text).isascii():
        mend = _("来的是字母：输入法没有打开，或者没有选字上屏。")
        return Check("input", title, WARN, said, mend)
    return Check("input", title, BAD, said, _("字变了样：把终端和系统都设成 UTF-8。"))
