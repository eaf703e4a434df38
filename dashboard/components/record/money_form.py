"""An entry of the recovery ledger: recorded, corrected, retracted."""

from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.forms.fields import choice, text
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.measures import amount, day, plain_amount, plain_day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.context import PageContext
from models.changes.money import LedgerEntry, record_entry, replace_entry, retract_entry
from models.db import Session
from models.enums import N_, EntryKind, Quantity
from models.queries.cases import CaseFile, EntryRow
from models.rules.versions import Subject

LABELS = {
    "quantity": N_("Quantity"),
    "kind": N_("Kind of entry"),
    "amount_vnd": N_("Amount (đồng)"),
    "happened_on": N_("Date"),
    "document": N_("Document number"),
    "source": N_("Source"),
}
KINDS = {
    EntryKind.READING: N_("State on that day: replaces what was known"),
    EntryKind.MOVEMENT: N_("Movement: adds to what was known"),
}


def _start_new(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any]:
    return {"quantity": Quantity.RECOVERED.value, "kind": EntryKind.MOVEMENT.value, "happened_on": plain_day(ctx.today)}


def _start_of(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    row = _row(file, id)
    if row is None:
        return None
    return {
        "quantity": row.quantity.value, "kind": row.kind.value, "amount_vnd": plain_amount(row.amount_vnd),
        "happened_on": plain_day(row.happened_on, monthly=row.monthly), "document": row.document, "source": row.source,
        "asset_kind": row.asset_kind, "units": row.units, "unit": row.unit,
    }  # fmt: skip


def _row(file: CaseFile | None, id: str) -> EntryRow | None:
    return next((row for row in file.entries if str(row.id) == id), None) if file else None


def _draw(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t = ctx.t
    one, two = st.columns([1, 1])
    with one:
        choice(ctx, form, "quantity", t("Quantity"), {each.value: t.label(each) for each in Quantity}, needed=True)
    with two:
        choice(
            ctx, form, "kind", t("Kind of entry"), {kind.value: t(said) for kind, said in KINDS.items()}, needed=True
        )
    one, two, three = st.columns([3, 2, 3])
    with one:
        amount(ctx, form, "amount_vnd", t("Amount (đồng)"), needed=True)
    with two:
        day(ctx, form, "happened_on", t("Date"), needed=True, monthly=True)
    with three:
        text(ctx, form, "document", t("Document number"))
    text(ctx, form, "source", t("Source"))


def _draw_correction(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    _draw(ctx, form, file)
    text(ctx, form, "reason", ctx.t("Reason of the correction"), needed=True)


def _draw_retraction(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    row = _row(file, about(form)[1])
    if row:
        st.text(f"{ctx.t.date(row.happened_on, monthly=row.monthly)} · {ctx.t.label(row.quantity)} · "
                f"{ctx.t.exact(row.amount_vnd)}")  # fmt: skip
    text(ctx, form, "reason", ctx.t("Reason of the retraction"), needed=True)


def _entry(form: Form) -> LedgerEntry:
    reading = Reading(form)
    day, precision = reading.day_or_month("happened_on")
    amount = reading.amount("amount_vnd", needed=not form.text("asset_kind"))
    for name in ("quantity", "kind"):
        if not form.text(name):
            reading.wrong[name] = reading.missing()
    reading.done()
    assert day is not None, "told above"
    return LedgerEntry(
        Quantity(form.text("quantity")), EntryKind(form.text("kind")), amount or 0, day, precision,
        form.text("asset_kind"), form.text("units"), form.text("unit"), reading.text("document"),
        reading.text("source"),
    )  # fmt: skip


def _save_new(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    entry = _entry(form)
    record_entry(session, ctx.viewer, about(form)[0], entry, revision=form.revision, now=now, today=ctx.today)
    return Saved(_told(ctx, N_("Recorded: {quantity}, {amount}."), entry))


def _save_correction(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    entry = _entry(form)
    replace_entry(
        session, ctx.viewer, int(about(form)[1]), entry, reason=Reading(form).text("reason"), revision=form.revision,
        now=now, today=ctx.today,
    )  # fmt: skip
    return Saved(_told(ctx, N_("Corrected: {quantity}, {amount}."), entry))


def _save_retraction(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reason = Reading(form).text("reason")
    retract_entry(
        session, ctx.viewer, int(about(form)[1]), reason=reason, revision=form.revision, now=now, today=ctx.today
    )
    return Saved(ctx.t("The entry is retracted; it stays in the history."))


def _told(ctx: PageContext, said: str, entry: LedgerEntry) -> str:
    return ctx.t(said, quantity=entry.quantity, amount=ctx.t.exact(entry.amount_vnd))


def _start_retraction(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    return {"reason": ""} if _row(file, id) else None


def _shown(ctx: PageContext, name: str, value: Any) -> str:
    kinds: dict[str, Any] = {"quantity": Quantity, "kind": EntryKind}
    return ctx.t.label(kinds[name](value)) if name in kinds else str(value)


FORMS = {
    "money": FormKind(N_("Record an amount"), _start_new, _draw, _save_new),
    "correct_money": FormKind(
        N_("Correct an amount"), _start_of, _draw_correction, _save_correction, N_("Save the correction"),
        Subject.MONEY, LABELS, _shown,
    ),
    "retract_money": FormKind(
        N_("Retract an amount"), _start_retraction, _draw_retraction, _save_retraction, N_("Retract"), Subject.MONEY,
    ),
}  # fmt: skip
