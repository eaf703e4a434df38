"""Words as the search compares them, whatever marks, case and short forms they are written with."""

import csv

import pytest

from models.rules.abbreviations import SHORT_FORMS
from models.rules.extracts import LENGTH, extract, marked
from models.rules.folding import fold
from models.rules.search_terms import WHOLE, Lexeme, all_words, key_of, lexemes, lookups, terms_of
from models.settings import ROOT


def meets(text: str, question: str) -> bool:
    """Whether an entry with this text is meant by the question, looked up as the databases do."""
    kept = lexemes(all_words([text]))
    return all(
        any(word.startswith(wanted.text) for word in kept) if wanted.begins else wanted.text in kept
        for wanted in lookups(terms_of(question))
    )


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Vụ án tại Hoà Bình", "hòa bình"),
        ("Vụ án tại Hòa Bình", "hoà binh"),
        ("Thuỷ điện", "thủy"),
        ("Đức Đạt", "duc dat"),
        ("duc dat", "ĐỨC ĐẠT"),
        ("Quyết định số 15/QĐ-CSĐT", "15/QĐ-CSĐT"),
        ("Quyết định số 15/QĐ-CSĐT", "qđ csđt 15"),
        ("VKS phê chuẩn", "viện kiểm sát"),
        ("Viện kiểm sát nhân dân tỉnh", "vks"),
        ("Viện kiểm sát nhân dân tỉnh", "VKSND"),
        ("VKSND tỉnh", "viện kiểm sát nhân dân"),
        ("Cơ quan Cảnh sát điều tra", "CQĐT"),
        ("CQĐT", "cơ quan điều tra"),
        ("Cục THADS tỉnh", "thi hành án dân sự"),
        ("phòng, chống tham nhũng", "PCTN"),
        ("nghiêng", "nghieng"),
        ("nghiêng", "nghien"),
        ("internationalisation", "internat"),
        ("ho\u0300a bi\u0300nh", "hoà bình"),  # marks written as letters of their own
        ("một_hai", "hai"),
        ("日本", "日"),
    ],
)
def test_it_is_found(text, question):
    assert meets(text, question)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Hòa Bình", "bình dương"),
        ("Viện kiểm", "vks"),
        ("kiểm sát viện", "vks"),
        ("VKS", "viện trưởng"),
        ("internationale", "internationalisation"),
        ("interna", "internat"),
        ("nghieng", "nghienh"),
        ("abcdefg", "bcd"),
    ],
)
def test_it_is_not_found(text, question):
    assert not meets(text, question)


def test_a_question_is_the_words_in_it_each_once():
    assert terms_of("  Vụ án, VỤ ÁN; hoà—bình! ") == ("vu", "an", "hoa", "binh")
    assert terms_of(" '\"*:&|!()-%\\\x00_ ") == ()


def test_up_to_six_letters_are_looked_up_longer_beginnings_among_those():
    assert list(lookups(["a" * WHOLE])) == [Lexeme("a" * WHOLE, False)]
    assert list(lookups(["a" * (WHOLE + 1)])) == [Lexeme("a" * WHOLE, False), Lexeme("a" * (WHOLE + 1), True)]


@pytest.mark.parametrize("code", ["VV-12345", "vv-12345", "vv12345", "VV 12345", "vv.12345", "VV–12345"])
def test_a_code_is_the_same_however_it_is_written(code):
    assert key_of(code) == "vv12345"


def test_every_long_form_is_a_term_of_the_glossary_or_part_of_one_or_of_an_agency_or_an_event():
    known = ""
    for name in ("glossary", "agencies", "events"):
        with (ROOT / "seed" / "reference" / f"{name}.csv").open(encoding="utf-8") as source:
            known += "\n".join(fold(" ".join(row)).replace(",", "") for row in csv.reader(source))
    own = {
        "bộ luật hình sự", "bộ luật tố tụng hình sự", "quyết định", "cơ quan điều tra", "an ninh điều tra",
        "cơ quan an ninh điều tra",
    }  # laws, and words no list has by themselves  # fmt: skip
    missing = [form for forms in SHORT_FORMS.values() for form in forms if fold(form) not in known]
    assert set(missing) <= own


# --- extracts ------------------------------------------------------------------------------------------------------


def shown(parts) -> str:
    return "".join(f"[{part.text}]" if part.is_match else part.text for part in parts)


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("Vụ án tại Hoà Bình", "hòa", "Vụ án tại [Hoà] Bình"),
        ("Viện kiểm sát phê chuẩn", "vks", "[Viện kiểm sát] phê chuẩn"),
        ("VKS phê chuẩn", "kiểm sát", "[VKS] phê chuẩn"),
        ("nothing", "vks", "nothing"),
        ("<b>Hoà</b>", "hoa", "<b>[Hoà]</b>"),
    ],
)
def test_what_meets_the_question_is_marked_as_it_is_written(text, question, expected):
    assert shown(marked(text, terms_of(question))) == expected
    assert shown(extract(text, terms_of(question))) == expected


def test_an_extract_of_a_long_text_is_cut_between_words_around_the_first_match():
    text = "trước " * 60 + "hiếm " + "sau " * 60
    found = shown(extract(text, ["hiem"]))
    assert found.startswith("… trước ") and found.endswith(" sau …") and " [hiếm] sau" in found
    assert len(found) <= LENGTH + 6


@pytest.mark.parametrize("length", [LENGTH, LENGTH + 1])
def test_a_text_of_one_long_word_is_not_lost(length):
    assert "a" * length in shown(extract("a" * length, ["a"]))


def test_the_parts_of_a_marked_text_are_the_text():
    text = "VKS, Viện kiểm sát nhân dân: quyết định QĐ 15"
    assert "".join(part.text for part in marked(text, terms_of("vks quyết định nhân"))) == text
