"""Reference data: loaded once, brought up to date by versions, refused with its place when it cannot be used."""

import csv
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, text
from sqlmodel import col, select

from models.changes.reference import is_loaded, write_reference
from models.db import Session, make_engine, migrate, read_session, transaction
from models.enums import AgencyLevel, EventKind, Severity
from models.errors import Forbidden, SchemaAhead
from models.queries.reference import rulebook
from models.rules.access import SYSTEM, Viewer
from models.tables import Agency, AuditEntry, DataVersion, Offence, SpecialDay, StatutoryLimit
from seed import reference_files
from seed.reference_data import BadReference, ensure_ready, event_names, load_reference, prepare
from tests import cast, glossary

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def fresh(empty_database_url: str) -> Iterator[Engine]:
    """A migrated database without any reference row."""
    migrate(empty_database_url)
    made = make_engine(empty_database_url)
    yield made
    made.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the reference files that a test may spoil."""
    copy = tmp_path / "reference"
    shutil.copytree(reference_files.FOLDER, copy)
    return copy


def rewrite(path: Path, change: dict[str, str], **where: str) -> None:
    """Change the columns of the rows of a CSV file for which all of `where` hold."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    matching = [row for row in rows if all(row[name] == value for name, value in where.items())]
    assert matching, "the test changes no row"
    for row in matching:
        row.update(change)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def load_from(session: Session, folder: Path, now: datetime) -> dict[str, int]:
    """Load the reference files of another folder."""
    return write_reference(
        session,
        SYSTEM,
        limits=reference_files.limit_rows(folder),
        offences=reference_files.offence_rows(folder),
        special_days=reference_files.special_day_rows(folder),
        agencies=reference_files.agency_rows(folder),
        now=now,
    )


def csv_rows(name: str) -> int:
    with (reference_files.FOLDER / name).open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def test_a_fresh_database_gets_every_row_of_every_file(fresh: Engine) -> None:
    with transaction(fresh) as session:
        written = load_reference(session, now=NOW)
    assert written == {
        "limits": csv_rows("statutory_deadlines.csv"),
        "offences": csv_rows("offences.csv"),
        "special_days": csv_rows("public_holidays.csv"),
        "agencies": csv_rows("agencies.csv"),
    }
    with read_session(fresh) as session:
        tables = (StatutoryLimit, Offence, SpecialDay, Agency)
        stored = [session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]
        assert stored == list(written.values())
        assert is_loaded(session)


def test_loading_twice_changes_nothing(fresh: Engine) -> None:
    with transaction(fresh) as session:
        load_reference(session, now=NOW)
    with transaction(fresh) as session:
        assert set(load_reference(session, now=LATER).values()) == {0}
    with read_session(fresh) as session:
        assert session.exec(select(DataVersion.n)).one() == 1
        assert [entry.action for entry in session.exec(select(AuditEntry))] == ["sealed", "load_reference"]
        assert session.exec(select(func.max(StatutoryLimit.recorded_at))).one() == NOW


def test_a_changed_limit_becomes_a_new_version_and_the_old_one_is_retracted(fresh: Engine, folder: Path) -> None:
    with transaction(fresh) as session:
        load_reference(session, now=NOW)
    where = {"code": "PROS", "severity": "serious", "extension_no": "0"}
    rewrite(folder / "statutory_deadlines.csv", {"base_limit": "25d", "max_total": "25d"}, **where)
    with transaction(fresh) as session:
        assert load_from(session, folder, LATER)["limits"] == 1
    with read_session(fresh) as session:
        versions = session.exec(
            select(StatutoryLimit)
            .where(
                StatutoryLimit.code == "PROS", StatutoryLimit.severity == "serious", StatutoryLimit.extension_no == 0
            )
            .order_by(col(StatutoryLimit.id))
        ).all()
        assert [(v.base_limit, v.recorded_at, v.retracted_at) for v in versions] == [
            ("20d", NOW, LATER),
            ("25d", LATER, None),
        ]
        limit = rulebook(session).limit("PROS", Severity.SERIOUS, date(2026, 5, 4))
        assert str(limit.base) == "25d"


def test_a_limit_that_the_files_no_longer_hold_is_retracted_and_kept(fresh: Engine, folder: Path) -> None:
    with transaction(fresh) as session:
        load_reference(session, now=NOW)
    path = folder / "statutory_deadlines.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("POSTPONE,")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    with transaction(fresh) as session:
        assert load_from(session, folder, LATER)["limits"] == 1
    with read_session(fresh) as session:
        assert session.exec(select(StatutoryLimit).where(StatutoryLimit.code == "POSTPONE")).one().retracted_at == LATER


def test_a_changed_offence_is_brought_up_to_date_in_place_and_a_holiday_by_a_version(
    fresh: Engine, folder: Path
) -> None:
    with transaction(fresh) as session:
        load_reference(session, now=NOW)
    rewrite(folder / "public_holidays.csv", {"name_vi": "Quốc khánh 2/9"}, date="2026-09-02")
    rewrite(folder / "offences.csv", {"penalty_frame": "3-8y"}, article="353", paragraph="1")
    rewrite(folder / "agencies.csv", {"successor": "VKS-KV3"}, code="VKS-H1")
    with transaction(fresh) as session:
        written = load_from(session, folder, LATER)
    assert written == {"limits": 0, "offences": 1, "special_days": 1, "agencies": 1}
    with read_session(fresh) as session:
        versions = session.exec(
            select(SpecialDay).where(SpecialDay.day == date(2026, 9, 2)).order_by(col(SpecialDay.id))
        ).all()
        assert [(day.name_vi, day.recorded_at, day.retracted_at) for day in versions] == [
            ("Quốc khánh", NOW, LATER),
            ("Quốc khánh 2/9", LATER, None),
        ]
        closed = session.exec(select(Agency).where(Agency.code == "VKS-H1")).one()
        assert session.get_one(Agency, closed.successor_id).code == "VKS-KV3"


