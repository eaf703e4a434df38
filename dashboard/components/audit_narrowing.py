"""What the audit log is narrowed to: who, what, about what, from when to when; kept in the address."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from dashboard.components.chooser import choose, chosen
from dashboard.context import PageContext
from models.queries.audit_log import LogFilter

LONGEST = 120  # characters of what is looked for


def asked(people: Mapping[str, str], actions: Mapping[str, str]) -> LogFilter:
    """What the address asks for; what it says wrongly counts as not said."""
    return LogFilter(
        who=chosen("who", people),
        action=chosen("action", actions),
        about=st.query_params.get("about", "").strip()[:LONGEST],
        first=_day("first"),
        last=_day("last"),
    )


def narrow(ctx: PageContext, people: Mapping[str, str], actions: Mapping[str, str], wanted: LogFilter) -> None:
    """The boxes; each writes what is chosen into the address."""
    t = ctx.t
    with st.container(key="filters"):
        who, action, about, first, last = st.columns([3, 4, 3, 2, 2], vertical_alignment="bottom")
        with who:
            choose(t("Who"), "who", people, any_label=t("Everybody"))
        with action:
            in_order = dict(sorted(actions.items(), key=lambda each: each[1]))
            choose(t("What"), "action", in_order, any_label=t("Everything"))
        with about:
            st.session_state["log_about"] = wanted.about
            st.text_input(t("About (a code)"), key="log_about", max_chars=LONGEST, on_change=_write, args=("about",))
        for column, name, label, value in (
            (first, "first", t("From day"), wanted.first),
            (last, "last", t("To day"), wanted.last),
        ):
            with column:
                st.session_state[f"log_{name}"] = value
                st.date_input(label, key=f"log_{name}", format="DD/MM/YYYY", on_change=_write, args=(name,))


def _write(name: str) -> None:
    value = st.session_state[f"log_{name}"]
    for old in ("page", "row"):
        st.query_params.pop(old, None)
    if value:
        st.query_params[name] = value.isoformat() if isinstance(value, date) else str(value)
    else:
        st.query_params.pop(name, None)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None
