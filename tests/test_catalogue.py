"""The check of the translations notices each way in which a sentence can reach people wrongly."""

import pytest
from babel.messages.catalog import Catalog

from tests import catalogue


@pytest.fixture
def code(tmp_path) -> Catalog:
    page = tmp_path / "dashboard" / "page.py"
    page.parent.mkdir()
    page.write_text(
        'ctx.t("Late")\nt("Since {days} days",\n  days=3)\nwords("Two " "halves")\nt.n("{n} file", "{n} files", 2)\n'
    )
    return catalogue.extract(tmp_path)


def translated(late: str = "Quá hạn", since: str = "Từ {days} ngày", *, flags: tuple[str, ...] = ()) -> Catalog:
    made = Catalog(locale="vi")
    made.add("Late", late, flags=flags)
    made.add("Since {days} days", since)
    made.add("Two halves", "Hai nửa")
    made.add(("{n} file", "{n} files"), ("{n} hồ sơ",))
    return made


def test_sentences_are_found_in_every_kind_of_call(code):
    assert [message.id for message in code if message.id] == [
        "Late",
        "Since {days} days",
        "Two halves",
        ("{n} file", "{n} files"),
    ]


def test_sentences_inside_an_f_string_are_found_too(tmp_path):
    (tmp_path / "cli.py").write_text("f\"{code} ({t('ended')}, {t.n('{n} file', '{n} files', 2)})\"\n")
    assert [message.id for message in catalogue.extract(tmp_path) if message.id] == [
        "ended",
        ("{n} file", "{n} files"),
    ]


def test_a_complete_catalogue_has_no_faults(code):
    assert catalogue.faults(code, translated()) == []


def test_a_missing_sentence_is_named_with_its_file(code):
    made = translated()
    made.delete("Late")
    assert catalogue.faults(code, made) == ["missing (used in dashboard/page.py): Late"]


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"late": ""}, "not translated: Late"),
        ({"late": "  "}, "not translated: Late"),
        ({"flags": ("fuzzy",)}, "marked fuzzy: Late"),
        ({"since": "Từ {day} ngày"}, "gaps ['day'] instead of ['days']: Since {days} days"),
        ({"since": "Từ ngày"}, "gaps [] instead of ['days']: Since {days} days"),
        ({"since": "Từ {days ngày"}, "broken gap (expected '}' before end of string): Since {days} days"),
    ],
)
def test_a_wrong_translation_is_a_fault(code, wrong, fault):
    assert catalogue.faults(code, translated(**wrong)) == [fault]


def test_a_sentence_the_code_no_longer_has_is_told_but_no_fault(code):
    made = translated()
    made.add("Gone", "Đã bỏ")
    assert catalogue.faults(code, made) == []
    assert catalogue.unused(code, made) == ["Gone"]


def test_every_sentence_of_the_product_is_translated(capsys):
    assert catalogue.check() == 0, capsys.readouterr().out
