"""One place entered or changed by hand, line by line; it is kept as a whole with F9."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from fieldkit.domain.records import Site
from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import folded, shown
from fieldkit.text.width import cell_width, cut, pad
from fieldkit.tui.widgets.line_editor import LineEditor
from fieldkit.tui.widgets.page import Page
from fieldkit.tui.widgets.painted import Line
from fieldkit.tui.widgets.pick_list import PickList, Row
from fieldkit.work import places, sites

from .form import WholeForm
from .pick import Caption

LABEL = 10
"""Cells for the name of a line."""
HINTS = {
    "code": N_("编码：底册里独一无二，以后不能改，例 K-12"),
    "name": N_("名称：单位、小区或楼栋的叫法，不写个人姓名电话"),
    "kind": N_("类别：打数字，或打类别的名称"),
    "parent": N_("上级：打数字，或打上级的编码、名称；可不填"),
    "division": N_("区划：不超过 12 位的数字；不填就随上级"),
    "grid": N_("网格编号，可不填"),
    "address": N_("地址：到门牌为止，可不填"),
    "floor": N_("楼层：例 3；地下写 -1；可不填"),
    "registered": N_("户籍：1 户籍户  0 非户籍户；不清楚就不填"),
}
"""What to type in each line."""


class SiteFormScreen(WholeForm):
    """Dismissed with the code of the place that was put, or with nothing."""

    NAME: ClassVar[str] = "site_form"
    CSS_PATH = "site_form.tcss"

    def __init__(self, code: str | None = None, parent: str | None = None) -> None:
        super().__init__()
        self._code = code
        self._told = dict.fromkeys(places.TITLES, "") | {"parent": parent or ""}
        self._before = dict(self._told)
        self._wrong: dict[str, str] = {}
        self._field = "name" if code else "code"
        self._offered: list[Site] = []

    def is_changed(self) -> bool:
        """Whether any line says something else than is kept."""
        return self._told != self._before

    def body(self) -> ComposeResult:
        """The lines, what to type, the editor, what can be chosen."""
        yield PickList(numbered=False)
        yield Caption(tone="accent", id="hint")
        yield LineEditor(max_length=200)
        yield Page()

    def on_mount(self) -> None:
        """Begin with the first line."""
        self.title_bar.tell(_("修改") if self._code else _("新增单位"), shown(self._code or ""))
        if self._code:
            self.attempt(self._read)
        self._show()

    def _read(self) -> None:
        self._told = places.told(self.ws, sites.find(self.ws, self._code or ""))
        self._before = dict(self._told)

    @property
    def fields(self) -> list[str]:
        """What is asked of a place of this kind; a code stays as it is."""
        asked = places.asked(self._told["kind"])
        return [field for field in asked if field != "code" or self._code is None]

    def _show(self) -> None:
        fields = self.fields
        if self._field not in fields:
            self._field = fields[0]
        picks = self.query_one(PickList)
        picks.styles.height = len(fields)
        picks.show([self._row(field) for field in fields], at=self._field)
        self.query_one("#hint", Caption).tell(_(HINTS[self._field]), "accent")
        editor = self.query_one(LineEditor)
        with editor.prevent(Input.Changed):
            editor.fill(self._in_editor(self._field))
        self.set_focus(editor)
        self._offer()
        self.offer()

    def _row(self, field: str) -> Row:
        wrong = self._wrong.get(field, "")
        empty = _("没填") if field in places.NEEDED else "—"
        return Row(
            field,
            f"{pad(_(places.TITLES[field]), LABEL)}{self._said(field) or empty}",
            wrong,
            mark=_("错") if wrong else "  ",
            tone="fail" if wrong else "",
        )

    def _said(self, field: str) -> str:
        """A line in words."""
        text = self._told[field]
        if field == "kind":
            return _(sites.KINDS[text]) if text in sites.KINDS else text
        if field == "registered":
            return {"1": _("户籍户"), "0": _("非户籍户")}.get(text, text)
        if field == "parent" and text:
            above = self._exact(text)
            return f"{above.name}  {text}" if above else text
        return text

    def _in_editor(self, field: str) -> str:
        text = self._told[field]
        return _(sites.KINDS[text]) if field == "kind" and text in sites.KINDS else text

    # What can be chosen by number

    def _offer(self) -> None:
        """Under the editor: the kinds, or the places that may be above."""
        chosen: list[str] = []
        if self._field == "kind":
            chosen = [_(kind) for kind in sites.KINDS.values()]
        elif self._field == "parent":
            self._look_up()
            chosen = [f"{site.name} {site.code}" for site in self._offered]
        room = max(self.size.width - 8, 20)
        self.query_one(Page).show(_packed(chosen, room))

    def _look_up(self) -> None:
        """The places that go with what is typed; a bare number means one of those in sight."""
        typed = folded(self.query_one(LineEditor).value)
        if self._offered and _number(typed, len(self._offered)):
            return
        kind = self._told["kind"]
        # A line that is filled already shows what else there is, not itself alone.
        text = "" if typed == self._told["parent"] else typed
        found = places.above(self.ws, kind, text) if kind in sites.KINDS else []
        self._offered = [site for site in found if site.code != self._code]

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Places above are found while typing."""
        if self._field == "parent":
            self.attempt(self._offer)

    def _exact(self, code: str) -> Site | None:
        found = places.above(self.ws, self._told["kind"], code)
        return next((site for site in found if site.code == folded(code)), None)

    def _meant(self, field: str, typed: str) -> str:
        """What was typed as the work layer reads it; what means nothing stays as it is."""
        text = folded(typed)
        if field == "kind":
            return _kind(text) or typed
        if field == "parent" and text and self._exact(text) is None:
            number = _number(text, len(self._offered))
            if number:
                return self._offered[number - 1].code
            named = [site for site in self._offered if text in (site.name, site.code)]
            found = named or self._offered
            return found[0].code if len(found) == 1 else typed
        return typed

    # Keeping

    def _hold(self) -> None:
        """Take the line over as it stands in the editor."""
        field, typed = self._field, self.query_one(LineEditor).value.strip()
        if typed != self._in_editor(field):
            self._told[field] = self._meant(field, typed)
            self._warned = False
        self._wrong.pop(field, None)

    def keep(self, _key: str) -> None:
        """Take the line and go on, unless there is something wrong with it."""
        self._hold()
        field = self._field
        wrong = places.faults(self.ws, self._told, code=self._code).get(field)
        if wrong:
            self._wrong[field] = wrong
            self._show()
            self._blame(field)
            return
        fields = self.fields
        last = fields.index(field) == len(fields) - 1
        self.say(_("填完了，按 F9 保存。") if last else "", "accent")
        self._go(1)

    def _blame(self, field: str) -> None:
        told = _("{line}：{why}").format(line=_(places.TITLES[field]), why=self._wrong[field])
        self.say(told, "fail")

    def save(self, _key: str) -> None:
        """Keep the whole; the first line with a fault is gone to instead."""
        self._hold()
        self._wrong = places.faults(self.ws, self._told, code=self._code)
        for field in places.TITLES:
            if field in self._wrong:
                self._field = field
                self._show()
                self._blame(field)
                return
        site = places.put(self.ws, self._told, code=self._code)
        self.dismiss(site.code)

    def _go(self, by: int) -> None:
        fields = self.fields
        at = fields.index(self._field) if self._field in fields else 0
        self._field = fields[max(0, min(at + by, len(fields) - 1))]
        self._offered = []
        self._show()

    def on_pick_list_chosen(self, message: PickList.Chosen) -> None:
        """A line was clicked."""
        self._hold()
        if message.row.key in self.fields:
            self._field = message.row.key
        self._go(0)


def _packed(chosen: list[str], room: int) -> list[Line]:
    """Numbered choices, as many to a line as fit; none is broken."""
    lines: list[list[tuple[str, str]]] = [[]]
    left = room
    for n, text in enumerate(chosen, 1):
        told = cut(shown(text), room - 6)
        need = cell_width(told) + 6
        if lines[-1] and left < need:
            lines.append([])
            left = room
        lines[-1] += [(f" {n} ", "key"), (f"{told}   ", "")]
        left -= need
    return list(lines)


def _number(text: str, most: int) -> int:
    """A number from 1 to so many, else 0."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    return number if number <= most else 0


def _kind(text: str) -> str:
    """The kind meant by a number, an id, a title, or letters that only one title has."""
    titles = {kind: folded(_(title)) for kind, title in sites.KINDS.items()}
    number = _number(text, len(titles))
    if number:
        return list(titles)[number - 1]
    wanted = text.lower()
    exact = [kind for kind, title in titles.items() if wanted in (kind, title.lower())]
    found = exact or [kind for kind, title in titles.items() if wanted and wanted in title.lower()]
    return found[0] if len(found) == 1 else ""
