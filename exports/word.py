"""Our few Word verbs. Named styles only; figures marked in a text become content controls.

Tables are written as XML in one go: a cell at a time takes minutes for a long annex (python-docx issue 174).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from exports import styles
from exports.figure import CLOSE, MIDDLE, OPEN
from exports.links import END, FROM, PLACE, TO

PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
FIVE_HYPHENS = "-----"
PLACES = ("due", "why")  # what a place of a paper is called: a date as it is printed, and why it is that date
_MARKED = re.compile(f"{OPEN}([^{MIDDLE}]*){MIDDLE}([^{CLOSE}]*){CLOSE}")
_LINKED = re.compile(f"{FROM}([^{TO}]*){TO}([^{END}]*){END}")
# controls, marks of the reading direction, signs without any width
_INVISIBLE = "\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_UNPRINTABLE = re.compile(f"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[{_INVISIBLE}]")
_TWIPS_PER_MM = 1440 / 25.4


LONGEST_PROPERTY = 255  # characters that Word takes for a title or an author


@dataclass(frozen=True)
class Column:
    """A table column: heading, width in mm, alignment by style, and the heading it shares with its neighbours."""

    title: str
    width: float
    style: str = "Table Text"
    group: str = ""


def document(language: str, *, title: str, author: str, made_at: datetime) -> Document:
    """An empty paper with our page, styles and page numbers."""
    made = docx.Document()
    styles.set_up(made, language)
    _page_numbers(made.sections[0])
    properties = made.core_properties
    title, author = (clean(text)[:LONGEST_PROPERTY] for text in (title, author))
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.created = properties.modified = made_at.replace(tzinfo=None)
    properties.language, properties.comments, properties.revision = language, "", 1
    return made


def clean(text: str) -> str:
    """`text` without what Word refuses (control characters, lone surrogates), what turns the reading direction, and
    what is not seen.
    """
    return _UNPRINTABLE.sub("", text)


# --- the first page --------------------------------------------------------------------------------------------------


def header_block(to: Document, *, parent: str, issuing: Sequence[str], number: str, place_and_date: str) -> None:
    """Left: parent body, issuing body (line by line), star, number. Right: the Party's name, its line, place, date."""
    left = [("Parent Body", parent), *(("Issuing Body", line) for line in issuing), ("Header Star", "*")]
    _side_by_side(
        to,
        (styles.HEADER_LEFT, styles.HEADER_RIGHT),
        [
            (left, [("Party Header", PARTY), ("Party Line", "")]),
            ([("Document Number", number)], [("Place and Date", place_and_date)]),
        ],
    )


def number_line(number: int | None, symbol: str) -> str:
    """`Số 07-BC/BCĐ`: no colon, numbers below 10 padded; a draft leaves room for the number."""
    return f"Số {'     ' if number is None else f'{number:02d}'}-{symbol}"


def title(to: Document, kind: str, abstract: str) -> None:
    """Type in capitals, abstract, five hyphens."""
    paragraph(to, kind.upper(), "Document Type")
    paragraph(to, abstract, "Abstract")
    paragraph(to, FIVE_HYPHENS, "Abstract Rule")


def closing(to: Document, *, recipients: Sequence[str], authority: str, function: str, name: str = "") -> None:
    """Recipients at the left, signature at the right, kept on one page."""
    left = [("Recipients Title", "Nơi nhận:"), *(("Recipients", line) for line in recipients)]
    right = [("Authority", authority.upper()), ("Signer Function", function.upper()), ("Signer Name", name)]
    for kept in (to.paragraphs[-1], paragraph(to, "", "Recipients")):
        kept.paragraph_format.keep_with_next = True  # the signature never stands on a page of its own
    _side_by_side(to, (styles.TEXT_WIDTH - 80, 80), [(left, right)])


# --- text ------------------------------------------------------------------------------------------------------------


def mark_on_top(to: Document, line: str) -> None:
    """A line above everything else, and below it room for the stamp, which is set by hand."""
    first = to.element.body[0]
    for text in (line, "", ""):
        made = to.add_paragraph(style="Body Text")
        made.add_run(clean(text)).bold = True
        first.addprevious(made._p)


def heading(to: Document, level: int, text: str) -> Paragraph:
    """A heading: level 1 is `I-`, 2 is `1-`, 3 is `a)`; the caller writes the mark."""
    return paragraph(to, text, f"Heading {level}")


