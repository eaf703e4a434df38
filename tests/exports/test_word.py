"""Paper, fonts, blocks and tables as the Party's layout asks for them (reports: C.1)."""

import io
import re
from datetime import UTC, datetime

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.styles.style import ParagraphStyle

from exports import styles, word
from exports.annual.render import render
from exports.figure import mark
from models.text import translator
from tests.exports import sample


@pytest.fixture(scope="module")
def paper() -> Document:
    """The hand-written report, saved and opened again."""
    made, _ = render(sample.report("vi"), translator("vi"))
    kept = io.BytesIO()
    made.save(kept)
    kept.seek(0)
    return docx.Document(kept)


def style(paper: Document, name: str) -> ParagraphStyle:
    found = paper.styles[name]
    assert isinstance(found, ParagraphStyle)
    return found


def cells(paper: Document, table: int) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in paper.tables[table].rows]


def test_the_page_is_a4_with_the_party_margins_mirrored_for_two_sided_printing(paper: Document) -> None:
    first = paper.sections[0]
    lengths = (first.page_width, first.page_height)
    assert [round(length.mm) for length in lengths if length is not None] == [210, 297]
    margins = (first.top_margin, first.bottom_margin, first.left_margin, first.right_margin)
    assert [round(margin.mm) for margin in margins if margin is not None] == [20, 20, 30, 15]
    assert paper.settings.element.find(qn("w:mirrorMargins")) is not None


def test_the_page_number_stands_centred_ten_millimetres_from_the_top_but_not_on_the_first_page(paper: Document) -> None:
    first = paper.sections[0]
    assert first.header_distance is not None and round(first.header_distance.mm) == 10
    assert first.different_first_page_header_footer
    assert "PAGE" not in first.first_page_header._element.xml
    line = first.header.paragraphs[0]
    assert " PAGE " in line._p.xml and line.style is not None and line.style.name == "Page Number Line"
    number = style(paper, "Page Number Line")
    assert (number.font.size, number.paragraph_format.alignment) == (Pt(14), WD_ALIGN_PARAGRAPH.CENTER)


def test_everything_is_times_new_roman_for_every_script_and_the_text_is_vietnamese(paper: Document) -> None:
    for name in styles.STYLES:
        fonts = style(paper, name).element.rPr.rFonts
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    language = paper.styles.element.find(f"{qn('w:docDefaults')}//{qn('w:lang')}")
    assert language is not None and language.get(qn("w:val")) == "vi-VN"


def test_the_body_is_justified_fourteen_points_with_exact_lines_and_a_first_line_of_ten_millimetres(
    paper: Document,
) -> None:
    body = style(paper, "Body Text")
    layout = body.paragraph_format
    assert body.font.size == Pt(14)
    assert layout.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert layout.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert layout.line_spacing is not None and Pt(18) <= layout.line_spacing <= Pt(22)
    assert layout.space_before is not None and layout.space_before >= Pt(6)
    assert layout.first_line_indent is not None and round(layout.first_line_indent.mm) == 10


SIZES = {
    "Party Header": (15, True, False),
    "Parent Body": (14, False, False),
    "Issuing Body": (14, True, False),
    "Document Number": (14, False, False),
    "Place and Date": (14, False, True),
    "Document Type": (16, True, False),
    "Abstract": (14, True, False),
    "Recipients Title": (14, False, False),
    "Recipients": (12, False, False),
    "Authority": (14, True, False),
    "Signer Function": (14, False, False),
    "Signer Name": (14, True, False),
    "Heading 1": (14, True, False),
}


@pytest.mark.parametrize("name", SIZES)
def test_each_block_has_the_size_and_weight_of_the_layout(paper: Document, name: str) -> None:
    font = style(paper, name).font
    assert font.size is not None
    assert (font.size.pt, bool(font.bold), bool(font.italic)) == SIZES[name]


def test_the_head_names_party_and_committee_with_a_line_as_long_as_the_party_s_name(paper: Document) -> None:
    left, right = cells(paper, 0)[0]
    assert left == "TỈNH ỦY MINH CHÂU\nBAN CHỈ ĐẠO\nPHÒNG, CHỐNG THAM NHŨNG,\nLÃNG PHÍ, TIÊU CỰC\n*"
    assert right.strip() == "ĐẢNG CỘNG SẢN VIỆT NAM"
    line = style(paper, "Party Line")
    assert line.element.pPr.find(f"{qn('w:pBdr')}/{qn('w:top')}").get(qn("w:val")) == "single"
    indents = (line.paragraph_format.left_indent, line.paragraph_format.right_indent)
    assert round(styles.HEADER_RIGHT - sum(indent.mm for indent in indents if indent is not None), 1) == 72.9


