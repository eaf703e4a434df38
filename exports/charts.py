"""Native Word charts: a chart part with its own small workbook, so that Word can edit them; drawn without a network."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from exports import word
from exports.styles import FONT

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LOCALES = {"vi": "vi-VN", "en": "en-US"}
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


@dataclass(frozen=True)
class BarChart:
    """Bars of one colour. `values` are what the labels show; `digits` decimals; `alt` says it in words."""

    title: str
    series: str
    categories: tuple[str, ...]
    values: tuple[float, ...]
    alt: str
    horizontal: bool = True
    decimals: int = 0
    colour: str = "A61B1B"
    height: float = 64  # mm
    width: float = 160
    language: str = "vi"


def chart(to: Document, drawn: BarChart) -> None:
    """`drawn` as an editable chart in a paragraph of its own, its title as caption below."""
    number = 1 + sum(1 for part in to.part.package.iter_parts() if part.content_type == CHART_TYPE)
    relation = to.part.relate_to(_part(to, drawn, number), f"{_RELATIONS}/chart")
    line = word.paragraph(to, "", "Figure")
    line._p.append(parse_xml(_drawing(drawn, relation, number)))
    word.paragraph(to, drawn.title, "Caption")


def _part(to: Document, drawn: BarChart, number: int) -> Part:
    package = to.part.package
    name = PackURI(f"/word/charts/chart{number}.xml")
    made = Part(name, CHART_TYPE, b"", package)
    sheet = PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx")
    relation = made.relate_to(Part(sheet, WORKBOOK_TYPE, _workbook(drawn), package), f"{_RELATIONS}/package")
    made._blob = _chart_xml(drawn, relation).encode()
    return made


def _workbook(drawn: BarChart) -> bytes:
    kept = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(kept, options) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_string(0, 1, drawn.series)
        for row, (category, value) in enumerate(zip(drawn.categories, drawn.values, strict=True), start=1):
            sheet.write_string(row, 0, category)
            sheet.write_number(row, 1, value)
    return kept.getvalue()


def _drawing(drawn: BarChart, relation: str, number: int) -> str:
    size = f'cx="{Mm(drawn.width)}" cy="{Mm(drawn.height)}"'
    name = f"id={quoteattr(str(100 + number))} name={quoteattr(f'Chart {number}')} descr={quoteattr(drawn.alt)}"
    return (
        f'<w:r {nsdecls("w", "wp", "a", "r")} xmlns:c="{_DRAWING}/chart"><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/><wp:docPr {name}/>'
        "<wp:cNvGraphicFramePr/>"
        f'<a:graphic><a:graphicData uri="{_DRAWING}/chart"><c:chart r:id="{relation}"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def _chart_xml(drawn: BarChart, workbook: str) -> str:
    bars = _bars(drawn)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace xmlns:c="{_DRAWING}/chart" '
        f'xmlns:a="{_DRAWING}/main" xmlns:r="{_RELATIONS}"><c:lang val="{_LOCALES[drawn.language]}"/>'
        '<c:roundedCorners val="0"/><c:chart>'
        f'<c:autoTitleDeleted val="1"/><c:plotArea>{_layout(drawn)}{bars}{_axes(drawn)}</c:plotArea>'
        f'<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f'{_text(1000)}<c:externalData r:id="{workbook}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _layout(drawn: BarChart) -> str:
    """Where the bars stand: horizontal ones leave a third of the width to their names, so that none is dropped."""
    x, width = ("0.30", "0.64") if drawn.horizontal else ("0.03", "0.94")
    y, height = ("0.01", "0.98") if drawn.horizontal else ("0.08", "0.78")
    return (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{x}"/><c:y val="{y}"/><c:w val="{width}"/><c:h val="{height}"/></c:manualLayout></c:layout>'
    )


def _bars(drawn: BarChart) -> str:
    last = len(drawn.categories) + 1
    values = [repr(value) for value in drawn.values]
    labels = (
        f'<c:dLbls><c:numFmt formatCode="{_format(drawn)}" sourceLinked="0"/>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln>"
        f'</c:spPr>{_text(1000)}<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )
    return (
        f'<c:barChart><c:barDir val="{"bar" if drawn.horizontal else "col"}"/><c:grouping val="clustered"/>'
        '<c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/>'
        f"<c:tx><c:strRef><c:f>Sheet1!$B$1</c:f>{_cache('str', [drawn.series])}</c:strRef></c:tx>"
        f'<c:spPr><a:solidFill><a:srgbClr val="{drawn.colour}"/></a:solidFill></c:spPr>'
        f'<c:invertIfNegative val="0"/>{labels}'
        f"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f>{_cache('str', drawn.categories)}</c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>Sheet1!$B$2:$B${last}</c:f>{_cache('num', values)}"
        '</c:numRef></c:val></c:ser><c:gapWidth val="45"/><c:axId val="111"/><c:axId val="222"/></c:barChart>'
    )


def _cache(kind: str, texts: Sequence[str]) -> str:
    form = "<c:formatCode>General</c:formatCode>" if kind == "num" else ""
    points = "".join(f'<c:pt idx="{at}"><c:v>{escape(word.clean(text))}</c:v></c:pt>' for at, text in enumerate(texts))
    return f'<c:{kind}Cache>{form}<c:ptCount val="{len(texts)}"/>{points}</c:{kind}Cache>'


def _axes(drawn: BarChart) -> str:
    flat = drawn.horizontal
    line = '<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="595959"/></a:solidFill></a:ln></c:spPr>'
    return (
        f'<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="{"maxMin" if flat else "minMax"}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"l" if flat else "b"}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{line}{_text(1000)}'
        '<c:crossAx val="222"/><c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/>'
        '<c:tickLblSkip val="1"/>'
        '<c:noMultiLvlLbl val="0"/></c:catAx>'
        '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        '<c:delete val="1"/>'
        f'<c:axPos val="{"b" if flat else "l"}"/><c:numFmt formatCode="{_format(drawn)}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        '<c:crossAx val="111"/><c:crosses val="autoZero"/></c:valAx>'
    )


def _format(drawn: BarChart) -> str:
    """The labels' number format; the mark before it asks for the separators of Vietnamese."""
    mark = "[$-42A]" if drawn.language == "vi" else ""
    return mark + "#,##0" + ("." + "0" * drawn.decimals if drawn.decimals else "")


def _text(size: int) -> str:
    fonts = f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/><a:cs typeface="{FONT}"/>'
    fill = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
    return (
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{size}">{fill}{fonts}</a:defRPr></a:pPr>'
        '<a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
    )
