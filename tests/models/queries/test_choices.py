"""What forms offer to choose from: what exists today, for those who may read files."""

from datetime import date

from sqlalchemy import Engine

from models.db import read_session, transaction
from models.queries.choices import agencies, officials
from tests import cast, make

TODAY = date(2026, 11, 20)


def test_agencies_that_exist_today_are_offered(engine: Engine) -> None:
    with transaction(engine) as session:
        for code, since, until in (
            ("OPEN", None, None), ("LAST", None, TODAY), ("GONE", None, date(2026, 11, 19)),
            ("FIRST", TODAY, None), ("TO-COME", date(2026, 11, 21), None),
        ):  # fmt: skip
            make.agency(session, code=code, name_vi=f"Cơ quan {code}", name_en="", valid_from=since, valid_to=until)
        names = {row.name for row in agencies(session, cast.SECRETARIAT, today=TODAY)}
    assert {"Cơ quan OPEN", "Cơ quan LAST", "Cơ quan FIRST"} <= names
    assert not {"Cơ quan GONE", "Cơ quan TO-COME"} & names


def test_an_agency_without_another_name_has_its_own_in_english(engine: Engine) -> None:
    with transaction(engine) as session:
        made = make.agency(session, code="MOT", name_vi="Cơ quan một", name_en="")
        assert [row.name_en for row in agencies(session, cast.MEMBER, today=TODAY) if row.id == made.id] == [
            "Cơ quan một"
        ]


def test_officials_are_told_by_name_and_function_once(engine: Engine) -> None:
    with transaction(engine) as session:
        make.person(session, display_name="Cán bộ 01", function="Theo dõi án")
        make.person(session, display_name="Cán bộ 02", function="Cán bộ 02")
        make.person(session, display_name="Cán bộ 03", function="", valid_to=date(2026, 11, 19))
    with read_session(engine) as session:
        assert [row.name for row in officials(session, cast.MEMBER, today=TODAY)] == [
            "Cán bộ 01 · Theo dõi án",
            "Cán bộ 02",
        ]


def test_who_may_not_read_files_is_offered_nothing(engine: Engine) -> None:
    with transaction(engine) as session:
        make.agency(session)
        make.person(session)
        for viewer in cast.OUTSIDERS:
            assert agencies(session, viewer, today=TODAY) == officials(session, viewer, today=TODAY) == []
