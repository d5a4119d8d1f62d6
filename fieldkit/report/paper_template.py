"""An office's own layout of a document: a .docx file with names in braces, edited in Word or WPS.

The names are filled in by docxtpl in a sandbox. What is filled in is a mark first; the marks become
bookmarked figures and whole blocks afterwards, so that no text is ever read as a command and each
figure can be traced as in the built-in layout. ``report verify`` then speaks of the figures that
this layout shows.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from fieldkit.errors import Problem
from fieldkit.report import ooxml, paper_docx, paper_docx_title, paper_words
from fieldkit.report.docx import packed
from fieldkit.report.paper import Figure, Paper, Para, Section, Table, Text
from fieldkit.report.paper_docx_body import MORE_STYLES, Body
from fieldkit.report.paper_docx_read import MAX_BYTES, MAX_ENTRIES, MAX_PART
from fieldkit.report.paper_template_text import CLOSE, MARK, OPEN, Behind, TemplateText
from fieldkit.report.phrases import EMPTY, day_words
from fieldkit.text.i18n import _
from fieldkit.text.plain import shown

BODY, LETTER, ANNEXES = "正文", "信函", "附件"
TITLE, ISSUER, DAY = "标题", "落款", "日期"
HEAD_LEFT, HEAD_RIGHT, ORIGIN = "页眉左", "页眉右", "来源"
TABLES, ROWS = "表", "行"
"""Names that every template knows, beside the single facts of its kind of document."""

_ACTIVE = re.compile(r"vbaProject|activeX|embeddings/|attachedToolbars", re.IGNORECASE)


def starting_point(paper: Paper) -> bytes:
    """The built-in layout of that kind as a template to begin with, its names in their places."""
    body = Body()
    lines = [
        f"{{{{ {TITLE} }}}}",
        f"{{{{ {BODY} }}}}",
    ]
    styles = ["DocTitle", "Normal"]
    inside = "".join(body.paragraph(line, style) for line, style in zip(lines, styles, strict=True))
    for line in _explained(paper):
        inside += body.paragraph(line, "Note")
    parts = paper_docx.furniture(paper)
    for name in (paper_docx.MANIFEST, "docProps/custom.xml"):
        del parts[name]
    parts["[Content_Types].xml"] = ooxml.CONTENT_TYPES
    parts["_rels/.rels"] = ooxml.ROOT_RELATIONS
    parts["word/_rels/document.xml.rels"] = ooxml.RELATIONS
    head = ooxml.header_part(f"{{{{ {HEAD_LEFT} }}}}", f"{{{{ {HEAD_RIGHT} }}}}", "")
    for n in (1, 2):
        parts[f"word/header{n}.xml"] = head
        parts[f"word/footer{n}.xml"] = ooxml.footer_part(f"{{{{ {ORIGIN} }}}}", odd=n == 1)
    parts["word/document.xml"] = (
        f"{ooxml.XML}<w:document {ooxml.NAMESPACES}><w:body>{inside}{ooxml.SECTION}"
        "</w:body></w:document>"
    )
    return packed(parts)


def _explained(paper: Paper) -> Iterator[str]:
    """What may be written, as comments that leave no trace in the document."""
    tables = [block.name for _n, block in _tables(paper)]
    names = [TITLE, BODY, LETTER, ANNEXES, ISSUER, DAY, *paper.facts]
    yield f"{{# {_('本模板可用的名称：{names}').format(names='、'.join(names))} #}}"
    if tables:
        said = "、".join(f"{TABLES}.{_key(name)}" for name in tables)
        yield f"{{# {_('整张表：{names}').format(names=said)} #}}"
    yield f"{{# {_('这几行说明可以删去；留着也不会印出来。')} #}}"


def render(paper: Paper, template: bytes, *, codes: bool = False) -> bytes:
    """The paper in that layout.

    Raises Problem ``template-bad`` for a file that is no template, with what is wrong in it, and
    ``no-docxtpl`` where the extra is not installed.
    """
    _opened(template)
    marks = _Marks()
    raw = _filled(template, marks.names(paper))
    parts: dict[str, str | bytes] = dict(_unpacked(raw))
    body = Body(codes=codes, charts=_charts_in(parts))
    placed = _place(parts, marks, body)
    _say_marks(parts, paper)
    _complete(parts, paper, placed, body)
    return packed(parts)


class _Marks:
    """What stands behind each mark: a figure, blocks, a table."""

    def __init__(self) -> None:
        self.behind: list[Behind] = []

    def names(self, paper: Paper) -> dict[str, Any]:
        """Everything a template can name."""
        sections = list(paper.sections)
        known: dict[str, Any] = {
            TITLE: "\n".join(paper_docx_title.lines(_clean(paper.title))),
            ISSUER: _clean(paper.issuer),
            DAY: day_words(paper.dated) if paper.dated else "",
            BODY: self._mark(_without_title(sections)),
            LETTER: self._mark(_without_title(sections[:1])),
            ANNEXES: self._mark(sections[1:]),
            HEAD_LEFT: paper_words.notice(paper),
            HEAD_RIGHT: paper_words.warning(paper),
            ORIGIN: paper_words.origin(paper),
            TABLES: {_key(block.name): self._mark(block) for _n, block in _tables(paper)},
            ROWS: {_key(block.name): self._rows(block) for _n, block in _tables(paper)},
        }
        for name, text in paper.facts.items():
            known.setdefault(name, self._text(text))
        return known

    def _rows(self, table: Table) -> list[dict[str, str]]:
        heads = [_key(f"{column.group}{column.title}") for column in table.columns]
        return [
            {head: self._text(cell) for head, cell in zip(heads, row.cells, strict=True)}
            for row in table.rows
        ]

    def _text(self, text: Text | None) -> str:
        if text is None:
            return EMPTY
        parts = text if isinstance(text, tuple) else (text,)
        return "".join(
            self._mark(part) if isinstance(part, Figure) else _clean(part) for part in parts
        )

    def _mark(self, what: Behind) -> str:
        self.behind.append(what)
        return f"{OPEN}{len(self.behind) - 1}{CLOSE}"


def _tables(paper: Paper) -> Iterator[tuple[int, Table]]:
    for n, section in enumerate(paper.sections):
        for block in section.blocks:
            if isinstance(block, Table):
                yield n, block


def _without_title(sections: list[Section]) -> list[Section]:
    """The template has the title in a place of its own."""
    if not sections:
        return sections
    first = sections[0]
    kept = [
        block for block in first.blocks if not (isinstance(block, Para) and block.style == "title")
    ]
    return [Section(kept, first.wide), *sections[1:]]


def _key(name: str) -> str:
    """A table's or a column's name as it can be written after a dot."""
    return "".join(char for char in name if char.isalnum() or char == "_")


def _clean(text: str) -> str:
    return shown(text, keep_newlines=True).replace(OPEN, "").replace(CLOSE, "")


def _bad(why: str) -> Problem:
    return Problem(
        "template-bad",
        _("模板用不了：{why}").format(why=why),
        mend=_("用 fieldkit office template export 重新导出一份，在 Word 或 WPS 里改。"),
    )


def _opened(raw: bytes) -> dict[str, bytes]:
    """Its parts, bounded. Raises Problem ``template-bad``."""
    try:
        return dict(_unpacked(raw))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise _bad(_("不是 .docx 文件")) from error


def _unpacked(raw: bytes) -> Iterator[tuple[str, bytes]]:
    if len(raw) > MAX_BYTES:
        raise _bad(_("文件超过 {n} MB").format(n=MAX_BYTES // 2**20))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if len(archive.infolist()) > MAX_ENTRIES:
            raise _bad(_("里面的部件太多"))
        if "word/document.xml" not in archive.namelist():
            raise _bad(_("不是 .docx 文件"))
        left = MAX_PART
        for info in archive.infolist():
            with archive.open(info) as file:
                part = file.read(left + 1)
            left -= len(part)
            if left < 0:
                raise _bad(_("解开后太大"))
            _refuse_active(info.filename, part)
            yield info.filename, part


def _refuse_active(name: str, part: bytes) -> None:
    """A layout brings neither programs nor pictures from elsewhere."""
    if _ACTIVE.search(name):
        raise _bad(_("里面有宏或嵌入的对象"))
    if not name.endswith((".xml", ".rels")):
        return
    plain = part.replace(b"\0", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise _bad(_("里面有文档类型声明"))
    outside = re.findall(rb"<Relationship [^>]*TargetMode=\"External\"[^>]*>", plain)
    if any(b"/hyperlink" not in one for one in outside):
        raise _bad(_("里面引用了别处的文件"))


def _filled(template: bytes, names: Mapping[str, Any]) -> bytes:
    """The template with every name filled in. Raises Problem."""
    try:
        from docxtpl import DocxTemplate
        from jinja2 import StrictUndefined, TemplateError
        from jinja2.sandbox import SandboxedEnvironment
    except ImportError as error:
        raise Problem(
            "no-docxtpl",
            _("没有安装套用模板的组件"),
            mend=_("运行 pip install 'fieldkit[docx]'，或用 office template remove 撤掉模板。"),
        ) from error
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render(dict(names), environment, autoescape=True)
        out = io.BytesIO()
        document.save(out)
    except TemplateError as error:
        raise _bad(_said(error)) from error
    except (OverflowError, MemoryError, RecursionError) as error:
        raise _bad(_("花括号里的内容算不完")) from error
    # python-docx and docxtpl raise whatever their parsers meet in a damaged file.
    except Exception as error:
        raise _bad(shown(str(error)).splitlines()[0][:80] if str(error) else "") from error
    return out.getvalue()


def _said(error: Exception) -> str:
    name = re.search(r"'([^']+)' is undefined|has no attribute '([^']+)'", str(error))
    if name:
        return _("没有“{name}”这个名称").format(name=shown(name.group(1) or name.group(2))[:40])
    near = " ".join("".join(getattr(error, "docx_context", ())).split())
    said = shown(str(error))[:80]
    return f"{said}（{shown(near)[:60]}）" if near else said


def _place(parts: dict[str, str | bytes], marks: _Marks, body: Body) -> set[str]:
    """Put what the marks stand for into the text; give the codes of the figures that it shows."""
    placed: set[str] = set()
    for name in [one for one in parts if re.fullmatch(r"word/[A-Za-z]+[0-9]*\.xml", one)]:
        raw = parts[name]
        text = raw if isinstance(raw, bytes) else raw.encode()
        if OPEN.encode() not in text:
            continue
        if name == "word/document.xml":
            parts[name] = TemplateText(text, marks.behind, body, placed).written()
        else:
            parts[name] = MARK.sub(
                lambda found: _plain(marks.behind[int(found.group(1))]), text.decode()
            )
    return placed


def _plain(what: Behind) -> str:
    """In a head or a foot: words without a bookmark, and no blocks."""
    from xml.sax.saxutils import escape

    return escape(what.said) if isinstance(what, Figure) else ""


def _say_marks(parts: dict[str, str | bytes], paper: Paper) -> None:
    """A draft stays marked as one whatever the layout: behind each page, or above the text."""
    word = paper_words.watermark(paper)
    if not word:
        return
    heads = [name for name in parts if re.fullmatch(r"word/header[0-9]*\.xml", name)]
    for name in heads:
        text = _string(parts[name])
        at = text.rfind("</w:p>")
        if at >= 0:
            parts[name] = text[:at] + ooxml.watermark(word) + text[at:]
    if not heads:
        text = _string(parts["word/document.xml"])
        found = re.search(r"<w:body[^>]*>", text)
        if found is not None:
            said = Body().paragraph(f"【{word}】", "Furniture")
            parts["word/document.xml"] = text[: found.end()] + said + text[found.end() :]


def _string(part: str | bytes) -> str:
    return part.decode() if isinstance(part, bytes) else part


def _complete(parts: dict[str, str | bytes], paper: Paper, placed: set[str], body: Body) -> None:
    """What the text needs and a template may lack: styles, charts, the manifest."""
    styles = _string(parts.get("word/styles.xml", ooxml.styles_part()))
    missing = "".join(
        style.xml()
        for style in (*ooxml.STYLES, *MORE_STYLES)
        if f'w:styleId="{style.id}"' not in styles
    )
    parts["word/styles.xml"] = styles.replace("</w:styles>", f"{missing}</w:styles>")
    paper_docx.add_charts(parts, body.charts)
    numbers = [int(one[1]) for name in parts if (one := re.match(r"customXml/item(\d+)", name))]
    name = f"customXml/item{max(numbers, default=0) + 1}.xml"
    parts[name] = paper_docx.manifest_part(paper, placed)
    _relate(parts, "word/_rels/document.xml.rels", "rIdManifest", "customXml", f"../{name}")
    if "docProps/custom.xml" not in parts:
        _relate(parts, "_rels/.rels", "rIdRecipe", "custom-properties", "docProps/custom.xml")
        types = _string(parts["[Content_Types].xml"])
        override = paper_docx.CUSTOM_OVERRIDE
        parts["[Content_Types].xml"] = types.replace("</Types>", f"{override}</Types>")
    parts["docProps/custom.xml"] = paper_docx.custom_properties(paper)


def _charts_in(parts: Mapping[str, str | bytes]) -> int:
    """The highest number of a chart that the template itself brings."""
    found = [re.fullmatch(r"word/charts/chart([0-9]{1,6})\.xml", name) for name in parts]
    return max((int(one[1]) for one in found if one), default=0)


def _relate(parts: dict[str, str | bytes], name: str, key: str, kind: str, target: str) -> None:
    more = f'<Relationship Id="{key}" Type="{ooxml.R}/{kind}" Target="{target}"/>'
    text = _string(parts[name])
    parts[name] = text.replace("</Relationships>", f"{more}</Relationships>")
