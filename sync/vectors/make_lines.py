"""The corpus of event lines: ``python sync/vectors/make_lines.py`` writes ``lines.json``.

Each case differs from a good line in one thing. The lines are spelled here with nothing but the
standard library, so that the corpus cannot inherit a fault of the package; what the keys of a row
mean and which codes there are stands in ``README.md``. The outcome is the same at every run.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DEVICE, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
EPOCH, OTHER_EPOCH = "01a0c5e7f8000001", "01a0c5e7f8000002"
GENESIS, TEXT = "0" * 64, '无人在家 "\\\n\x1b'
MAX_LINE, MAX_INT = 262_144, 2**53 - 1

Row = tuple[str, dict[str, Any] | None, bytes, str]


def spell(value: Any) -> bytes:
    """Canonical JSON, for values that have a spelling."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def line(**changes: Any) -> bytes:
    """A good first event with other fields; None leaves a key out, ``h`` follows the body."""
    doc: dict[str, Any] = {
        "a": "990101001", "b": {"n": 1, "note": TEXT}, "d": DEVICE, "e": EPOCH,
        "k": "visit.logged", "n": "00" * 15 + "07", "p": GENESIS, "s": 1,
        "t": "01a0c5e7f8010000", "v": 1, "x": "5a" * 16,
    }  # fmt: skip
    doc = {key: value for key, value in {**doc, **changes}.items() if value is not None}
    if "h" not in changes:
        try:
            salt = bytes.fromhex(doc.get("x", ""))
        except (TypeError, ValueError):
            salt = b""
        doc["h"] = hashlib.sha256(salt + spell(doc.get("b", {}))).hexdigest()
    return spell(doc)


def body(text: str) -> bytes:
    """A good line around a body that is spelled exactly so."""
    raw = text.encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(bytes.fromhex("5a" * 16) + raw).hexdigest()
    return line(b={"@": 0}, h=digest).replace(b'{"@":0}', raw)


def value(text: str) -> bytes:
    """A good line whose body has one value that is spelled exactly so."""
    return body('{"n":' + text + "}")


def hash_of(raw: bytes) -> str:
    """The hash of an event: without body and salt."""
    doc = json.loads(raw)
    return hashlib.sha256(spell({k: v for k, v in doc.items() if k not in "bx"})).hexdigest()


def good() -> list[tuple[str, bytes]]:
    """Lines that are valid where nothing is known of their chain."""
    deep = "[" * 14 + "]" * 14
    room = MAX_LINE - len(value('""'))
    return [
        ("good", line()),
        ("erased", line(b=None, x=None, h="ab" * 32)),
        ("empty body", line(b={})),
        ("unknown kind", line(k="later.thing")),
        ("kind of one part", line(k="seal")),
        ("kind with an underscore", line(k="visit.phone_call")),
        ("kind of 40", line(k="a" * 20 + "." + "b" * 19)),
        ("no division", line(a="")),
        ("division of 24", line(a="990101001G07abcdefghijkl")),
        ("number 2 and later", line(s=2, p="cd" * 32)),
        ("number 2^53-1", line(s=MAX_INT, p="cd" * 32)),
        ("largest number", value(str(MAX_INT))),
        ("smallest number", value(str(-MAX_INT))),
        ("literals", body('{"a":true,"b":false,"c":null,"d":[],"e":{},"f":""}')),
        ("nested 16 deep", value(deep)),
        ("brackets in text", value('"' + "[{" * 40 + '"')),
        ("escapes that must be", value(r'"\"\\\b\t\n\f\r\u0000\u0001\u001f"')),
        ("signs that need no escape", value('"/\x7f\u0080\u2028\u2029\ufeff\ufffe"')),
        ("beyond the first plane", value('"\U0001f3e0\U0010ffff"')),
        ("not composed", value('"e\u0301"')),
        ("keys by code point", body('{"\uff61":1,"\U00010000":2}')),
        ("capitals before small letters", body('{"":0,"A":1,"a":2}')),
        ("as long as allowed", value('"' + "a" * room + '"')),
    ]


