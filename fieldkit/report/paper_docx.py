"""A paper as a .docx file after GB/T 9704, and what such a file says when it comes back.

Figures stand in bookmarks of their codes, which survive editing in every program; the manifest lies
in a part of its own, the recipe also in the properties, where programs keep it that drop the part.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC
from xml.sax.saxutils import escape, quoteattr

from fieldkit.report import manifest, ooxml, paper_docx_chart, paper_words
from fieldkit.report.docx import packed
from fieldkit.report.paper import Paper
from fieldkit.report.paper_docx_body import MORE_STYLES, Body
from fieldkit.text.plain import shown

MANIFEST = "customXml/item1.xml"
NAMESPACE = "urn:fieldkit:manifest:1"
PROPERTY = "fieldkit"
_R = ooxml.R
_PROPS = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
CUSTOM_OVERRIDE = (
    '<Override PartName="/docProps/custom.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>'
)

Parts = dict[str, str | bytes]


def render(paper: Paper, *, codes: bool = False, template: bytes | None = None) -> bytes:
    """The whole file; equal papers give equal bytes. ``codes`` prints each figure's code.

    A template is an office's own layout (``paper_template``); what it raises is raised here.
    """
    if template is not None:
        from fieldkit.report import paper_template

        return paper_template.render(paper, template, codes=codes)
    return packed(parts(paper, codes=codes))


def read(raw: bytes) -> tuple[bytes | None, str | None, dict[str, list[str]]]:
    """Manifest, recipe, and what stands now in each figure's bookmarks.

    Raises Problem ``paper-broken`` or ``paper-large``.
    """
    from fieldkit.report import paper_docx_read

    return paper_docx_read.read(raw)


def parts(paper: Paper, *, codes: bool = False) -> Parts:
    """The files inside the file, by name."""
    body = Body(codes=codes)
    inside = document_body(paper, body)
    found = furniture(paper)
    found["word/document.xml"] = (
        f"{ooxml.XML}<w:document {ooxml.NAMESPACES}><w:body>{inside}</w:body></w:document>"
    )
    add_charts(found, body.charts)
    return found


def document_body(paper: Paper, body: Body) -> str:
    """Every section, each but the last closed by a paragraph that says how its pages lie."""
    written = []
    for n, section in enumerate(paper.sections):
        written.append(body.section(section))
        mark = page_mark(wide=section.wide)
        last = n == len(paper.sections) - 1
        written.append(mark if last else f"<w:p><w:pPr>{mark}</w:pPr></w:p>")
    return "".join(written)


def page_mark(*, wide: bool) -> str:
    """The end of a section: A4 upright or across, the binding side where it belongs."""
    if not wide:
        return ooxml.SECTION
    return ooxml.SECTION.replace(
        '<w:pgSz w:w="11906" w:h="16838"/>',
        '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>',
    ).replace(
        'w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="1134" w:footer="1021"',
        'w:top="1587" w:right="1984" w:bottom="1474" w:left="2098" w:header="850" w:footer="680"',
    )


def furniture(paper: Paper) -> Parts:
    """Everything but the text: styles, heads and feet, properties, the manifest."""
    head = ooxml.header_part(
        paper_words.notice(paper), paper_words.warning(paper), paper_words.watermark(paper)
    )
    origin = paper_words.origin(paper)
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _root_relations(),
        "docProps/core.xml": _core(paper),
        "docProps/custom.xml": custom_properties(paper),
        "word/_rels/document.xml.rels": _relations(),
        "word/styles.xml": ooxml.styles_part(MORE_STYLES),
        "word/settings.xml": ooxml.SETTINGS,
        "word/fontTable.xml": ooxml.font_table_part(),
        "word/header1.xml": head,
        "word/header2.xml": head,
        "word/footer1.xml": ooxml.footer_part(origin, odd=True),
        "word/footer2.xml": ooxml.footer_part(origin, odd=False),
        MANIFEST: manifest_part(paper),
    }


def add_charts(found: Parts, charts: Mapping[int, str]) -> None:
    """Put the charts among the parts by their numbers, and where they have to be named."""
    types, relations = "", ""
    for n, chart in charts.items():
        found[f"word/charts/chart{n}.xml"] = chart
        types += (
            f'<Override PartName="/word/charts/chart{n}.xml" '
            f'ContentType="{paper_docx_chart.CONTENT_TYPE}"/>'
        )
        relations += (
            f'<Relationship Id="rIdChart{n}" Type="{paper_docx_chart.RELATION}" '
            f'Target="charts/chart{n}.xml"/>'
        )
    for name, more, end in (
        ("[Content_Types].xml", types, "</Types>"),
        ("word/_rels/document.xml.rels", relations, "</Relationships>"),
    ):
        text = found[name]
        whole = text.decode() if isinstance(text, bytes) else text
        found[name] = whole.replace(end, more + end)


def manifest_part(paper: Paper, placed: Collection[str] | None = None) -> str:
    """The manifest as XML text; ``placed`` as in ``manifest.of``."""
    told = escape(manifest.of(paper, placed).decode())
    return f'{ooxml.XML}<manifest xmlns="{NAMESPACE}">{told}</manifest>'


def custom_properties(paper: Paper) -> str:
    """docProps/custom.xml: the recipe, for programs that drop parts they do not know."""
    recipe = {"kind": paper.recipe.kind, "options": dict(paper.recipe.options)}
    told = escape(json.dumps(recipe, ensure_ascii=True, sort_keys=True, separators=(",", ":")))
    return (
        f'{ooxml.XML}<Properties xmlns="{_PROPS}" xmlns:vt="{_TYPES}">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" '
        f"name={quoteattr(PROPERTY)}><vt:lpwstr>{told}</vt:lpwstr></property></Properties>"
    )


def _core(paper: Paper) -> str:
    made = paper.made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{ooxml.XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/'
        '2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(shown(paper.title))}</dc:title><dc:creator>fieldkit</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created>'
        "</cp:coreProperties>"
    )


def _content_types() -> str:
    return ooxml.CONTENT_TYPES.replace("</Types>", f"{CUSTOM_OVERRIDE}</Types>")


def _root_relations() -> str:
    more = f'<Relationship Id="rId3" Type="{_R}/custom-properties" Target="docProps/custom.xml"/>'
    return ooxml.ROOT_RELATIONS.replace("</Relationships>", f"{more}</Relationships>")


def _relations() -> str:
    more = f'<Relationship Id="rIdManifest" Type="{_R}/customXml" Target="../{MANIFEST}"/>'
    return ooxml.RELATIONS.replace("</Relationships>", f"{more}</Relationships>")
