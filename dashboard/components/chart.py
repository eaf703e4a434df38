"""Charts on a page: the spec is made once for the same rows and language, then drawn from the cache."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard.charts import ageing as ageing_chart
from dashboard.charts import pipeline as pipeline_chart
from dashboard.charts import recovery as recovery_chart
from dashboard.charts import timeline as timeline_chart
from dashboard.charts.pipeline import StageBar
from models.text import translator


def draw(spec: dict[str, Any], *, said: str, key: str) -> None:
    """Draw a finished spec as wide as its place; `said` is what the chart shows, for those who cannot see it."""
    st.vega_lite_chart(spec, width="stretch", theme=None, alt=said, key=key)


# What goes in are rows of one viewer and one day: the same rows give the same chart, whoever asks.
@st.cache_data(max_entries=256, show_spinner=False)
def pipeline(bars: Sequence[StageBar], language: str) -> dict[str, Any]:
    """Open files per stage."""
    return pipeline_chart.pipeline([StageBar(*bar) for bar in bars], translator(language))


@st.cache_data(max_entries=256, show_spinner=False)
def ageing(months: dict[int, int], median: float | None, links: dict[int, str], language: str) -> dict[str, Any]:
    """Open files by months in their stage."""
    return ageing_chart.ageing(months, median, links, translator(language))


@st.cache_data(max_entries=256, show_spinner=False)
def timeline(
    bars: Sequence[timeline_chart.StageBar], marks: Sequence[timeline_chart.Mark], today: date, language: str
) -> dict[str, Any]:
    """The course of a file."""
    return timeline_chart.timeline(
        [timeline_chart.StageBar(*bar) for bar in bars],
        [timeline_chart.Mark(*mark) for mark in marks],
        today,
        translator(language),
    )


@st.cache_data(max_entries=256, show_spinner=False)
def recovery(bars: Sequence[recovery_chart.MoneyBar], language: str) -> dict[str, Any]:
    """The money of a file."""
    return recovery_chart.recovery([recovery_chart.MoneyBar(*bar) for bar in bars], translator(language))
