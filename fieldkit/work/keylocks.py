"""Keys behind a passphrase: where it comes from, and how it is set and lifted.

It is looked for in ``FIELDKIT_PASSPHRASE``, then in the system's keyring (optional package
``keyring``), then asked for: by the screens through `ask`, else at the terminal.
"""

from __future__ import annotations

import os
import secrets
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from weakref import WeakKeyDictionary

from fieldkit.errors import Problem
from fieldkit.text.i18n import _

from .exchange_files import unusable
from .workspace import Workspace

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from fieldkit_sync.keyfolder import Keys, Layout

PASSPHRASE_VARIABLE = "FIELDKIT_PASSPHRASE"
SERVICE = "fieldkit"
"""The name under which the system's keyring shows our passphrases."""
LEAST = 8
"""The shortest passphrase, in characters."""
_TRIES = 3

Who = Literal["device", "office"]
"""Whose keys: this device's (``keys``), or those of the office in the same home."""

ask: Callable[[str], str | None] | None = None
"""Set by the screens: asks a person for the passphrase of "device" or "office"; None gives up."""

_T = TypeVar("_T")
_K = TypeVar("_K", bound="Keys")

# Opening costs a second by design, and a merge needs the same keys for every bundle.
_opened: WeakKeyDictionary[Workspace, dict[Who, Any]] = WeakKeyDictionary()


def passphrase_for(home: Path, who: Who) -> Callable[[], str]:
    """Return what finds the passphrase; it raises Problem ``keys-locked`` if it finds none."""

    def find() -> str:
        for found in _candidates(home, who):
            return found
        raise keys_locked(who)

    return find


def keys_of(ws: Workspace, who: Who, load: Callable[[Path, Callable[[], str] | None], _K]) -> _K:
    """Load keys by ``Identity.load`` or ``OfficeKeys.load``, asking only if they are locked.

    Locked keys, once open, stay in memory as long as the workspace. Raises Problem
    ``keys-locked`` or ``wrong-passphrase``, and whatever else ``load`` raises.
    """
    from fieldkit_sync.errors import Refusal

    folder = _folder(ws.home, who)
    if not is_protected(ws, who):
        try:
            return load(folder, None)
        except Refusal as refusal:
            if refusal.code != "locked":
                raise
            raise keys_locked(who) from refusal
    mine = _opened.setdefault(ws, {})
    if who not in mine:
        mine[who] = _with_passphrase(ws.home, who, lambda found: load(folder, lambda: found))
    keys: _K = mine[who]
    return keys


def is_protected(ws: Workspace, who: Who) -> bool:
    """Whether these keys load only with a passphrase."""
    from fieldkit_sync import keylock

    return keylock.locked(_folder(ws.home, who), _layout(who))


def protect(ws: Workspace, who: Who, passphrase: str, use_keyring: bool) -> None:
    """Lock the keys by a new passphrase; the old one is looked for if there is one.

    With ``use_keyring`` the system's keyring keeps it, and an empty one is drawn at random.
    Raises Problem ``passphrase-weak``, ``no-keyring``, ``not-an-office``, ``keys-locked``,
    ``wrong-passphrase``, ``keys-busy`` or ``keys-damaged``.
    """
    from fieldkit_sync import keylock

    folder, layout = _folder(ws.home, who), _layout(who)
    if use_keyring and not passphrase:
        passphrase = secrets.token_urlsafe(24)
    _check_strength(passphrase)
    with _in_words(folder, who):
        user = _user(ws.home, who)
        old = working(ws, who) if is_protected(ws, who) else ""
        if old and old in kept(user)[1:]:
            # An earlier change was cut off; what opens the keys may not be overwritten.
            keep(user, old)
        if use_keyring and not keep(_next(user), passphrase):
            raise Problem(
                "no-keyring",
                _("这台电脑的系统密钥环不能用。"),
                mend=_("不加 --keyring，改为自己记住口令。"),
            )
        keylock.lock(folder, layout, passphrase, lambda: old)
        if not use_keyring:
            _forget(user)
            _forget(_next(user))
        elif keep(user, passphrase):
            _forget(_next(user))
    forget(ws)


def unprotect(ws: Workspace, who: Who) -> None:
    """Put the plain key files back; keys without a passphrase stay as they are.

    Raises Problem as `protect`.
    """
    from fieldkit_sync import keylock

    folder, layout = _folder(ws.home, who), _layout(who)
    with _in_words(folder, who):
        user = _user(ws.home, who)
        keylock.unlock(folder, layout, working(ws, who) if is_protected(ws, who) else "")
        _forget(user)
        _forget(_next(user))
    forget(ws)


def keys_locked(who: Who) -> Problem:
    """The sentence for keys that need a passphrase where there is none."""
    return Problem(
        "keys-locked",
        _("密钥有口令保护，这里没有口令可用。"),
        where=_owner(who),
        mend=_("在终端里运行并输入口令，或设置环境变量 {name}。").format(name=PASSPHRASE_VARIABLE),
    )


