"""The doors of a building: one digit per door, the coverage moving as one types."""

from __future__ import annotations

from typing import Any, ClassVar

from .doors_logging import DoorsLogging


class DoorsScreen(DoorsLogging):
    """The matrix of one building."""

    NAME: ClassVar[str] = "doors"

    def press(self, command: Any, key: str) -> None:
        """The outcome of a digit key is in the command's id."""
        if command.id.startswith("log.") and command.id != "log.more":
            code = command.id.removeprefix("log.")
            reason = command.why_not(self)
            if reason:
                self.say(reason, "accent")
            else:
                self.attempt(lambda: self._log(code))
                self.offer()
            return
        super().press(command, key)
