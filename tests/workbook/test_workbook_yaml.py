"""YAML that is written is read as the same data by every reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from fieldkit.library import positions
from fieldkit.library.lint import examine
from fieldkit.library.workbook.yaml_text import MODELINE, dump, scalar

from .making import NASTY, SHIPPED, author, checklists, sound


def composed(text: str) -> object:
    """The data that fieldkit's own reader sees."""
    root, slips = positions.compose(text)
    assert root is not None
    assert [slip for slip in slips if slip.code != "too-deep"] == []
    return None if slips else positions.plain(root)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=checklists)
def test_every_reader_sees_the_same_data(data: dict[str, Any]) -> None:
    """Ours reads YAML 1.2 and PyYAML reads YAML 1.1: both get back what was written."""
    text = dump(data)
    assert yaml.safe_load(text) == data
    assert composed(text) in (data, None)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=sound())
def test_a_sound_list_examined_is_the_list(
    data: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The lint finds nothing wrong in what is written, and the same data in it."""
    path = tmp_path_factory.mktemp("dump") / "list.yaml"
    path.write_text(dump(data), "utf-8")
    found = examine(path)
    kept = [fault for fault in found.errors if fault.code not in _OF_TEXTS]
    assert kept == []
    if not found.errors:
        assert found.data == data


_OF_TEXTS = ("enforcement-words", "bad-pattern", "hidden-character")
"""What the lint may say of a text made by chance."""


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("flow", [False, True])
def test_a_nasty_text_stays_that_text(text: str, flow: bool) -> None:
    """As a value, as a key, in a list and in brackets."""
    found = scalar(text, flow=flow)
    sheet = f"a: [{found}, b]\n" if flow else f"a: {found}\n"
    wanted: object = {"a": [text, "b"]} if flow else {"a": text}
    assert yaml.safe_load(sheet) == wanted
    assert composed(sheet) == wanted
    keyed = f"{scalar(text, is_key=True)}: 1\n"
    assert yaml.safe_load(keyed) == composed(keyed) == {text: 1}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.stem))
def test_the_shipped_lists_look_as_they_did(path: Path) -> None:
    """Nothing but comments and needless quotes differs from what an author wrote."""
    text = dump(author(path))
    assert text.startswith(MODELINE + "\nid: ")
    written = [line for line in path.read_text("utf-8").splitlines() if "#" not in line]
    again = [line for line in text.splitlines() if "#" not in line]
    same = len(set(written) & set(again))
    assert same >= 0.9 * len(set(again))


def test_long_and_many_lined_texts_read_well() -> None:
    """A text of several lines is a block; one with blanks at an edge is quoted."""
    item = {"id": "a", "type": "text", "text": "一\n二", "criterion": " 甲\n乙"}
    text = dump({"id": "x", "sections": [{"id": "s", "title": "t", "items": [item]}]})
    assert "        text: |-\n          一\n          二\n" in text
    assert '        criterion: " 甲\\n乙"\n' in text
