"""What in the address could not be used, said in one calm line instead of dropped in silence."""

from collections.abc import Mapping

import streamlit as st

from dashboard.components.address import here
from dashboard.components.markup import el, link, show
from dashboard.context import PageContext, day_to_show

LONGEST = 60  # characters of an address that are repeated


def unusable_filters(ctx: PageContext, path: str, used: Mapping[str, object]) -> None:
    """Names each filter of the address that `used` knows by name and has no value for; nothing if all are used."""
    said = [name for name, value in used.items() if st.query_params.get(name) and _is_nothing(value)]
    if not said:
        return
    named = ", ".join(_as_written(name) for name in said)
    words = ctx.t("The address holds a filter that cannot be used: {filters}. This page is shown without it.",
                  filters=named)  # fmt: skip
    away = here(ctx, path, **dict.fromkeys(said))
    show(el("p", words, " ", link(away, ctx.t("Take it out of the address")), class_="note", data_unusable=named))


def unusable_day(ctx: PageContext) -> None:
    """Says that the day of the address is none that can be shown, and that today is shown."""
    asked = st.query_params.get("as_of", "")
    if not asked or day_to_show(asked, ctx.today):
        return
    words = ctx.t("The address holds a day that cannot be shown: {day}. Today is shown.", day=_as_written("as_of"))
    show(el("p", words, class_="note", role="status", data_unusable="as_of"))


def _is_nothing(value: object) -> bool:
    return value is None or value is False or value == ""


def _as_written(name: str) -> str:
    return f"{name}={st.query_params.get(name, '')[:LONGEST]}"
