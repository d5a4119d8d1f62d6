"""Web pages made to be printed: one file, no script, nothing fetched from anywhere."""

from __future__ import annotations

from html import escape

from fieldkit.text.plain import shown

FONTS = "font-family:'仿宋_GB2312','仿宋','FangSong','FangSong_GB2312','Noto Serif CJK SC',serif"
HEI = "font-family:'黑体','SimHei','Noto Sans CJK SC',sans-serif"


def text(said: str) -> str:
    """Text as it may stand in a page: never markup, control characters visible."""
    return escape(shown(said))


def page(title: str, style: str, body: str) -> bytes:
    """A whole page in Chinese."""
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{text(title)}</title><style>*{{box-sizing:border-box}}"
        f"body{{margin:0;{FONTS}}}{style}</style></head><body>\n{body}\n</body></html>\n"
    ).encode()
