"""Which file a paper becomes, and reading such files again: one row for each kind."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from fieldkit.errors import Problem
from fieldkit.report.paper import Paper
from fieldkit.text.i18n import _

_MODULES = {".docx": "paper_docx", ".xlsx": "paper_xlsx", ".html": "paper_html"}
_TABLES = {".csv": "paper_csv"}
FORMATS = tuple(_MODULES)
"""What every kind of document can become."""

Read = tuple[bytes | None, str | None, dict[str, list[str]]]
"""Manifest, recipe, and what stands now where each figure stood."""


def render(
    paper: Paper, suffix: str, *, codes: bool = False, template: bytes | None = None
) -> bytes:
    """The paper as a file of that kind; a template is for .docx. Raises what its writer does."""
    if suffix in _TABLES:
        table: Callable[[Paper], bytes] = _module(_TABLES[suffix]).render
        return table(paper)
    if suffix == ".docx":
        docx: Callable[..., bytes] = _module(_MODULES[suffix]).render
        return docx(paper, codes=codes, template=template)
    other: Callable[..., bytes] = _module(_MODULES[suffix]).render
    return other(paper, codes=codes)


def read(raw: bytes) -> Read:
    """What a document says, whatever its name. Raises Problem ``paper-…``."""
    suffix = _kind(raw)
    if not suffix:
        raise Problem(
            "paper-unknown",
            _("这不是 .docx、.xlsx 或 .html 文件"),
            mend=_("请用 fieldkit 出的文件，或编辑后另存的同类文件。"),
        )
    reader: Callable[[bytes], Read] = _module(_MODULES[suffix]).read
    return reader(raw)


def _kind(raw: bytes) -> str:
    """By content: a ZIP with a workbook or a text in it, or a page."""
    if raw.startswith(b"PK\x03\x04"):
        return ".xlsx" if b"xl/workbook.xml" in raw else ".docx" if b"word/" in raw else ""
    return ".html" if b"<html" in raw[:2000].lower() else ""


def _module(name: str) -> Any:
    return import_module(f"fieldkit.report.{name}")