def paragraph(to: Document, text: str, style: str = "Body Text") -> Paragraph:
    """A paragraph of a named style; marked figures in `text` become content controls."""
    made = to.add_paragraph(style=style)
    for run in list(parse_xml(f"<w:p {nsdecls('w')}>{_runs(text)}</w:p>")):
        made._p.append(run)
    return made


def new_page(to: Document) -> None:
    """What follows starts on a new page."""
    to.paragraphs[-1].paragraph_format.page_break_before = True


def landscape(to: Document) -> Section:
    """What follows stands on A4 on its side, with page numbers going on."""
    section: Section = to.add_section(WD_SECTION.NEW_PAGE)
    styles.landscape(section)
    return section


def two_columns(to: Document) -> Section:
    """What follows stands in two columns of the page as it is."""
    section: Section = to.add_section(WD_SECTION.CONTINUOUS)
    styles.two_columns(section)
    return section


def paragraphs(to: Document, lines: Iterable[tuple[str, str]]) -> None:
    """Many paragraphs (style, text) at once: one at a time takes long for thousands."""
    made = parse_xml(f"<w:body {nsdecls('w')}>{''.join(_p(style, text) for style, text in lines)}</w:body>")
    end = to.element.body[-1]
    for each in list(made):
        end.addprevious(each)


def proof_line(to: Document, text: str) -> None:
    """A small line at the foot of every page."""
    section = to.sections[0]
    for footer in (section.footer, section.first_page_footer):
        footer.is_linked_to_previous = False
        footer.paragraphs[0].style = to.styles["Proof"]
        footer.paragraphs[0].add_run(clean(text))


# --- tables ----------------------------------------------------------------------------------------------------------


def rows_table(
    to: Document,
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    bold_rows: frozenset[int] = frozenset(),
    numbered: bool = False,
) -> None:
    """A ruled table: heading rows repeat on each page, no row is torn apart. `numbered` adds a line (1), (2), …"""
    heads = _heads(columns, numbered)
    body = "".join(_row(columns, cells, bold=index in bold_rows) for index, cells in enumerate(rows))
    to.element.body.insert_element_before(
        parse_xml(f"<w:tbl {nsdecls('w')}>{_table_head([c.width for c in columns], ruled=True)}{heads}{body}</w:tbl>"),
        "w:sectPr",
    )


def _heads(columns: Sequence[Column], numbered: bool) -> str:
    grouped = any(column.group for column in columns)
    rows = [_group_row(columns), _head_row([c.title if c.group else None for c in columns], columns)]
    lines = rows if grouped else [_head_row([column.title for column in columns], columns)]
    if numbered:
        lines.append(_head_row([f"({n})" for n in range(1, len(columns) + 1)], columns))
    return "".join(lines)


def _group_row(columns: Sequence[Column]) -> str:
    cells, at = [], 0
    while at < len(columns):
        group, end = columns[at].group, at + 1
        while group and end < len(columns) and columns[end].group == group:
            end += 1
        width = sum(column.width for column in columns[at:end])
        span = f'<w:gridSpan w:val="{end - at}"/>' if end - at > 1 else ""
        merge = "" if group else '<w:vMerge w:val="restart"/>'
        cells.append(_cell(width, "Table Head", group or columns[at].title, extra=span + merge))
        at = end
    return _tr("".join(cells), head=True)


def _head_row(titles: Sequence[str | None], columns: Sequence[Column]) -> str:
    cells = (
        _cell(column.width, "Table Head", title or "", extra="<w:vMerge/>" if title is None else "")
        for title, column in zip(titles, columns, strict=True)
    )
    return _tr("".join(cells), head=True)


def _row(columns: Sequence[Column], cells: Sequence[str], *, bold: bool) -> str:
    made = (_cell(c.width, c.style, text, bold=bold) for c, text in zip(columns, cells, strict=True))
    return _tr("".join(made))


def _tr(cells: str, *, head: bool = False) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{cells}</w:tr>"


def _cell(width: float, style: str, text: str, *, extra: str = "", bold: bool = False) -> str:
    centred = '<w:vAlign w:val="center"/>' if style == "Table Head" else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{extra}{centred}</w:tcPr>'
        f"{_p(style, text, bold=bold)}</w:tc>"
    )


