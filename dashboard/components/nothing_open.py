"""What stands in place of files when none is open."""

from dashboard.components.markup import NOTHING, Html, el, link
from dashboard.context import PageContext
from models.db import read_session
from models.queries.cases import first_fact_on
from models.rules.access import Action, may


def nothing_open(ctx: PageContext) -> Html:
    """Says so, and what to do next for who may do it: import only where no fact is recorded at all."""
    t = ctx.t
    with read_session() as session:
        first = first_fact_on(session, ctx.viewer)
    way = NOTHING
    if first is None:
        said = t("Bring in the list of cases and incidents with the page Import.")
        way = link("/import", t("Import")) if may(ctx.viewer, Action.RECORD) else NOTHING
    elif ctx.as_of < first:
        said = t("The first recorded fact is of {first}; choose that day or a later one.", first=first)
    else:
        said = t("There are files, but none of them was open then.")
    return el("section", el("h2", t("No file is open on this day.")), el("p", said, " ", way), class_="empty")
