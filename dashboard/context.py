"""What a page is given: who is looking, in which language, at which day. Made anew on every rerun."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import streamlit as st

from dashboard.web.session import COOKIE, LANGUAGE_COOKIE, signed_in_with
from models.clock import local
from models.queries.people import SignedIn
from models.rules.access import Viewer
from models.settings import settings
from models.text import LANGUAGES, Translator, translator

LONGEST_PAST = timedelta(days=3660)  # ten years back


@dataclass(frozen=True)
class PageContext:
    """Everything a page may know about its reader and its moment.

    `as_of` is the day whose state is shown: `today`, or the earlier day of `?as_of=YYYY-MM-DD`.
    """

    viewer: Viewer
    today: date
    now: datetime
    t: Translator
    as_of: date
    display_name: str = ""

    @property
    def language(self) -> str:
        """vi or en."""
        return self.t.language


def signed_in(*, now: datetime) -> SignedIn | None:
    """Who is signed in in this browser. The one place where a page learns it; tests put another in its place."""
    return signed_in_with(st.context.cookies.get(COOKIE), now=now)


def page_context(*, now: datetime) -> PageContext | None:
    """The context of this rerun; None if the browser is not, or no longer, signed in. Raises DBAPIError."""
    who = signed_in(now=now)
    if who is None or who.owes:
        return None
    _forget_another_person(who.viewer.account_id)
    today = local(now).date()
    return PageContext(
        viewer=who.viewer,
        today=today,
        now=now,
        t=translator(chosen_language() or who.language),
        as_of=_as_of(st.query_params.get("as_of"), today),
        display_name=who.display_name,
    )


def chosen_language() -> str | None:
    """The language this browser asked for with the switch; None if it never did."""
    chosen = st.context.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else None


def words_before_sign_in() -> Translator:
    """The translator for sentences shown when nobody could be recognised."""
    return translator(chosen_language() or settings().language)


def _forget_another_person(account_id: int | None) -> None:
    """A resumed browser session may have belonged to somebody else: then nothing of it stays."""
    if st.session_state.get("_uid", account_id) != account_id:
        st.session_state.clear()
    st.session_state["_uid"] = account_id


def _as_of(asked: str | None, today: date) -> date:
    """The day named in the address; today for none and for one that cannot be shown."""
    return day_to_show(asked or "", today) or today


def day_to_show(asked: str, today: date) -> date | None:
    """The day that `asked` names; None for one nobody can read, one to come and one longer ago than LONGEST_PAST."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return None
    return day if today - LONGEST_PAST <= day <= today else None
