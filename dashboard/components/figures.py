"""Numbers, days and states as people read them, each as a piece of HTML."""

from datetime import date

from dashboard.components.markup import Html, el, link
from models.enums import Bucket
from models.rules.limits import article_words
from models.text import Translator

MINUS = "−"


def money(t: Translator, vnd: int | None, **attributes: str | int | None) -> Html:
    """An amount for reading at a glance; the exact sum on hover."""
    return el("span", t.money(vnd), title=t.exact(vnd), class_="num", **attributes)


def figure(t: Translator, name: str, value: int, href: str, **attributes: str | int | None) -> Html:
    """A main figure: a link to the records it counts, with a mark that tests and other programs can find."""
    return link(href, t.number(value), class_="figure", data_figure=name, data_value=value, **attributes)


def signed(t: Translator, value: int) -> str:
    """+2, −1 or 0."""
    return f"+{t.number(value)}" if value > 0 else f"{MINUS}{t.number(-value)}" if value else "0"


def days(t: Translator, days_late: int | None, bucket: Bucket) -> str:
    """9 days late, 3 days left; without a date the name of the bucket."""
    if days_late is None:
        return t.label(bucket)
    if days_late > 0:
        return t.n("{n} day late", "{n} days late", days_late)
    return t.n("{n} day left", "{n} days left", -days_late) if days_late else t("last day today")


def article(t: Translator, text: str) -> str:
    """The article as people write it; a dash for none."""
    return t.words(article_words(text)) if text else "–"


def due(t: Translator, day: date | None, *, approximate: bool) -> str:
    """The last day, with its mark when it is not certain."""
    if day is None:
        return "–"
    return t("about {day}", day=day) if approximate else t.date(day)
