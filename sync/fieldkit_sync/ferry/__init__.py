"""A sealed bundle as an endless stream of QR codes: sync/PROTOCOL.md says how.

``base45``, ``whiten``, ``fountain`` and ``frame`` are the layers of the format; ``plan``, ``code``
and ``draw`` put it on a screen, ``send`` makes the stream, ``receive`` and ``scan`` read it back.
"""

from __future__ import annotations
