"""Two versions of a checklist: what differs, and which answers keep their meaning.

An answer means what its item asked. It is carried over only where that item is there unchanged,
word for word; its number and its place in the list may differ (DOMAIN §2.15).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fieldkit.text.i18n import N_, _
from fieldkit_sync.canon import encode

from .checklist import Checklist, Item, Option
from .checklist_write import item_doc
from .items import of
from .packing import DOC_DEPTH

WITHOUT_MEANING = ("id", "source", "phrases", "translations", "evidence")
"""Fields of an item that change nothing of what an answer to it says."""
LIST_FIELDS = (
    "id", "version", "title", "title_en", "target", "boundary", "nature", "site_kinds",
    "critical_effect", "kind", "cadence", "language",
)  # fmt: skip

FIELDS = {
    "text": N_("内容"),
    "type": N_("题型"),
    "criterion": N_("判定标准"),
    "evidence": N_("佐证"),
    "weight": N_("分值"),
    "critical": N_("否决项"),
    "mode": N_("检查方式"),
    "required": N_("必答"),
    "source": N_("依据"),
    "params": N_("参数"),
    "options": N_("选项"),
    "partial": N_("计分办法"),
    "phrases": N_("常用语"),
    "relevant": N_("出现条件"),
    "required_if": N_("必答条件"),
    "constraint": N_("填写条件"),
    "message": N_("提示语"),
    "calculate": N_("算式"),
    "count": N_("个数"),
    "default": N_("默认值"),
    "read_only": N_("只读"),
    "effect": N_("否决后果"),
    "translations": N_("译文"),
}
"""An item's fields in words."""

_STEP = re.compile(r"([^\[\]]+)\[([1-9][0-9]{0,2})\]\.")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; of an item, a grade, a clause's source, or the list (no ``of``)."""

    of: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between two versions, items in the order of their lists.

    ``same`` pairs the items that an answer can pass between, by their old and new ids;
    ``renumbered`` are those of them whose ids differ, ``moved`` the pairs whose section does
    (item, old section, new section). ``changed`` items are there under the same id.
    """

    same: Mapping[str, str]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[Change, ...]
    renumbered: tuple[tuple[str, str], ...]
    moved: tuple[tuple[str, str, str], ...]
    grades: tuple[Change, ...]
    sources: tuple[Change, ...]
    whole: tuple[Change, ...]

    @property
    def anything(self) -> bool:
        """Whether the versions differ in anything that is told here."""
        parts = (self.added, self.removed, self.changed, self.renumbered, self.moved)
        return any((*parts, self.grades, self.sources, self.whole))


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of each answer, by its old address.

    ``carried`` gives the new address. ``again`` says in words what changed; the item is there at
    this very address and wants a new answer. Of ``retired`` answers the item is gone. ``emptied``
    are old addresses that must not keep their answers: another question stands there now, or the
    same answer would stand twice.
    """

    carried: Mapping[str, str]
    again: Mapping[str, str]
    retired: tuple[str, ...]
    emptied: tuple[str, ...]

    @property
    def moved(self) -> dict[str, str]:
        """Those of the carried whose address is another one now."""
        return {old: new for old, new in self.carried.items() if old != new}


def item_digest(item: Item) -> str:
    """SHA-256 over what gives an answer to this item its meaning, 64 lower-case hex digits."""
    doc = {name: value for name, value in _shape(item).items() if name not in WITHOUT_MEANING}
    return hashlib.sha256(encode(doc, depth=DOC_DEPTH)).hexdigest()


def _shape(item: Item) -> dict[str, Any]:
    """The item's fields, with the options that it offers wherever they are written."""
    doc = item_doc(item)
    params = {name: value for name, value in doc["params"].items() if name != "options"}
    if item.listed is not None:
        params.pop("list", None)
    # The order of the options is a matter of looks.
    options = sorted(map(_option, item.options), key=lambda row: str(row["id"]))
    return doc | {"params": params} | ({"options": options} if options else {})


