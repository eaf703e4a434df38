"""What people read: articles of the law, yes and no, as they are written in each language."""

import pytest

from models.text import translator


@pytest.mark.parametrize(
    ("stored", "vi", "en"),
    [
        ("353(1)", "khoản 1 Điều 353", "Article 353(1)"),
        ("353(1); 356", "khoản 1 Điều 353; Điều 356", "Article 353(1); Article 356"),
        ("172(2)(a)", "điểm a khoản 2 Điều 172", "Article 172(2)(a)"),
        ("Điều 353 khoản 1", "Điều 353 khoản 1", "Điều 353 khoản 1"),
        ("", "", ""),
    ],
)
def test_articles_are_written_as_in_the_readers_law_books(stored, vi, en):
    assert (translator("vi").articles(stored), translator("en").articles(stored)) == (vi, en)


def test_yes_and_no_are_words_of_the_reader():
    assert translator("vi")("{field}: {before} → {after}", field="-", before=True, after=False) == "-: có → không"
    assert translator("en")("{field}: {before} → {after}", field="-", before=True, after=False) == "-: yes → no"
