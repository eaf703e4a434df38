"""A file that somebody sees never names one that he does not see, however it is asked about."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from jobs.ledger import run
from jobs.schedule import job_named
from models.changes.events import EventEntry, replace_event
from models.changes.files import merge_files, transfer_file
from models.db import Engine, Session, read_session, transaction
from models.enums import EventKind, Role
from models.errors import FieldErrors
from models.queries.audit_log import LogFilter, log_page
from models.queries.cases import CaseFilter, case_file, case_page
from models.queries.facts import parts
from models.queries.history import changes_since, history_of
from models.queries.named import UNSEEN, Veil
from models.queries.people import viewer_named
from models.queries.reports import annex_files
from models.queries.search import search
from models.queries.told import tell
from models.rules.access import SYSTEM, Action, Viewer, may
from models.rules.versions import Subject
from models.rules.words import words
from models.tables import Case, CaseEvent, Restriction, RestrictionReader
from seed.export import write_export
from tests import make

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
TODAY = date(2026, 11, 20)
HIDDEN = ("KIN-77/A", "KIN-78/B", "KIN-79/C", "KIN-80/D")
OPEN = ("VA-1", "VA-2", "VA-3", "VV-1")
ACT: dict[str, Any] = {"happened_on": date(2026, 10, 20), "document": "7/QĐ", "now": NOW, "today": TODAY}
ROLES = (Role.MEMBER, Role.SECRETARIAT, Role.AUDITOR, Role.AGENCY)


@pytest.fixture
def office(engine: Engine) -> dict[str, Viewer]:
    """Open files that were merged, split, transferred, or became a case: the other file of each is restricted."""
    with transaction(engine) as session:
        police = make.agency(session)
        for role in (*ROLES, Role.LEAD):
            person = make.person(session, display_name=role.value, agency=police)
            make.account(session, login=role.value, role=role, person=person)
        incident = make.case(
            session, code="VV-1", kind="incident", lead=police, events=[("report_received", "2026-08-01")]
        )
        for code in ("VA-1", "VA-2", "VA-3", *HIDDEN[:3]):
            make.case(
                session, code=code, lead=None if code in HIDDEN else police, events=[("case_initiated", "2026-08-03")]
            )
        make.case(session, code=HIDDEN[3], origin=incident, events=[("case_initiated", "2026-09-03")])
    with read_session(engine) as session:
        viewers = {role.value: viewer_named(session, role.value) for role in (*ROLES, Role.LEAD)}
    lead = viewers["lead"]
    for change, code, more in (
        (merge_files, "VA-1", {"into": HIDDEN[0], "goes_on": HIDDEN[0], "detail": "cùng bị can"}),
        (merge_files, "VA-2", {"into": HIDDEN[1], "goes_on": "VA-2"}),
        (transfer_file, "VA-3", {"to": HIDDEN[2]}),
    ):
        with transaction(engine) as session:
            change(session, lead, code, revision=revision(session, code), **more, **ACT)
    with transaction(engine) as session:
        for code in HIDDEN:
            row = Restriction(case_id=file_id(session, code), reason="x", recorded_at=NOW)
            session.add(row)
            session.flush()
            session.add(RestrictionReader(restriction_id=row.id or 0, account_id=lead.account_id or 0, recorded_at=NOW))
    with read_session(engine) as session:
        return {name: viewer_named(session, name) for name in viewers}


def file_id(session: Session, code: str) -> int:
    return session.exec(select(Case.id).where(Case.code == code)).one() or 0


def revision(session: Session, code: str) -> int:
    return session.exec(select(Case.revision).where(Case.code == code)).one()


def told(session: Session, viewer: Viewer, folder: Any) -> Iterator[tuple[str, str]]:
    """Everything that is told of the open files, by where it is told."""
    when = {"as_of": TODAY}
    yield "list", repr(case_page(session, viewer, CaseFilter(), **when).rows)
    if may(viewer, Action.READ_ALL):
        yield "annex", repr(annex_files(session, viewer, **when))
    files = [file for part in parts(session, viewer) for file in tell(session, viewer, part, **when).files]
    yield "scan", repr([(*file, file.why) for file in files])
    for code in OPEN:
        yield f"file {code}", repr(case_file(session, viewer, code, **when))
        yield f"changes {code}", repr(changes_since(session, viewer, code, at=datetime(2020, 1, 1, tzinfo=UTC)))
        yield f"history {code}", repr(history_of(session, viewer, code, Subject.EVENT))
    for hidden in HIDDEN:
        hits = [hit for group in search(session, viewer, hidden).groups for hit in group.hits]
        rows = case_page(session, viewer, CaseFilter(text=hidden), **when).rows
        yield f"search {hidden}", f"{hidden}: {hits} {rows}" if hits or rows else ""
    if may(viewer, Action.READ_AUDIT):
        yield "log", repr(log_page(session, viewer, LogFilter(), size=None).rows)
    if may(viewer, Action.EXPORT):
        write_export(session, viewer, folder / "x.xlsx", today=TODAY)
        book = load_workbook(folder / "x.xlsx", read_only=True)
        yield "export", repr([row for sheet in book for row in sheet.iter_rows(values_only=True)])


def test_no_answer_names_a_file_that_is_hidden_from_who_asks(engine, office, tmp_path):
    """Told from verdicts judged there and then, and from those that a scan has stored."""
    for stored in (False, True):
        if stored:
            assert run(job_named("scan"), TODAY, SYSTEM, on=engine, clock=lambda session: NOW).ran
        shown = set()
        with read_session(engine) as session:
            for name, viewer in office.items():
                for place, text in told(session, viewer, tmp_path):
                    named = [code for code in HIDDEN if code in text.upper()]
                    assert name == "lead" or not named, (name, place, named)
                    shown |= {place} if named else set()
        files = {f"{what} {code}" for what in ("file", "history", "changes") for code in OPEN[:3]}
        assert {"list", "annex", "scan", "log", "export", "file VV-1", *files} <= shown, "who may see them is told"


def test_correcting_an_event_keeps_the_code_that_was_not_shown(engine, office):
    officer = office["secretariat"]
    with transaction(engine) as session:
        own = (CaseEvent.case_id == file_id(session, "VA-1"), CaseEvent.kind == EventKind.MERGED_INTO)
        event = session.exec(select(CaseEvent).where(*own)).one()
        assert event.detail == f"{HIDDEN[0]}: cùng bị can"
        seen = case_file(session, officer, "VA-1", as_of=TODAY).events
        (shown,) = [each.detail for each in seen if each.id == event.id]
        assert shown == f"{UNSEEN}: cùng bị can"

        def corrected(detail: str) -> CaseEvent:
            entry = EventEntry(event.kind, event.happened_on, detail=detail, document="7/QĐ")
            when = {"revision": revision(session, "VA-1"), "now": NOW, "today": TODAY}
            return replace_event(session, officer, event.id, entry, reason="Bổ sung", **when)

        with pytest.raises(FieldErrors, match="Nothing is different"):
            corrected(shown)
        assert corrected(f"{shown}, cùng địa bàn").detail == f"{HIDDEN[0]}: cùng bị can, cùng địa bàn"


@pytest.mark.parametrize(
    "text, left",
    [
        ("VA-1", "…"), ("va-1: x", "…: x"), ("(VA-1), VA-1.", "(…), …."),
        ("VA-10, AVA-1, VA-1/2", "VA-10, AVA-1, VA-1/2"), ("", ""), ("không có", "không có"),
    ],
)  # fmt: skip
def test_a_code_is_taken_out_whole_and_no_other(text, left):
    veil = Veil(frozenset({"VA-1"}))
    assert veil.text(text) == left
    assert veil.put_back(left, text) == text
    assert veil.words([words("In {code}.", code=text)]) == (words("In {code}.", code=left),)


def test_what_was_taken_out_is_put_back_in_its_place_only():
    veil = Veil(frozenset({"VA-1"}))
    assert veil.put_back("… và …", "VA-1 và …") == "VA-1 và …"
    assert veil.put_back("viết lại", "VA-1 và …") == "viết lại"
    assert veil.put_back("…, …, …", "VA-1") == "…, …, …"
    assert json.loads(veil.text('{"with":"VA-1"}')) == {"with": UNSEEN}
