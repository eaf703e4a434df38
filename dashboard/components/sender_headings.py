"""Sheets whose headings differ from ours: the person says once what each means, and may have it remembered."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.flash import flash
from dashboard.components.markup import escape_markdown
from dashboard.components.upload import Upload
from dashboard.context import PageContext
from models import clock
from models.changes.heading_maps import NAME_LENGTH, forget_headings, remember_headings
from models.db import transaction
from models.errors import NotFound
from models.queries.imports import HeadingsRow
from models.rules.words import Refusal
from seed.columns import FORM, FORMS, Sheet, heading_name
from seed.headings import OURS, Headings, SeenColumn, SeenSheet, seen_sheets
from seed.read import RawSheet, Unreadable, read_sheets
from seed.terms import plain

TAUGHT = "import_headings"


def headings_for(upload: Upload, remembered: Sequence[HeadingsRow]) -> tuple[Headings, str]:
    """How this workbook is read: as taught just now, else as remembered of its sender; and the name of that."""
    kept = st.session_state.get(TAUGHT)
    if kept and kept["of"] == upload.sha256:
        return Headings.from_stored(kept["sheets"], kept["fields"]), kept["name"]
    sheets = _sheets(upload.sha256, _upload=upload)
    fitting = [(Headings.from_stored(row.sheets, row.fields), row.name) for row in remembered]
    fitting = [(headings, name) for headings, name in fitting if headings.fits(sheets)]
    return max(fitting, key=lambda found: len(found[0].fields), default=(OURS, ""))


@st.cache_data(max_entries=4, ttl=1800, show_spinner=False)
def _sheets(sha256: str, *, _upload: Upload) -> list[RawSheet]:
    try:
        with _upload.on_disk() as path:
            return read_sheets(path)
    except Unreadable:
        return []  # the trial says why


def match_headings(ctx: PageContext, upload: Upload, headings: Headings, name: str) -> None:
    """Where a sheet or a heading is not known: what each means. Shown small when everything is read."""
    t = ctx.t
    seen = seen_sheets(_sheets(upload.sha256, _upload=upload), headings)
    if not seen:
        return
    if name:
        st.info(escape_markdown(t("Read with the headings remembered as “{name}”.", name=name)), icon=":material/info:")
    open_questions = [sheet for sheet in seen if not sheet.understood]
    if not open_questions and not name:
        return
    nothing_read = all(sheet.sheet is None for sheet in seen)
    with st.expander(t("Headings that differ from ours"), expanded=nothing_read, icon=":material/table_chart:"):
        st.caption(t("Say what each sheet and column holds. What is left out is not read."))
        taught = [_sheet(ctx, sheet, f"{upload.sha256[:8]}_{number}") for number, sheet in enumerate(seen)]
        _buttons(ctx, upload, taught, name)


def _sheet(ctx: PageContext, seen: SeenSheet, key: str) -> Headings:
    """The questions about one sheet, and the answers as they stand."""
    t = ctx.t
    kinds: dict[Sheet | None, str] = {None: t("nothing for us"), **{form.sheet: form.names[0] for form in FORMS}}
    kind = st.selectbox(
        escape_markdown(t("Sheet “{name}” holds", name=seen.name)),
        list(kinds),
        index=list(kinds).index(seen.sheet),
        format_func=kinds.__getitem__,
        key=f"headings_{key}_kind",
    )
    if kind is None:
        return OURS
    fields = {"": t("left out"), **{field.name: field.headings[0] for field in FORM[kind].fields}}
    left, right = st.columns(2)
    answers: dict[str, str] = {}
    for at, column in enumerate(seen.columns):
        example = t(" · for example {example}", example=column.example) if column.example else ""
        with (left, right)[at % 2]:
            answers[column.heading] = st.selectbox(
                escape_markdown(f"{column.heading}{example}"),
                list(fields),
                index=list(fields).index(_likely(seen, column, kind)),
                format_func=fields.__getitem__,
                key=f"headings_{key}_{kind}_{at}",
            )
    return _taught(seen, kind, answers)


def _likely(seen: SeenSheet, column: SeenColumn, kind: Sheet) -> str:
    """The field a column is read as; in a sheet that was just said to be of this kind, what its heading means to us."""
    if seen.sheet is kind:
        return column.field
    known = OURS.field(FORM[kind], column.heading)
    return known.name if known else ""


def _taught(seen: SeenSheet, kind: Sheet, answers: dict[str, str]) -> Headings:
    """Only what differs from what we know anyway."""
    sheets = {} if OURS.form(seen.name) is FORM[kind] else {plain(seen.name): kind}
    fields = {}
    for heading, name in answers.items():
        known = OURS.field(FORM[kind], heading)
        if name != (known.name if known else None):
            fields[kind, heading_name(heading)] = name
    return Headings(sheets, fields)


def _buttons(ctx: PageContext, upload: Upload, taught: Sequence[Headings], name: str) -> None:
    t = ctx.t
    together = Headings(
        {sheet: kind for each in taught for sheet, kind in each.sheets.items()},
        {heading: field for each in taught for heading, field in each.fields.items()},
    )
    called = st.text_input(
        t("Remember these headings as (for the next workbook of this sender)"),
        value=name,
        max_chars=NAME_LENGTH,
        key="headings_name",
    )
    with st.container(horizontal=True):
        if st.button(t("Read with these headings"), type="primary", key="headings_use"):
            _use(ctx, upload, together, called)
        if name and st.button(escape_markdown(t("Forget “{name}”", name=name)), key="headings_forget"):
            _forget(ctx, name)


def _use(ctx: PageContext, upload: Upload, headings: Headings, name: str) -> None:
    sheets, fields = headings.as_stored()
    try:
        if name.strip():
            with transaction() as session:
                remember_headings(session, ctx.viewer, name, sheets=sheets, fields=fields, now=clock.now())
    except Refusal as error:
        st.error(escape_markdown(ctx.t.words(error.words)), icon=":material/error:")
        return
    st.session_state[TAUGHT] = {"of": upload.sha256, "sheets": sheets, "fields": fields, "name": name.strip()}
    st.rerun()


def _forget(ctx: PageContext, name: str) -> None:
    try:
        with transaction() as session:
            forget_headings(session, ctx.viewer, name, now=clock.now())
    except NotFound as error:
        flash(escape_markdown(ctx.t.words(error.words)), "warning")
    st.session_state.pop(TAUGHT, None)
    st.rerun()
