"""What all screens share: title, status line, key bar, and one way for a key to do something."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.tui import commands, words
from fieldkit.tui.commands import Command
from fieldkit.tui.widgets.key_bar import KeyBar
from fieldkit.tui.widgets.painted import TONES
from fieldkit.tui.widgets.status_line import StatusLine
from fieldkit.tui.widgets.title_bar import TitleBar
from fieldkit.work import labels

if TYPE_CHECKING:
    from fieldkit.tui.app import FieldApp
    from fieldkit.work.workspace import Workspace


class FieldScreen(Screen[Any]):
    """A screen whose keys come from the table of commands."""

    NAME: ClassVar[str] = ""
    """The screen's name in the table."""
    AUTO_FOCUS: ClassVar[str | None] = ""
    COMPONENT_CLASSES: ClassVar[set[str]] = TONES

    OPENS_LABELS: ClassVar[bool] = True
    """Whether a label may be scanned here; not where a place would give something away."""

    mode = ""
    """The part of the screen's state that decides which keys work."""

    @property
    def field(self) -> FieldApp:
        """The app, by its own type."""
        return cast("FieldApp", self.app)

    @property
    def ws(self) -> Workspace:
        """The open workspace."""
        return self.field.ws

    def body(self) -> ComposeResult:
        """The widgets between title and status line."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Title on top, keys at the bottom, the status line above them."""
        yield TitleBar(demo=self.ws.is_demo)
        yield from self.body()
        yield StatusLine()
        yield KeyBar()

    @property
    def title_bar(self) -> TitleBar:
        """The first row."""
        return self.query_one(TitleBar)

    @property
    def status(self) -> StatusLine:
        """The line for messages."""
        return self.query_one(StatusLine)

    @property
    def key_bar(self) -> KeyBar:
        """The last two rows."""
        return self.query_one(KeyBar)

    def say(self, text: str, tone: str = "") -> None:
        """Tell the person something on the status line."""
        self.status.say(text, tone)

    def saved(self, text: str = "") -> None:
        """Tell that the wish is on disk; only after the work call has returned."""
        self.status.saved(words.saved(self.ws.now()))
        self.status.say(text)

    def offer(self) -> None:
        """Bring the key bar up to date with what can be done now."""
        usable = [c for c in commands.on(self.NAME, self.mode) if not c.why_not(self)]
        self.key_bar.offer(usable)

    def attempt(self, wish: Callable[[], None]) -> bool:
        """Do something that may be refused; the refusal is shown and nothing else changes."""
        try:
            wish()
        except Problem as problem:
            self.say(problem.sentence(), "fail")
            return False
        return True

    def press(self, command: Command, key: str) -> None:
        """Do what a command says, or tell why it cannot be done."""
        reason = command.why_not(self)
        if reason:
            self.say(reason, "accent")
            return
        act = getattr(self, command.id.replace(".", "_"))
        self.attempt(lambda: act(key))
        if self.is_attached and self.is_current:
            self.offer()

    def on_key(self, event: events.Key) -> None:
        """Look the key up in the table; a scanner's keys are a place, not commands."""
        label = self.field.scan.hear(event.key, event.character) if self.OPENS_LABELS else None
        if label is not None:
            event.stop()
            event.prevent_default()
            self._scanned(label)
            return
        key = commands.pressed(event.key, event.character)
        if key == "ctrl+c":
            event.stop()
            self.say(_("要离开请按 F10；答过、记过的都已存好。"), "accent")
            return
        command = commands.find(self.NAME, self.mode, key)
        if command is not None:
            event.stop()
            event.prevent_default()
            self.press(command, key)

    def _scanned(self, label: str) -> None:
        """The place of a label, once it is whole."""
        from . import going

        if label:
            self.say("")
            self.attempt(lambda: going.labelled(self, labels.resolve(self.ws, label)))
        else:
            self.say(_("正在扫码……"), "accent")

    def on_key_bar_pressed(self, message: KeyBar.Pressed) -> None:
        """A label was clicked."""
        self.press(message.command, message.command.keys[0])

    def back(self, _key: str) -> None:
        """Leave this screen."""
        self.dismiss()

    def quit(self, _key: str) -> None:
        """Leave the program."""
        self.app.exit(0)

    def help(self, _key: str) -> None:
        """What can be done here, and where else to go."""
        from .palette import PaletteScreen

        self.app.push_screen(PaletteScreen(self), self._chosen_there)

    def _chosen_there(self, act: Callable[[], None] | None) -> None:
        if act is not None:
            # Only when this screen is the one on top again.
            self.call_after_refresh(lambda: self.attempt(act))
