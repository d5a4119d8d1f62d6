"""What a workbook says that somebody hands back: its manifest, and what stands at each figure.

The file may come from anybody and may have been saved by any program. It is read part by part with
bounds; nothing in it is followed, evaluated or expanded.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from fieldkit.errors import Problem
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

MAX_BYTES = 64 * 2**20
MAX_OPEN = 512 * 2**20
MAX_ENTRIES = 4000
MAX_NAMES = 200_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NAMED = re.compile(r"fk_([a-z2-7]{8})(?:_([0-9]{1,6}))?")
_REF = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}

Found = tuple[bytes | None, str | None, dict[str, list[str]]]
At = tuple[int, int]
"""Row and column, from 1."""


def read(source: Path | bytes) -> Found:
    """See ``paper_xlsx.read``."""
    try:
        raw = source if isinstance(source, bytes) else _bytes(source)
        if len(raw) > MAX_BYTES:
            raise _large()
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(one.file_size for one in entries) > MAX_OPEN:
                raise _large()
            return _Book(archive).found()
    except (
        zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, KeyError,
        NotImplementedError, ElementTree.ParseError, ArithmeticError,
    ) as error:  # fmt: skip
        raise Problem(
            "paper-broken",
            _("这个 .xlsx 文件读不出来"),
            mend=_("请用表格软件打开，另存为 .xlsx 后再试。"),
        ) from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _large() -> Problem:
    return Problem(
        "paper-large",
        _("文件超过 {n} MB").format(n=MAX_BYTES // 2**20),
        mend=_("请核对是不是 fieldkit 出的文件。"),
    )


@dataclass(slots=True)
class _Kept:
    """What the hidden sheet holds."""

    recipe: str | None = None
    manifest: str = ""
    within: list[str] = field(default_factory=list)


class _Plain:
    """A part as it is read, without a document type: nobody's entities are ever expanded."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises ValueError where a document type begins."""
        chunk = self._file.read(size)
        seen = (self._tail + chunk).replace(b"\0", b"")
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            raise ValueError("a document type")
        self._tail = chunk[-32:]
        return chunk


UNCOUNTED = "\0"
"""A formula whose value the program that saved it left for the next one to work out."""


def _code(name: str) -> str:
    return _NAMED.fullmatch(name).group(1)  # type: ignore[union-attr]


class _Book:
    """An open workbook; names of sheets lead to parts, whose declared sizes bound what is read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        self._sheets: dict[str, str] = {}
        self._places: dict[str, tuple[str, At]] = {}
        self._workbook()
        self._strings = list(self._shared())
        self._formats = list(self._styles())

    def found(self) -> Found:
        kept = self._hidden()
        by_sheet: dict[str, set[At]] = {}
        for sheet, at in self._places.values():
            by_sheet.setdefault(sheet, set()).add(at)
        visible = {sheet: self._cells(sheet, wanted) for sheet, wanted in by_sheet.items()}
        said = {name: visible[sheet].get(at, "") for name, (sheet, at) in self._places.items()}
        by_code: dict[str, list[tuple[int, str]]] = {
            _code(name): [] for name, text in said.items() if text == UNCOUNTED
        }
        said = {name: text for name, text in said.items() if text != UNCOUNTED}
        _take_apart(said, kept.within)
        for name, text in said.items():
            code, use = _NAMED.fullmatch(name).groups()  # type: ignore[union-attr]
            by_code.setdefault(code, []).append((int(use or 1), text))
        texts = {code: [text for _use, text in sorted(many)] for code, many in by_code.items()}
        manifest = b64decode(kept.manifest, validate=True) if kept.manifest else None
        return manifest, kept.recipe, texts

    def _parse(self, part: str) -> Iterator[tuple[str, ElementTree.Element]]:
        """Starts and ends of the elements of a part; a document type is refused."""
        with self._archive.open(part) as file:
            yield from ElementTree.iterparse(_Plain(file), ("start", "end"))

    def _ends(self, part: str, tag: str) -> Iterator[ElementTree.Element]:
        """The elements of one kind, each let go once it was looked at."""
        for event, element in self._parse(part):
            if event == "end" and element.tag == _MAIN + tag:
                yield element
                element.clear()

    def _workbook(self) -> None:
        targets = {}
        for event, one in self._parse("xl/_rels/workbook.xml.rels"):
            if event == "end" and one.tag.endswith("}Relationship"):
                target = one.get("Target", "").removeprefix("/xl/").removeprefix("./")
                targets[one.get("Id", "")] = f"xl/{target}"
        for event, one in self._parse("xl/workbook.xml"):
            if event == "end" and one.tag == _MAIN + "sheet":
                part = targets.get(one.get(_LINK, ""), "")
                if part in self._names:
                    self._sheets.setdefault(one.get("name", ""), part)
            elif event == "end" and one.tag == _MAIN + "definedName":
                self._place(one.get("name", ""), one.text or "")
        if len(self._places) > MAX_NAMES:
            raise _large()

    def _place(self, name: str, text: str) -> None:
        place = _REF.fullmatch(text.strip())
        if _NAMED.fullmatch(name) is None or place is None:
            return
        quoted, bare, letters, row = place.groups()
        sheet = quoted.replace("''", "'") if quoted else bare
        if sheet in self._sheets:
            self._places[name] = (sheet, (int(row), _column(letters)))

    def _shared(self) -> Iterator[str]:
        if "xl/sharedStrings.xml" in self._names:
            for one in self._ends("xl/sharedStrings.xml", "si"):
                yield _text(one)

    def _styles(self) -> Iterator[str]:
        """The number format of each cell style."""
        if "xl/styles.xml" not in self._names:
            return
        own: dict[int, str] = {}
        inside = False
        for event, one in self._parse("xl/styles.xml"):
            if one.tag == _MAIN + "cellXfs":
                inside = event == "start"
            elif event == "end" and one.tag == _MAIN + "numFmt":
                own[int(one.get("numFmtId", "0"))] = one.get("formatCode", "")
            elif event == "end" and one.tag == _MAIN + "xf" and inside:
                number = int(one.get("numFmtId", "0"))
                yield own.get(number) or _BUILT_IN.get(number, "General")

    def _hidden(self) -> _Kept:
        """The hidden sheet's rows: a word and what it stands for."""
        kept = _Kept()
        if "_fieldkit" not in self._sheets:
            return kept
        row: dict[int, str] = {}
        for element, at in self._rows("_fieldkit"):
            row[at[1]] = self._visible(element)
            if at[1] != 2:
                continue
            key, value = row.get(1, ""), row[2]
            row = {}
            if key == "recipe":
                kept.recipe = value
            elif key == "manifest":
                kept.manifest += value
            elif key == "text":
                kept.within.append(value)
            elif key == "more" and kept.within:
                kept.within[-1] += value
        return kept

    def _cells(self, sheet: str, wanted: set[At]) -> dict[At, str]:
        return {at: self._visible(one) for one, at in self._rows(sheet) if at in wanted}

    def _rows(self, sheet: str) -> Iterator[tuple[ElementTree.Element, At]]:
        """Every cell of a sheet with its place."""
        for one in self._ends(self._sheets[sheet], "c"):
            place = _CELL.fullmatch(one.get("r", ""))
            if place is not None:
                yield one, (int(place.group(2)), _column(place.group(1)))

    def _visible(self, one: ElementTree.Element) -> str:
        kind = one.get("t", "n")
        if kind == "inlineStr":
            return _text(one)
        value = one.findtext(_MAIN + "v")
        if not value and one.find(_MAIN + "f") is not None:
            return UNCOUNTED
        if not value:
            return ""
        if kind == "s":
            return self._strings[int(value)]
        if kind != "n":
            return _unescaped(value)
        style = int(one.get("s", "0"))
        mask = self._formats[style] if style < len(self._formats) else "General"
        return formatted(value, mask)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _text(one: ElementTree.Element) -> str:
    """The text of a string, readings above the characters left out."""
    found = []
    for child in one.iter():
        if child.tag == _MAIN + "rPh":
            for inside in child.iter(_MAIN + "t"):
                inside.text = ""
        elif child.tag == _MAIN + "t":
            found.append(child.text or "")
    return _unescaped("".join(found))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)


