"""The unchanging parts of a .docx file: names, styles, page furniture.

GB/T 9704-2012 as measured: A4, margins 37/26/35/28 mm, line pitch exactly 28.95 pt and character
spacing -0.25 pt give 22 lines of 28 characters. Fonts are named and never embedded; the font
table names a twin for machines that lack them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)
TYPE_WIDTH_MM = 156
"""The width of the type area; tables fill it exactly."""

SONG, FANGSONG, KAI, HEI = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体"
BIAOSONG = "方正小标宋简体"
_TWINS = {
    SONG: "SimSun",
    FANGSONG: "仿宋",
    KAI: "楷体",
    HEI: "SimHei",
    BIAOSONG: "宋体",
}


@dataclass(frozen=True, slots=True)
class Style:
    """One named paragraph style; size in half points, line pitch and gaps in twentieths."""

    id: str
    name: str
    font: str
    size: int
    line: int
    align: str = "both"
    first: int = 0
    before: int = 0
    after: int = 0
    spacing: int = 0
    outline: int | None = None
    keep: bool = False

    def xml(self) -> str:
        """The style's definition; ``first`` counts hundredths of a character."""
        extra = "<w:keepNext/><w:keepLines/>" if self.keep else ""
        level = "" if self.outline is None else f'<w:outlineLvl w:val="{self.outline}"/>'
        indent = f'<w:ind w:firstLineChars="{self.first}" w:firstLine="640"/>' if self.first else ""
        default = ' w:default="1"' if self.id == "Normal" else ""
        based = "" if default else '<w:basedOn w:val="Normal"/>'
        return (
            f'<w:style w:type="paragraph" w:styleId="{self.id}"{default}>'
            f"<w:name w:val={quoteattr(self.name)}/>{based}<w:qFormat/><w:pPr>{extra}"
            '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
            f'<w:spacing w:before="{self.before}" w:after="{self.after}" '
            f'w:line="{self.line}" w:lineRule="exact"/>{indent}'
            f'<w:jc w:val="{self.align}"/>{level}</w:pPr><w:rPr>{font(self.font)}'
            f'<w:spacing w:val="{self.spacing}"/><w:sz w:val="{self.size}"/>'
            f'<w:szCs w:val="{self.size}"/></w:rPr></w:style>'
        )


STYLES = (
    Style("Normal", "Normal", FANGSONG, 32, 579, spacing=-5),
    Style("DocTitle", "Title", BIAOSONG, 44, 640, "center", after=120, outline=0),
    Style("Subtitle", "Subtitle", KAI, 32, 480, "center", after=60),
    Style("Head1", "heading 1", HEI, 28, 520, "left", before=160, after=40, outline=0, keep=True),
    Style("Line", "Line", FANGSONG, 24, 400, "left"),
    Style("Cell", "Cell", FANGSONG, 21, 310, "left"),
    Style("CellMid", "Cell centred", FANGSONG, 21, 310, "center"),
    Style("CellHead", "Cell head", HEI, 21, 310, "center"),
    Style("CellBand", "Cell band", KAI, 21, 320, "left", keep=True),
    Style("Note", "Note", FANGSONG, 18, 280, "left", before=20),
    Style("Furniture", "header", SONG, 18, 240, "center"),
    Style("PageNo", "Page number", SONG, 28, 320, "left"),
)


def font(name: str) -> str:
    """The run property that names one face for Chinese and Latin alike."""
    said = quoteattr(name)
    return (
        f'<w:rFonts w:ascii={said} w:hAnsi={said} w:eastAsia={said} w:cs={said} w:hint="eastAsia"/>'
    )


def styles_part(more: Sequence[Style] = ()) -> str:
    """word/styles.xml. The language matters: without zh-CN commas sit in the middle."""
    body = "".join(style.xml() for style in (*STYLES, *more))
    return (
        f'{XML}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>{font(FANGSONG)}'
        '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
        f"{body}</w:styles>"
    )


def font_table_part() -> str:
    """word/fontTable.xml: the faces by name and the twin to take where one is missing."""
    rows = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(twin)}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, twin in _TWINS.items()
    )
    return f'{XML}<w:fonts xmlns:w="{W}">{rows}</w:fonts>'


def _run(text: str, extra: str = "") -> str:
    return f'<w:r><w:rPr>{extra}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def header_part(left: str, right: str, word: str) -> str:
    """A page header: two short notices at the margins, and a large pale word behind the page."""
    red = '<w:b/><w:color w:val="C00000"/>'
    tab = '<w:tabs><w:tab w:val="right" w:pos="8844"/></w:tabs>'
    return (
        f'{XML}<w:hdr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Furniture"/>{tab}'
        f'<w:jc w:val="left"/></w:pPr>{_run(left)}<w:r><w:tab/></w:r>{_run(right, red)}'
        f"{watermark(word) if word else ''}</w:p></w:hdr>"
    )


def watermark(word: str) -> str:
    """A run that holds the large pale word."""
    return (
        '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office"><v:shapetype id="_x0000_t136" '
        'coordsize="21600,21600" o:spt="136" '
        'path="m@7,l@8,m@5,21600l@6,21600e"><v:path textpathok="t"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        '<v:shape id="FieldkitWatermark" type="#_x0000_t136" style="position:absolute;'
        "width:400pt;height:100pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" '
        'fillcolor="#d9d9d9" stroked="f"><v:fill opacity=".5"/>'
        f'<v:textpath style="font-family:&quot;{SONG}&quot;;font-size:1pt" '
        f"string={quoteattr(word)}/></v:shape></w:pict></w:r>"
    )


def footer_part(origin: str, *, odd: bool) -> str:
    """A page footer: — 1 — outside, one character in, and the line that says what made it."""
    side = '<w:jc w:val="right"/>' if odd else ""
    indent = f'<w:ind w:{"rightChars" if odd else "leftChars"}="100" ' + (
        'w:right="280"/>' if odd else 'w:left="280"/>'
    )
    return (
        f'{XML}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="PageNo"/>{indent}{side}</w:pPr>'
        f'{_run("— ")}<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        f'{_run(" —")}</w:p><w:p><w:pPr><w:pStyle w:val="Furniture"/></w:pPr>{_run(origin)}'
        "</w:p></w:ftr>"
    )


SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/>'
    '<w:headerReference w:type="even" r:id="rId4"/>'
    '<w:footerReference w:type="default" r:id="rId5"/>'
    '<w:footerReference w:type="even" r:id="rId6"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="1134" '
    'w:footer="1021" w:gutter="0"/></w:sectPr>'
)
SETTINGS = (
    f'{XML}<w:settings xmlns:w="{W}"><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
)
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = (
    ("rId1", "styles", "styles.xml"),
    ("rId2", "settings", "settings.xml"),
    ("rId3", "header", "header1.xml"),
    ("rId4", "header", "header2.xml"),
    ("rId5", "footer", "footer1.xml"),
    ("rId6", "footer", "footer2.xml"),
    ("rId7", "fontTable", "fontTable.xml"),
)
CONTENT_TYPES = (
    f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/>'
    + "".join(
        f'<Override PartName="/word/{file}" ContentType="{_OFFICE}.{kind}+xml"/>'
        for _, kind, file in _PARTS
    )
    + '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-'
    'package.core-properties+xml"/></Types>'
)
ROOT_RELATIONS = (
    f'{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/'
    'metadata/core-properties" Target="docProps/core.xml"/></Relationships>'
)
RELATIONS = (
    f'{XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    + "".join(
        f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{file}"/>'
        for key, kind, file in _PARTS
    )
    + "</Relationships>"
)
