"""The private files of a key folder, kept behind a passphrase.

Each of the two becomes an age file in passphrase mode (scrypt), which the stock ``age -d``
opens. Which files count is decided by names alone: if both plain files are there, they are the
keys; otherwise the two locked ones are. While one passphrase takes the place of another, the
new locked files first lie complete beside the old, so that whenever the power goes, one of the
two passphrases opens both. What was once plain on a disk may be found there by experts later.
"""

from __future__ import annotations

import base64
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fieldkit_sync import files
from fieldkit_sync.errors import Refusal

if TYPE_CHECKING:
    from fieldkit_sync.keyfolder import Layout

#: log2 of the scrypt cost when locking, as the ``age`` command has it: 256 MiB, about a second.
#: The library would choose by a stop-watch, now and then more than `MAX_WORK`.
WORK = 18
#: The most that is accepted when opening; each step more doubles time and memory.
MAX_WORK = 20
MAX_FILE = 65_536

_HEAD = re.compile(
    rb"age-encryption\.org/v1\n-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)\n"
    rb"[A-Za-z0-9+/]{43}\n--- [A-Za-z0-9+/]{43}\n"
)

Ask = Callable[[], str]
"""Gives the passphrase; called only when it is needed."""


def locked(folder: Path, layout: Layout) -> bool:
    """Whether the keys of ``folder`` load only with their passphrase."""
    plain = all((folder / name).exists() for name in _plain(layout))
    return not plain and all((folder / name).exists() for name in _locked(layout))


def read(folder: Path, layout: Layout, ask: Ask | None) -> tuple[bytes, bytes]:
    """Return what the signing key's file and the age key's file hold, unlocked.

    `Refusal` "locked" (a passphrase is needed and ``ask`` is None), "wrong-passphrase",
    "bad-identity" (a file is missing or damaged).
    """
    one, two = (plain for plain, _ in _read(folder, layout, ask))
    return one, two


def lock(folder: Path, layout: Layout, passphrase: str, ask: Ask | None = None) -> None:
    """Lock the keys by ``passphrase``; if they are locked already, ``ask`` gives the old one.

    At every instant the keys load, with the passphrase of before or with the new one.
    `Refusal` "bad-passphrase" (empty or not text), "busy" (another process is at it), and those
    of `read`. OSError where the disk fails; then too the keys load.
    """
    _encoded(passphrase)
    with _alone(folder, layout):
        found = _settled(folder, layout, ask)
        names = _locked(layout)
        for name, text in zip(names, found, strict=True):
            files.replace(folder / _beside(name), _seal(text, passphrase))
            # The only copy of a key is about to go: believe nothing but what the disk gives back.
            again = files.read_small(folder / _beside(name), MAX_FILE) or b""
            if _open(again, passphrase, name) != text:
                raise Refusal("write-back", "the medium gave back other bytes than were written")
        for name in names:
            os.replace(folder / _beside(name), folder / name)
        files.fsync_folder(folder)
        _remove(folder, _plain(layout))


def unlock(folder: Path, layout: Layout, passphrase: str) -> None:
    """Put the plain files back; nothing happens to keys that are not locked.

    `Refusal` "wrong-passphrase", "bad-identity", "busy". OSError where the disk fails.
    """
    with _alone(folder, layout):
        again = locked(folder, layout)
        found = _settled(folder, layout, lambda: passphrase)
        if again:
            for name, text in zip(_plain(layout), found, strict=True):
                files.replace(folder / name, text)
        _remove(folder, _locked(layout))


def _plain(layout: Layout) -> tuple[str, str]:
    return layout.private, layout.age


def _locked(layout: Layout) -> tuple[str, str]:
    return layout.locked_private, layout.locked_age


def _beside(name: str) -> str:
    return f"{name}.new"


def _read(folder: Path, layout: Layout, ask: Ask | None) -> list[tuple[bytes, str]]:
    """The two contents, each with the name of the file that gave it."""
    # Twice, because another process may be switching between the two looks.
    for _ in range(2):
        try:
            return [(_bytes(folder, name), name) for name in _plain(layout)]
        except FileNotFoundError as fault:
            lost = Path(str(fault.filename)).name
        if not locked(folder, layout):
            continue
        try:
            sealed = [_candidates(folder, name) for name in _locked(layout)]
        except FileNotFoundError:
            continue
        if ask is None:
            raise Refusal("locked", "a passphrase is needed")
        return _open_both(sealed, ask())
    raise Refusal("bad-identity", f"{lost} is missing")


