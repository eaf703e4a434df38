"""Scheduled runs: what did not run or failed first, the scan, the backups, the mails, then what ran."""

from datetime import datetime

import streamlit as st

from dashboard.components.backup_list import backup_list
from dashboard.components.flash import flash, show_flash
from dashboard.components.markup import ready
from dashboard.components.run_list import mail_list, runs_table
from dashboard.components.scan import scan_now
from dashboard.components.watch import broken_words
from dashboard.context import PageContext
from models.db import read_session
from models.queries.audit_log import broken_chain
from models.queries.backups import backup_state, last_backups
from models.queries.judged import is_fresh, scan_state
from models.queries.runs import ClockStep, RunProblem, clock_step, last_runs, missing_or_failed, outbox, unsent_mails
from models.rules.access import Action, may

SHOWN_MAILS = 20


def render(ctx: PageContext) -> None:
    """Problems in plain words, the button, the runs, the mails."""
    t = ctx.t
    with read_session() as session:
        problems = missing_or_failed(session, now=ctx.now)
        runs = last_runs(session, ctx.viewer)
        waiting = unsent_mails(session, ctx.viewer)
        sent = [mail for mail in outbox(session, ctx.viewer, limit=SHOWN_MAILS) if mail.sent_at]
        state = scan_state(session)
        backups, copies = backup_state(session, ctx.viewer), last_backups(session, ctx.viewer)
        step, chain = clock_step(session, ctx.viewer), broken_chain(session, ctx.viewer)
        scanned = (state.as_of, state.written_at, is_fresh(session, ctx.today)) if state else None
    st.title(t("Scheduled runs"))
    show_flash()
    if chain:
        st.error(broken_words(ctx, chain), icon=":material/gpp_bad:")
    for problem in problems:
        st.error(_problem(ctx, problem), icon=":material/error:")
    if not problems:
        st.success(t("Every job ran when it was due."), icon=":material/check_circle:")
    if step:
        st.warning(_step(ctx, step), icon=":material/history_toggle_off:")
    _scan(ctx, scanned)
    if backups:
        st.subheader(t("Backups"))
        backup_list(ctx, backups, copies)
    st.subheader(t("Mails"))
    mail_list(ctx, waiting, sent, most=SHOWN_MAILS)
    st.subheader(t("Latest runs"))
    if runs:
        runs_table(ctx, runs)
    else:
        st.info(t("Nothing has run yet. The jobs run by themselves while the service is on."), icon=":material/info:")
    ready()


def _step(ctx: PageContext, step: ClockStep) -> str:
    return ctx.t(
        "The machine's clock went back, from about {before} to about {after}. Nothing was lost or done twice; what was "
        "recorded in between carries wrong times. Have the administrator check the time service.",
        before=step.before,
        after=step.after,
    )


def _problem(ctx: PageContext, problem: RunProblem) -> str:
    t = ctx.t
    return t(
        "{what} It was due at {at}. It is tried again by itself while the jobs are running; if this stays, the "
        "administrator should check the service.",
        what=problem.sentence,
        at=problem.due_at,
    )


def _scan(ctx: PageContext, scanned: tuple[object, datetime, bool] | None) -> None:
    t = ctx.t
    if scanned is None:
        st.caption(t("The files were never scanned."))
    elif scanned[2]:
        st.caption(t("Files scanned for {day} at {at}; nothing has changed since.", day=scanned[0], at=scanned[1]))
    else:
        st.caption(t("Files scanned for {day} at {at}; data or day have changed since.", day=scanned[0], at=scanned[1]))
    if not may(ctx.viewer, Action.RUN_JOBS):
        return
    if st.button(t("Run the scan now"), icon=":material/radar:", key="scan_now"):
        with st.spinner(t("Judging every open file …")):
            done = scan_now(ctx.viewer, today=ctx.today, now=ctx.now)
        flash(done.sentence(t), "success" if done.ok else "error")
        st.rerun()
