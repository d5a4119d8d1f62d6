"""Sealed bundles: `write`, `read`, `peek`. The format is in ``sync/PROTOCOL.md``."""

from __future__ import annotations

from fieldkit_sync.bundle_read import Opened, Peeked, peek, read
from fieldkit_sync.bundle_write import EvidenceItem, Written, write

__all__ = ["EvidenceItem", "Opened", "Peeked", "Written", "peek", "read", "write"]
