"""The five figures of the overview, each a link to the records it counts."""

from dashboard.components.address import address
from dashboard.components.figures import figure, money, signed
from dashboard.components.markup import NOTHING, Html, el, join, link
from dashboard.context import PageContext
from models.enums import Bucket
from models.queries.figures import Figure
from models.queries.overview import Overview


def cards(ctx: PageContext, state: Overview, *, silent_days: int) -> Html:
    """Late, due soon, without news, tasks late, recovered; with what changed since the session."""
    t, figures = ctx.t, state.figures
    files, tasks = figures.value("files.open"), figures.value("tasks.assigned")
    return el(
        "div",
        _card(
            t("Late"), _number(ctx, state, "files.late", "/cases", late=1),
            el("span", t("of {n} open files", n=files), class_="of"), _since(ctx, state, "files.late"), alarm=True,
        ),
        _card(
            t("Due soon"), _number(ctx, state, "bucket.due_soon", "/cases", bucket=Bucket.DUE_SOON),
            NOTHING, _since(ctx, state, "bucket.due_soon"),
        ),
        _card(
            t("No news > {n} days", n=silent_days),
            _number(ctx, state, "files.no_news", "/cases", silent=silent_days),
            NOTHING, _since(ctx, state, "files.no_news"),
        ),
        _card(
            t("Tasks late"), _number(ctx, state, "tasks.late", "/tasks", status="late"),
            el("span", t("of {n} tasks", n=tasks), class_="of"), _since(ctx, state, "tasks.late"),
        ),
        _recovered(ctx, state),
        class_="cards",
    )  # fmt: skip


def _card(title: str, number: Html, of: Html, since: Html, *, alarm: bool = False) -> Html:
    return el(
        "section", el("h2", title), el("p", number, " ", of), since, class_="card alarm" if alarm else "card",
    )  # fmt: skip


def _number(ctx: PageContext, state: Overview, name: str, path: str, **filters: str | int) -> Html:
    """The figure as a link; what it counts, exactly, on hover."""
    counts = ctx.t.words(state.figures[name].definition)
    return figure(ctx.t, name, state.figures.value(name), address(ctx, path, **filters), title=counts)


def _since(ctx: PageContext, state: Overview, name: str) -> Html:
    change = state.delta(name)
    if change is None or state.since is None:
        return NOTHING
    t = ctx.t
    mark = "▲" if change > 0 else "▼" if change < 0 else "="
    said = signed(t, change) if change else t("unchanged")
    session = t("since session {number}", number=state.since.number)
    rose = " rose" if change > 0 else ""
    return el("p", el("b", f"{mark} {said}", class_=f"delta{rose}", data_delta=name), f" {session}", class_="since")


def _recovered(ctx: PageContext, state: Overview) -> Html:
    t = ctx.t
    strict, official = state.figures["rate.strict"], state.figures["rate.official"]
    total = state.figures.value("money.recovered")
    said = join([t("Recovered in all"), " ", _money_link(ctx, "money.recovered", total)])
    if state.changes and state.since:
        gained = state.changes.recovered_vnd
        grown = f"{'+' if gained > 0 else ''}{t.money(gained)}"
        session = t("since session {number}", number=state.since.number)
        said = join([said, " · ", el("b", grown, title=t.exact(gained), data_delta="money.recovered"), f" {session}"])
    return el(
        "section",
        el("h2", t("Recovered")),
        el(
            "p",
            _money_link(ctx, "rate.strict", strict.numerator or 0, class_="figure"), " ",
            _rate(ctx, strict, t("of {amount} to be recovered", amount=t.money(strict.denominator))),
        ),
        el(
            "p",
            _money_link(ctx, "rate.official", official.numerator or 0), " ",
            _rate(ctx, official, t("of {amount} eligible to enforce", amount=t.money(official.denominator))),
            class_="since",
        ),
        el("p", said, class_="since"),
        class_="card wide",
    )  # fmt: skip


def _rate(ctx: PageContext, rate: Figure, of: str) -> Html:
    """of 196.0 billion đồng to be recovered: 31.8%"""
    t = ctx.t
    percent = el("b", t.percent(rate.numerator or 0, rate.denominator or 0), class_="num", data_percent=rate.id)
    return el("span", f"{of}: ", percent, class_="of", title=t.exact(rate.denominator))


def _money_link(ctx: PageContext, name: str, vnd: int, *, class_: str | None = None) -> Html:
    return link(
        address(ctx, "/assets"), money(ctx.t, vnd), class_=class_, data_figure=name, data_value=vnd,
    )  # fmt: skip
