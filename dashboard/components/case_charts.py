"""The parts of a file's page that begin with a chart: its course and its money."""

import streamlit as st

from dashboard.charts.recovery import MoneyBar
from dashboard.components import chart
from dashboard.components.case_sections import entries_table, events_list, quiet
from dashboard.components.markup import el, show
from dashboard.components.timeline import marks_of, stage_bars
from dashboard.context import PageContext
from models.enums import Quantity
from models.queries.cases import CaseFile


def case_course(ctx: PageContext, file: CaseFile) -> None:
    """Stages, limits and extensions drawn; the events listed below."""
    t = ctx.t
    with st.container(border=True):
        legend = t(
            "tick: last day of a limit, red when missed · diamond: extension · pale bar: suspended · dashed line: day "
            "shown"
        )
        show(el("h2", t("Timeline"), el("small", legend), class_="chart"))
        if file.spans:
            bars = stage_bars(ctx, file.spans)
            said = "; ".join(bar.said for bar in bars)
            chart.draw(chart.timeline(bars, marks_of(ctx, file), ctx.as_of, ctx.language), said=said, key="timeline")
        show(events_list(ctx, file.code, file.events) if file.events else quiet(t("No event is recorded.")))


def case_money(ctx: PageContext, file: CaseFile) -> None:
    """From the damage to what is outstanding; the ledger below."""
    t = ctx.t
    with st.container(border=True):
        show(el("h2", t("Money"), el("small", t("secured is not yet recovered")), class_="chart"))
        if not file.money and not file.entries:
            show(quiet(t("No amount is recorded.")))
            return
        bars = _money_bars(ctx, file.money)
        if bars:
            said = "; ".join(f"{bar.name}: {bar.said}" for bar in bars)
            chart.draw(chart.recovery(bars, ctx.language), said=said, key="recovery")
        show(entries_table(ctx, file.code, file.entries))


def _money_bars(ctx: PageContext, known: dict[Quantity, int]) -> list[MoneyBar]:
    """Damage, to recover, secured, recovered, and between the last two what is outstanding."""
    t = ctx.t
    looks = {Quantity.DAMAGE: "plain", Quantity.MUST_RECOVER: "plain", Quantity.SECURED: "secured",
             Quantity.RECOVERED: "recovered"}  # fmt: skip
    bars = [
        MoneyBar(t.label(quantity), 0, known[quantity], look, t.money(known[quantity]))
        for quantity, look in looks.items()
        if quantity in known
    ]
    must, got = known.get(Quantity.MUST_RECOVER, 0), known.get(Quantity.RECOVERED, 0)
    if must > got:
        bars.append(MoneyBar(t("Outstanding"), got, must, "outstanding", t.money(must - got)))
    return bars
