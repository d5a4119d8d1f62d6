"""What a record says beside its items: who, from when to when, the unit's view, amendments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from fieldkit.domain.moments import CHINA, moment_of
from fieldkit.domain.records import Inspection, Particulars
from fieldkit.report.paper import Block, Form, FormCell, FormRow, Para
from fieldkit.report.phrases import clock_words, time_words
from fieldkit.text.i18n import _

_WIDTHS = (34, 24, 98)
_LEAST = 2

Amendment = tuple[str, str, str]
"""Stamp, the device's name, and what was changed, in words."""


def inspectors(told: Particulars) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Labels and names, two to a line; as many empty fields as the form has at least."""
    names = [*told.inspectors, *[""] * max(0, _LEAST - len(told.inspectors))]
    names += [""] * (len(names) % 2)
    for place in range(0, len(names), 2):
        yield _inspector(place, names), _inspector(place + 1, names)


def _inspector(place: int, names: Sequence[str]) -> tuple[str, str]:
    labels = {0: _("检查人（编号）1"), 1: _("检查人（编号）2")}
    return labels.get(place) or _("检查人（编号）{n}").format(n=place + 1), names[place]


def observed(told: Particulars) -> str:
    """From when to when they were there; empty where it was not told."""
    start, end = _moment(told.observed_from), _moment(told.observed_to)
    if start and end:
        until = clock_words(end) if end.date() == start.date() else time_words(end)
        return _("{start}至{end}").format(start=time_words(start), end=until)
    if start:
        return _("{start}起").format(start=time_words(start))
    return _("至{end}").format(end=time_words(end)) if end else ""


def written_after(told: Particulars, inspection: Inspection, span: str) -> str:
    """When it was written down, and how long after they had left."""
    left = _moment(told.observed_to)
    closed = moment_of(inspection.finished_hlc or inspection.started_hlc)
    if left is None or closed < left:
        return _("{span}（离场后　　　分钟内补录）").format(span=span)
    minutes = -(-int((closed - left).total_seconds()) // 60)
    return _("{span}（离场后{n}分钟内补录）").format(span=span, n=minutes)


def unit_view(told: Particulars) -> str:
    """What the inspected unit said, or the boxes to be ticked by hand."""
    view = told.unit_view or _("□同意\n□有异议：")
    return view + (_("\n签字情况：已签字") if told.unit_sign == "signed" else "")


def unsigned(told: Particulars, date_line: str) -> str:
    """The note on a signature that is not there."""
    if told.unit_sign == "absent":
        words = _("√无人在场，未签字\n签注人（2名检查人或见证人）：1.　　　　　　2.\n{date}")
    elif told.unit_sign == "refused":
        words = _("√拒签，原因：\n签注人（2名检查人或见证人）：1.　　　　　　2.\n{date}")
    else:
        words = _("□拒签，原因：\n签注人（2名检查人或见证人）：1.　　　　　　2.\n{date}")
    return words.format(date=date_line)


def amendments(made: Sequence[Amendment]) -> Iterator[Block]:
    """What was changed after the first finish; nothing where nothing was."""
    if not made:
        return
    yield Para(_("五、更正记录"), "part", keep=True)
    heads = (_("时间"), _("设备"), _("内容"))
    rows = [FormRow([FormCell(head, style="head") for head in heads], header=True)]
    for hlc, device, words in made:
        when = FormCell(time_words(moment_of(hlc)), style="mid")
        rows.append(FormRow([when, FormCell(device, style="mid"), FormCell(words)]))
    yield Form(_WIDTHS, rows)


def _moment(local: str) -> datetime | None:
    return datetime.fromisoformat(local).replace(tzinfo=CHINA) if local else None
