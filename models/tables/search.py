"""What the search box looks through. Derived: may be rebuilt from the facts any time."""

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from models.base import Base, stored_enum
from models.enums import SearchKind


class SearchEntry(Base, table=True):
    """One thing that can be found: a file with all its current facts, a task, a session, an agency, a request.

    Within a kind `id` grows with the day of the latest news (models.queries.search_texts), so the newest are read first
    without sorting. `words` are the lexemes of models.rules.search_terms: a tsvector on PostgreSQL; on SQLite a text
    that is also in the full-text table `search_fts`. Entries are written and thrown away, never changed, and only by
    models.changes.search.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("ix_search_entry_kind_owner", "kind", "owner"),
        Index("ix_search_entry_words", "words", postgresql_using="gin").ddl_if(dialect="postgresql"),
    )

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    kind: SearchKind = stored_enum(SearchKind, "search_kind")
    owner: str = Field(max_length=40)  # what is written anew together: the file's id, the task's code
    case_id: int | None = Field(default=None, foreign_key="case_file.id")  # who may not see this file finds nothing
    code: str = Field(max_length=80)
    code_key: str = Field(max_length=80, index=True)  # va2025014
    title: str = Field(max_length=500)
    words: Any = Field(sa_column=Column(Text().with_variant(TSVECTOR(), "postgresql"), nullable=False))