def _candidates(folder: Path, name: str) -> dict[str, bytes]:
    found = {name: _bytes(folder, name)}
    if (folder / _beside(name)).exists():
        found[_beside(name)] = _bytes(folder, _beside(name))
    return found


def _bytes(folder: Path, name: str) -> bytes:
    raw = files.read_small(folder / name, MAX_FILE)
    if raw is None:
        raise Refusal("bad-identity", f"{name} is too long for a key")
    return raw


def _open_both(sealed: list[dict[str, bytes]], passphrase: str) -> list[tuple[bytes, str]]:
    opened: list[tuple[bytes, str]] = []
    for candidates in sealed:
        try:
            opened.append(_open_either(candidates, passphrase))
        except Refusal as fault:
            if opened and fault.code == "wrong-passphrase":
                detail = "the two files are locked by two passphrases"
                raise Refusal("bad-identity", detail) from None
            raise
    return opened


def _open_either(candidates: dict[str, bytes], passphrase: str) -> tuple[bytes, str]:
    faults: list[Refusal] = []
    for name, raw in candidates.items():
        try:
            return _open(raw, passphrase, name), name
        except Refusal as fault:
            faults.append(fault)
    raise faults[0]


def _settled(folder: Path, layout: Layout, ask: Ask | None) -> list[bytes]:
    """Read both contents, and finish or clear away what an interrupted switch has left."""
    found = _read(folder, layout, ask)
    sources = {source for _, source in found}
    for name in _locked(layout):
        if _beside(name) in sources:
            os.replace(folder / _beside(name), folder / name)
    for name in (*_plain(layout), *_locked(layout), *map(_beside, _locked(layout))):
        for part in folder.glob(f".{name}.*.part"):
            part.unlink(missing_ok=True)
    _remove(folder, tuple(map(_beside, _locked(layout))))
    return [text for text, _ in found]


def _remove(folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
    files.fsync_folder(folder)


@contextmanager
def _alone(folder: Path, layout: Layout) -> Iterator[None]:
    """Keep other processes from switching the same keys; `Refusal` "busy"."""
    with (folder / f".{layout.stem}.switch").open("ab") as handle:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            raise Refusal("busy", "another process is changing the passphrase") from None
        yield


def _encoded(passphrase: str) -> bytes:
    try:
        raw = passphrase.encode("utf-8")
    except UnicodeEncodeError:
        raw = b""
    if not raw:
        raise Refusal("bad-passphrase", "a passphrase is text and not empty")
    return raw


def _seal(plain: bytes, passphrase: str) -> bytes:
    """Return ``plain`` (one age chunk at most) as an age v1 file for a passphrase."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.hmac import HMAC
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    if len(plain) > MAX_FILE // 2:
        raise Refusal("bad-identity", "too long for a key")
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    label = b"age-encryption.org/v1/scrypt" + salt
    wrap = Scrypt(salt=label, length=32, n=1 << WORK, r=8, p=1).derive(_encoded(passphrase))
    wrapped = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
    head = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n---" % (_b64(salt), WORK, _b64(wrapped))
    mac = HMAC(HKDF(SHA256(), 32, b"", b"header").derive(file_key), SHA256())
    mac.update(head)
    payload = ChaCha20Poly1305(HKDF(SHA256(), 32, nonce, b"payload").derive(file_key))
    return b"%s %s\n%s%s" % (
        head,
        _b64(mac.finalize()),
        nonce,
        payload.encrypt(bytes(11) + b"\x01", plain, None),  # the first chunk and the last
    )


def _b64(raw: bytes) -> bytes:
    return base64.b64encode(raw).rstrip(b"=")


def _open(raw: bytes, passphrase: str, name: str) -> bytes:
    import pyrage

    head = _HEAD.match(raw)
    if not head:
        raise Refusal("bad-identity", f"{name} is not an age file for a passphrase")
    if int(head[1]) > MAX_WORK:
        raise Refusal("bad-identity", f"{name} asks for more work than any lock of ours")
    # The library judges by a stop-watch how much work is too much, and a busy computer errs.
    for left in reversed(range(5)):
        try:
            plain: bytes = pyrage.passphrase.decrypt(raw, passphrase)
            return plain
        except pyrage.DecryptError as fault:
            if "Excessive work" in str(fault):
                if left:
                    continue
                raise Refusal("bad-identity", f"{name}: too slow a computer for it") from None
            if str(fault) == "Decryption failed":
                raise Refusal("wrong-passphrase", name) from None
            raise Refusal("bad-identity", f"{name} is damaged") from None
        except UnicodeEncodeError:
            raise Refusal("wrong-passphrase", name) from None
    raise AssertionError("the last round returns or raises")
