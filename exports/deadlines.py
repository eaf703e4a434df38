"""The board of deadlines as a workbook: the files of a filter with real dates and numbers, ready to sort and filter."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from exports.listing import Column, Sheet, list_file
from models.db import Engine, Session
from models.enums import N_
from models.queries.cases import CaseFilter, FileRow, case_page
from models.queries.limits import running_limits
from models.rules.access import Viewer
from models.rules.clocks import name_of
from models.rules.deadlines import Due
from models.rules.limits import article_words
from models.text import Translator


class Field(NamedTuple):
    """A column: its heading, its width in signs, and what stands in it; a day, a number or a text."""

    heading: str
    width: int
    value: Callable[[Translator, FileRow, Due | None], Any]


COLUMNS = (
    Field(N_("Code"), 14, lambda t, row, due: row.code),
    Field(N_("Title"), 44, lambda t, row, due: row.title_en if t.language == "en" and row.title_en else row.title),
    Field(N_("Kind"), 14, lambda t, row, due: t.label(row.kind)),
    Field(N_("Stage"), 20, lambda t, row, due: t.label(row.stage)),
    Field(N_("Whose move"), 20, lambda t, row, due: t.label(row.owner)),
    Field(N_("State of the limit"), 20, lambda t, row, due: t.label(row.bucket)),
    Field(N_("Limit of"), 26, lambda t, row, due: t.words(name_of(row.rule)) if row.rule else ""),
    Field(N_("Start"), 12, lambda t, row, due: row.start_on),
    Field(N_("Limit"), 14, lambda t, row, due: t.words(due.base.words()) if due else ""),
    Field(N_("Article"), 22, lambda t, row, due: t.words(article_words(row.article)) if row.article else ""),
    Field(N_("Extensions"), 16, lambda t, row, due: _extensions(t, due)),
    Field(N_("Last day"), 12, lambda t, row, due: row.due_on),
    Field(N_("Approximate"), 12, lambda t, row, due: t("yes") if row.approximate else ""),
    Field(N_("Days late (minus: days left)"), 12, lambda t, row, due: row.days_late),
    Field(N_("Last news"), 12, lambda t, row, due: row.last_event_on),
    Field(N_("Why"), 60, lambda t, row, due: " ".join(t.words(sentence) for sentence in row.why)),
)


def deadlines_file(
    viewer: Viewer,
    wanted: CaseFilter,
    *,
    as_of: date,
    sort: str,
    about: Sequence[str],
    t: Translator,
    now: datetime,
    engine: Engine | None = None,
) -> bytes:
    """The open files of the filter on `as_of` as a workbook, in the order `sort`; leaves an audit row.

    `about` are sentences for the second sheet: what the list shows. Raises Forbidden.
    """

    def asked(session: Session) -> Sheet:
        found = case_page(session, viewer, wanted, as_of=as_of, sort=sort, size=None)
        limits = running_limits(session, viewer, [row.code for row in found.rows if row.due_on], as_of=as_of)
        said = (t("As of {day}", day=as_of), *about, t.n("{n} file", "{n} files", found.total))
        return Sheet(t("Deadlines"), _columns(t), _values(t, found.rows, limits), said)

    name = f"liem-deadlines-{as_of.isoformat()}.xlsx"
    return list_file(viewer, name, "deadlines", asked, t=t, now=now, engine=engine)


def _columns(t: Translator) -> list[Column]:
    return [Column(t(field.heading), field.width) for field in COLUMNS]


def _values(t: Translator, rows: Sequence[FileRow], limits: Mapping[str, Due]) -> Iterator[list[Any]]:
    for row in rows:
        yield [field.value(t, row, limits.get(row.code)) for field in COLUMNS]


def _extensions(t: Translator, due: Due | None) -> str:
    return " + ".join(t.words(length.words()) for length in due.extensions) if due else ""
