"""What client and server say to each other over HTTP: addresses, headers, codes (PROTOCOL.md)."""

from __future__ import annotations

VERSION = "1.0.0"
TUS = "Tus-Resumable"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration"
ROOT, UPLOADS, LETTERS, HEALTH, METRICS = (
    "/v1",
    "/v1/in",
    "/v1/letters",
    "/v1/health",
    "/v1/metrics",
)
SMALL = 1024 * 1024
"""Bytes of a volume that goes across in one request."""
BODY = "application/offset+octet-stream"
CODE_HEADER = "Fieldkit-Code"
"""Which refusal an answer is; the text of the body says it to people."""

STATUS = {
    "not-signed": 401,
    "foreign": 401,
    "expired": 401,
    "replayed": 401,
    "signature": 401,
    "refused": 403,
    "not-there": 404,
    "slow": 408,
    "offset": 409,
    "too-large": 413,
    "not-a-volume": 422,
    "locked": 423,
    "busy": 503,
    "checksum": 460,
    "other-bytes": 460,
    "full": 507,
    "version": 412,
    "malformed": 400,
}
"""The status of each code."""

NEW_WORD = frozenset({"foreign", "expired", "replayed", "not-signed", "signature"})
"""Codes after which a client asks for another word and tries once more."""
LATER = frozenset({"busy", "slow", "locked", "offset"})
"""Codes after which trying again makes sense."""
GARBLED = frozenset({"checksum", "other-bytes"})
"""Codes of bytes that changed under way: what is left of the volume is sent again."""
