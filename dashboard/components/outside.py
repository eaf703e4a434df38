"""Secrets are registered on a machine that reaches outside: said to those who can do something about it."""

import streamlit as st

from dashboard.components.markup import escape_markdown
from dashboard.context import PageContext
from models.db import DBAPIError, read_session
from models.outside import ways_out_of_here
from models.queries.restrictions import secrets_registered
from models.rules.access import Action, may


def warn_of_ways_out(ctx: PageContext) -> None:
    """The warning, for leads and administrators; nothing while no secret is registered or no way leads outside."""
    if not (may(ctx.viewer, Action.RESTRICT) or may(ctx.viewer, Action.MANAGE_PEOPLE)):
        return
    ways = ways_out_of_here()
    if not ways:
        return
    try:
        with read_session() as session:
            secrets = secrets_registered(session)
    except DBAPIError:
        return  # the page itself says that the database does not answer
    if secrets:
        said = ctx.t(
            "Records with a secrecy level are registered here, and this machine has routes outside ({interfaces}). "
            "Secrets may be kept on an independent network or a machine without connection only.",
            interfaces=", ".join(ways),
        )
        st.warning(escape_markdown(said), icon=":material/lan:")
