"""The table of limits and the table of offences: what holds on a day, and the class of what is charged."""

from dataclasses import replace
from datetime import date

import pytest

from models.enums import Severity, Verified
from models.rules.lengths import Length
from models.rules.limits import BadRule, LimitRow, NotInForce, Rulebook, UnknownRule, all_charges, article_words, charge
from tests.models.rules import lawbook

MARCH = date(2026, 3, 2)


def rule(base: str, *, start: date | None = None, end: date | None = None, number: int = 1, **other) -> LimitRow:
    row = LimitRow("R", "stage", "any", base, 0, "", base, "1(2)", "Law", "", Verified.YES, start, end, number)
    return replace(row, **other)


def book(*rows: LimitRow) -> Rulebook:
    return Rulebook.build(rows, lawbook.calendar())


def base_on(rules: Rulebook, on: date) -> tuple[str, bool]:
    limit = rules.limit("R", None, on)
    return str(limit.base), limit.approximate


def test_a_changed_rule_counts_from_its_day_and_the_old_one_before_it():
    rules = book(
        rule("20d", start=date(2018, 1, 1), end=date(2026, 6, 30)), rule("30d", start=date(2026, 7, 1), number=2)
    )
    assert base_on(rules, date(2017, 12, 31)) == ("20d", True)
    assert base_on(rules, date(2018, 1, 1)) == ("20d", False)
    assert base_on(rules, date(2026, 6, 30)) == ("20d", False)
    assert base_on(rules, date(2026, 7, 1)) == ("30d", False)


def test_a_new_version_replaces_one_that_was_left_open():
    rules = book(rule("30d", start=date(2026, 7, 1), number=2), rule("20d", start=date(2018, 1, 1)))
    assert base_on(rules, date(2026, 6, 30)) == ("20d", False)
    assert base_on(rules, date(2026, 7, 1)) == ("30d", False)


def test_an_extension_may_change_without_its_base():
    extension = rule("20d", extension_no=1, extension_length="10d", max_total="30d", end=date(2026, 6, 30), number=2)
    longer = replace(
        extension, extension_length="20d", max_total="40d", id=3, valid_from=date(2026, 7, 1), valid_to=None
    )
    rules = book(rule("20d"), extension, longer)
    assert rules.limit("R", None, date(2026, 6, 30)).max_total == Length(days=30)
    assert rules.limit("R", None, date(2026, 7, 1)).max_total == Length(days=40)


def test_a_gap_between_two_versions_has_no_limit():
    rules = book(rule("20d", end=date(2020, 12, 31)), rule("30d", start=date(2022, 1, 1), number=2))
    with pytest.raises(NotInForce, match="ended on 2020-12-31"):
        rules.limit("R", None, date(2021, 6, 1))


