"""The forms of coordination requests: a new one, what became of one, and a correction with its reason."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard.components.flash import flash
from dashboard.components.markup import escape_markdown
from dashboard.context import PageContext
from models.changes import coordination as changes
from models.changes.coordination import RequestDraft
from models.changes.form_drafts import take
from models.db import Session, transaction
from models.enums import CoordinationKind
from models.errors import FieldErrors, LiemError, StaleCase
from models.queries.coordination import AgencyName, RequestRow
from models.rules.words import Refusal

SHOWN = "requests_shown"  # code → the version that this browser was shown last
STEPS = ("receipt", "reply", "partial", "escalate", "withdraw")
FORMAT = "DD/MM/YYYY"


def new_request(ctx: PageContext, agencies: list[AgencyName]) -> None:
    """The form of a request that was sent."""
    t = ctx.t
    with (
        st.expander(t("Record a request"), icon=":material/outgoing_mail:"),
        st.form("request_new", enter_to_submit=False),
    ):
        given = _fields(ctx, agencies, None, "new")
        if not st.form_submit_button(t("Record"), type="primary"):
            return
    _save(ctx, "new", lambda session: changes.send_request(
        session, ctx.viewer, RequestDraft(**given), now=ctx.now, today=ctx.today
    ).code, lambda code: t("The request {code} is recorded.", code=code))  # fmt: skip


def request_steps(ctx: PageContext, rows: list[RequestRow]) -> None:
    """What became of a request that waits: received, answered, escalated, withdrawn."""
    t = ctx.t
    offered = {row.code: row for row in rows}
    if not offered:
        return
    names = {
        "receipt": t("It was received"), "reply": t("The whole reply came"), "partial": t("A partial reply came"),
        "escalate": t("It was escalated to the superior"), "withdraw": t("It was withdrawn"),
    }  # fmt: skip
    with (
        st.expander(t("Record a reply, a receipt, an escalation"), icon=":material/mark_email_read:"),
        st.form("request_step", enter_to_submit=False),
    ):
        code = _which(ctx, offered, "step")
        left, right = st.columns(2)
        step = left.selectbox(
            t("What happened"), STEPS, format_func=names.__getitem__, index=1, key="request_step_kind"
        )
        day = right.date_input(t("Day"), value=ctx.today, max_value=ctx.today, format=FORMAT, key="request_step_day")
        paper = st.text_input(t("Document of the reply"), max_chars=200, key="request_step_document")
        said = st.text_area(t("Summary of the reply, or the reason"), max_chars=2000, key="request_step_said")
        if not st.form_submit_button(t("Record"), type="primary"):
            return
    version = _version(offered[code])

    def note(session: Session) -> str:
        """The change that the form asks for."""
        at: dict[str, Any] = {"version": version, "now": ctx.now, "today": ctx.today}
        who = (session, ctx.viewer, code)
        match step:
            case "receipt":
                changes.note_receipt(*who, received_on=day, **at)
            case "escalate":
                changes.escalate(*who, escalated_on=day, **at)
            case "withdraw":
                changes.cancel(*who, cancelled_on=day, reason=said, **at)
            case _:
                partial = step == "partial"
                changes.note_reply(*who, replied_on=day, document=paper, summary=said, partial=partial, **at)
        return code

    _save(ctx, "step", note, lambda code: t("The request {code} is brought up to date.", code=code))


def correct_request(ctx: PageContext, agencies: list[AgencyName], rows: list[RequestRow]) -> None:
    """Every field of a request as it is recorded, to be put right with a reason."""
    t = ctx.t
    offered = {row.code: row for row in rows}
    if not offered:
        return
    with st.expander(t("Correct a request"), icon=":material/edit:"):
        code = _which(ctx, offered, "correct")
        with st.form("request_correct", enter_to_submit=False):
            row = offered[code]
            given = _fields(ctx, agencies, row, f"{code}_{row.version}") | _reply_fields(ctx, row)
            reason = st.text_input(t("Reason of the correction"), max_chars=500, key=f"request_reason_{code}")
            if not st.form_submit_button(t("Correct"), type="primary"):
                return
    version = _version(row)
    _save(ctx, "correct", lambda session: changes.correct(
        session, ctx.viewer, code, version=version, draft=RequestDraft(**given), reason=reason, now=ctx.now,
        today=ctx.today,
    ).code, lambda code: t("The request {code} is corrected.", code=code))  # fmt: skip


def remember_shown(rows: list[RequestRow]) -> None:
    """What this browser shows now: a form sent from here is about these versions."""
    st.session_state[SHOWN] = {row.code: row.version for row in rows}


def _version(row: RequestRow) -> int:
    """The version that was on the screen when the form was filled in."""
    shown: Mapping[str, int] = st.session_state.get(SHOWN, {})
    return shown.get(row.code, row.version)


def _which(ctx: PageContext, offered: Mapping[str, RequestRow], form: str) -> str:
    names = {code: f"{code} · {row.subject[:80]}" for code, row in offered.items()}
    asked = st.query_params.get("request", "")
    index = list(offered).index(asked) if asked in offered else 0
    return st.selectbox(
        ctx.t("Request"), list(offered), index=index, format_func=names.__getitem__, key=f"request_{form}_code"
    )


def _fields(ctx: PageContext, agencies: list[AgencyName], row: RequestRow | None, form: str) -> dict[str, Any]:
    """The fields that say what is asked, filled from `row`."""
    t = ctx.t
    names = {each.code: each.en if ctx.language == "en" else each.vi for each in agencies}
    for own in (row.asks, row.asked) if row else ():
        names.setdefault(own.code, own.en if ctx.language == "en" else own.vi)
    codes, kinds = list(names), {each: t.label(each) for each in CoordinationKind}

    def place(code: str | None) -> int | None:
        return codes.index(code) if code in names else None

    def key(name: str) -> str:
        return f"request_{form}_{name}"

    def day(column: Any, label: str, name: str, value: date | None, *, ahead: bool = False) -> date | None:
        last = None if ahead else ctx.today
        found: date | None = column.date_input(label, value=value, max_value=last, format=FORMAT, key=key(name))
        return found

    facts = row.facts if row else None
    subject = st.text_area(t("What is asked for") + " \\*", row.subject if row else "", max_chars=2000, height=80,
                           key=key("subject"))  # fmt: skip
    left, right = st.columns(2)
    asks = left.selectbox(t("Who asks") + " \\*", codes, index=place(row.asks.code if row else None),
                          format_func=names.__getitem__, placeholder=t("Choose"), key=key("asks"))  # fmt: skip
    asked = right.selectbox(t("Whose answer is awaited") + " \\*", codes, index=place(row.asked.code if row else None),
                            format_func=names.__getitem__, placeholder=t("Choose"), key=key("asked"))  # fmt: skip
    left, middle, right = st.columns([2, 1, 1], vertical_alignment="bottom")
    kind = left.selectbox(t("Kind"), list(kinds), index=list(kinds).index(row.kind) if row else 0,
                          format_func=kinds.__getitem__,
                          key=key("kind"))  # fmt: skip
    case_code = middle.text_input(t("Code of the file, if it is about one"), row.case_code if row else "", max_chars=40,
                                  key=key("case_code"))  # fmt: skip
    with right:
        urgent = st.checkbox(t("Urgent"), value=bool(row and row.urgent), key=key("urgent"))
    left, right = st.columns(2)
    document = left.text_input(t("Number and symbol"), row.document if row else "", max_chars=200, key=key("document"))
    document_on = day(right, t("Date of the document"), "document_on", row.document_on if row else None)
    left, middle, right = st.columns(3)
    sent_on = day(left, t("Sent on") + " \\*", "sent_on", facts.sent_on if facts else ctx.today)
    received_on = day(middle, t("Received on"), "received_on", facts.received_on if facts else None)
    due_on = day(right, t("Reply asked for by"), "due_on", facts.due_on if facts else None, ahead=True)
    basis = st.text_input(t("Legal basis"), row.legal_basis if row else "", max_chars=500, key=key("legal_basis"))
    return {
        "subject": subject, "asks": asks or "", "asked": asked or "", "kind": kind, "case_code": case_code,
        "urgent": urgent, "document": document, "document_on": document_on, "sent_on": sent_on or ctx.today,
        "received_on": received_on, "due_on": due_on, "legal_basis": basis,
    }  # fmt: skip


def _reply_fields(ctx: PageContext, row: RequestRow) -> dict[str, Any]:
    t, facts = ctx.t, row.facts

    def key(name: str) -> str:
        return f"request_{row.code}_{row.version}_{name}"

    days = {}
    names = {
        "replied_on": t("Reply received on"), "escalated_on": t("Escalated on"), "cancelled_on": t("Withdrawn on")
    }  # fmt: skip
    for column, (name, label) in zip(st.columns(3), names.items(), strict=True):
        value = getattr(facts, name)
        days[name] = column.date_input(label, value=value, max_value=ctx.today, format=FORMAT, key=key(name))
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    document = left.text_input(t("Document of the reply"), row.reply_document, max_chars=200, key=key("reply_document"))
    partial = right.checkbox(t("The reply is partial"), value=facts.partial, key=key("partial"))
    summary = st.text_area(t("Summary of the reply"), row.reply_summary, max_chars=2000, height=80, key=key("summary"))
    return {**days, "reply_document": document, "partial": partial, "reply_summary": summary}


def _save(ctx: PageContext, form: str, change: Callable[[Session], str], said: Callable[[str], str]) -> None:
    """Do the change once, however often the button is pressed; what is refused is said, and the form stays."""
    token = st.session_state.setdefault(f"request_token_{form}", secrets.token_hex(16))
    try:
        with transaction() as session:
            take(session, ctx.viewer, token, form="coordination", subject=form, now=ctx.now)
            code = change(session)
    except FieldErrors as error:
        for sentence in error.fields.values():
            st.error(escape_markdown(ctx.t.words(sentence)), icon=":material/error:")
        return
    except StaleCase as error:
        st.session_state.pop(SHOWN, None)
        st.error(escape_markdown(ctx.t.words(error.words)), icon=":material/group:")
        return
    except (Refusal, LiemError) as error:
        st.error(escape_markdown(ctx.t.words(error.words)), icon=":material/error:")
        return
    for key in [key for key in st.session_state if str(key).startswith(("request_new_", "request_step_"))]:
        del st.session_state[key]
    del st.session_state[f"request_token_{form}"]
    flash(said(code))
    st.rerun()
