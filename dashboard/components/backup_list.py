"""The backups that were made, and whether putting them back was proved."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.rows_table import Cell, rows_table
from dashboard.components.watch import proved_words
from dashboard.context import PageContext
from models.queries.backups import BackupRow, BackupState, backup_faults

MEGABYTE = 2**20


def backup_list(ctx: PageContext, state: BackupState, rows: Sequence[BackupRow]) -> None:
    """What is wrong, the date of the last proved restore, and the newest archives."""
    t = ctx.t
    for fault in backup_faults(state, ctx.viewer, now=ctx.now):
        st.warning(t.words(fault), icon=":material/warning:")
    st.caption(_sentence(proved_words(ctx, state)))
    if rows:
        headings = (t("Made"), t("Archive"), t("Size"), t("Sealed"), t("Proved by putting it back"))
        rows_table(headings, [_row(ctx, row) for row in rows], key="backup_rows", right=(2,))


def _row(ctx: PageContext, row: BackupRow) -> tuple[Cell | str, ...]:
    t = ctx.t
    gone = t("removed at {at}", at=row.removed_at) if row.removed_at else row.folder
    proved = Cell(t.time(row.proved_at), mark="good") if row.proved_at else Cell("–")
    return (
        t.time(row.made_at),
        Cell(row.file_name, note=gone),
        t("{n} MB", n=t.number(row.size / MEGABYTE, 1)),
        t("yes") if row.sealed else t("no"),
        proved,
    )


def _sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}."
