"""Fields whose text is a day, an amount or a length: read back in words, so that a slip is seen before it is saved."""

from datetime import date

import streamlit as st

from dashboard.components.forms.fields import text
from dashboard.components.forms.reading import MILLION, Reading
from dashboard.components.forms.state import Form
from dashboard.context import PageContext
from models.rules.lengths import BadLength, parse_length


def day(ctx: PageContext, form: Form, name: str, label: str, *, needed: bool = False, monthly: bool = False) -> None:
    """A day; `monthly`: also a month whose day is not known."""
    said = ctx.t("dd/mm/yyyy; mm/yyyy if only the month is known") if monthly else ""
    text(ctx, form, name, label, placeholder="dd/mm/yyyy", help=said, needed=needed)


def amount(ctx: PageContext, form: Form, name: str, label: str, *, needed: bool = False) -> None:
    """An amount in đồng; a large one is also said in millions and billions."""
    t = ctx.t
    text(ctx, form, name, label, help=t("1.500.000.000 or 1,5 tỷ"), needed=needed)
    given = Reading(form).amount(name)
    if given is not None:
        st.caption(f"= {t.exact(given)} ({t.money(given)})" if given >= MILLION else f"= {t.exact(given)}")


def length(ctx: PageContext, form: Form, name: str, label: str, *, needed: bool = False) -> None:
    """What an extension grants, or the term of a request."""
    said = ctx.t("20d, 2m, 1y; 20 ngày, 2 tháng, 5 ngày làm việc")
    text(ctx, form, name, label, placeholder="2 tháng", help=said, needed=needed)
    given = Reading(form).length(name)
    if given:
        st.caption(f"= {ctx.t.words(parse_length(given).words())}")


def plain_amount(given: int | None) -> str:
    """1.234.567, as amounts are typed here in every language."""
    return "" if given is None else f"{given:,}".replace(",", ".")


def plain_length(ctx: PageContext, given: str) -> str:
    """A length as an official writes it, `2 tháng`; as it is kept, `2m`, where the words could not be read back."""
    try:
        length = parse_length(given)
        said = ctx.t.words(length.words())
        return said if parse_length(said) == length else given
    except BadLength:
        return given


def plain_day(given: date | None, *, monthly: bool = False) -> str:
    """dd/mm/yyyy, or mm/yyyy."""
    return "" if given is None else given.strftime("%m/%Y" if monthly else "%d/%m/%Y")
