"""How complete the records of a file are: one quiet line that names what is missing."""

from itertools import groupby

from dashboard.components.markup import NOTHING, Html, el
from dashboard.context import PageContext
from models.db import read_session
from models.queries.cases import CaseFile
from models.queries.completeness import Missing, completeness

NAMED = 4  # gaps named before the line says how many more there are


def completeness_line(ctx: PageContext, file: CaseFile) -> Html:
    """`9 of 12 needed details are recorded: … missing`; nothing for a complete file or an earlier day."""
    t = ctx.t
    if ctx.as_of != ctx.today:
        return NOTHING
    with read_session() as session:
        found = completeness(session, ctx.viewer, file.code, today=ctx.today)
    if not found.missing:
        return NOTHING
    gaps = [_gap(ctx, file, id, list(rows)) for id, rows in groupby(found.missing, key=lambda each: each.event_id)]
    named = "; ".join(gaps[:NAMED])
    if more := len(gaps) - NAMED:
        named += " " + t.n("and of {n} more event", "and of {n} more events", more) if more > 0 else ""
    said = t(
        "{filled} of {needed} needed details are recorded; missing: {what}",
        filled=t.number(found.score.filled), needed=t.number(found.score.needed), what=named,
    )  # fmt: skip
    score = f"{found.score.filled}/{found.score.needed}"
    return el("p", said, ".", class_="quiet", data_complete=score)


def _gap(ctx: PageContext, file: CaseFile, event_id: int, rows: list[Missing]) -> str:
    """What one event lacks, or the description."""
    t = ctx.t
    lacks = ", ".join(t.words(row.label).lower() for row in rows)
    event = next((event for event in file.events if event.id == event_id), None)
    if event is None:
        return lacks
    day = t.date(event.happened_on, monthly=event.monthly)
    return t("{fields} of {event} of {day}", fields=lacks, event=t.label(event.kind), day=day)
