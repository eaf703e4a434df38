"""Rows as the driver gives them, for very many of them: what the caller has asked for as a viewer, read quickly."""

from datetime import date
from typing import Any

from sqlmodel import Session


class Days(dict[Any, date]):
    """Days as the driver gives them (a text on SQLite) → dates, each read once: many events share a day."""

    def __missing__(self, given: Any) -> date:
        self[given] = day = date.fromisoformat(given) if isinstance(given, str) else given
        return day


def plain_rows(session: Session, asked: Any) -> list[Any]:
    """The rows as the driver gives them, for very many: stored values as texts, days as `Days` reads them."""
    with session.connection().execute(asked) as found:
        cursor: Any = found.cursor
        rows: list[Any] = cursor.fetchall()
        return rows
