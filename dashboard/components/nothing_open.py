"""What stands in place of files when none is open."""

from dashboard.components.markup import NOTHING, Html, el, link
from dashboard.context import PageContext
from models.rules.access import Action, may


def nothing_open(ctx: PageContext) -> Html:
    """Says so, and what to do next for who may do it."""
    t = ctx.t
    said = t("Bring in the list of cases and incidents with the page Import.")
    way = link("/import", t("Import")) if may(ctx.viewer, Action.RECORD) else NOTHING
    return el("section", el("h2", t("No file is open on this day.")), el("p", said, " ", way), class_="empty")
