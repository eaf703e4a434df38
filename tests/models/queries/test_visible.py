"""Who sees which files, tasks and requests: the SQL and the plain rule say the same, whatever is recorded."""

from datetime import UTC, date, datetime
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from models.enums import Role, Secrecy
from models.queries._visible import hides_some, sees_request, sees_task, visible_cases
from models.queries.people import viewer_named
from models.rules.access import SYSTEM, Action, Protection, Viewer, may, may_see
from models.tables import Case, CaseDetail, CoordinationRequest, FileSecrecy, Restriction, RestrictionReader, Task
from tests import make

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
DAY = date(2026, 11, 2)
AGENCIES, ACCOUNTS = 4, 3
ROLES = [role for role in Role if role is not Role.SYSTEM]
some_agency = st.none() | st.integers(0, AGENCIES - 1)
some_agencies = st.sets(st.integers(0, AGENCIES - 1), max_size=2)


class Errand(NamedTuple):
    """A task (agencies: the one that leads, those that cooperate) or request (the one that asks, and the one asked)."""

    file: int | None
    first: int
    others: set[int]
    retracted: bool


class File(NamedTuple):
    lead: int | None
    lead_before: int | None
    level: Secrecy
    level_lifted: bool
    readers: set[int] | None
    taken_off: set[int]
    lifted: bool


class Person(NamedTuple):
    role: Role
    clearance: Secrecy
    agency: int | None


files = st.lists(
    st.builds(
        File, some_agency, some_agency, st.sampled_from(Secrecy), st.booleans(),
        st.none() | st.sets(st.integers(0, ACCOUNTS - 1)), st.sets(st.integers(0, ACCOUNTS - 1)), st.booleans(),
    ),
    min_size=1, max_size=4,
)  # fmt: skip
errands = st.lists(
    st.builds(Errand, st.none() | st.integers(0, 3), st.integers(0, AGENCIES - 1), some_agencies, st.booleans()),
    max_size=4,
)
persons = st.lists(
    st.builds(Person, st.sampled_from(ROLES), st.sampled_from(Secrecy), some_agency),
    min_size=ACCOUNTS, max_size=ACCOUNTS,
)  # fmt: skip
successors = st.lists(some_agency, min_size=AGENCIES, max_size=AGENCIES)


def carried_on(agency: int | None, successors: list[int | None]) -> set[int]:
    """The agency and every other from which a line of successors leads to it."""
    found = set() if agency is None else {agency}
    for start in range(AGENCIES):
        at: int | None = start
        steps = 0
        while at is not None and steps <= AGENCIES:
            if at == agency:
                found.add(start)
            at, steps = successors[at], steps + 1
    return found


def at(on: bool) -> datetime | None:
    return NOW if on else None


