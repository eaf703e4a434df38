"""The audit log as a workbook: the rows of the page's filters, without what the viewer may not see."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from exports.listing import Column, Sheet, list_file
from models.db import Engine, Session
from models.queries.audit_log import LogFilter, LogRow, log_page
from models.rules.access import Viewer
from models.text import Translator


def audit_list(
    viewer: Viewer,
    wanted: LogFilter,
    *,
    today: date,
    about: Sequence[str],
    t: Translator,
    now: datetime,
    engine: Engine | None = None,
) -> bytes:
    """The rows of the filter, newest first, all pages of them. Raises Forbidden."""

    def asked(session: Session) -> Sheet:
        found = log_page(session, viewer, wanted, size=None)
        said = (t("As of {day}", day=today), *about, t.n("{n} row", "{n} rows", found.total))
        return Sheet(t("Audit"), _columns(t), (line for row in found.rows for line in _lines(t, row)), said)

    return list_file(viewer, f"liem-audit-{today.isoformat()}.xlsx", "audit", asked, t=t, now=now, engine=engine)


def _columns(t: Translator) -> list[Column]:
    return [
        Column(t("Row"), 8), Column(t("Time"), 20), Column(t("Who"), 16), Column(t("Address"), 16),
        Column(t("What"), 34), Column(t("About"), 28), Column(t("Before and after"), 60), Column(t("Hash"), 66),
    ]  # fmt: skip


def _lines(t: Translator, row: LogRow) -> Iterator[list[Any]]:
    values = row.values or ()
    told = "; ".join(f"{t.words(each.label)}: {_shown(t, each.before)} → {_shown(t, each.after)}" for each in values)
    about = t.words(row.about) if row.about else ""
    yield [row.id, t.time(row.at), row.who, row.address, t.words(row.deed), about, told, row.hash]


def _shown(t: Translator, value: object) -> str:
    return "–" if value in (None, "") else t("{value}", value=value)
