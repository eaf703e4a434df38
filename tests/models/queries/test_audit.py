"""Whatever is changed behind the application's back, in any sealed table or in the chain itself, is found."""

import gzip
import json
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Boolean, Connection, Date, Integer, func, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from jobs import check_audit
from models import chain_files
from models.base import metadata
from models.changes._audit import Unrecorded, record
from models.changes.audit import looked_at, seal_records
from models.db import Engine, Session, let_role_use, make_engine, read_session, transaction
from models.errors import BadUsage, Forbidden
from models.queries import sealed
from models.queries.audit import Found, Head, hash_at, is_guarded, name_of, verify, verify_chain, verify_some
from models.queries.sealed import NOT_SEALED, NOT_SEALED_COLUMNS, layout, sealed_tables, together, unlisted
from models.rules.access import SYSTEM
from models.tables import AuditEntry, AuditSeal, Case
from seed.demo import fill
from tests import cast, make
from tests.proof import times
from tests.tampering import CHAIN, unguarded

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
SEED = 20261127


def test_every_table_and_every_column_is_sealed_or_listed_with_its_reason():
    """A new table names itself here: add it to RECORDS or, with a reason, to NOT_SEALED in models/queries/sealed.py."""
    assert unlisted() == []
    assert not set(NOT_SEALED) & set(sealed_tables())
    assert set(NOT_SEALED) <= set(metadata.tables)
    for parts in layout().values():
        for part in parts:
            own = set(metadata.tables[part.table].columns.keys())
            assert own == {name for name, _ in part.columns} | set(NOT_SEALED_COLUMNS.get(part.table, ())), part.table
    assert all(reason for reasons in (NOT_SEALED, *NOT_SEALED_COLUMNS.values()) for reason in reasons.values())


def test_a_change_about_which_nothing_is_said_is_not_kept(engine):
    # through a stack: a block that stands in a test itself may write as it likes (tests/conftest.py)
    with pytest.raises(Unrecorded, match="case_file"), ExitStack() as stack:
        stack.enter_context(transaction(engine)).add(Case(code="VA-9", created_at=NOW))
    with read_session(engine) as session:
        assert session.exec(select(func.count()).select_from(Case)).one()[0] == 0


# one record, some hundred rows, or written by the night only
SMALL = {"special_day", "reminder", "outbox_mail", "restore_drill", "statutory_limit", "offence", "heading_map"}


def test_the_rows_of_a_record_are_found_without_reading_the_whole_table(sqlite_url):
    with opened(sqlite_url) as engine, engine.connect() as connection:
        for part in (part for parts in layout().values() for part in parts if part.table not in SMALL):
            (asked,) = sealed._statements(engine.dialect, part, [1])
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", asked[1]).all()
            assert any(f"SEARCH {part.table} USING" in step[3] for step in steps), (part.table, steps)


def test_the_digest_is_the_same_however_the_rows_were_written_and_on_both_databases(sqlite_url, postgres_url):
    found = []
    for url in (sqlite_url, postgres_url):
        with opened(url) as engine:
            with transaction(engine) as session:
                make.case(
                    session,
                    code="VA-1",
                    events=[("case_initiated", "2026-03-02")],
                    money=[("secured", "2026-03-02", 5)],
                )
            with engine.connect() as connection:
                found.append(sealed.digests(connection, layout()["file"], [1]))
    assert found[0] == found[1]
    assert list(found[0]) == ["1"]


