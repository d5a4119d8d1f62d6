"""Who a device is: its signing key, its age key, and the card it hands to an office."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from fieldkit_sync import keyfolder
from fieldkit_sync.errors import Refusal
from fieldkit_sync.sshkey import device_of, parse_line

__all__ = ["Identity", "Public", "card_text", "device_of", "parse_card", "public", "rename"]

CARD_TITLE = "fieldkit-card 1"
MAX_CARD = 4096

_LAYOUT = keyfolder.DEVICE
_CARD_KEYS = ("device", "name", "public_key", "recipient")


class Public(NamedTuple):
    """What everybody may know of a device; ``office_key`` is its CA key if it is an office too."""

    device: str
    name: str
    public_key: str
    recipient: str
    office_key: str = ""


class Identity(keyfolder.Keys):
    """A device with its private keys."""

    @classmethod
    def create(cls, folder: Path, name: str) -> Identity:
        """Draw keys for a new device and keep them in ``folder``.

        `Refusal` "identity-exists", "folder-not-empty", "bad-name".
        """
        keyfolder.create(folder, _LAYOUT, name)
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path, passphrase: Callable[[], str] | None = None) -> Identity:
        """Load the device of ``folder``; ``passphrase`` is asked for only if it is locked.

        `Refusal` "no-identity", "bad-identity", "locked", "wrong-passphrase".
        """
        return cls(folder, _LAYOUT, passphrase)

    @property
    def device(self) -> str:
        """The device id: 32 hex digits of the signing key's SHA-256."""
        return self.note.id

    @property
    def public_key(self) -> str:
        """The signing key's public half, one OpenSSH line."""
        return self.note.public_key

    @property
    def public(self) -> Public:
        """What everybody may know."""
        return _public(self.note)


def public(folder: Path) -> Public:
    """Read who the device of ``folder`` is, loading no cipher library.

    `Refusal` "no-identity" or "bad-identity".
    """
    return _public(keyfolder.read_note(folder, _LAYOUT))


def rename(folder: Path, name: str) -> Public:
    """Give the device another name for people; its id and keys stay.

    `Refusal` "no-identity", "bad-identity", "bad-name".
    """
    old = keyfolder.read_note(folder, _LAYOUT)
    new = keyfolder.Note(old.id, name, old.public_key, old.recipient)
    keyfolder.write_note(folder, _LAYOUT, new)
    return _public(new)


def card_text(device: Public, office_key: str = "") -> str:
    """Return the card: a few lines that an office needs to enrol the device. Nothing secret.

    ``office_key`` is the CA key of the office that the device's home is, if it is one.
    """
    lines = [CARD_TITLE, *(f"{key}: {getattr(device, key)}" for key in _CARD_KEYS)]
    lines += [f"office_key: {office_key}"] if office_key else []
    body = "\n".join([*lines, ""])
    return f"{body}check: {_check_sum(body)}\n"


def parse_card(text: str) -> Public:
    """Read a card, or the same facts as a JSON object.

    `Refusal` "bad-card" (also for a wrong check sum or an id that is not the key's),
    "bad-key", "bad-name", "bad-recipient".
    """
    if len(text) > MAX_CARD:
        raise Refusal("bad-card", "too long for a card")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").strip()
    doc = _json_card(text) if text.startswith("{") else _text_card(text)
    office_key = doc.pop("office_key", "") if isinstance(doc, dict) else ""
    found = _public(keyfolder.note_of(doc, "device"))
    if not isinstance(office_key, str) or (office_key and parse_line(office_key)[0] != office_key):
        raise Refusal("bad-card", "office_key is not a plain key line")
    return found._replace(office_key=office_key)


def _text_card(text: str) -> dict[str, str]:
    title, *rows = text.split("\n")
    if title != CARD_TITLE:
        raise Refusal("bad-card", "the first line is not that of a card")
    pairs = [tuple(row.split(": ", 1)) for row in rows]
    keys = tuple(pair[0] for pair in pairs)
    wanted = tuple(key for key in keys if key != "office_key")
    office_at = keys.index("office_key") if "office_key" in keys else len(_CARD_KEYS)
    if (
        wanted != (*_CARD_KEYS, "check")
        or len(keys) > len(wanted) + 1
        or office_at != len(_CARD_KEYS)
        or any(len(pair) != 2 for pair in pairs)
    ):
        raise Refusal("bad-card", "lines are missing, added or out of order")
    body = "\n".join([title, *rows[:-1], ""])
    if pairs[-1][1] != _check_sum(body):
        raise Refusal("bad-card", "the check sum does not match: copied incompletely?")
    return dict(pairs[:-1])  # type: ignore[arg-type]


def _json_card(text: str) -> object:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({key for key, _ in pairs}) != len(pairs):
            raise Refusal("bad-card", "a field is there twice")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Refusal("bad-card", "not a JSON object") from None


def _check_sum(body: str) -> str:
    from hashlib import sha256

    return sha256(body.encode("utf-8")).hexdigest()[:8]


def _public(note: keyfolder.Note) -> Public:
    return Public(note.id, note.name, note.public_key, note.recipient)
