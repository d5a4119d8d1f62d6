"""A line chart as DrawingML, with its numbers in it and written at the points."""

from __future__ import annotations

from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from fieldkit.report.ooxml import XML
from fieldkit.report.paper import Chart, Number, Series
from fieldkit.text.plain import shown

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_EMU_PER_MM = 36_000
_HIGH_MM = 70
_GREYS = ("262626", "7F7F7F", "A6A6A6", "BFBFBF")
_DASHES = ("solid", "dash", "sysDot", "dashDot")
_MARKS = ("circle", "square", "triangle", "diamond")
"""Lines are told apart by their dashes and marks: papers are printed in black."""


def part(chart: Chart) -> str:
    """The part word/charts/chartN.xml."""
    lines = "".join(_line(chart, n, one) for n, one in enumerate(chart.series))
    number = "0.0%" if chart.percent else "General"
    return (
        f'{XML}<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_MAIN}"><c:chart>'
        '<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:lineChart>'
        f'<c:grouping val="standard"/><c:varyColors val="0"/>{lines}<c:marker val="1"/>'
        '<c:axId val="111"/><c:axId val="222"/></c:lineChart>'
        '<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/><c:crossAx val="222"/></c:catAx>'
        '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="l"/><c:numFmt formatCode="{number}" sourceLinked="0"/>'
        '<c:crossAx val="111"/></c:valAx></c:plotArea>'
        '<c:legend><c:legendPos val="b"/></c:legend><c:plotVisOnly val="1"/>'
        '<c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>'
    )


def frame(number: int, title: str, width_mm: int) -> str:
    """The paragraph in which the chart of that number stands."""
    wide, high = width_mm * _EMU_PER_MM, _HIGH_MM * _EMU_PER_MM
    said = quoteattr(shown(title))
    return (
        '<w:p><w:pPr><w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="center"/></w:pPr>'
        "<w:r><w:drawing>"
        f'<wp:inline xmlns:wp="{_WP}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{wide}" cy="{high}"/>'
        f'<wp:docPr id="{1000 + number}" name="chart{number}" descr={said}/>'
        f'<a:graphic xmlns:a="{_MAIN}"><a:graphicData uri="{_CHART}">'
        f'<c:chart xmlns:c="{_CHART}" r:id="rIdChart{number}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def _line(chart: Chart, n: int, one: Series) -> str:
    grey, dash, mark = (kind[n % len(kind)] for kind in (_GREYS, _DASHES, _MARKS))
    labels = "".join(
        f'<c:pt idx="{i}"><c:v>{escape(shown(label))}</c:v></c:pt>'
        for i, label in enumerate(chart.labels)
    )
    points = "".join(
        f'<c:pt idx="{i}"><c:v>{_number(value, 1000 if chart.percent else 10_000)}</c:v></c:pt>'
        for i, value in enumerate(one.values)
        if value is not None
    )
    number = "0.0%" if chart.percent else "General"
    count = len(chart.labels)
    fill = f'<a:solidFill><a:srgbClr val="{grey}"/></a:solidFill>'
    return (
        f'<c:ser><c:idx val="{n}"/><c:order val="{n}"/>'
        f'<c:tx><c:strRef><c:f>s{n}</c:f><c:strCache><c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{escape(shown(one.name))}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f'<c:spPr><a:ln w="22225">{fill}<a:prstDash val="{dash}"/></a:ln></c:spPr>'
        f'<c:marker><c:symbol val="{mark}"/><c:size val="6"/><c:spPr>{fill}</c:spPr></c:marker>'
        f'<c:dLbls><c:numFmt formatCode="{number}" sourceLinked="0"/><c:dLblPos val="t"/>'
        '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f'<c:cat><c:strRef><c:f>c</c:f><c:strCache><c:ptCount val="{count}"/>{labels}'
        "</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>v{n}</c:f><c:numCache><c:formatCode>{number}</c:formatCode>"
        f'<c:ptCount val="{count}"/>{points}</c:numCache></c:numRef></c:val>'
        '<c:smooth val="0"/></c:ser>'
    )


def _number(value: Number, scale: int) -> str:
    """Three or four decimals, cut off: what is not all never shows as 100.0%."""
    exact = Fraction(value)
    units = abs(exact) * scale // 1
    sign = "-" if exact < 0 else ""
    text = f"{sign}{units // scale}.{units % scale:0{len(str(scale)) - 1}d}"
    return text.rstrip("0").rstrip(".")
