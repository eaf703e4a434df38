"""The ways from a fact on the page to its correction, its retraction and its history."""

from dashboard.components.address import address
from dashboard.components.markup import Html, el, join, link
from dashboard.context import PageContext
from models.rules.access import Action, may
from models.rules.versions import Subject


def may_record(ctx: PageContext) -> bool:
    """Whether this reader records facts, and the page shows today: an earlier day is only looked at."""
    return may(ctx.viewer, Action.RECORD) and ctx.as_of == ctx.today


def fact_links(ctx: PageContext, code: str, subject: Subject, id: int | str, *also: tuple[str, str]) -> Html:
    """Correct · Retract · History of one fact; `also` are further forms (`settle_difficulty`) and their words."""
    ways = []
    if may_record(ctx):
        forms = (*also, (f"correct_{subject.value}", ctx.t("Correct")), (f"retract_{subject.value}", ctx.t("Retract")))
        ways += [link(form_address(ctx, code, form, id), words) for form, words in forms]
    ways.append(history_link(ctx, code, subject, id))
    return el("small", join(ways, " · "), class_="ways")


def history_link(ctx: PageContext, code: str, subject: Subject, id: int | str = "") -> Html:
    """The history of one fact, or of all facts of a kind."""
    return link(address(ctx, "/case", code=code, do="history", of=subject.value, id=id), ctx.t("History"))


def form_address(ctx: PageContext, code: str, form: str, id: int | str = "") -> str:
    """The page of the file with this form open."""
    return address(ctx, "/case", code=code, do=form, id=id)
