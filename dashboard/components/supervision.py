"""Supervision of a file on its page: since when, what is proposed and decided, the ways to its forms."""

from collections.abc import Iterable, Sequence
from datetime import date

from dashboard.components.address import address
from dashboard.components.markup import NOTHING, Html, el, join, link, show
from dashboard.components.record.links import form_address, history_link, may_record
from dashboard.components.supervision_forms import form_of
from dashboard.context import PageContext
from models.db import read_session
from models.enums import SessionKind, SupervisionStep
from models.queries.cases import CaseFile
from models.queries.supervision import ProposalRow, proposals, supervised_on
from models.rules.access import Action, may
from models.rules.versions import Subject


def supervision_section(ctx: PageContext, file: CaseFile) -> None:
    """Since when, what is proposed and decided; for those who record facts the ways to the forms that fit."""
    t = ctx.t
    with read_session() as session:
        rows = proposals(session, ctx.viewer, code=file.code)
        since = supervised_on(session, ctx.viewer, file.code)
    said = t("Under supervision since {day}.", day=since) if since else t("Not under supervision.")
    list_of = el("ul", *(_proposal(ctx, row) for row in rows)) if rows else NOTHING
    ways = _ways(ctx, file.code, rows, since) if may_record(ctx) else NOTHING
    show(el("section", el("h2", t("Supervision")), el("p", said), list_of, ways, id="supervision", class_="panel"))


def _ways(ctx: PageContext, code: str, rows: Sequence[ProposalRow], since: date | None) -> Html:
    """The forms that fit: to settle what waits, else to propose the next step."""
    t = ctx.t
    waiting = next((row for row in rows if row.is_waiting), None)
    if waiting:
        forms = {"decide_supervision": t("Record the decision"), "withdraw_supervision": t("Withdraw the proposal")}
        if not may(ctx.viewer, Action.DECIDE):
            del forms["decide_supervision"]
        ways = [link(form_address(ctx, code, form, waiting.id), words) for form, words in forms.items()]
        ways += [] if may(ctx.viewer, Action.DECIDE) else [el("span", t("Waits for the decision of a lead."))]
    else:
        step = SupervisionStep.END if since else SupervisionStep.PLACE
        words = t("Propose to end supervision") if since else t("Propose to place under supervision")
        ways = [link(form_address(ctx, code, form_of(step)), words)]
    return el("p", join(ways, " · "), class_="next")


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


def _proposal(ctx: PageContext, row: ProposalRow) -> Html:
    past = el("small", history_link(ctx, row.case_code, Subject.SUPERVISION, row.id))
    return el("li", el("b", ctx.t.label(row.step)), *_told(ctx, row), past, data_outcome=row.outcome or "none")


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
