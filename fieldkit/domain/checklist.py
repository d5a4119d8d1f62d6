"""A checklist as data: sections of items, grades, and the clauses that each item rests on.

Policy is data (DESIGN, invariant 8): nothing here knows a particular list. The normalised form
`Checklist.to_doc` holds text, whole numbers and booleans only; its digest is what an inspection
is bound to, so that a list that is changed later never changes an old score (DOMAIN §2.15).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.late import Late
from fieldkit.text.plain import first_control

from .head import Head

FORMAT = 2
"""Version of the normalised form; part of every digest. A list that needs nothing of version 2 is
still written as version 1, so that its digest stays what it was."""

MODES = ("open", "covert", "both")
CRITICAL_EFFECTS = ("", "ineligible", "fail_target", "refer")
NATURES = ("supervision", "assessment", "guidance", "joint", "referral")
PARTIALS = ("linear", "threshold")
KINDS = ("inspection", "record")
"""An inspection is scored; a record is a form that is not."""
CADENCES = ("", "monthly", "quarterly", "semester", "half-yearly", "yearly", "once")
"""How often a site is to be inspected with a list; empty for whenever it is called for."""
LIMITS = {
    "text": 4000, "items": 6000, "list": 6000, "rows": 20_000, "depth": 6, "logic": 1_000_000,
}  # fmt: skip
"""Bounds of a list that came from elsewhere: characters of a text, items, entries of an array,
rows of a choice list, groups in groups, characters of all expressions."""
CONTAINERS = ("group", "repeat")

_CJK = "\\u3400-\\u4dbf\\u4e00-\\u9fff"
_PLAIN_ID = Late(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,63}")
_ID = Late(rf"[A-Za-z0-9_{_CJK}][A-Za-z0-9_.\-{_CJK}]{{0,63}}")


Translations = Mapping[str, Mapping[str, str]]
"""By language: texts by the field whose place they take."""

_NONE: Mapping[str, Any] = MappingProxyType({})


class Grade(NamedTuple):
    """A grade and the least percentage (whole, 0..100) of the possible points it takes."""

    id: str
    title: str
    at_least: int


class Option(NamedTuple):
    """One answer of a choice and what choosing it means: ``pass``, ``fail`` or ``noted``."""

    id: str
    title: str
    verdict: str = "noted"
    columns: Mapping[str, str] = _NONE
    """Further columns of a named list, for filters."""
    translations: Translations = _NONE


# Tuples for the fields: a class made by code that writes code costs a short command more time than
# its answer does. The classes on top keep what is worked out of them.
class _ItemFields(NamedTuple):
    """One thing to check; see `Item`.

    ``evidence`` says which proof is wanted (never a duty: W16), ``weight`` is in points,
    ``source`` lists clauses such as ``S003 三(一)`` whose first word stands in
    `Checklist.sources`, and ``params`` holds what the item's type needs.
    """

    id: str
    section: str
    text: str
    type: str
    criterion: str = ""
    evidence: str = ""
    weight: int = 0
    critical: bool = False
    mode: str = "both"
    required: bool = True
    source: tuple[str, ...] = ()
    params: Mapping[str, Any] = _NONE
    partial: str = "threshold"
    phrases: tuple[str, ...] = ()
    parent: str = ""
    """The group or repeat it stands in, empty at the top of its section."""
    relevant: str = ""
    required_if: str = ""
    constraint: str = ""
    message: str = ""
    calculate: str = ""
    count: str = ""  # type: ignore[assignment]
    default: str = ""
    read_only: bool = False
    effect: str = ""
    translations: Translations = _NONE
    listed: tuple[Option, ...] | None = None
    """The rows of the named list that its params ask for; not part of the normalised item."""


class Item(_ItemFields):
    """One thing to check."""

    def number(self, name: str, otherwise: int) -> int:
        """A whole-number parameter, or ``otherwise`` where it is not given."""
        value = self.params.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else otherwise

    def flag(self, name: str, otherwise: bool) -> bool:
        """A yes-or-no parameter, or ``otherwise`` where it is not given."""
        value = self.params.get(name)
        return value if isinstance(value, bool) else otherwise

    def words(self, name: str) -> str:
        """A text parameter, empty where it is not given."""
        value = self.params.get(name)
        return value if isinstance(value, str) else ""

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The options of a choice, in the order of the list."""
        if self.listed is not None:
            return self.listed
        rows = self.params.get("options")
        if not isinstance(rows, list | tuple):
            return ()
        return tuple(
            Option(
                str(r.get("id", "")),
                str(r.get("title", "")),
                str(r.get("verdict", "noted")),
                translations=r.get("translations", {}),
            )
            for r in rows
            if isinstance(r, Mapping)
        )


