"""What is still open in a file whose supervision is to end: every point with its answer; it warns and never forbids."""

from dashboard.components.markup import NOTHING, Html, el, join
from dashboard.context import PageContext
from models.db import read_session
from models.queries.supervision import closing
from models.rules.closing import Answer, checklist

SIGNS = {Answer.OK: "✓", Answer.NOT_OK: "✗", Answer.NOT_APPLICABLE: "–"}


def closing_checklist(ctx: PageContext, code: str) -> Html:
    """Every point by sign and word; open points warn."""
    t = ctx.t
    with read_session() as session:
        points = checklist(closing(session, ctx.viewer, code, as_of=ctx.as_of))
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
