"""Rules and calendar: the limits of the law, the days off of each year, the offences; what a change would move."""

from collections.abc import Callable

import streamlit as st

from dashboard.components.chooser import chosen
from dashboard.components.flash import show_flash
from dashboard.components.markup import ready, use_style
from dashboard.components.reference_calendar import calendar
from dashboard.components.reference_change import proposed, show_proposal
from dashboard.components.reference_offences import offences
from dashboard.components.reference_rules import rules
from dashboard.context import PageContext
from models.enums import N_
from models.errors import Forbidden
from models.rules.access import Action, may
from models.rules.words import words

TABS: dict[str, tuple[str, Callable[[PageContext], None]]] = {
    "rules": (N_("Rules"), rules),
    "calendar": (N_("Calendar"), calendar),
    "offences": (N_("Offences"), offences),
}
KEY = "settings_tab"


def render(ctx: PageContext) -> None:
    """A change that waits for its decision, or the table chosen."""
    t = ctx.t
    if not may(ctx.viewer, Action.READ_REFERENCE):
        raise Forbidden(words("The rules and the calendar are not part of your role."))
    use_style()
    st.title(t("Rules and calendar"), anchor=False)
    show_flash()
    if proposed():
        show_proposal(ctx)
    else:
        TABS[_tab(ctx)][1](ctx)
    ready()


def _tab(ctx: PageContext) -> str:
    """The table named in the address; the first one if none is."""
    st.session_state[KEY] = chosen("tab", TABS) or "rules"
    names = {key: ctx.t(name) for key, (name, _) in TABS.items()}
    st.segmented_control(
        ctx.t("Table"),
        list(TABS),
        format_func=names.__getitem__,
        key=KEY,
        on_change=_turn,
        label_visibility="collapsed",
    )
    return str(st.session_state[KEY] or "rules")


def _turn() -> None:
    st.query_params.from_dict({"tab": st.session_state[KEY] or "rules"})
