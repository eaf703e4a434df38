"""Everything that falls due in some days as a workbook: limits, clocks beside them, tasks, replies, one row each."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from exports.listing import Column, Sheet, list_file
from models.db import Engine, Session
from models.queries.cases import CaseFilter
from models.queries.month_clocks import DueItem, due_items
from models.rules.access import Viewer
from models.rules.limits import article_words
from models.text import Translator


def due_list_file(
    viewer: Viewer,
    wanted: CaseFilter,
    *,
    as_of: date,
    days: tuple[date, date],
    about: Sequence[str],
    t: Translator,
    now: datetime,
    engine: Engine | None = None,
) -> bytes:
    """What falls due from the first to the last of `days`, as the board shows it; leaves an audit row.

    Raises Forbidden.
    """

    def asked(session: Session) -> Sheet:
        found = due_items(session, viewer, wanted, as_of=as_of, first=days[0], last=days[1])
        said = (t("As of {day}", day=as_of), *about, t.n("{n} date", "{n} dates", len(found)))
        return Sheet(t("Deadlines"), _columns(t), (_values(t, item) for item in found), said)

    return list_file(viewer, f"liem-due-{as_of.isoformat()}.xlsx", "due", asked, t=t, now=now, engine=engine)


def _columns(t: Translator) -> list[Column]:
    return [
        Column(t("Code"), 14),
        Column(t("Title"), 44),
        Column(t("Limit of"), 30),
        Column(t("Decides about the file"), 14),
        Column(t("Subject"), 18),
        Column(t("Whose move"), 20),
        Column(t("Start"), 12),
        Column(t("Article"), 22),
        Column(t("Last day"), 12),
        Column(t("Approximate"), 12),
        Column(t("Confirmed"), 18),
        Column(t("Days late (minus: days left)"), 12),
    ]


def _values(t: Translator, item: DueItem) -> list[Any]:
    return [
        item.code,
        item.title_en if t.language == "en" and item.title_en else item.title,
        t.words(item.name),
        t("yes") if item.decides else "",
        item.subject,
        t.label(item.owner) if item.owner else "",
        item.start_on,
        t.words(article_words(item.article)) if item.article else "",
        item.due_on,
        t("yes") if item.approximate else "",
        "" if item.proved else t("to be confirmed by a lawyer"),
        item.days_late,
    ]
