"""A month from Monday to Sunday: which files have their last day when, and which days are not worked."""

from calendar import Calendar as Weeks
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from dashboard.components.address import address, here
from dashboard.components.board import FIRST_YEAR, LAST_YEAR
from dashboard.components.figures import days
from dashboard.components.file_table import file_link, title
from dashboard.components.markup import NOTHING, Html, el, join, link
from dashboard.context import PageContext
from models.enums import N_, DayKind
from models.queries.cases import FileRow, Page
from models.rules.clocks import name_of
from models.rules.words import Names
from models.rules.workdays import Calendar

WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
SATURDAY = 5


class DayShown(NamedTuple):
    """What a day of the calendar shows: its first lines, and how many there are in all."""

    lines: list[Html]
    total: int


def files_shown(ctx: PageContext, due: Mapping[date, Page]) -> dict[date, DayShown]:
    """The files of each day as lines."""
    return {day: DayShown([_file(ctx, row) for row in page.rows], page.total) for day, page in due.items()}


def month_head(ctx: PageContext, first: date, total: int, *, of_all: bool = False) -> Html:
    """The month with the number of files due in it (`of_all`: of dates), between the ways to the months beside it."""
    t = ctx.t
    counted = t.n("{n} date", "{n} dates", total) if of_all else t.n("{n} file", "{n} files", total)
    said = el("span", counted, data_figure="deadlines.month", data_value=total)
    return el(
        "h2", _beside(ctx, first - timedelta(days=1), "‹"), " ",
        t("Due in {month}", month=t.date(first, monthly=True)), ": ", said, " ",
        _beside(ctx, (first + timedelta(days=31)).replace(day=1), "›"), class_="bucket month",
    )  # fmt: skip


def _beside(ctx: PageContext, day: date, sign: str) -> Html:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return NOTHING
    said = ctx.t("Due in {month}", month=ctx.t.date(day, monthly=True))
    return link(
        here(ctx, "/deadlines", month=f"{day:%Y-%m}", due=None, page=None), sign, aria_label=said, class_="turn"
    )


def calendar_note(ctx: PageContext, first: date, known: Calendar) -> Html:
    """Says that the days off of the year are not known; nothing when they are."""
    if known.is_maintained(first):
        return NOTHING
    t = ctx.t
    said = t("The calendar has no days off for {year}: only weekends are marked.", year=str(first.year))
    if first.year > known.last_year:
        more = t("Limits that end in that year cannot be told until its official notice is entered.")
        return el("p", said, " ", more, class_="note warn", role="status")
    return el("p", said, class_="note", role="status")


def month_table(ctx: PageContext, first: date, due: Mapping[date, DayShown], known: Calendar) -> Html:
    """The month as a table of weeks; days of the months beside it stay empty."""
    head = el("tr", *(el("th", ctx.t(name), scope="col") for name in WEEKDAYS))
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    rows = (
        el(
            "tr",
            *(
                _day(ctx, day, due.get(day), known) if day.month == first.month else el("td", class_="out")
                for day in week
            ),
        )
        for week in weeks
    )
    said = ctx.t("Due in {month}", month=ctx.t.date(first, monthly=True))
    return el("table", el("thead", head), el("tbody", *rows), class_="month", aria_label=said)


def _day(ctx: PageContext, day: date, found: DayShown | None, known: Calendar) -> Html:
    note = _note(ctx, day, known)
    looks = [*(["off"] if _is_off(day, known) else []), *(["today"] if day == ctx.as_of else [])]
    total = found.total if found else 0
    return el(
        "td", el("b", str(day.day), class_="num"), el("small", note, class_="off") if note else NOTHING,
        *(found.lines if found else ()), _more(ctx, day, found),
        class_=" ".join(looks) or None, data_day=day.isoformat(), data_due=total,
    )  # fmt: skip


def _is_off(day: date, known: Calendar) -> bool:
    return not known.is_workday(day) if known.is_maintained(day) else day.weekday() >= SATURDAY


def _note(ctx: PageContext, day: date, known: Calendar) -> str:
    """The name of a day off, or that a Saturday is worked."""
    special = known.days.get(day)
    if special is None:
        return ""
    if special.kind is DayKind.SWAP_WORK:
        return ctx.t.label(special.kind)
    return ctx.t("{name}", name=Names(special.name_vi, special.name_en))


def _file(ctx: PageContext, row: FileRow) -> Html:
    late = (row.days_late or 0) > 0
    said = f"{title(ctx, row)} · {ctx.t.label(row.owner)} · {days(ctx.t, row.days_late, row.bucket)}"
    what = el("small", ctx.t.words(name_of(row.rule)) + (f" ({ctx.t('approximate')})" if row.approximate else ""))
    name = link(address(ctx, "/case", code=row.code, why=1), row.code)
    return el("div", name, what, class_="due late" if late else "due", title=said)


def _more(ctx: PageContext, day: date, found: DayShown | None) -> Html:
    more = found.total - len(found.lines) if found else 0
    if not more:
        return NOTHING
    href = here(ctx, "/deadlines", view=None, month=None, due=day.isoformat(), page=None)
    return link(href, ctx.t("and {n} more", n=more), class_="more")


def late_above(ctx: PageContext, found: Page, most: int) -> Html:
    """The files that are late already, the latest first, with the way to all of them."""
    t = ctx.t
    if not found.total:
        return el("p", t("No file is late."), class_="quiet")
    every = here(ctx, "/deadlines", view=None, month=None, late=1, page=None)
    counted = link(every, t("{n} late", n=found.total), class_="late", data_figure="deadlines.late",
                   data_value=found.total)  # fmt: skip
    named = [
        join([file_link(ctx, row.code), f" ({t.words(name_of(row.rule))}, {days(t, row.days_late, row.bucket)})"])
        for row in found.rows[:most]
    ]
    rest = [link(every, t("and {n} more", n=found.total - most))] if found.total > most else []
    return el("p", counted, ": ", join([*named, *rest], " · "), class_="sum")
