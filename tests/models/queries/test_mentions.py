"""Free words that name a protected file: whoever writes them is told, and whoever is about to protect it."""

from datetime import UTC, datetime

import pytest

from models.changes.restrictions import restrict
from models.changes.search import rebuild
from models.db import Engine, read_session, transaction
from models.enums import Secrecy
from models.queries.mentions import guarded_in, mentions
from models.rules.access import SYSTEM
from models.tables import FileSecrecy
from tests import cast, make

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def office(engine: Engine) -> cast.Cast:
    """VA-1 is for listed readers, VA-2 has a level, VA-3 and VA-12 are open to all who read files."""
    with transaction(engine) as session:
        people = cast.accounts(session)
        police = make.agency(session)
        for code in ("VA-1", "VA-2", "VA-3", "VA-12"):
            made = make.case(session, code=code, lead=police, events=[("case_initiated", "2026-08-03")])
            if code == "VA-2":
                session.add(
                    FileSecrecy(
                        case_id=made.id or 0, level=Secrecy.SECRET, document="1", decided_on=NOW.date(), holder="x",
                        recorded_at=NOW,
                    )
                )  # fmt: skip
        restrict(session, people.lead, "VA-1", [], reason="x", revision=None, now=NOW)
    return people


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Theo hồ sơ VA-1, chuyển tài liệu", ["VA-1"]),
        ("theo hồ sơ va-1.", ["VA-1"]),
        ("Vụ VA-12 và vụ VA-3", []),
        ("VA-1", []),  # a field that says which file is meant
        ("Xem (VA-1); VA-2, VA-2", ["VA-1", "VA-2"]),
        ({"detail": ["x", {"text": "như vụ VA-2"}]}, ["VA-2"]),
        ({"n": 3, "d": None, "t": ""}, []),
    ],
)
def test_words_that_name_a_protected_file_are_noticed(engine, office, words, named):
    with read_session(engine) as session:
        assert guarded_in(session, SYSTEM, words, besides="VA-3") == named
        assert guarded_in(session, SYSTEM, words, besides="va-1") == [code for code in named if code != "VA-1"]


def test_nobody_learns_by_it_that_a_file_exists(engine, office):
    with read_session(engine) as session:
        for viewer in (office.member, office.administrator, office.stranger):
            assert guarded_in(session, viewer, "về vụ VA-1 và VA-2", besides="") == []
        assert guarded_in(session, office.secretariat, "về vụ VA-1 và VA-2", besides="") == ["VA-2"], "cleared for it"


def test_who_protects_a_file_sees_where_others_name_it(engine, office):
    with transaction(engine) as session:
        three = make.case(session, code="VA-4", events=[("case_initiated", "2026-08-03")])
        make.event(session, case=three, kind="progress_note", on="2026-08-09", detail="Tách từ vụ va-3 của tỉnh")
        make.task(session, code="NV-1", content="Báo cáo vụ VA-3 trước kỳ họp")
        make.task(session, code="NV-2", content="Báo cáo vụ VA-31 và VA-12, phần 3")
        own = make.case(session, code="VA-5", title="Vụ án VA-3 phần hai", events=[("case_initiated", "2026-08-03")])
        make.task(session, code="NV-3", content="Như vụ VA-3", case=own)
        make.request(session, code="PH-1", subject="Sao kê cho vụ VA-3")
        rebuild(session)
    with read_session(engine) as session:
        found = [(hit.kind.value, hit.code) for hit in mentions(session, office.lead, "VA-3")]
        assert sorted(found) == [
            ("file", "VA-4"), ("file", "VA-5"), ("request", "PH-1"), ("task", "NV-1"), ("task", "NV-3"),
        ]  # fmt: skip
        assert mentions(session, office.stranger, "VA-3") == mentions(session, office.lead, "VA-9") == []


def test_what_is_about_the_file_itself_is_closed_with_it_and_no_mention(engine, office):
    with transaction(engine) as session:
        own = make.case(session, code="VA-6", title="Vụ án VA-6", events=[("case_initiated", "2026-08-03")])
        make.task(session, code="NV-6", content="Kết thúc điều tra vụ VA-6", case=own)
        rebuild(session)
    with read_session(engine) as session:
        assert mentions(session, office.lead, "VA-6") == []
