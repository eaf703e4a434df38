"""What an import came to: counts, files judged afresh; and the imports before it."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components.address import address
from dashboard.components.applying import Applying
from dashboard.components.markup import el, escape_markdown, link, show
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.queries.imports import BatchRow
from models.text import Translator

KEY = "import_receipt"


def keep_receipt(work: Applying) -> None:
    """Keep how a finished import ended as plain values, until the person has read it."""
    assert work.result is not None
    st.session_state[KEY] = {
        "file": work.file,
        "batch": work.result.batch_id,
        "counts": work.result.counts,
        "late": work.scanned.late if work.scanned else None,
        "open": work.scanned.open if work.scanned else None,
    }


def receipt(ctx: PageContext) -> None:
    """What was written, and how many files are late now."""
    t, kept = ctx.t, st.session_state[KEY]
    if kept["batch"] is None:
        st.info(t("Nothing new: everything in this file is recorded already."), icon=":material/info:")
        return
    done = t("Import {number} is applied: {file}.", number=kept["batch"], file=kept["file"])
    st.success(escape_markdown(done), icon=":material/check_circle:")
    counts_table(t, kept["counts"], key="import_receipt_counts")
    _late(ctx, kept)


def _late(ctx: PageContext, kept: Mapping[str, Any]) -> None:
    t = ctx.t
    if kept["late"] is None:
        st.warning(t("The files could not be judged afresh now; the next scan does it."), icon=":material/warning:")
        return
    said = t("Judged afresh: {late} of {open} open files are late.", late=kept["late"], open=kept["open"])
    show(el("p", said, " ", link(address(ctx, "/deadlines"), t("See the deadlines"))))


def counts_table(t: Translator, counts: Mapping[str, Mapping[str, int]], *, key: str) -> None:
    """New, changed and unchanged per kind of fact; a dash where a kind knows no such state."""
    names = {"cases": t("Files"), "events": t("Events"), "entries": t("Amounts"), "tasks": t("Tasks"),
             "requests": t("Coordination requests")}  # fmt: skip
    states = ("new", "changed", "unchanged")
    rows = [
        (name, *(t.number(counts[kind][state]) if state in counts[kind] else "–" for state in states))
        for kind, name in names.items()
        if kind in counts
    ]
    headings = (t("In the file"), t("New"), t("Changed"), t("Unchanged"))
    rows_table(headings, rows, key=key, right=(1, 2, 3), narrow=True)


def imports_table(t: Translator, batches: Sequence[BatchRow]) -> None:
    """The imports that changed something, newest first."""
    headings = (
        t("Number"),
        t("Workbook"),
        t("When"),
        t("Who"),
        t("Files new / changed"),
        t("Events new"),
        t("Amounts new"),
    )
    rows_table(headings, [_batch(t, batch) for batch in batches], key="import_batches", right=(4, 5, 6))


def _batch(t: Translator, batch: BatchRow) -> tuple[Cell | str, ...]:
    cases, events = batch.counts.get("cases", {}), batch.counts.get("events", {})
    entries = batch.counts.get("entries", {})
    taken_back = (
        t("taken back {time}: {why}", time=t.time(batch.undone_at), why=batch.undo_reason) if batch.undone_at else ""
    )
    return (
        str(batch.id),
        Cell(batch.file_name, note=taken_back),
        t.time(batch.applied_at),
        batch.applied_by or t("system operator"),
        f"{t.number(cases.get('new', 0))} / {t.number(cases.get('changed', 0))}",
        t.number(events.get("new", 0)),
        t.number(entries.get("new", 0)),
    )
