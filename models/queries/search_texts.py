"""What can be found, with every text it is found by: what the search table is made of and extracts are taken from.

Only facts that hold: a retracted one has no text here. Sources (where a fact was read) are not searched.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, Table, and_, case, literal, select, type_coerce
from sqlmodel import Session

from models.base import Base
from models.enums import SearchKind, Secrecy
from models.queries.named import JOINING
from models.queries.workbook import chunks
from models.tables import (
    Agency,
    Attachment,
    Case,
    CaseDetail,
    CaseEvent,
    CommitteeSession,
    Conclusion,
    CoordinationRequest,
    Difficulty,
    MoneyEntry,
    Task,
    TaskAgency,
)

AT_ONCE = 1000  # files read together


class Piece(NamedTuple):
    """A text and where it stands: the name of a field, or the kind of an event with its day."""

    place: str
    day: date | None
    text: str


class Subject(NamedTuple):
    """Something that can be found. `number` is the id of its row; `day` that of its latest news, None for timeless."""

    kind: SearchKind
    owner: str
    number: int
    case_id: int | None
    code: str
    title: str
    title_en: str
    day: date | None
    pieces: Sequence[Piece]


DAY_BITS, KIND_BITS = 32, 52  # of an entry's id: from above the kind, the day, the row's number
KINDS = tuple(SearchKind)


def entry_id(subject: Subject) -> int:
    """The id of its entry: kinds apart, greater for later days, never the same for two things."""
    day = subject.day.toordinal() if subject.day else 0
    return KINDS.index(subject.kind) << KIND_BITS | day << DAY_BITS | subject.number


def ids_of(kind: SearchKind) -> tuple[int, int]:
    """The least and the greatest id that an entry of this kind can have."""
    first = KINDS.index(kind) << KIND_BITS
    return first, first + (1 << KIND_BITS) - 1


def table_of(model: type[Base]) -> Table:
    """The table behind a model, for statements that need no objects."""
    return model.__table__  # type: ignore[attr-defined,no-any-return]


FILE, DETAIL, EVENT, MONEY = table_of(Case), table_of(CaseDetail), table_of(CaseEvent), table_of(MoneyEntry)
DIFFICULTY, TASK, AGENCY = table_of(Difficulty), table_of(Task), table_of(Agency)
COOPERATION, HELD, REQUEST = table_of(TaskAgency), table_of(CommitteeSession), table_of(CoordinationRequest)
ATTACHMENT, CONCLUSION = table_of(Attachment), table_of(Conclusion)

DETAIL_TEXTS = ("locality", "sector", "level", "lead_agency", "offence_articles", "supervised_by", "notes")
# what else is known of a file: table, its day, its texts, and the name of the place unless a column gives it
FACTS: tuple[tuple[Table, str, tuple[str, ...], str], ...] = (
    (EVENT, "happened_on", ("detail", "document", "body"), ""),
    (MONEY, "happened_on", ("asset_kind", "document"), "money"),
    (DIFFICULTY, "raised_on", ("text", "raised_by", "addressed_to", "answer"), "difficulty"),
    (ATTACHMENT, "dated_on", ("number", "title"), "attachment"),  # one with a secrecy level is not found
)


def file_subjects(session: Session, ids: Iterable[int] | None = None) -> Iterator[Subject]:
    """Files with everything known of them now; all files, or those of `ids` that have a description that holds."""
    for part in chunks(all_file_ids(session) if ids is None else sorted(set(ids)), AT_ONCE):
        yield from _files(session, part)


def all_file_ids(session: Session) -> list[int]:
    """The ids of all files, in order."""
    return list(session.connection().execute(select(FILE.c.id).order_by(FILE.c.id)).scalars())


def _files(session: Session, ids: list[int]) -> Iterator[Subject]:
    facts: dict[int, list[Piece]] = {}
    for table, day, texts, place in FACTS:
        _collect(session, facts, ids, table, day, texts, place)
    news = _latest(session, ids)
    asked = (
        select(FILE.c.id, FILE.c.code, FILE.c.created_at, DETAIL, AGENCY.c.code.label("agency"), AGENCY.c.name_vi)
        .join(DETAIL, DETAIL.c.case_id == FILE.c.id)
        .outerjoin(AGENCY, AGENCY.c.id == DETAIL.c.lead_agency_id)
        .where(FILE.c.id.in_(ids), DETAIL.c.retracted_at.is_(None))
    )
    for row in session.connection().execute(asked):
        own = [Piece("code", None, row.code), Piece("title", None, row.title), Piece("title_en", None, row.title_en)]
        own += [Piece(name, None, text) for name in DETAIL_TEXTS if (text := getattr(row, name))]
        own += [Piece("lead_agency", None, text) for text in (row.name_vi, row.agency) if text]
        last = news.get(row.id) or row.created_at.date()
        pieces = (*own, *facts.get(row.id, ()))
        yield Subject(
            SearchKind.FILE, str(row.id), row.id, row.id, row.code, row.title, row.title_en, last, pieces
        )  # fmt: skip


def _collect(
    session: Session,
    facts: dict[int, list[Piece]],
    ids: list[int],
    table: Table,
    day: str,
    texts: tuple[str, ...],
    place: str,
) -> None:
    columns = [text_of(table, name) for name in texts]
    kind = type_coerce(table.c.kind, String) if "kind" in table.c else literal("")
    some = columns[0] != ""
    for column in columns[1:]:
        some |= column != ""
    asked = (
        select(table.c.case_id, kind, table.c[day], *columns)
        .where(table.c.case_id.in_(ids), searched(table), some)
        .order_by(table.c.case_id, table.c[day].desc(), table.c.id.desc())
    )
    for case_id, kind_of, on, *found in session.connection().execute(asked):
        held = facts.setdefault(case_id, [])
        held += [Piece(place or kind_of, on, text) for text in found if text]


def text_of(table: Table, name: str) -> Any:
    """A text as it is searched. What a merger, a split or a transfer says names another file, which who finds it may
    not be allowed to see: it is not searched.
    """
    if table is not EVENT or name != "detail":
        return table.c[name]
    return case((table.c.kind.in_(JOINING), ""), else_=table.c[name])


def searched(table: Table) -> ColumnElement[bool]:
    """Condition on a row of FACTS: it holds, and everybody who sees its file may find it."""
    holds = table.c.retracted_at.is_(None)
    return and_(holds, table.c.secrecy == Secrecy.NONE) if table is ATTACHMENT else holds


def _latest(session: Session, ids: list[int]) -> dict[int, date]:
    """The day of each file's latest event."""
    asked = select(EVENT.c.case_id, EVENT.c.happened_on).where(EVENT.c.case_id.in_(ids), EVENT.c.retracted_at.is_(None))
    latest: dict[int, date] = {}
    for case_id, day in session.connection().execute(asked.order_by(EVENT.c.happened_on)):
        latest[case_id] = day
    return latest


