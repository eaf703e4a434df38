"""A whole province written at once into an empty database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from models.base import Base
from models.changes._audit import record
from models.errors import Forbidden, LiemError
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import (
    Account,
    Accused,
    Agency,
    AgendaItem,
    Attendance,
    Case,
    CaseDetail,
    CaseEvent,
    CommitteeSession,
    Conclusion,
    CoordinationRequest,
    MoneyEntry,
    Person,
    Task,
    TaskAgency,
    TaskStep,
)

Row = dict[str, Any]


class NotEmpty(LiemError):
    """The database already holds files."""

    def __init__(self) -> None:
        super().__init__(
            words(
                "The database already holds files; the demo is for an empty one. Name another with LIEM_DATABASE_URL."
            )
        )


@dataclass(frozen=True)
class Province:
    """Rows to write, per table, with the columns of the table; a link names its row: a case, task or agency by code, a
    person by display name, a session by (kind, number)."""

    persons: list[Row]
    cases: list[Row]
    details: list[Row]
    events: list[Row]
    accused: list[Row]
    money: list[Row]
    sessions: list[Row]
    tasks: list[Row]
    cooperating: list[Row]
    steps: list[Row]
    agenda: list[Row]
    attendance: list[Row]
    conclusions: list[Row]
    requests: list[Row]

    def counts(self) -> dict[str, int]:
        """How many rows each table gets."""
        return {part.name: len(getattr(self, part.name)) for part in fields(self)}


def holds_files(session: Session) -> bool:
    """Whether the database holds any file."""
    return session.exec(select(Case.id).limit(1)).first() is not None


def write_province(
    session: Session, viewer: Viewer, province: Province, accounts: Iterable[Row], *, seed: int, now: datetime
) -> None:
    """Write the province and its accounts; links become ids. Raises NotEmpty, Forbidden."""
    if not (may(viewer, Action.RECORD) and may(viewer, Action.MANAGE_PEOPLE)):
        raise Forbidden(words("Only the system operator may fill a database."))
    if holds_files(session):
        raise NotEmpty
    write = _Writer(session)
    write.ids["agency"] = dict(iter(session.exec(select(Agency.code, Agency.id))))
    write.keyed(Person, "person", "display_name", province.persons, {"agency": "agency"})
    write.rows(Account, [{**row, "created_at": now} for row in accounts], {"person": "person"})
    write.keyed(
        Case, "case", "code", [{"code": row["code"], "created_at": row["created_at"]} for row in province.cases]
    )
    _link_origins(session, write.ids["case"], province.cases)
    write.rows(CaseDetail, province.details, {"case": "case", "lead": "agency", "responsible": "person"})
    for table, rows in ((CaseEvent, province.events), (Accused, province.accused), (MoneyEntry, province.money)):
        write.rows(table, rows, {"case": "case"})
    write.keyed(CommitteeSession, "session", ("kind", "number"), province.sessions)
    links = {"case": "case", "session": "session", "lead": "agency", "responsible": "person"}
    write.keyed(Task, "task", "code", province.tasks, links)
    write.rows(TaskAgency, province.cooperating, {"task": "task", "agency": "agency"})
    write.rows(TaskStep, province.steps, {})
    write.rows(AgendaItem, province.agenda, {"session": "session", "case": "case"})
    write.rows(Attendance, province.attendance, {"session": "session", "agency": "agency"})
    write.rows(Conclusion, province.conclusions, {"session": "session", "case": "case", "lead": "agency"})
    write.rows(CoordinationRequest, province.requests, {"case": "case", "asks": "agency", "asked": "agency"})
    record(session, viewer, "demo", "demo", now=now, after={"seed": seed, **province.counts()})


class _Writer:
    """Inserts rows in sets and remembers the ids of those that others name."""

    COLUMNS: Mapping[str, str] = {
        "lead": "lead_agency_id", "asks": "from_agency_id", "asked": "to_agency_id",
    }  # fmt: skip

    def __init__(self, session: Session) -> None:
        self._session = session
        self.ids: dict[str, dict[Any, Any]] = {}

    def rows(self, table: type[Base], rows: Iterable[Row], links: Mapping[str, str]) -> None:
        """Insert rows, with each link of `links` (column → kind of thing) turned into its id."""
        ready = [self._resolved(row, links) for row in rows]
        if ready:
            self._session.connection().execute(insert(table), ready)

    def keyed(
        self,
        table: type[Base],
        kind: str,
        key: str | tuple[str, ...],
        rows: list[Row],
        links: Mapping[str, str] | None = None,
    ) -> None:
        """Insert rows that others will name by `key`."""
        ready = [self._resolved(row, links or {}) for row in rows]
        statement = insert(table).returning(table.__table__.c.id, sort_by_parameter_order=True)  # type: ignore[attr-defined]
        ids = self._session.connection().execute(statement, ready).scalars().all()
        names = [row[key] if isinstance(key, str) else tuple(row[part] for part in key) for row in rows]
        self.ids[kind] = dict(zip(names, ids, strict=True))

    def _resolved(self, row: Row, links: Mapping[str, str]) -> Row:
        ready = {name: value for name, value in row.items() if name not in links}
        for name, kind in links.items():
            named = row[name]
            ready[self.COLUMNS.get(name, f"{name}_id")] = None if named is None else self.ids[kind][named]
        return ready


def _link_origins(session: Session, ids: Mapping[str, int], cases: Iterable[Row]) -> None:
    for row in cases:
        if row["origin"]:
            link = update(Case).where(col(Case.id) == ids[row["code"]]).values(origin_id=ids[row["origin"]])
            session.connection().execute(link)
