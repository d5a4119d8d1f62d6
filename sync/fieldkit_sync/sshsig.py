"""SSHSIG signatures (OpenSSH PROTOCOL.sshsig), ed25519 over SHA-512, in their armour.

``ssh-keygen -Y sign`` writes the same bytes for the same key, and ``ssh-keygen -Y verify``
accepts what is made here. Each type of document has its own namespace, so that a signature
over one can never pass for a signature over another.
"""

from __future__ import annotations

import base64
import binascii
import struct
from typing import TYPE_CHECKING, NoReturn

from fieldkit_sync.errors import Refusal
from fieldkit_sync.sshkey import KEY_TYPE, key_blob, parse_line, wire

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

BUNDLE = "bundle.v1@fieldkit"
SEAL = "seal.v1@fieldkit"
GRANT = "grant.v1@fieldkit"
POLICY = "policy.v1@fieldkit"
RECEIPT = "receipt.v1@fieldkit"
DISPATCH = "dispatch.v1@fieldkit"
LITE = "lite.v1@fieldkit"
ERASURE = "erasure.v1@fieldkit"

MAX_ARMOUR = 1024
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_MAGIC = b"SSHSIG"
_HASH = b"sha512"


def sign(key: Ed25519PrivateKey, namespace: str, data: bytes) -> str:
    """Return the armoured signature of ``data`` for ``namespace``."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = wire(KEY_TYPE) + wire(key.sign(_signed(namespace, data)))
    fields = (key_blob(raw), namespace.encode("ascii"), b"", _HASH, signature)
    return _armour(_MAGIC + struct.pack(">I", 1) + b"".join(map(wire, fields)))


def verify(armour: str, namespace: str, data: bytes, public_key: str) -> None:
    """Return if ``public_key`` (an OpenSSH line) signed ``data`` for ``namespace``.

    `Refusal` "signature" otherwise, also where the armour is not byte for byte as OpenSSH
    writes it, "bad-key" for a key that is none.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    _, raw = parse_line(public_key)
    key, space, reserved, digest, signature = _fields(_unarmour(armour))
    if key != key_blob(raw):
        _refuse("made by another key")
    if space != namespace.encode("ascii"):
        _refuse("made for another purpose (namespace)")
    if reserved or digest != _HASH:
        _refuse("reserved field or hash is not as agreed")
    prefix = wire(KEY_TYPE) + struct.pack(">I", 64)
    if len(signature) != len(prefix) + 64 or not signature.startswith(prefix):
        _refuse("not an ed25519 signature")
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature[-64:], _signed(namespace, data))
    except (InvalidSignature, ValueError):
        _refuse("does not match what it is said to sign")


def _signed(namespace: str, data: bytes) -> bytes:
    from hashlib import sha512

    digest = sha512(data).digest()
    return _MAGIC + b"".join(map(wire, (namespace.encode("ascii"), b"", _HASH, digest)))


def _armour(blob: bytes) -> str:
    text = base64.b64encode(blob).decode("ascii")
    rows = [text[i : i + 70] for i in range(0, len(text), 70)]
    return "\n".join([_BEGIN, *rows, _END, ""])


def _unarmour(armour: str) -> bytes:
    lines = armour.split("\n")
    if len(armour) > MAX_ARMOUR or lines[0] != _BEGIN or lines[-2:] != [_END, ""]:
        _refuse("not an armoured SSH signature")
    try:
        blob = base64.b64decode("".join(lines[1:-2]), validate=True)
    except (binascii.Error, ValueError):
        _refuse("the armour is not base64")
    if _armour(blob) != armour:
        _refuse("the armour is not as OpenSSH writes it")
    return blob


def _fields(blob: bytes) -> list[bytes]:
    head = _MAGIC + struct.pack(">I", 1)
    if not blob.startswith(head):
        _refuse("not an SSH signature of version 1")
    fields, at = [], len(head)
    for _ in range(5):
        if len(blob) - at < 4:
            _refuse("cut short")
        (length,) = struct.unpack_from(">I", blob, at)
        if length > len(blob) - at - 4:
            _refuse("cut short")
        fields.append(blob[at + 4 : at + 4 + length])
        at += 4 + length
    if at != len(blob):
        _refuse("something follows the signature")
    return fields


def _refuse(detail: str) -> NoReturn:
    raise Refusal("signature", detail)