def task_subjects(session: Session, codes: Iterable[str] | None = None) -> Iterator[Subject]:
    """Tasks as they stand now, with the agencies that lead and cooperate."""
    lead = AGENCY.alias("lead")
    asked = (
        select(TASK, lead.c.code.label("lead_code"), lead.c.name_vi, FILE.c.code.label("file_code"))
        .outerjoin(lead, lead.c.id == TASK.c.lead_agency_id)
        .outerjoin(FILE, FILE.c.id == TASK.c.case_id)
        .where(TASK.c.retracted_at.is_(None))
    )
    for rows in _in_parts(session, asked, TASK.c.code, codes):
        helpers = _helpers(session, [row.id for row in rows])
        for row in rows:
            agencies = [row.name_vi, row.lead_code, *helpers.get(row.id, ())]
            pieces = [
                Piece("code", None, row.code),
                Piece("content", None, row.content),
                *(Piece("agency", None, name) for name in agencies if name),
                *(Piece(name, None, text) for name in ("progress", "evidence") if (text := getattr(row, name))),
                *([Piece("file", None, row.file_code)] if row.file_code else []),
            ]
            day = max(filter(None, (row.assigned_on, row.claimed_on, row.done_on, row.cancelled_on)))
            yield Subject(SearchKind.TASK, row.code, row.id, row.case_id, row.code, row.content, "", day, pieces)


