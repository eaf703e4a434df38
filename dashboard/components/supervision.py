"""Supervision of a file on its page: since when, what is proposed and decided, the checklist before it ends."""

from collections.abc import Iterable

import streamlit as st

from dashboard.components.address import address
from dashboard.components.markup import NOTHING, Html, el, join, link, show
from dashboard.components.record.links import may_record
from dashboard.components.supervision_forms import decision_form, proposal_form, remember_shown, withdrawal_form
from dashboard.context import PageContext
from models.db import read_session
from models.enums import SessionKind, SupervisionStep
from models.queries.cases import CaseFile
from models.queries.supervision import ProposalRow, closing, proposals, supervised_on
from models.queries.tasks import sessions
from models.rules.closing import Answer, Point, checklist

SIGNS = {Answer.OK: "✓", Answer.NOT_OK: "✗", Answer.NOT_APPLICABLE: "–"}


def supervision_section(ctx: PageContext, file: CaseFile) -> None:
    """The section, for those who record facts with the forms that fit; an earlier day only shows."""
    t = ctx.t
    with read_session() as session:
        rows = proposals(session, ctx.viewer, code=file.code)
        since = supervised_on(session, ctx.viewer, file.code)
        waiting = next((row for row in rows if row.is_waiting), None)
        step = waiting.step if waiting else (SupervisionStep.END if since else SupervisionStep.PLACE)
        ends = step is SupervisionStep.END and may_record(ctx)
        points = checklist(closing(session, ctx.viewer, file.code, as_of=ctx.as_of)) if ends else ()
        held = sessions(session, until=ctx.today) if waiting and may_record(ctx) else []
    said = t("Under supervision since {day}.", day=since) if since else t("Not under supervision.")
    list_of = el("ul", *(_proposal(ctx, row) for row in rows)) if rows else NOTHING
    show(
        el("section", el("h2", t("Supervision")), el("p", said), list_of, id="supervision", class_="panel")
    )  # fmt: skip
    if not may_record(ctx):
        return
    with st.expander(_heading(ctx, waiting, step), icon=":material/gavel:", key="supervision_forms"):
        show(_checklist(ctx, points))
        if waiting is None:
            proposal_form(ctx, file, step)
        else:
            decision_form(ctx, file, waiting, held)
            withdrawal_form(ctx, file, waiting)
    remember_shown(file)


def waiting_proposals(ctx: PageContext) -> None:
    """Proposals of all files that wait for a decision, for the next session; nothing if there are none."""
    with read_session() as session:
        rows = proposals(session, ctx.viewer, waiting=True)
    if not rows:
        return
    items = (
        el(
            "li", link(address(ctx, "/case", code=row.case_code) + "#supervision", row.case_code), " ", row.title,
            *_told(ctx, row), data_proposal=row.case_code,
        )
        for row in rows
    )  # fmt: skip
    heading = ctx.t.n("{n} proposal waits for a decision", "{n} proposals wait for a decision", len(rows))
    show(el("section", el("h2", heading), el("ul", *items), class_="panel"))


def _heading(ctx: PageContext, waiting: ProposalRow | None, step: SupervisionStep) -> str:
    if waiting:
        return ctx.t("Record the decision")
    ends = step is SupervisionStep.END
    return ctx.t("Propose to end supervision") if ends else ctx.t("Propose to place under supervision")


def _proposal(ctx: PageContext, row: ProposalRow) -> Html:
    return el("li", el("b", ctx.t.label(row.step)), *_told(ctx, row))


def _told(ctx: PageContext, row: ProposalRow) -> Iterable[Html]:
    """Who proposed it when and why, and what became of it."""
    t = ctx.t
    papers = ", ".join(part for part in (row.document, row.report) if part)
    said = t("Proposed on {day} by {body}", day=row.proposed_on, body=row.proposed_by)
    yield el("small", " · ".join(part for part in (said, papers, t.label(row.ground), row.reason) if part))
    if row.outcome is None:
        waited = t.n("waits for {n} day", "waits for {n} days", (ctx.as_of - row.proposed_on).days)
        yield el("small", el("b", t("Not decided yet")), " · ", waited)
        return
    by = " · ".join(part for part in (_session(ctx, row), row.decision, row.note) if part)
    outcome = el("b", t.label(row.outcome))
    yield el("small", outcome, f" · {t.date(row.decided_on)}", f" · {by}" if by else "")
    if row.open_points:
        points = "; ".join(t.words(point) for point in row.open_points)
        yield el("small", t("Decided with open points: {points}", points=points), class_="late")


def _session(ctx: PageContext, row: ProposalRow) -> str:
    if row.session is None:
        return ""
    kind, number, term = row.session
    if kind is SessionKind.COMMITTEE:
        return ctx.t("Session {number} ({term})", number=number, term=term)
    return ctx.t("Standing meeting {number} ({term})", number=number, term=term)


def _checklist(ctx: PageContext, points: tuple[Point, ...]) -> Html:
    """Every point with its answer, by sign and word; open points warn."""
    if not points:
        return NOTHING
    t = ctx.t
    rows = (
        el(
            "li", f"{SIGNS[point.answer]} ", t.words(point.question), ": ",
            el("b" if point.answer is Answer.NOT_OK else "span", t.words(point.said)),
            class_="late" if point.answer is Answer.NOT_OK else None, data_point=point.answer.value,
        )
        for point in points
    )  # fmt: skip
    left = sum(point.answer is Answer.NOT_OK for point in points)
    warns = t.n(
        "{n} point is open. Supervision may end all the same; the decision records it.",
        "{n} points are open. Supervision may end all the same; the decision records them.",
        left,
    )
    heading = el("p", el("b", t("Before supervision ends")))
    note = el("p", warns, class_="note warn") if left else NOTHING
    return join([heading, el("ul", *rows, class_="checklist"), note])
