"""Checklists made by chance, of everything that the format knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from fieldkit.library import positions
from fieldkit.library.workbook.layout import VOCABULARY
from fieldkit.text.plain import is_control

SHIPPED = sorted((Path(__file__).resolve().parents[2] / "checklists").glob("*.yaml"))


def author(path: Path) -> dict[str, Any]:
    """The plain data of a checklist file."""
    root, slips = positions.compose(path.read_text("utf-8"))
    assert root is not None
    assert not slips
    data = positions.plain(root)
    assert isinstance(data, dict)
    return data


NASTY = (
    "no", "on", "Yes", "y", "1e3", "001", "017", "0o17", "0x1F", "1_000", "12:30", "2026-11-22",
    "2026-11-22T10:00:00Z", "~", "null", "1.10", ".5", "+5", "-", "=", "<<", "=1+1", "+86",
    "-x", "@SUM(A1)", "'quoted", '"', "a: b", "a:", "x #y", "#y", "# y", "%a", "`", "|", ">", "[a]",
    "{a}", "a, b", "!tag", "&a", "*a", "?", "? a", "- a", "---", "...", "5", "5.0", "1,000", "90%",
    "TRUE", "是", "√", "#N/A", "#REF!", "http://example.org/", "a\nb", "=a\n=b", "一行\n\n三行",
    "_x000D_", "a_x0041_b", "_x005F_", "x005F_", "it's", "\\n", "\\", "，、；：", "１２", "𠮷",
    "e\u0301", "$", "${a} > 1", "null ", "tab\there", "a:b", "C:\\x", "🙂", "　内　", "\ufe0f",
)  # fmt: skip
"""Texts that spreadsheet programs or YAML readers like to take for something else."""


def _clean(text: str) -> str:
    return "".join(c for c in text if c in "\n" or not is_control(c)).strip()


texts = (
    (st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
    .map(_clean)
    .filter(bool)
)
lines = texts.map(lambda text: " ".join(text.split()) or "x").filter(
    lambda text: text.strip() == text
)
ids = st.sampled_from(("001", "1e3", "a", "no", "TRUE", "编号", "_x0041_", "2026-11-22")) | (
    st.from_regex(r"[A-Za-z0-9_一-龥][A-Za-z0-9_.一-龥-]{0,6}", fullmatch=True)
)
flags = st.booleans()
numbers = st.integers(-(10**9), 10**9)
languages = st.sampled_from(("en", "zh-Hant", "mn"))


def maybe(required: dict[str, Any], /, **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with some of the optional keys."""
    return st.fixed_dictionaries(required, optional=optional)


def words(*fields: str) -> st.SearchStrategy[dict[str, Any]]:
    """Translations of some fields."""
    one = st.fixed_dictionaries({}, optional=dict.fromkeys(fields, texts))
    return st.dictionaries(languages, one, max_size=2)


def known(name: str) -> st.SearchStrategy[str]:
    """A word of a closed list."""
    return st.sampled_from(sorted(VOCABULARY[name]))


options = st.lists(
    maybe({"id": ids, "title": lines}, verdict=known("verdict"), translations=words("title")),
    max_size=4,
)
expressions = texts | numbers | flags
params = maybe(
    {},
    at_least=numbers, at_most=numbers, max_days=numbers, draw=numbers, max_length=numbers,
    places=numbers, least=numbers, most=numbers, all_if_fewer=flags, future=flags, na=flags,
    unit=lines, list=ids, filter=expressions, options=options, something=st.none() | texts,
)  # fmt: skip
_fields: dict[str, Any] = {
    "criterion": texts, "evidence": texts, "weight": numbers, "critical": flags,
    "effect": known("effect"), "mode": known("mode"), "required": flags | texts,
    "relevant": expressions, "constraint": expressions, "message": texts, "default": expressions,
    "calculate": expressions, "read_only": flags, "partial": known("partial"), "params": params,
    "count": expressions, "source": st.lists(lines, max_size=3),
    "phrases": st.lists(texts, max_size=3),
    "translations": words("text", "title", "criterion", "message", "evidence"),
    "newer": st.recursive(texts | numbers | st.none(), lambda s: st.lists(s, max_size=2)),
}  # fmt: skip
_types = sorted(set(VOCABULARY["type"]) - {"section", "end", "group", "repeat"})


def items(depth: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Items with groups down to a depth."""
    leaf = maybe({"id": ids, "text": texts, "type": st.sampled_from(_types)}, **_fields)
    if not depth:
        return st.lists(leaf, max_size=3)
    inside = st.deferred(lambda: items(depth - 1))
    kind = st.sampled_from(("group", "repeat"))
    group = maybe({"id": ids, "text": texts, "type": kind, "items": inside}, **_fields)
    return st.lists(leaf | group, max_size=3)


_row = st.fixed_dictionaries(
    {"id": ids, "title": lines},
    optional={
        "verdict": known("verdict"),
        "translations": words("title"),
        **dict.fromkeys(("county", "县", "item", "名单 list", "title:en", "a b", "1"), texts),
        "code": numbers,
    },
)
named = st.lists(_row, max_size=4) | st.builds(lambda file: {"file": file}, lines)
checklists = maybe(
    {
        "id": ids,
        "version": st.sampled_from(("2026.11", "2026.10", "2026.1", "1")) | lines,
        "title": lines,
        "sections": st.lists(
            maybe(
                {"id": ids, "title": lines, "items": items(2)},
                relevant=expressions,
                translations=words("title", "text"),
            ),
            max_size=3,
        ),
    },
    title_en=lines,
    target=texts,
    boundary=texts,
    kind=known("kind"),
    nature=known("nature") | st.just("newer"),
    cadence=known("cadence"),
    language=languages,
    site_kinds=st.lists(known("site_kinds"), max_size=3),
    critical_effect=known("effect"),
    translations=words("title"),
    grades=st.lists(
        maybe({"id": ids, "title": lines, "at_least": numbers}, translations=words("title")),
        max_size=3,
    ),
    sources=st.dictionaries(texts, texts, max_size=3),
    lists=st.dictionaries(ids, named, max_size=2),
)
"""Data with every key of both formats, however little sense it makes together."""


@st.composite
def sound(draw: st.DrawFn) -> dict[str, Any]:
    """A list that the lint of format 1 lets through, with texts as nasty as they come."""
    count = draw(st.integers(1, 3))
    found = [
        {
            "id": f"i{number}",
            "text": draw(texts),
            "type": "choice",
            "criterion": draw(texts),
            "weight": 5,
            "source": ["S 一"],
            "phrases": draw(st.lists(lines, max_size=3, unique=True)),
            "params": {
                "options": [
                    {"id": "1e3", "title": draw(lines), "verdict": "pass"},
                    {"id": "017", "title": draw(lines), "verdict": "fail"},
                ]
            },
        }
        for number in range(count)
    ]
    return {
        "id": draw(st.sampled_from(("1e3", "no", "x-1", "017", "2026-11-22"))),
        "version": "2026.10",
        "title": draw(lines),
        "nature": "assessment",
        "grades": [{"id": "on", "title": draw(lines), "at_least": 0}],
        "sources": {"S": draw(lines)},
        "sections": [{"id": "off", "title": draw(lines), "items": found}],
    }