def _table_head(widths: Sequence[float], *, ruled: bool) -> str:
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    line = 'w:val="single" w:sz="4" w:space="0" w:color="000000"' if ruled else 'w:val="nil"'
    borders = "".join(f"<w:{edge} {line}/>" for edge in edges)
    margin = 57 if ruled else 0  # twips: 1 mm in ruled tables
    sides = "".join(f'<w:{side} w:w="{margin}" w:type="dxa"/>' for side in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    return (
        f'<w:tblPr><w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{sides}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )


Block = Sequence[tuple[str, str]]  # (style, text), one per line


def _side_by_side(to: Document, widths: tuple[float, float], rows: Sequence[tuple[Block, Block]]) -> None:
    body = "".join(_tr("".join(_block(width, block) for width, block in zip(widths, row, strict=True))) for row in rows)
    head = _table_head(widths, ruled=False)
    to.element.body.insert_element_before(parse_xml(f"<w:tbl {nsdecls('w')}>{head}{body}</w:tbl>"), "w:sectPr")


def _block(width: float, lines: Block) -> str:
    properties = f'<w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/></w:tcPr>'
    return f"<w:tc>{properties}{''.join(_p(style, text) for style, text in lines)}</w:tc>"


# --- runs ------------------------------------------------------------------------------------------------------------


def _p(style: str, text: str, *, bold: bool = False) -> str:
    name = style.replace(" ", "")
    return f"<w:p><w:pPr><w:pStyle w:val={quoteattr(name)}/></w:pPr>{_runs(text, bold=bold)}</w:p>"


def _runs(text: str, *, bold: bool = False) -> str:
    """The runs of `text`: plain stretches, content controls of marked figures, links to other places of the paper."""
    if FROM not in text:
        return _figures(text, bold)
    parts, at = [], 0
    for found in _LINKED.finditer(text):
        parts.append(_figures(text[at : found.start()], bold))
        to, _, own = found[1].partition(PLACE)
        parts.append(_link(to, own, _figures(found[2], bold, link=bool(to))))
        at = found.end()
    parts.append(_figures(text[at:], bold))
    return "".join(parts)


def _link(to: str, own: str, runs: str) -> str:
    """The runs as a hyperlink to the place `to` (none for ""), standing in a bookmark called `own` (none for "")."""
    linked = f'<w:hyperlink w:anchor={quoteattr(to)} w:history="1">{runs}</w:hyperlink>' if to else runs
    if not own:
        return linked
    number = _bookmark_number(own)
    start = f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(own)}/>'
    return f'{start}{linked}<w:bookmarkEnd w:id="{number}"/>'


def _bookmark_number(name: str) -> int:
    """A number of its own for each place: Word wants one beside the name. Places are named by a word and a number."""
    word, _, number = name.rpartition("_")
    return int(number) * len(PLACES) + PLACES.index(word)


def _figures(text: str, bold: bool, *, link: bool = False) -> str:
    """Plain stretches, and one content control for each marked figure."""
    if OPEN not in text:
        return _run(text, bold, link)
    parts, at = [], 0
    for found in _MARKED.finditer(text):
        parts.append(_run(text[at : found.start()], bold, link))
        tag = f"<w:sdtPr><w:tag w:val={quoteattr(clean(found[1]))}/></w:sdtPr>"
        parts.append(f"<w:sdt>{tag}<w:sdtContent>{_run(found[2], bold, link)}</w:sdtContent></w:sdt>")
        at = found.end()
    parts.append(_run(text[at:], bold, link))
    return "".join(parts)


def _run(text: str, bold: bool, link: bool) -> str:
    if not text:
        return ""
    looks = (f'<w:rStyle w:val="{styles.LINK}"/>' if link else "") + ("<w:b/>" if bold else "")
    properties = f"<w:rPr>{looks}</w:rPr>" if looks else ""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).split("\n"))
    return f"<w:r>{properties}{'<w:br/>'.join(lines)}</w:r>"


def _twips(mm: float) -> int:
    return round(mm * _TWIPS_PER_MM)


def _page_numbers(section: Section) -> None:
    """Arabic, centred, 10 mm from the top, from the second page on."""
    section.header_distance = Mm(styles.NUMBER_FROM_TOP)
    section.different_first_page_header_footer = True
    section.first_page_header.is_linked_to_previous = False
    section.header.is_linked_to_previous = False
    line = section.header.paragraphs[0]
    line.style = "Page Number Line"
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("", "2"), ("end", "")):
        line._p.append(_field_part(kind, text))


def _field_part(kind: str, text: str) -> OxmlElement:  # type: ignore[valid-type]
    run = OxmlElement("w:r")
    if kind:
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
    else:
        part = OxmlElement("w:instrText" if "PAGE" in text else "w:t")
        part.text = text
    run.append(part)
    return run
