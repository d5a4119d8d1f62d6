"""Mutation of ZIP files that keeps directory, local headers and offsets in step where it can."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from fuzz import documents
from fuzz import mutate as m

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_NAMES = (b"a", b"con.txt", b"../a", b"a/", b"a//b", b"A", b"a.", b".a", b"a\\b", b"a:b",
          b"\xc3\xa4", b"a" * 122, b"", b"fk1/data/x", b"lpt1/x",
          b"fk1/fieldkit/README.txt")  # fmt: skip
_SMALL = (0, 1, 2, 8, 9, 10, 12, 14, 20, 45, 0x800, 0x8000, 0xFFFF)
_LONG = (*m.INTEGERS, 0o100644 << 16, 0o120777 << 16, 0o040755 << 16, 0x10, 0x20, 0x400)


@dataclass
class _Entry:
    """One member: the fields of its directory entry, by their place there, and its bytes."""

    fields: list[int]
    name: bytes
    data: bytes
    between: bytes = b""


def change(rng: Random, data: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """Change members or header fields and write the ZIP anew around them."""
    entries = _entries(data)
    if not entries:
        return documents.blind(rng, data, others, tokens)
    for _ in range(rng.choice((1, 1, 2))):
        _alter(rng, rng.choice(entries), entries, tokens)
    return _written(rng, entries)[: documents.LIMIT]


def _alter(rng: Random, entry: _Entry, entries: list[_Entry], tokens: Sequence[bytes]) -> None:
    way = rng.randrange(8)
    if way <= 1:
        # From "made by" to the sizes, and from "disk" to the attributes.
        at = rng.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14))
        numbers = _LONG if at in (6, 7, 8, 14) else _SMALL
        entry.fields[at] = rng.choice(numbers) & (0xFFFFFFFF if at in (6, 7, 8, 14) else 0xFFFF)
    elif way == 2:
        entry.name = rng.choice((*_NAMES, m.mutate(rng, entry.name, (), tokens, 200)))
    elif way == 3:
        entry.data = m.mutate(rng, entry.data, (), tokens, 4096)
        entry.fields[7] = len(entry.data)
    elif way == 4:
        # Good content again, packed in another way and now and then of a false length.
        raw = rng.choice((b"", b"x" * rng.choice((1, 190, 4000)), entry.data))
        method = rng.choice((0, 8))
        pack = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        entry.data = raw if method == 0 else pack.compress(raw) + pack.flush()
        size = len(raw) + rng.choice((0, 0, 0, 1, -1))
        entry.fields[3] = method
        entry.fields[6:9] = [zlib.crc32(raw), len(entry.data), max(0, size)]
    elif way == 5:
        copy = _Entry(list(entry.fields), entry.name, entry.data)
        copy.name = rng.choice((entry.name, entry.name + b"2"))
        entries.insert(rng.randrange(len(entries) + 1), copy)
    elif way == 6 and len(entries) > 1:
        entries.remove(entry)
    else:
        entry.between = rng.choice((b"", b"x", b"PK\x03\x04"))


def _entries(data: bytes) -> list[_Entry]:
    """The members as far as the directory can be followed."""
    found: list[_Entry] = []
    if len(data) < _END.size:
        return found
    offset = _END.unpack(data[-_END.size :])[6]
    while data[offset : offset + 4] == b"PK\x01\x02" and len(data) - offset >= _CENTRAL.size:
        fields = list(_CENTRAL.unpack_from(data, offset))[1:]
        name = data[offset + _CENTRAL.size :][: fields[9]]
        start = fields[15] + _LOCAL.size + len(name)
        found.append(_Entry(fields, name, data[start : start + fields[7]]))
        offset += _CENTRAL.size + sum(fields[9:12])
    return found


def _written(rng: Random, entries: list[_Entry]) -> bytes:
    body, directory = bytearray(), bytearray()
    for entry in entries:
        f, at = entry.fields, len(body)
        f[9:12] = [len(entry.name), 0, 0]
        local = bytearray(
            _LOCAL.pack(b"PK\x03\x04", f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], 0)
        )
        if not rng.randrange(30):
            local = bytearray(m.mutate(rng, bytes(local), (), (), _LOCAL.size))
        body += local + entry.name + entry.data + entry.between
        f[15] = at if rng.randrange(60) else rng.choice(m.INTEGERS) & 0xFFFFFFFF
        directory += _CENTRAL.pack(b"PK\x01\x02", *f) + entry.name
    end = [0, 0, len(entries), len(entries), len(directory), len(body), 0]
    if not rng.randrange(12):
        end[rng.randrange(7)] = rng.choice(_SMALL)
    return bytes(body + directory) + _END.pack(b"PK\x05\x06", *end)
