"""A field for another file or an agency: a part of its code or name is typed, and what that can mean is one click away.

What is typed stays possible as it stands: a file may be merged into one, or go to a body, that nobody lists here.
"""

from typing import NamedTuple

import streamlit as st

from dashboard.components.forms.fields import text
from dashboard.components.forms.state import Form, current, set_value
from dashboard.components.markup import escape_markdown
from dashboard.context import PageContext
from models.db import read_session
from models.queries.choices import FileChoice, agencies, files_like
from models.rules.access import Viewer
from models.rules.folding import fold

MOST, SHORTEST = 6, 2  # offered at once; signs typed before something is offered


class Offer(NamedTuple):
    """One way to read what was typed: the value that the field takes, and how it is told."""

    value: str
    said: str


def file_field(ctx: PageContext, form: Form, name: str, label: str, *, code: str = "", needed: bool = True) -> None:
    """Another file than `code`."""
    said = ctx.t("Type a part of the code or the title")
    text(ctx, form, name, label, placeholder=said, needed=needed)
    _offers(ctx, form, name, _files(ctx, form.text(name), code))


def body_or_file_field(ctx: PageContext, form: Form, name: str, label: str, *, code: str) -> None:
    """An agency, or another file than `code`; any other body may be written out."""
    said = ctx.t("Type a part of the agency's name, or of a file's code or title")
    text(ctx, form, name, label, placeholder=said, needed=True)
    typed = form.text(name)
    _offers(ctx, form, name, [*_agencies(ctx, typed), *_files(ctx, typed, code)][:MOST])


def told(ctx: PageContext, file: FileChoice) -> str:
    """Code and title of a file, in the reader's language."""
    title = file.title_en if ctx.language == "en" and file.title_en else file.title
    return f"{file.code} · {title}"


def _files(ctx: PageContext, typed: str, code: str) -> list[Offer]:
    if len(typed.strip()) < SHORTEST:
        return []
    with read_session() as session:
        found = files_like(session, ctx.viewer, typed, limit=MOST + 1)
    return [Offer(file.code, told(ctx, file)) for file in found if file.code != code][:MOST]


def _agencies(ctx: PageContext, typed: str) -> list[Offer]:
    wanted = fold(typed).split()
    if len(typed.strip()) < SHORTEST:
        return []
    with read_session() as session:
        rows = agencies(session, ctx.viewer, today=ctx.today)
    met = [row for row in rows if all(word in fold(f"{row.name} {row.name_en}") for word in wanted)]
    return [Offer(row.name, row.name if ctx.language == "vi" else row.name_en) for row in met[:MOST]]


def _offers(ctx: PageContext, form: Form, name: str, offers: list[Offer]) -> None:
    """The offers as buttons; once one is chosen, it is only told."""
    typed = form.text(name).strip()
    chosen = next((offer for offer in offers if offer.value.upper() == typed.upper()), None)
    if chosen:
        st.caption(f"✓ {escape_markdown(chosen.said)}")
        return
    if not offers:
        if len(typed) >= SHORTEST:
            st.caption(ctx.t("Nothing here is called so."))
        return
    with st.container(horizontal=True, key=f"offers_{name}"):
        for number, offer in enumerate(offers):
            st.button(
                escape_markdown(offer.said[:90]), key=form.key(f"{name}_offer{number}"), on_click=_take,
                args=(ctx.viewer, name, offer.value),
            )  # fmt: skip


def _take(viewer: Viewer, name: str, value: str) -> None:
    form = current()
    if form is not None:
        form.fill_anew(name)
        set_value(viewer, form, name, value)
