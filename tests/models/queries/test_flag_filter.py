"""Files by a stalled rule: those of which it held on the day that is shown."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine

from models.db import read_session, transaction
from models.enums import FlagRule
from models.queries.cases import CaseFilter, case_page
from models.tables import Flag
from tests import cast, make


def test_a_rule_finds_the_files_of_which_it_held_on_the_day_shown(engine: Engine) -> None:
    with transaction(engine) as session:
        for code, closed in (("VA-1", date(2026, 6, 20)), ("VA-2", None)):
            file = make.case(session, code=code, events=[("case_initiated", "2026-03-02")])
            at = datetime(2026, 6, 11, tzinfo=UTC)
            since = date(2026, 6, 10)
            session.add(Flag(case_id=file.id, rule=FlagRule.S7, opened_on=since, closed_on=closed, recorded_at=at))

    def found(day: int) -> list[str]:
        with read_session(engine) as session:
            page = case_page(session, cast.MEMBER, CaseFilter(flag=FlagRule.S7), as_of=date(2026, 6, day), sort="code")
        return [row.code for row in page.rows]

    assert {day: found(day) for day in (9, 10, 19, 20)} == {
        9: [], 10: ["VA-1", "VA-2"], 19: ["VA-1", "VA-2"], 20: ["VA-2"],
    }  # fmt: skip
