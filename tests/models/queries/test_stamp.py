"""By what files are judged: told apart by what it says, not by how a database happens to keep it."""

from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

import models.enums
from models.db import read_session, transaction
from models.enums import AgencyKind
from models.queries.judged import _sources, stamp
from models.tables import Agency
from tests import make


def stamp_of(engine: Engine) -> str:
    with read_session(engine) as session:
        return stamp(session)


def test_an_agency_with_a_new_name_has_no_file_judged_again_one_of_another_kind_has_all(engine: Engine) -> None:
    with transaction(engine) as session:
        for code, kind in (("CA", AgencyKind.POLICE), ("VKS", AgencyKind.PROCURACY), ("TA", AgencyKind.COURT)):
            make.agency(session, code=code, kind=kind)
    before = stamp_of(engine)
    with transaction(engine) as session:
        session.exec(select(Agency).where(Agency.code == "CA")).one().name_vi = "Công an tỉnh Minh Châu"
        session.info["changed"] = True
    assert stamp_of(engine) == before
    with transaction(engine) as session:
        session.exec(select(Agency).where(Agency.code == "CA")).one().kind = AgencyKind.AUDIT
        session.info["changed"] = True
    assert stamp_of(engine) != before


def test_a_new_release_that_orders_events_or_keeps_verdicts_otherwise_has_all_judged_again() -> None:
    named = {path.relative_to(Path(models.enums.__file__).parent).as_posix() for path in _sources()}
    assert {"enums.py", "rules/stages.py", "queries/facts.py", "queries/money.py", "queries/judged.py"} <= named
