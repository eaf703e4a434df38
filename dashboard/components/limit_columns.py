"""Columns of a table of files that say what a limit is made of: its base, its extensions, its last day."""

from collections.abc import Mapping

from dashboard.components.figures import article
from dashboard.components.file_table import Cell, due_link
from dashboard.components.markup import NOTHING, el, join
from dashboard.context import PageContext
from models.enums import N_
from models.queries.cases import FileRow
from models.rules.deadlines import Due


def limit_columns(limits: Mapping[str, Due]) -> dict[str, tuple[str, Cell]]:
    """The columns `limit`, `extensions` and `last_day`; `limits` holds what runs on each file, by code."""

    def limit(ctx: PageContext, row: FileRow) -> str:
        found = limits.get(row.code)
        base = ctx.t.words(found.base.words()) if found else "–"
        return join([base, el("small", article(ctx.t, row.article))]) if row.rule else "–"

    def extensions(ctx: PageContext, row: FileRow) -> str:
        found = limits.get(row.code)
        if found is None or not found.extensions:
            return "–"
        more = el("small", ctx.t("more than the article allows"), class_="late") if found.excess else NOTHING
        return join([" + ".join(ctx.t.words(length.words()) for length in found.extensions), more])

    def last_day(ctx: PageContext, row: FileRow) -> str:
        return due_link(ctx, row) if row.due_on else "–"

    return {
        "limit": (N_("Limit"), limit),
        "extensions": (N_("Extensions"), extensions),
        "last_day": (N_("Last day"), last_day),
    }