# --- ten thousand changes ------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def province(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The demo province, with at least two rows in every sealed table."""
    with opened(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")) as engine:
        fill(engine, today=date(2026, 11, 24), now=NOW)
        with transaction(engine) as session:
            for name in sealed_tables():
                for n in (1, 2):
                    add_a_row(session, name, n)
            record(session, SYSTEM, "test.rows", "test", now=NOW)
        with transaction(engine) as session:
            record(session, SYSTEM, "test.said", "test", now=NOW, before={"a": 1}, after={"a": 2})
        yield engine


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def add_a_row(session: Session, name: str, n: int) -> None:
    """A row of this table with something in every column."""
    table = metadata.tables[name]
    values: dict[str, Any] = {}
    for each in table.columns:
        if each.foreign_keys:
            target = next(iter(each.foreign_keys)).column
            ids = session.connection().execute(select(target).order_by(target)).scalars().all()
            values[each.name] = ids[-n] if len(ids) >= n else None
        elif not (each.primary_key and isinstance(each.type, Integer) and len(table.primary_key) == 1):
            values[each.name] = a_value(each.type, n)
    with_room = {k: v for k, v in values.items() if v is not None or not table.columns[k].nullable}
    session.connection().execute(insert(table), [with_room])


def a_value(kind: Any, n: int) -> Any:
    if enums := getattr(kind, "enums", None):
        return getattr(kind, "enum_class", None) and list(kind.enum_class)[n % len(enums)]
    match type(kind).__name__:
        case "AutoString" | "Text" | "String":
            return f"x{n}"
        case "Integer" | "BigInteger":
            return 70 + n
        case "Boolean":
            return n == 1
        case "Date":
            return date(2031, 1, n)
        case "UTCDateTime":
            return datetime(2031, 1, n, tzinfo=UTC)
        case "JSON":
            return {"n": n}
        case other:
            raise AssertionError(f"say what a value of {other} is")


class Behind:
    """Somebody with the database's own tools: no trigger, foreign key or check stands in the way."""

    def __init__(self, connection: Connection, rng: random.Random) -> None:
        self.connection, self.rng = connection, rng
        self.sqlite = connection.dialect.name == "sqlite"
        self.keys = {name: [c.name for c in metadata.tables[name].primary_key.columns] for name in metadata.tables}

    def run(self, statement: str, **values: Any) -> Any:
        return self.connection.execute(text(statement), values)

    def rows(self, name: str, many: int) -> list[dict[str, Any]]:
        """Some rows of this table, chosen by chance, as the database keeps them."""
        total = self.run(f"SELECT count(*) FROM {name}").scalar()
        picked = [self.rng.randrange(total) for _ in range(many)] if total else []
        order = ", ".join(self.keys[name])
        one = f"SELECT * FROM {name} ORDER BY {order} LIMIT 1 OFFSET :at"
        return [dict(self.run(one, at=at).mappings().one()) for at in picked]

    def where(self, name: str, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        return " AND ".join(f"{k} = :key_{k}" for k in self.keys[name]), {f"key_{k}": row[k] for k in self.keys[name]}

    def set(self, name: str, row: dict[str, Any], column: str, value: Any) -> None:
        where, keys = self.where(name, row)
        way = "CAST(:value AS JSON)" if not self.sqlite and self.way(name, column) == "JSON" else ":value"
        self.run(f'UPDATE {name} SET "{column}" = {way} WHERE {where}', value=value, **keys)

    def way(self, name: str, column: str) -> str:
        return str(metadata.tables[name].columns[column].type).upper()[:4]

    def columns(self, name: str) -> list[str]:
        left_out = NOT_SEALED_COLUMNS.get(name, {})
        return [each.name for each in metadata.tables[name].columns if each.name not in left_out]

    def alter(self, name: str) -> list[dict[str, Any]]:
        (row,) = self.rows(name, 1)
        column = self.rng.choice(self.columns(name))
        new = self.another(name, column, row[column])
        self.set(name, row, column, new)
        return [row, row | {column: new}]

    def another(self, name: str, column: str, old: Any) -> Any:
        kind = metadata.tables[name].columns[column].type
        n = self.rng.randrange(10**6, 10**9)
        if old is not None and metadata.tables[name].columns[column].nullable and self.rng.random() < 0.2:
            return None
        if isinstance(kind, Boolean):
            return not old
        if isinstance(kind, Integer):
            return (old or 0) + n
        if (
            not self.sqlite
            and not isinstance(old, str | type(None))
            or (not self.sqlite and "DATE" in self.way(name, column))
        ):
            if isinstance(kind, Date) or "TIME" in str(kind).upper() or isinstance(old, datetime):
                return (
                    datetime.fromtimestamp(n, UTC)
                    if not isinstance(kind, Date)
                    else date.fromordinal(700_000 + n % 9999)
                )
            return f'{{"n": {n}}}'
        if old and self.rng.random() < 0.5:
            at = self.rng.randrange(len(str(old)))
            return f"{str(old)[:at]}{'x' if str(old)[at] != 'x' else 'y'}{str(old)[at + 1 :]}"
        return f"{old or ''}{n}"[-40:]

    def remove(self, name: str) -> list[dict[str, Any]]:
        (row,) = self.rows(name, 1)
        where, keys = self.where(name, row)
        self.run(f"DELETE FROM {name} WHERE {where}", **keys)
        return [row]

    def add(self, name: str) -> list[dict[str, Any]]:
        """A copy of a row under a key of its own."""
        (row,) = self.rows(name, 1)
        new = dict(row)
        for each in metadata.tables[name].columns:
            if (each.primary_key or each.unique) and new[each.name] is not None:
                n = self.rng.randrange(10**6, 10**8)
                new[each.name] = n if isinstance(each.type, Integer) else f"z{n}"
        names = ", ".join(f'"{each}"' for each in new)
        given = ", ".join(
            f"CAST(:{each} AS JSON)" if not self.sqlite and self.way(name, each) == "JSON" else f":{each}"
            for each in new
        )
        values = {k: v if self.sqlite or not isinstance(v, dict | list) else "{}" for k, v in new.items()}
        self.run(f"INSERT INTO {name} ({names}) VALUES ({given})", **values)
        return [new]

    def exchange(self, name: str) -> list[dict[str, Any]]:
        """Two rows exchange what they say in one column."""
        one, two = self.rows(name, 2)
        column = self.rng.choice(self.columns(name))
        if one[column] == two[column] or column in self.keys[name]:
            raise Nothing
        for row, value in ((one, two[column]), (two, one[column])):
            self.set(name, row, column, value if self.sqlite or not isinstance(value, dict | list) else f"{value}")
        return [one, two, one | {column: two[column]}, two | {column: one[column]}]


class Nothing(Exception):
    """This change would change nothing."""


def chance(behind: Behind, names: list[str]) -> tuple[str, list[dict[str, Any]], str]:
    """One change by chance after a savepoint: its table, the rows before and after, and how it was made."""
    while True:
        name = behind.rng.choice(names)
        how = behind.rng.choices((behind.alter, behind.remove, behind.add, behind.exchange), (7, 1, 1, 1))[0]
        behind.connection.exec_driver_sql("SAVEPOINT before")
        try:
            return name, how(name), how.__name__
        except (Nothing, DBAPIError):
            take_back(behind.connection)


def take_back(connection: Connection) -> None:
    connection.exec_driver_sql("ROLLBACK TO SAVEPOINT before")
    connection.exec_driver_sql("RELEASE SAVEPOINT before")


def is_found(connection: Connection, name: str, rows: list[dict[str, Any]], head: Head) -> bool:
    """Whether the look at the records that the change was about, or at the chain, finds it: the same functions that
    `verify` calls for all of them."""
    found = Found()
    if name in CHAIN:
        verify_chain(connection, found)
        stored = connection.execute(select(AuditEntry.hash).where(AuditEntry.id == head.row)).scalar()
        return not found.ok or stored != head.hash
    kind, column, _ = sealed_tables()[name]
    parts = layout()[kind]
    keys = list({row[column] if column else "" for row in rows})
    expected = sum(1 for key in keys if last_seal(connection, kind, sealed.key_text(key)))
    present = verify_some(connection, found, kind, parts, keys)
    return not found.ok or present != expected


def last_seal(connection: Connection, kind: str, key: str) -> str:
    asked = select(AuditSeal.digest).where(AuditSeal.kind == kind, AuditSeal.key == key)
    return connection.execute(asked.order_by(AuditSeal.entry_id.desc()).limit(1)).scalar() or ""


@contextmanager
def behind_the_back(engine: Engine) -> Iterator[tuple[Session, Behind]]:
    """Everything that would stop or notice such a change is off; nothing of it is kept."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            driver = connection.connection.dbapi_connection
            driver.execute("PRAGMA foreign_keys=off")
            driver.execute("PRAGMA ignore_check_constraints=on")
        unguarded(connection)
        try:
            yield Session(connection), Behind(connection, random.Random(SEED))
        finally:
            connection.rollback()


def test_thousands_of_changes_behind_the_back_are_all_found(province):
    """10,000 on each with `make prove`; with `make test` 2,000 on SQLite and 300 on PostgreSQL."""
    on_sqlite = province.dialect.name == "sqlite"
    changes, whole = (times(10_000, 2_000), times(100, 20)) if on_sqlite else (times(10_000, 300), times(100, 6))
    with read_session(province) as session:
        sound = verify(session, SYSTEM)
        assert sound.ok, sound.faults
    head = Head(sound.rows, sound.head)
    missed, made = [], set()
    with behind_the_back(province) as (session, behind):
        connection = session.connection()
        for n in range(changes):
            names = list(CHAIN[:2]) if n % 8 == 0 else list(sealed_tables())
            name, rows, how = chance(behind, names)
            made.add((name, how))
            if n % (changes // whole) == 0:
                seen = not verify(session, SYSTEM, heads=[head]).ok
            else:
                seen = is_found(connection, name, rows, head)
            if not seen:
                missed.append((n, name, how, rows))
            take_back(connection)
        assert missed == []
        assert verify(session, SYSTEM, heads=[head]).ok, "every change was taken back"
    if changes >= 2_000:
        tables = {*sealed_tables(), *CHAIN[:2]}
        assert {name for name, _ in made} == tables
        assert {how for _, how in made} == {"alter", "remove", "add", "exchange"}


def test_a_paper_s_head_exposes_that_the_newest_rows_were_removed(engine):
    with transaction(engine) as session:
        make.case(session, code="VA-1")
    for n in range(3):
        with transaction(engine) as session:
            record(session, SYSTEM, "export", "export:x", now=NOW, after={"n": n})
    with read_session(engine) as session:
        sound = verify(session, SYSTEM)
    head = Head(sound.rows, sound.head[:16])
    with behind_the_back(engine) as (session, behind):
        behind.run("DELETE FROM audit_entry WHERE id > :kept", kept=sound.rows - 2)
        assert verify(session, SYSTEM).ok, "nothing in the database shows it"
        found = verify(session, SYSTEM, heads=[Head(sound.rows - 2, behind_hash(session, sound.rows - 2)), head])
        assert (found.ok, found.first_bad) == (False, sound.rows)


def behind_hash(session: Session, row: int) -> str:
    return str(session.connection().execute(select(AuditEntry.hash).where(AuditEntry.id == row)).scalar())


def test_no_row_of_the_chain_can_be_changed_or_removed_by_a_plain_statement(engine):
    with transaction(engine) as session:
        make.case(session, code="VA-1")
    for statement in (
        "UPDATE audit_entry SET actor = 'x'",
        "DELETE FROM audit_entry",
        "UPDATE audit_seal SET digest = ''",
        "DELETE FROM audit_seal WHERE entry_id = 1",
    ):
        with pytest.raises(DBAPIError, match="written once"), engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_the_bad_record_is_named_as_people_name_it_and_a_migration_keeps_what_it_had_found(engine):
    with transaction(engine) as session:
        make.case(session, code="VA-77", title="Đúng")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE case_detail SET title = 'Sai'")
    with read_session(engine) as session:
        found = verify(session, SYSTEM)
        names = [name_of(session, SYSTEM, fault) for fault in found.faults]
    assert (found.ok, found.first_bad, found.bad_records) == (False, None, 1)
    assert [name and name.english() for name in names] == ["File VA-77"]
    with transaction(engine) as session:
        assert seal_records(session, SYSTEM, now=NOW, before=looked_at(session, SYSTEM))
    with read_session(engine) as session:
        assert verify(session, SYSTEM).ok
        said = session.connection().execute(select(AuditEntry.after).order_by(AuditEntry.id.desc()).limit(1)).scalar()
    assert json.loads(said)["before"]["bad_records"] == 1


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.SECRETARIAT, cast.STRANGER], ids=lambda viewer: viewer.name)
def test_who_may_not_read_the_chain_is_refused(engine, viewer):
    with read_session(engine) as session, pytest.raises(Forbidden):
        verify(session, viewer)


# --- archived pieces -----------------------------------------------------------------------------------------------


@pytest.fixture
def archived(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Engine, Path]:
    """Rows of two years, of which the nightly look has archived the older ones."""
    monkeypatch.setattr(chain_files, "folder", lambda: tmp_path / "audit")
    with transaction(engine) as session:
        make.case(session, code="VA-1")
    for n in range(4):
        with transaction(engine) as session:
            record(session, SYSTEM, "export", "export:x", now=NOW - timedelta(days=500 - 160 * n), after={"n": n})
    look(engine)
    return engine, next((tmp_path / "audit").iterdir())


def look(engine: Engine) -> check_audit.Plan:
    with read_session(engine) as session:
        plan = check_audit.read(session, SYSTEM, NOW.date(), NOW)
    plan = check_audit.act(SYSTEM, plan, NOW.date(), NOW)
    with transaction(engine) as session:
        check_audit.write(session, SYSTEM, plan, NOW.date(), NOW)
    return plan


def test_old_rows_go_to_a_file_that_is_proved_alone_and_the_chain_goes_on(archived):
    engine, path = archived
    looked = chain_files.verify_file(path)
    assert (looked.ok, looked.first) == (True, 1)
    with read_session(engine) as session:
        found = verify(session, SYSTEM)
        assert found.ok, found.faults
        assert found.first == looked.last + 1
        kept = session.connection().execute(select(func.min(AuditEntry.id))).scalar()
        assert kept == looked.last + 1
        assert verify(session, SYSTEM, heads=[Head(looked.last, looked.head)]).ok
        assert not verify(session, SYSTEM, heads=[Head(looked.last, "f" * 64)]).ok
        first = str(hash_at(session.connection(), 1))
        assert verify(session, SYSTEM, heads=[Head(1, first)]).ok, "it stands in the file"
        assert not verify(session, SYSTEM, heads=[Head(1, "f" * 64)]).ok
    assert look(engine).piece is None, "a second look finds nothing more to archive"
    with transaction(engine) as session:
        make.case(session, code="VA-2")
    with read_session(engine) as session:
        assert verify(session, SYSTEM).ok


def test_a_file_with_one_sign_altered_or_cut_off_is_no_whole_piece(archived):
    _, path = archived
    whole = gzip.decompress(path.read_bytes())
    lines = whole.splitlines(keepends=True)
    rng = random.Random(SEED)
    wrong = [
        b"".join(lines[:-1]),
        b"".join([lines[0], *lines[2:]]),
        b"".join([*lines[:1], lines[2], lines[1], *lines[3:]]),
    ]
    for _ in range(60):
        at = rng.randrange(len(lines[0]) + 20, len(whole))
        if whole[at : at + 1].isalnum():
            wrong.append(whole[:at] + (b"1" if whole[at : at + 1] != b"1" else b"2") + whole[at + 1 :])
    for content in wrong:
        path.write_bytes(gzip.compress(content))
        assert not chain_files.verify_file(path).ok
    path.write_bytes(gzip.compress(whole)[:-20])
    assert not chain_files.verify_file(path).ok


def test_a_broken_chain_is_not_archived(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(chain_files, "folder", lambda: tmp_path / "audit")
    with transaction(engine) as session:
        make.case(session, code="VA-1")
        record(session, SYSTEM, "export", "export:x", now=NOW - timedelta(days=500))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE case_file SET revision = 99")
    plan = look(engine)
    assert plan.piece is None and not (tmp_path / "audit").exists()
    assert [each["subject"] for each in plan.names] == ["File VA-1"]


def old_rows(engine: Engine) -> check_audit.Plan:
    """Rows older than the retention, looked at and written to their file; nothing has left the database yet."""
    with transaction(engine) as session:
        make.case(session, code="VA-1", title="Đúng")
        make.case(session, code="VA-2")
        record(session, SYSTEM, "export", "export:x", now=NOW - timedelta(days=500))
    with transaction(engine) as session:
        record(session, SYSTEM, "export", "export:x", now=NOW)
    with read_session(engine) as session:
        plan = check_audit.read(session, SYSTEM, NOW.date(), NOW)
    plan = check_audit.act(SYSTEM, plan, NOW.date(), NOW)
    assert plan.piece and plan.found.ok
    return plan


BEHIND_THE_BACK = {
    "a record": ("UPDATE case_detail SET title = 'Sai' WHERE case_id = 1", "File VA-1"),
    "a record removed": ("DELETE FROM case_detail WHERE case_id = 1", "File VA-1"),
    "a row of the chain": ("UPDATE audit_entry SET actor = 'ai đó' WHERE id = 1", "audit"),
    "a seal": ("UPDATE audit_seal SET digest = 'x' WHERE entry_id = 1 AND n = 1", "audit"),
}


@pytest.mark.parametrize("statement, subject", BEHIND_THE_BACK.values(), ids=BEHIND_THE_BACK)
def test_what_was_changed_behind_the_back_since_the_look_is_not_sealed_over(
    engine, tmp_path, monkeypatch, statement, subject
):
    monkeypatch.setattr(chain_files, "folder", lambda: tmp_path / "audit")
    plan = old_rows(engine)
    with engine.begin() as connection:
        if "audit_" in statement:
            unguarded(connection)
        connection.exec_driver_sql(statement)
    with transaction(engine) as session:
        result = check_audit.write(session, SYSTEM, plan, NOW.date(), NOW)
    assert subject in [each["subject"] for each in result.failed]
    assert "archived" not in result.did and result.did["bad"] > 0
    assert not list((tmp_path / "audit").iterdir()), "its file was taken back"
    with read_session(engine) as session:
        assert session.connection().execute(select(func.min(AuditEntry.id))).scalar() == 1
        assert not verify(session, SYSTEM).ok, "it is still there to be found"


def test_what_is_changed_while_rows_are_archived_is_found_by_the_next_look(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(chain_files, "folder", lambda: tmp_path / "audit")
    plan = old_rows(engine)
    with transaction(engine) as session:
        result = check_audit.write(session, SYSTEM, plan, NOW.date(), NOW)
        assert result.failed == [] and result.did["archived"] > 0
        driver = session.connection().connection.dbapi_connection
        driver.cursor().execute("UPDATE case_detail SET title = 'Sai' WHERE case_id = 1")
    with read_session(engine) as session:
        found = verify(session, SYSTEM)
        assert (found.first_bad, found.bad_records) == (None, 1)
        assert [fault.kind for fault in found.faults] == ["file"]
        assert found.first == plan.piece.last + 1


# --- the role of the application on PostgreSQL ---------------------------------------------------------------------


def test_the_role_of_the_application_works_and_cannot_touch_what_was_written(postgres_url):
    owner = make_engine(postgres_url)
    role = f"liem_app_{uuid4().hex[:8]}"
    with owner.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN PASSWORD 'x'")
    try:
        let_role_use(owner, role)
        with opened(
            make_url(postgres_url).set(username=role, password="x").render_as_string(hide_password=False)
        ) as app:
            with transaction(app) as session:
                made = make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
                record(session, SYSTEM, "test.said", "case:VA-1", now=NOW)
            with transaction(app) as session:
                make.event(session, case=made, kind="progress_note", on="2026-03-09", detail="Tin")
            with read_session(app) as session:
                assert verify(session, SYSTEM).ok
                assert is_guarded(session, SYSTEM)
            for statement in (
                "UPDATE audit_entry SET actor = 'x'",
                "DELETE FROM audit_entry",
                "TRUNCATE audit_entry CASCADE",
                "UPDATE audit_seal SET digest = ''",
                "DELETE FROM audit_seal",
                "TRUNCATE audit_seal",
                "INSERT INTO audit_archive VALUES (1, 1, '', '', '', '', now())",
                "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
                "DROP TABLE audit_seal",
                "SET session_replication_role = replica",
            ):
                with pytest.raises(DBAPIError, match="permission denied|must be owner"), app.begin() as connection:
                    connection.exec_driver_sql(statement)
    finally:
        with owner.begin() as connection:
            connection.exec_driver_sql(f"DROP OWNED BY {role}")
            connection.exec_driver_sql(f"DROP ROLE {role}")
        owner.dispose()


@pytest.mark.parametrize("wrong", ["nobody_here", None])
def test_a_role_that_is_not_there_or_owns_the_tables_is_refused(postgres_url, wrong):
    with opened(postgres_url) as owner, pytest.raises(BadUsage):
        let_role_use(owner, wrong or str(owner.url.username))


def test_a_sqlite_file_has_no_roles(sqlite_url):
    with opened(sqlite_url) as engine, pytest.raises(BadUsage):
        let_role_use(engine, "liem_app")


# --- what is asked of the driver itself ----------------------------------------------------------------------------


def test_a_failure_of_the_driver_is_told_like_any_other(engine):
    with (
        pytest.raises(DBAPIError, match="nothing_there"),
        engine.begin() as connection,
        together(connection) as ask,
    ):
        ask("SELECT 1", ())
        ask("SELECT id FROM nothing_there", ())
    with engine.begin() as connection:
        with together(connection) as ask:
            answers = [ask("SELECT 1", ()), ask("SELECT 2", ())]
        assert [answer.fetchone()[0] for answer in answers] == [1, 2]


def test_a_connection_that_is_lost_is_not_used_again(postgres_url):
    with opened(postgres_url) as engine, opened(postgres_url) as other:
        with engine.connect() as connection:
            own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            with other.begin() as killer:
                killer.exec_driver_sql(f"SELECT pg_terminate_backend({own:d})")
            with pytest.raises(DBAPIError) as told, together(connection) as ask:
                ask("SELECT 1", ())
            assert told.value.connection_invalidated
        with read_session(engine) as session:
            assert verify(session, SYSTEM).ok
