"""The review of accounts and rights is overdue: said to administrators on every page but the one where it is signed."""

from dashboard.components.markup import el, link, show
from dashboard.context import PageContext
from models.db import DBAPIError, read_session
from models.queries.sign_in import review_state
from models.rules.access import Action, may

SIGNED_ON = "people"  # the key of the page


def warn_of_review(ctx: PageContext, page: str) -> None:
    """The warning on the page with this key, with the way to the accounts; nothing while no review is overdue."""
    if page == SIGNED_ON or not may(ctx.viewer, Action.MANAGE_PEOPLE):
        return
    try:
        with read_session() as session:
            review = review_state(session, ctx.viewer, today=ctx.today)
    except DBAPIError:
        return  # the page itself says that the database does not answer
    if review.is_late:
        said = ctx.t("The review of accounts and rights is overdue since {day}.", day=review.due_on)
        way = link("/people", ctx.t("Accounts"))
        show(el("p", el("b", "⚠ "), said, " ", way, class_="note warn", role="status", data_watch="review"))
