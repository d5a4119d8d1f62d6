"""Keep the English catalogue in step with the Chinese source text.

``translations.py`` extracts every message, merges it into the .po file and compiles the .mo;
``translations.py --check`` fails when a message has no English, a ``{}`` field differs, or the
compiled file is not what the .po file says.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "fieldkit" / "locale" / "en" / "LC_MESSAGES" / "fieldkit.po"
FIELD = re.compile(r"\{[a-z_0-9]*[^}]*\}")


def extracted() -> Catalog:
    """Every message in the sources, with the files it comes from (no line numbers: they churn)."""
    catalog = Catalog(project="fieldkit")
    found = extract_from_dir(
        str(ROOT / "fieldkit"),
        method_map=[("**.py", "python")],
        keywords={"_": None, "N_": None},
    )
    for filename, _line, message, _comments, _context in found:
        # Plain ASCII is the key of a table looked up inside the call, not a sentence.
        if isinstance(message, str) and not message.isascii():
            catalog.add(message, locations=[(f"fieldkit/{filename}", 0)])
    return catalog


def current() -> Catalog:
    """The catalogue as it is kept."""
    if not PO.exists():
        return Catalog(locale="en", project="fieldkit")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def compiled(catalog: Catalog) -> bytes:
    """The .mo bytes of a catalogue."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update() -> Catalog:
    """Merge what the sources say with the translations at hand, dropping what is gone."""
    known = {m.id: m.string for m in current() if m.id}
    fresh = Catalog(locale="en", project="fieldkit", fuzzy=False)
    for message in sorted(extracted(), key=lambda m: str(m.id)):
        if message.id:
            places = sorted({name for name, _line in message.locations})
            fresh.add(
                message.id, known.get(message.id, ""), locations=[(name, 0) for name in places]
            )
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, fresh, width=100, include_lineno=False, omit_header=False, sort_output=True)
    PO.with_suffix(".mo").write_bytes(compiled(current()))
    return fresh


def fields(text: str) -> list[str]:
    """What is filled into a message; doubled braces are braces."""
    return sorted(FIELD.findall(text.replace("{{", "").replace("}}", "")))


def faults() -> list[str]:
    """What is wrong with the catalogue, a line each."""
    kept = {m.id: m.string for m in current() if m.id}
    out = []
    for message in extracted():
        if not message.id:
            continue
        english = kept.get(message.id)
        if not english:
            out.append(f"no English for: {message.id}")
        elif fields(str(message.id)) != fields(str(english)):
            out.append(f"fields differ: {message.id} / {english}")
    mo = PO.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(current()):
        out.append(f"{mo.name} is not what {PO.name} says: run scripts/translations.py")
    return out


def main(argv: list[str]) -> int:
    """Update, or with ``--check`` only look."""
    if "--check" not in argv:
        update()
    problems = faults()
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
