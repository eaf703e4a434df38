"""Who changed a fact, when, before, after and why: one click away from the fact."""

import streamlit as st

from dashboard.components.address import address
from dashboard.components.forms.saving import told
from dashboard.components.markup import el, link, show
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.db import read_session
from models.queries.cases import CaseFile
from models.queries.history import history_of
from models.rules.versions import DEEDS, Change, Subject

FIRST = 60  # changes shown


def fact_history(ctx: PageContext, file: CaseFile) -> None:
    """The changes of the fact that the address names, newest first."""
    t = ctx.t
    of, id = st.query_params.get("of", ""), st.query_params.get("id", "")[:40]
    subject = Subject(of) if of in set(Subject) else Subject.DETAIL
    with read_session() as session:
        changes = history_of(session, ctx.viewer, file.code, subject, fact_id=_which(file, subject, id))
    away = link(address(ctx, "/case", code=file.code), t("Close"))
    with st.container(key="fact_history", border=True):
        show(el("h2", t("History"), " ", el("small", away), class_="chart"))
        if not changes:
            show(el("p", t("Nothing is recorded."), class_="quiet"))
            return
        headings = (t("When, who"), t("What"), t("Field"), t("Before"), t("After"), t("Why"))
        rows_table(headings, [row for change in changes[:FIRST] for row in _rows(ctx, change)], key="history_rows")


def _which(file: CaseFile, subject: Subject, id: str) -> int:
    if subject is Subject.ACCUSED:
        return next((row.id for row in file.accused if row.code == id), 0)
    return int(id) if id.isdecimal() and len(id) < 10 else 0


def _rows(ctx: PageContext, change: Change) -> list[tuple[Cell | str, ...]]:
    """A row per field; who, when and why stand once."""
    t = ctx.t
    when = Cell(t.time(change.at), note=change.name or change.who or t("import or system"))
    what = Cell(t.words(change.told), note=t.words(DEEDS[change.deed]))
    why = t.words(change.why) if change.why else "–"
    fields = [(t.words(each.label), told(t, each, each.before), told(t, each, each.after)) for each in change.fields]
    first, *others = fields or [("", "", "")]
    return [(when, what, *first, why), *(("", "", *each, "") for each in others)]
