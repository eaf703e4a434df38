"""What officials type and read in forms: days with dots and dashes, lengths in their own words."""

from datetime import UTC, date, datetime

import pytest

from dashboard.components.forms.measures import plain_length
from dashboard.components.forms.reading import typed_day
from dashboard.context import PageContext
from models.enums import Precision
from models.rules.access import SYSTEM
from models.rules.lengths import parse_length
from models.rules.words import Refusal
from models.text import Translator

TODAY = date(2026, 11, 22)


def context(language: str) -> PageContext:
    return PageContext(SYSTEM, TODAY, datetime(2026, 11, 22, 2, tzinfo=UTC), Translator(language), TODAY)


@pytest.mark.parametrize("typed", ["05/11/2026", "5-11-2026", "05.11.2026", "2026-11-05"])
def test_a_day_may_be_typed_with_dots_and_dashes(typed: str) -> None:
    assert typed_day(typed) == (date(2026, 11, 5), Precision.DAY)


@pytest.mark.parametrize("typed", ["11/2026", "11-2026", "11.2026", "2026-11"])
def test_a_month_may_be_typed_with_dots_and_dashes(typed: str) -> None:
    assert typed_day(typed) == (date(2026, 11, 1), Precision.MONTH)


@pytest.mark.parametrize("typed", ["31-02-2026", "5-13-2026", "05-11-26", "5.11", "2026", "05112026"])
def test_what_could_be_another_day_is_asked_again(typed: str) -> None:
    with pytest.raises(Refusal):
        typed_day(typed)


@pytest.mark.parametrize(("kept", "said"), [("41d", "41 ngày"), ("4m", "4 tháng"), ("5wd", "5 ngày làm việc")])
def test_a_length_is_offered_in_words_that_are_read_back(kept: str, said: str) -> None:
    assert plain_length(context("vi"), kept) == said
    assert str(parse_length(said)) == kept


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kept", ["1m+10d", "2m+15d", "1y+1d", "24h", "", "hai tháng"])
def test_a_length_never_changes_on_its_way_into_the_form(language: str, kept: str) -> None:
    said = plain_length(context(language), kept)
    try:
        assert parse_length(said) == parse_length(kept)
    except Refusal:
        assert said == kept
