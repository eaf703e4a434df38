"""The fields that describe a file, as a form shows and reads them."""

from typing import Any

import streamlit as st

from dashboard.components.forms.fields import choice, long_text, several, text
from dashboard.components.forms.measures import day, plain_day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.context import PageContext
from models.changes.files import FileDraft
from models.db import read_session
from models.enums import N_, Category, Kind, Severity
from models.queries.cases import CaseFile
from models.queries.choices import agencies, officials
from models.rules.access import Action, may

LABELS = {
    "title": N_("Title"),
    "title_en": N_("Title in English"),
    "kind": N_("Kind"),
    "categories": N_("Categories"),
    "locality": N_("Place"),
    "sector": N_("Sector"),
    "level": N_("Level"),
    "offence_articles": N_("Articles charged"),
    "severity": N_("Class of offence"),
    "accused_count": N_("Number of accused"),
    "lead_agency": N_("Lead agency"),
    "supervised_by": N_("Supervised by"),
    "supervised_from": N_("Supervised since"),
    "responsible_id": N_("Followed by"),
    "source": N_("Source"),
    "notes": N_("Notes"),
}


def start_of_file(file: CaseFile) -> dict[str, Any]:
    """The description of the file as it would be typed."""
    detail = file.detail
    texts = ("title", "title_en", "locality", "sector", "level", "offence_articles", "supervised_by", "source", "notes")
    return {
        **{name: getattr(detail, name) for name in texts},
        "kind": detail.kind.value,
        "categories": [each.value for each in file.categories],
        "severity": detail.severity.value if detail.severity else None,
        "accused_count": "" if detail.accused_count is None else str(detail.accused_count),
        "lead_agency": file.lead_agency or None,
        "supervised_from": plain_day(detail.supervised_from),
        "responsible_id": str(detail.responsible_id) if detail.responsible_id else None,
    }


def draw_main(ctx: PageContext, form: Form) -> None:
    """What a file cannot do without: title, categories, place, sector, articles, agency."""
    t = ctx.t
    text(ctx, form, "title", t("Title"), needed=True)
    several(ctx, form, "categories", t("Categories"), {each.value: t.label(each) for each in Category})
    one, two = st.columns(2)
    with one:
        text(ctx, form, "locality", t("Place"))
        text(ctx, form, "offence_articles", t("Articles charged"), placeholder="353(1); 356",
             help=t("Article and paragraph, several separated by semicolons"))  # fmt: skip
        _agency(ctx, form)
    with two:
        text(ctx, form, "sector", t("Sector"))
        choice(ctx, form, "severity", t("Class of offence"), {each.value: t.label(each) for each in Severity},
               help=t("Only if the articles do not tell it"))  # fmt: skip
        _responsible(ctx, form)


def draw_more(ctx: PageContext, form: Form) -> None:
    """The rest of the description."""
    t = ctx.t
    one, two, three = st.columns(3)
    with one:
        text(ctx, form, "level", t("Level"))
    with two:
        text(ctx, form, "accused_count", t("Number of accused"))
    with three:
        text(ctx, form, "title_en", t("Title in English"))
    if may(ctx.viewer, Action.DECIDE):  # others propose it, in the section Supervision
        one, two = st.columns([2, 1])
        with one:
            text(ctx, form, "supervised_by", t("Supervised by"))
        with two:
            day(ctx, form, "supervised_from", t("Supervised since"))
    text(ctx, form, "source", t("Source"))
    long_text(ctx, form, "notes", t("Notes"))


def _agency(ctx: PageContext, form: Form) -> None:
    with read_session() as session:
        rows = agencies(session, ctx.viewer, today=ctx.today)
    options = {row.name: row.name if ctx.language == "vi" else row.name_en for row in rows}
    if written := form.text("lead_agency"):
        options.setdefault(written, written)
    choice(ctx, form, "lead_agency", ctx.t("Lead agency"), options)


def _responsible(ctx: PageContext, form: Form) -> None:
    with read_session() as session:
        options = {str(row.id): row.name for row in officials(session, ctx.viewer, today=ctx.today)}
    choice(ctx, form, "responsible_id", ctx.t("Followed by"), options)


def draft_of_fields(ctx: PageContext, reading: Reading) -> FileDraft:
    """The description as typed; what cannot be read is noted in `reading`."""
    form = reading.form
    categories = set(form.values.get("categories") or [])
    severity, responsible = form.text("severity"), form.text("responsible_id")
    title = reading.text("title")
    if not title:
        reading.wrong["title"] = reading.missing()
    return FileDraft(
        title=title,
        kind=Kind(form.text("kind") or Kind.CASE),
        title_en=reading.text("title_en"),
        is_corruption=Category.CORRUPTION in categories,
        is_waste=Category.WASTE in categories,
        is_negativity=Category.NEGATIVITY in categories,
        locality=reading.text("locality"),
        sector=reading.text("sector"),
        level=reading.text("level"),
        offence_articles=reading.text("offence_articles"),
        severity=Severity(severity) if severity else None,
        accused_count=reading.count("accused_count"),
        lead_agency=reading.text("lead_agency"),
        supervised_by=reading.text("supervised_by"),
        supervised_from=reading.day("supervised_from", needed=False),
        responsible_id=int(responsible) if responsible else None,
        source=reading.lines("source"),
        notes=reading.lines("notes"),
    )


def code_of_form(reading: Reading, name: str = "code") -> str:
    """The code that was typed; "" for the one proposed, so that the next one free at the time of saving is taken."""
    form = reading.form
    return "" if form.values.get(name) == form.start.get(name) else reading.text(name)


def shown(ctx: PageContext, name: str, value: Any) -> str:
    """A field of the description for people."""
    if name == "categories":
        return ", ".join(ctx.t.label(Category(each)) for each in value)
    if name in ("kind", "severity"):
        return ctx.t.label(Kind(value) if name == "kind" else Severity(value))
    if name == "responsible_id":
        with read_session() as session:
            return next(
                (row.name for row in officials(session, ctx.viewer, today=ctx.today) if str(row.id) == value), "–"
            )
    return str(value)
