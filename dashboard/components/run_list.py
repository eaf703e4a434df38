"""Runs of jobs and mails of the outbox, each as people read them."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard.components.markup import escape_markdown
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.enums import N_, RunState
from models.queries.runs import MailRow, RunRow
from models.settings import settings

MARKS = {RunState.FAILED: "bad", RunState.DONE: "good"}
DID = {
    "open": N_("open files"),
    "judged": N_("files judged afresh"),
    "verdicts_changed": N_("verdicts changed"),
    "flags_opened": N_("flags opened"),
    "flags_closed": N_("flags closed"),
    "mails": N_("mails written"),
    "obligations": N_("obligations named"),
    "already": N_("named before on that day"),
    "backups": N_("backups made"),
    "removed": N_("old backups removed"),
    "drills": N_("drills"),
    "proved": N_("backups proved"),
    "records": N_("records compared with the audit chain"),
    "bad": N_("found altered"),
    "archived": N_("rows of the log archived"),
    "missing": N_("years missing in the calendar"),
    "disabled": N_("unused accounts disabled"),
    "kept": N_("kept although unused"),
}


def runs_table(ctx: PageContext, rows: Sequence[RunRow]) -> None:
    """What ran, when, how it ended and what it did."""
    t = ctx.t
    headings = (t("Job"), t("Day"), t("State"), t("Started"), t("Ended"), t("What it did"))
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
    counts = {key: len(value) if isinstance(value, list) else value for key, value in row.did.items()}
    counted = [f"{t.number(counts[key])} {t(said)}" for key, said in DID.items() if isinstance(counts.get(key), int)]
    return ", ".join(counted) or "–"


def mail_list(ctx: PageContext, waiting: Sequence[MailRow], sent: Sequence[MailRow], *, most: int) -> None:
    """Mails that wait, the oldest first, then those that left; each unfolds to its text. At most `most` that wait."""
    t = ctx.t
    if not waiting and not sent:
        st.info(t("No mail was written yet. The daily digest writes them."), icon=":material/info:")
        return
    if waiting and not settings().smtp_url:
        st.info(
            t("No mail server is set (LIEM_SMTP_URL): mails stay here and can be read or copied."),
            icon=":material/outgoing_mail:",
        )
    for mail in waiting[:most]:
        _mail(ctx, mail, t("not sent"))
    if len(waiting) > most:
        more = len(waiting) - most
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
