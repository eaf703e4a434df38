"""Paper, page and named styles of Party documents: Regulation 399-QĐ/TW and Guidance 05-HD/VPTW.

Every style the papers use is defined here; nothing is formatted by hand elsewhere.
"""

from dataclasses import dataclass
from typing import cast

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

FONT = "Times New Roman"
PAGE_WIDTH, PAGE_HEIGHT = 210, 297  # A4, mm
TOP, BOTTOM, INSIDE, OUTSIDE = 20, 20, 30, 15  # mm; mirrored: the wide margin is the bound edge
LANDSCAPE_SIDE = 20  # mm, both sides
COLUMN_GAP = 8  # mm between two columns of text
NUMBER_FROM_TOP = 10  # mm
TEXT_WIDTH = PAGE_WIDTH - INSIDE - OUTSIDE
LANDSCAPE_WIDTH = PAGE_HEIGHT - 2 * LANDSCAPE_SIDE


@dataclass(frozen=True)
class Style:
    """How one kind of paragraph looks. Sizes and spacing in points, indents in mm; `line` None is single spacing."""

    size: float = 14
    bold: bool = False
    italic: bool = False
    underline: bool = False
    align: ALIGN = ALIGN.LEFT
    before: float = 0
    after: float = 0
    line: float | None = 20
    first: float = 0
    left: float = 0
    right: float = 0
    keep_next: bool = False
    keep_lines: bool = False
    outline: int | None = None


# Width of the country line in Times New Roman Bold 15: 13.777 em. The line below it is as long as the text.
PARTY_LINE_WIDTH = 13.777 * 15 / 72 * 25.4
HEADER_LEFT, HEADER_RIGHT = 80, 85  # mm
_SIDE = (HEADER_RIGHT - PARTY_LINE_WIDTH) / 2

STYLES: dict[str, Style] = {
    "Normal": Style(line=None),
    "Body Text": Style(align=ALIGN.JUSTIFY, before=6, first=10),
    "Brief Text": Style(align=ALIGN.JUSTIFY, before=4, first=10, line=18),
    "Heading 1": Style(bold=True, before=12, first=10, keep_next=True, outline=0),
    "Heading 2": Style(bold=True, before=8, first=10, keep_next=True, outline=1),
    "Heading 3": Style(bold=True, italic=True, before=6, first=10, keep_next=True, outline=2),
    "Parent Body": Style(align=ALIGN.CENTER, line=18),
    "Issuing Body": Style(bold=True, align=ALIGN.CENTER, line=18),
    "Header Star": Style(align=ALIGN.CENTER, line=18),
    "Document Number": Style(align=ALIGN.CENTER, line=18),
    "Party Header": Style(size=15, bold=True, align=ALIGN.CENTER, line=18),
    "Party Line": Style(size=4, align=ALIGN.CENTER, line=4, left=_SIDE, right=_SIDE),
    "Place and Date": Style(italic=True, align=ALIGN.CENTER, line=18),
    "Document Type": Style(size=16, bold=True, align=ALIGN.CENTER, before=24, line=22, keep_next=True),
    "Abstract": Style(bold=True, align=ALIGN.CENTER, line=20, keep_next=True),
    "Abstract Rule": Style(align=ALIGN.CENTER, after=12, line=18),
    "Recipients Title": Style(underline=True, line=18),
    "Recipients": Style(size=12, line=15),
    "Authority": Style(bold=True, align=ALIGN.CENTER, line=18),
    "Signer Function": Style(align=ALIGN.CENTER, line=18, after=54),
    "Signer Name": Style(bold=True, align=ALIGN.CENTER, line=18),
    "Annex Number": Style(bold=True, align=ALIGN.CENTER, line=18, keep_next=True),
    "Annex Title": Style(bold=True, align=ALIGN.CENTER, line=20, keep_next=True),
    "Annex Note": Style(size=12, italic=True, align=ALIGN.CENTER, after=6, line=16, keep_next=True),
    "Annex Text": Style(size=12, align=ALIGN.JUSTIFY, before=4, line=16),
    "Reason Head": Style(size=11, bold=True, before=8, line=14, keep_next=True),
    "Reason Date": Style(size=11, after=1, line=14, left=5, keep_next=True),
    "Reason Step": Style(size=10, align=ALIGN.JUSTIFY, line=13, left=5, keep_next=True, keep_lines=True),
    "Reason End": Style(size=10, italic=True, align=ALIGN.RIGHT, line=13, keep_lines=True),
    "Table Head": Style(size=10, bold=True, align=ALIGN.CENTER, before=1, after=1, line=12),
    "Table Text": Style(size=10, before=1, after=1, line=12),
    "Table Number": Style(size=10, align=ALIGN.RIGHT, before=1, after=1, line=12),
    "Table Centre": Style(size=10, align=ALIGN.CENTER, before=1, after=1, line=12),
    "Figure": Style(align=ALIGN.CENTER, before=6, line=None, keep_next=True),
    "Caption": Style(size=12, italic=True, align=ALIGN.CENTER, after=6, line=16),
    "Page Number Line": Style(align=ALIGN.CENTER, line=None),
    "Proof": Style(size=8, align=ALIGN.CENTER, line=10),
}
LINK = "Hyperlink"  # the one style of stretches within a paragraph
OF_OFFICE = ("Body Text", "Heading 1", "Heading 2", "Heading 3", "Caption")  # names that office programs know
_OF_WORD = ("Default Paragraph Font", "Normal Table", "No List")