def misspelled() -> list[tuple[str, bytes]]:
    """Lines that are not canonical JSON."""
    plain = line()
    return [
        ("byte order mark", b"\xef\xbb\xbf" + plain),
        ("UTF-16", plain.decode().encode("utf-16-le")),
        ("raw 0xff", value('"?"').replace(b"?", b"\xff")),
        ("overlong slash", value('"?"').replace(b"?", b"\xc0\xaf")),
        ("surrogate in UTF-8", value('"\ud800"')),
        ("surrogate pair in UTF-8", value('"\ud83c\udfe0"')),
        ("text cut inside a sign", value('"?"').replace(b"?", b"\xe6\x97")),
        ("raw NUL in text", value('"\0"')),
        ("raw NUL after the line", plain + b"\0"),
        ("raw line feed in text", value('"\n"')),
        ("raw tab in text", value('"\t"')),
        ("lone surrogate", value(r'"\ud800"')),
        ("surrogates in the wrong order", value(r'"\udfe0\ud83c"')),
        ("pair of surrogates", value(r'"\ud83c\udfe0"')),
        ("letter escaped", value(r'"\u0061"')),
        ("slash escaped", value(r'"\/"')),
        ("Chinese escaped", value(r'"\u65e0"')),
        ("U+2028 escaped", value(r'"\u2028"')),
        ("escape with capitals", value(r'"\u001F"')),
        ("long form of a short escape", value(r'"\u000a"')),
        ("unknown escape", value(r'"\x41"')),
        ("single quotes", value("'a'")),
        ("text without end", value('"')),
        ("float", value("1.0")),
        ("float in the header", plain.replace(b'"s":1', b'"s":1.0')),
        ("version as float", plain.replace(b'"v":1', b'"v":1.0')),
        ("exponent", value("1e0")),
        ("exponent with capital", value("1E2")),
        ("minus zero", value("-0")),
        ("minus zero as float", value("-0.0")),
        ("leading zero", value("01")),
        ("plus sign", value("+1")),
        ("hex number", value("0x10")),
        ("NaN", value("NaN")),
        ("Infinity", value("Infinity")),
        ("minus Infinity", value("-Infinity")),
        ("2^53", value(str(MAX_INT + 1))),
        ("minus 2^53", value(str(-MAX_INT - 1))),
        ("2^63", value(str(2**63))),
        ("400 digits", value("9" * 400)),
        ("5000 digits", value("9" * 5000)),
        ("number of the event 2^53", line(s=MAX_INT + 1, p="cd" * 32)),
        ("key twice", plain.replace(b'"v":1', b'"v":1,"v":1')),
        ("key twice, other value", plain.replace(b'"s":1', b'"s":1,"s":2')),
        ("key twice, once escaped", plain.replace(b'"v":1', b'"v":1,"\\u0076":1')),
        ("key twice in the body", body('{"n":1,"n":1}')),
        ("key escaped", plain.replace(b'"v":1', b'"\\u0076":1')),
        ("keys out of order", b'{"v":1,' + plain[1:].replace(b',"v":1', b"", 1)),
        ("keys of the body out of order", body('{"b":1,"a":2}')),
        ("keys by UTF-16 unit", body('{"\U00010000":2,"\uff61":1}')),
        ("key without quotes", plain.replace(b'"v":1', b"v:1")),
        ("space after a comma", plain.replace(b",", b", ", 1)),
        ("space after a colon", plain.replace(b":", b": ", 1)),
        ("space before", b" " + plain),
        ("space after", plain + b" "),
        ("line feed after", plain + b"\n"),
        ("carriage return after", plain + b"\r"),
        ("comma at the end", plain[:-1] + b",}"),
        ("comment", plain + b"//"),
        ("two objects", plain + plain),
        ("something after", plain + b"1"),
        ("cut", plain[:-1]),
        ("nothing", b""),
        ("nested 17 deep", value("[" * 15 + "]" * 15)),
        ("nested 17 deep by objects", value('{"a":' * 15 + "1" + "}" * 15)),
        ("nested 20,000 deep", value("[" * 20_000 + "]" * 20_000)),
        ("no JSON", b"visit.logged"),
        ("True", value("True")),
    ]


def malformed() -> list[tuple[str, bytes]]:
    """Canonical JSON that is no event."""
    hexes = {"d": DEVICE, "e": EPOCH, "n": "ab" * 16, "t": "01a0c5e7f8010abc", "x": "5a" * 16}
    return [
        ("array", b"[]"),
        ("text", b'"v"'),
        ("number", b"1"),
        ("null", b"null"),
        ("unknown key first", line(A=1)),
        ("unknown key last", line(z=1)),
        *((f"without {key}", line(**{key: None})) for key in "adeknpst"),
        ("without h", line(h=None)),
        ("body without salt", line(x=None)),
        ("salt without body", line(b=None)),
        ("body is a list", line(b=[])),
        ("body is text", line(b="")),
        ("body is null", line().replace(spell({"n": 1, "note": TEXT}), b"null")),
        ("salt is null", line().replace(b'"x":"' + b"5a" * 16 + b'"', b'"x":null')),
        *((f"{key} in capitals", line(**{key: text.upper()})) for key, text in hexes.items()),
        *((f"{key} is short", line(**{key: text[:-1]})) for key, text in hexes.items()),
        *((f"{key} is long", line(**{key: text + "0"})) for key, text in hexes.items()),
        ("h in capitals", line(h="AB" * 32, b=None, x=None)),
        ("h is short", line(h="ab" * 31, b=None, x=None)),
        ("p in capitals", line(s=2, p="AB" * 32)),
        ("p is long", line(s=2, p="ab" * 33)),
        ("d of other digits", line(d="٠" * 32)),
        ("d is a number", line(d=7)),
        ("seq 0", line(s=0)),
        ("seq 0, not the first", line(s=0, p="cd" * 32)),
        ("seq 1, not the first", line(p="cd" * 32)),
        ("seq 2, yet the first", line(s=2)),
        ("seq -1", line(s=-1, p="cd" * 32)),
        ("seq is text", line(s="1")),
        ("seq is true", line(s=True)),
        ("seq is null", line().replace(b'"s":1', b'"s":null')),
        ("kind with a capital", line(k="Visit.logged")),
        ("kind of 41", line(k="a" * 20 + "." + "b" * 20)),
        ("kind of 41, one part", line(k="a" * 41)),
        ("no kind", line(k="")),
        ("kind of three parts", line(k="a.b.c")),
        ("kind ends in a dot", line(k="visit.")),
        ("kind with a digit", line(k="visit2")),
        ("underscore in the first part", line(k="a_b.c")),
        ("kind with a line feed", line(k="visit\n")),
        ("division of 25", line(a="9" * 25)),
        ("division with a space", line(a="99 01")),
        ("division with a stroke", line(a="99-01")),
        ("division of wide digits", line(a="９９")),
    ]


