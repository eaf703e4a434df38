"""What changed since a session, counted with the codes of the files: what a session brief says."""

from datetime import date

import streamlit as st

from dashboard.components.address import address
from dashboard.components.markup import join, link
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.db import read_session
from models.queries.overview import Changes, changes_since
from models.queries.tasks import SessionRow


def session_changes(ctx: PageContext, since: SessionRow, as_of: date) -> None:
    """The table of changes between the day of the session `since` and `as_of`."""
    t = ctx.t
    with read_session() as session:
        found = changes_since(session, ctx.viewer, since=since, as_of=as_of)
    title = t("Changes since session {number}, {day}", number=since.number, day=since.held_on)
    st.markdown(f"**{title}**")
    rows_table((t("What changed"), t("Value"), t("Files")), _rows(ctx, found), key="session_changes", right=(1,))


def _rows(ctx: PageContext, found: Changes) -> list[tuple[Cell | str, ...]]:
    t = ctx.t
    lists = (
        (t("New files"), found.new),
        (t("Ended"), found.ended),
        (t("Moved on to another stage"), found.moved),
        (t("Became late"), found.newly_late),
        (t("No longer late"), found.no_longer_late),
    )
    rows: list[tuple[Cell | str, ...]] = [(title, t.number(len(codes)), _links(ctx, codes)) for title, codes in lists]
    money = Cell(t.money(found.recovered_vnd), hint=t.exact(found.recovered_vnd))
    tasks = t("{n} of {total}", n=found.tasks_done, total=found.tasks_total)
    return [*rows, (t("Recovered"), money, ""), (t("Conclusions of that session done"), tasks, "")]


def _links(ctx: PageContext, codes: tuple[str, ...]) -> str:
    """Each file as a link to it; a dash for none."""
    return join([link(address(ctx, "/case", code=code), code) for code in codes], ", ") if codes else "–"
