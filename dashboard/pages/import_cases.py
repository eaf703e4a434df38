"""Import in three steps: choose the file, see what it would change and what is refused, apply it once."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components import applying
from dashboard.components.flash import show_flash
from dashboard.components.import_undo import take_back
from dashboard.components.markup import escape_markdown, ready, use_style
from dashboard.components.receipt import KEY as RECEIPT
from dashboard.components.receipt import imports_table, keep_receipt, receipt
from dashboard.components.sender_headings import headings_for, match_headings
from dashboard.components.trial import show_changes, show_refused, trial
from dashboard.components.upload import Upload, choose_upload
from dashboard.components.workbooks import forms
from dashboard.context import PageContext
from models import clock
from models.db import read_session
from models.errors import Forbidden
from models.queries.imports import HeadingsRow, import_batches, remembered_headings
from models.queries.judged import data_version
from models.rules.access import Action, may
from seed.headings import Headings

ROUND = "import_round"
LOOK_SECONDS = 0.2


def render(ctx: PageContext) -> None:
    """The import under way, its receipt, or the three steps; below them the imports so far."""
    if not may(ctx.viewer, Action.RECORD):
        raise Forbidden("import")
    t = ctx.t
    with read_session() as session:
        batches = import_batches(session, ctx.viewer)
        remembered = remembered_headings(session, ctx.viewer)
        version = data_version(session)
    use_style()
    st.title(t("Import"), anchor=False)
    show_flash()
    if work := applying.under_way(ctx.viewer):
        _follow(ctx, work)
    elif RECEIPT in st.session_state:
        receipt(ctx)
        if st.button(t("Import another file"), icon=":material/upload_file:", key="import_again"):
            del st.session_state[RECEIPT]
            st.session_state[ROUND] += 1
            st.rerun()
    else:
        _three_steps(ctx, version, remembered)
    st.subheader(t("Imports so far"), anchor=False)
    if batches:
        imports_table(t, batches)
        take_back(ctx, batches)
    else:
        st.caption(t("No workbook was imported yet."))
    ready()


def _three_steps(ctx: PageContext, version: int, remembered: Sequence[HeadingsRow]) -> None:
    t = ctx.t
    st.caption(t("Three steps: choose the file, look at what it would change, apply it. Nothing is written before."))
    left, right = st.columns([2, 1], gap="large")
    with left:
        st.subheader(t("1. Choose the file"), anchor=False)
        upload = choose_upload(t, key=f"upload_{st.session_state.setdefault(ROUND, 0)}")
    with right:
        st.subheader(t("Forms"), anchor=False)
        forms(ctx)
    if upload is None:
        return
    with st.spinner(escape_markdown(t("Reading and checking {file} …", file=upload.name))):
        headings, name = headings_for(upload, remembered)
        result = trial(ctx, upload, version, headings)
    st.subheader(t("2. What it would change"), anchor=False)
    match_headings(ctx, upload, headings, name)
    if result.errors:
        show_refused(ctx, upload, result)
        return
    show_changes(ctx, result)
    if result.news:
        _apply(ctx, upload, headings)


def _apply(ctx: PageContext, upload: Upload, headings: Headings) -> None:
    t = ctx.t
    st.subheader(t("3. Apply"), anchor=False)
    st.caption(t("All of it is written together, or nothing if something goes wrong."))
    if st.button(t("Apply the import"), type="primary", icon=":material/task_alt:", key="import_apply"):
        _follow(ctx, applying.start(ctx.viewer, upload, now=clock.now(), today=ctx.today, headings=headings))


def _follow(ctx: PageContext, work: applying.Applying) -> None:
    """Show how far the import is until it ends; then its receipt, or what went wrong."""
    bar = st.progress(0.0, ctx.t("Starting …"))
    while not work.ended.wait(LOOK_SECONDS):
        bar.progress(work.share, escape_markdown(work.step_words(ctx.t)))
    applying.seen(ctx.viewer)
    if work.error is not None:
        raise work.error
    if work.result is not None and not work.result.errors:
        keep_receipt(work)  # else the data changed since the trial: it is made again, and shows what is refused now
    st.session_state.setdefault(ROUND, 0)
    st.rerun()