def set_up(document: Document, language: str) -> None:
    """Give a fresh document our paper, styles and language tag (vi-VN); nothing of the stock template remains."""
    _drop_stock_parts(document)
    _drop_stock_styles(document)
    _defaults(document, language)
    for name, style in STYLES.items():
        _define(document, name, style)
    _link(document)
    _party_line(document)
    _mirror(document)
    portrait(document.sections[0])


def portrait(section: Section) -> None:
    """A4 upright, 20/20/30/15 mm, mirrored; the page number 10 mm from the top, not on the first page."""
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(PAGE_WIDTH), Mm(PAGE_HEIGHT)
    section.left_margin, section.right_margin = Mm(INSIDE), Mm(OUTSIDE)
    _common(section)


def landscape(section: Section) -> None:
    """A4 on its side, for wide tables."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(PAGE_HEIGHT), Mm(PAGE_WIDTH)
    section.left_margin = section.right_margin = Mm(LANDSCAPE_SIDE)
    _common(section)
    section.different_first_page_header_footer = False


def two_columns(section: Section) -> None:
    """Text in two columns side by side."""
    columns = section._sectPr.find(qn("w:cols"))
    columns.set(qn("w:num"), "2")
    columns.set(qn("w:space"), str(Mm(COLUMN_GAP).twips))


def _common(section: Section) -> None:
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.header_distance = section.footer_distance = Mm(NUMBER_FROM_TOP)
    section.gutter = Length(0)


def _drop_stock_parts(document: Document) -> None:
    """The stock template's bibliography and theme: our only custom part is the proof, our only font is named."""
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.rsplit("/", 1)[1] in ("customXml", "theme", "stylesWithEffects"):
            del document.part.rels[key]
    for key, relation in list(document.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del document.part.package.rels[key]


def _drop_stock_styles(document: Document) -> None:
    for style in list(document.styles):
        if style.name not in _OF_WORD and style.name != "Normal":
            style.element.getparent().remove(style.element)


def _defaults(document: Document, language: str) -> None:
    properties = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for child in list(properties):
        properties.remove(child)
    fonts = OxmlElement("w:rFonts")
    _all_scripts(fonts)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), "vi-VN" if language == "vi" else "en-GB")
    lang.set(qn("w:eastAsia"), "vi-VN")
    lang.set(qn("w:bidi"), "ar-SA")
    properties.extend([fonts, lang])
    paragraph = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}/{qn('w:pPr')}")
    for child in [] if paragraph is None else list(paragraph):
        paragraph.remove(child)


def _all_scripts(fonts: OxmlElement) -> None:  # type: ignore[valid-type]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)  # type: ignore[attr-defined]


def _define(document: Document, name: str, look: Style) -> None:
    style = _paragraph_style(document, name)
    font, paragraph = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = FONT, Pt(look.size), look.bold, look.italic
    font.underline, font.color.rgb = look.underline, RGBColor(0, 0, 0)
    _all_scripts(style.element.rPr.rFonts)
    paragraph.alignment = look.align
    paragraph.space_before, paragraph.space_after = Pt(look.before), Pt(look.after)
    paragraph.first_line_indent = Mm(look.first)
    paragraph.left_indent, paragraph.right_indent = Mm(look.left), Mm(look.right)
    paragraph.keep_with_next, paragraph.widow_control = look.keep_next, True
    if look.keep_lines:
        paragraph.keep_together = True
    if look.line:
        paragraph.line_spacing_rule, paragraph.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.line)
    else:
        paragraph.line_spacing_rule = WD_LINE_SPACING.SINGLE
    if look.outline is not None:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(look.outline))
        style.element.pPr.append(level)


def _paragraph_style(document: Document, name: str) -> ParagraphStyle:
    if name == "Normal":
        return cast(ParagraphStyle, document.styles["Normal"])
    style = cast(ParagraphStyle, document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, name in OF_OFFICE))
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    return style


def _link(document: Document) -> None:
    """A link inside the paper: the text's own look and a thin line below it, as printed papers bear it."""
    style = document.styles.add_style(LINK, WD_STYLE_TYPE.CHARACTER, True)
    line = OxmlElement("w:u")
    line.set(qn("w:val"), "dotted")
    properties = style.element.get_or_add_rPr()
    properties.append(line)


def _party_line(document: Document) -> None:
    """The solid line under the country line: a top border between indents that leave just the text's length.

    It is a paragraph of its own, so that the text does not wrap where another font stands in for Times New Roman.
    """
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "8"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    properties = document.styles["Party Line"].element.pPr
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def _mirror(document: Document) -> None:
    """Mirrored margins, and no compatibility mode: the paper is laid out as today's Word does it."""
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    document.settings.element.insert(1, OxmlElement("w:mirrorMargins"))  # after w:zoom, as the schema orders
