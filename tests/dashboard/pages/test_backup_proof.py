"""When a backup was last proved: on the overview and the page Runs, for those who may see the runs."""

from datetime import timedelta

import pytest

from models.changes.backups import Check, note_backup, note_drill
from models.db import transaction
from models.rules.access import SYSTEM
from models.rules.words import words
from models.settings import settings
from models.tables import Backup
from tests import cast, make
from tests.dashboard.pages.opening import NOON, opened, pieces, said, table

GOOD = Check("chain", True, words("The audit chain holds: {n} rows.", n=3))
BAD = Check("chain", False, words("The audit chain is broken at row {n}.", n=2))


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation, monkeypatch):
    """One late file, and a folder for backups."""
    with transaction() as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
    monkeypatch.setenv("LIEM_BACKUP_DIR", "/mnt/backup")
    settings.cache_clear()


def backup(at=NOON, **more):
    row = Backup(id="a" * 32, file_name="liem-1.tar", folder="/mnt/backup", made_at=at, size=3 * 2**20, sha256="0" * 64,
                 sealed=True, audit_rows=3, audit_head="0" * 64, **more)  # fmt: skip
    with transaction() as session:
        note_backup(session, SYSTEM, row, now=at)


def drill(check=GOOD, at=NOON):
    with transaction() as session:
        note_drill(
            session, SYSTEM, file_name="liem-1.tar", backup_id="a" * 32, backup_made_at=at, checks=[check], now=at
        )


def note(app) -> str:
    return next((piece for piece in pieces(app) if 'data-watch="backups"' in piece), "")


def test_the_overview_shows_the_day_of_the_last_proved_restore(office):
    assert "No backup has been proved by putting it back yet." in note(opened("overview", cast.SECRETARIAT))
    drill(at=NOON - timedelta(days=1))
    app = opened("overview", cast.SECRETARIAT)
    assert "last proved restore: 20/11/2026" in said(app) and not note(app)
    assert "lần khôi phục được kiểm chứng gần nhất: 20/11/2026" in said(
        opened("overview", cast.SECRETARIAT, language="vi")
    )
    member = opened("overview", cast.MEMBER)
    assert "proved" not in said(member) and not note(member)


def test_a_failed_drill_and_one_long_ago_are_warned_of_and_keep_the_last_good_day(office):
    drill(at=NOON - timedelta(days=9))
    drill(BAD, at=NOON - timedelta(days=2))
    app = opened("overview", cast.SECRETARIAT)
    assert "The restore drill of 19/11/2026 failed: The audit chain is broken at row 2." in note(app)
    assert "for 9 days, since 12/11/2026" in note(app)
    assert "last proved restore: 12/11/2026" in said(app)


def test_the_page_of_runs_lists_the_archives(office):
    backup()
    assert table(opened("runs", cast.ADMINISTRATOR), "Made")[0][-1] == "–"
    drill()
    (row,) = table(opened("runs", cast.ADMINISTRATOR), "Made")
    assert row == ["12:00 21/11/2026", "liem-1.tar /mnt/backup", "3.0 MB", "yes", "12:00 21/11/2026"]


def test_who_can_set_the_folder_is_told_that_it_is_not_set(office, monkeypatch):
    monkeypatch.delenv("LIEM_BACKUP_DIR")
    settings.cache_clear()
    for viewer, told in ((cast.ADMINISTRATOR, True), (cast.SECRETARIAT, False)):
        assert ("LIEM_BACKUP_DIR is not set" in said(opened("runs", viewer))) is told
