"""Free words that name a protected file are read by whoever may open their record: said before it happens."""

import streamlit as st

from dashboard.components.forms.state import Form
from dashboard.components.markup import escape_markdown, show
from dashboard.components.search_hits import hit_list
from dashboard.context import PageContext
from models.db import read_session
from models.queries.cases import CaseFile
from models.queries.mentions import guarded_in, mentions


def protected_names(ctx: PageContext, form: Form, *, besides: str) -> None:
    """A warning in a form whose words name a protected file other than the one that the form is about."""
    with read_session() as session:
        named = guarded_in(session, ctx.viewer, form.values, besides=besides)
    if named:
        said = ctx.t(
            "These words name {codes}, which only some may open. Whoever reads this record will read the code too.",
            codes=", ".join(named),
        )
        st.warning(escape_markdown(said), icon=":material/visibility:")


def mentioned(ctx: PageContext, file: CaseFile | None) -> None:
    """In a form that protects a file: the records whose words name it, if there are any."""
    if file is None:
        return
    with read_session() as session:
        found = mentions(session, ctx.viewer, file.code)
    if found:
        heading = ctx.t("These name the file in their own words, and whoever may open them goes on reading it there:")
        show(hit_list(ctx, heading, found, name="mentions"))
