"""Asset recovery: damage, to be recovered, secured, recovered, outstanding; in all and file by file."""

import streamlit as st

from dashboard.components.address import address
from dashboard.components.chooser import PAGE_ROWS, leave_empty_page, page_number, page_turner
from dashboard.components.figure_cards import figure_cards
from dashboard.components.list_button import list_button
from dashboard.components.markup import ready
from dashboard.components.page_head import page_head
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from exports.lists import money_list
from models import clock
from models.db import read_session
from models.queries.assets import RecoveryPage, RecoveryRow, recovery_page
from models.queries.figures import Figure, Figures, day_figures

TOTALS = ("damage", "must_recover", "eligible", "secured", "recovered", "outstanding")
RATES = ("rate.strict", "rate.official")


def render(ctx: PageContext) -> None:
    """The totals with their definitions, both rates, and the files, the most outstanding first."""
    t = ctx.t
    with read_session() as session:
        figures = day_figures(session, ctx.viewer, as_of=ctx.as_of)
        listed = recovery_page(session, ctx.viewer, as_of=ctx.as_of, page=page_number(), size=PAGE_ROWS)
    leave_empty_page(listed.rows, listed.total)
    page_head(ctx, t("Asset recovery"), "/assets")
    st.caption(t("Secured (seized, frozen or attached) is not recovered."))
    if not listed.total:
        st.info(
            t("No amounts are recorded yet. They come in with the money columns of the list or the money sheet."),
            icon=":material/info:",
        )
    else:
        _draw(ctx, figures, listed)
    ready()


def _draw(ctx: PageContext, figures: Figures, listed: RecoveryPage) -> None:
    t = ctx.t
    figure_cards([figures[f"money.{name}"] for name in TOTALS], t, key="recovery_totals")
    st.subheader(t("Recovery rates"))
    for name in RATES:
        st.markdown(_rate(ctx, figures[name]), help=t.words(figures[name].definition))
    st.subheader(t("File by file"))
    _files(ctx, listed.rows)
    page_turner(listed.total, t)
    list_button(ctx, "assets", lambda: money_list(ctx.viewer, as_of=ctx.as_of, t=t, now=clock.now()))


def _rate(ctx: PageContext, rate: Figure) -> str:
    t = ctx.t
    values = {
        "rate": t.percent(rate.numerator or 0, rate.denominator or 0),
        "part": t.money(rate.numerator),
        "whole": t.money(rate.denominator),
        "name": rate.denominator_name,
        "day": ctx.as_of,
    }
    return t("**{rate}** {name}: {part} recovered of {whole}, on {day}.", **values)


def _files(ctx: PageContext, rows: tuple[RecoveryRow, ...]) -> None:
    t = ctx.t
    headings = (
        t("File"),
        t("Damage"),
        t("To be recovered"),
        t("Secured"),
        t("Recovered"),
        t("Outstanding"),
        t("Recovered / to be recovered"),
    )
    rows_table(headings, [_shown(ctx, row) for row in rows], key="recovery_files", right=range(1, 7))


def _shown(ctx: PageContext, row: RecoveryRow) -> tuple[Cell, ...]:
    t = ctx.t
    title = row.title_en if ctx.language == "en" and row.title_en else row.title
    amounts = (row.damage_vnd, row.must_recover_vnd, row.secured_vnd, row.recovered_vnd, row.outstanding_vnd)
    must = row.must_recover_vnd
    rate = "–" if must is None else t.percent(row.recovered_vnd or 0, must)
    return (
        Cell(row.code, href=address(ctx, "/case", code=row.code), note=title),
        *(Cell(t.money(amount), hint=t.exact(amount)) for amount in amounts),
        Cell(rate, mark="line"),
    )
