"""One file: where it stands, what is wrong, its course, limits, accused, money, tasks and history."""

import streamlit as st

from dashboard.charts.recovery import MoneyBar
from dashboard.components import chart
from dashboard.components.address import address
from dashboard.components.case_head import case_head, case_title
from dashboard.components.case_sections import (
    accused_table,
    clocks_table,
    entries_table,
    events_list,
    history,
    quiet,
    tasks_table,
    what_is_wrong,
)
from dashboard.components.markup import el, link, ready, show, use_style
from dashboard.components.page_head import past_note, pick_day
from dashboard.components.search_box import search_box
from dashboard.components.timeline import marks_of, stage_bars
from dashboard.context import PageContext
from models.db import read_session
from models.enums import Quantity
from models.errors import CaseNotFound
from models.queries.cases import CaseFile, case_file

LONGEST = 40  # characters of a code


def render(ctx: PageContext) -> None:
    """The file named in the address; a calm sentence if there is none to see."""
    code = st.query_params.get("code", "")[:LONGEST]
    try:
        with read_session() as session:
            file = case_file(session, ctx.viewer, code, as_of=ctx.as_of)
    except CaseNotFound:
        _not_found(ctx, code)
    else:
        _draw(ctx, file)
    ready()


def _not_found(ctx: PageContext, code: str) -> None:
    t = ctx.t
    use_style()
    if not code:
        said = t("Search for a file, or choose one in the list.")
    elif ctx.as_of != ctx.today:
        said = t("No file open to you has the code {code} on {day}.", code=code, day=ctx.as_of)
    else:
        said = t("No file open to you has the code {code}.", code=code)
    show(el("section", el("h2", said), link(address(ctx, "/cases"), t("Cases and incidents")), class_="empty"))
    search_box(ctx)


def _draw(ctx: PageContext, file: CaseFile) -> None:
    use_style()
    with st.container(key="page_head", horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        show(el("h1", el("span", file.code, class_="code"), " ", case_title(ctx, file), class_="case"))
        pick_day(ctx)
    past_note(ctx, "/case")
    show(case_head(ctx, file, why_open=st.query_params.get("why") == "1"), what_is_wrong(ctx, file))
    _course(ctx, file)
    show(clocks_table(ctx, file.clocks), accused_table(ctx, file.accused, file.detail.accused_count))
    _money(ctx, file)
    show(tasks_table(ctx, file.tasks), history(ctx, file))


def _course(ctx: PageContext, file: CaseFile) -> None:
    t = ctx.t
    with st.container(border=True):
        legend = t("tick: last day of a limit, red when missed · diamond: extension · dashed line: day shown")
        show(el("h2", t("Timeline"), el("small", legend), class_="chart"))
        if file.spans:
            bars = stage_bars(ctx, file.spans)
            said = "; ".join(bar.said for bar in bars)
            chart.draw(chart.timeline(bars, marks_of(ctx, file), ctx.as_of, ctx.language), said=said, key="timeline")
        show(events_list(ctx, file.events) if file.events else quiet(t("No event is recorded.")))


def _money(ctx: PageContext, file: CaseFile) -> None:
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
        show(entries_table(ctx, file.entries))


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
