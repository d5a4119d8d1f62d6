"""What only the office can decide about a month, asked one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fieldkit.text.i18n import N_, _
from fieldkit.text.plain import shown
from fieldkit.tui.widgets.pick_list import Row
from fieldkit.work import standing
from fieldkit.work.standing import Decisions, Doubt, Figures
from fieldkit.work.workspace import Workspace

from .base import FieldScreen
from .pick import PickScreen

Then = Callable[[], None]

WORDS: Mapping[tuple[str, str], str] = {
    ("zero-base", "worst"): N_("上年同期为零而本期有发案的，排末位"),
    ("zero-base", "as_one"): N_("上年同期为零的，按 1 起计算"),
    ("zero-base", "switch_diff"): N_("这一期全表改按差额排名"),
    ("boundary", "include"): N_("并列同受：并列的都算列后"),
    ("boundary", "per10k"): N_("先比万人均，高的列后"),
    ("wide", "yes"): N_("确认：这些单位都列后"),
    ("zero-cases", "confirm"): N_("亮牌"),
    ("zero-cases", "spare"): N_("不亮牌"),
}
"""The choices of each kind of doubt."""


@dataclass
class Told:
    """What was decided so far, as the work layer takes it."""

    chosen: dict[str, str] = field(default_factory=dict)
    confirm: list[str] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether anything was decided."""
        return bool(self.chosen or self.confirm or self.spare)

    def keep(self, doubt: Doubt, name: str, choice: str) -> None:
        """Take a choice over."""
        if doubt.code != "zero-cases":
            self.chosen[doubt.code] = choice
            return
        for names in (self.confirm, self.spare):
            if name in names:
                names.remove(name)
        (self.confirm if choice == "confirm" else self.spare).append(name)

    def lines(self) -> list[str]:
        """The decisions in words."""
        said = [_(WORDS[code, choice]) for code, choice in self.chosen.items()]
        said += [_("{name}零发案，亮牌").format(name=name) for name in self.confirm]
        return [*said, *(_("{name}零发案，不亮牌").format(name=name) for name in self.spare)]

    def decisions(
        self, ws: Workspace, month: str, figures: Sequence[Figures] | None = None
    ) -> Decisions | None:
        """The same for the work layer; None where nothing was decided. Raises Problem."""
        if not self.any:
            return None
        return standing.decisions(ws, month, self.chosen, self.confirm, self.spare, figures)


class DoubtScreen(PickScreen):
    """One doubt; dismissed with the choice."""

    SPACING = 2

    def __init__(self, doubt: Doubt, name: str) -> None:
        super().__init__()
        self._doubt, self._name = doubt, name

    def heading(self) -> str:
        """What it is about."""
        if self._name:
            return _("要办公室决定：{name}").format(name=shown(self._name))
        return _("要办公室决定")

    def question(self) -> str:
        """How it goes on; the doubt itself stands on the status line, which wraps."""
        return _("按数字选定；选了的只用于这一期，通报时写明理由。")

    def reload(self) -> None:
        """The doubt below the choices."""
        super().reload()
        self.say(self._doubt.sentence, "accent")

    def rows(self) -> list[Row]:
        """The choices."""
        code = self._doubt.code
        return [Row(choice, _(WORDS[code, choice])) for choice in self._doubt.choices]


def open_(doubts: Sequence[Doubt]) -> list[Doubt]:
    """Those that a decision settles."""
    return [doubt for doubt in doubts if doubt.choices]


def ask(
    screen: FieldScreen,
    doubts: Callable[[], Sequence[Doubt]],
    names: Mapping[str, str],
    told: Told,
    then: Then,
) -> None:
    """Ask one after the other what is open, each time anew; then go on. F2 ends it."""
    waiting = open_(doubts())
    if not waiting:
        screen.attempt(then)
        return
    doubt = waiting[0]
    name = names[doubt.units[0]] if doubt.code == "zero-cases" else ""

    def decided(choice: str | None) -> None:
        if choice:
            told.keep(doubt, name, choice)
            screen.attempt(lambda: ask(screen, doubts, names, told, then))

    screen.app.push_screen(DoubtScreen(doubt, name), decided)
