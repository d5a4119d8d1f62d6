"""The language-neutral corpus: code, prose and a reader that knows only the prose agree on it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fieldkit_sync import event
from fieldkit_sync.errors import Refusal

SYNC = Path(__file__).resolve().parents[2] / "sync"
VECTORS = SYNC / "vectors"
LINES = json.loads((VECTORS / "lines.json").read_text("ascii"))
NAMES = [path.name.removesuffix(".fkb.zip.age") for path in (VECTORS / "bundles").glob("*.age")]
CHAIN_CODES = {"chain-broken", "gap", "known", "fork"}


# A reader from PROTOCOL §2 and vectors/README.md alone: nothing of the package is used in it.
FORMS = {
    "a": "[0-9A-Za-z]{0,24}", "d": "[0-9a-f]{32}", "e": "[0-9a-f]{16}", "h": "[0-9a-f]{64}",
    "k": r"[a-z]+(\.[a-z_]+)?", "n": "[0-9a-f]{32}", "p": "[0-9a-f]{64}", "t": "[0-9a-f]{16}",
    "x": "[0-9a-f]{32}",
}  # fmt: skip


def spelled(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def allowed(value: Any, depth: int = 16) -> bool:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return depth > 0 and all(allowed(item, depth - 1) for item in inner)
    return not isinstance(value, float) and (type(value) is not int or abs(value) < 2**53)


def judged(line: bytes, state: dict[str, Any] | None) -> str:
    if len(line) > 262_144:
        return "line-too-long"
    try:
        doc = json.loads(line.decode("utf-8"))
        if not allowed(doc) or spelled(doc) != line:
            return "not-canonical"
    except (ValueError, RecursionError):
        return "not-canonical"
    if not isinstance(doc, dict):
        return "bad-fields"
    if type(doc.get("v")) is not int or doc["v"] != 1:
        return "unknown-version"
    header = {key: value for key, value in doc.items() if key not in "bx"}
    whole = {**header, "b": {}, "x": "0" * 32} | doc
    texts = all(isinstance(whole.get(k), str) and re.fullmatch(f, whole[k], re.A)
                for k, f in FORMS.items())  # fmt: skip
    if (
        not texts or whole.keys() != {*FORMS, "b", "s", "v"} or len(doc["k"]) > 40
        or ("b" in doc) != ("x" in doc) or not isinstance(whole["b"], dict)
        or type(doc["s"]) is not int or doc["s"] < 1 or (doc["s"] == 1) != (doc["p"] == "0" * 64)
    ):  # fmt: skip
        return "bad-fields"
    digest = hashlib.sha256(bytes.fromhex(whole["x"]) + spelled(whole["b"])).hexdigest()
    if "b" in doc and digest != doc["h"]:
        return "bad-digest"
    return "" if state is None else placed(header, state)


def placed(header: dict[str, Any], state: dict[str, Any]) -> str:
    if (header["d"], header["e"]) != (state["device"], state["epoch"]):
        return "chain-broken"
    if header["s"] > state["seq"] + 1:
        return "gap"
    if header["s"] <= state["seq"]:
        same = hashlib.sha256(spelled(header)).hexdigest() == state["head"]
        return "known" if same else "fork"
    return "" if header["p"] == state["head"] else "chain-broken"


def names_of(path: str) -> Any:
    """Load a generator of the vectors by its file."""
    spec = importlib.util.spec_from_file_location(path.removesuffix(".py"), VECTORS / path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_name(row: dict[str, Any]) -> str:
    return row["name"]


@pytest.mark.parametrize("row", LINES, ids=by_name)
def test_the_prose_judges_every_line(row: dict[str, Any]) -> None:
    """Forty lines written from the documents alone reach the outcome of the corpus."""
    code = judged(bytes.fromhex(row["line"]), row["state"])
    assert (code, not code) == (row["code"], row["valid"])


@pytest.mark.parametrize("row", LINES, ids=by_name)
def test_the_code_judges_every_line(row: dict[str, Any]) -> None:
    """`event.parse` and `event.follows` reach the outcome of the corpus."""
    line, state = bytes.fromhex(row["line"]), row["state"]
    if row["code"] and row["code"] not in CHAIN_CODES:
        with pytest.raises(Refusal) as no:
            event.parse(line)
        assert no.value.code == row["code"]
        return
    found = event.parse(line)
    assert found.line == line
    if state is not None:
        before = SimpleNamespace(**{**state, "hash": state["head"]})
        assert event.follows(found, before) == row["valid"]  # type: ignore[arg-type]


def test_the_lines_are_what_the_generator_makes() -> None:
    """The corpus is reproducible to the byte, and no two cases have one name."""
    assert names_of("make_lines.py").rows() == LINES
    assert len({row["name"] for row in LINES}) == len(LINES) >= 80
    assert all(row.keys() == {"name", "state", "line", "valid", "code"} for row in LINES)


def table_codes(text: str, columns: int) -> set[str]:
    """The codes in the last (PROTOCOL) or first (README) column of a table."""
    rows = [row.strip("| ").split(" | ") for row in text.splitlines() if row.startswith("| ")]
    return {code for row in rows for code in re.findall(r"`([a-z-]+)`", row[columns])}


def bundle_codes() -> set[str]:
    """The codes of PROTOCOL §8."""
    text = (SYNC / "PROTOCOL.md").read_text("utf-8")
    section = re.search(r"^## 8\. .*?(?=^## |\Z)", text, re.S | re.M)
    assert section
    return table_codes(section[0], -1)


def line_codes() -> set[str]:
    """The codes of a line in vectors/README.md."""
    text = (VECTORS / "README.md").read_text("utf-8")
    return table_codes(text[text.index("Codes of a line") : text.index("Only the last")], 0)


def test_every_documented_code_has_a_vector() -> None:
    """No code of the documents is without a bundle or a line that shows it."""
    shown = {name.split("--")[0] for name in NAMES}
    assert len(bundle_codes()) > 20
    assert bundle_codes() - shown - {row["code"] for row in LINES} == set()
    assert line_codes() == {row["code"] for row in LINES} - {""}


def test_no_vector_has_a_code_of_its_own() -> None:
    """Every bundle's name begins with a documented code, or with good."""
    assert {name.split("--")[0] for name in NAMES} - bundle_codes() == {"good"}


def test_the_names_and_the_list_say_the_same() -> None:
    """codes.json is what the file names say, and the generator knows every case."""
    listed = json.loads((VECTORS / "bundles" / "codes.json").read_text("ascii"))
    said = {name: "" if name.startswith("good--") else name.split("--")[0] for name in NAMES}
    assert listed == said