def test_a_draft_leaves_the_number_open_and_an_issued_paper_pads_it() -> None:
    assert word.number_line(None, "BC/BCĐ") == "Số      -BC/BCĐ"
    assert word.number_line(7, "BC/BCĐ") == "Số 07-BC/BCĐ"
    assert word.number_line(12, "BC/BCĐ") == "Số 12-BC/BCĐ"


def test_place_and_date_are_padded_as_papers_are_dated(paper: Document) -> None:
    assert cells(paper, 0)[1] == ["Số      -BC/BCĐ", "Minh Châu, ngày 05 tháng 01 năm 2026"]


def test_type_abstract_and_five_hyphens_follow_the_head(paper: Document) -> None:
    found = [(line.style.name, line.text) for line in paper.paragraphs[:3] if line.style is not None]
    assert [name for name, _ in found] == ["Document Type", "Abstract", "Abstract Rule"]
    assert (found[0][1], found[2][1]) == ("BÁO CÁO", "-----")


def test_recipients_and_signature_close_the_text_side_by_side(paper: Document) -> None:
    left, right = cells(paper, 1)[0]
    assert left.startswith("Nơi nhận:\n- Ban Chỉ đạo Trung ương")
    assert left.endswith("- Lưu Văn phòng Tỉnh ủy.")
    assert right == "T/M BAN CHỈ ĐẠO\nTRƯỞNG BAN\n"
    assert style(paper, "Recipients Title").font.underline


def test_a_city_s_committee_stands_under_its_own_party_body() -> None:
    made, _ = render(sample.report("vi", province_kind="thành phố", province="Hải Phòng"), translator("vi"))
    assert cells(made, 0)[0][0].startswith("THÀNH ỦY HẢI PHÒNG\n")
    assert "Ban Thường vụ Thành ủy" in cells(made, 1)[0][0]


def test_annexes_stand_on_landscape_pages_with_repeating_heads_and_whole_rows(paper: Document) -> None:
    assert [section.orientation for section in paper.sections] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.LANDSCAPE,
    ], "text, tables, and the reasons in two columns"  # fmt: skip
    for table in paper.tables[2:]:
        first = table.rows[0]._tr.trPr
        assert first is not None and first.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        assert sum(widths) / 1440 * 25.4 == pytest.approx(styles.LANDSCAPE_WIDTH, abs=0.5)


def test_every_style_that_is_used_exists_and_nothing_of_the_stock_template_is_left(paper: Document) -> None:
    known = {found.style_id for found in paper.styles}
    stories = [paper.element, *(part._element for s in paper.sections for part in (s.header, s.footer))]
    used = {node.get(qn("w:val")) for story in stories for node in story.iter(qn("w:pStyle"))}
    assert used <= known
    assert {found.name for found in paper.styles} == {
        *styles.STYLES,
        styles.LINK,
        "Default Paragraph Font",
        "Normal Table",
        "No List",
    }


def test_text_from_outside_can_neither_break_the_file_nor_turn_the_reading_direction() -> None:
    made = word.document("vi", title="x", author="y", made_at=datetime(2026, 1, 1, tzinfo=UTC))
    hostile = 'a & <b> "c" \x00\x0b\ud800 \u202e=1+1'
    word.paragraph(made, hostile)
    word.rows_table(made, [word.Column(hostile, 50)], [[hostile]])
    kept = io.BytesIO()
    made.save(kept)
    again = docx.Document(kept)
    assert again.paragraphs[0].text == 'a & <b> "c"  =1+1'
    assert again.tables[0].rows[1].cells[0].text == 'a & <b> "c"  =1+1'


def test_a_marked_figure_becomes_a_content_control_with_its_id() -> None:
    made = word.document("vi", title="x", author="y", made_at=datetime(2026, 1, 1, tzinfo=UTC))
    line = word.paragraph(made, f"before {mark('files.open', '64')} after")
    xml = re.sub(r' xmlns:\w+="[^"]*"', "", line._p.xml)
    assert '<w:tag w:val="files.open"/>' in xml
    assert "".join(node.text or "" for node in line._p.iter(qn("w:t"))) == "before 64 after"
