"""Scheduled runs: what did not run or failed first, then what ran, then the mails; and the scan, now."""

from datetime import datetime

import streamlit as st

from dashboard.components.flash import flash, show_flash
from dashboard.components.frame import escape_markdown
from dashboard.components.markup import ready
from dashboard.components.rows_table import Cell, rows_table
from dashboard.components.scan import scan_now
from dashboard.context import PageContext
from models.db import read_session
from models.enums import N_, RunState
from models.queries.judged import is_fresh, scan_state
from models.queries.runs import MailRow, RunProblem, RunRow, last_runs, missing_or_failed, outbox, unsent_mails
from models.rules.access import Action, may
from models.settings import settings

MARKS = {RunState.FAILED: "bad", RunState.DONE: "good"}
DID = {
    "open": N_("open files"),
    "verdicts_changed": N_("verdicts changed"),
    "flags_opened": N_("flags opened"),
    "flags_closed": N_("flags closed"),
    "mails": N_("mails written"),
    "obligations": N_("obligations named"),
    "already": N_("named before on that day"),
}
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
        scanned = (state.as_of, state.written_at, is_fresh(session, ctx.today)) if state else None
    st.title(t("Scheduled runs"))
    show_flash()
    for problem in problems:
        st.error(_problem(ctx, problem), icon=":material/error:")
    if not problems:
        st.success(t("Every job ran when it was due."), icon=":material/check_circle:")
    _scan(ctx, scanned)
    st.subheader(t("Mails"))
    _mails(ctx, waiting, sent)
    st.subheader(t("Latest runs"))
    if runs:
        _runs(ctx, runs)
    else:
        st.info(t("Nothing has run yet. The jobs run by themselves while the service is on."), icon=":material/info:")
    ready()


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


def _runs(ctx: PageContext, rows: list[RunRow]) -> None:
    t = ctx.t
    headings = (t("Job"), t("For"), t("State"), t("Started"), t("Ended"), t("What it did"))
    rows_table(headings, [_run(ctx, row) for row in rows], key="run_rows")


def _run(ctx: PageContext, row: RunRow) -> tuple[Cell | str, ...]:
    t = ctx.t
    failed = "; ".join(item.get("reason", "") for item in row.failed)
    mark = "bad" if row.failed else MARKS.get(row.state, "")
    tries = t("{n} tries", n=row.tries) if row.tries > 1 else ""
    return (
        t.words(row.title),
        _slot(ctx, row.slot),
        Cell(t.label(row.state), mark=mark, note=tries),
        t.time(row.started_at),
        t.time(row.finished_at) if row.finished_at else "–",
        Cell(_did(ctx, row), note=failed),
    )


def _slot(ctx: PageContext, slot: str) -> str:
    try:
        return ctx.t.date(datetime.fromisoformat(slot).date())
    except ValueError:
        return slot


def _did(ctx: PageContext, row: RunRow) -> str:
    t = ctx.t
    counted = [
        f"{t.number(row.did[key])} {t(words)}" for key, words in DID.items() if isinstance(row.did.get(key), int)
    ]
    return ", ".join(counted) or "–"


def _mails(ctx: PageContext, waiting: list[MailRow], sent: list[MailRow]) -> None:
    t = ctx.t
    if not waiting and not sent:
        st.info(t("No mail was written yet. The daily digest writes them."), icon=":material/info:")
        return
    if waiting and not settings().smtp_url:
        st.info(
            t("No mail server is set (LIEM_SMTP_URL): mails stay here and can be read or copied."),
            icon=":material/outgoing_mail:",
        )
    for mail in waiting[:SHOWN_MAILS]:
        _mail(ctx, mail, t("not sent"))
    if len(waiting) > SHOWN_MAILS:
        more = len(waiting) - SHOWN_MAILS
        st.caption(t.n("… and {n} more that is not sent.", "… and {n} more that are not sent.", more))
    for mail in sent:
        _mail(ctx, mail, t("sent at {at}", at=mail.sent_at))


def _mail(ctx: PageContext, mail: MailRow, state: str) -> None:
    t = ctx.t
    icon = ":material/mark_email_read:" if mail.sent_at else ":material/schedule_send:"
    to = mail.recipient.replace("`", "")  # as code, or the label would make a link of the address
    with st.expander(f"{_slot(ctx, mail.slot)} · `{to}` · {state}", icon=icon):
        if mail.last_error:
            st.warning(escape_markdown(t("The last try failed: {why}", why=mail.last_error)), icon=":material/warning:")
        if mail.body is None:
            st.caption(t("The text names files and is shown to those who may read files."))
            return
        st.text(mail.subject or "")
        st.text(mail.body)
