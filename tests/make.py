"""Rows for tests, written through the session the test gives: keywords only, defaults for what a test leaves open.

    make.case(session, code="VA-1", severity=Severity.SERIOUS,
              events=[("case_initiated", "2026-03-02"), ("progress_note", "2026-04", {"detail": "…"})],
              money=[("must_recover", "2026-03-02", 5_000_000)])

A day is a date or its ISO text; a text without its day ("2026-04") is a fact known by month only. A fact is recorded at
`at`; without it, on the morning of the day it happened.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

import pyotp
from argon2 import PasswordHasher
from sqlmodel import select

from models import clock
from models.base import Base
from models.changes._revision import raise_revisions
from models.db import Session, make_engine, read_session
from models.enums import (
    AccusedStatus,
    AgencyKind,
    AgencyLevel,
    Category,
    CoordinationKind,
    EntryKind,
    EventKind,
    Kind,
    Precision,
    Quantity,
    Role,
    SessionKind,
    Severity,
    TaskOrigin,
)
from models.sealing import seal
from models.tables import (
    Account,
    Accused,
    Agency,
    Case,
    CaseDetail,
    CaseEvent,
    CommitteeSession,
    CoordinationRequest,
    MoneyEntry,
    Person,
    SecondFactor,
    Task,
    TaskAgency,
)

Day = date | str
EventSpec = tuple[EventKind | str, Day] | tuple[EventKind | str, Day, dict[str, Any]]
MoneySpec = tuple[Quantity | str, Day, int] | tuple[Quantity | str, Day, int, dict[str, Any]]

R = TypeVar("R", bound=Base)

NO_PASSWORD = "!"  # a hash that no password has
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of every authenticator app in the tests


def agency(
    session: Session,
    *,
    code: str = "CQDT",
    name_vi: str = "Cơ quan Cảnh sát điều tra",
    name_en: str = "Investigating police agency",
    kind: AgencyKind = AgencyKind.POLICE,
    level: AgencyLevel = AgencyLevel.PROVINCE,
    **more: Any,
) -> Agency:
    """The agency with this code; made if there is none, left as it is otherwise."""
    found = session.exec(select(Agency).where(Agency.code == code)).first()
    return found or _add(session, Agency(code=code, name_vi=name_vi, name_en=name_en, kind=kind, level=level, **more))


def person(
    session: Session,
    *,
    display_name: str = "Cán bộ theo dõi 01",
    function: str = "Theo dõi án",
    email: str = "theodoi01@minhchau.example",
    agency: Agency | None = None,
    **more: Any,
) -> Person:
    """A new person, by function."""
    agency_id = agency.id if agency else None
    return _add(session, Person(display_name=display_name, function=function, email=email, agency_id=agency_id, **more))


_person = person  # the builder, where an argument has its name


def account(
    session: Session,
    *,
    login: str = "thuky",
    role: Role = Role.SECRETARIAT,
    password: str | None = None,
    person: Person | None = None,
    created_at: datetime = datetime(2025, 7, 1, 1, tzinfo=UTC),
    second_factor: bool | None = None,
    **more: Any,
) -> Account:
    """A new account; without a password nobody can sign in with it (hashing takes a while).

    Administrators have an authenticator app, whose codes `code` gives, unless `second_factor` says otherwise.
    """
    owner = person or _person(session, display_name=f"Người dùng {login}", email=f"{login}@minhchau.example")
    password_hash = PasswordHasher().hash(password) if password else NO_PASSWORD
    made = _add(
        session,
        Account(
            person_id=_id(owner),
            login=login,
            role=role,
            password_hash=password_hash,
            created_at=created_at,
            **{"password_changed_at": clock.now(), **more},
        ),
    )
    if role is Role.ADMINISTRATOR if second_factor is None else second_factor:
        secret = seal(APP_SECRET, about=f"account:{made.id}")
        _add(session, SecondFactor(account_id=_id(made), secret=secret, confirmed_at=created_at))
    return made


def code(login: str, url: str | None = None) -> str:
    """The code that the app of this account shows, or the next if that was used; `url`: of another database.

    It stays good for half a minute at least, however slow the machine is; two in a row, no third.
    """
    engine = make_engine(url) if url else None
    with read_session(engine) as session:
        asked = select(SecondFactor.last_step).join(Account, SecondFactor.account_id == Account.id)
        last = session.exec(asked.where(Account.login == login)).one()
    if engine:
        engine.dispose()
    return pyotp.TOTP(APP_SECRET).generate_otp(max(int(clock.now().timestamp()) // 30, last + 1))


def case(
    session: Session,
    *,
    code: str = "VA-2026-001",
    kind: Kind = Kind.CASE,
    title: str = "Vụ án vi phạm quy định về đấu thầu",
    severity: Severity | None = Severity.SERIOUS,
    articles: str = "",
    categories: Sequence[Category | str] = (Category.CORRUPTION,),
    events: Sequence[EventSpec] = (),
    money: Sequence[MoneySpec] = (),
    at: datetime | None = None,
    origin: Case | None = None,
    responsible: Person | None = None,
    lead: Agency | None = None,
    **detail: Any,
) -> Case:
    """A new file with one description, its events and its money. `detail` is any other column of CaseDetail."""
    first = min((_day(spec[1])[0] for spec in events), default=date(2026, 1, 5))
    known = at or _morning(first)
    made = _add(session, Case(code=code, origin_id=origin.id if origin else None, created_at=known))
    _add(
        session,
        CaseDetail(
            case_id=_id(made),
            kind=kind,
            title=title,
            severity=severity,
            offence_articles=articles,
            is_corruption=Category.CORRUPTION in categories,
            is_waste=Category.WASTE in categories,
            is_negativity=Category.NEGATIVITY in categories,
            responsible_id=responsible.id if responsible else None,
            lead_agency_id=lead.id if lead else None,
            recorded_at=known,
            **detail,
        ),
    )
    for event_spec in events:
        _event(session, case=made, kind=event_spec[0], on=event_spec[1], at=at, **_more(event_spec, 2))
    for entry_spec in money:
        _entry(
            session,
            case=made,
            quantity=entry_spec[0],
            on=entry_spec[1],
            amount_vnd=entry_spec[2],
            at=at,
            **_more(entry_spec, 3),
        )
    return made


def event(
    session: Session, *, case: Case, kind: EventKind | str, on: Day, at: datetime | None = None, **more: Any
) -> CaseEvent:
    """A new event of a file. `more` is any other column: detail, amount_vnd, document, length, recorded_at …"""
    raise_revisions(session, [_id(case)])
    return _event(session, case=case, kind=kind, on=on, at=at, **more)


def _event(
    session: Session, *, case: Case, kind: EventKind | str, on: Day, at: datetime | None = None, **more: Any
) -> CaseEvent:
    happened_on, precision = _day(on)
    more.setdefault("recorded_at", at or _morning(happened_on))
    return _add(
        session,
        CaseEvent(case_id=_id(case), kind=EventKind(kind), happened_on=happened_on, precision=precision, **more),
    )


def entry(
    session: Session,
    *,
    case: Case,
    quantity: Quantity | str,
    on: Day,
    amount_vnd: int,
    kind: EntryKind = EntryKind.READING,
    at: datetime | None = None,
    **more: Any,
) -> MoneyEntry:
    """A new money entry of a file, a reading unless `kind` says movement."""
    raise_revisions(session, [_id(case)])
    return _entry(session, case=case, quantity=quantity, on=on, amount_vnd=amount_vnd, kind=kind, at=at, **more)


def _entry(
    session: Session,
    *,
    case: Case,
    quantity: Quantity | str,
    on: Day,
    amount_vnd: int,
    kind: EntryKind = EntryKind.READING,
    at: datetime | None = None,
    **more: Any,
) -> MoneyEntry:
    happened_on, precision = _day(on)
    more.setdefault("recorded_at", at or _morning(happened_on))
    return _add(
        session,
        MoneyEntry(
            case_id=_id(case),
            quantity=Quantity(quantity),
            kind=kind,
            amount_vnd=amount_vnd,
            happened_on=happened_on,
            precision=precision,
            **more,
        ),
    )


def accused(
    session: Session,
    *,
    case: Case,
    code: str = "BC-01",
    status: AccusedStatus = AccusedStatus.CHARGED,
    on: Day = "2026-01-05",
    at: datetime | None = None,
    **more: Any,
) -> Accused:
    """A new accused of a file, by code."""
    status_on, _ = _day(on)
    raise_revisions(session, [_id(case)])
    return _add(
        session,
        Accused(
            case_id=_id(case),
            code=code,
            status=status,
            status_on=status_on,
            recorded_at=at or _morning(status_on),
            **more,
        ),
    )


def session_(
    session: Session,
    *,
    number: int = 1,
    held_on: Day = "2026-01-15",
    kind: SessionKind = SessionKind.COMMITTEE,
    term: str = "2025-2030",
    **more: Any,
) -> CommitteeSession:
    """A new session of the committee (named so because `session` is the database's)."""
    day, _ = _day(held_on)
    more.setdefault("recorded_at", _morning(day))
    return _add(session, CommitteeSession(term=term, kind=kind, number=number, held_on=day, **more))


def task(
    session: Session,
    *,
    code: str = "NV-2026-001",
    content: str = "Đẩy nhanh tiến độ điều tra, kết thúc điều tra trong thời hạn luật định",
    assigned_on: Day = "2026-01-15",
    due_on: Day | None = "2026-03-31",
    origin: TaskOrigin = TaskOrigin.CONCLUSION,
    case: Case | None = None,
    of: CommitteeSession | None = None,
    lead: Agency | None = None,
    cooperating: Sequence[Agency] = (),
    responsible: Person | None = None,
    at: datetime | None = None,
    **more: Any,
) -> Task:
    """A new task, open unless `more` says claimed_on, done_on or cancelled_on (dates)."""
    assigned, _ = _day(assigned_on)
    if case:
        raise_revisions(session, [_id(case)])
    made = _add(
        session,
        Task(
            code=code,
            content=content,
            origin=origin,
            assigned_on=assigned,
            due_on=_day(due_on)[0] if due_on else None,
            case_id=case.id if case else None,
            session_id=of.id if of else None,
            lead_agency_id=lead.id if lead else None,
            responsible_id=responsible.id if responsible else None,
            recorded_at=at or _morning(assigned),
            **more,
        ),
    )
    for body in cooperating:
        _add(session, TaskAgency(task_id=_id(made), agency_id=_id(body)))
    return made


def request(
    session: Session,
    *,
    code: str = "PH-2026-001",
    subject: str = "Đề nghị cung cấp sao kê tài khoản của các bị can",
    sent_on: Day = "2026-11-02",
    asks: Agency | None = None,
    asked: Agency | None = None,
    case: Case | None = None,
    kind: CoordinationKind = CoordinationKind.DOCUMENT,
    at: datetime | None = None,
    **more: Any,
) -> CoordinationRequest:
    """A new coordination request, unanswered unless `more` says replied_on; the police ask the finance department."""
    sent, _ = _day(sent_on)
    days = {name: _day(value)[0] for name, value in more.items() if name.endswith("_on") and value}
    return _add(
        session,
        CoordinationRequest(
            code=code,
            subject=subject,
            sent_on=sent,
            from_agency_id=_id(asks or agency(session)),
            to_agency_id=_id(asked or agency(session, code="STC", name_vi="Sở Tài chính", name_en="Finance department",
                                             kind=AgencyKind.OTHER)),
            case_id=case.id if case else None,
            kind=kind,
            recorded_at=at or _morning(sent),
            **{**more, **days},
        ),
    )  # fmt: skip


def _add(session: Session, row: R) -> R:
    session.add(row)
    session.flush()
    session.info["changed"] = True  # the data version rises with the commit, as for every change
    return row


def _id(row: Agency | Case | Person | Task) -> int:
    assert row.id is not None, "the builders flush what they make"
    return row.id


def _more(spec: Sequence[Any], at: int) -> dict[str, Any]:
    return dict(spec[at]) if len(spec) > at else {}


def _day(day: Day) -> tuple[date, Precision]:
    if isinstance(day, date):
        return day, Precision.DAY
    if len(day) == len("2026-04"):
        return date.fromisoformat(f"{day}-01"), Precision.MONTH
    return date.fromisoformat(day), Precision.DAY


def _morning(day: date) -> datetime:
    """Ten o'clock of that day in the province."""
    return datetime.combine(day, time(3), tzinfo=UTC)
