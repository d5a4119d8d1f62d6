"""Sealed bundles: `write`, `read`, `peek`. The format is in ``sync/PROTOCOL.md``."""

from __future__ import annotations

from fieldkit_sync.bundle_read import Opened, Peeked, peek, read
from fieldkit_sync.bundle_write import EvidenceItem, Written, write
from fieldkit_sync.lite import LiteOpened

AnyOpened = Opened | LiteOpened
"""What `read` gives: a bundle or a parcel of the small form, with the same attributes."""

__all__ = ["AnyOpened", "EvidenceItem", "Opened", "Peeked", "Written", "peek", "read", "write"]
