"""The documents of a file: a list with downloads, and for the secretariat the ways to attach one or take one off."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.markup import el, link, show
from dashboard.components.record.links import form_address, may_record
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.db import read_session
from models.enums import Secrecy
from models.queries.attachments import DocumentRow, documents


def documents_section(ctx: PageContext, code: str) -> None:
    """The section; nothing is asked of the database before it is opened."""
    t = ctx.t
    section = st.expander(t("Documents"), icon=":material/attach_file:", key=f"documents_{code}", on_change="rerun")
    if not section.open:
        return
    with section:
        with read_session() as session:
            rows = documents(session, ctx.viewer, code)
        if rows:
            _list(ctx, code, rows)
        else:
            st.caption(t("No document is registered with this file."))
        if may_record(ctx):
            way = link(form_address(ctx, code, "document"), t("Attach a document"), class_="action")
            show(el("p", way, class_="actions"))


def _list(ctx: PageContext, code: str, rows: Sequence[DocumentRow]) -> None:
    t = ctx.t
    headings: tuple[str, ...] = (t("Number"), t("Date"), t("Document"), t("Issued by"), t("Kept where"))
    cells = [_row(ctx, row) for row in rows]
    if may_record(ctx):
        headings = (*headings, "")
        offs = [Cell(t("Take off"), href=form_address(ctx, code, "take_off_document", row.id)) for row in rows]
        cells = [(*each, off) for each, off in zip(cells, offs, strict=True)]
    rows_table(headings, cells, key="documents_list")


def _row(ctx: PageContext, row: DocumentRow) -> tuple[Cell | str, ...]:
    t = ctx.t
    secret = row.secrecy is not Secrecy.NONE
    name = t.label(row.secrecy) if secret else row.title or row.file_name or "–"
    by = t("recorded by {who}, {time}", who=row.recorded_by or t("system operator"), time=t.time(row.recorded_at))
    kept: Cell | str = row.holder or t("only registered here")
    if row.size:
        size = t("{name} · {n} kB", name=row.file_name, n=max(1, row.size // 1024))
        kept = Cell(size, href=f"/attachment/{row.id}", note=row.holder)
    return (
        row.number or "–",
        t.date(row.dated_on) if row.dated_on else "–",
        Cell(name, note=by, mark="bad" if secret else ""),
        row.body or "–",
        kept,
    )