class Written:
    """What was written, and what the plain rule is to be told of it."""

    def __init__(self, session: Session, files, tasks, requests, persons, successors) -> None:
        self.session, self.persons, self.successors = session, persons, successors
        self.bodies = [make.agency(session, code=f"A{n}") for n in range(AGENCIES)]
        self.agencies = [agency.id or 0 for agency in self.bodies]
        for agency, next_one in zip(self.bodies, successors, strict=True):
            agency.successor_id = self.id_of(next_one)
            session.add(agency)
        self.accounts = []
        for n, person in enumerate(persons):
            body = None if person.agency is None else self.bodies[person.agency]
            owner = make.person(session, display_name=f"N{n}", agency=body)
            made = make.account(session, login=f"n{n}", role=person.role, person=owner, clearance=person.clearance)
            self.accounts.append(made.id or 0)
        self.cases: list[Case] = []
        self.ids: list[int] = []
        self.expected: list[Protection] = []
        for n, file in enumerate(files):
            self.add_file(n, file)
        self.tasks = [self.add_task(n, each) for n, each in enumerate(tasks)]
        self.requests = [self.add_request(n, each) for n, each in enumerate(requests)]
        session.flush()

    def id_of(self, agency: int | None) -> int | None:
        return None if agency is None else self.agencies[agency]

    def add_file(self, n: int, file: File) -> None:
        session = self.session
        made = make.case(session, code=f"VA-{n}")
        case_id = made.id or 0
        self.cases.append(made)
        self.ids.append(case_id)
        detail = session.exec(select(CaseDetail).where(CaseDetail.case_id == case_id)).one()
        detail.lead_agency_id = self.id_of(file.lead)
        kept = {name: getattr(detail, name) for name in ("kind", "title", "search_text")}
        session.add(CaseDetail(case_id=case_id, **kept, lead_agency_id=self.id_of(file.lead_before), recorded_at=NOW,
                               retracted_at=NOW))  # fmt: skip
        secret = file.level is not Secrecy.NONE
        if secret:
            session.add(FileSecrecy(case_id=case_id, level=file.level, document="1/QĐ", decided_on=DAY, holder="VP",
                                    recorded_at=NOW, retracted_at=at(file.level_lifted)))  # fmt: skip
        readers = None
        if file.readers is not None:
            held = Restriction(case_id=case_id, reason="r", recorded_at=NOW, retracted_at=at(file.lifted))
            session.add(held)
            session.flush()
            for number in file.readers | file.taken_off:
                off = at(number in file.taken_off)
                session.add(RestrictionReader(restriction_id=held.id or 0, account_id=self.accounts[number],
                                              recorded_at=NOW, retracted_at=off))  # fmt: skip
            if not file.lifted:
                readers = frozenset(self.accounts[number] for number in file.readers - file.taken_off)
        level = file.level if secret and not file.level_lifted else Secrecy.NONE
        agencies = frozenset() if file.lead is None else frozenset({self.agencies[file.lead]})
        self.expected.append(Protection(level, readers, agencies))

    def file_of(self, errand: Errand) -> int | None:
        return errand.file if errand.file is not None and errand.file < len(self.ids) else None

    def concerns(self, errand: Errand, agencies: set[int]) -> None:
        file = self.file_of(errand)
        if file is not None and not errand.retracted:
            had = self.expected[file]
            self.expected[file] = Protection(had.level, had.readers, had.agencies | agencies)

    def add_task(self, n: int, each: Errand):
        file = self.file_of(each)
        agencies = {self.agencies[k] for k in {each.first, *each.others}}
        make.task(
            self.session, code=f"NV-{n}", case=None if file is None else self.cases[file],
            lead=self.bodies[each.first], cooperating=[self.bodies[k] for k in each.others],
            retracted_at=at(each.retracted),
        )  # fmt: skip
        self.concerns(each, agencies)
        return (f"NV-{n}", file, agencies, each.retracted)

    def add_request(self, n: int, each: Errand):
        file = self.file_of(each)
        other = next(iter(each.others), each.first)
        agencies = {self.agencies[each.first], self.agencies[other]}
        self.session.add(CoordinationRequest(
            code=f"PH-{n}", case_id=None if file is None else self.ids[file], from_agency_id=self.agencies[each.first],
            to_agency_id=self.agencies[other], kind="information", subject="s", sent_on=DAY, recorded_at=NOW,
            retracted_at=at(each.retracted),
        ))  # fmt: skip
        self.concerns(each, agencies)
        return (f"PH-{n}", file, agencies, each.retracted)

    def viewers(self) -> list[Viewer]:
        return [*(viewer_named(self.session, f"n{n}") for n in range(len(self.persons))), SYSTEM]

    def seen_files(self, viewer: Viewer) -> set[int]:
        return {id for id, told in zip(self.ids, self.expected, strict=True) if may_see(viewer, told)}

    def seen_errands(self, viewer: Viewer, errands) -> set[str]:
        files = self.seen_files(viewer)
        return {
            code
            for code, file, agencies, retracted in errands
            if not retracted and may(viewer, Action.READ_FILES)
            and (file is None or self.ids[file] in files)
            and (may(viewer, Action.READ_ALL) or viewer.agencies & agencies)
        }  # fmt: skip


def codes(session: Session, table, condition) -> set[str]:
    return set(session.exec(select(table.code).where(col(table.retracted_at).is_(None), condition)))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(files, errands, errands, persons, successors)
def test_the_sql_and_the_plain_rule_say_the_same(engine, files, tasks, requests, persons, successors):
    with Session(engine) as session:
        written = Written(session, files, tasks, requests, persons, successors)
        by_scope: dict[str, set[int]] = {}
        for viewer, person in zip(written.viewers(), [*persons, None], strict=True):
            if person and person.role is Role.AGENCY:
                own = {written.agencies[n] for n in carried_on(person.agency, successors)}
                assert viewer.agencies == own
            expected = written.seen_files(viewer)
            assert {file.id for file in session.exec(visible_cases(viewer))} == expected
            assert codes(session, Task, sees_task(viewer)) == written.seen_errands(viewer, written.tasks)
            found = codes(session, CoordinationRequest, sees_request(viewer))
            assert found == written.seen_errands(viewer, written.requests)
            assert by_scope.setdefault(viewer.scope, expected) == expected, "people of one scope see the same"
            if not hides_some(session, viewer):
                assert expected == set(written.ids)
        session.rollback()
