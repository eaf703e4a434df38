"""Our own registry, and the column kinds every table uses.

A registry of our own keeps the tables apart from anything else that imports SQLModel.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, Enum
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel
from sqlmodel.main import default_registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(SQLModel, registry=registry()):
    """Parent of every table."""


Base.metadata.naming_convention = NAMING
metadata = Base.metadata
assert metadata is not default_registry.metadata


def enum_type(kind: type[StrEnum], name: str) -> Enum:
    """Column type for `kind`: short text of the member's value, checked by the database."""
    return Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        length=40,
        create_constraint=True,
        name=name,
    )


def stored_enum(kind: type[StrEnum], name: str, *, nullable: bool = False, index: bool = False, **field: Any) -> Any:
    """Field of a closed list; `name` names the check constraint."""
    return Field(sa_column=Column(enum_type(kind, name), nullable=nullable, index=index), **field)


def money(**field: Any) -> Any:
    """Field of whole dong up to 10**18."""
    return Field(sa_type=BigInteger, **field)
