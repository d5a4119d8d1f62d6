"""An office's own layout: made in a word processor, filled in as text, still checkable."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from .filed import SECRET, Home, town


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A town."""
    with town(tmp_path) as made:
        yield made


def _exported(home: Home) -> Path:
    path = home.folder / "t.docx"
    home.do("office", "template", "export", "bulletin", "-o", str(path))
    return path


def _plain(path: Path) -> str:
    read = docx.Document(str(path))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in read.paragraphs), *cells])


def test_the_first_template_is_the_built_in_layout(home: Home) -> None:
    """Exported, set as it is, and used: the same sentences, tables and figures."""
    built_in = home.report("bulletin", "a.docx")
    home.do("office", "template", "set", "bulletin", str(_exported(home)))
    own = home.report("bulletin", "b.docx")
    said = [line for line in _plain(built_in).split("\n") if line.strip()]
    assert sorted(said) == sorted(line for line in _plain(own).split("\n") if line.strip())
    both = [home.json("report", "verify", str(path)) for path in (built_in, own)]
    assert [one["ok"] for one in both] == [True, True]
    assert both[0]["figures"] == both[1]["figures"]
    listed = {one["kind"]: one["own"] for one in home.json("office", "template", "list")}
    assert listed["bulletin"].endswith("bulletin.docx")
    assert not any(own for kind, own in listed.items() if kind != "bulletin")
    assert home.json("office", "template", "remove", "bulletin") == {"removed": True}
    assert home.report("bulletin", "c.docx").read_bytes() == built_in.read_bytes()


def test_names_rows_and_tables_can_be_placed(home: Home) -> None:
    """A fact in a sentence keeps its look and is bookmarked; rows repeat; a table is whole."""
    path = _exported(home)
    template = docx.Document(str(path))
    for paragraph in list(template.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)
    line = template.add_paragraph("共检查")
    line.add_run("{{ 检查次数 }}").bold = True
    line.add_run("次，发现{{ 问题数 }}个；{{ 落款 }}{{ 日期 }}")
    table = template.add_table(3, 2)
    table.cell(0, 0).text = "{%tr for 一行 in 行.得分汇总 %}"
    table.cell(1, 0).text = "{{ 一行.被查单位 }}"
    table.cell(1, 1).text = "{{ 一行.得分 }}"
    table.cell(2, 0).text = "{%tr endfor %}"
    template.add_paragraph("{{ 表.问题清单 }}")
    template.save(str(path))
    home.do("office", "template", "set", "bulletin", str(path))
    made = home.report("bulletin", "b.docx")
    text = _plain(made)
    assert "共检查6次，发现16个；澜渡镇反诈联席办（演示）2026年11月22日" in text
    assert SECRET in text
    read = docx.Document(str(made))
    scores = {row.cells[0].text: row.cells[1].text for row in read.tables[0].rows}
    assert scores["弦月驿站（演示）"] == "100.0"
    bold = [run.text for run in read.paragraphs[0].runs if run.bold]
    assert bold == ["6"]
    found = home.json("report", "verify", str(made))
    assert found["ok"]
    assert 0 < found["figures"] < 58
    home.amend(home.inspection("A座"), "SL04", "fail", "--note", "有空项")
    moved = home.json("report", "verify", str(made), code=1)
    assert {one["label"] for one in moved["changed"]} >= {"问题数", "榆火大厦（演示） A座　得分"}
    assert not moved["new"]


def test_a_draft_stays_a_draft(home: Home) -> None:
    """Whoever deletes the head of the page does not delete the mark."""
    path = _exported(home)
    template = docx.Document(str(path))
    for section in template.sections:
        for head in (section.header, section.even_page_header):
            for paragraph in head.paragraphs:
                paragraph.text = ""
    template.save(str(path))
    home.do("office", "template", "set", "bulletin", str(path))
    with zipfile.ZipFile(home.report("bulletin", "b.docx")) as archive:
        heads = [
            archive.read(name).decode()
            for name in archive.namelist()
            if re.fullmatch(r"word/header\d*\.xml", name)
        ]
    assert heads
    assert all('string="预览"' in head for head in heads)


def _broken(path: Path, text: str) -> None:
    template = docx.Document(str(path))
    template.add_paragraph(text)
    template.save(str(path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ 没有的名 }}", "没有的名"),
        ("{{ 标题", ""),
        ("{% for x in %}", ""),
        ("{{ ''.__class__.__mro__ }}", ""),
        ("{{ cycler.__init__.__globals__ }}", ""),
        ("{% for x in range(999999999) %}{% endfor %}", ""),
        ("{% include '/etc/passwd' %}", ""),
    ],
)
def test_a_fault_is_named_and_nothing_is_set(home: Home, text: str, said: str) -> None:
    """Unknown names, half commands and what a sandbox refuses: one sentence, the old layout."""
    path = _exported(home)
    _broken(path, text)
    home.do("office", "template", "set", "bulletin", str(path), code=2)
    assert said in home.err
    assert "Traceback" not in home.err
    assert home.err.strip().count("\n") == 0
    assert not (home.home / "templates").exists()


def test_a_layout_brings_nothing_along(home: Home) -> None:
    """Macros, embedded objects, links to files elsewhere, bombs, other files."""
    good = _exported(home).read_bytes()
    link = (
        '<Relationship Id="rId99" TargetMode="External" Target="http://example.invalid/a.png" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
    )
    for name, change in (
        ("word/vbaProject.bin", lambda _raw: b"x"),
        ("word/embeddings/oleObject1.bin", lambda _raw: b"x"),
        ("word/_rels/document.xml.rels",
         lambda raw: raw.replace(b"</Relationships>", link.encode() + b"</Relationships>")),
        ("word/document.xml", lambda raw: b"<!DOCTYPE a []>" + raw),
        ("word/more.xml", lambda _raw: b" " * (200 * 2**20)),
    ):  # fmt: skip
        out = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(good)) as old,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for part in {*old.namelist(), name}:
                raw = old.read(part) if part in old.namelist() else b""
                new.writestr(part, change(raw) if part == name else raw)
        path = home.folder / "evil.docx"
        path.write_bytes(out.getvalue())
        home.do("office", "template", "set", "bulletin", str(path), code=2)
        assert home.err.strip().count("\n") == 0, name
    for raw in (b"", b"PK", b"%PDF-1.4", good[:2000]):
        path.write_bytes(raw)
        home.do("office", "template", "set", "bulletin", str(path), code=2)
    assert not (home.home / "templates").exists()


def test_text_of_records_is_never_a_command(home: Home) -> None:
    """Braces and marks in a remark come out as they went in."""
    odd = "写着{{ 7*7 }}和{% raw %}<b>&"
    home.do("office", "template", "set", "bulletin", str(_exported(home)))
    home.amend(home.inspection("A座"), "SL04", "fail", "--note", odd)
    text = _plain(home.report("bulletin", "b.docx"))
    assert "{{ 7*7 }}和{% raw %}" in text
    assert "<b>&" in text
    assert "49" not in text.split("写着", 1)[1][:20]
