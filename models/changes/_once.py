"""Insert a row unless its key is already there: how a claim is made that only one of several can win."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from models.base import Base


def insert_or_ignore(session: Session, table: type[Base]) -> Any:
    """An INSERT into `table` that leaves rows whose key exists alone, in the words of the session's database."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()
