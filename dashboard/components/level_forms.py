"""The level of secrecy of a file: the line on its page, and the form that gives or lifts it."""

from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.forms.fields import choice, several, text
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.measures import day, plain_day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.components.markup import NOTHING, Html, el
from dashboard.components.mentioned import mentioned
from dashboard.context import PageContext
from models.changes.secrecy import LevelEntry, set_level, words_in
from models.db import Session, read_session
from models.enums import N_, Secrecy
from models.queries.cases import CaseFile
from models.queries.restrictions import ProtectionRow, protection_of

KINDS = {
    "case_detail": N_("descriptions"), "case_event": N_("events"), "accused": N_("accused"),
    "money_entry": N_("amounts"), "difficulty": N_("difficulties"), "task": N_("tasks"),
    "coordination_request": N_("coordination requests"), "supervision_proposal": N_("proposals of supervision"),
    "attachment": N_("documents"),
}  # fmt: skip


def level_line(ctx: PageContext, found: ProtectionRow | None) -> Html:
    """The level of the file, by which paper, and who keeps it; nothing for a file without one."""
    held = found.secret if found else None
    if held is None:
        return NOTHING
    t = ctx.t
    said = t("by {document} of {day}, kept by {holder}", document=held.document, day=held.decided_on,
             holder=held.holder)  # fmt: skip
    return el("p", el("span", t.label(held.level), class_="tag"), f" {said}", class_="note", id="level")


def _start(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any]:
    with read_session() as session:
        found = protection_of(session, ctx.viewer, file.code) if file else None
    level = found.secret.level if found and found.secret else Secrecy.NONE
    holder = found.secret.holder if found and found.secret else ""
    return {"level": level.value, "decided_on": plain_day(ctx.today), "holder": holder, "confirmed": []}


def _draw(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t = ctx.t
    said = t("Of a file with a level only its code, kind, and events by kind, date and number are kept.")
    levels = {level.value: t.label(level) for level in Secrecy if ctx.viewer.is_cleared(level)}
    one, two = st.columns(2)
    with one:
        choice(ctx, form, "level", t("Secrecy level"), levels, needed=True, help=said)
        text(ctx, form, "holder", t("Who keeps the file"), needed=True)
    with two:
        text(ctx, form, "document", t("Document of the decision"), needed=True)
        day(ctx, form, "decided_on", t("Decided on"), needed=True)
    if file is None or form.text("level") in ("", Secrecy.NONE.value):
        return
    mentioned(ctx, file)
    with read_session() as session:
        found = words_in(session, ctx.viewer, file.code)
    if found:
        st.warning(
            t("These hold words or content and must be taken out: {what}.", what=", ".join(
                f"{t(KINDS[kind])}: {t.number(count)}" for kind, count in found.items()
            )), icon=":material/warning:",
        )  # fmt: skip
        several(ctx, form, "confirmed", t("Confirm"), {"yes": t("Take them out")})


def _save(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reading = Reading(form)
    on = reading.day("decided_on")
    if not form.text("level"):
        reading.wrong["level"] = reading.missing()
    reading.done()
    assert on is not None, "told above"
    entry = LevelEntry(Secrecy(form.text("level")), reading.text("document"), on, reading.text("holder"))
    confirmed = "yes" in (form.values.get("confirmed") or [])
    code = about(form)[0]
    set_level(session, ctx.viewer, code, entry, confirmed=confirmed, revision=form.revision, now=now, today=ctx.today)
    return Saved(ctx.t("The level of the file is recorded."))


FORMS = {
    "level": FormKind(
        N_("Give a secrecy level"), _start, _draw, _save, N_("Record the level"),
        labels={
            "level": N_("Secrecy level"), "document": N_("Document of the decision"), "decided_on": N_("Decided on"),
            "holder": N_("Who keeps the file"),
        },
    ),
}  # fmt: skip
