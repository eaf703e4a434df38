"""The annual report from a hand-written dataclass: outline, figures, annexes, an empty period."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from exports.annual.data import AnnualReport
from exports.annual.render import render
from exports.charts import CHART_TYPE
from models.text import LANGUAGES, translator
from tests import office
from tests.exports import sample
from tests.exports.reading import printed, text_of


def text(report: AnnualReport, language: str = "en") -> str:
    made, _ = render(report, translator(language))
    return text_of(made)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("report", [sample.report, sample.empty], ids=["full", "empty"])
def test_no_placeholder_and_no_key_is_left_in_any_language(report: object, language: str) -> None:
    said = text(report(language), language)  # type: ignore[operator]
    assert not re.search(r"[{}\ue000-\ue002]|None|\w+_\w+", said)


def test_the_outline_has_five_parts_eight_results_and_the_four_pillars() -> None:
    made, _ = render(sample.report("en"), translator("en"))
    headings = [
        line.text for line in made.paragraphs if line.style is not None and line.style.name.startswith("Heading")
    ]
    assert [line.split("-")[0] for line in headings if re.match(r"[IV]+-", line)] == ["I", "II", "III", "IV", "V"]
    results = headings[headings.index("II- RESULTS OF THE WORK") + 1 :][:8]
    assert [line[0] for line in results] == list("12345678")
    for place, pillar in ((1, "cannot"), (2, "dare not"), (4, "want not"), (5, "need not")):
        assert f"“{pillar}”" in results[place]


def test_sentences_carry_the_figures_as_content_controls() -> None:
    made, show = render(sample.report("en"), translator("en"))
    assert "monitors and directs 64 files, of which 47 criminal cases and 17 incidents, with 213 accused" in text_of(
        made
    )
    assert printed(made, "files.open")[0] == "64"
    assert printed(made, "money.must_recover")[0] == "196 billion đồng"
    assert set(printed(made, "rate.strict")) == {"31.8%"}
    assert show.printed.keys() <= sample.report().figures.keys()


def test_a_single_file_is_not_called_files() -> None:
    report = sample.report("en")
    one = replace(report.figures["files.late"], value=1)
    said = text(replace(report, figures={**report.figures, "files.late": one}))
    assert "of 64 files: 1 file past a limit" in said


def test_every_rate_names_what_it_divides_and_until_when() -> None:
    said = text(sample.report("en"))
    assert (
        "Recovered in the files with an amount to be recovered ÷ to be recovered, cumulative up to 31/12/2025: "
        "62,400,000,000 đồng ÷ 196,000,000,000 đồng = 31.8%." in said
    )
    assert "÷ 110,300,000,000 đồng = 56.6%." in said


def test_annex_3_shows_the_balance_and_names_a_gap() -> None:
    assert "- Court: cases 7 + 4 = 6 + 1 + 1 + 0 + 3 (balances); accused" in text(sample.report("en"))
    said = text(sample.report("en", gap=2))
    assert "- Court: cases 7 + 4 ≠ 4 + 1 + 1 + 0 + 3 (does not balance: gap 2); accused 7 + 4 = " in said
    assert said.count("does not balance") == 1


def test_annex_4_keeps_every_dong_and_shows_the_unknown_as_a_dash() -> None:
    made, _ = render(sample.report("en"), translator("en"))
    assert printed(made, "pl4.VA-2025-001.damage") == ["1,234.56789"]
    assert printed(made, "pl4.VA-2025-001.eligible") == ["–"]
    vietnamese, _ = render(sample.report("vi"), translator("vi"))
    assert printed(vietnamese, "pl4.VA-2025-001.damage") == ["1.234,56789"]


def test_numbers_below_each_other_in_annex_4_have_the_same_decimals() -> None:
    report = sample.report("en", files=2)
    figures = dict(report.figures)
    figures["pl4.VA-2025-001.damage"] = replace(figures["pl4.VA-2025-001.damage"], value=2_502_000_000)
    figures["pl4.VA-2025-002.damage"] = replace(figures["pl4.VA-2025-002.damage"], value=950_760_000)
    made, _ = render(replace(report, figures=figures), translator("en"))
    assert printed(made, "pl4.VA-2025-001.damage") == ["2,502.00"]
    assert printed(made, "pl4.VA-2025-002.damage") == ["950.76"]
    assert "250,300.00" in printed(made, "money.damage"), "their sum too"
    whole = {name: replace(figure, value=10**9) if figure.unit == "vnd" else figure for name, figure in figures.items()}
    made, _ = render(replace(report, figures=whole), translator("en"))
    assert printed(made, "pl4.VA-2025-002.damage") == ["1,000"], "no decimals where none are needed"


def test_an_amount_that_no_record_speaks_of_is_not_called_zero() -> None:
    report = sample.report("en")
    unknown = {name: replace(report.figures[name], value=None) for name in ("money.eligible", "money.outstanding")}
    unknown["rate.official"] = replace(report.figures["rate.official"], denominator=0)
    made, _ = render(replace(report, figures={**report.figures, **unknown}), translator("en"))
    assert "of which eligible for enforcement not recorded; recovered 62.4 billion" in text_of(made)
    assert printed(made, "rate.official") == ["not recorded", "–"]
    assert printed(made, "money.outstanding") == ["not recorded", "–"]


def test_a_date_known_by_month_is_printed_as_a_month_and_an_inexact_limit_is_marked() -> None:
    made, _ = render(sample.report("en"), translator("en"))
    row = [cell.text for cell in made.tables[2].rows[1].cells]
    assert row[5] == "03/2025"
    assert row[8] == "~ 12/11/2025"


def test_two_native_charts_with_workbook_and_words_for_those_who_do_not_see_them() -> None:
    made, _ = render(sample.report("en"), translator("en"))
    charts = [part for part in made.part.package.iter_parts() if part.content_type == CHART_TYPE]
    assert len(charts) == 2
    for part in charts:
        (relation,) = part.rels.values()
        assert relation.target_part.blob.startswith(b"PK")
    described = re.findall(r'descr="([^"]+)"', made.element.body.xml)
    assert described[0].startswith("Chart 1.") and "Investigation: 3" in described[0]
    assert "To be recovered: 196 billion đồng" in described[1]


def test_a_period_without_data_says_so_and_prints_no_invented_sentence() -> None:
    made, _ = render(sample.empty("en"), translator("en"))
    said = text_of(made)
    assert "(No file under monitoring and direction was recorded up to 31/12/2025.)" in said
    assert "(No amount of damage, recovery or security was recorded up to 31/12/2025.)" in said
    assert "Chart" not in said
    assert printed(made, "pl3.all.total.cases") == ["0"]
    assert "- Court: cases 0 + 0 = 0 + 0 + 0 + 0 + 0 (balances)" in said


def test_a_period_other_than_a_year_is_named_and_looks_to_the_time_to_come() -> None:
    from models.rules.periods import parse_period

    said = text(sample.report("en", period=parse_period("2025-9M")))
    assert "the first nine months of 2025; directions and key tasks for the time to come" in said


def test_records_cannot_pose_as_figures() -> None:
    report = sample.report("en")
    hostile = replace(report.cases[0], title="\ue000files.open\ue0019999\ue002")
    made, _ = render(replace(report, cases=(hostile,)), translator("en"))
    assert "9999" not in printed(made, "files.open")


@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_prints_the_paper_with_its_figures(tmp_path: Path, language: str) -> None:
    made, _ = render(sample.report(language), translator(language))
    path = tmp_path / "report.docx"
    made.save(str(path))
    pdf = office.docx_to_pdf(path, tmp_path)
    said = " ".join(office.pdf_text(pdf).split())
    for figure in ("64", "213", "1.234,56789" if language == "vi" else "1,234.56789"):
        assert figure in said
    assert ("196,0" if language == "vi" else "196.0") in said, "the label of a bar, in the paper's own numerals"
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in said
    pages = office.pdf_text(pdf).split("\f")
    assert pages[1].split()[0] == "2", "the second page begins with its number"
    assert "Nơi nhận" in said and len(office.pdf_pages(pdf)) == len(pages) - 1
