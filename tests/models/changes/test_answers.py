"""An agency's focal point sees what concerns the agency, answers for it, and does nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from models.changes import coordination, tasks
from models.changes.coordination import RequestDraft
from models.db import read_session, transaction
from models.enums import CoordinationKind, EventKind, Role
from models.errors import CaseNotFound, Forbidden, NotFound
from models.queries.cases import CaseFilter, case_file, case_page
from models.queries.coordination import coordination_page
from models.queries.figures import day_figures
from models.queries.history import Subject, history_of
from models.queries.people import viewer_named
from models.queries.search import search
from models.queries.sessions import session_lines
from models.queries.supervision import proposals
from models.queries.task_file import task_file
from models.queries.tasks import task_rows
from models.rules.access import Viewer
from models.tables import CoordinationRequest
from tests import cast, make

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2026, 11, 20)
AT = {"now": NOW, "today": TODAY}


@pytest.fixture
def office(engine):
    """VA-1 is led by the police, VA-2 by the court, VA-3 by the police that was before; two requests ask the police."""
    with transaction(engine) as session:
        police = make.agency(session, code="CQDT")
        court = make.agency(session, code="TAND", name_vi="Tòa án", name_en="Court")
        before = make.agency(session, code="CU", name_vi="Cơ quan cũ", name_en="Former", successor_id=police.id)
        people = (("csdt", police), ("toaan", court))
        for login, agency in people:
            owner = make.person(session, display_name=login, agency=agency)
            make.account(session, login=login, role=Role.AGENCY, person=owner)
        for code, lead in (("VA-1", police), ("VA-2", court), ("VA-3", before)):
            events = [("case_initiated", "2026-03-02")]
            file = make.case(session, code=code, events=events, lead=lead)
            make.task(session, code=f"NV-{code}-P", case=file, lead=police, content="Việc của công an")
            make.task(session, code=f"NV-{code}-T", case=file, lead=court, content="Việc của tòa án")
        make.task(session, code="NV-0", lead=court, cooperating=[police], content="Việc chung")
        make.case(session, code="VA-4", events=[("case_initiated", "2026-03-02")])
        make.session_(session, number=3, held_on="2026-11-10")
        draft = RequestDraft(
            asks="TAND", asked="CQDT", kind=CoordinationKind.DOCUMENT, subject="Hồ sơ", sent_on=date(2026, 11, 2),
            case_code="VA-4",
        )  # fmt: skip
        coordination.send_request(session, cast.SECRETARIAT, draft, **AT)
        other = replace(draft, asks="TAND", asked="CU", case_code="", subject="Tài liệu cũ")
        coordination.send_request(session, cast.SECRETARIAT, other, **AT)
    return engine


def viewer(engine, name) -> Viewer:
    with read_session(engine) as session:
        return viewer_named(session, name)


def test_it_sees_the_files_tasks_and_requests_that_concern_it_and_counts_only_those(office):
    with read_session(office) as session:
        police, court = viewer_named(session, "csdt"), viewer_named(session, "toaan")
        codes = [row.code for row in case_page(session, police, CaseFilter(), as_of=TODAY, sort="code").rows]
        assert codes == ["VA-1", "VA-2", "VA-3", "VA-4"], "led, by its task, taken over, by a request"
        assert day_figures(session, police, as_of=TODAY).value("files.open") == 4
        own = {row.code for row in task_rows(session, police, as_of=TODAY)[0]}
        assert own == {"NV-VA-1-P", "NV-VA-2-P", "NV-VA-3-P", "NV-0"}
        assert day_figures(session, police, as_of=TODAY).value("tasks.assigned") == 4
        assert len(coordination_page(session, police, as_of=TODAY).rows) == 2
        file = case_file(session, police, "VA-1", as_of=TODAY)
        assert [task.code for task in file.tasks] == ["NV-VA-1-P"] and file.history == ()
        assert not any("NV-VA-1-T" in repr(flag) for flag in file.flags), "nor by a flag of the file"
        with pytest.raises(NotFound):
            task_file(session, police, "NV-VA-1-T", as_of=TODAY)
        assert search(session, police, "NV-VA-1-P").exact and not search(session, police, "NV-VA-1-T").exact
        assert not [group for group in search(session, police, "viec").groups if "tòa án" in repr(group.hits)]
        assert session_lines(session, police, as_of=TODAY, today=TODAY) == []
        assert proposals(session, police) == [] and history_of(session, police, "VA-1", Subject.EVENT) == ()
        assert [row.code for row in case_page(session, court, CaseFilter(), as_of=TODAY, sort="code").rows] == codes
        nobody = Viewer("x", Role.AGENCY)
        assert case_page(session, nobody, CaseFilter(), as_of=TODAY).total == 0


def test_it_reports_on_the_tasks_that_it_leads_and_leaves_the_verdict(office):
    police = viewer(office, "csdt")
    with transaction(office) as session:
        version = task_file(session, police, "NV-VA-1-P", as_of=TODAY).row.version
        task = tasks.report_progress(session, police, "NV-VA-1-P", version, said="Đang làm", on=TODAY, **AT)
        task = tasks.claim_done(session, police, task.code, task.id, on=TODAY, evidence="12/BC", **AT)
        assert (task.claimed_on, task.recorded_by) == (TODAY, police.account_id)
        with pytest.raises(Forbidden):
            tasks.accept_task(session, police, task.code, task.id, on=TODAY, **AT)
        with pytest.raises(Forbidden):
            tasks.take_back(session, police, task.code, task.id, reason="x", now=NOW)
        shared = task_file(session, police, "NV-0", as_of=TODAY).row.version
        with pytest.raises(Forbidden, match="leads"):
            tasks.claim_done(session, police, "NV-0", shared, on=TODAY, evidence="1", **AT)
        with pytest.raises(NotFound):
            tasks.claim_done(session, police, "NV-VA-1-T", 1, on=TODAY, evidence="1", **AT)


def test_it_answers_the_requests_that_ask_it_or_whom_it_carries_on(office):
    police, court = viewer(office, "csdt"), viewer(office, "toaan")
    with transaction(office) as session:
        for row in session.exec(select(CoordinationRequest)).all():
            own = {"version": row.id, **AT}
            with pytest.raises(Forbidden):
                coordination.note_reply(session, court, row.code, replied_on=TODAY, document="1", **own)
            with pytest.raises(Forbidden):
                coordination.escalate(session, police, row.code, escalated_on=TODAY, **own)
            done = coordination.note_receipt(session, police, row.code, received_on=date(2026, 11, 3), **own)
            own = {"version": done.id, **AT}
            answered = coordination.note_reply(session, police, row.code, replied_on=TODAY, document="5/CV", **own)
            assert (answered.replied_on, answered.recorded_by) == (TODAY, police.account_id)


def test_it_records_nothing_else(office):
    from models.changes.events import EventEntry, record_event

    police = viewer(office, "csdt")
    note = EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail="x")
    with transaction(office) as session, pytest.raises((Forbidden, CaseNotFound)):
        record_event(session, police, "VA-1", note, revision=1, **AT)
