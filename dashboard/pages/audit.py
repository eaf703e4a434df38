"""The audit log: whether the chain is whole, who did what, what was before and after; signed off twice a year."""

import streamlit as st

from dashboard.components.audit_log import log_table, opened_row
from dashboard.components.audit_narrowing import asked, narrow
from dashboard.components.audit_state import state_of_the_chain
from dashboard.components.chooser import PAGE_ROWS, leave_empty_page, page_number, page_turner
from dashboard.components.flash import show_flash
from dashboard.components.list_button import list_button, narrowed_words
from dashboard.components.markup import ready
from dashboard.components.unusable import unusable_filters
from dashboard.context import PageContext
from exports.audit_list import audit_list
from models import clock
from models.db import read_session
from models.queries.audit_log import LogFilter, actions_of_the_log, last_look, log_page, people_of_the_log, review


def render(ctx: PageContext) -> None:
    """The state of the chain, the filters, the rows."""
    t = ctx.t
    with read_session() as session:
        people = {name: name for name in people_of_the_log(session, ctx.viewer)}
        actions = {action: t.words(said) for action, said in actions_of_the_log(session, ctx.viewer).items()}
        wanted = asked(people, actions)
        found = log_page(session, ctx.viewer, wanted, page=page_number(), size=PAGE_ROWS)
        look, signed = last_look(session, ctx.viewer), review(session, ctx.viewer, today=ctx.today)
    leave_empty_page(found.rows, found.total)
    st.title(t("Audit"))
    show_flash()
    state_of_the_chain(ctx, look, signed)
    used = {"who": wanted.who, "action": wanted.action, "first": wanted.first, "last": wanted.last}
    unusable_filters(ctx, "/audit", used)
    narrow(ctx, people, actions, wanted)
    if not found.total:
        st.info(t("No row of the log fits these filters."), icon=":material/info:")
        return ready()
    opened_row(ctx, found.rows)
    log_table(ctx, found.rows)
    page_turner(found.total, t)
    list_button(ctx, "audit", lambda: _as_workbook(ctx, wanted))
    ready()


def _as_workbook(ctx: PageContext, wanted: LogFilter) -> bytes:
    about = narrowed_words(ctx, wanted != LogFilter())
    return audit_list(ctx.viewer, wanted, today=ctx.today, about=about, t=ctx.t, now=clock.now())
