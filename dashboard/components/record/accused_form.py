"""An accused of a file, by pseudonymous code: added, corrected, retracted."""

from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.forms.fields import choice, text
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.measures import day, plain_day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.context import PageContext
from models.changes.accused import AccusedEntry, add_accused, correct_accused, next_accused, retract_accused
from models.db import Session, read_session
from models.enums import N_, AccusedStatus
from models.queries.cases import AccusedRow, CaseFile
from models.rules.versions import Subject

LABELS = {
    "code": N_("Code"),
    "status": N_("Status"),
    "status_on": N_("Status since"),
    "official_level": N_("Level of office"),
    "article": N_("Article"),
    "paragraph": N_("Paragraph"),
}


def _start_new(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    if file is None:
        return None
    with read_session() as session:
        code = next_accused(session, ctx.viewer, file.code)
    return {"code": code, "status": AccusedStatus.CHARGED.value, "status_on": plain_day(ctx.today)}


def _start_of(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    row = _accused(file, id)
    if row is None:
        return None
    return {
        "code": row.code, "status": str(row.status), "status_on": plain_day(row.status_on), "article": row.article,
        "official_level": row.official_level, "paragraph": row.paragraph,
    }  # fmt: skip


def _accused(file: CaseFile | None, id: str) -> AccusedRow | None:
    return next((row for row in file.accused if row.code == id), None) if file else None


def _draw(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t = ctx.t
    st.caption(t("By code only: never a name, an address or an identity number."))
    one, two, three = st.columns([2, 3, 2])
    with one:
        text(ctx, form, "code", t("Code"), needed=True)
    with two:
        choice(ctx, form, "status", t("Status"), {each.value: t.label(each) for each in AccusedStatus}, needed=True)
    with three:
        day(ctx, form, "status_on", t("Status since"), needed=True)
    one, two, three = st.columns([2, 2, 5])
    with one:
        text(ctx, form, "article", t("Article"), placeholder="353")
    with two:
        text(ctx, form, "paragraph", t("Paragraph"), placeholder="1")
    with three:
        text(
            ctx, form, "official_level", t("Level of office"), help=t("A level, not a post that one person alone holds")
        )


def _draw_correction(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    _draw(ctx, form, file)
    text(ctx, form, "reason", ctx.t("Reason of the correction"), needed=True)


def _draw_retraction(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    st.text(about(form)[1])
    st.caption(ctx.t("Only for one recorded by mistake; who is no longer accused gets another status."))
    text(ctx, form, "reason", ctx.t("Reason of the retraction"), needed=True)


def _entry(form: Form) -> AccusedEntry:
    reading = Reading(form)
    day = reading.day("status_on")
    status = form.text("status")
    if not status:
        reading.wrong["status"] = reading.missing()
    reading.done()
    assert day is not None, "told above"
    return AccusedEntry(
        reading.text("code"), AccusedStatus(status), day, reading.text("official_level"), reading.text("article"),
        reading.text("paragraph"),
    )  # fmt: skip


def _save_new(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    entry = _entry(form)
    add_accused(session, ctx.viewer, about(form)[0], entry, revision=form.revision, now=now, today=ctx.today)
    return Saved(ctx.t("Accused {code} is recorded.", code=entry.code))


def _save_correction(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    entry, (code, id) = _entry(form), about(form)
    correct_accused(
        session, ctx.viewer, code, id, entry, reason=Reading(form).text("reason"), revision=form.revision, now=now,
        today=ctx.today,
    )  # fmt: skip
    return Saved(ctx.t("Accused {code} is corrected.", code=entry.code))


def _save_retraction(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    code, id = about(form)
    reason = Reading(form).text("reason")
    retract_accused(session, ctx.viewer, code, id, reason=reason, revision=form.revision, now=now, today=ctx.today)
    return Saved(ctx.t("Accused {code} is retracted.", code=id))


def _start_retraction(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    return {"reason": ""} if _accused(file, id) else None


def _shown(ctx: PageContext, name: str, value: Any) -> str:
    return ctx.t.label(AccusedStatus(value)) if name == "status" else str(value)


FORMS = {
    "accused": FormKind(N_("Add an accused"), _start_new, _draw, _save_new),
    "correct_accused": FormKind(
        N_("Correct an accused"), _start_of, _draw_correction, _save_correction, N_("Save the correction"),
        Subject.ACCUSED, LABELS, _shown,
    ),
    "retract_accused": FormKind(
        N_("Retract an accused"), _start_retraction, _draw_retraction, _save_retraction, N_("Retract"), Subject.ACCUSED,
    ),
}  # fmt: skip
