"""Whatever goes wrong while a page is made: one calm sentence, a number to quote, and the trace in the log only."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.components.markup import escape_markdown
from dashboard.web.health import database_state
from dashboard.web.page import DOWN
from models.db import DBAPIError, is_full, why_not
from models.errors import CaseNotFound, DatabaseDown, Forbidden, LiemError
from models.rules.words import Refusal
from models.text import Translator

RETRY_SECONDS = 5

log = logging.getLogger(__name__)


@contextmanager
def guarded(t: Translator, who: str = "") -> Iterator[None]:
    """Run the block; what it raises is said to the reader in a sentence and told to the log in full.

    `who`: the sign-in name of the reader, for the log of what was refused.
    """
    try:
        yield
    except CaseNotFound as error:
        note_refusal(who, error)
        st.warning(t("There is no file with this code, or it is not open to you."), icon=":material/search_off:")
    except Forbidden as error:
        note_refusal(who, error)
        st.warning(t("This page is not part of your role."), icon=":material/lock:")
    except DatabaseDown:
        _wait_for_database(t)
    except DBAPIError as error:
        if is_full(error):
            st.error(not_now(t, error), icon=":material/hard_drive:")
        elif database_state() == "down":
            log.warning("The database does not answer: %s", type(error).__name__)
            _wait_for_database(t)
        else:
            _say_unexpected(t)
    except (LiemError, Refusal) as error:
        log.warning("Page refused: %s", error)
        st.error(escape_markdown(t.words(error.words)), icon=":material/error:")
    except Exception:
        _say_unexpected(t)


def not_now(t: Translator, error: DBAPIError) -> str:
    """Why the database took nothing just now, for the reader; told to the log too."""
    log.error("The database took nothing: %s", type(error.orig).__name__)
    return t.words(why_not(error))


def note_refusal(who: str, error: LiemError) -> None:
    """Tell the log that somebody asked for what is not open to them, or is not there."""
    log.warning("Refused: %s, %s: %.100s", who or "?", type(error).__name__, error)


def _say_unexpected(t: Translator) -> None:
    reference = secrets.token_hex(3).upper()
    log.exception("Page failed, reference %s", reference)
    sentence = t(
        "This page could not be shown. Your data is safe. If it happens again, tell the administrator the number "
        "{reference}.",
        reference=reference,
    )
    st.error(sentence, icon=":material/report:")


def _wait_for_database(t: Translator) -> None:
    """The sentence, and a look at the database every few seconds; once it is back the page runs again."""
    st.info(t(DOWN), icon=":material/hourglass_top:")
    st.fragment(_look_again, run_every=RETRY_SECONDS)()


def _look_again() -> None:
    if database_state() != "down":
        st.rerun(scope="app")