def others() -> list[tuple[str, bytes, str]]:
    """The rest, each with its code."""
    room = MAX_LINE - len(value('""'))
    return [
        ("version 2", line(v=2), "unknown-version"),
        ("version 0", line(v=0), "unknown-version"),
        ("version 2 with more keys", line(v=2, w=1), "unknown-version"),
        ("version is true", line(v=True), "unknown-version"),
        ("version is text", line(v="1"), "unknown-version"),
        ("without v", line(v=None), "unknown-version"),
        ("empty object", b"{}", "unknown-version"),
        ("wrong digest", line(h="ab" * 32), "bad-digest"),
        ("body altered", line().replace(b'"n":1,', b'"n":2,'), "bad-digest"),
        ("salt altered", line().replace(b'"x":"5a', b'"x":"5b'), "bad-digest"),
        ("one byte too long", value('"' + "a" * (room + 1) + '"'), "line-too-long"),
    ]


def chained() -> list[Row]:
    """Lines judged by the chain before them."""
    first = line()
    head = hash_of(first)
    after = {"device": DEVICE, "epoch": EPOCH, "seq": 1, "head": head}
    second = line(s=2, p=head, b={"n": 2})
    third = line(s=3, p=hash_of(second), b={"n": 3})
    later = {**after, "seq": 2, "head": hash_of(second)}
    return [
        ("the next", after, second, ""),
        ("the next but one, in turn", later, third, ""),
        ("the next, erased", after, line(s=2, p=head, b=None, x=None, h="ab" * 32), ""),
        ("the next, its clock earlier", after, line(s=2, p=head, t="0" * 16), ""),
        ("the same again", later, second, "known"),
        ("the same again, erased since", after, line(b=None, x=None, h=json.loads(first)["h"]),
         "known"),
        ("one is missing", after, third, "gap"),
        ("many are missing", after, line(s=900, p="cd" * 32), "gap"),
        ("another of the same number", later, line(s=2, p=head, b={"n": 9}), "fork"),
        ("another first", after, line(b={"n": 9}), "fork"),
        ("a first long after", later, line(b={"n": 9}), "fork"),
        ("follows another event", after, line(s=2, p="cd" * 32), "chain-broken"),
        ("follows the first again", later, line(s=3, p=head), "chain-broken"),
        ("another device", after, line(d=OTHER, s=2, p=head), "chain-broken"),
        ("another epoch", after, line(e=OTHER_EPOCH, s=2, p=head), "chain-broken"),
        ("another epoch begins", after, line(e=OTHER_EPOCH), "chain-broken"),
        ("the next, misspelled", after, second + b" ", "not-canonical"),
        ("the next, malformed", after, line(s=2, p=head, k="Visit"), "bad-fields"),
        ("the next, altered", after, second.replace(b'"n":2', b'"n":3'), "bad-digest"),
    ]  # fmt: skip


def rows() -> list[dict[str, Any]]:
    """The whole corpus."""
    found: list[Row] = [(name, None, raw, "") for name, raw in good()]
    found += [(name, None, raw, "not-canonical") for name, raw in misspelled()]
    found += [(name, None, raw, "bad-fields") for name, raw in malformed()]
    found += [(name, None, raw, code) for name, raw, code in others()]
    found += chained()
    return [
        {"name": name, "state": state, "line": raw.hex(), "valid": not code, "code": code}
        for name, state, raw, code in found
    ]


def main() -> None:
    """Write ``lines.json``, one case a line."""
    text = ",\n".join(json.dumps(row) for row in rows())
    (HERE / "lines.json").write_text(f"[\n{text}\n]\n", "ascii")


if __name__ == "__main__":
    main()
