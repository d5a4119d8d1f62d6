"""Letters: signed documents from an office to a device, each one line and its signature.

A document is one line of canonical JSON with a ``type``, a line end, and an armoured SSHSIG over
the line with its end. A letter is one or more of them on end; on its way it is sealed with age
to the device. ``head -n 1`` and ``tail -n +2`` take a document of its own apart for
``ssh-keygen -Y check-novalidate``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fieldkit_sync import canon, sshsig
from fieldkit_sync.errors import Refusal

MAX_LETTER = 2 * 1024 * 1024
MAX_DISPATCH = 16 * 1024 * 1024
"""A letter to a device may carry a dispatch; only a device reads so much."""
MAX_DOCUMENTS = 1000

_END = b"-----END SSH SIGNATURE-----\n"

Sign = Callable[[str, bytes], str]
"""Signs bytes for a namespace: ``keyfolder.Keys.sign``."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document as it came: what it says (not yet believed), and the exact bytes."""

    doc: dict[str, Any]
    line: bytes
    armour: bytes

    @property
    def type(self) -> str:
        """The ``type`` that the document claims."""
        return str(self.doc["type"])

    @property
    def raw(self) -> bytes:
        """The document and its signature."""
        return self.line + self.armour

    def check(self, namespace: str, public_key: str) -> None:
        """Return if ``public_key`` signed this line for ``namespace``; `Refusal` "signature"."""
        if not self.armour.isascii():
            raise Refusal("signature", "not an armoured SSH signature")
        sshsig.verify(self.armour.decode("ascii"), namespace, self.line, public_key)


def write(doc: dict[str, Any], sign: Sign, namespace: str) -> bytes:
    """Return the document as one signed piece of a letter."""
    line = canon.encode(doc) + b"\n"
    return line + sign(namespace, line).encode("ascii")


def split(raw: bytes, most: int = MAX_LETTER) -> list[Document]:
    """Take a letter apart; `Refusal` "not-a-letter" if it is none. Nothing is verified here."""
    if len(raw) > most:
        raise Refusal("not-a-letter", f"more than {most} bytes")
    documents = list(_documents(raw))
    if not documents:
        raise Refusal("not-a-letter", "empty")
    return documents


def one(raw: bytes) -> Document:
    """Return the only document of a letter; `Refusal` "not-a-letter"."""
    documents = split(raw)
    if len(documents) != 1:
        raise Refusal("not-a-letter", "more than one document")
    return documents[0]


def _documents(raw: bytes) -> Iterator[Document]:
    at = 0
    for _number in range(MAX_DOCUMENTS):
        if at == len(raw):
            return
        newline = raw.find(b"\n", at)
        end = raw.find(_END, newline) if newline >= 0 else -1
        if end < 0 or end - newline > sshsig.MAX_ARMOUR:
            raise Refusal("not-a-letter", "a document without a signature")
        end += len(_END)
        try:
            doc = canon.decode(raw[at:newline])
        except Refusal as fault:
            raise Refusal("not-a-letter", fault.detail) from None
        if not isinstance(doc, dict) or not isinstance(doc.get("type"), str):
            raise Refusal("not-a-letter", "a document without a type")
        yield Document(doc, raw[at : newline + 1], raw[newline + 1 : end])
        at = end
    if at != len(raw):
        raise Refusal("not-a-letter", f"more than {MAX_DOCUMENTS} documents")


def seal(parts: Sequence[bytes], recipient: str) -> bytes:
    """Return a letter sealed to one recipient; `Refusal` "bad-recipient"."""
    from fieldkit_sync import age

    return age.encrypt_bytes(b"".join(parts), [recipient])


def unseal(raw: bytes, identities: Sequence[str], most: int = MAX_LETTER) -> bytes:
    """Return the letter inside; `Refusal`: those of `age.decrypt_bytes`."""
    from fieldkit_sync import age

    # Sealing adds sixteen bytes to each 64 KiB.
    if len(raw) > most + age.MAX_HEADER + most // 4096:
        raise Refusal("not-a-letter", f"more than {most} bytes")
    return age.decrypt_bytes(raw, identities)
