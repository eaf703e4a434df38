"""Import in three steps: choose the file, see what it would change and what is refused, apply it once."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from dashboard.components import applying
from dashboard.components.address import address
from dashboard.components.findings import changes_table, findings_table, moving
from dashboard.components.frame import escape_markdown
from dashboard.components.markup import el, link, ready, show, use_style
from dashboard.components.rows_table import rows_table
from dashboard.components.upload import Upload, choose_upload
from dashboard.context import PageContext
from models import clock
from models.db import read_session
from models.errors import Forbidden
from models.queries.imports import BatchRow, import_batches
from models.queries.judged import data_version
from models.rules.access import Action, Viewer, may
from models.text import Translator
from seed.export import export_file
from seed.load import ImportResult, annotate, import_file
from seed.template import write_template

RECEIPT, ROUND = "import_receipt", "import_round"
LOOK_SECONDS = 0.2
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def render(ctx: PageContext) -> None:
    """Receipt, or the import under way, or the three steps; below them the imports so far."""
    if not may(ctx.viewer, Action.RECORD):
        raise Forbidden("import")
    t = ctx.t
    with read_session() as session:
        batches = import_batches(session, ctx.viewer)
        version = data_version(session)
    use_style()
    st.title(t("Import"), anchor=False)
    if work := applying.under_way(ctx.viewer):
        _follow(ctx, work)
    elif RECEIPT in st.session_state:
        _receipt(ctx, st.session_state[RECEIPT])
    else:
        _three_steps(ctx, version)
    _past(ctx, batches)
    ready()


# --- the three steps -------------------------------------------------------------------------------------------------


def _three_steps(ctx: PageContext, version: int) -> None:
    t = ctx.t
    st.caption(t("Three steps: choose the file, look at what it would change, apply it. Nothing is written before."))
    left, right = st.columns([2, 1], gap="large")
    with left:
        st.subheader(t("1. Choose the file"), anchor=False)
        upload = choose_upload(t, key=f"upload_{st.session_state.setdefault(ROUND, 0)}")
    with right:
        _downloads(ctx)
    if upload is None:
        return
    with st.spinner(t("Reading and checking {file} …", file=upload.name)):
        result = _trial(upload.sha256, version, ctx.today, ctx.viewer.name, _upload=upload, _ctx=ctx)
    st.subheader(t("2. What it would change"), anchor=False)
    if result.errors:
        _refused(ctx, upload, result)
        _warnings(ctx, result)
        return
    _what(ctx, result)
    if result.news:
        _apply(ctx, upload)


@st.cache_data(max_entries=8, ttl=1800, show_spinner=False)
def _trial(sha256: str, version: int, today: date, account: str, *, _upload: Upload, _ctx: PageContext) -> ImportResult:
    """What the upload would do to the data as it is; asked once per file and state of the data."""
    with _upload.on_disk() as path:
        return import_file(path, _ctx.viewer, now=_ctx.now, today=today, dry_run=True, name=_upload.name)


def _what(ctx: PageContext, result: ImportResult) -> None:
    t = ctx.t
    if not result.news:
        st.info(t("Nothing new: everything in this file is recorded already."), icon=":material/info:")
    _counts(t, result.counts, key="import_counts")
    _warnings(ctx, result)
    if listed := moving(result):
        with st.expander(t.n("{n} file with news", "{n} files with news", len(listed)), expanded=len(listed) <= 20):
            changes_table(t, listed, key="import_changes")


def _warnings(ctx: PageContext, result: ImportResult) -> None:
    t, many = ctx.t, len(result.warnings)
    if not many:
        return
    said = t.n("{n} warning: it does not stop the import", "{n} warnings: they do not stop the import", many)
    with st.expander(said, icon=":material/warning:"):
        findings_table(t, result.warnings, key="import_warnings")


def _counts(t: Translator, counts: dict[str, dict[str, int]], *, key: str) -> None:
    names = {"cases": t("Files"), "events": t("Events"), "entries": t("Amounts"), "tasks": t("Tasks")}
    states = ("new", "changed", "unchanged")
    rows = [
        (name, *(t.number(counts[kind][state]) if state in counts[kind] else "–" for state in states))
        for kind, name in names.items()
        if kind in counts
    ]
    headings = (t("In the file"), t("New"), t("Changed"), t("Unchanged"))
    rows_table(headings, rows, key=key, right=(1, 2, 3), narrow=True)


def _refused(ctx: PageContext, upload: Upload, result: ImportResult) -> None:
    t, many = ctx.t, len(result.errors)
    st.error(
        t.n(
            "{n} cell is refused, so nothing can be written. Correct it in the file and choose the file again.",
            "{n} cells are refused, so nothing can be written. Correct them in the file and choose the file again.",
            many,
        ),
        icon=":material/error:",
    )
    st.download_button(
        t("Download the workbook with the refused cells in red"),
        data=lambda: _annotated(upload, result, t),
        file_name=t("refused-{file}", file=f"{Path(upload.name).stem}.xlsx"),
        mime=XLSX,
        icon=":material/download:",
        on_click="ignore",
        key="import_annotated",
    )
    findings_table(t, result.errors, key="import_errors", mark="bad")


def _annotated(upload: Upload, result: ImportResult, t: Translator) -> bytes:
    with upload.on_disk() as path, TemporaryDirectory(prefix="liem-annotated-") as folder:
        out = Path(folder, "annotated.xlsx")
        annotate(path, result, out, t=t)
        return out.read_bytes()


def _apply(ctx: PageContext, upload: Upload) -> None:
    t = ctx.t
    st.subheader(t("3. Apply"), anchor=False)
    st.caption(t("All of it is written together, or nothing if something goes wrong."))
    if st.button(t("Apply the import"), type="primary", icon=":material/task_alt:", key="import_apply"):
        _follow(ctx, applying.start(ctx.viewer, upload, now=clock.now(), today=ctx.today))


# --- under way, and its end ------------------------------------------------------------------------------------------


def _follow(ctx: PageContext, work: applying.Applying) -> None:
    """Show how far the import is until it ends; then its receipt."""
    t = ctx.t
    bar = st.progress(0.0, t("Starting …"))
    while not work.ended.wait(LOOK_SECONDS):
        step = t("Writing {file} …", file=work.file) if work.writes else t("Checking {file} …", file=work.file)
        bar.progress(work.share, step)
    applying.seen(ctx.viewer)
    if work.error is not None:
        raise work.error
    result = work.result
    if result is None or result.errors:
        st.rerun()  # the data changed since the trial: it is made again, and shows what is refused now
    scanned = work.scanned
    st.session_state[RECEIPT] = {
        "file": work.file,
        "batch": result.batch_id,
        "counts": result.counts,
        "late": scanned.late if scanned else None,
        "open": scanned.open if scanned else None,
    }
    st.rerun()


def _receipt(ctx: PageContext, kept: dict[str, Any]) -> None:
    t = ctx.t
    if kept["batch"] is None:
        st.info(t("Nothing new: everything in this file is recorded already."), icon=":material/info:")
    else:
        done = t("Import {number} is applied: {file}.", number=kept["batch"], file=kept["file"])
        st.success(escape_markdown(done), icon=":material/check_circle:")
        _counts(t, kept["counts"], key="import_receipt_counts")
        _late(ctx, kept)
    if st.button(t("Import another file"), icon=":material/upload_file:", key="import_again"):
        del st.session_state[RECEIPT]
        st.session_state[ROUND] += 1
        st.rerun()


def _late(ctx: PageContext, kept: dict[str, Any]) -> None:
    t = ctx.t
    if kept["late"] is None:
        st.warning(t("The files could not be judged afresh now; the next scan does it."), icon=":material/warning:")
        return
    said = t("Judged afresh: {late} of {open} open files are late.", late=kept["late"], open=kept["open"])
    show(el("p", said, " ", link(address(ctx, "/deadlines"), t("See the deadlines"))))


# --- downloads and the past ------------------------------------------------------------------------------------------


def _downloads(ctx: PageContext) -> None:
    t, viewer, today = ctx.t, ctx.viewer, ctx.today
    st.subheader(t("Forms"), anchor=False)
    st.download_button(
        t("Empty workbook to fill in"),
        data=lambda: _template(t),
        file_name=t("liem-template.xlsx"),
        mime=XLSX,
        icon=":material/download:",
        on_click="ignore",
        key="import_template",
    )
    if may(viewer, Action.EXPORT):
        st.download_button(
            t("Everything recorded, as a workbook"),
            data=lambda: _export(viewer, today),
            file_name=f"liem-{today.isoformat()}.xlsx",
            mime=XLSX,
            icon=":material/download:",
            on_click="ignore",
            key="import_export",
        )


def _template(t: Translator) -> bytes:
    with TemporaryDirectory(prefix="liem-template-") as folder:
        write_template(Path(folder, "template.xlsx"), t=t)
        return Path(folder, "template.xlsx").read_bytes()


def _export(viewer: Viewer, today: date) -> bytes:
    with TemporaryDirectory(prefix="liem-export-") as folder:
        out = Path(folder, f"liem-{today.isoformat()}.xlsx")
        export_file(out, viewer, now=clock.now(), today=today)
        return out.read_bytes()


def _past(ctx: PageContext, batches: list[BatchRow]) -> None:
    t = ctx.t
    st.subheader(t("Imports so far"), anchor=False)
    if not batches:
        st.caption(t("No workbook was imported yet."))
        return
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


def _batch(t: Translator, batch: BatchRow) -> tuple[str, ...]:
    cases, events = batch.counts.get("cases", {}), batch.counts.get("events", {})
    entries = batch.counts.get("entries", {})
    return (
        str(batch.id),
        batch.file_name,
        t.time(batch.applied_at),
        batch.applied_by or t("system operator"),
        f"{t.number(cases.get('new', 0))} / {t.number(cases.get('changed', 0))}",
        t.number(events.get("new", 0)),
        t.number(entries.get("new", 0)),
    )