class Section(NamedTuple):
    """A titled run of items; those in a group or repeat come right after it."""

    id: str
    title: str
    items: tuple[Item, ...]
    relevant: str = ""
    translations: Translations = _NONE


class _ListFields(NamedTuple):
    """A whole list; see `Checklist`."""

    id: str
    version: str
    title: str
    title_en: str
    target: str
    boundary: str
    nature: str
    site_kinds: tuple[str, ...]
    critical_effect: str
    grades: tuple[Grade, ...]
    sections: tuple[Section, ...]
    sources: Mapping[str, str]
    kind: str = "inspection"
    cadence: str = ""
    language: str = ""
    lists: Mapping[str, tuple[Option, ...]] = _NONE
    translations: Translations = _NONE


class Checklist(_ListFields):
    """A whole list; see `from_doc` for how one is made."""

    @property
    def head(self) -> Head:
        """What stands in a list of lists."""
        return Head(self.id, self.version, self.title, len(self.items), self.digest)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every item in the order of the sections."""
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def _by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    def item(self, item_id: str) -> Item:
        """The item of that id; KeyError when there is none."""
        return self._by_id[item_id]

    def for_mode(self, mode: str) -> tuple[Item, ...]:
        """The items of one kind of visit (DOMAIN §4.4).

        A covert visit sees ``covert`` and ``both``; ``open``, ``self`` and ``reinspection``
        see ``open`` and ``both``.
        """
        asked = self._by_mode.get(mode)
        if asked is None:
            asked = self._by_mode[mode] = self._asked(mode)
        return asked

    @cached_property
    def _by_mode(self) -> dict[str, tuple[Item, ...]]:
        return {}

    def _asked(self, mode: str) -> tuple[Item, ...]:
        wanted = ("covert", "both") if mode == "covert" else ("open", "both")
        found: dict[str, Item] = {}
        for item in self.items:
            if item.mode in wanted and (not item.parent or item.parent in found):
                found[item.id] = item
        return tuple(found.values())

    def to_doc(self) -> dict[str, Any]:
        """The normalised form: text, whole numbers, booleans, nothing left to a default."""
        from .checklist_write import doc_of

        return doc_of(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of `to_doc`, 64 lower-case hex digits."""
        from .packing import doc_digest

        return doc_digest(self.to_doc())

    @staticmethod
    def from_doc(doc: Mapping[str, Any]) -> Checklist:
        """The list in a normalised form, which may come from another device.

        Raises Problem ``bad-checklist`` for anything `to_doc` would not have written, also for
        a field or item type of a newer version: dropping it would change the digest.
        """
        from .checklist_doc import read

        return read(doc)


def valid_id(text: object) -> bool:
    """Whether a text may stand as the id of a list, section, grade, item or option."""
    if not isinstance(text, str):
        return False
    # Nearly all are plain; compiling the ranges of Chinese takes longer than reading a list.
    return (_PLAIN_ID.fullmatch(text) or _ID.fullmatch(text)) is not None


def clean_text(text: object) -> bool:
    """Whether a text is short enough and free of steering characters."""
    return (
        isinstance(text, str)
        and len(text) <= LIMITS["text"]
        and first_control(text, allow="\n") is None
    )


def bad(what: str) -> Problem:
    """The problem of a list that cannot be read."""
    return Problem(
        "bad-checklist",
        _("检查表读不出来（{what}）").format(what=what),
        mend=_("请升级 fieldkit，或向发来检查表的单位重新索取。"),
    )
