"""The table of files: one row a file, its code leads to it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from dashboard.components.address import address
from dashboard.components.figures import article, days, due
from dashboard.components.markup import NOTHING, Html, el, join, link
from dashboard.components.proof_marks import unproved
from dashboard.context import PageContext
from models.enums import N_, Kind
from models.queries.cases import FileRow
from models.rules.clocks import name_of

DATED = ("due", "last_day", "reason")  # columns that show the last day
Cell = Callable[[PageContext, FileRow], str]


def file_table(
    ctx: PageContext,
    rows: Iterable[FileRow],
    columns: Sequence[str],
    *,
    label: str,
    own: Mapping[str, tuple[str, Cell]] | None = None,
    group: Callable[[FileRow], str] | None = None,
) -> Html:
    """A table of these columns, of COLUMNS or of the page's `own`; late files carry a dark mark at their left.

    `group` names the part of the table a row belongs to; rows come in the order of their parts.
    """
    offered = {**COLUMNS, **(own or {})}
    head = el("tr", *(el("th", ctx.t(offered[name][0]), class_=f"c-{name}", scope="col") for name in columns))
    cells = [(name, offered[name][1]) for name in columns]
    parts = groupby(rows, key=group or _one_part)
    waiting = unproved()
    bodies = (
        el("tbody", _part(part, len(columns)), *(_row(ctx, row, cells, waiting) for row in files))
        for part, files in parts
    )
    return el("table", el("thead", head), *bodies, class_="files", aria_label=label)


def _one_part(_row: FileRow) -> str:
    return ""


def _part(name: str, columns: int) -> Html:
    return el("tr", el("th", name, colspan=columns, scope="rowgroup"), class_="group") if name else NOTHING


def _row(ctx: PageContext, row: FileRow, columns: Sequence[tuple[str, Cell]], waiting: Collection[str]) -> Html:
    doubted = bool(row.due_on) and row.rule in waiting
    cells = (
        el("td", cell(ctx, row), _to_confirm(ctx) if doubted and name in DATED else NOTHING, class_=f"c-{name}")
        for name, cell in columns
    )
    return el("tr", *cells, class_="is-late" if (row.days_late or 0) > 0 else None, data_code=row.code)


def _to_confirm(ctx: PageContext) -> Html:
    return el("small", ctx.t("to be confirmed by a lawyer"), class_="to-confirm")


def title(ctx: PageContext, row: FileRow) -> str:
    """The file's title in the reader's language, as far as there is one."""
    return row.title_en if ctx.language == "en" and row.title_en else row.title


def file_link(ctx: PageContext, code: str, *said: str) -> Html:
    """A link to the file's own page."""
    return link(address(ctx, "/case", code=code), *(said or (code,)))


def _code(ctx: PageContext, row: FileRow) -> str:
    return file_link(ctx, row.code)


def _file(ctx: PageContext, row: FileRow) -> str:
    return join([_code(ctx, row), el("span", title(ctx, row), class_="title")])


def _kind(ctx: PageContext, row: FileRow) -> str:
    named = ctx.t("Case") if row.kind is Kind.CASE else ctx.t.label(row.kind)
    under = ", ".join(ctx.t.label(each) for each in row.categories)
    return join([named, el("small", under) if under else NOTHING])


def _stage(ctx: PageContext, row: FileRow) -> str:
    under = []
    if row.round > 1:
        under.append(ctx.t("round {n}", n=row.round))
    if row.stage_since:
        under.append(ctx.t("since {day}", day=row.stage_since))
    return join([ctx.t.label(row.stage), el("small", " · ".join(under)) if under else NOTHING])


def _owner(ctx: PageContext, row: FileRow) -> str:
    return ctx.t.label(row.owner)


def _due(ctx: PageContext, row: FileRow) -> str:
    if row.due_on is None:
        return "–"
    return join([due_link(ctx, row), el("small", article(ctx.t, row.article))])


def due_link(ctx: PageContext, row: FileRow) -> Html:
    """The last day, leading to why it is that day."""
    said = due(ctx.t, row.due_on, approximate=row.approximate)
    return link(address(ctx, "/case", code=row.code, why=1), said, class_="due-day", title=ctx.t("Why this date"))


def _days(ctx: PageContext, row: FileRow) -> str:
    said = days(ctx.t, row.days_late, row.bucket)
    if row.days_late is None:
        return said
    return el("b", said, class_="late num") if row.days_late > 0 else el("span", said, class_="num")


def news_until(day: date) -> tuple[str, Cell]:
    """The column of the last news, its age counted to the day on which the rows stood."""

    def cell(ctx: PageContext, row: FileRow) -> Html:
        silent = (day - row.last_event_on).days
        nothing = ctx.t("today") if day == ctx.as_of else ctx.t("on that day")
        ago = ctx.t.n("{n} day ago", "{n} days ago", silent) if silent else nothing
        if silent and day != ctx.as_of:
            ago = ctx.t.n("{n} day before", "{n} days before", silent)
        return join([ctx.t.date(row.last_event_on), el("small", ago)])

    return N_("Last news"), cell


def _news(ctx: PageContext, row: FileRow) -> str:
    return news_until(ctx.as_of)[1](ctx, row)


def _clock(ctx: PageContext, row: FileRow) -> str:
    return ctx.t.words(name_of(row.rule)) if row.rule else "–"


def _start(ctx: PageContext, row: FileRow) -> str:
    return ctx.t.date(row.start_on)


def _doubts(ctx: PageContext, row: FileRow) -> str:
    """What the dates of the row do not say themselves: the doubts, or all of it where there is no date."""
    said = " ".join(ctx.t.words(sentence) for sentence in (row.why[1:] if row.due_on else row.why))
    more = address(ctx, "/case", code=row.code, why=1)
    words = ctx.t("Why this date") if row.due_on else ctx.t("Details")
    return join([said, " " if said else "", link(more, words, "\N{NO-BREAK SPACE}›", class_="why")])


def _reason(ctx: PageContext, row: FileRow) -> str:
    said = ctx.t.words(row.why[0]) if row.why else ctx.t.label(row.bucket)
    more = address(ctx, "/case", code=row.code, why=1)
    doubtful = el("span", ctx.t("approximate"), class_="tag") if row.approximate and row.due_on else NOTHING
    return join(
        [
            said,
            " ",
            doubtful,
            " " if doubtful else "",
            link(more, ctx.t("Why this date"), "\N{NO-BREAK SPACE}›", class_="why"),
        ]
    )


COLUMNS: dict[str, tuple[str, Cell]] = {
    "code": (N_("Code"), _code),
    "title": (N_("Title"), lambda ctx, row: title(ctx, row)),
    "file": (N_("Case or incident"), _file),
    "kind": (N_("Kind"), _kind),
    "stage": (N_("Stage"), _stage),
    "owner": (N_("Whose move"), _owner),
    "due": (N_("Last day"), _due),
    "days": (N_("Days"), _days),
    "news": (N_("Last news"), _news),
    "clock": (N_("Limit of"), _clock),
    "start": (N_("Start"), _start),
    "doubts": (N_("Why"), _doubts),
    "reason": (N_("Reason"), _reason),
}
