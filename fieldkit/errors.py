"""What can go wrong for a user, and how it is said: what, where, the mend."""

from __future__ import annotations

_STOPS = "。.！!？?；;：:"


class Problem(Exception):
    """Bad input or a state that forbids the wish: one sentence, never a traceback.

    ``code`` is stable English for machines; ``what``, ``where`` and ``mend`` are already in
    the user's language. ``exit_code`` is what the command line leaves with.
    """

    exit_code = 2

    def __init__(self, code: str, what: str, *, where: str = "", mend: str = "") -> None:
        self.code = code
        self.what = what
        self.where = where
        self.mend = mend
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """The whole message on one line: ``where: what  mend``."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        if not self.mend:
            return head
        if head[-1:] in _STOPS:
            return f"{head} {self.mend}"
        return f"{head}{'. ' if head.isascii() else '。'}{self.mend}"


class Refused(Problem):
    """The honest answer is "no": the request was understood and may not be granted."""

    exit_code = 1