def test_an_agency_keeps_what_the_office_entered_itself(fresh: Engine) -> None:
    with transaction(fresh) as session:
        load_reference(session, now=NOW)
        session.exec(select(Agency).where(Agency.code == "CQDT")).one().focal_point = "Phòng tham mưu"
    with transaction(fresh) as session:
        assert load_reference(session, now=LATER)["agencies"] == 0
    with read_session(fresh) as session:
        assert session.exec(select(Agency).where(Agency.code == "CQDT")).one().focal_point == "Phòng tham mưu"


def test_every_closed_agency_names_the_one_that_carries_on(fresh: Engine) -> None:
    with transaction(fresh) as session:
        load_reference(session, now=NOW)
    with read_session(fresh) as session:
        agencies = session.exec(select(Agency)).all()
        by_id = {agency.id: agency for agency in agencies}
        closed = [agency for agency in agencies if agency.valid_to]
        assert {agency.level for agency in closed} >= {AgencyLevel.DISTRICT}
        for agency in closed:
            assert agency.successor_id is not None
            assert by_id[agency.successor_id].valid_to is None, agency.code


def test_a_day_in_two_rows_of_the_calendar_is_refused_by_name(folder: Path) -> None:
    with (folder / "public_holidays.csv").open("a", encoding="utf-8") as file:
        file.write("2026-09-02,swap_work,Worked,Làm bù,Travaillé,test,no\n")
    with pytest.raises(BadReference, match=r"public_holidays\.csv: 2026-09-02 stands in two rows"):
        reference_files.special_day_rows(folder)


@pytest.mark.parametrize(
    ("file", "where", "change", "said"),
    [
        (
            "offences.csv",
            {"article": "353", "paragraph": "2"},
            {"severity": "grave"},
            r"row 3, column severity: 'grave'",
        ),
        ("public_holidays.csv", {"date": "2026-09-02"}, {"date": "2/9/2026"}, r"column date: '2/9/2026'"),
        ("statutory_deadlines.csv", {"code": "JUDGE"}, {"extension_no": ""}, r"column extension_no: ''"),
        ("agencies.csv", {"code": "VKS-H1"}, {"successor": "VKS-KV9"}, r"VKS-H1 names the unknown agency 'VKS-KV9'"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_place(
    folder: Path, file: str, where: dict[str, str], change: dict[str, str], said: str
) -> None:
    rewrite(folder / file, change, **where)
    with pytest.raises(BadReference, match=said):
        reference_files.limit_rows(folder)
        reference_files.offence_rows(folder)
        reference_files.special_day_rows(folder)
        reference_files.agency_rows(folder)


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.SECRETARIAT, cast.STRANGER])
def test_only_who_manages_reference_data_may_write_it(fresh: Engine, viewer: Viewer) -> None:
    with transaction(fresh) as session, pytest.raises(Forbidden):
        write_reference(session, viewer, limits=[], offences=[], special_days=[], agencies=[], now=NOW)


def test_prepare_makes_an_empty_database_ready_and_may_run_again(empty_database_url: str) -> None:
    prepare(empty_database_url, now=NOW)
    prepare(empty_database_url, now=LATER)
    made = make_engine(empty_database_url)
    with read_session(made) as session:
        assert session.exec(select(DataVersion.n)).one() == 1
        assert "INV" in rulebook(session).codes
    made.dispose()


def test_ensure_ready_loads_only_where_nothing_was_ever_loaded(empty_database_url: str) -> None:
    made = make_engine(empty_database_url)
    ensure_ready(made, now=NOW)
    with transaction(made) as session:
        session.exec(select(SpecialDay).where(SpecialDay.day == date(2026, 9, 2))).one().name_vi = "Ngày riêng"
    ensure_ready(made, now=LATER)
    with read_session(made) as session:
        assert session.exec(select(SpecialDay).where(SpecialDay.day == date(2026, 9, 2))).one().name_vi == "Ngày riêng"
    made.dispose()


def test_ensure_ready_loads_into_a_migrated_database_without_reference(fresh: Engine) -> None:
    ensure_ready(fresh, now=NOW)
    with read_session(fresh) as session:
        assert is_loaded(session)


def test_ensure_ready_refuses_a_database_of_a_newer_program(fresh: Engine) -> None:
    with fresh.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaAhead):
        ensure_ready(fresh, now=NOW)


def test_every_kind_of_event_has_its_names_and_every_name_is_of_a_kind() -> None:
    assert [name.key for name in event_names()] == list(EventKind)
    assert all(name.vi and name.en and name.fr for name in event_names())


def test_no_two_kinds_of_event_share_a_vietnamese_name() -> None:
    spellings = [spelling for name in event_names() for spelling in (name.vi, *name.aliases)]
    assert len(spellings) == len(set(spellings))


def test_the_glossary_page_shows_the_glossary() -> None:
    assert glossary.PAGE.read_text(encoding="utf-8") == glossary.page(), "run: python -m tests.glossary"
