"""One file: where it stands, what is wrong, its course, limits, accused, money, tasks and history."""

import streamlit as st

from dashboard.components.address import address
from dashboard.components.answers import source_of
from dashboard.components.case_charts import case_course, case_money
from dashboard.components.case_head import case_head, case_title
from dashboard.components.case_sections import (
    accused_table,
    clocks_table,
    data_quality,
    difficulties_table,
    history,
    tasks_table,
    what_is_wrong,
)
from dashboard.components.completeness import completeness_line
from dashboard.components.documents import documents_section
from dashboard.components.flag_form import acknowledge_form
from dashboard.components.flash import show_flash
from dashboard.components.level_forms import level_line
from dashboard.components.markup import el, link, ready, show, use_style
from dashboard.components.page_head import past_note, pick_day
from dashboard.components.record.desk import actions, desk, new_file, save_what_was_asked
from dashboard.components.record.links import may_record
from dashboard.components.request_list import requests_panel
from dashboard.components.restriction_forms import restriction_line
from dashboard.components.supervision import supervision_section
from dashboard.context import PageContext
from models.changes.restrictions import note_read
from models.db import read_session, transaction
from models.errors import CaseNotFound
from models.queries.cases import CaseFile, case_file
from models.queries.coordination import RequestRow, coordination_page
from models.queries.difficulties import DifficultyRow, difficulties
from models.queries.restrictions import ProtectionRow, protection_of
from models.rules.access import Action, may
from models.text import clean

LONGEST = 40  # characters of a code


def render(ctx: PageContext) -> None:
    """The file named in the address; a calm sentence if there is none to see. `?new=case` is the form of a new file."""
    save_what_was_asked(ctx)
    if "new" in st.query_params and may_record(ctx):
        _new(ctx)
        return
    code = clean(st.query_params.get("code", "")[:LONGEST])
    try:
        with read_session() as session:
            source_of(session, ctx)
            file = case_file(session, ctx.viewer, code, as_of=ctx.as_of)
            met = difficulties(session, ctx.viewer, code, as_of=ctx.as_of)
            asked = coordination_page(session, ctx.viewer, as_of=ctx.as_of, case_code=code).rows
            guarded = protection_of(session, ctx.viewer, code)
        if guarded:
            with transaction() as session:
                note_read(session, ctx.viewer, code, now=ctx.now)
    except CaseNotFound:
        _not_found(ctx, code)
    else:
        _draw(ctx, file, met, asked, guarded)
    ready()


def _not_found(ctx: PageContext, code: str) -> None:
    t = ctx.t
    use_style()
    if not code:
        said = t("Search for a file, or choose one in the list.")
    elif ctx.as_of != ctx.today:
        said = t("No file open to you has the code {code} on {day}.", code=code, day=ctx.as_of)
    else:
        said = t("No file open to you has the code {code}.", code=code)
    show(el("section", el("h2", said), link(address(ctx, "/cases"), t("Cases and incidents")), class_="empty"))


def _new(ctx: PageContext) -> None:
    use_style()
    st.title(ctx.t("New case or incident"), anchor=False)
    new_file(ctx, st.query_params["new"])
    ready()


def _draw(
    ctx: PageContext,
    file: CaseFile,
    met: list[DifficultyRow],
    asked: list[RequestRow],
    guarded: ProtectionRow | None,
) -> None:
    use_style()
    with st.container(key="page_head", horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        show(el("h1", el("span", file.code, class_="code"), " ", case_title(ctx, file), class_="case"))
        actions(ctx, file)
        pick_day(ctx)
    past_note(ctx, "/case")
    show(restriction_line(ctx, guarded), level_line(ctx, guarded))
    show_flash()
    desk(ctx, file)
    show(case_head(ctx, file, why_open=st.query_params.get("why") == "1"), what_is_wrong(ctx, file))
    acknowledge_form(ctx, file)
    committee = may(ctx.viewer, Action.READ_COMMITTEE)
    if committee:
        supervision_section(ctx, file)
    show(data_quality(ctx, file.code, file.quality, completeness_line(ctx, file)))
    case_course(ctx, file)
    show(clocks_table(ctx, file.clocks), accused_table(ctx, file.code, file.accused, file.detail.accused_count))
    case_money(ctx, file)
    show(
        tasks_table(ctx, file.tasks),
        requests_panel(ctx, file.code, asked),
        difficulties_table(ctx, file.code, met),
    )
    documents_section(ctx, file.code)
    if committee:
        show(history(ctx, file))