def _wrong(who: Who) -> Problem:
    return Problem(
        "wrong-passphrase",
        _("口令不对。"),
        where=_owner(who),
        mend=_("再试一次；设有环境变量 {name} 时，先核对它。").format(name=PASSPHRASE_VARIABLE),
    )


def _owner(who: Who) -> str:
    return _("本机密钥") if who == "device" else _("办公室密钥")


def _check_strength(passphrase: str) -> None:
    if len(passphrase) < LEAST:
        raise Problem("passphrase-weak", _("口令太短，至少要 {least} 个字符。").format(least=LEAST))
    if any(unicodedata.category(sign)[0] == "C" for sign in passphrase):
        raise Problem("passphrase-weak", _("口令里有打不出来的字符。"))


def _candidates(home: Path, who: Who) -> Iterator[str]:
    """What may be the passphrase, the likeliest first; people are asked last."""
    if named := os.environ.get(PASSPHRASE_VARIABLE, ""):
        yield named
        return
    yield from kept(_user(home, who))
    for _turn in range(_TRIES):
        typed = _typed(who)
        if not typed:
            return
        yield typed


def _typed(who: Who) -> str | None:
    if ask is not None:
        return ask(who)
    if sys.stdin is None or not sys.stdin.isatty():
        return None
    import getpass

    try:
        return getpass.getpass(_("{owner}的口令：").format(owner=_owner(who)))
    except EOFError:
        return None


def _with_passphrase(home: Path, who: Who, act: Callable[[str], _T]) -> _T:
    """Do ``act`` with the first passphrase that is right."""
    from fieldkit_sync.errors import Refusal

    tried = False
    for found in _candidates(home, who):
        tried = True
        try:
            return act(found)
        except Refusal as refusal:
            if refusal.code != "wrong-passphrase":
                raise
    raise _wrong(who) if tried else keys_locked(who)


def forget(ws: Workspace) -> None:
    """Let opened keys go: they were changed."""
    _opened.pop(ws, None)


def working(ws: Workspace, who: Who) -> str:
    """The passphrase that opens the keys now."""
    from fieldkit_sync import keylock

    folder, layout = _folder(ws.home, who), _layout(who)

    def opens(found: str) -> str:
        keylock.read(folder, layout, lambda: found)
        return found

    return _with_passphrase(ws.home, who, opens)


@contextmanager
def _in_words(folder: Path, who: Who) -> Iterator[None]:
    """Say refusals and faults of the disk as a Problem."""
    from fieldkit_sync.errors import Refusal

    from .devices import keys_damaged
    from .offices import not_an_office

    try:
        yield
    except OSError as error:
        raise unusable(folder, error) from error
    except Refusal as refusal:
        if refusal.code == "no-office":
            raise not_an_office() from refusal
        if refusal.code == "wrong-passphrase":
            raise _wrong(who) from refusal
        if refusal.code == "busy":
            raise Problem(
                "keys-busy", _("另一个程序正在更改口令。"), where=_owner(who), mend=_("稍后再试。")
            ) from refusal
        raise keys_damaged(refusal) from refusal


def _folder(home: Path, who: Who) -> Path:
    return home / ("keys" if who == "device" else "office")


def _layout(who: Who) -> Layout:
    from fieldkit_sync import keyfolder

    return keyfolder.DEVICE if who == "device" else keyfolder.OFFICE


def _user(home: Path, who: Who) -> str:
    from fieldkit_sync import keyfolder

    return f"{who}:{keyfolder.read_note(_folder(home, who), _layout(who)).id}"


def _next(user: str) -> str:
    """Where a new passphrase waits until the keys are locked by it."""
    return f"{user}:next"


def _ring() -> KeyringBackend | None:
    """The system's keyring, if there is one that keeps anything."""
    # Back ends talk to the desktop and fail in ways of their own; none of them is our fault.
    with suppress(Exception):
        import keyring

        backend = keyring.get_keyring()
        return backend if backend.priority > 0 else None
    return None


def kept(user: str) -> list[str]:
    """What the keyring holds for these keys: the passphrase, then one that waits."""
    held: list[str] = []
    if ring := _ring():
        for name in (user, _next(user)):
            with suppress(Exception):
                held.append(ring.get_password(SERVICE, name) or "")
    return [found for found in held if found]


def keep(user: str, passphrase: str) -> bool:
    """Have the keyring keep it; True only if it gives it back."""
    with suppress(Exception):
        if ring := _ring():
            ring.set_password(SERVICE, user, passphrase)
            return ring.get_password(SERVICE, user) == passphrase
    return False


def _forget(user: str) -> None:
    with suppress(Exception):
        if ring := _ring():
            ring.delete_password(SERVICE, user)