def _option(row: Option) -> dict[str, Any]:
    columns = {name: text for name, text in sorted(row.columns.items()) if text}
    doc: dict[str, Any] = {"id": row.id, "title": row.title, "verdict": row.verdict}
    return doc | ({"columns": columns} if columns else {})


def compare(old: Checklist, new: Checklist) -> Diff:
    """Everything that differs between two versions of a list, or two lists."""
    same = _pairs(old, new)
    theirs = {item.id: item for item in new.items}
    taken = set(same.values())
    changes: list[Change] = []
    removed, moved = [], []
    stays: set[str] = set()
    for item in old.items:
        to = theirs.get(same.get(item.id, item.id))
        if to is None or (item.id not in same and to.id in taken):
            removed.append(item.id)
            continue
        stays.add(to.id)
        changes += _changes(to.id, _shape(item), _shape(to), "id")
        if item.section != to.section:
            moved.append((to.id, item.section, to.section))
    return Diff(
        same=same,
        added=tuple(item.id for item in new.items if item.id not in stays),
        removed=tuple(removed),
        changed=tuple(changes),
        renumbered=tuple((one, two) for one, two in same.items() if one != two),
        moved=tuple(moved),
        grades=tuple(_grades(old, new)),
        sources=tuple(_changes("", dict(old.sources), dict(new.sources))),
        whole=tuple(_whole(old, new)),
    )


def _pairs(old: Checklist, new: Checklist) -> dict[str, str]:
    """Old and new id of each item that is there unchanged, perhaps under another id.

    Where several items ask the very same, a pair is only made where it is clear which is which:
    an answer that is given once more costs less than one that stands at the wrong question.
    """
    ours = {item.id: item_digest(item) for item in old.items}
    theirs = {item.id: item_digest(item) for item in new.items}
    same = {id_: id_ for id_, digest in ours.items() if theirs.get(id_) == digest}
    for place in (True, False):
        free, wanted = _loose(old, ours, same, place), _loose(new, theirs, None, place)
        taken = set(same.values())
        for key, ids in free.items():
            others = [id_ for id_ in wanted.get(key, ()) if id_ not in taken]
            if len(ids) == len(others):
                same |= dict(zip(ids, others, strict=True))
    return {item.id: same[item.id] for item in old.items if item.id in same}


