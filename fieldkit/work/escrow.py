"""The office's second key: whoever holds it opens bundles when the office's own keys are lost.

It is drawn when the office is made, to be printed and locked away, and then removed from this
computer. Everything that is sealed to the office is sealed to it too.
"""

from __future__ import annotations

from pathlib import Path

from fieldkit.errors import Problem
from fieldkit.text.i18n import _

from .exchange_files import read_json, unusable, write_json, write_whole

_NOTE = "escrow.json"
_SECRET = "escrow.age"


def ensure(office: Path, recipient: str = "") -> None:
    """Give an office its second key, unless it has one; ``recipient`` is one kept elsewhere."""
    from fieldkit_sync import age

    if recipients(office):
        return
    try:
        if not recipient:
            secret = age.new_identity()
            recipient = age.recipient_of(secret)
            text = f"# public key: {recipient}\n{secret}\n"
            write_whole(office / _SECRET, text.encode("ascii"))
        write_json(office / _NOTE, {"recipient": recipient})
    except OSError as error:
        raise unusable(office, error) from error


def recipients(office: Path) -> list[str]:
    """The second key's recipient, or nothing in an office that was made without one."""
    data = read_json(office / _NOTE) or {}
    return [str(data["recipient"])] if "recipient" in data else []


def here(office: Path) -> bool:
    """Whether the secret still lies on this computer."""
    return (office / _SECRET).is_file()


def identities(office: Path) -> list[str]:
    """The secret, as long as it lies here."""
    try:
        text = (office / _SECRET).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return []
    return [row for row in text.splitlines() if row.startswith("AGE-SECRET-KEY-1")]


def secret(office: Path) -> str:
    """The text to print and lock away.

    Raises Problem ``escrow-gone`` when it was removed from this computer.
    """
    try:
        return (office / _SECRET).read_text("ascii")
    except OSError:
        raise Problem(
            "escrow-gone",
            _("备用私钥已不在本机。"),
            mend=_("它在当初打印或保存的地方；只有那一份。"),
        ) from None


def remove(office: Path) -> None:
    """Remove the secret from this computer. Raises Problem."""
    try:
        (office / _SECRET).unlink(missing_ok=True)
    except OSError as error:
        raise unusable(office / _SECRET, error) from error
