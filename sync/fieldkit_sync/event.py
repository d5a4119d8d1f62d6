"""One event: a numbered, chained, erasable statement by one device.

The hash covers a header that names the body only by a salted digest. So a body can be erased
(PIPL art. 47, retention) and the chain still verifies. The line is canonical JSON with the
one-letter keys of ``sync/PROTOCOL.md`` §2; an erased event lacks ``b`` and ``x``.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from fieldkit_sync import canon
from fieldkit_sync.errors import Refusal

GENESIS = "0" * 64
MAX_LINE = 262_144
VERSION = 1

_WHOLE_KEYS = frozenset("abdehknpstvx")
_HEADER_KEYS = _WHOLE_KEYS - {"b", "x"}
_HEADER = re.compile(
    r'\{"a":"[0-9A-Za-z]{0,24}","d":"[0-9a-f]{32}","e":"[0-9a-f]{16}","h":"[0-9a-f]{64}"'
    r',"k":"(?=.{1,40}")[a-z]+(?:\.[a-z_]+)?","n":"[0-9a-f]{32}","p":"[0-9a-f]{64}"'
    r',"s":[1-9][0-9]{0,15},"t":"[0-9a-f]{16}","v":1\}',
    re.ASCII,
)
_SALT = re.compile(r"[0-9a-f]{32}")
# A whole line at two looks. What lies between them is canonical JSON or refused, and the tail
# holds no brace but its last, so there is one way only to cut a line up: at the last place where a
# tail can begin.
_HEAD = re.compile(r'\{"a":"([0-9A-Za-z]{0,24})","b":(?=\{)')
_CUT = '},"d":"'
_TAIL = re.compile(
    r'\},"d":"([0-9a-f]{32})","e":"([0-9a-f]{16})"'
    r',"h":"([0-9a-f]{64})","k":"([a-z]+(?:\.[a-z_]+)?)","n":"([0-9a-f]{32})"'
    r',"p":"([0-9a-f]{64})","s":([1-9][0-9]{0,15}),"t":"([0-9a-f]{16})","v":1'
    r',"x":"([0-9a-f]{32})"\}'
)
_BEFORE_SALT = len(',"x":"')
_MAX_KIND = 40
_SMALL = 256
_sha256 = hashlib.sha256
_COMPARED = (
    *("device", "epoch", "seq", "prev", "hlc", "kind", "entity", "division"),
    *("digest", "salt", "body"),
)


class Event:
    """One event as held; building one checks every field (`Refusal` "bad-fields").

    ``body`` may be shared and is never to be changed; it and ``salt`` are None once the body is
    erased. ``hash`` identifies the event and stays the same when the body goes. No field can be
    set anew. Written out by hand: loading what makes such classes costs a third of the start of
    the interpreter, and every command that writes makes an event.
    """

    __slots__ = (*_COMPARED, "_line", "hash")
    device: str
    epoch: str
    seq: int
    prev: str
    hlc: str
    kind: str
    entity: str
    division: str
    digest: str
    salt: str | None
    body: dict[str, Any] | None
    hash: str
    _line: bytes | None

    def __init__(
        self,
        *,
        device: str,
        epoch: str,
        seq: int,
        prev: str,
        hlc: str,
        kind: str,
        entity: str,
        division: str,
        digest: str,
        salt: str | None,
        body: dict[str, Any] | None,
    ) -> None:
        values = (device, epoch, seq, prev, hlc, kind, entity, division, digest, salt, body)
        for name, value in zip(_COMPARED, values, strict=True):
            object.__setattr__(self, name, value)
        header = self._header_text()
        if (
            type(seq) is not int
            or seq > canon.MAX_INT
            or not _HEADER.fullmatch(header)
            or (seq == 1) != (prev == GENESIS)
        ):
            raise Refusal("bad-fields", "a field of the event header is malformed")
        if (body is None) != (salt is None):
            raise Refusal("bad-fields", "body and salt go together")
        if salt is not None and not _SALT.fullmatch(salt):
            raise Refusal("bad-fields", "a salt is 32 hex digits")
        object.__setattr__(self, "hash", _sha256(header.encode("ascii")).hexdigest())
        object.__setattr__(self, "_line", None)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an event does not change: {name}")

    __delattr__ = __setattr__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Event):
            return NotImplemented
        return self.hash == other.hash and (self.salt, self.body) == (other.salt, other.body)

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        return f"Event({', '.join(f'{name}={getattr(self, name)!r}' for name in _COMPARED)})"

    def replaced(self, **changes: Any) -> Event:
        """An event with some fields of its own, checked like any other."""
        return Event(**{name: getattr(self, name) for name in _COMPARED} | changes)

    def _header_text(self) -> str:
        # Every value is ASCII without quotes (the pattern above sees to it), so this is
        # what canon.encode would write, at a tenth of the price.
        return (
            f'{{"a":"{self.division}","d":"{self.device}","e":"{self.epoch}","h":"{self.digest}"'
            f',"k":"{self.kind}","n":"{self.entity}","p":"{self.prev}"'
            f',"s":{self.seq},"t":"{self.hlc}","v":1}}'
        )

    @property
    def header(self) -> bytes:
        """The bytes that are hashed: the line without body and salt."""
        return self._header_text().encode("ascii")

    @property
    def line(self) -> bytes:
        """The canonical line, without a line end."""
        if self._line is not None:
            return self._line
        if self.body is None:
            return self.header
        text = self._header_text()
        # "b" sorts right after "a", "x" last of all.
        cut = text.index(',"d":')
        head, tail = text[:cut].encode("ascii"), text[cut:-1].encode("ascii")
        return b'%s,"b":%s%s,"x":"%s"}' % (
            head,
            _body_bytes(self.body),
            tail,
            str(self.salt).encode("ascii"),
        )

    @property
    def id(self) -> tuple[str, str, int, str]:
        """The primary key; with the hash in it, both branches of a fork are kept."""
        return (self.device, self.epoch, self.seq, self.hash)


_FIELDS: Any = vars(Event)
(_PUT_DEVICE, _PUT_EPOCH, _PUT_SEQ, _PUT_PREV, _PUT_HLC, _PUT_KIND, _PUT_ENTITY, _PUT_DIVISION,
 _PUT_DIGEST, _PUT_SALT, _PUT_BODY, _PUT_HASH, _PUT_LINE) = (
    _FIELDS[name].__set__ for name in (*_COMPARED, "hash", "_line")
)  # fmt: skip


def _body_bytes(body: Mapping[str, Any]) -> bytes:
    # One level less than a line may have: the line wraps the body.
    return canon.encode(body, depth=canon.MAX_DEPTH - 1)


def body_digest(body: Mapping[str, Any], salt: str) -> str:
    """Return the salted digest by which a header names its body."""
    return hashlib.sha256(bytes.fromhex(salt) + _body_bytes(body)).hexdigest()


def make(
    *,
    device: str,
    epoch: str,
    seq: int,
    prev: str,
    hlc: str,
    kind: str,
    entity: str,
    division: str,
    body: dict[str, Any],
    salt: str | None = None,
) -> Event:
    """Build a new event; ``salt`` is drawn at random unless given.

    `Refusal` "bad-fields", "not-canonical" (body) or "line-too-long".
    """
    salt = os.urandom(16).hex() if salt is None else salt
    if not _SALT.fullmatch(salt):
        raise Refusal("bad-fields", "a salt is 32 hex digits")
    if type(body) is not dict:
        raise Refusal("bad-fields", "a body is an object")
    event = Event(
        device=device,
        epoch=epoch,
        seq=seq,
        prev=prev,
        hlc=hlc,
        kind=kind,
        entity=entity,
        division=division,
        digest=body_digest(body, salt),
        salt=salt,
        body=body,
    )
    if (length := len(event.line)) > MAX_LINE:
        raise Refusal("line-too-long", f"{length} bytes")
    return event


Fields = tuple[str, str, int, str, str, str, str, str, str, bytes, str, str | None, str | None]
"""A verified event as plain values: device, epoch, number, hash, hash before, stamp, kind, entity,
division, line, digest of the body, salt, and the body as it is written. A tenth of the price of an
`Event` where thousands go by and only their columns are wanted."""
DEVICE, EPOCH, SEQ, HASH, PREV, HLC, KIND, ENTITY, DIVISION, LINE, DIGEST, SALT, BODY = range(13)


def parse(line: bytes) -> Event:
    """Read one line (no line end) strictly.

    `Refusal` codes: "line-too-long", "not-canonical", "unknown-version", "bad-fields",
    "bad-digest" (the body is not the one the header names).
    """
    if len(line) > MAX_LINE:
        raise Refusal("line-too-long", f"{len(line)} bytes")
    found = _usual(line)
    # What is not plainly right is looked at slowly, to say what is wrong with it.
    return _parse(line) if found is None else of_fields(found)


def fields(line: bytes) -> Fields:
    """Read one line as `parse` does, with the same refusals, but only into its fields."""
    found = _usual(line) if len(line) <= MAX_LINE else None
    return fields_of(parse(line)) if found is None else found


def fields_of(event: Event) -> Fields:
    """The fields of an event."""
    body = None if event.body is None else _body_bytes(event.body).decode("utf-8")
    return (event.device, event.epoch, event.seq, event.hash, event.prev, event.hlc, event.kind,
            event.entity, event.division, event.line, event.digest, event.salt, body)  # fmt: skip


def body_of(raw: str) -> dict[str, Any]:
    """The body that is written so; it may be shared and is never to be changed."""
    return _small_body(raw) if len(raw) <= _SMALL else _body_of(raw)


def _body_of(raw: str) -> dict[str, Any]:
    # One level less than a line may have: the line wraps the body.
    body: dict[str, Any] = canon.decode_text(raw, canon.MAX_DEPTH - 1)
    return body


#: A day at the doors has few different bodies: they are read once, and shared by their events.
_small_body = lru_cache(maxsize=1024)(_body_of)


def _usual(line: bytes) -> Fields | None:
    """The fields of a line with a body, or None if anything about it is not as usual."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return None
    begun, cut = _HEAD.match(text), text.rfind(_CUT)
    ended = _TAIL.fullmatch(text, cut) if cut >= 0 else None
    if begun is None or ended is None or begun.end() > cut:
        return None
    division = begun[1]
    raw = text[begun.end() : cut + 1]
    device, epoch, digest, kind, entity, prev, number, hlc, salt = ended.groups()
    if len(raw) <= _SMALL:
        _small_body(raw)
    else:
        _body_of(raw)
    if _sha256(bytes.fromhex(salt) + raw.encode("utf-8")).hexdigest() != digest:
        return None
    seq = int(number)
    if seq > canon.MAX_INT or (seq == 1) != (prev == GENESIS) or len(kind) > _MAX_KIND:
        return None
    # From the division to the body, and from there to the salt: the line without the two.
    header = f"{text[: begun.end(1) + 1]}{text[cut + 1 : ended.start(9) - _BEFORE_SALT]}}}"
    hashed = _sha256(header.encode("ascii")).hexdigest()
    return (device, epoch, seq, hashed, prev, hlc, kind, entity, division, line, digest, salt, raw)


