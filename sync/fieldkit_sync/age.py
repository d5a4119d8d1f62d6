"""Sealing files with age (v1, X25519), bounded before the cipher library sees a byte."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit_sync.errors import Refusal

MAX_HEADER = 16_384
#: The library's work grows with the square of the stanzas; 20 cost 10 ms, 800 cost seconds.
MAX_STANZAS = 20

_INTRO = b"age-encryption.org/v1"
_STANZA = re.compile(rb"-> [!-~]+(?: [!-~]+)*")
_FULL_ROW = re.compile(rb"[A-Za-z0-9+/]{64}")
_LAST_ROW = re.compile(rb"[A-Za-z0-9+/]{0,63}")
_MAC = re.compile(rb"--- [A-Za-z0-9+/]{43}")


@dataclass(frozen=True, slots=True)
class Header:
    """What an age header shows without a key: its length in bytes and its stanzas."""

    size: int
    stanzas: int


def header_ok(path: Path) -> Header:
    """Check an age header by hand; `Refusal` "not-age", "header-flood" or "truncated"."""
    with path.open("rb") as source:
        return check_head(source.read(MAX_HEADER + 1))


def check_head(head: bytes) -> Header:
    """As `header_ok`, for the first ``MAX_HEADER + 1`` bytes of a file."""
    lines = head.split(b"\n")
    if lines[0] != _INTRO:
        raise Refusal("not-age", "this is not an age file")
    whole, at, stanzas = lines[:-1], 1, 0
    while at < len(whole) and not whole[at].startswith(b"---"):
        if not _STANZA.fullmatch(whole[at]):
            raise Refusal("not-age", "a line of the age header is malformed")
        stanzas += 1
        if stanzas > MAX_STANZAS:
            raise Refusal("header-flood", f"more than {MAX_STANZAS} recipient stanzas")
        at += 1
        while at < len(whole) and _FULL_ROW.fullmatch(whole[at]):
            at += 1
        if at < len(whole) and not _LAST_ROW.fullmatch(whole[at]):
            raise Refusal("not-age", "a stanza of the age header is malformed")
        at += 1
    if at >= len(whole):
        if len(head) > MAX_HEADER:
            raise Refusal("header-flood", f"the age header is longer than {MAX_HEADER} bytes")
        raise Refusal("truncated", "the file ends inside the age header")
    if not stanzas or not _MAC.fullmatch(whole[at]):
        raise Refusal("not-age", "the age header is malformed")
    size = sum(len(line) + 1 for line in whole[: at + 1])
    if size > MAX_HEADER:
        raise Refusal("header-flood", f"the age header is longer than {MAX_HEADER} bytes")
    return Header(size, stanzas)


def encrypt_file(src: Path, dst: Path, recipients: Sequence[str]) -> None:
    """Seal ``src`` to every recipient; ``dst`` is made new, or removed on any fault.

    `Refusal` "bad-recipient".
    """
    import pyrage

    keys = _recipients(recipients)
    _claim(dst)
    try:
        pyrage.encrypt_file(str(src), str(dst), keys)
    except BaseException as fault:
        dst.unlink(missing_ok=True)
        if isinstance(fault, OSError) and (real := _system_error(fault)):
            raise real from None
        raise


def decrypt_file(src: Path, dst: Path, identities: Sequence[str]) -> None:
    """Open ``src`` into the new private file ``dst``, whole or not at all.

    The library writes plain text before it has checked the last chunk, so nothing may look at
    ``dst`` before this returns; on any fault it is removed. `Refusal` "wrong-office" (no key
    of ours opens it), "truncated" (cut short or altered), "bad-identity", and those of
    `header_ok`.
    """
    import pyrage

    header_ok(src)
    keys = _identities(identities)
    _claim(dst)
    try:
        pyrage.decrypt_file(str(src), str(dst), keys)
    except pyrage.DecryptError as fault:
        dst.unlink(missing_ok=True)
        if "No matching keys" in str(fault):
            raise Refusal("wrong-office", "sealed to somebody else") from None
        raise Refusal("truncated", "cut short or altered on the way") from None
    except BaseException as fault:
        dst.unlink(missing_ok=True)
        if not isinstance(fault, OSError):
            raise
        # The library says "I/O error" both for a full disk and for a chunk that fails its check.
        if real := _system_error(fault):
            raise real from None
        raise Refusal("truncated", "cut short or altered on the way") from None


def encrypt_bytes(data: bytes, recipients: Sequence[str]) -> bytes:
    """Return a small thing sealed to every recipient; `Refusal` "bad-recipient"."""
    import pyrage

    return bytes(pyrage.encrypt(data, _recipients(recipients)))


def decrypt_bytes(raw: bytes, identities: Sequence[str]) -> bytes:
    """Open a small sealed thing; the caller bounds its length. `Refusal` as `decrypt_file`."""
    import pyrage

    check_head(raw[: MAX_HEADER + 1])
    try:
        return bytes(pyrage.decrypt(raw, _identities(identities)))
    except pyrage.DecryptError as fault:
        if "No matching keys" in str(fault):
            raise Refusal("wrong-office", "sealed to somebody else") from None
        raise Refusal("truncated", "cut short or altered on the way") from None
    except OSError:
        raise Refusal("truncated", "cut short or altered on the way") from None


def _recipients(recipients: Sequence[str]) -> list[Any]:
    import pyrage

    try:
        keys = [pyrage.x25519.Recipient.from_str(item) for item in recipients]
    except pyrage.RecipientError:
        raise Refusal("bad-recipient", "not an age recipient, or mistyped") from None
    if not keys or len(keys) >= MAX_STANZAS:
        raise Refusal("bad-recipient", f"1 to {MAX_STANZAS - 1} recipients are needed")
    return keys


def _identities(identities: Sequence[str]) -> list[Any]:
    import pyrage

    try:
        return [pyrage.x25519.Identity.from_str(item) for item in identities]
    except pyrage.IdentityError:
        raise Refusal("bad-identity", "not an age identity") from None


def new_identity() -> str:
    """Draw a new secret key."""
    import pyrage

    return str(pyrage.x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """Return the recipient that belongs to an age identity; `Refusal` "bad-identity"."""
    import pyrage

    try:
        return str(pyrage.x25519.Identity.from_str(identity).to_public())
    except pyrage.IdentityError:
        raise Refusal("bad-identity", "not an age identity") from None


def _system_error(fault: OSError) -> OSError | None:
    """Return the system's own error, with its number, if that is what the library passes on."""
    found = re.search(r"\(os error ([0-9]+)\)", str(fault))
    number = int(found[1]) if found else fault.errno
    return OSError(number, os.strerror(number)) if number else None


def _claim(path: Path) -> None:
    # Made here so that nobody else may read it; the library only opens it again.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
