"""What one reader reads is of one moment, in however many statements: else a file could be between two of them."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine

from models.changes._revision import raise_revisions
from models.changes.judgements import write
from models.db import read_session, transaction
from models.queries.judged import is_fresh, judged, stale
from models.queries.standing import find
from models.rules.access import SYSTEM
from tests import make

TODAY = date(2026, 6, 11)


def test_a_colleague_who_saves_while_a_page_is_read_takes_no_file_from_it(engine: Engine) -> None:
    with transaction(engine) as session:
        file = make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
    with transaction(engine) as session:
        write(session, SYSTEM, find(session, SYSTEM, as_of=TODAY), now=datetime(2026, 6, 11, 1, tzinfo=UTC))
    with read_session(engine) as session:
        before = stale(session, SYSTEM, TODAY)
        with transaction(engine) as other:
            make.case(other, code="VA-2", events=[("case_initiated", "2026-03-02")])
            raise_revisions(other, [file.id or 0])
        assert stale(session, SYSTEM, TODAY) == before == {}
        found = find(session, SYSTEM, as_of=TODAY)
        assert (found.open_standing, len(found.judged)) == (1, 0)
        assert len(session.connection().execute(judged(session, SYSTEM, as_of=TODAY).select()).all()) == 1
    with read_session(engine) as session:
        assert len(stale(session, SYSTEM, TODAY)) == 2


def test_what_is_saved_while_a_scan_is_written_is_not_taken_for_judged(engine: Engine) -> None:
    with transaction(engine) as session:
        file = make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
        session.info["changed"] = True
    with read_session(engine) as session:
        found = find(session, SYSTEM, as_of=TODAY)
    with transaction(engine) as session:
        make.event(session, case=file, kind="terminated", on="2026-06-10")
        session.info["changed"] = True
    with transaction(engine) as session:
        write(session, SYSTEM, found, now=datetime(2026, 6, 11, 1, tzinfo=UTC))
    with read_session(engine) as session:
        assert not is_fresh(session, TODAY)
        assert session.connection().execute(judged(session, SYSTEM, as_of=TODAY).select()).all() == []
    with transaction(engine) as session:
        write(session, SYSTEM, find(session, SYSTEM, as_of=TODAY), now=datetime(2026, 6, 11, 2, tzinfo=UTC))
    with read_session(engine) as session:
        assert is_fresh(session, TODAY)
