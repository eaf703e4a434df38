"""What an entry does to the date of a file, before and after, and what to look at twice. It never forbids."""

from dashboard.components.figures import article, days, due
from dashboard.components.markup import NOTHING, Html, el, join, show
from dashboard.context import PageContext
from models.queries.effect import Effect, Standing


def show_effect(ctx: PageContext, effect: Effect) -> None:
    """Before → after, the flags that come and go, the warnings."""
    t = ctx.t
    parts = [_standing(ctx, t("Now"), effect.before), el("b", "→", class_="arrow", aria_hidden="true"),
             _standing(ctx, t("After saving"), effect.after)]  # fmt: skip
    show(
        el("section", el("h3", t("What it does to the date")), el("div", *parts, class_="before-after"),
           _moves(ctx, effect), *_detentions(ctx, effect), *_flags(ctx, effect), class_="effect", role="status",
           data_effect="1"),
        *(el("p", t.words(said), class_="note warn", data_warning="1") for said in effect.warnings),
    )  # fmt: skip


def _standing(ctx: PageContext, title: str, at: Standing) -> Html:
    t = ctx.t
    if not at.is_open:
        return el("div", el("small", title), el("b", t("The file is no longer open.")))
    stage = el("small", t.label(at.stage))
    if at.due_on is None:
        said = t.words(at.why[0]) if at.why else ""
        return el("div", el("small", title), el("b", t.label(at.bucket)), stage, el("small", said) if said else NOTHING)
    late = (at.days_late or 0) > 0
    day = el("b", due(t, at.due_on, approximate=at.approximate), data_due=at.due_on.isoformat())
    left = el("span", days(t, at.days_late, at.bucket), class_="late" if late else None)
    law = el("small", join([t.words(at.what), " · ", article(t, at.article)]))
    return el(
        "div", el("small", title), day, " ", left, NOTHING if t.words(at.what) == t.label(at.stage) else stage, law
    )


def _moves(ctx: PageContext, effect: Effect) -> Html:
    t, moves = ctx.t, effect.moves
    same = (effect.before.due_on, effect.before.bucket, effect.before.stage) == (
        effect.after.due_on, effect.after.bucket, effect.after.stage,
    )  # fmt: skip
    if same:
        return el("p", t("The date does not change."))
    if moves:
        later = t.n("The date moves {n} day later.", "The date moves {n} days later.", moves)
        earlier = t.n("The date moves {n} day earlier.", "The date moves {n} days earlier.", -moves)
        return el("p", later if moves > 0 else earlier)
    return NOTHING


def _detentions(ctx: PageContext, effect: Effect) -> list[Html]:
    """Whose detention ends on another day."""
    t, said = ctx.t, []
    for each in effect.detentions:
        who = each.who or t("the accused")
        if each.after is None:
            told = t("Detention of {who}: no longer running (until {before} before).", who=who, before=each.before)
        elif each.before is None:
            told = t("Detention of {who}: until {after}.", who=who, after=each.after)
        else:
            told = t("Detention of {who}: until {after} instead of {before}.", who=who, after=each.after,
                     before=each.before)  # fmt: skip
        said.append(el("p", told, data_detention=each.who))
    return said


def _flags(ctx: PageContext, effect: Effect) -> list[Html]:
    t = ctx.t
    said = []
    if effect.opened:
        said.append(el("p", t("Will be flagged: {flags}", flags="; ".join(t.label(flag) for flag in effect.opened))))
    if effect.closed:
        said.append(el("p", t("No longer flagged: {flags}", flags="; ".join(t.label(flag) for flag in effect.closed))))
    return said
