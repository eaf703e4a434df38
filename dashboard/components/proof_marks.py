"""Which dates of a list stand on a limit that a lawyer has to confirm: asked once, until the data changes."""

import streamlit as st

from models.db import read_session
from models.queries.judged import data_version
from models.queries.limits import unproved_rules
from models.settings import settings


def unproved() -> frozenset[str]:
    """Codes of the rules of which a version waits for a lawyer."""
    with read_session() as session:
        version = data_version(session)
    return _unproved(settings().database_url, version)


@st.cache_data(max_entries=4, show_spinner=False)
def _unproved(database: str, version: int) -> frozenset[str]:
    with read_session() as session:
        return unproved_rules(session)
