"""Mutation of signed and digested documents that mends what guards them, to get past the guard.

Every function takes (generator, bytes, other inputs, tokens) and returns new bytes. Where the
bytes are not such a document they are changed blindly.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from fieldkit_sync import sshsig
from fuzz import mutate as m
from fuzz import world

LIMIT = 65_536
_END = b"-----END SSH SIGNATURE-----\n"

Mutator = Callable[[Random, bytes, Sequence[bytes], Sequence[bytes]], bytes]


def blind(rng: Random, data: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """Change bytes wherever they stand."""
    return m.mutate(rng, data, others, tokens, LIMIT)


def json_line(rng: Random, data: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """Change a value in a JSON document."""
    doc = _loads(data)
    if doc is None:
        return blind(rng, data, others, tokens)
    return m.spell(m.mutate_json(rng, doc, tokens))


def event_line(rng: Random, data: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """Change an event, and mostly its digest with it."""
    doc = _loads(data)
    if not isinstance(doc, dict) or not isinstance(doc.get("b"), dict):
        return json_line(rng, data, others, tokens)
    part = rng.choice(("b", "b", ""))
    if part:
        doc[part] = m.mutate_json(rng, doc[part], tokens)
    else:
        doc = m.mutate_json(rng, doc, tokens)
    if rng.randrange(8):
        doc = refit_event(doc)
    return m.spell(doc)


def refit_event(doc: Any) -> Any:
    """Give an event the digest of its body, where it has one."""
    if isinstance(doc, dict) and isinstance(doc.get("x"), str):
        try:
            salt = bytes.fromhex(doc["x"])
        except ValueError:
            return doc
        return {**doc, "h": hashlib.sha256(salt + m.spell(doc.get("b"))).hexdigest()}
    return doc


def signed(namespace: str) -> Mutator:
    """Change a document of one line and sign it anew."""

    def change(rng: Random, data: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
        line, _, armour = data.partition(b"\n")
        doc = _loads(line)
        if not isinstance(doc, dict):
            return blind(rng, data, others, tokens)
        if isinstance(doc.get("certificate"), str) and not rng.randrange(3):
            doc["certificate"] = _certificate(rng, doc["certificate"], tokens)
        else:
            doc = m.mutate_json(rng, doc, tokens)
        line = m.spell(doc) + b"\n"
        if rng.randrange(6):
            armour = world.office_signs(namespace, line).encode()
        return line + armour

    return change


def letter(rng: Random, data: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """Change, double, drop or reorder the documents of a letter."""
    pieces = data.split(_END)
    pieces, tail = [piece + _END for piece in pieces[:-1]], pieces[-1]
    if not pieces:
        return blind(rng, data, others, tokens)
    way, at = rng.randrange(5), rng.randrange(len(pieces))
    if way == 0:
        pieces *= rng.choice((2, 15, 16, 17))
    elif way == 1:
        del pieces[at]
    elif way == 2:
        rng.shuffle(pieces)
    elif way == 3:
        line, _, armour = pieces[at].partition(b"\n")
        pieces[at] = json_line(rng, line, others, tokens) + b"\n" + armour
    else:
        pieces[at] = blind(rng, pieces[at], others, tokens)
    return (b"".join(pieces) + tail)[:LIMIT]


def armour(rng: Random, data: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """Change the bytes within an armoured signature."""
    rows = data.decode("latin-1").split("\n")
    try:
        blob = base64.b64decode("".join(rows[1:-2]))
    except (binascii.Error, ValueError):
        return blind(rng, data, others, tokens)
    blob = m.mutate(rng, blob, (), tokens, 1024)
    text = base64.b64encode(blob).decode()
    lines = [text[i : i + 70] for i in range(0, len(text), 70)]
    return "\n".join([rows[0], *lines, *rows[-2:]]).encode("latin-1")


def certificate(rng: Random, data: bytes, _others: object, tokens: Sequence[bytes]) -> bytes:
    """Change what a certificate says, and mostly sign it anew."""
    return _certificate(rng, data.decode("latin-1"), tokens).encode("latin-1")


def _certificate(rng: Random, line: str, tokens: Sequence[bytes]) -> str:
    kind, _, text = line.partition(" ")
    try:
        blob = base64.b64decode(text)
    except (binascii.Error, ValueError):
        return line
    if rng.randrange(6):
        # Without the signature: 83 bytes and their length.
        return world.certified(m.mutate(rng, blob[:-87], (), tokens, 1400))
    return f"{kind} {base64.b64encode(m.mutate(rng, blob, (), tokens, 1400)).decode()}"


def card(rng: Random, data: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """Change a card and mend its check sum; a JSON card is changed as JSON."""
    if data.startswith(b"{"):
        return json_line(rng, data, others, tokens)
    body = data.rpartition(b"check: ")[0]
    body = m.mutate(rng, body, (), tokens, 4096)
    return body + b"check: " + hashlib.sha256(body).hexdigest()[:8].encode() + b"\n"


def lite(rng: Random, data: bytes, others: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """Change the header or the events of a small parcel, sign it anew and pack it."""
    try:
        plain = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, 4 * LIMIT)
    except zlib.error:
        return blind(rng, data, others, tokens)
    first, _, body = plain.partition(b"\n")
    doc = _loads(first)
    if not isinstance(doc, dict):
        return blind(rng, data, others, tokens)
    if rng.randrange(2):
        certificate_too = isinstance(doc.get("certificate"), str) and not rng.randrange(3)
        if certificate_too:
            doc["certificate"] = _certificate(rng, doc["certificate"], tokens)
        else:
            doc = m.mutate_json(rng, doc, tokens)
    else:
        body = events(rng, body, tokens)
        if rng.randrange(6) and isinstance(doc, dict):
            doc.update(ranges_of(body))
    return packed(doc, body, sign=bool(rng.randrange(8)))[:LIMIT]


def packed(doc: Any, body: bytes, *, sign: bool = True) -> bytes:
    """A small parcel of the device with this header and these event lines."""
    if sign and isinstance(doc, dict):
        doc = {key: value for key, value in doc.items() if key != "sig"}
        doc["sig"] = sshsig.sign(world.DEVICE_KEY, sshsig.LITE, m.spell(doc) + b"\n" + body)
    pack = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return pack.compress(m.spell(doc) + b"\n" + body) + pack.flush()


def events(rng: Random, raw: bytes, tokens: Sequence[bytes]) -> bytes:
    """Change a file of event lines; mostly the chain is mended."""
    lines = raw.split(b"\n")[:-1]
    if not lines:
        return blind(rng, raw, (), tokens)
    way, at = rng.randrange(7), rng.randrange(len(lines))
    if way == 0:
        del lines[at]
    elif way == 1:
        lines.insert(at, lines[at])
    elif way == 2:
        rng.shuffle(lines)
    elif way == 3:
        return blind(rng, raw, (), tokens)
    else:
        lines[at] = event_line(rng, lines[at], (), tokens)
    if rng.randrange(6):
        lines = chained(lines, renumber=bool(rng.randrange(3)))
    return b"".join(line + b"\n" for line in lines)


def chained(lines: list[bytes], *, renumber: bool) -> list[bytes]:
    """Make every event name the one before it."""
    found: list[bytes] = []
    before, seq = "", 0
    for line in lines:
        doc = _loads(line)
        if not isinstance(doc, dict):
            found.append(line)
            continue
        if before:
            doc["p"] = before
            doc["s"] = seq + 1 if renumber else doc.get("s")
        doc = refit_event(doc)
        head = m.spell({key: value for key, value in doc.items() if key not in "bx"})
        before = hashlib.sha256(head).hexdigest()
        seq = doc["s"] if type(doc.get("s")) is int else seq + 1
        found.append(m.spell(doc))
    return found


def ranges_of(raw: bytes) -> dict[str, Any]:
    """The header fields "ranges" and "n" that fit a file of event lines."""
    ranges: list[dict[str, Any]] = []
    head = ""
    last: tuple[Any, Any, Any] = (None, None, None)
    for line in raw.split(b"\n")[:-1]:
        doc = _loads(line)
        if not isinstance(doc, dict) or type(doc.get("s")) is not int:
            continue
        if not ranges or (doc.get("d"), doc.get("e"), doc.get("p")) != last:
            ranges.append({"dev": doc.get("d"), "epoch": doc.get("e"), "from_seq": doc["s"],
                           "prev": doc.get("p"), "n": 0})  # fmt: skip
        cut = m.spell({key: value for key, value in doc.items() if key not in "bx"})
        head = hashlib.sha256(cut).hexdigest()
        ranges[-1].update(to_seq=doc["s"], head=head, n=ranges[-1]["n"] + 1)
        last = (doc.get("d"), doc.get("e"), head)
    return {"ranges": ranges, "n": sum(item["n"] for item in ranges)}


def _loads(raw: bytes) -> Any:
    """The value of a JSON text, or None."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
