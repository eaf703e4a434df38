"""Rows of the audit log as people read them; one of them opened to what was before and after."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.address import address, here
from dashboard.components.markup import escape_markdown
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.queries.audit_log import LogRow
from models.rules.access import Action, may
from models.rules.chain import SHORT


def log_table(ctx: PageContext, rows: Sequence[LogRow]) -> None:
    """When, who, what, about what; the number opens the row."""
    t = ctx.t
    headings = (t("Row"), t("Time"), t("Who"), t("What"), t("About"), t("Address"))
    rows_table(headings, [_row(ctx, row) for row in rows], key="log_rows")


def _row(ctx: PageContext, row: LogRow) -> tuple[Cell | str, ...]:
    t = ctx.t
    opened = Cell(t.number(row.id), href=here(ctx, "/audit", row=row.id), hint=t("Before and after"))
    return opened, t.time(row.at), row.who, t.words(row.deed), _about(ctx, row), row.address or "–"


def _about(ctx: PageContext, row: LogRow) -> Cell | str:
    if row.about is None:
        return "–"
    href = address(ctx, "/case", code=row.case_code) if row.case_code and may(ctx.viewer, Action.READ_FILES) else ""
    return Cell(ctx.t.words(row.about), href=href)


def opened_row(ctx: PageContext, rows: Sequence[LogRow]) -> None:
    """The row of this page that the address names, with its values."""
    t = ctx.t
    wanted = st.query_params.get("row", "")
    row = next((row for row in rows if str(row.id) == wanted), None)
    if row is None:
        return
    with st.container(border=True, key="opened_row"):
        about = f" · {t.words(row.about)}" if row.about else ""
        st.subheader(escape_markdown(t("Row {n}", n=t.number(row.id)) + f": {t.words(row.deed)}{about}"), anchor=False)
        st.caption(escape_markdown(t("{who}, {at}; hash {hash}", who=row.who, at=row.at, hash=row.hash[:SHORT])))
        if row.values is None:
            st.info(t("What was written is shown to those who may read the files."), icon=":material/lock:")
        elif row.values:
            lines = [[t.words(v.label), _shown(ctx, v.before), _shown(ctx, v.after)] for v in row.values]
            rows_table((t("Detail"), t("Before"), t("After")), lines, key="log_values")
        else:
            st.caption(t("The row says nothing more."))
        hashes = [row.before_hash[:SHORT] or "–", row.after_hash[:SHORT] or "–"]
        st.caption(t("Hash before: {before} · hash after: {after}", before=hashes[0], after=hashes[1]))


def _shown(ctx: PageContext, value: object) -> str:
    return "–" if value in (None, "") else ctx.t("{value}", value=value)
