"""One file before it is taken, as large as the screen."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult

from fieldkit.text.i18n import _
from fieldkit.text.plain import shown
from fieldkit.tui import pictures
from fieldkit.tui.widgets.preview import Preview

from .base import FieldScreen


class PreviewScreen(FieldScreen):
    """Dismissed with nothing."""

    NAME: ClassVar[str] = "preview"
    CSS_PATH = "preview.tcss"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def body(self) -> ComposeResult:
        """The picture and the facts."""
        yield Preview(brief=True)

    def on_mount(self) -> None:
        """The facts and the picture come when they have been read."""
        self.title_bar.tell(shown(self._path.name))
        self.query_one(Preview).look(self._path)
        if not pictures.available():
            self.say(_("要看图，请装上 preview 附加件：pip install 'fieldkit[preview]'"), "dim")
        self.offer()
