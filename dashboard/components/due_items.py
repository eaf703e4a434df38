"""What falls due, of every kind: deciding limits, clocks beside them, tasks, replies; as lines or as a table."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from dashboard.components.address import address, here
from dashboard.components.chooser import PAGE_ROWS
from dashboard.components.figures import article, days, due
from dashboard.components.markup import Html, el, join, link
from dashboard.components.month_calendar import DayShown
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.enums import Bucket
from models.queries.month_clocks import REPLY, TASK, DueItem, due_name

MOST = 6  # lines of a day in the calendar
LONGEST = 60  # characters of what a task asks


def days_shown(ctx: PageContext, items: Iterable[DueItem]) -> dict[date, DayShown]:
    """The items of each day: the first ones as lines, and how many there are."""
    shown: dict[date, DayShown] = {}
    for day, found in groupby(items, key=lambda item: item.due_on):
        own = list(found)
        shown[day] = DayShown([_line(ctx, item) for item in own[:MOST]], len(own))
    return shown


def _line(ctx: PageContext, item: DueItem) -> Html:
    t = ctx.t
    looks = ["due", *(["late"] if item.days_late > 0 else []), *([] if item.decides else ["aside"])]
    whose = t.label(item.owner) if item.owner else "–"
    said = f"{_title(ctx, item)} · {whose} · {days(t, item.days_late, Bucket.CANNOT_TELL)}"
    marks = "".join(f" ({mark})" for mark in _marks(ctx, item))
    what = el("small", t.words(item.name) + marks)
    name = link(_where(ctx, item), item.code or item.subject)
    return el("div", name, what, class_=" ".join(looks), title=said)


def _marks(ctx: PageContext, item: DueItem) -> list[str]:
    marks = [ctx.t("approximate")] if item.approximate else []
    return marks if item.proved else [*marks, ctx.t("to be confirmed by a lawyer")]


def _title(ctx: PageContext, item: DueItem) -> str:
    title = item.title_en if ctx.language == "en" and item.title_en else item.title
    return title if len(title) <= LONGEST else title[: LONGEST - 1].rstrip() + "…"


def _where(ctx: PageContext, item: DueItem) -> str:
    """Where the item is explained: the file with its clocks, the tasks, the requests."""
    if item.rule == TASK:
        return address(ctx, "/tasks") if not item.code else address(ctx, "/case", code=item.code)
    if item.rule == REPLY:
        return address(ctx, "/coordination") if not item.code else address(ctx, "/case", code=item.code)
    return address(ctx, "/case", code=item.code, why=1)


def items_table(ctx: PageContext, items: Sequence[DueItem], page: int) -> None:
    """One page of the items: day, what, which file, whose move; each leads to its reasons."""
    t = ctx.t
    headings = (t("Last day"), t("Limit of"), t("Case or incident"), t("Start"), t("Whose move"), t("Days"), t("Why"))
    start = (page - 1) * PAGE_ROWS
    rows_table(headings, [_row(ctx, item) for item in items[start : start + PAGE_ROWS]], key="due_items")


def _row(ctx: PageContext, item: DueItem) -> tuple[Cell | str, ...]:
    t = ctx.t
    kind = t("decides about the file") if item.decides else item.subject
    return (
        Cell(due(t, item.due_on, approximate=item.approximate), note="" if item.proved else _unproved(ctx)),
        Cell(t.words(item.name), note=kind),
        Cell(item.code or "–", href=_where(ctx, item) if item.code else "", note=_title(ctx, item)),
        t.date(item.start_on),
        t.label(item.owner) if item.owner else "–",
        Cell(days(t, item.days_late, Bucket.CANNOT_TELL), mark="bad" if item.days_late > 0 else ""),
        Cell(
            t("Details") if item.rule in (TASK, REPLY) else t("Why this date"),
            href=_where(ctx, item),
            note=article(t, item.article) if item.article else "",
        ),
    )


def _unproved(ctx: PageContext) -> str:
    return ctx.t("to be confirmed by a lawyer")


def counted(ctx: PageContext, items: Sequence[DueItem]) -> Html:
    """How many of each kind fall due, each leading to its own."""
    counts: dict[str, int] = {}
    for item in items:
        counts[item.rule] = counts.get(item.rule, 0) + 1
    if not counts:
        return el("p", ctx.t("Nothing falls due in these days."), class_="quiet")
    said = [
        link(here(ctx, "/deadlines", rule=rule, page=None), f"{ctx.t.words(due_name(rule))} {count}", data_rule=rule)
        for rule, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]
    return el("p", join(said, " · "), class_="sum")
