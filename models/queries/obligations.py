"""Who has to be reminded of what: whom files and tasks are assigned to, and the tasks that are late or due soon."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from models.enums import Role
from models.errors import Forbidden
from models.queries._visible import sees, sees_task, visible_ids
from models.queries.people import viewer_of
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.settings import settings
from models.tables import Account, Case, CaseDetail, Person, Task

CHUNK = 500  # codes per question: below every database's limit of parameters


@dataclass(frozen=True)
class Addressee:
    """A person who can be written to, in `language`."""

    name: str
    email: str
    language: str


@dataclass(frozen=True)
class Heading:
    """What a file is called and who is responsible for it, if that person can be written to."""

    title: str
    responsible: Addressee | None


@dataclass(frozen=True)
class DueTask:
    """A task that is not settled and whose day has passed or is near; `claimed_on`: it waits for the verdict."""

    code: str
    content: str
    due_on: date
    claimed_on: date | None
    responsible: Addressee | None
    case_code: str = ""


def hidden_files(session: Session, viewer: Viewer, people: Iterable[Addressee]) -> dict[str, frozenset[str]]:
    """By address in lower case: codes of the files that the person's account may not see; nothing while all see all.

    Who has no account sees no restricted file and none with a level of secrecy. Raises Forbidden.
    """
    if not may(viewer, Action.RUN_JOBS):
        raise Forbidden(words("Only who may run jobs asks for the addresses of the secretariat."))
    by_scope: dict[str, frozenset[str]] = {}
    found: dict[str, frozenset[str]] = {}
    accounts = {
        person.email.strip().lower(): viewer_of(session, account, person)
        for person, account in session.exec(
            select(Person, Account).join(Account, col(Account.person_id) == col(Person.id)).order_by(col(Account.id))
        )
    }
    for person in people:
        address = person.email.lower()
        reader = accounts.get(address) or Viewer(name="", role=Role.MEMBER)
        if reader.scope not in by_scope:
            unseen = select(Case.code).where(~sees(reader))
            by_scope[reader.scope] = frozenset(session.exec(unseen))
        if by_scope[reader.scope]:
            found[address] = by_scope[reader.scope]
    return found


def headings(session: Session, viewer: Viewer, codes: Sequence[str], *, on: date) -> dict[str, Heading]:
    """Code → title and responsible person of these files; nobody is responsible who is out of office on `on`."""
    people = _people(session, on)
    query = (
        select(Case.code, CaseDetail.title, CaseDetail.responsible_id)
        .join(CaseDetail, col(CaseDetail.case_id) == col(Case.id))
        .where(col(CaseDetail.retracted_at).is_(None), col(Case.id).in_(visible_ids(viewer)))
    )
    return {
        code: Heading(title, people.get(person_id))
        for start in range(0, len(codes), CHUNK)
        for code, title, person_id in session.exec(query.where(col(Case.code).in_(codes[start : start + CHUNK])))
    }


def due_tasks(session: Session, viewer: Viewer, *, as_of: date, until: date) -> list[DueTask]:
    """Tasks with a day up to `until` that are neither accepted nor cancelled on `as_of`, oldest day first."""
    query = (
        select(Task, Case.code)
        .outerjoin(Case, col(Case.id) == Task.case_id)
        .where(
            col(Task.retracted_at).is_(None),
            col(Task.assigned_on) <= as_of,
            col(Task.due_on) <= until,
            _not_before(col(Task.done_on), as_of),
            _not_before(col(Task.cancelled_on), as_of),
            sees_task(viewer),
        )
        .order_by(col(Task.due_on), col(Task.code))
    )
    people = _people(session, as_of)
    return [
        DueTask(
            task.code, task.content, task.due_on, _by(task.claimed_on, as_of), people.get(task.responsible_id),
            file or "",
        )
        for task, file in session.exec(query)
        if task.due_on is not None
    ]  # fmt: skip


def secretariat(session: Session, viewer: Viewer, *, on: date) -> list[Addressee]:
    """The people of the secretariat in office on `on` with an open account and an address, by sign-in name.

    Raises Forbidden.
    """
    if not may(viewer, Action.RUN_JOBS):
        raise Forbidden(words("Only who may run jobs asks for the addresses of the secretariat."))
    query = (
        select(Person)
        .join(Account, col(Account.person_id) == col(Person.id))
        .where(
            col(Account.role).in_((Role.SECRETARIAT, Role.LEAD)), col(Account.disabled_at).is_(None), *_reachable(on)
        )
        .order_by(col(Account.login))
    )
    return _once_each(_addressee(person) for person in session.exec(query))


def _people(session: Session, on: date) -> dict[int | None, Addressee]:
    return {person.id: _addressee(person) for person in session.exec(select(Person).where(*_reachable(on)))}


def _reachable(on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Person.email).contains("@"),
        or_(col(Person.valid_from).is_(None), col(Person.valid_from) <= on),
        or_(col(Person.valid_to).is_(None), col(Person.valid_to) >= on),
    )


def _not_before(column: Mapped[date | None], as_of: date) -> ColumnElement[bool]:
    """That the day of `column` is not there yet on `as_of`."""
    return or_(column.is_(None), column > as_of)


def _by(day: date | None, as_of: date) -> date | None:
    return day if day and day <= as_of else None


def _addressee(person: Person) -> Addressee:
    return Addressee(person.display_name, person.email.strip(), person.language or settings().language)


def _once_each(people: Iterable[Addressee]) -> list[Addressee]:
    first: dict[str, Addressee] = {}
    for person in people:
        first.setdefault(person.email.lower(), person)
    return list(first.values())