def _loose(
    checklist: Checklist, digests: Mapping[str, str], same: Mapping[str, str] | None, place: bool
) -> dict[tuple[str, str], list[str]]:
    """Items that are not paired yet by digest, and by section too where ``place`` counts."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for item in checklist.items:
        if same is None or item.id not in same:
            found[digests[item.id], item.section if place else ""].append(item.id)
    return found


def _changes(
    of: str, one: Mapping[str, Any], two: Mapping[str, Any], *but: str
) -> Iterator[Change]:
    for name in dict.fromkeys((*one, *two)):
        if name not in but and one.get(name) != two.get(name):
            yield Change(of, name, one.get(name), two.get(name))


def _grades(old: Checklist, new: Checklist) -> Iterator[Change]:
    ours = {grade.id: grade for grade in old.grades}
    theirs = {grade.id: grade for grade in new.grades}
    for name in dict.fromkeys((*ours, *theirs)):
        one, two = ours.get(name), theirs.get(name)
        for field in ("title", "at_least"):
            before, after = getattr(one, field, None), getattr(two, field, None)
            if before != after:
                yield Change(name, field, before, after)


def _whole(old: Checklist, new: Checklist) -> Iterator[Change]:
    for name in LIST_FIELDS:
        one, two = getattr(old, name), getattr(new, name)
        if one != two:
            yield Change("", name, _listed(one), _listed(two))
    ours, theirs = _gates(old), _gates(new)
    for section in dict.fromkeys((*ours, *theirs)):
        if ours.get(section, "") != theirs.get(section, ""):
            yield Change("", f"{section}.relevant", ours.get(section, ""), theirs.get(section, ""))


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _gates(checklist: Checklist) -> dict[str, str]:
    """The conditions of sections."""
    return {section.id: section.relevant for section in checklist.sections if section.relevant}


def carry(old: Checklist, new: Checklist, answers: Mapping[str, str]) -> Carried:
    """What becomes of these answers (address to value) when the list gives way to another.

    Every one ends in exactly one part, and no two are carried to the same address.
    """
    diff = compare(old, new)
    ours, theirs = _Tree(old), _Tree(new)
    why: dict[str, list[str]] = defaultdict(list)
    for change in diff.changed:
        if change.field not in WITHOUT_MEANING:
            why[change.of].append(_(FIELDS.get(change.field, change.field)))
    bridges = dict(diff.same) | _kept_repeats(old, new, diff.same)
    owners = {to: id_ for id_, to in diff.same.items()}
    carried: dict[str, str] = {}
    again: dict[str, str] = {}
    retired: list[str] = []
    for address in answers:
        place, there = ours.place(address), theirs.place(address)
        to = _new_address(place, diff.same, bridges, theirs) if place is not None else None
        owner = owners.get(there[1]) if there is not None else None
        if to is not None:
            carried[address] = to
        elif there is None or (owner is not None and (place is None or place[1] != owner)):
            retired.append(address)
        elif why.get(there[1]):
            again[address] = _("改了：{fields}").format(fields="、".join(why[there[1]]))
        else:
            again[address] = _("所在的重复组改了") if place else _("上一版没有这一项")
    targets = set(carried.values())
    emptied = (
        address
        for address in answers
        if address not in targets and (address in carried or theirs.place(address) is not None)
    )
    return Carried(carried, again, tuple(retired), tuple(emptied))


def redefined(old: Checklist, new: Checklist, mode: str) -> tuple[str, ...]:
    """Addresses of one kind of visit that ask something else than before, answered or not.

    Only those outside of repeats: inside, an address exists once its instance does.
    """
    same = compare(old, new).same
    tree, before = _Tree(new), {item.id for item in old.items}
    return tuple(
        item.id
        for item in new.for_mode(mode)
        if item.id in before
        and same.get(item.id) != item.id
        and of(item.type).answerable
        and not tree.repeats(item.id)
    )


def _kept_repeats(old: Checklist, new: Checklist, same: Mapping[str, str]) -> dict[str, str]:
    """Repeats that changed, but still go over the same things; answers in them stay there."""
    theirs = {item.id: item for item in new.items if item.type == "repeat"}
    taken = {*same, *same.values()}
    return {
        item.id: item.id
        for item in old.items
        if item.type == "repeat"
        and item.id in theirs
        and item.id not in taken
        and all(
            getattr(item, name) == getattr(theirs[item.id], name)
            for name in ("text", "criterion", "count")
        )
    }


Place = tuple[tuple[tuple[str, int], ...], str]
"""The repeats around an item with their instance numbers, and the item's id."""


class _Tree:
    """Which addresses a list knows."""

    def __init__(self, checklist: Checklist) -> None:
        self.items = {item.id: item for item in checklist.items}

    def repeats(self, item_id: str) -> tuple[str, ...]:
        """The repeats around an item, the outermost first."""
        found: list[str] = []
        above = self.items[item_id].parent
        while above:
            if self.items[above].type == "repeat":
                found.append(above)
            above = self.items[above].parent
        return tuple(reversed(found))

    def place(self, address: str) -> Place | None:
        """What an address means; None where no item stands there."""
        steps: list[tuple[str, int]] = []
        at = 0
        while found := _STEP.match(address, at):
            steps.append((found.group(1), int(found.group(2))))
            at = found.end()
        item = self.items.get(address[at:])
        if item is None or item.type == "group":
            return None
        names = tuple(name for name, _number in steps)
        return (tuple(steps), item.id) if names == self.repeats(item.id) else None


def _new_address(
    place: Place, same: Mapping[str, str], bridges: Mapping[str, str], tree: _Tree
) -> str | None:
    """Where an answer goes; None where its item or a repeat around it is not what it was."""
    steps, item_id = place
    if item_id not in same or any(name not in bridges for name, _number in steps):
        return None
    to = same[item_id]
    if tree.repeats(to) != tuple(bridges[name] for name, _number in steps):
        return None
    return "".join(f"{bridges[name]}[{number}]." for name, number in steps) + to
