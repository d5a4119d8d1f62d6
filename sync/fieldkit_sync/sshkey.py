"""OpenSSH ed25519 public keys as one line of text, read without any cipher library."""

from __future__ import annotations

import base64
import binascii
import struct

from fieldkit_sync.errors import Refusal

KEY_TYPE = b"ssh-ed25519"


def wire(value: bytes) -> bytes:
    """Return an SSH wire string: four bytes of length, then the bytes (RFC 4251 §5)."""
    return struct.pack(">I", len(value)) + value


def key_blob(raw: bytes) -> bytes:
    """Return the SSH wire form of a raw 32-byte ed25519 public key."""
    return wire(KEY_TYPE) + wire(raw)


def parse_line(line: str) -> tuple[str, bytes]:
    """Return (the line without comment, the raw key); `Refusal` ("bad-key") for anything else."""
    parts = line.split()
    if len(line) > 1024 or len(parts) < 2 or parts[0] != KEY_TYPE.decode():
        raise Refusal("bad-key", "not an ssh-ed25519 public key")
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("bad-key", "the key is not base64") from None
    raw = blob[-32:]
    if blob != key_blob(raw) or base64.b64encode(blob).decode() != parts[1]:
        raise Refusal("bad-key", "the key is malformed")
    return " ".join(parts[:2]), raw


def device_of(public_key: str) -> str:
    """Return the id of a key's owner: the first 32 hex digits of the key's SHA-256.

    It is the fingerprint ``ssh-keygen -lf`` shows, cut and in hex.
    """
    from hashlib import sha256

    _, raw = parse_line(public_key)
    return sha256(key_blob(raw)).hexdigest()[:32]
