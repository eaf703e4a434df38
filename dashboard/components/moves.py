"""Whose move it is, and what changed since a session."""

from collections.abc import Iterator

from dashboard.components.address import address
from dashboard.components.markup import Html, el, join, link
from dashboard.context import PageContext
from models.enums import Bucket
from models.queries.figures import Figures
from models.queries.overview import Changes, Overview, OwnerLoad
from models.queries.tasks import SessionRow


def whose_move(ctx: PageContext, owners: tuple[OwnerLoad, ...]) -> Html:
    """Files per body that has to act, the late ones first; the bar's dark part is late, the middle part due soon."""
    t = ctx.t
    if not owners:
        return el("p", t("No file is open."), class_="quiet")
    most = max(load.late + load.due_soon + load.other for load in owners)
    return el("div", *(_owner(ctx, load, most) for load in owners), class_="owners")


def _owner(ctx: PageContext, load: OwnerLoad, most: int) -> Html:
    t = ctx.t
    total = load.late + load.due_soon + load.other
    counts = [
        link(address(ctx, "/cases", owner=load.owner), t.n("{n} file", "{n} files", total), data_owner=load.owner)
    ]
    if load.due_soon:
        href = address(ctx, "/cases", owner=load.owner, bucket=Bucket.DUE_SOON)
        counts.insert(0, link(href, t("{n} due soon", n=load.due_soon)))
    if load.late:
        href = address(ctx, "/cases", owner=load.owner, late=1)
        counts.insert(0, link(href, t("{n} late", n=load.late), class_="late"))
    parts = (("late", load.late), ("soon", load.due_soon), ("other", load.other))
    bar = [el("i", class_=name, style=f"width:{100 * count / most:.2f}%") for name, count in parts if count]
    return join(
        [
            el("span", t.label(load.owner), class_="who"),
            el("span", *bar, class_="bar", aria_hidden="true"),
            el("span", join(counts, " · "), class_="counts"),
        ]
    )


def changes(ctx: PageContext, state: Overview) -> Html:
    """What changed since the session; each number leads to its records."""
    t = ctx.t
    if state.changes is None or state.since is None:
        return el("p", t("No session of the committee is recorded before this day."), class_="quiet")
    return el("ul", *(el("li", line) for line in _lines(ctx, state.changes, state.since, state.figures)))


def _lines(ctx: PageContext, found: Changes, since: SessionRow, figures: Figures) -> Iterator[Html]:
    t = ctx.t
    yield join(
        [
            _codes(ctx, since, "new", t.n("{n} new file", "{n} new files", len(found.new)), found.new), " · ",
            _codes(ctx, since, "ended", t("{n} ended", n=len(found.ended)), found.ended), " · ",
            _codes(ctx, since, "moved", t("{n} moved on", n=len(found.moved)), found.moved),
        ]
    )  # fmt: skip
    yield join(
        [
            _codes(ctx, since, "newly_late", t("{n} became late", n=len(found.newly_late)), found.newly_late), " · ",
            _codes(
                ctx, since, "no_longer_late", t("{n} no longer late", n=len(found.no_longer_late)),
                found.no_longer_late,
            ),
        ]
    )  # fmt: skip
    gained = f"{'+' if found.recovered_vnd > 0 else ''}{t.money(found.recovered_vnd)}"
    yield join([link(address(ctx, "/assets"), gained, title=t.exact(found.recovered_vnd)), " ", t("recovered")])
    if found.tasks_total:
        done = t("{n} of {total}", n=found.tasks_done, total=found.tasks_total)
        yield join([link(address(ctx, "/tasks", session=since.id), done), " ", t("conclusions of the session done")])
    if found.corrected:
        names = ", ".join(t.words(figures[name].title) for name in found.corrected)
        yield el(
            "span",
            t.n(
                "{n} figure of that day has since been corrected: {names}",
                "{n} figures of that day have since been corrected: {names}",
                len(found.corrected),
                names=names,
            ),
            data_changes="corrected",
        )


def _codes(ctx: PageContext, since: SessionRow, change: str, said: str, codes: tuple[str, ...]) -> Html:
    if not codes:
        return el("span", said, class_="quiet", data_changes=change)
    return link(address(ctx, "/cases", change=change, since=since.id), said, data_changes=change)