def _take_apart(said: dict[str, str], within: list[str]) -> None:
    """Put in place of a whole sentence what stands there at each of its figures."""
    for coded in within:
        told = json.loads(b64decode(coded, validate=True))
        names, between = told["names"], told["between"]
        if not isinstance(names, list) or not all(name in said for name in names):
            continue
        parts = _parts(said[names[0]], [str(word) for word in between])
        if parts is not None and len(parts) == len(names):
            said.update(zip(names, parts, strict=True))


def _parts(text: str, between: list[str]) -> list[str] | None:
    """What stands between these words; None where the words are others. Goes through once."""
    if len(between) < 2 or not text.startswith(between[0]):
        return None
    found, start = [], len(between[0])
    for word in between[1:-1]:
        end = text.find(word, start) if word else -1
        if end < 0:
            return None
        found.append(text[start:end])
        start = end + len(word)
    last = len(text) - len(between[-1])
    if last < start or not text.endswith(between[-1]):
        return None
    return [*found, text[start:last]]


def formatted(value: str, mask: str) -> str:
    """A number as a program shows it in such a format: what fieldkit writes, however kept."""
    number = Decimal(value)
    if not number.is_finite() or abs(number) > 10**18 or number.as_tuple().exponent < -40:  # type: ignore[operator]
        return shown(value)[:40]
    if mask.lower().replace("\\", "") in ("yyyy-mm-dd", "yyyy/mm/dd"):
        day = date(1899, 12, 30) + timedelta(int(number))
        return day.isoformat().replace("-", "/" if "/" in mask else "-")
    if mask == "General" or not mask:
        return _general(number)
    sections = mask.split(";")
    section = sections[0]
    if len(sections) > 1 and number < 0:
        section, number = sections[1], -number
    elif len(sections) > 2 and number == 0:
        section = sections[2]
    return _section(number, section)


def _general(number: Decimal) -> str:
    text = format(number.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _section(number: Decimal, section: str) -> str:
    digits = re.search(r"[#0,]*0(?:\.(0+))?", section)
    if digits is None:
        return re.sub(r'["\\]', "", section)
    if "%" in section:
        number *= 100
    places = len(digits.group(1) or "")
    rounded = abs(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    body = f"{rounded:,.{places}f}" if "," in digits.group() else f"{rounded:.{places}f}"
    before, after = section[: digits.start()], section[digits.end() :]
    sign = "-" if number < 0 and rounded else ""
    return sign + re.sub(r'["\\]', "", before) + body + re.sub(r'["\\]', "", after)
