"""Who alone may read a file: the line on its page, and the lead's forms."""

from datetime import datetime
from typing import Any

from dashboard.components.forms.fields import several, text
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.components.markup import NOTHING, Html, el
from dashboard.components.mentioned import mentioned
from dashboard.context import PageContext
from models.changes.restrictions import lift, restrict
from models.db import Session, read_session
from models.enums import N_
from models.queries.cases import CaseFile
from models.queries.restrictions import ProtectionRow, possible_readers, protection_of


def restriction_line(ctx: PageContext, found: ProtectionRow | None) -> Html:
    """Since when the file is restricted, by whom, why, and who may read it; nothing for a file that is not."""
    held = found.restricted if found else None
    if held is None:
        return NOTHING
    t = ctx.t
    names = ", ".join(held.readers.values())
    said = t("since {day}, by {who}: {why}", day=t.time(held.since), who=held.by, why=held.reason)
    return el(
        "p", el("span", t("Restricted"), class_="tag"), f" {said} · ", t("Readers: {names}", names=names),
        class_="note", id="restricted",
    )  # fmt: skip


def _start(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any]:
    if file is None:
        return {"readers": []}
    with read_session() as session:
        found = protection_of(session, ctx.viewer, file.code)
    return {"readers": list(found.restricted.readers) if found and found.restricted else [ctx.viewer.name]}


def _draw(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t = ctx.t
    with read_session() as session:
        offered = {login: f"{each.name} ({login})" for login, each in possible_readers(session, ctx.viewer).items()}
    several(ctx, form, "readers", t("Who may read it"), offered)
    said = t(
        "You stay on the list yourself. Nobody else sees that the file exists; every reading is on the audit chain."
    )
    text(ctx, form, "reason", t("Reason"), needed=True, help=said)
    mentioned(ctx, file)


def _save(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    readers, reason = list(form.values.get("readers") or []), Reading(form).text("reason")
    restrict(session, ctx.viewer, about(form)[0], readers, reason=reason, revision=form.revision, now=now)
    return Saved(ctx.t("Only the accounts on the list may read the file from now on."))


def _draw_lift(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    text(ctx, form, "reason", ctx.t("Reason"), needed=True)


def _save_lift(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reason = Reading(form).text("reason")
    lift(session, ctx.viewer, about(form)[0], reason=reason, revision=form.revision, now=now)
    return Saved(ctx.t("The restriction is lifted."))


FORMS = {
    "restrict": FormKind(
        N_("Restrict the file"), _start, _draw, _save, N_("Restrict the file"),
        labels={"readers": N_("Who may read it"), "reason": N_("Reason")}, moves_rights=True,
    ),
    "lift_restriction": FormKind(
        N_("Lift the restriction"), lambda ctx, file, id: {"reason": ""}, _draw_lift, _save_lift,
        N_("Lift the restriction"), labels={"reason": N_("Reason")}, moves_rights=True,
    ),
}  # fmt: skip
