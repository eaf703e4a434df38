"""Forms of coordination requests: a new one, what became of one, and a correction with its reason."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboard.components.acts import Act, Rows, plainly, today_of, version_of
from dashboard.components.forms.fields import choice, long_text, text, tick
from dashboard.components.forms.measures import day, plain_day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.saving import told as told_value
from dashboard.components.forms.state import Form
from dashboard.components.record.whereto import file_field
from dashboard.context import PageContext
from models.changes import coordination as changes
from models.changes.coordination import RequestDraft
from models.db import Session, read_session
from models.enums import N_, CoordinationKind
from models.errors import FieldErrors
from models.queries.coordination import RequestRow, agencies_to_name, request_history, request_row
from models.rules.words import Words, words

LABELS = {
    "subject": N_("What is asked for"), "asks": N_("Who asks"), "asked": N_("Whose answer is awaited"),
    "kind": N_("Kind"), "case_code": N_("File"), "urgent": N_("Urgent"), "document": N_("Number and symbol"),
    "document_on": N_("Date of the document"), "sent_on": N_("Sent on"), "received_on": N_("Received on"),
    "due_on": N_("Reply asked for by"), "legal_basis": N_("Legal basis"),
}  # fmt: skip
REPLY = {
    "replied_on": N_("Reply received on"), "reply_document": N_("Document of the reply"),
    "partial": N_("The reply is partial"), "reply_summary": N_("Summary of the reply"),
    "escalated_on": N_("Escalated on"), "cancelled_on": N_("Withdrawn on"),
}  # fmt: skip
REASON = {"reason": N_("Reason")}
DAYS = [each.name for each in fields(RequestDraft) if each.name.endswith("_on")]


def new_act(case_code: str = "") -> Act:
    """A request that was sent, about this file if one is named."""

    def start(ctx: PageContext) -> dict[str, Any]:
        return {"sent_on": plain_day(ctx.today), "kind": CoordinationKind.INFORMATION.value, "case_code": case_code}

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        made = changes.send_request(session, ctx.viewer, _draft(form), now=now, today=today_of(now))
        return ctx.t("The request {code} is recorded.", code=made.code)

    return Act(N_("Record a request"), start, _draw, save, N_("Save the request"), LABELS, shown=shown)


def correct_act(code: str) -> Act:
    """Every field of a request as it is recorded, to be put right with a reason."""

    def start(ctx: PageContext) -> dict[str, Any]:
        row = _row(ctx, code)
        facts = {name: getattr(row.facts, name, None) for name in DAYS} | {"document_on": row.document_on}
        return {
            "version": row.version, "subject": row.subject, "asks": row.asks.code, "asked": row.asked.code,
            "kind": row.kind.value, "case_code": row.case_code, "urgent": row.urgent, "document": row.document,
            "legal_basis": row.legal_basis, "reply_document": row.reply_document, "reply_summary": row.reply_summary,
            "partial": row.facts.partial, **{name: plain_day(found) for name, found in facts.items()},
        }  # fmt: skip

    def draw(ctx: PageContext, form: Form) -> None:
        _draw(ctx, form, _row(ctx, code))
        _draw_reply(ctx, form)
        text(ctx, form, "reason", ctx.t("Reason of the correction"), needed=True)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        draft, why = _draft(form, with_reply=True), _reason(form)
        changes.correct(
            session, ctx.viewer, code, version=version_of(form), draft=draft, reason=why, now=now, today=today_of(now)
        )
        return ctx.t("The request {code} is corrected.", code=code)

    return Act(N_("Correct the request"), start, draw, save, N_("Save the correction"), LABELS | REPLY | REASON,
               theirs_of(code), shown)  # fmt: skip


def receipt_act(code: str) -> Act:
    """The agency asked has it since that day."""

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        on = _read_day(form)
        with _renamed(received_on="on"):
            changes.note_receipt(session, ctx.viewer, code, version=version_of(form), received_on=on, now=now,
                                 today=today_of(now))  # fmt: skip
        return _up_to_date(ctx, code)

    return _step(code, N_("It was received"), lambda ctx, form: _day(ctx, form, ctx.t("Received on")), save, {
        "on": N_("Received on")
    })  # fmt: skip


def reply_act(code: str, *, partial: bool = False) -> Act:
    """The answer came, or a part of it."""

    def draw(ctx: PageContext, form: Form) -> None:
        if partial:
            st.caption(ctx.t("A partial reply is no reply: the request goes on waiting."))
        _day(ctx, form, ctx.t("Reply received on"))
        text(ctx, form, "document", ctx.t("Document of the reply"), placeholder=ctx.t("number, date, who issued it"))
        long_text(ctx, form, "summary", ctx.t("Summary of the reply"))

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        reading, on = Reading(form), _read_day(form)
        with _renamed(replied_on="on", reply_document="document", reply_summary="summary"):
            changes.note_reply(
                session, ctx.viewer, code, version=version_of(form), replied_on=on, document=reading.text("document"),
                summary=reading.lines("summary"), partial=partial, now=now, today=today_of(now),
            )  # fmt: skip
        return _up_to_date(ctx, code)

    labels = {"on": N_("Reply received on"), "document": N_("Document of the reply"),
              "summary": N_("Summary of the reply")}  # fmt: skip
    return _step(code, N_("A partial reply came") if partial else N_("The whole reply came"), draw, save, labels)


def partial_act(code: str) -> Act:
    """A part of the answer came."""
    return reply_act(code, partial=True)


def escalate_act(code: str) -> Act:
    """The matter was put to the superior of the agency asked."""

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        on = _read_day(form)
        with _renamed(escalated_on="on"):
            changes.escalate(session, ctx.viewer, code, version=version_of(form), escalated_on=on, now=now,
                             today=today_of(now))  # fmt: skip
        return _up_to_date(ctx, code)

    labels = {"on": N_("Escalated on")}
    return _step(code, N_("It was escalated to the superior"), lambda ctx, form: _day(ctx, form, ctx.t("Escalated on")),
                 save, labels)  # fmt: skip


def withdraw_act(code: str) -> Act:
    """The request does not wait for an answer any more."""

    def draw(ctx: PageContext, form: Form) -> None:
        _day(ctx, form, ctx.t("Withdrawn on"))
        text(ctx, form, "reason", ctx.t("Reason"), needed=True)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        on, why = _read_day(form), _reason(form)
        with _renamed(cancelled_on="on"):
            changes.cancel(session, ctx.viewer, code, version=version_of(form), cancelled_on=on, reason=why, now=now,
                           today=today_of(now))  # fmt: skip
        return _up_to_date(ctx, code)

    return _step(code, N_("It was withdrawn"), draw, save, {"on": N_("Withdrawn on")} | REASON)


ACTS: dict[str, tuple[str, Callable[[str], Act]]] = {
    "reply": (N_("The whole reply came"), reply_act),
    "partial": (N_("A partial reply came"), partial_act),
    "receipt": (N_("It was received"), receipt_act),
    "escalate": (N_("It was escalated to the superior"), escalate_act),
    "withdraw": (N_("It was withdrawn"), withdraw_act),
    "correct": (N_("Correct"), correct_act),
}


def _step(
    code: str,
    title: str,
    draw: Callable[[PageContext, Form], None],
    save: Callable[[PageContext, Session, Form, datetime], str],
    labels: dict[str, str],
) -> Act:
    def start(ctx: PageContext) -> dict[str, Any]:
        return {"version": _row(ctx, code).version, "on": plain_day(ctx.today)}

    return Act(title, start, draw, save, labels=labels, theirs=theirs_of(code))


def theirs_of(code: str) -> Callable[[PageContext, Form], tuple[str, Rows]]:
    """What a colleague changed in the request while the form was open."""

    def theirs(ctx: PageContext, form: Form) -> tuple[str, Rows]:
        t = ctx.t
        with read_session() as session:
            history = request_history(session, ctx.viewer, code)
        newer = [change for change in history if change.fact_id > version_of(form)]
        if not newer:
            return t("A colleague changed the request {code} meanwhile.", code=code), []
        said = t(
            "{who} changed the request {code} at {time}, while you had it open. Nothing of yours is saved yet.",
            who=newer[0].name or newer[0].who or t("system"), code=code, time=newer[0].at,
        )  # fmt: skip
        return said, [
            (t.words(each.label), told_value(t, each, each.before), told_value(t, each, each.after))
            for change in newer
            for each in change.fields
        ]

    return theirs


def shown(ctx: PageContext, name: str, value: Any) -> str:
    """A field of a request for people."""
    if name in ("urgent", "partial"):
        return ctx.t("yes") if value else "–"
    if name == "kind" and value:
        return ctx.t.label(CoordinationKind(value))
    if name in ("asks", "asked") and value:
        return _agencies(ctx).get(value, str(value))
    return plainly(ctx, name, value)


def _agencies(ctx: PageContext, row: RequestRow | None = None) -> dict[str, str]:
    """Agencies by code; those of the request stay, though they may be there no more."""
    with read_session() as session:
        found = agencies_to_name(session, ctx.viewer)
    own = (row.asks, row.asked) if row else ()
    return {each.code: each.en if ctx.language == "en" else each.vi for each in (*own, *found)}


def _draw(ctx: PageContext, form: Form, row: RequestRow | None = None) -> None:
    t, names = ctx.t, _agencies(ctx, row)
    long_text(ctx, form, "subject", t("What is asked for"), needed=True)
    one, two = st.columns(2)
    with one:
        choice(ctx, form, "asks", t("Who asks"), names, needed=True)
        text(ctx, form, "document", t("Number and symbol"))
    with two:
        choice(ctx, form, "asked", t("Whose answer is awaited"), names, needed=True)
        day(ctx, form, "document_on", t("Date of the document"))
    one, two, three = st.columns(3)
    with one:
        day(ctx, form, "sent_on", t("Sent on"), needed=True)
    with two:
        day(ctx, form, "received_on", t("Received on"))
    with three:
        day(ctx, form, "due_on", t("Reply asked for by"))
    one, two = st.columns(2, vertical_alignment="bottom")
    with one:
        choice(ctx, form, "kind", t("Kind"), {each.value: t.label(each) for each in CoordinationKind}, needed=True)
    with two:
        tick(ctx, form, "urgent", t("Urgent"))
    file_field(ctx, form, "case_code", t("The file, if it is about one"), needed=False)
    text(ctx, form, "legal_basis", t("Legal basis"))


def _draw_reply(ctx: PageContext, form: Form) -> None:
    t = ctx.t
    for column, name in zip(st.columns(3), ("replied_on", "escalated_on", "cancelled_on"), strict=True):
        with column:
            day(ctx, form, name, t(REPLY[name]))
    one, two = st.columns([3, 1], vertical_alignment="bottom")
    with one:
        text(ctx, form, "reply_document", t("Document of the reply"))
    with two:
        tick(ctx, form, "partial", t("The reply is partial"))
    long_text(ctx, form, "reply_summary", t("Summary of the reply"))


def _draft(form: Form, *, with_reply: bool = False) -> RequestDraft:
    reading, values = Reading(form), form.values
    days: dict[str, Any] = {
        name: reading.day(name, needed=name == "sent_on") for name in DAYS if with_reply or name not in REPLY
    }
    texts: dict[str, Any] = {name: reading.text(name) for name in ("document", "case_code", "legal_basis")}
    reply: dict[str, Any] = {}
    if with_reply:
        reply = {
            "partial": bool(values.get("partial")), "reply_document": reading.text("reply_document"),
            "reply_summary": reading.lines("reply_summary"),
        }  # fmt: skip
    reading.done()
    return RequestDraft(
        subject=reading.lines("subject"), asks=form.text("asks"), asked=form.text("asked"),
        kind=CoordinationKind(form.text("kind") or CoordinationKind.INFORMATION.value),
        urgent=bool(values.get("urgent")), **texts, **days, **reply,
    )  # fmt: skip


def _row(ctx: PageContext, code: str) -> RequestRow:
    with read_session() as session:
        return request_row(session, ctx.viewer, code, as_of=ctx.as_of)


def _day(ctx: PageContext, form: Form, label: str) -> None:
    with st.columns([1, 2])[0]:
        day(ctx, form, "on", label, needed=True)


def _read_day(form: Form) -> date:
    reading = Reading(form)
    on = reading.day("on")
    reading.done()
    assert on is not None, "a blank day is told above"
    return on


def _reason(form: Form) -> str:
    why = Reading(form).text("reason")
    if not why:
        raise FieldErrors({"reason": words("Please fill this in.")})
    return why


def _up_to_date(ctx: PageContext, code: str) -> str:
    return ctx.t("The request {code} is brought up to date.", code=code)


class _renamed:
    """Names the fields as the form of one step does."""

    def __init__(self, **names: str) -> None:
        self.names = names

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, FieldErrors):
            found: dict[str, Words] = {self.names.get(name, name): said for name, said in error.fields.items()}
            raise FieldErrors(found) from error
