"""The documents that an office files: which there are, what each is made from, who makes it.

A new kind is one file with ``build(ws, options)`` and one row here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from typing import TYPE_CHECKING

from fieldkit.errors import Problem
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown

if TYPE_CHECKING:
    from fieldkit.report.paper import Paper, Recipe
    from fieldkit.work.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Options:
    """What a document is asked for; an empty text leaves the choice to its maker.

    A maker gives back in the paper's recipe what it chose, so that the same paper can be made
    again: a month, a day, a place, never "the latest".
    """

    month: str = ""
    """2026-11"""
    half: str = ""
    """2026-H2"""
    first: str = ""
    """The first day that counts, ISO."""
    last: str = ""
    """The last day that counts, ISO."""
    within: str = ""
    """The code of a village or of another place that holds places."""
    site: str = ""
    """The code of the one place that the paper is about or goes to."""
    inspection: str = ""
    finding: str = ""
    referral: str = ""
    checklist: str = ""
    campaign: str = ""
    basis: str = ""
    """A file of readings for the standing; the month's own where empty."""
    readings: str = ""
    """What that file says, as JSON: a recipe names no files."""
    public: str = ""
    """``1``: for people outside; nothing below a building, no internal remarks (DOMAIN §5.4)."""

    def recipe(self, kind: str, **settled: str) -> Recipe:
        """These options as a recipe, with what the maker settled in their place."""
        from fieldkit.report.paper import Recipe

        said = {one.name: getattr(self, one.name) for one in fields(self)} | settled
        return Recipe(kind, {name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document: the words for it, the module that makes it, the options it reads."""

    title: str
    module: str
    options: tuple[str, ...] = ()
    formats: tuple[str, ...] = (".docx", ".xlsx", ".html")


KINDS: Mapping[str, Kind] = {
    "bulletin": Kind(
        N_("检查情况通报"), "bulletin", ("month", "first", "last", "within", "checklist")
    ),
    "standing": Kind(N_("村（社区）发案排名通报（红黄牌）"), "standing", ("month", "basis")),
    "coverage": Kind(N_("入户宣传覆盖情况统计表"), "coverage", ("last", "within", "campaign")),
    "half-year": Kind(N_("半年工作情况报告和催报表"), "half_year", ("half", "within")),
    "inspection": Kind(N_("检查记录表"), "inspection", ("inspection",)),
    "rectification-notice": Kind(
        N_("整改通知书、问题提示函"), "rectification", ("inspection", "finding", "site")
    ),
    "assessment": Kind(N_("无诈单位评选申报表"), "assessment", ("site", "first", "last")),
    "assessment-summary": Kind(
        N_("无诈单位评选汇总表"), "assessment_summary", ("within", "first", "last", "checklist")
    ),
    "obligations": Kind(N_("应办事项清单"), "obligations", ("last", "within")),
    "referral": Kind(N_("移交单"), "referral_slip", ("referral",)),
    "notice": Kind(N_("入户宣传告知单"), "notice", ()),
}


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises Problem ``unknown-report`` naming those there are."""
    kind = KINDS.get(name)
    if kind is None:
        raise Problem(
            "unknown-report",
            _("没有“{kind}”这种文件。").format(kind=shown(name)[:40]),
            mend=_("可用：{kinds}。").format(kinds="、".join(KINDS)),
        )
    return kind


def build(ws: Workspace, name: str, options: Options) -> Paper:
    """The paper of that kind from what this home holds. Raises what its maker raises."""
    made: Callable[[Workspace, Options], Paper]
    made = import_module(f"fieldkit.papers.{kind_of(name).module}").build
    return made(ws, options)


def again(ws: Workspace, recipe: Recipe) -> Paper:
    """The same paper from what this home holds now.

    Raises Problem ``unknown-report`` for a recipe of another version.
    """
    known = {one.name for one in fields(Options)}
    if not known.issuperset(recipe.options):
        raise Problem(
            "unknown-report",
            _("这份文件是别的版本出的，选项不认识：{names}。").format(
                names="、".join(shown(name) for name in sorted(set(recipe.options) - known))
            ),
            mend=_("请用出这份文件的版本核对。"),
        )
    return build(ws, recipe.kind, Options(**recipe.options))
