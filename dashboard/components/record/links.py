"""The ways from a fact on the page to its correction, its retraction and its history."""

from dashboard.components.address import address
from dashboard.components.markup import NOTHING, Html, el, join, link
from dashboard.context import PageContext
from models import clock
from models.db import read_session
from models.queries.form_drafts import draft_of
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
    """The history of one fact, or of all facts of a kind; nothing for who is told of present facts only."""
    if not may(ctx.viewer, Action.READ_COMMITTEE):
        return NOTHING
    return link(address(ctx, "/case", code=code, do="history", of=subject.value, id=id), ctx.t("History"))


def new_file_link(ctx: PageContext) -> Html:
    """The way to a new file, for who records; it says when one was begun already."""
    if not may_record(ctx):
        return NOTHING
    with read_session() as session:
        draft = draft_of(session, ctx.viewer, "new", "new", now=clock.now())
    begun = el("small", ctx.t("Draft from {time}", time=draft.saved_at), " ") if draft else NOTHING
    return el("p", begun, link("/case?new=case", ctx.t("New case or incident"), class_="action"), class_="actions")


def form_address(ctx: PageContext, code: str, form: str, id: int | str = "") -> str:
    """The page of the file with this form open."""
    return address(ctx, "/case", code=code, do=form, id=id)
