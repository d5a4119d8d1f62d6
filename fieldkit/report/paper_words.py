"""What stands at the edges of every page of a document, whatever file it becomes (DOMAIN §3.0)."""

from __future__ import annotations

from fieldkit.report.paper import Paper
from fieldkit.report.phrases import EMPTY, time_words
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown


def notice(paper: Paper) -> str:
    """The head at the left: internal, unless the paper is for people outside."""
    return "" if paper.public else _("内部资料　注意保管")


def warning(paper: Paper) -> str:
    """The head at the right: made-up data, or the word that also stands behind the page."""
    return _("演示数据　不作任何依据") if paper.demo else shown(paper.mark)


def watermark(paper: Paper) -> str:
    """The large pale word behind the page; empty where there is none."""
    return shown(paper.mark) or (_("演示数据") if paper.demo else "")


def origin(paper: Paper) -> str:
    """The foot: what made it, when, from which state of the home."""
    return _("本表由 fieldkit 生成，生成时间{time}，数据指纹{digest}").format(
        time=time_words(paper.made), digest=shown(paper.digest)[:16] or EMPTY
    )
