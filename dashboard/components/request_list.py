"""Coordination requests as people read them: the counts by state, and a line for each with the reasons of its date."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.components.address import address, here
from dashboard.components.count_strip import Count, count_strip
from dashboard.components.figures import due
from dashboard.components.markup import NOTHING, Html, el, join, link
from dashboard.components.trace import told
from dashboard.context import PageContext
from models.enums import CoordinationState
from models.queries.coordination import AgencyName, RequestRow
from models.rules.access import Action, may

STRIP = (
    CoordinationState.OVERDUE, CoordinationState.ESCALATED, CoordinationState.RECEIVED, CoordinationState.SENT,
    CoordinationState.REPLIED, CoordinationState.CANCELLED,
)  # fmt: skip
NEEDS_ACTION = (CoordinationState.OVERDUE, CoordinationState.ESCALATED)


def request_strip(ctx: PageContext, counts: Mapping[CoordinationState, int], state: str) -> None:
    """How many requests stand in each state, each a link to them, and the sum written out."""
    t = ctx.t
    every = sum(counts.values())
    strip = [
        Count(t("All requests"), t.number(every), here(ctx, "/coordination", state=None, page=None), chosen=not state)
    ]
    for each in STRIP:
        tone = "bad" if each in NEEDS_ACTION and counts[each] else ""
        href = here(ctx, "/coordination", state=each.value, page=None)
        strip.append(Count(t.label(each), t.number(counts[each]), href, tone=tone, chosen=state == each.value))
    count_strip(strip, key="request_counts")
    st.caption(_sum(ctx, counts, every))


def _sum(ctx: PageContext, counts: Mapping[CoordinationState, int], every: int) -> str:
    return ctx.t(
        "{overdue} overdue + {escalated} escalated + {received} received + {sent} sent + {replied} replied + "
        "{cancelled} withdrawn = {all}. A partial reply is no reply: the request goes on waiting.",
        **{state.value: counts[state] for state in CoordinationState},
        all=every,
    )


def request_table(ctx: PageContext, rows: Sequence[RequestRow], *, with_file: bool = True, linked: bool = True) -> Html:
    """What was asked, who asks whom, since when, by when the reply is due, and where it stands."""
    t = ctx.t
    headings = [t("Request"), t("Who asks"), t("Whose answer is awaited"), t("Sent"), t("Reply due"), t("State")]
    if with_file:
        headings.append(t("File"))
    head = el("tr", *(el("th", heading, scope="col") for heading in headings))
    body = (_row(ctx, row, len(headings), with_file=with_file, linked=linked) for row in rows)
    return el("table", el("thead", head), el("tbody", *body), class_="files", aria_label=t("Coordination requests"))


def _row(ctx: PageContext, row: RequestRow, columns: int, *, with_file: bool, linked: bool) -> Html:
    """The request's own row, and under it the row with the reasons of its date."""
    names = (_name(ctx, row.asks), _name(ctx, row.asked))
    cells = [_what(ctx, row, linked=linked), *names, _sent(ctx, row), _due(ctx, row), _state(ctx, row, linked=linked)]
    drawn = [el("td", cell) for cell in cells]
    if with_file:
        drawn.append(el("td", _file(ctx, row), class_="c-code"))
    late = "is-late" if row.clock.waits and row.clock.is_late else None
    own = el("tr", *drawn, class_=late, data_request=row.code)
    steps = told(ctx, (*row.clock.trace, *row.clock.doubts), dated=row.clock.due_on is not None)
    return join([own, el("tr", el("td", steps, colspan=columns), class_="steps")])


def may_record(ctx: PageContext) -> bool:
    """Whether this reader records requests, and the page shows today."""
    return may(ctx.viewer, Action.RECORD) and ctx.as_of == ctx.today


def _file(ctx: PageContext, row: RequestRow) -> str:
    return link(address(ctx, "/case", code=row.case_code), row.case_code) if row.case_code else "–"


def _what(ctx: PageContext, row: RequestRow, *, linked: bool) -> Html:
    t = ctx.t
    code = link(address(ctx, "/coordination", request=row.code), row.code) if linked else row.code
    known = [code, t.label(row.kind)]
    if row.document:
        known.append(row.document if row.document_on is None else
                     t("{document} of {day}", document=row.document, day=row.document_on))  # fmt: skip
    urgent = join([" ", el("span", t("urgent"), class_="tag")]) if row.urgent else NOTHING
    basis = el("small", t("Legal basis: {basis}", basis=row.legal_basis)) if row.legal_basis else NOTHING
    return join([row.subject, urgent, el("small", join(known, " · ")), basis])


def _name(ctx: PageContext, agency: AgencyName) -> str:
    return agency.en if ctx.language == "en" else agency.vi


def _sent(ctx: PageContext, row: RequestRow) -> Html:
    t = ctx.t
    received = t("received {day}", day=row.facts.received_on) if row.facts.received_on else t("no receipt recorded")
    return join([t.date(row.facts.sent_on), el("small", received)])


def _due(ctx: PageContext, row: RequestRow) -> Html:
    clock = row.clock
    said = due(ctx.t, clock.due_on, approximate=clock.approximate)
    left = _lateness(ctx, row)
    late = "late" if clock.waits and clock.is_late else None
    return join([el("span", said, class_="num"), el("small", left, class_=late) if left else NOTHING])


def _lateness(ctx: PageContext, row: RequestRow) -> str:
    """9 days late, 3 days left; of a reply, whether it came in time."""
    t, days = ctx.t, row.clock.days_late
    if days is None:
        return "" if row.clock.due_on or not row.clock.waits else t("cannot be told")
    if not row.clock.waits:
        return t.n("answered {n} day late", "answered {n} days late", days) if days > 0 else t("answered in time")
    if days > 0:
        return t.n("{n} day late", "{n} days late", days)
    return t.n("{n} day left", "{n} days left", -days) if days else t("due today")


def _state(ctx: PageContext, row: RequestRow, *, linked: bool) -> Html:
    t, facts = ctx.t, row.facts
    answer = link(address(ctx, "/coordination", request=row.code, do="reply"), t("Record the reply"))
    parts = [el("b", t.label(row.clock.state), class_="late" if row.clock.state in NEEDS_ACTION else None)]
    if facts.escalated_on:
        parts.append(el("small", t("escalated on {day}", day=facts.escalated_on)))
    if facts.replied_on:
        said = t("partial reply of {day}", day=facts.replied_on) if facts.partial else t.date(facts.replied_on)
        parts.append(el("small", " · ".join(part for part in (said, row.reply_document) if part)))
    if row.reply_summary:
        parts.append(el("small", row.reply_summary))
    if facts.cancelled_on:
        parts.append(el("small", t.date(facts.cancelled_on)))
    if linked and row.clock.waits and may_record(ctx):
        parts.append(el("small", answer, class_="ways"))
    return join(parts)


def requests_panel(ctx: PageContext, code: str, rows: Sequence[RequestRow]) -> Html:
    """The requests about one file, for its page."""
    t = ctx.t
    title = el("h2", t("Coordination requests"))
    if not rows:
        body = el("p", t("No coordination request about this file is recorded."), class_="quiet")
    else:
        body = request_table(ctx, rows, with_file=False)
    return el("section", title, body, _new(ctx, code), class_="panel")


def _new(ctx: PageContext, code: str) -> Html:
    """The way to a new request about the file."""
    if not may_record(ctx):
        return NOTHING
    return el("p", link(address(ctx, "/coordination", do="new", file=code), ctx.t("Record a request")), class_="ways")
