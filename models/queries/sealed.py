"""Which rows together are one record, which columns are sealed, and what a record holds now.

The same function reads a record when it is written and when it is looked at (`digests`). The chain itself keeps the
layout it was sealed by, so that an older database is looked at as it was sealed.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Integer,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    union,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from models.base import Base, metadata
from models.queries.workbook import chunks
from models.rules.chain import content_digest
from models.tables import (
    Account,
    AccountReview,
    Accused,
    Agency,
    AgendaItem,
    Attachment,
    Attendance,
    AuditSeal,
    Backup,
    Case,
    CaseDetail,
    CaseEvent,
    CommitteeSession,
    Conclusion,
    CoordinationRequest,
    Difficulty,
    FileSecrecy,
    Flag,
    HeadingMap,
    ImportBatch,
    IssuedReport,
    MoneyEntry,
    Offence,
    OutboxMail,
    PasswordHistory,
    Person,
    RecoveryCode,
    Reminder,
    RestoreDrill,
    Restriction,
    RestrictionReader,
    SecondFactor,
    SessionVersion,
    SignIn,
    SpecialDay,
    StatutoryLimit,
    SupervisionProposal,
    Task,
    TaskAgency,
    TaskStep,
)

AT_ONCE = 500  # records read together
STREAMED = {"stream_results": True, "yield_per": AT_ONCE}
NOBODY = ""  # the record of rows that name none, and of kinds that are one record

# kind of record → its tables, each with the column that names the record ("" where all rows are one record)
RECORDS: dict[str, tuple[tuple[type[Base], str], ...]] = {
    "file": (
        (Case, "id"),
        (CaseDetail, "case_id"),
        (CaseEvent, "case_id"),
        (Accused, "case_id"),
        (MoneyEntry, "case_id"),
        (Difficulty, "case_id"),
        (Attachment, "case_id"),
        (SupervisionProposal, "case_id"),
        (Restriction, "case_id"),
        (FileSecrecy, "case_id"),
    ),
    "readers": ((RestrictionReader, "restriction_id"),),
    "flags": ((Flag, "case_id"),),
    "task": ((Task, "code"), (TaskStep, "code")),
    "task_help": ((TaskAgency, "task_id"),),
    "session": (
        (CommitteeSession, "id"),
        (SessionVersion, "session_id"),
        (AgendaItem, "session_id"),
        (Attendance, "session_id"),
        (Conclusion, "session_id"),
    ),
    "request": ((CoordinationRequest, "code"),),
    "agency": ((Agency, "code"),),
    "person": ((Person, "id"),),
    "account": ((Account, "id"),),
    "sign_in": ((SignIn, "id"),),
    "second_factor": ((SecondFactor, "account_id"), (RecoveryCode, "account_id")),
    "passwords": ((PasswordHistory, "account_id"),),
    "account_review": ((AccountReview, "id"),),
    "limit": ((StatutoryLimit, "code"),),
    "calendar": ((SpecialDay, ""),),
    "offence": ((Offence, "article"),),
    "import": ((ImportBatch, "id"),),
    "headings": ((HeadingMap, "name"),),
    "report": ((IssuedReport, "id"),),
    "reminders": ((Reminder, "recipient"),),
    "mails": ((OutboxMail, "slot"),),
    "backup": ((Backup, "id"),),
    "drill": ((RestoreDrill, "backup_id"),),
}

# tables that are not sealed, and why
NOT_SEALED: dict[str, str] = {
    "address_failure": "counts tries to slow them down; each failure stands in the chain",
    "audit_entry": "the chain itself: each row is hashed with the one before",
    "audit_seal": "hashed in the rows of the chain",
    "audit_archive": "each piece is named by a row of the chain",
    "data_version": "a counter for caches: changes with everything, decides nothing",
    "form_draft": "private and unsaved; no fact",
    "job_run": "beats while a job runs; what a run did stands in the chain (job.done, job.failed)",
    "judged_file": "derived from the facts by the scan",
    "judgement": "derived from the facts by the scan",
    "money_line": "derived from the facts by the scan",
    "scan_state": "derived from the facts by the scan",
    "search_entry": "derived from the facts",
    "sign_in_step": "lives for minutes, between two steps of one sign-in",
}

# columns that are not sealed, and why
NOT_SEALED_COLUMNS: dict[str, dict[str, str]] = {
    "account": {
        "failures": "counts tries to slow them down; each failure stands in the chain",
        "locked_until": "the same",
        "last_sign_in_at": "moves with every sign-in, which stands in the chain",
    },
    "second_factor": {
        "last_step": "the half minute of the last code, so that none is taken twice",
        "next_secret": "shown, and not yet confirmed",
        "next_at": "the same",
    },
    "sign_in": {"last_seen_at": "moves with every look at a page"},
    "outbox_mail": {
        "tries": "an attempt under way; what was sent stands in the chain (mail.sent)",
        "tried_at": "the same",
        "last_error": "the same",
    },
}


class Part(NamedTuple):
    """One table of a kind of record. `columns`: (name, how PostgreSQL gives it as SQLite does: "b", "j" or "")."""

    table: str
    key: str
    order: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]


Layout = dict[str, tuple[Part, ...]]
Ask = Callable[[str, Any], Any]  # statement and values → cursor
Asked = tuple[int, Part, Any]  # the place of a part, the part, the cursor with its rows


@cache
def layout() -> Layout:
    """What this version seals."""
    return {kind: tuple(_part(model, key) for model, key in parts) for kind, parts in RECORDS.items()}


def _part(model: type[Base], key: str) -> Part:
    own: Any = model.__table__  # type: ignore[attr-defined]
    left_out = NOT_SEALED_COLUMNS.get(own.name, {})
    columns = sorted((each.name, _way(each.type)) for each in own.columns if each.name not in left_out)
    return Part(own.name, key, tuple(each.name for each in own.primary_key.columns), tuple(columns))


def _way(kind: Any) -> str:
    return "b" if isinstance(kind, Boolean) else "j" if isinstance(kind, JSON) else ""


def layout_text(of: Layout) -> str:
    """A layout as the chain keeps it."""
    return json.dumps(of, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def layout_of(text: str) -> Layout:
    """The layout that the chain keeps."""
    return {
        kind: tuple(
            Part(name, key, tuple(order), tuple((n, w) for n, w in columns)) for name, key, order, columns in parts
        )
        for kind, parts in json.loads(text).items()
    }


@cache
def sealed_tables() -> dict[str, tuple[str, str, frozenset[str]]]:
    """Table → kind of record, the column that names it, and the columns of it that are not sealed."""
    return {
        part.table: (kind, part.key, frozenset(NOT_SEALED_COLUMNS.get(part.table, ())))
        for kind, parts in layout().items()
        for part in parts
    }


def unlisted() -> list[str]:
    """Tables of the schema that are neither sealed nor listed with a reason; [] when all is well."""
    return sorted(set(metadata.tables) - set(sealed_tables()) - set(NOT_SEALED))


# --- reading -------------------------------------------------------------------------------------------------------


@contextmanager
def together(connection: Connection) -> Iterator[Ask]:
    """Asks the driver itself, past everything that would look at each row: statement and values → cursor.

    PostgreSQL is asked everything before one waits for an answer, so cursors are to be read after the block. Raises
    DBAPIError as any other statement does.
    """
    driver: Any = connection.connection.dbapi_connection
    dialect, failure = connection.dialect, connection.dialect.loaded_dbapi.Error
    try:
        with driver.pipeline() if hasattr(driver, "pipeline") else nullcontext():
            yield lambda statement, given: driver.cursor().execute(statement, given)
    except failure as error:
        lost = dialect.is_disconnect(error, driver, None)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(None, None, error, failure, connection_invalidated=lost, dialect=dialect) from error


def digests(connection: Connection, parts: Sequence[Part], keys: Sequence[Any]) -> dict[str, str]:
    """What each of these records holds now, as one digest; a record of which nothing is there is left out.

    `keys` are at most some hundred, of the type of the column; None is the record of rows that name none.
    """
    with together(connection) as ask:
        asked = ask_for(ask, connection.dialect, parts, keys)
    return digests_of(parts, asked)


def ask_for(ask: Ask, dialect: Dialect, parts: Sequence[Part], keys: Sequence[Any]) -> list[Asked]:
    """Ask for everything these records hold, inside `together`."""
    return [
        (n, part, ask(statement, given))
        for n, part in enumerate(parts)
        for statement, given in _statements(dialect, part, keys)
    ]


def digests_of(parts: Sequence[Part], asked: Iterable[Asked]) -> dict[str, str]:
    """What the answers say, once the block of `together` is over; as `digests`."""
    found: dict[str, dict[int, list[Any]]] = {}
    for n, part, rows in asked:
        with closing(rows):
            for row in rows:
                record = found.setdefault(key_text(row[0]) if part.key else NOBODY, {})
                record.setdefault(n, []).append(row[1:])
    return {
        key: content_digest([(parts[n].table, rows) for n, rows in sorted(record.items())])
        for key, record in found.items()
    }


def key_text(key: Any) -> str:
    """A key as seals keep it."""
    return NOBODY if key is None else str(key)


def _statements(dialect: Dialect, part: Part, keys: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """What reads the rows of these records."""
    sqlite = dialect.name == "sqlite"
    if not part.key:
        yield _text(dialect, part, "all"), ()
        return
    named = [key for key in keys if key is not None]
    if len(named) == 1:
        yield _text(dialect, part, "key"), ((named[0],) if sqlite else {"key": named[0]})
    elif named:
        yield _text(dialect, part, "keys"), ((json.dumps(named),) if sqlite else {"keys": named})
    if len(named) < len(keys):
        yield _text(dialect, part, "none"), ()


_texts: dict[tuple[str, Part, str], str] = {}


def _text(dialect: Dialect, part: Part, which: str) -> str:
    asked = (dialect.name, part, which)
    if asked not in _texts:
        _texts[asked] = str(_select(dialect.name == "sqlite", part, which).compile(dialect=dialect))
    return _texts[asked]


def _select(sqlite: bool, part: Part, which: str) -> Any:
    source = _source(part)
    key = source.c[part.key] if part.key else literal_column("0").label("record")
    chosen = [source.c[name] if sqlite or not way else _as_sqlite(source.c[name], way) for name, way in part.columns]
    asked = select(key, *chosen).order_by(*(source.c[name] for name in part.order))
    match which:
        case "key":
            return asked.where(key == bindparam("key"))
        case "keys" if sqlite:
            given = func.json_each(bindparam("keys")).table_valued("value")
            return asked.where(key.in_(select(given.c.value)))
        case "keys":
            return asked.where(key == func.any(bindparam("keys")))
        case "none":
            return asked.where(key.is_(None))
        case _:
            return asked


def _source(part: Part) -> Any:
    names = dict.fromkeys((*(name for name, _ in part.columns), *part.order, *([part.key] if part.key else [])))
    return table(part.table, *(column(name) for name in names))


def _as_sqlite(of: Any, way: str) -> Any:
    """Truth as 0 and 1, JSON as it was written."""
    return cast(of, Integer if way == "b" else Text)


def record_keys(connection: Connection, parts: Sequence[Part], *, above: int | None = None) -> Iterator[list[Any]]:
    """The keys of every record of a kind that has a row, some hundred at a time; `above`: only ids above this one."""
    keyed = [part for part in parts if part.key]
    if not keyed:
        yield [NOBODY]
        return
    asked = [select(_source(part).c[part.key].label("key")) for part in keyed]
    if above is not None:
        asked = [each.where(or_(each.selected_columns[0] > above)) for each in asked]
    with connection.execute(union(*asked), execution_options=STREAMED) as found:
        yield from chunks(found.scalars(), AT_ONCE)


def all_digests(connection: Connection, parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Every record of a kind with its digest."""
    for keys in record_keys(connection, parts):
        yield from digests(connection, parts, keys).items()


def sealed_keys(connection: Connection, kind: str) -> set[str]:
    """The keys of all records of a kind that were ever sealed and of which something was there."""
    seal: Any = AuditSeal.__table__  # type: ignore[attr-defined]
    asked = select(seal.c.key).where(seal.c.kind == kind, seal.c.digest != "").distinct()
    return set(connection.execute(asked).scalars())


def highest_key(connection: Connection, kind: str) -> int:
    """The highest id that names a record of this kind."""
    parts: Iterable[Part] = layout()[kind]
    return max((connection.execute(select(func.max(_source(p).c[p.key]))).scalar() or 0 for p in parts), default=0)
