"""Who asks, over HTTP: every request is signed by the device's key, over words the office chose.

There are no passwords and no sessions. The office hands out a word (a nonce) that it can recognise
later without remembering it; a request names the word and is signed over it, over the office, and
over all that the request asks for. So a request that was overheard is worth nothing elsewhere,
later, or a second time. Each answer brings the next word.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable
from typing import NamedTuple

from fieldkit_sync import canon, sshsig
from fieldkit_sync.errors import Refusal

NAMESPACE = "http.v1@fieldkit"
SCHEME = "Fieldkit"
NONCE_HEADER = "Fieldkit-Nonce"
ANSWER_HEADER = "Fieldkit-Answer"
"""By which a client knows an answer as that to its own request, not to one before it."""
LASTS = 300
"""Seconds for which a word may be used."""
MAX_HEADER = 1200
_NONCE = re.compile(r"[0-9a-f]{12}[0-9a-f]{24}[0-9a-f]{32}")
_DEVICE = re.compile(r"[0-9a-f]{32}")
_MOST_SPENT = 2_000_000
"""Words kept as used. Beyond that none is accepted until some have run out."""


class Asked(NamedTuple):
    """What a request asks for, as it is signed; numbers that do not apply are -1."""

    office: str
    method: str
    path: str
    length: int
    offset: int


class Claim(NamedTuple):
    """Who says to have signed, with which word; nothing of it is believed yet."""

    device: str
    nonce: str
    signature: str


def said(asked: Asked, device: str, nonce: str) -> bytes:
    """The bytes that are signed."""
    return canon.encode({"device": device, "nonce": nonce, **asked._asdict()})


def authorization(asked: Asked, device: str, nonce: str, sign: Callable[[str, bytes], str]) -> str:
    """The header of a request; ``sign`` is ``Identity.sign``."""
    armour = sign(NAMESPACE, said(asked, device, nonce))
    blob = base64.b64encode(armour.encode("ascii")).decode("ascii")
    return f"{SCHEME} {device}.{nonce}.{blob}"


def claim(header: str) -> Claim:
    """Read the header, bounded. `Refusal` "not-signed"."""
    scheme, _, rest = header.partition(" ")
    parts = rest.split(".")
    if len(header) > MAX_HEADER or scheme != SCHEME or len(parts) != 3:
        raise Refusal("not-signed", "the request is not signed")
    device, nonce, blob = parts
    if _DEVICE.fullmatch(device) is None or _NONCE.fullmatch(nonce) is None:
        raise Refusal("not-signed", "the signature names no device or no word")
    try:
        armour = base64.b64decode(blob, validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise Refusal("not-signed", "the signature is malformed") from error
    return Claim(device, nonce, armour)


def nonce_in(header: str) -> str:
    """The word in the header of a request, however malformed the rest is; empty for none."""
    return header[:MAX_HEADER].partition(".")[2].partition(".")[0]


def answer(nonce: str, status: int, offset: str) -> str:
    """What an answer says to be known by: the request's word, and all that counts in the answer.

    It is no signature. Against people who forge answers there is TLS, and the signed receipt.
    """
    return hashlib.sha256(f"{nonce} {status} {offset}".encode()).hexdigest()[:32]


class Words:
    """The office's words: made, recognised, and each accepted once.

    They are told apart by a code over their time that only this object can make; a server that
    was started anew accepts none of before, and clients then ask for another.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._key = secrets.token_bytes(32)
        self._clock = clock
        self._spent: dict[str, None] = {}
        """In the order in which they were used, so nearly in that of their times."""

    def make(self) -> str:
        """A new word."""
        head = f"{int(self._clock() * 1000):012x}{secrets.token_hex(12)}"
        return head + self._code(head)

    def spend(self, nonce: str) -> None:
        """Accept a word. `Refusal` "foreign" (not ours), "expired", "replayed", "busy"."""
        head, code = nonce[:36], nonce[36:]
        if not hmac.compare_digest(code, self._code(head)):
            raise Refusal("foreign", "the word was not given out here")
        if not 0 <= self._clock() - int(head[:12], 16) / 1000 <= LASTS:
            raise Refusal("expired", "the word is too old")
        self._forget()
        if nonce in self._spent:
            raise Refusal("replayed", "the word was used before")
        if len(self._spent) >= _MOST_SPENT:
            raise Refusal("busy", "too many requests")
        self._spent[nonce] = None

    def _forget(self) -> None:
        """Drop from the front what has run out, a few at a time."""
        now = self._clock() * 1000
        for nonce in [nonce for nonce, _ in zip(self._spent, range(4), strict=False)]:
            if now - int(nonce[:12], 16) <= LASTS * 1000:
                return
            del self._spent[nonce]

    def _code(self, head: str) -> str:
        return hmac.digest(self._key, head.encode("ascii"), "sha256").hex()[:32]


def check(told: Claim, asked: Asked, public_key: str) -> None:
    """Whether that device signed exactly this. `Refusal` "signature"."""
    try:
        sshsig.verify(told.signature, NAMESPACE, said(asked, told.device, told.nonce), public_key)
    except Refusal as refusal:
        raise Refusal("signature", refusal.detail) from refusal
