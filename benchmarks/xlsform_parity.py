"""Whether a folder of XLSForm workbooks imports with the questions that pyxform finds in them.

Needs ``pyxform`` beside fieldkit; asserts nothing. For every workbook that pyxform accepts it
compares the questions, types, groups, choices and relevances and prints how many agree, then
names the workbooks that differ. Usage: ``python benchmarks/xlsform_parity.py FOLDER [-v]``.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections import Counter
from contextlib import redirect_stderr
from datetime import date
from pathlib import Path
from typing import Any

from fieldkit.errors import Problem
from fieldkit.library import xlsform
from fieldkit.library.xlsform.types import parsed

Rows = list[tuple[str, ...]]
ASPECTS = ("questions", "types", "groups", "choices", "relevant")
NEAR = {
    "info": {"note"},
    "number": {"integer", "decimal", "range", "percentage", "days-month", "days-half", "days-year"},
    "date": {"date", "datetime"},
    "choice": {"select_one", "acknowledge", "elsewhere"},
    "choices": {"select_multiple", "rank", "elsewhere"},
    "calculated": {"calculate", "hidden", "today", "note", "text", "integer", "decimal", "date"},
}
"""Which kinds of question our types stand for; ``text`` stands for everything without its own."""
_SELECTS = {
    "select one": "select_one",
    "select all that apply": "select_multiple",
    "select one external": "select_one",
    "odk:rank": "rank",
    "rank": "rank",
}


class Found:
    """What a form asks, in one tool's eyes."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.types: dict[str, str] = {}
        self.groups: list[tuple[str, str]] = []
        self.choices: dict[str, list[str]] = {}
        self.relevant: list[str] = []


def theirs(path: Path) -> Found:
    """The form as pyxform reads it; raises what it raises."""
    from pyxform.builder import create_survey_element_from_dict
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    data = workbook_to_json(get_xlsform(path), form_name="data", warnings=[])
    survey = create_survey_element_from_dict(data)
    survey.to_xml(validate=False, warnings=[])
    found = Found()
    pending: list[Any] = [survey]
    while pending:
        element = pending.pop()
        kind = type(element).__name__
        if kind in ("Survey", "GroupedSection", "RepeatingSection", "Section"):
            children = list(element.children or ())
            if element.name == "meta" and kind == "GroupedSection":
                continue
            if kind != "Survey":
                what = "repeat" if kind == "RepeatingSection" else "group"
                if not _empty(element):
                    found.groups.append((element.name, what))
                    _relevance(found, element)
            pending += reversed(children)
        elif getattr(element, "type", None) is not None and hasattr(element, "bind"):
            _question(found, element)
    return found


def _empty(section: Any) -> bool:
    return not any(
        not _empty(child) if hasattr(child, "children") and not _select(child) else _counts(child)
        for child in section.children or ()
    )


def _select(element: Any) -> bool:
    return type(element).__name__ in ("MultipleChoiceQuestion", "OsmUploadQuestion", "Tag")


def _counts(element: Any) -> bool:
    """Whether somebody wrote this question and it is no metadata."""
    name, kind = element.name, parsed(str(element.type)).kind
    beside = {
        one.name
        for one in getattr(element.parent, "children", None) or ()
        if type(one).__name__ == "RepeatingSection"
    }
    made = name.startswith(("generated_table_list_", "reserved_name_for_")) or (
        kind == "calculate" and name.removesuffix("_count") in beside and not element.label
    )
    return not made and kind not in ("meta", "external") and str(element.type) != "entity"


def _question(found: Found, element: Any) -> None:
    if not _counts(element):
        return
    name = element.name.replace("generated_note_name_", "note_")
    found.questions.append(name)
    kind = str(element.type)
    found.types[name] = _SELECTS.get(kind, parsed(kind).kind)
    if kind in _SELECTS and not getattr(element, "choices", None):
        # The options are in a file that is not here, or in other answers.
        found.types[name] = "elsewhere"
    _relevance(found, element)
    choices = getattr(element, "choices", None)
    options = getattr(choices, "options", None)
    if options:
        found.choices[element.name] = [str(option.name) for option in options]


