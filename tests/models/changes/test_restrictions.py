"""A restricted file is read by its list alone; every reading is noted; the lead keeps the list."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from exports.issue import issue, order
from exports.lists import files_list
from models.changes.events import EventEntry, record_event
from models.changes.restrictions import lift, note_read, restrict
from models.db import read_session, transaction
from models.enums import EventKind, Role
from models.errors import CaseNotFound, FieldErrors, Forbidden
from models.queries.audit import verify
from models.queries.audit_log import LogFilter, log_page
from models.queries.cases import CaseFilter, case_page
from models.queries.figures import day_figures
from models.queries.people import viewer_named
from models.queries.restrictions import protection_of
from models.queries.search import search
from models.rules.access import SYSTEM
from models.tables import AuditEntry, Case, DataVersion
from models.text import translator
from seed.export import export_file
from tests import cast, make

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SAID = {"reason": "Vụ việc nhạy cảm", "now": NOW}
NAMES = ("truongban", "thuky", "uyvien", "kiemtra")


@pytest.fixture
def office(engine):
    with transaction(engine) as session:
        cast.accounts(session)
        make.account(session, login="phoban", role=Role.LEAD)
        for code in ("VA-1", "VA-2"):
            make.case(session, code=code, events=[("case_initiated", "2026-11-02")])
    return engine


def revision(session, code="VA-1"):
    return session.exec(select(Case.revision).where(Case.code == code)).one()


def who(engine, name):
    with read_session(engine) as session:
        return viewer_named(session, name)


def restricted(engine, readers, name="truongban"):
    with transaction(engine) as session:
        restrict(session, viewer_named(session, name), "VA-1", readers, revision=revision(session), **SAID)


def seen(engine, name) -> tuple[list[str], int, int]:
    """Codes in the list, the number of open files, hits of the search: what a reader can tell of VA-1."""
    viewer = who(engine, name)
    with read_session(engine) as session:
        rows = case_page(session, viewer, CaseFilter(), as_of=TODAY).rows
        open_files = day_figures(session, viewer, as_of=TODAY).value("files.open")
        found = search(session, viewer, "VA-1")
        return sorted(row.code for row in rows), open_files, len(found.exact)


def rows(engine, action):
    with read_session(engine) as session:
        asked = select(AuditEntry.actor).where(AuditEntry.action == action, AuditEntry.subject == "case:VA-1")
        return list(session.exec(asked.order_by(col(AuditEntry.id))))


def test_only_the_list_and_the_lead_who_restricts_see_the_file_until_it_is_lifted(office):
    assert all(seen(office, name) == (["VA-1", "VA-2"], 2, 1) for name in NAMES)
    restricted(office, ["thuky"])
    for name in NAMES:
        listed = name in ("truongban", "thuky")
        assert seen(office, name) == ((["VA-1", "VA-2"], 2, 1) if listed else (["VA-2"], 1, 0)), name
    assert seen(office, "phoban") == (["VA-2"], 1, 0), "another lead neither"
    with read_session(office) as session:
        assert [row.code for row in case_page(session, SYSTEM, CaseFilter(), as_of=TODAY).rows] == ["VA-1", "VA-2"]
    with transaction(office) as session:
        lift(session, viewer_named(session, "truongban"), "VA-1", revision=revision(session), **SAID)
    assert all(seen(office, name) == (["VA-1", "VA-2"], 2, 1) for name in (*NAMES, "phoban"))
    assert rows(office, "restricted") == rows(office, "restriction_lifted") == ["truongban"]


def test_who_is_not_on_the_list_changes_nothing_and_learns_nothing(office):
    restricted(office, [])
    note = EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail="x")
    with transaction(office) as session:
        officer = viewer_named(session, "thuky")
        with pytest.raises(CaseNotFound) as hidden:
            record_event(session, officer, "VA-1", note, revision=1, now=NOW, today=TODAY)
        with pytest.raises(CaseNotFound) as absent:
            record_event(session, officer, "VA-9", note, revision=1, now=NOW, today=TODAY)
    assert str(hidden.value).replace("VA-1", "VA-9") == str(absent.value)


def test_a_list_is_changed_and_keeps_a_lead(office):
    restricted(office, ["thuky", "phoban"])
    restricted(office, ["uyvien"], name="phoban")
    with read_session(office) as session:
        found = protection_of(session, viewer_named(session, "phoban"), "VA-1")
    assert set(found.restricted.readers) == {"uyvien", "phoban"}
    assert [seen(office, name)[1] for name in ("truongban", "thuky", "uyvien")] == [1, 1, 2]
    with pytest.raises(CaseNotFound):
        restricted(office, ["uyvien"], name="truongban")
    with pytest.raises(FieldErrors, match="already"):
        restricted(office, ["uyvien"], name="phoban")
    for readers in (["nobody"], ["quantri"]):
        with pytest.raises(FieldErrors, match="named"):
            restricted(office, readers, name="phoban")


@pytest.mark.parametrize("name", ["thuky", "uyvien", "kiemtra", "quantri"])
def test_only_a_lead_restricts(office, name):
    with pytest.raises(Forbidden):
        restricted(office, ["thuky"], name=name)
    with transaction(office) as session, pytest.raises(FieldErrors):
        lift(session, viewer_named(session, "truongban"), "VA-1", revision=revision(session), **SAID)


def test_a_reading_is_noted_once_a_day_and_changes_no_data(office):
    with transaction(office) as session:
        assert not note_read(session, viewer_named(session, "thuky"), "VA-1", now=NOW), "an open file"
    restricted(office, ["thuky"])
    with transaction(office) as session:
        version = session.exec(select(DataVersion.n)).one()
        officer, member = viewer_named(session, "thuky"), viewer_named(session, "uyvien")
    noted = []
    for hours in (0, 1, 24):
        with transaction(office) as session:
            noted.append(note_read(session, officer, "VA-1", now=NOW + timedelta(hours=hours)))
    assert noted == [True, False, True]
    with transaction(office) as session:
        assert not note_read(session, member, "VA-1", now=NOW), "what one may not see one does not read"
    assert rows(office, "read_restricted") == ["thuky", "thuky"]
    with read_session(office) as session:
        assert session.exec(select(DataVersion.n)).one() == version


def test_a_list_a_workbook_and_a_paper_note_each_restricted_file_that_stands_in_them(office, tmp_path):
    wanted = {"as_of": TODAY, "sort": "code", "about": (), "t": translator("vi"), "now": NOW, "engine": office}
    paper = order("annual", period="2026", session=None, as_of=None, known_at=NOW, language="vi")

    def taken_out() -> list[tuple[str, str]]:
        with read_session(office) as session:
            asked = select(AuditEntry.actor, AuditEntry.subject).where(AuditEntry.action == "read_in_export")
            return list(session.exec(asked.order_by(AuditEntry.id)).all())

    def everything(name: str) -> None:
        viewer = who(office, name)
        files_list(viewer, CaseFilter(), **wanted)
        export_file(tmp_path / "x.xlsx", viewer, now=NOW, today=TODAY, engine=office)
        issue(viewer, paper, now=NOW, today=TODAY, engine=office)

    everything("thuky")
    assert taken_out() == [], "no file is restricted"
    restricted(office, ["thuky"])
    everything("thuky")
    everything("uyvien")
    assert taken_out() == [("thuky", "case:VA-1")] * 3, "who does not see it does not take it out"
    files_list(who(office, "thuky"), CaseFilter(codes=("VA-2",)), **wanted)
    assert len(taken_out()) == 3, "it does not stand in this list"
    with read_session(office) as session:
        log = log_page(session, who(office, "truongban"), LogFilter(about="case:VA-1", action="read_in_export")).rows
        assert [row.who for row in log] == ["thuky"] * 3
        assert verify(session, SYSTEM).ok