def test_an_ended_rule_names_its_last_day():
    with pytest.raises(NotInForce, match="R ended on 2020-12-31 .* for 2021-01-01"):
        book(rule("20d", end=date(2020, 12, 31))).limit("R", None, date(2021, 1, 1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_limit": "twenty days"},
        {"extension_no": 1, "extension_length": "a while", "max_total": "40d"},
        {"extension_no": 1, "extension_length": "to whenever in all", "max_total": "40d"},
        {"extension_no": 1, "extension_length": "half of the maximum", "max_total": ""},
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_column(wrong):
    with pytest.raises(BadRule, match=r"Rule R, extension \d, column (base_limit|extension_length|max_total)"):
        book(rule("20d"), replace(rule("20d", number=2), **wrong))


def test_every_shipped_rule_can_be_asked_for_every_class():
    rules = lawbook.rulebook()
    for code in rules.codes:
        for severity in (None, *Severity):
            on = date(2024, 3, 4) if code.startswith("INSP_DUR22") else MARCH
            assert rules.limit(code, severity, on).article is not None


def test_an_extension_in_all_is_a_total_and_a_half_is_of_the_maximum():
    verify = lawbook.rulebook().limit("VERIFY", None, MARCH)
    assert [(step.length, step.total) for step in verify.extensions] == [
        (None, Length(months=2)),
        (Length(months=2), None),
    ]
    expert = lawbook.rulebook().limit("EXP_ACT20", None, date(2025, 3, 3))
    assert expert.extensions[1].length == Length(months=2)


def test_only_detention_has_months_of_thirty_days():
    rules = lawbook.rulebook()
    detention = {code for code in rules.codes if rules.limit(code, None, date(2024, 3, 4)).month_days == 30}
    assert detention == {"DET", "APPEAL_DET"}


@pytest.mark.parametrize(
    ("code", "on", "in_force"),
    [
        ("THADS_DEC", date(2026, 6, 30), "THADS_DEC"),
        ("THADS_DEC", date(2026, 7, 1), "THADS26_DEC"),
        ("THADS26_DEC", date(2026, 6, 30), "THADS_DEC"),
        ("THADS26_DEC", date(2026, 7, 1), "THADS26_DEC"),
        ("THADS_VOL", date(2026, 7, 1), "THADS26_VOL"),
        ("INSP_DUR22_PROV", date(2025, 6, 30), "INSP_DUR22_PROV"),
        ("INSP_DUR22_PROV", date(2025, 7, 1), "INSP_DUR25"),
        ("INV", date(2010, 1, 1), "INV"),
    ],
)
def test_the_law_in_force_on_the_day_stands_in_for_the_other(code, on, in_force):
    assert lawbook.rulebook().in_force(code, on) == in_force
    assert lawbook.rulebook().limit(code, Severity.SERIOUS, on).code == in_force


def test_an_unknown_rule_names_its_neighbours():
    with pytest.raises(UnknownRule) as unknown:
        lawbook.rulebook().limit("verfy", None, MARCH)
    assert "VERIFY" in unknown.value.nearest
    with pytest.raises(UnknownRule, match=r"^There is no rule 1234567\.$"):
        lawbook.rulebook().in_force("1234567", MARCH)


@pytest.mark.parametrize(
    ("articles", "severity", "unknown"),
    [
        ("353(1)", Severity.SERIOUS, ()),
        ("354(4)", Severity.ESPECIALLY_SERIOUS, ()),
        ("353 khoản 2", Severity.VERY_SERIOUS, ()),
        ("Điều 353, khoản 2", Severity.VERY_SERIOUS, ()),
        ("khoản 3 Điều 353, khoản 1 Điều 354", Severity.ESPECIALLY_SERIOUS, ()),
        ("điểm a khoản 2 Điều 353 BLHS 2015", Severity.VERY_SERIOUS, ()),
        ("353(1); 356(2)", Severity.VERY_SERIOUS, ()),
        ("353 (1)(3)", Severity.ESPECIALLY_SERIOUS, ()),
        ("222(3); 356", Severity.ESPECIALLY_SERIOUS, ()),  # 356 cannot be graver
        ("353(1); 356", None, ()),  # 356 may be graver
        ("353", None, ()),
        ("362", Severity.LESS_SERIOUS, ()),  # all its paragraphs agree
        ("354;364", None, ()),
        ("354, khoản 2 Điều 353", None, ()),  # the paragraph is that of 353
        ("227; 353(1)", None, ("227",)),
        ("355(4); 999", Severity.ESPECIALLY_SERIOUS, ("999",)),
        ("353(9)", None, ("353(9)",)),
        ("Điều 280 BLHS 1999", None, ("280",)),
        ("Điều 179(1) BLHS 1999", None, ("179(1)",)),  # another offence in the older code
        ("", None, ()),
        ("tham ô", None, ()),
    ],
)
def test_the_class_is_that_of_the_gravest_paragraph_charged(articles, severity, unknown):
    assert lawbook.rulebook().severity_of(articles)[:2] == (severity, unknown)


@pytest.mark.parametrize(
    ("articles", "of_accused", "severity"),
    [
        ("", "353(2); 364(1)", Severity.VERY_SERIOUS),  # the file names no article: the gravest of the accused
        ("353(1)", "353(4)", Severity.ESPECIALLY_SERIOUS),
        ("353(4)", "353(1)", Severity.ESPECIALLY_SERIOUS),
        ("353", "353(2); 353(1)", Severity.VERY_SERIOUS),  # each accused says which paragraph of 353
        ("353; 364", "353(2)", None),  # nobody says which paragraph of 364: it may be 364(4)
        ("353; 360", "353(3)", Severity.ESPECIALLY_SERIOUS),  # 360 cannot be graver
        ("353", "354", None),
        ("353", "353(1); 353", None),  # of one accused the paragraph is not known
        ("Điều 280 BLHS 1999", "353(2)", None),
        ("353(1)", "", Severity.SERIOUS),
    ],
)
def test_the_class_is_that_of_the_gravest_of_several_accused(articles, of_accused, severity):
    assert lawbook.rulebook().severity_of(all_charges(articles, of_accused)).severity is severity


@pytest.mark.parametrize(
    ("article", "paragraph", "said"), [("353", "2", "353(2)"), ("353", "khoản 2", "353(2)"), ("353", "", "353")]
)
def test_a_charge_is_written_as_it_is_read(article, paragraph, said):
    assert charge(article, paragraph) == said


@pytest.mark.parametrize(
    ("article", "said"),
    [
        ("172(2)(a)", "Article 172(2)(a)"),
        ("277(1)", "Article 277(1)"),
        ("154", "Article 154"),
        ("26-27", "Article 26-27"),
        ("", "article not found"),
    ],
)
def test_an_article_is_named_for_people(article, said):
    assert article_words(article).english() == said