def _relevance(found: Found, element: Any) -> None:
    bind = element.bind or {}
    if bind.get("relevant"):
        found.relevant.append(element.name)


def ours(path: Path) -> Found:
    """The form as fieldkit imports it; raises Problem."""
    imported = xlsform.convert(path, date(2026, 11, 1))
    lists = imported.data.get("lists", {})
    lost = {note.row for note in imported.not_supported if "没有导入" in note.what}
    found = Found()
    pending = [item for s in reversed(imported.data["sections"]) for item in reversed(s["items"])]
    while pending:
        item = pending.pop()
        if item["type"] in ("group", "repeat"):
            found.groups.append((item["id"], item["type"]))
            pending += reversed(item["items"])
        else:
            found.questions.append(item["id"])
            found.types[item["id"]] = item["type"]
            if "list" in item.get("params", {}):
                rows = lists[item["params"]["list"]]
                found.choices[item["id"]] = [row["id"] for row in rows]
        if "relevant" in item:
            found.relevant.append(item["id"])
    found.types["\0lost"] = str(len(lost))
    return found


def _same_type(mine: str, other: str) -> bool:
    if mine == "text":
        return other not in ("note", "integer", "decimal", "select_one", "select_multiple", "date")
    return other in NEAR.get(mine, {mine})


def compare(mine: Found, other: Found, notes: int) -> dict[str, bool]:
    """Where two readings agree; relevances left out must have been noted."""
    questions = Counter(map(_bare, mine.questions)) == Counter(map(_bare, other.questions))
    types = all(
        _same_type(mine.types[name], other.types[name])
        for name in mine.types.keys() & other.types.keys()
    )
    missing = Counter(map(_bare, other.relevant)) - Counter(map(_bare, mine.relevant))
    extra = Counter(map(_bare, mine.relevant)) - Counter(map(_bare, other.relevant))
    return {
        "questions": questions,
        "types": types,
        "groups": Counter((_bare(n), k) for n, k in mine.groups)
        == Counter((_bare(n), k) for n, k in other.groups),
        "choices": all(
            len(mine.choices[name]) == len(other.choices[name])
            for name in mine.choices.keys() & other.choices.keys()
        ),
        "relevant": not extra and sum(missing.values()) <= notes,
    }


def _bare(name: str) -> str:
    """A name without what either tool makes of one that is not its own."""
    stem, _sign, number = name.rpartition("_")
    return stem.casefold() if stem and number.isdigit() else name.casefold()


def main() -> None:
    """Compare every workbook of a folder and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    chosen = parser.parse_args()
    refused, agree, whole, total = 0, Counter[str](), 0, 0
    for path in sorted(chosen.folder.rglob("*.xls*")):
        try:
            with redirect_stderr(io.StringIO()):
                other = theirs(path)
        except Exception:
            refused += 1
            continue
        total += 1
        try:
            mine = ours(path)
            left_out = int(mine.types.pop("\0lost"))
            same = compare(mine, other, left_out)
        except Problem as problem:
            mine, same = Found(), dict.fromkeys(ASPECTS, not other.questions)
            if other.questions:
                print(f"{path.name}: {problem.sentence()}")
        agree.update(aspect for aspect in ASPECTS if same[aspect])
        whole += all(same.values())
        if not all(same.values()):
            print(path.name, "differs in", ", ".join(a for a in ASPECTS if not same[a]))
            if chosen.verbose:
                print("  ours  ", mine.questions, mine.groups, mine.relevant, mine.types)
                print("  theirs", other.questions, other.groups, other.relevant, other.types)
    print(f"{total} workbooks that pyxform accepts ({refused} that it refuses)")
    for aspect in ASPECTS:
        print(f"{aspect:10} {agree[aspect]}/{total} = {agree[aspect] / max(total, 1):.1%}")
    print(f"{'all of it':10} {whole}/{total} = {whole / max(total, 1):.1%}")


if __name__ == "__main__":
    sys.exit(main())
