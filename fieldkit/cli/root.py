"""The root of all commands, with only the noun that this run speaks of loaded."""

from __future__ import annotations

import importlib
from typing import Annotated

import typer

from fieldkit.text.i18n import N_, _

NOUNS: dict[str, tuple[str, str]] = {
    "checklist": ("checklist", N_("检查表：列出、查看、检查写法。")),
    "site": ("site", N_("对象底册：导入、列出、查看。")),
    "inspect": ("inspect", N_("检查：开始、作答、办结、查看。")),
    "visit": ("visit", N_("入户：登记一次走访。")),
    "coverage": ("visit", N_("覆盖率：资料发放率和面对面宣传率。")),
    "finding": ("finding", N_("问题：列出、查看。")),
    "journal": ("journal", N_("日志：核验、重建、导出。")),
    "device": ("device", N_("本机身份和登记卡。")),
    "bundle": ("bundle", N_("数据包：生成、查看、核验。")),
    "receive": ("bundle", N_("收下办公室发来的文件。")),
    "office": ("office", N_("办公室：登记设备、合并数据包、出报表。")),
    "demo": ("demo", N_("演示：装入一个虚构的镇。")),
}
"""Each first word, the module that answers it, and its line in ``--help``."""


def build(first: str) -> typer.Typer:
    """The root with the noun of this first word, or with all for ``--help`` and for slips."""
    root = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    about = _("fieldkit：反诈专项的现场检查、入户覆盖和办公室合并。不带命令时打开界面。")
    root.callback(help=about)(_top)
    words = [first] if first in NOUNS else list(NOUNS)
    for name in dict.fromkeys(NOUNS[word][0] for word in words):
        module = importlib.import_module(f".{name}", __package__)
        if hasattr(module, "app"):
            root.add_typer(module.app, name=name, help=_(NOUNS[name][1]))
        if hasattr(module, "register"):
            module.register(root)
    return root


def _top(
    home: Annotated[str, typer.Option("--home", metavar="DIR", help=_("工作目录。"))] = "",
    debug: Annotated[bool, typer.Option("--debug", help=_("出错时显示详情。"))] = False,
    version: Annotated[bool, typer.Option("--version", "-V", help=_("版本。"))] = False,
) -> None:
    """Only for ``--help``: ``main`` has taken these words out before the parser sees them."""
