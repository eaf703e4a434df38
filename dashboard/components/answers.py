"""What pages ask of the data, asked once: kept for everybody who sees the same, until the data changes."""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import streamlit as st

from dashboard.context import PageContext
from models.db import Session, read_session
from models.errors import Forbidden
from models.queries.cases import CaseFilter, Page, case_page, days_due, localities
from models.queries.figures import Figures, day_figures
from models.queries.judged import data_version
from models.queries.limits import running_limits, running_rules
from models.queries.month_clocks import DueItem, due_items
from models.queries.overview import Overview, changes_since, overview
from models.queries.tasks import SessionRow
from models.rules.access import Action, Viewer, may
from models.rules.deadlines import Due
from models.settings import settings

PAGE_ROWS = 50
GONE = ("ended", "no_longer_late")  # changes whose files are shown as they stood on the day of the session


class Source(NamedTuple):
    """Which data an answer was made from: the same source and question give the same answer, whoever asks."""

    database: str
    scope: str
    version: int
    as_of: date


def source_of(session: Session, ctx: PageContext) -> Source:
    """The data as this viewer sees it on the day shown. Raises Forbidden for one who may not read files."""
    if not may(ctx.viewer, Action.READ_FILES):
        raise Forbidden("files")
    return Source(settings().database_url, ctx.viewer.scope, data_version(session), ctx.as_of)


@st.cache_data(max_entries=64, show_spinner=False)
def overview_of(source: Source, since: SessionRow | None, _viewer: Viewer) -> Overview:
    """The overview of the day against a session."""
    with read_session() as session:
        return overview(session, _viewer, as_of=source.as_of, since=since)


@st.cache_data(max_entries=64, show_spinner=False)
def figures_of(source: Source, _viewer: Viewer) -> Figures:
    """The figures of the day."""
    with read_session() as session:
        return day_figures(session, _viewer, as_of=source.as_of)


@st.cache_data(max_entries=256, show_spinner=False)
def files_of(
    source: Source, wanted: CaseFilter, sort: str, page: int, change: str, since: SessionRow | None, _viewer: Viewer
) -> Page:
    """One page of open files; with `change`, those that changed so since the session."""
    with read_session() as session:
        narrowed, day = narrowed_by_change(session, _viewer, wanted, change, since, source.as_of)
        return case_page(session, _viewer, narrowed, as_of=day, sort=sort, page=page, size=PAGE_ROWS)


def narrowed_by_change(
    session: Session, viewer: Viewer, wanted: CaseFilter, change: str, since: SessionRow | None, as_of: date
) -> tuple[CaseFilter, date]:
    """The filter with the files that changed so since the session, and the day as of which they are listed."""
    if not change or since is None:
        return wanted, as_of
    changed = changes_since(session, viewer, since=since, as_of=as_of)
    return replace(wanted, codes=getattr(changed, change)), since.held_on if change in GONE else as_of


@st.cache_data(max_entries=32, show_spinner=False)
def places_of(source: Source, _viewer: Viewer) -> list[str]:
    """Places that files name."""
    with read_session() as session:
        return localities(session, _viewer)


@st.cache_data(max_entries=64, show_spinner=False)
def days_due_of(source: Source, wanted: CaseFilter, _viewer: Viewer) -> dict[date, Page]:
    """Files by the last day of their limit."""
    with read_session() as session:
        return days_due(session, _viewer, wanted, as_of=source.as_of)


@st.cache_data(max_entries=32, show_spinner=False)
def rules_of(source: Source, _viewer: Viewer) -> list[str]:
    """The rules that clocks run by."""
    with read_session() as session:
        return running_rules(session, _viewer, as_of=source.as_of)


@st.cache_data(max_entries=24, show_spinner=False)
def due_items_of(source: Source, wanted: CaseFilter, first: date, last: date, _viewer: Viewer) -> tuple[DueItem, ...]:
    """Everything that falls due in these days: limits, clocks beside them, tasks, replies."""
    with read_session() as session:
        return due_items(session, _viewer, wanted, as_of=source.as_of, first=first, last=last)


def limits_of(source: Source, page: Page, viewer: Viewer) -> dict[str, Due]:
    """The limits that run on the files of a page, by code."""
    codes = [row.code for row in page.rows if row.due_on]
    with read_session() as session:
        return running_limits(session, viewer, codes, as_of=source.as_of)
