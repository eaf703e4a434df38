"""Which records a transaction touches, noticed from the statements on their way to the database.

Nobody has to remember to say it: the search and the seals of the audit chain both ask here before the transaction ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.sql.dml import Delete, Insert, Update

from models.queries.sealed import highest_key, sealed_tables

NOTES = "touched"  # where a connection keeps what its transaction touched
TOLD = "touches"  # option of a statement that says itself whose rows it changes: the values of the key column


@dataclass
class Touched:
    """Whose rows of one table were written: their keys; `above`: every id above this one; `unknown`: anybody's."""

    keys: set[Any] = field(default_factory=set)
    above: int | None = None
    unknown: bool = False
    changed: bool = False  # by an UPDATE or DELETE, not only by an INSERT
    sealed: bool = False  # a column that is sealed was written


Notes = dict[str, Touched]
Given = Mapping[str, Any]  # the parameters of one execution


def watch(engine: Engine) -> None:
    """Notice what is written through this engine."""
    event.listen(engine, "begin", forget)
    event.listen(engine, "before_execute", _notice)


def forget(connection: Connection) -> None:
    """A transaction begins: nothing is touched yet."""
    connection.info.pop(NOTES, None)


def touched(connection: Connection) -> Notes:
    """What the transaction has touched so far, by table."""
    return connection.info.setdefault(NOTES, {})  # type: ignore[no-any-return]


def _notice(connection: Connection, statement: Any, many: Sequence[Given], one: Given, options: Given) -> None:
    """What a statement on its way to the database touches, noted with its connection."""
    if not isinstance(statement, Insert | Update | Delete):
        return
    name = str(statement.table)
    if name not in sealed_tables():
        return
    kind, column, left_out = sealed_tables()[name]
    note = touched(connection).setdefault(name, Touched())
    note.changed |= not isinstance(statement, Insert)
    given = [*many, *([one] if one else [])] or [{}]
    own = _values(statement) if not isinstance(statement, Delete) else {}
    if isinstance(statement, Update) and left_out and _set_columns(statement, own, given) <= left_out:
        return
    note.sealed = True
    if not column:
        return
    if (told := (statement.get_execution_options() | options).get(TOLD)) is not None:
        note.keys.update(told)
        return
    named = [value for key, value in own.items() if key == column or key.startswith(f"{column}_m")]
    named += [row[column] for row in given if column in row]
    note.keys.update(named)
    if isinstance(statement, Insert):
        _note_unnamed(connection, statement, note, kind, column, len(named))
    elif column in statement.table.c:
        note.keys.update(_changed(connection, statement, column, given))
    else:
        note.unknown = True  # a table as a migration names it


def _values(statement: Insert | Update) -> dict[str, Any]:
    """The values that a statement carries in itself."""
    if not (statement._values or statement._multi_values or getattr(statement, "_ordered_values", None)):
        return {}
    return dict(statement.compile().params)


def _set_columns(statement: Update, own: Given, given: Sequence[Given]) -> set[str]:
    """The columns that an UPDATE sets; too many rather than too few."""
    columns = set(statement.table.c.keys())
    ordered = getattr(statement, "_ordered_values", None) or ()
    values = {str(getattr(each, "key", each)) for each in [*(statement._values or {}), *(each for each, _ in ordered)]}
    return (values | {name for row in given for name in row} | ({*own} if not values else set())) & columns


def _note_unnamed(connection: Connection, statement: Insert, note: Touched, kind: str, column: str, named: int) -> None:
    """An INSERT that lets the database choose the key: all above the highest one of now."""
    if statement.select is not None:
        note.unknown = True
    elif not named or any(key is None for key in note.keys):
        if column == "id":
            note.keys.discard(None)
            note.above = min(note.above if note.above is not None else _no_end(), highest_key(connection, kind))
        elif not named:
            note.keys.add(None)  # the column is left out: rows that name no record


def _no_end() -> int:
    return 2**63


def _changed(connection: Connection, statement: Update | Delete, column: str, given: Sequence[Given]) -> Iterable[Any]:
    """Whose rows an UPDATE or DELETE is about to change: asked for with its own conditions."""
    asked = select(statement.table.c[column]).where(*statement._where_criteria).distinct()
    return [owner for row in given for owner in connection.execute(asked, row or None).scalars()]