def of_fields(found: Fields) -> Event:
    """The event with these fields, which have been verified."""
    device, epoch, seq, hashed, prev, hlc, kind, entity, division, line, digest, salt, raw = found
    event = object.__new__(Event)
    # What ``__init__`` does, without its checks and at a fraction of the price.
    _PUT_DEVICE(event, device)
    _PUT_EPOCH(event, epoch)
    _PUT_SEQ(event, seq)
    _PUT_PREV(event, prev)
    _PUT_HLC(event, hlc)
    _PUT_KIND(event, kind)
    _PUT_ENTITY(event, entity)
    _PUT_DIVISION(event, division)
    _PUT_DIGEST(event, digest)
    _PUT_SALT(event, salt)
    _PUT_BODY(event, None if raw is None else body_of(raw))
    _PUT_HASH(event, hashed)
    _PUT_LINE(event, line)
    return event


def _parse(line: bytes) -> Event:
    doc = canon.decode(line)
    if not isinstance(doc, dict):
        raise Refusal("bad-fields", "an event is an object")
    if type(doc.get("v")) is not int or doc["v"] != VERSION:
        raise Refusal("unknown-version", "only events of version 1 are understood")
    keys = doc.keys()
    if keys != _WHOLE_KEYS and keys != _HEADER_KEYS:
        raise Refusal("bad-fields", "unknown or missing keys")
    body, salt = doc.get("b"), doc.get("x")
    if "b" in doc and not (isinstance(body, dict) and isinstance(salt, str)):
        raise Refusal("bad-fields", "the body is an object and the salt is text")
    if not isinstance(doc["s"], int) or not all(isinstance(doc[k], str) for k in "adehknpt"):
        raise Refusal("bad-fields", "a header field has the wrong type")
    event = Event(
        device=doc["d"],
        epoch=doc["e"],
        seq=doc["s"],
        prev=doc["p"],
        hlc=doc["t"],
        kind=doc["k"],
        entity=doc["n"],
        division=doc["a"],
        digest=doc["h"],
        salt=salt,
        body=body,
    )
    if body is not None and body_digest(body, event.salt or "") != event.digest:
        raise Refusal("bad-digest", "the body is not the one the header names")
    return event