def _helpers(session: Session, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for part in chunks(ids):
        asked = (
            select(COOPERATION.c.task_id, AGENCY.c.name_vi, AGENCY.c.code)
            .join(AGENCY, AGENCY.c.id == COOPERATION.c.agency_id)
            .where(COOPERATION.c.task_id.in_(part))
        )
        for task_id, *names in session.connection().execute(asked):
            found.setdefault(task_id, []).extend(names)
    return found


def request_subjects(session: Session, codes: Iterable[str] | None = None) -> Iterator[Subject]:
    """Coordination requests as they stand now, with who asked whom."""
    one, other = AGENCY.alias("asks"), AGENCY.alias("answers")
    asked = (
        select(REQUEST, one.c.name_vi.label("asks"), other.c.name_vi.label("answers"), FILE.c.code.label("file_code"))
        .join(one, one.c.id == REQUEST.c.from_agency_id)
        .join(other, other.c.id == REQUEST.c.to_agency_id)
        .outerjoin(FILE, FILE.c.id == REQUEST.c.case_id)
        .where(REQUEST.c.retracted_at.is_(None))
    )
    fields = ("document", "reply_document", "reply_summary")
    for rows in _in_parts(session, asked, REQUEST.c.code, codes):
        for row in rows:
            pieces = [
                Piece("code", None, row.code),
                Piece("subject", None, row.subject),
                *(Piece(name, None, text) for name in fields if (text := getattr(row, name))),
                *(Piece("agency", None, name) for name in (row.asks, row.answers)),
                *([Piece("file", None, row.file_code)] if row.file_code else []),
            ]
            day = max(filter(None, (row.sent_on, row.replied_on, row.escalated_on, row.cancelled_on)))
            yield Subject(SearchKind.REQUEST, row.code, row.id, row.case_id, row.code, row.subject, "", day, pieces)


def session_subjects(session: Session, owners: Iterable[str] | None = None) -> Iterator[Subject]:
    """Sessions of the committee and Standing meetings."""
    asked = select(HELD) if owners is None else select(HELD).where(HELD.c.id.in_([int(each) for each in owners]))
    lines = _conclusions(session)
    for row in session.connection().execute(asked):
        fields = ("subject", "place", "notice")
        pieces = [Piece("number", None, f"{row.number} {row.term}")]
        pieces += [Piece(name, None, text) for name in fields if (text := getattr(row, name))]
        pieces += [Piece("conclusion", None, text) for text in lines.get(row.id, ())]
        yield Subject(
            SearchKind.SESSION, str(row.id), row.id, None, f"{row.number}/{row.term}", row.subject, "", row.held_on,
            pieces,
        )  # fmt: skip


def _conclusions(session: Session) -> dict[int, list[str]]:
    """By session, the lines of its conclusions that hold and are about no file: who sees the session may find them."""
    found: dict[int, list[str]] = {}
    asked = select(CONCLUSION.c.session_id, CONCLUSION.c.text).where(
        CONCLUSION.c.retracted_at.is_(None), CONCLUSION.c.case_id.is_(None)
    )
    for session_id, text in session.connection().execute(asked.order_by(CONCLUSION.c.session_id, CONCLUSION.c.item_no)):
        found.setdefault(session_id, []).append(text)
    return found


def agency_subjects(session: Session, owners: Iterable[str] | None = None) -> Iterator[Subject]:
    """Agencies by code and by their names."""
    asked = select(AGENCY) if owners is None else select(AGENCY).where(AGENCY.c.id.in_([int(each) for each in owners]))
    for row in session.connection().execute(asked):
        fields = ("name_vi", "name_en", "name_fr", "province", "focal_point")
        pieces = [Piece("code", None, row.code)]
        pieces += [Piece(name, None, text) for name in fields if (text := getattr(row, name))]
        yield Subject(
            SearchKind.AGENCY, str(row.id), row.id, None, row.code, row.name_vi, row.name_en, None, pieces
        )  # fmt: skip


def _in_parts(session: Session, asked: Select[Any], key: Any, codes: Iterable[str] | None) -> Iterator[Sequence[Any]]:
    if codes is None:
        yield session.connection().execute(asked).all()
        return
    for part in chunks(sorted(set(codes))):
        yield session.connection().execute(asked.where(key.in_(part))).all()


def subjects(session: Session, kind: SearchKind, owners: Iterable[str] | None = None) -> Iterator[Subject]:
    """What can be found of this kind: everything, or what has these `owners` (models.tables.search)."""
    if kind is SearchKind.FILE:
        return file_subjects(session, None if owners is None else [int(owner) for owner in owners])
    readers: dict[SearchKind, Callable[[Session, Iterable[str] | None], Iterator[Subject]]] = {
        SearchKind.TASK: task_subjects,
        SearchKind.SESSION: session_subjects,
        SearchKind.AGENCY: agency_subjects,
        SearchKind.REQUEST: request_subjects,
    }
    return readers[kind](session, owners)
