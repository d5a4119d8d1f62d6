"""What the rows of a register say, checked: codes, kinds, parents, and who may hold whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fieldkit.domain.kinds import SITE_KINDS
from fieldkit.domain.records import Site
from fieldkit.text.i18n import _
from fieldkit.text.plain import composed, folded, shown
from fieldkit.text.privacy import leaks

from .register import Register, Rejection, Row

_PLACES = frozenset(("school", "company", "courier", "telecom", "bank", "institution", "venue"))
_AREAS = frozenset(("village", "grid", "estate"))
_HOLDERS: dict[str, frozenset[str]] = {
    "village": frozenset(("village",)),
    "grid": _AREAS,
    "estate": _AREAS,
    "building": _AREAS | _PLACES,
    "unit": _AREAS | _PLACES | {"building"},
    "door": _AREAS | _PLACES | {"building", "unit"},
    **dict.fromkeys(_PLACES, _AREAS | _PLACES | {"building", "unit"}),
}
"""Under what each kind may hang: permissive, only nonsense is left out."""

_KIND_NAMES = {
    "村": "village", "社区": "village", "村社区": "village", "村(社区)": "village",
    "网格": "grid", "小区": "estate", "校园": "school", "学校": "school", "企业": "company",
    "寄递网点": "courier", "快递网点": "courier", "快递": "courier", "电信网点": "telecom",
    "银行网点": "bank", "银行": "bank", "单位": "institution", "机构": "institution",
    "公共场所": "venue", "场所": "venue", "楼栋": "building", "楼": "building",
    "栋": "building", "单元": "unit", "户": "door",
}  # fmt: skip
_TRUTH = {"1": True, "0": False, "是": True, "否": False, "": None}
_CODE_LIMIT = 64
_NAME_LIMIT = 120


def holders(kind: str) -> frozenset[str]:
    """The kinds under which a kind may hang; none for an unknown one."""
    return _HOLDERS.get(kind, frozenset())


def kind_named(typed: str) -> str:
    """The kind of that id or Chinese name; what was typed where there is none."""
    text = folded(typed)
    return _KIND_NAMES.get(text, text.lower())


@dataclass(frozen=True, slots=True)
class Entry:
    """One site as the register wants it; ``parent`` is a code or empty."""

    row: int
    code: str
    name: str
    kind: str
    parent: str
    division: str
    grid: str
    address: str
    floor: str
    registered: bool | None


def check(register: Register, known: Mapping[str, Site]) -> tuple[list[Entry], list[Rejection]]:
    """The entries of a register, or every rejection by row; ``known`` sites are by code."""
    checker = _Checker(register, known)
    entries = checker.entries()
    if checker.faults:
        return [], checker.sorted_faults()
    return [checker.settled(entry) for entry in entries], []


@dataclass(slots=True)
class _Checker:
    """One register held against the sites that are known already."""

    register: Register
    known: Mapping[str, Site]
    faults: list[Rejection] = field(init=False)
    codes: dict[str, str] = field(init=False)
    """Codes of known sites by id."""
    found: dict[str, Entry] = field(default_factory=dict)
    told: set[tuple[int, str]] = field(init=False)
    """Cells that have had their sentence."""

    def __post_init__(self) -> None:
        self.faults = list(self.register.rejected)
        self.told = {(fault.row, fault.column) for fault in self.faults}
        self.codes = {site.id: site.code for site in self.known.values()}

    def entries(self) -> list[Entry]:
        """Every row as an entry; what is wrong with it stands in ``faults``."""
        for row in self.register.rows:
            entry = self._entry(row)
            twin = self.found.get(entry.code)
            if twin is not None:
                self._refuse(row, "code", _("与第 {n} 行编码重复").format(n=twin.row))
            elif entry.code:
                self.found[entry.code] = entry
        entries = list(self.found.values())
        for entry in entries:
            self._check_parent(entry)
        self._check_held()
        return entries

    def sorted_faults(self) -> list[Rejection]:
        """The faults by row and column, each once."""
        place = {name: index for index, name in enumerate(self.register.columns)}
        return sorted(
            set(self.faults), key=lambda f: (f.row, place.get(f.column, 99), f.column, f.message)
        )

    def _refuse(self, row: Row | Entry, column: str, message: str) -> None:
        number = row.number if isinstance(row, Row) else row.row
        # One sentence a cell: a refused cell reads as empty, which says nothing new.
        if (number, column) not in self.told:
            self.told.add((number, column))
            self.faults.append(Rejection(number, column, message))

    def _entry(self, row: Row) -> Entry:
        code = self._code(row, "code", row.cells["code"])
        before = self.known.get(code)
        kind = self._kind(row)
        name = composed(row.cells["name"])
        if not name:
            self._refuse(row, "name", _("不能为空"))
        elif len(name) > _NAME_LIMIT:
            self._refuse(row, "name", _("超过 {n} 个字").format(n=_NAME_LIMIT))
        address = composed(row.cells.get("address", before.address if before else ""))
        for column, text in (("name", name), ("address", address)):
            for leak in leaks(text):
                self._refuse(row, column, _("含有{label}，不能导入").format(label=_(leak.label)))
        return Entry(
            row=row.number,
            code=code,
            name=name,
            kind=kind,
            parent=self._parent(row, before),
            division=self._division(row, before),
            grid=self._short(row, "grid", before.grid if before else "", 40),
            address=address,
            floor=self._short(row, "floor", before.floor if before else "", 16),
            registered=self._registered(row, kind, before),
        )

    def _code(self, row: Row, column: str, typed: str) -> str:
        code = folded(typed)
        if not code:
            self._refuse(row, column, _("不能为空"))
        elif len(code) > _CODE_LIMIT:
            self._refuse(row, column, _("超过 {n} 个字").format(n=_CODE_LIMIT))
        elif any(char.isspace() for char in code):
            self._refuse(row, column, _("编码里不能有空格"))
        return code

    def _kind(self, row: Row) -> str:
        typed = folded(row.cells["kind"])
        kind = kind_named(typed)
        if kind not in _HOLDERS:
            message = _("没有“{kind}”这种类别，可用：{kinds}")
            names = " ".join(SITE_KINDS)
            self._refuse(row, "kind", message.format(kind=shown(typed)[:40], kinds=names))
        return kind

    def _parent(self, row: Row, before: Site | None) -> str:
        if "parent" not in row.cells:
            return self.codes.get(before.parent, "") if before else ""
        return self._code(row, "parent", row.cells["parent"]) if row.cells["parent"] else ""

    def _division(self, row: Row, before: Site | None) -> str:
        division = folded(row.cells.get("division", before.division if before else ""))
        if not re.fullmatch(r"[0-9]{0,12}", division):
            self._refuse(row, "division", _("区划代码只能是不超过 12 位的数字"))
        return division

    def _short(self, row: Row, column: str, before: str, limit: int) -> str:
        text = folded(row.cells.get(column, before))
        if len(text) > limit:
            self._refuse(row, column, _("超过 {n} 个字").format(n=limit))
        return text

    def _registered(self, row: Row, kind: str, before: Site | None) -> bool | None:
        if "registered" not in row.cells:
            return before.registered if before and kind == "door" else None
        typed = folded(row.cells["registered"])
        if typed not in _TRUTH:
            self._refuse(row, "registered", _("只能填 1 或 0"))
        elif typed and kind != "door":
            self._refuse(row, "registered", _("只有户才填户籍"))
        return _TRUTH.get(typed)

    def _check_parent(self, entry: Entry) -> None:
        if not entry.parent:
            return
        if entry.parent == entry.code:
            self._refuse(entry, "parent", _("不能以自己为上级"))
            return
        kind = self._kind_of(entry.parent)
        if kind is None:
            message = _("没有编码为“{code}”的上级").format(code=shown(entry.parent)[:64])
            self._refuse(entry, "parent", message)
        elif kind in _HOLDERS and kind not in _HOLDERS.get(entry.kind, _HOLDERS.keys()):
            self._refuse(entry, "parent", self._misplaced(entry.kind, kind))
        elif self._circles(entry.code):
            self._refuse(entry, "parent", _("上级绕成了一圈"))

    def _misplaced(self, kind: str, holder: str) -> str:
        return _("{kind} 不能挂在 {holder} 下").format(kind=kind, holder=holder)

    def _check_held(self) -> None:
        """A known site must still fit under a parent whose kind the register changes."""
        for site in self.known.values():
            holder = self.found.get(self.codes.get(site.parent, ""))
            if holder is None or site.code in self.found or holder.kind not in _HOLDERS:
                continue
            if holder.kind not in _HOLDERS.get(site.kind, _HOLDERS.keys()):
                self._refuse(holder, "kind", self._misplaced(site.kind, holder.kind))

    def _kind_of(self, code: str) -> str | None:
        if code in self.found:
            return self.found[code].kind
        site = self.known.get(code)
        return site.kind if site else None

    def _parent_of(self, code: str) -> str:
        if code in self.found:
            return self.found[code].parent
        site = self.known.get(code)
        return self.codes.get(site.parent, "") if site else ""

    def _circles(self, code: str) -> bool:
        """Whether going up from a site comes back to it."""
        seen: set[str] = set()
        above = self._parent_of(code)
        while above and above not in seen:
            if above == code:
                return True
            seen.add(above)
            above = self._parent_of(above)
        return False

    def settled(self, entry: Entry) -> Entry:
        """The entry with the division it has from above where its own cell is blank.

        A village's own code serves when it has the form of a division.
        """
        if entry.division:
            return entry
        if entry.kind == "village" and re.fullmatch(r"[0-9]{6,12}", entry.code):
            return replace(entry, division=entry.code)
        return replace(entry, division=self._division_of(entry.parent))

    def _division_of(self, code: str) -> str:
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            entry, site = self.found.get(code), self.known.get(code)
            held = entry.division if entry else site.division if site else ""
            kind = self._kind_of(code)
            if held:
                return held
            if kind == "village" and re.fullmatch(r"[0-9]{6,12}", code):
                return code
            code = self._parent_of(code)
        return ""