def erased(event: Event) -> Event:
    """Return the event without its body; its hash, and so the chain, is unchanged."""
    return event.replaced(body=None, salt=None)


def follows(event: Event, before: Event) -> bool:
    """Whether ``event`` is the direct successor of ``before`` in one chain."""
    return (
        event.device == before.device
        and event.epoch == before.epoch
        and event.seq == before.seq + 1
        and event.prev == before.hash
    )


def verify_chain(events: Iterable[Event]) -> list[str]:
    """Name every break in the chain of one (device, epoch); empty means whole.

    Events may come in any order. Sentences begin with "fork", "gap" or "broken" and a number.
    """
    by_seq: dict[int, dict[str, Event]] = {}
    for event in events:
        by_seq.setdefault(event.seq, {})[event.hash] = event
    problems: list[str] = []
    last = 0
    for seq in sorted(by_seq):
        here = by_seq[seq]
        if len(here) > 1:
            problems.append(f"fork {seq}: one number was used {len(here)} times")
        if seq != last + 1:
            problems.append(f"gap {last + 1}-{seq - 1}: events are missing")
        elif seq > 1:
            before = by_seq[seq - 1]
            for event in here.values():
                if event.prev not in before:
                    problems.append(f"broken {seq}: does not follow the event before it")
        last = seq
    return problems
