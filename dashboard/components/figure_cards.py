"""Figures with their definitions: the number first, what it counts below it, the exact sum on hover."""

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from dashboard.components.markup import Html, el, show
from models.queries.figures import Figure
from models.text import Translator

STYLE = Path(__file__).with_name("figure_cards.css")


def shown(figure: Figure, t: Translator) -> str:
    """The figure as people read it: 31,8%, 62,4 tỷ đồng, 64."""
    if figure.unit == "percent":
        return t.percent(figure.numerator or 0, figure.denominator or 0)
    if figure.unit == "vnd":
        return t.money(figure.value)
    return "–" if figure.value is None else t.number(figure.value)


def exactly(figure: Figure, t: Translator) -> str:
    """The figure without rounding; of a rate, what is divided by what."""
    if figure.unit == "percent":
        return t("{part} of {whole}", part=t.exact(figure.numerator or 0), whole=t.exact(figure.denominator or 0))
    return t.exact(figure.value) if figure.unit == "vnd" else shown(figure, t)


def figure_cards(figures: Iterable[Figure], t: Translator, *, key: str) -> None:
    """Cards side by side that break where the screen ends."""
    with st.container(key=key):
        st.html(STYLE)
        show(el("div", *(_card(figure, t) for figure in figures), class_="figure-cards"))


def _card(figure: Figure, t: Translator) -> Html:
    value = el(
        "p", shown(figure, t), class_="value", title=exactly(figure, t), data_figure=figure.id, data_value=figure.value
    )
    return el("section", el("h3", t.words(figure.title)), value, el("p", t.words(figure.definition)))
