"""From an address to its wire: a row for each kind. A new wire is one file, one row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from fieldkit_sync.errors import Refusal

from .base import Wire


@dataclass(frozen=True, slots=True)
class Caller:
    """Who dials: the device's id, how it signs, and which office it means (empty: whichever)."""

    device: str
    sign: Callable[[str, bytes], str]
    office: str = ""


def _http(address: str, caller: Caller) -> Wire:
    from .http_client import Http, Signer

    return Http(address, Signer(caller.device, caller.sign), office=caller.office)


def _folder(address: str, caller: Caller) -> Wire:
    from .folder import Folder

    return Folder(Path(address).expanduser().absolute())


def _store(address: str, caller: Caller) -> Wire:
    from .object_store import ObjectStore

    return ObjectStore.at(address)


WIRES: dict[str, Callable[[str, Caller], Wire]] = {
    "http": _http,
    "https": _http,
    "s3": _store,
}
"""By the scheme of an address; what has none is a folder."""


def scheme_of(address: str) -> str:
    """The scheme; empty for a folder (``C:`` is a drive)."""
    scheme = urlsplit(address).scheme if "://" in address else ""
    return scheme.lower()


def dial(address: str, caller: Caller) -> Wire:
    """The wire to an address. `Refusal` "no-such-wire", "missing-extra", and the wire's own."""
    scheme = scheme_of(address)
    if not scheme:
        return _folder(address, caller)
    if scheme not in WIRES:
        raise Refusal("no-such-wire", scheme)
    return WIRES[scheme](address, caller)
