"""Time limits: every open file in exactly one bucket, and the files of the chosen one, agency by agency."""

from dashboard.components.answers import PAGE_ROWS, figures_of, files_of, limits_of, source_of
from dashboard.components.buckets import strip, sum_line
from dashboard.components.chooser import chosen, leave_empty_page, page_number, page_turner
from dashboard.components.file_table import file_table
from dashboard.components.limit_columns import limit_columns
from dashboard.components.markup import el, ready, show
from dashboard.components.page_head import page_head
from dashboard.components.watch import judged_line, watch_note, watch_of
from dashboard.context import PageContext
from models.db import read_session
from models.enums import Bucket
from models.queries.cases import CaseFilter, Page
from models.queries.figures import Figures
from models.rules.deadlines import Due

DATED = ("file", "clock", "start", "limit", "extensions", "last_day", "days", "doubts")
UNDATED = ("file", "stage", "news", "doubts")
WORST_FIRST = (
    Bucket.OVERDUE_OVER_365, Bucket.OVERDUE_91_365, Bucket.OVERDUE_31_90, Bucket.OVERDUE_1_30, Bucket.DUE_SOON,
    Bucket.CANNOT_TELL, Bucket.ON_TIME, Bucket.PAUSED, Bucket.NO_LIMIT,
)  # fmt: skip


def render(ctx: PageContext) -> None:
    """The strip that adds up, then the files of the bucket."""
    with read_session() as session:
        source = source_of(session, ctx)
        watch = watch_of(session, ctx)
    figures = figures_of(source, ctx.viewer)
    bucket = _bucket(figures)
    found = files_of(source, CaseFilter(bucket=bucket), "owner", page_number(), "", None, ctx.viewer)
    leave_empty_page(found.rows, found.total)
    limits = limits_of(source, found, ctx.viewer)
    page_head(ctx, ctx.t("Deadlines"), "/deadlines")
    show(watch_note(ctx, watch))
    show(strip(ctx, figures, bucket), el("p", sum_line(ctx, figures), " ", judged_line(ctx, watch), class_="sum"))
    _table(ctx, bucket, found, limits)
    ready()


def _bucket(figures: Figures) -> Bucket:
    """The bucket named in the address, else the worst one that holds a file."""
    asked = chosen("bucket", dict.fromkeys(Bucket))
    if asked:
        return Bucket(asked)
    return next((bucket for bucket in WORST_FIRST if figures.value(f"bucket.{bucket}")), Bucket.ON_TIME)


def _table(ctx: PageContext, bucket: Bucket, found: Page, limits: dict[str, Due]) -> None:
    t = ctx.t
    number = el(
        "span",
        t.n("{n} file", "{n} files", found.total),
        data_figure="deadlines.total",
        data_value=found.total,
    )
    show(el("h2", t.label(bucket), ": ", number, class_="bucket"))
    if not found.total:
        show(el("p", t("No file is in this bucket."), class_="quiet"))
        return
    columns = DATED if any(row.due_on for row in found.rows) else UNDATED
    show(
        file_table(
            ctx, found.rows, columns, label=t.label(bucket), own=limit_columns(limits),
            group=lambda row: t.label(row.owner),
        )
    )  # fmt: skip
    page_turner(found.total, t, size=PAGE_ROWS)
