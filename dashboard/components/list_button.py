"""The button that takes a list away as a workbook, as it is shown."""

from collections.abc import Callable

import streamlit as st

from dashboard.context import PageContext
from models.rules.access import Action, may

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_button(ctx: PageContext, what: str, make: Callable[[], bytes]) -> None:
    """Download what `make` gives, for those who may export; `what` (files, tasks …) names the workbook."""
    if not may(ctx.viewer, Action.EXPORT):
        return
    st.download_button(
        ctx.t("This list as a workbook"),
        data=make,
        file_name=f"liem-{what}-{ctx.as_of.isoformat()}.xlsx",
        mime=XLSX,
        icon=":material/download:",
        on_click="ignore",
        key=f"{what}_list",
    )


def narrowed_words(ctx: PageContext, narrowed: bool) -> list[str]:
    """What the second sheet says of a list that the page's filters had narrowed."""
    return [ctx.t("Only what the filters of the page had let through.")] if narrowed else []
