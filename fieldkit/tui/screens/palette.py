"""F1 on every screen: what can be done here and why something cannot, and where else to go."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from fieldkit.domain import translating
from fieldkit.text.i18n import _, language
from fieldkit.text.plain import folded
from fieldkit.text.width import pad
from fieldkit.tui import commands
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import labels, sites

from . import going
from .base import FieldScreen
from .pick import PickScreen

MOST_SITES = 50
"""So many sites are listed below what can be done."""
LABEL_ROW = "open label"
LABEL = 12
"""Cells for the name of a command."""

Act = Callable[[], None]


class PaletteScreen(PickScreen):
    """Dismissed with what is to be done on the screen below, or nothing."""

    NAME: ClassVar[str] = "palette"
    FILTER: ClassVar[bool] = True

    def __init__(self, below: FieldScreen) -> None:
        super().__init__()
        self._below = below
        self._acts: dict[str, Act] = {}
        self._reasons: dict[str, str] = {}
        self._here: list[Row] = []
        self._further: list[Row] | None = None
        self._register: list[Row] | None = None

    def heading(self) -> str:
        """The title."""
        return _("能做什么，去哪里")

    def question(self) -> str:
        """How it works."""
        return _("打汉字、拼音或首字母查找，还能找别的地方和单位；回车就做。")

    def rows(self) -> list[Row]:
        """What the keys of the screen below do now, or why they do nothing."""
        below = self._below
        self._reasons.clear()
        now = [c for c in commands.on(below.NAME, below.mode) if c.id != "help"]
        known = {command.id for command in now} | {"help"}
        later = {c.id: c for c in commands.SCREENS[below.NAME] if c.id not in known}
        self._here = [
            *(self._command(command) for command in now),
            *(self._later(command) for command in later.values()),
            *self._notes(),
        ]
        return self._here

    def on_mount(self) -> None:
        """The places of the register are read while the hand still moves to the letters."""
        super().on_mount()
        self.call_after_refresh(self._sites)

    def chosen(self, row: Row) -> None:
        """Do it on the screen below."""
        if reason := self._reasons.get(row.key):
            self.say(reason, "accent")
        elif row.key in self._acts:
            self.dismiss(self._acts[row.key])

    def _show(self, at: str | None) -> None:
        wanted = self.query_one(LineEditor).value
        number = f"to item {folded(wanted)}"
        found = [*self._here, *self._elsewhere(wanted)] if folded(wanted) else self._here
        found = [*self._labelled(wanted), *found]
        # A number over an inspection is one of its items, before the keys that have it in a name;
        # what cannot be done now comes after what can.
        last = bool(folded(wanted))
        self._all = sorted(
            found, key=lambda row: (row.key != number, row.key != LABEL_ROW, last and row.faint)
        )
        super()._show(at)

    def _labelled(self, wanted: str) -> list[Row]:
        """The place whose label was scanned or whose code was typed."""
        site = labels.meant(self.ws, wanted) if folded(wanted) else None
        if site is None or site.kind == "door":
            return []
        below, name = self._below, sites.full_name(self.ws, site)
        self._acts[LABEL_ROW] = lambda: going.labelled(below, site)
        kind = _(sites.KINDS.get(site.kind, site.kind))
        return [Row(LABEL_ROW, _("打开 {name}").format(name=name), kind, find=wanted)]

    def _elsewhere(self, wanted: str) -> list[Row]:
        if self._further is None:
            self._further = [*self._places(), *self._items()]
        found = [row for row in self._sites() if row.matches(wanted)]
        return [*self._further, *found[:MOST_SITES]]

    def _command(self, command: commands.Command) -> Row:
        key = f"{command.id} {command.keys[0]}"
        reason = command.why_not(self._below)
        if reason:
            self._reasons[key] = reason
        elif command.keys[0].isdigit() and len(command.keys) > 1 and command.cap:
            # Which of the digits is meant only the screen itself can show.
            self._reasons[key] = _("请回到那一屏，按行首的数字。")
        else:
            below = self._below
            self._acts[key] = lambda: below.press(command, command.keys[0])
        return self._line(key, command, reason)

    def _later(self, command: commands.Command) -> Row:
        key = f"{command.id} {command.keys[0]}"
        self._reasons[key] = _("现在还用不上，换了题目或步骤才有。")
        return self._line(key, command, self._reasons[key])

    @staticmethod
    def _line(key: str, command: commands.Command, reason: str) -> Row:
        text = f"{pad(_(command.label), LABEL)}{reason or _(command.help)}"
        return Row(key, text, command.caption, find=_(command.help), faint=bool(reason))

    def _notes(self) -> list[Row]:
        """What holds on every screen."""
        told = [
            _("开着中文输入法也能按：数字、F 键、方向键、回车、空格；全角数字也认。"),
            _("每答一题、每记一户，都在屏幕换行之前存到了盘上。"),
        ]
        self._reasons.update({f"note {at}": text for at, text in enumerate(told)})
        return [Row(f"note {at}", text, faint=True) for at, text in enumerate(told)]

    def _places(self) -> list[Row]:
        """Other screens."""
        below, rows = self._below, []
        for name, (title, go) in going.places().items():
            if name == below.NAME:
                continue
            key = f"to {name}"
            self._acts[key] = lambda go=go: go(below)  # type: ignore[misc]
            rows.append(Row(key, title, _("去那里")))
        return rows

    def _items(self) -> list[Row]:
        """The items of the inspection below, if there is one."""
        from .inspect_sheet import SheetScreen

        below = self._below
        if not isinstance(below, SheetScreen):
            return []
        rows = []
        for number, item in enumerate(below.sheet.items, 1):
            key = f"to item {number}"
            self._acts[key] = lambda id=item.id: below.go_to(id)  # type: ignore[misc]
            text = translating.words(item, "text", language())
            rows.append(Row(key, f"{number}. {text}", _("题 {id}").format(id=item.id)))
        return rows

    def _sites(self) -> list[Row]:
        """Every place of the register that is no door."""
        if self._register is None:
            below, self._register = self._below, []
            kinds = [kind for kind in sites.KINDS if kind not in ("door", "unit")]
            for site in sites.listing(self.ws, kinds=kinds):
                if site.removed:
                    continue
                key = f"to site {site.code}"
                self._acts[key] = lambda code=site.code: going.site(below, code)  # type: ignore[misc]
                kind = _(sites.KINDS.get(site.kind, site.kind))
                find = f"{site.code} {site.address}"
                self._register.append(Row(key, site.name, kind, find=find))
        return self._register
