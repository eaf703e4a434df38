"""Backups that were made, and the drills that proved that they can be put back."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger
from sqlmodel import Field

from models.base import Base


class Backup(Base, table=True):
    """One archive, whole when it was written. It is known by the id in its manifest, wherever it is carried."""

    __tablename__ = "backup"

    id: str = Field(max_length=32, primary_key=True)
    file_name: str = Field(max_length=200)
    folder: str = Field(default="", max_length=1000)
    made_at: datetime = Field(index=True)
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64)  # of the archive file
    sealed: bool
    audit_rows: int
    audit_head: str = Field(max_length=64)
    removed_at: datetime | None = None  # by the rotation


class RestoreDrill(Base, table=True):
    """One try to put a backup back into a scratch database, and what was found there."""

    __tablename__ = "restore_drill"

    id: int | None = Field(default=None, primary_key=True)
    backup_id: str = Field(default="", max_length=32)  # empty if the archive could not be read so far
    file_name: str = Field(max_length=200)
    backup_made_at: datetime | None = None
    drilled_at: datetime = Field(index=True)
    proved: bool
    checks: list[Any] = Field(default_factory=list, sa_type=JSON)  # [{name, ok, said: an encoded sentence}]
