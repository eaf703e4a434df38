"""The two charts of the overview: files per stage, and how long they have been there."""

import streamlit as st

from dashboard.charts.ageing import step_of
from dashboard.charts.pipeline import StageBar
from dashboard.components import chart
from dashboard.components.address import address
from dashboard.components.markup import el, show
from dashboard.context import PageContext
from models.queries.overview import Ageing, Overview, StageLoad


def overview_charts(ctx: PageContext, state: Overview) -> None:
    """Both side by side; a bar leads to its files."""
    left, right = st.columns(2, gap="small")
    with left, st.container(border=True, height="stretch"):
        _stages(ctx, state.stages)
    with right, st.container(border=True, height="stretch"):
        _ages(ctx, state.ageing)


def _stages(ctx: PageContext, stages: tuple[StageLoad, ...]) -> None:
    t = ctx.t
    bars = [
        StageBar(t.label(load.stage), load.files, load.late, address(ctx, "/cases", stage=load.stage))
        for load in stages
        if load.files
    ]
    show(el("h2", t("Files per stage"), el("small", t("dark: late")), class_="chart"))
    said = "; ".join(f"{bar.stage}: {bar.files}" for bar in bars)
    chart.draw(chart.pipeline(bars, ctx.language), said=said, key="pipeline")


def _ages(ctx: PageContext, ageing: Ageing) -> None:
    t = ctx.t
    step = step_of(ageing.months)
    links = {
        first: address(ctx, "/cases", months=f"{first}-{first + step}")
        for first in {month - month % step for month in ageing.months}
    }
    show(el("h2", t("How long in the present stage"), class_="chart"))
    said = t("Median: {months} months", months=t.number(ageing.median_months or 0, 1))
    chart.draw(chart.ageing(ageing.months, ageing.median_months, links, ctx.language), said=said, key="ageing")
