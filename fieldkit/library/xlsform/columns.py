"""The headers of XLSForm's sheets in every spelling, with the language of each column."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldkit.text.i18n import _

from . import languages
from .notes import Notes, clipped
from .sheets import Row, Sheet

_SURVEY = {
    "type": "type", "command": "type", "name": "name", "tag": "name", "value": "name",
    "label": "label", "caption": "label", "hint": "hint", "guidance_hint": "guidance_hint",
    "relevant": "relevant", "relevance": "relevant", "constraint": "constraint",
    "constraint_message": "message", "constraining_message": "message",
    "jr:constraintmsg": "message", "constraintmsg": "message", "required": "required",
    "required_message": "required_message", "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message", "read_only": "read_only", "readonly": "read_only",
    "calculation": "calculation", "calculate": "calculation", "default": "default",
    "repeat_count": "repeat_count", "count": "repeat_count", "jr:count": "repeat_count",
    "choice_filter": "choice_filter", "parameters": "parameters", "appearance": "appearance",
    "trigger": "trigger", "disabled": "disabled", "image": "media", "audio": "media",
    "video": "media", "big-image": "media", "media": "media", "intent": "other",
}  # fmt: skip
_CHOICES = {
    "list_name": "list", "listname": "list", "name": "name", "value": "name", "label": "label",
    "caption": "label", "image": "media", "audio": "media", "video": "media",
    "big-image": "media", "media": "media",
}  # fmt: skip
_SETTINGS = {
    "form_title": "title", "set_form_title": "title", "title": "title", "form_id": "id",
    "set_form_id": "id", "id_string": "id", "version": "version",
    "default_language": "language", "name": "name",
    "allow_choice_duplicates": "duplicates", "clean_text_values": "clean",
}  # fmt: skip
KNOWN = {"survey": _SURVEY, "choices": _CHOICES, "settings": _SETTINGS}
_PREFIXES = frozenset(("bind", "control", "body", "media"))
TRANSLATED = frozenset(
    ("label", "hint", "guidance_hint", "message", "required_message", "media")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds (``other`` where nothing is known), its language, its header."""

    index: int
    key: str
    language: str
    header: str


@dataclass(slots=True)
class Table:
    """A sheet with its columns understood."""

    sheet: Sheet
    columns: list[Column] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The sheet's own name, for notes."""
        return self.sheet.title

    def has(self, key: str) -> bool:
        """Whether there is a column of this meaning."""
        return any(column.key == key for column in self.columns)


@dataclass(slots=True)
class Cells:
    """A row by meaning: texts, and translated texts by language; headers for the notes."""

    number: int
    texts: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    others: list[tuple[Column, str]] = field(default_factory=list)

    def get(self, key: str) -> str:
        """The text under a key, empty where there is none."""
        return self.texts.get(key, "")


def understood(sheet: Sheet, known: str, notes: Notes) -> Table:
    """The columns of a sheet; a second column of the same meaning is noted and left out."""
    table = Table(sheet)
    doubled = any("::" in header for header in sheet.header.values())
    seen: dict[tuple[str, str], str] = {}
    for index, header in sheet.header.items():
        key, language = parsed(header, KNOWN[known], doubled)
        if key not in ("other", "media"):
            first = seen.setdefault((key, language), header)
            if first != header or (key, language) in {(c.key, c.language) for c in table.columns}:
                what = _("和“{first}”列重复，这一列没有导入。").format(first=clipped(first, 30))
                notes.add(sheet.title, sheet.header_row, header, what)
                continue
        table.columns.append(Column(index, key, language, header))
    return table


def parsed(header: str, known: dict[str, str], doubled: bool) -> tuple[str, str]:
    """What a header means and its language; ``other`` where it means nothing known."""
    whole = _plain(header)
    if whole in known:
        return known[whole], ""
    if doubled and "::" in header:
        parts = [part.strip() for part in header.split("::")]
    else:
        parts = [part.strip() for part in header.split(":")]
        if "jr" in parts[:-1]:
            at = parts.index("jr")
            parts[at : at + 2] = [f"jr:{parts[at + 1]}"]
    if _plain(parts[0]) in _PREFIXES and len(parts) > 1:
        parts = parts[1:]
    key = known.get(_plain(parts[0]), "other")
    if len(parts) == 1:
        return key, ""
    if key == "media" and len(parts) > 1 and known.get(_plain(parts[1])) == "media":
        parts = parts[1:]
    if key not in TRANSLATED or len(parts) > 2:
        return (key, "") if key == "media" else ("other", "")
    return key, parts[1]


def cells(row: Row, table: Table) -> Cells:
    """A row by the meaning of its cells."""
    found = Cells(row.number)
    for column in table.columns:
        text = row.cells.get(column.index, "")
        if not text:
            continue
        if column.key in ("other", "media"):
            found.others.append((column, text))
        elif column.key in TRANSLATED:
            found.words.setdefault(column.key, {}).setdefault(column.language, text)
            found.headers.setdefault(column.key, column.header)
        else:
            found.texts[column.key] = text
            found.headers[column.key] = column.header
    return found


@dataclass(slots=True)
class Tongues:
    """The default language as written, its code, and the codes of the others."""

    default: str
    code: str
    codes: dict[str, str]


def tongues(tables: list[Table], wanted: str, sample: str, notes: Notes) -> Tongues:
    """Which language the texts are in: the settings' one, unmarked columns, or the first."""
    written: dict[str, Column] = {}
    unmarked = False
    for table in tables:
        for column in table.columns:
            if column.key in ("label", "hint", "message"):
                unmarked = unmarked or not column.language
                if column.language and column.language not in written:
                    written[column.language] = column
    default = wanted
    if not default and not unmarked and written:
        default = next(iter(written))
    code = languages.code(default) if default else ""
    same = next((w for w in written if code and languages.code(w) == code), None)
    if default and default not in written and same is not None:
        default = same
    found = Tongues(default, code or languages.guessed(sample), {})
    taken = {found.code}
    for name, column in written.items():
        if name == default:
            continue
        short = languages.code(name)
        if not short:
            short = languages.coined(name, taken)
            what = _("认不出语言“{name}”，记作 {code}。").format(name=clipped(name, 30), code=short)
            notes.add(tables[0].title, tables[0].sheet.header_row, column.header, what)
        taken.add(short)
        found.codes[name] = short
    return found


def _plain(header: str) -> str:
    text = "_".join(header.replace("_", " ").split()).casefold()
    return text if text in ("big-image",) else text.replace("-", "_")
