"""Law, calendar and agencies as the program brings them: what is new or changed is written, the rest is left alone.

A changed limit or day becomes a new version and the old one is retracted, so that an earlier report can be printed
again. What an administrator has entered is never overwritten: a step of a rule and a year of the calendar that an
administrator has changed are the administrator's (docs/decisions/0014-rules-as-versions.md). Offences and agencies have
one row per key, which is brought up to date; a row that the program no longer brings stays.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, text, update
from sqlmodel import Session, col, select

from models.base import Base
from models.changes._audit import record
from models.enums import Origin
from models.errors import Forbidden
from models.queries.reference import STEP, administrators_steps, administrators_years
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import Agency, DataVersion, Offence, SpecialDay, StatutoryLimit

Row = Mapping[str, Any]
Key = tuple[Any, ...]

LIMIT_KEY = ("code", "severity", "extension_no", "valid_from")
OFFENCE_KEY = ("article", "paragraph")
LINKS = ("parent", "successor")  # columns of the agencies that name another agency by its code
REFERENCE_LOCK = 0x11E4  # transaction lock on PostgreSQL: two starting replicas load once


def is_loaded(session: Session) -> bool:
    """Whether the reference was ever loaded into this database."""
    return session.exec(select(StatutoryLimit.id).limit(1)).first() is not None


def write_reference(
    session: Session,
    viewer: Viewer,
    *,
    limits: Sequence[Row],
    offences: Sequence[Row],
    special_days: Sequence[Row],
    agencies: Sequence[Row],
    now: datetime,
) -> dict[str, int]:
    """Bring the reference tables to these rows (columns of the tables); how many rows were written, per list.

    Agencies name `parent` and `successor` by code. Nothing new: nothing is written, not even an audit row.
    Raises Forbidden.
    """
    if not may(viewer, Action.MANAGE_REFERENCE):
        raise Forbidden(words("Only an administrator may change the reference data."))
    _wait_for_others(session)
    if session.get(DataVersion, 1) is None:
        session.add(DataVersion())
        session.flush()
    written = {
        "limits": _write_limits(session, limits, now),
        "offences": _upsert(session, Offence, offences, OFFENCE_KEY),
        "special_days": _write_days(session, special_days, now),
        "agencies": _write_agencies(session, agencies),
    }
    if any(written.values()):
        record(session, viewer, "load_reference", "reference", now=now, after=written)
    return written


def _wait_for_others(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": REFERENCE_LOCK})


def _write_limits(session: Session, rows: Sequence[Row], now: datetime) -> int:
    """Retract current versions that are gone or changed, insert what is new; steps of an administrator stay."""
    theirs = administrators_steps(session)
    current = session.exec(select(StatutoryLimit).where(col(StatutoryLimit.retracted_at).is_(None)))
    own = [limit for limit in current if _key(limit.model_dump(), STEP) not in theirs]
    wanted = [row for row in rows if _key(row, STEP) not in theirs]
    return _write_versions(session, StatutoryLimit, own, wanted, LIMIT_KEY, now, drop=True)


def _write_days(session: Session, rows: Sequence[Row], now: datetime) -> int:
    """The same for days; a day that the program no longer brings stays, and so do the years of an administrator."""
    theirs = administrators_years(session)
    current = session.exec(select(SpecialDay).where(col(SpecialDay.retracted_at).is_(None)))
    own = [day for day in current if day.day.year not in theirs]
    wanted = [row for row in rows if row["day"].year not in theirs]
    return _write_versions(session, SpecialDay, own, wanted, ("day",), now, drop=False)


def _write_versions(
    session: Session,
    table: type[StatutoryLimit] | type[SpecialDay],
    current: Sequence[StatutoryLimit | SpecialDay],
    rows: Sequence[Row],
    key: tuple[str, ...],
    now: datetime,
    *,
    drop: bool,
) -> int:
    """New versions of rows that differ, new rows, and with `drop` retractions of those not brought; how many in all."""
    known = {_key(version.model_dump(), key): version for version in current}
    wanted = {_key(row, key): row for row in rows}
    changed = [at for at, row in wanted.items() if at in known and _differs(known[at], row)]
    gone = [at for at in known if drop and at not in wanted]
    new = [row for at, row in wanted.items() if at not in known or at in set(changed)]
    if changed or gone:
        ids = [known[at].id for at in (*changed, *gone)]
        retired = {"retracted_at": now, "retracted_by": Origin.SHIPPED}
        session.connection().execute(update(table).where(col(table.id).in_(ids)).values(**retired))
    if new:
        entered = {"origin": Origin.SHIPPED, "reason": "", "retracted_reason": "", "recorded_at": now}
        session.connection().execute(insert(table), [{**row, **entered} for row in new])
    session.expire_all()
    return len(new) + len(gone)


def _write_agencies(session: Session, rows: Sequence[Row]) -> int:
    """Agencies first without their links, then the links, which may point either way."""
    known = {agency.code: agency.model_dump() for agency in session.exec(select(Agency))}
    plain = [{name: value for name, value in row.items() if name not in LINKS} for row in rows]
    changed = {row["code"] for row in plain if row["code"] not in known or _changed(known[row["code"]], row)}
    _upsert(session, Agency, plain, ("code",))
    ids = dict(iter(session.exec(select(Agency.code, Agency.id))))
    links = [{"b_id": ids[row["code"]], **{f"{link}_id": ids.get(row[link]) for link in LINKS}} for row in rows]
    code_of = {id_: code for code, id_ in ids.items()}
    moved = [link for link in links if _changed(known.get(code_of[link["b_id"]], {}), link, but=("b_id",))]
    if moved:
        change = update(Agency).where(col(Agency.id) == bindparam("b_id"))
        session.connection().execute(change.values({f"{link}_id": bindparam(f"{link}_id") for link in LINKS}), moved)
        session.expire_all()
    return len(changed | {code_of[link["b_id"]] for link in moved if code_of[link["b_id"]] in known})


def _upsert(session: Session, table: type[Base], rows: Sequence[Row], key: tuple[str, ...]) -> int:
    """Insert the rows whose key is not there and update those that differ; how many were written."""
    known = {_key(found.model_dump(), key): found for found in session.exec(select(table))}
    new = [dict(row) for row in rows if _key(row, key) not in known]
    changed = [row for row in rows if _key(row, key) in known and _differs(known[_key(row, key)], row)]
    for row in changed:
        for name, value in row.items():
            setattr(known[_key(row, key)], name, value)
    session.flush()
    if new:
        session.connection().execute(insert(table), new)
        session.expire_all()
    return len(new) + len(changed)


def _key(row: Row, names: Iterable[str]) -> Key:
    return tuple(row[name] for name in names)


def _differs(found: Base, row: Row) -> bool:
    return _changed(found.model_dump(), row)


def _changed(found: Row, row: Row, *, but: tuple[str, ...] = ()) -> bool:
    return any(found.get(name) != value for name, value in row.items() if name not in but)
