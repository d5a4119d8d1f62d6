"""A receiver with a clock of its own, one enrolled device and a volume; requests by hand."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fieldkit_sync.identity import Identity
from fieldkit_sync.wires import http_auth, http_words
from fieldkit_sync.wires.http_auth import Words
from fieldkit_sync.wires.http_limits import Limits
from fieldkit_sync.wires.http_server import Receiver
from fieldkit_sync.wires.spool import Spool, Upload

from .receiver import PLACE, Answer, ByHand, tus

RAW = b"sealed bytes, as far as anybody here knows" * 10
WANTED = Upload(hashlib.sha256(RAW).hexdigest(), len(RAW), ".fkb.zip.age")
PATH = f"{http_words.UPLOADS}/{WANTED.id}"
POST = tus({"upload-length": str(WANTED.size)})


class Desk:
    """A receiver with a clock of its own, one enrolled device, and requests by hand."""

    def __init__(self, root: Path, me: Identity, limits: Limits | None = None) -> None:
        self.now = 1_795_000_000.0
        self.keys = {me.device: me.public_key}
        self.words = Words(lambda: self.now)
        self.spool = Spool(root, room=0)
        self.receiver = Receiver(
            self.spool, PLACE, lambda it: self.keys.get(it), limits=limits, words=self.words
        )
        self.hand = ByHand(self.receiver, me, self.words)
        self.me = me

    def post(self, **more: object) -> Answer:
        """The whole volume in one request."""
        return self.hand.signed("POST", PATH, POST, [RAW], **more)  # type: ignore[arg-type]

    def begun(self, held: int) -> None:
        """A part of the volume is here."""
        self.spool.keep(self.me.device, WANTED, RAW[:held])

    def patch(self, offset: int, part: bytes, **headers: str) -> Answer:
        """A part of it."""
        more = tus(
            {"upload-offset": str(offset), **{k.replace("_", "-"): v for k, v in headers.items()}}
        )
        return self.hand.signed("PATCH", PATH, more, [part])

    def refused_unread(self, answer: Answer, code: str) -> None:
        """By that code, with its status, a new word and no byte of a body; nothing lies there."""
        assert (answer.code, answer.status) == (code, http_words.STATUS[code])
        assert answer.headers[http_auth.NONCE_HEADER.lower()]
        assert self.hand.read == 0
        assert list(self.spool.root.glob("*.age")) == []
