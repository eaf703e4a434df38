"""The one way to HTML: nothing that people wrote can become markup, no link leads out."""

import pytest

from dashboard.components.markup import Html, el, join, link, safe

HOSTILE = "<script>alert(1)</script> \"' & ](javascript:alert(2))"


def test_text_is_escaped_and_html_stays():
    assert el("b", "a < b & c") == "<b>a &lt; b &amp; c</b>"
    assert el("p", el("b", "x"), " y") == "<p><b>x</b> y</p>"
    assert "<script" not in el("td", HOSTILE) and "&#x27;" in safe(HOSTILE)


def test_a_sentence_made_of_html_is_text_again():
    assert el("p", f"{el('b', 'x')}!") == "<p>&lt;b&gt;x&lt;/b&gt;!</p>"


def test_attributes_are_quoted_and_none_is_left_out():
    made = el("i", class_="late", data_figure='"><script>', title=None, colspan=2)
    assert made == '<i class="late" data-figure="&quot;&gt;&lt;script&gt;" colspan="2"></i>'


def test_parts_are_joined_with_an_escaped_sign():
    assert join(["a", Html("<b>c</b>")], " & ") == "a &amp; <b>c</b>"


@pytest.mark.parametrize(
    "address", ["https://example.org", "//example.org", "/\\example.org", "javascript:alert(1)", ""]
)
def test_a_link_leads_nowhere_else(address):
    with pytest.raises(ValueError):
        link(address, "x")


def test_a_link_stays_in_the_house():
    assert link("/case?code=a&b", "x") == '<a href="/case?code=a&amp;b">x</a>'
