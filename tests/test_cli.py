"""How a command ends when it cannot be done: one line in the language of the installation, never a trace."""

import os
import re
import stat
from pathlib import Path

import pytest

import cli
from models.db import Engine, make_engine, transaction
from models.enums import Role
from models.settings import settings
from tests import make
from tests.serving import liem

LATER = "2026-11-21"


@pytest.fixture
def office(database_url: str) -> str:
    """The address of a database with one file and one member of the committee."""
    engine = make_engine(database_url)
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
        make.account(session, login="uyvien", role=Role.MEMBER)
    engine.dispose()
    return database_url


def only_line(text: str) -> str:
    """The one line that was said, without the name of the program."""
    lines = text.splitlines()
    assert len(lines) == 1 and lines[0].startswith("liem: "), text
    return lines[0].removeprefix("liem: ")


@pytest.mark.parametrize(
    ("arguments", "code", "vi", "en"),
    [
        (["case", "VA-9"], 1, "Không có vụ nào mang mã 'VA-9'.", "No file has the code 'VA-9'."),
        (["report", "yearly", "--out", "a.docx"], 2, "Không có báo cáo 'yearly'.", "There is no report 'yearly'."),
        (["import", "nowhere.xlsx"], 2, "Không có tệp nowhere.xlsx.", "There is no file nowhere.xlsx."),
        (
            ["jobs", "once", "scan", "--as-of", LATER, "--as", "uyvien"],
            1,
            "Chỉ Cơ quan Thường trực được chạy tác vụ.",
            "Only the secretariat may run jobs.",
        ),
        (["case", "VA-1", "--as", "nguoila"], 1, "Không có tài khoản 'nguoila'.", "No account is named 'nguoila'."),
    ],
)
def test_a_refusal_is_said_in_the_language_of_the_installation(
    office: str, arguments: list[str], code: int, vi: str, en: str
) -> None:
    for language, sentence in (("vi", vi), ("en", en)):
        done = liem(*arguments, database_url=office, LIEM_LANGUAGE=language)
        assert (done.returncode, done.stdout) == (code, "")
        assert only_line(done.stderr).startswith(sentence)


@pytest.mark.parametrize(
    ("setting", "language", "said"),
    [
        ({"LIEM_DIGEST_HOUR": "25"}, "en", "LIEM_DIGEST_HOUR"),  # with one wrong, none is believed: the default speaks
        ({"LIEM_DIGEST_HOUR": "25"}, "xx", "LIEM_LANGUAGE"),
        ({}, "xx", "Có thiết lập không dùng được."),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    sqlite_url: str, setting: dict[str, str], language: str, said: str
) -> None:
    done = liem("scan", database_url=sqlite_url, LIEM_LANGUAGE=language, **setting)
    assert done.returncode == 2
    assert said in only_line(done.stderr)


@pytest.mark.parametrize("url", ["liem", "mysql://root:geheim@host/liem", "postgresql://a:b@host:port/liem", ""])
def test_an_address_that_is_no_databases_is_refused_without_repeating_it(url: str) -> None:
    done = liem("scan", database_url=url, LIEM_LANGUAGE="en")
    assert done.returncode == 2
    said = only_line(done.stderr)
    assert said.startswith("LIEM_DATABASE_URL is no database's address.") and "geheim" not in said


# --- what nobody foresaw -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", "Cơ sở dữ liệu gặp lỗi khi đang thực hiện lệnh: "),
        ("en", "The database failed in the middle of the command: "),
    ],
)
def test_a_database_that_fails_in_the_middle_ends_in_one_line(
    office: str, tmp_path: Path, language: str, said: str
) -> None:
    break_in_two(make_engine(office))
    done = liem("case", "VA-1", database_url=office, LIEM_LANGUAGE=language, TMPDIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    line = only_line(done.stderr)
    assert line.startswith(said) and "case_event" in line
    details = kept(line)
    assert details.parent == tmp_path
    assert details.read_text(encoding="utf-8").startswith("Traceback")


def test_the_details_are_for_their_owner_and_hold_no_values(office: str, tmp_path: Path) -> None:
    break_in_two(make_engine(office))
    done = liem("case", "VA-1", database_url=office, LIEM_LANGUAGE="en", TMPDIR=str(tmp_path))
    details = kept(only_line(done.stderr))
    assert stat.S_IMODE(details.stat().st_mode) == 0o600
    assert "SQL parameters hidden" in details.read_text(encoding="utf-8")


def test_a_fault_of_the_program_names_its_kind_and_the_file_with_the_trace(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIEM_LANGUAGE", "en")
    settings.cache_clear()
    try:
        raise ZeroDivisionError("secret detail")
    except ZeroDivisionError as error:
        assert cli._told(error) == 1
    line = only_line(capsys.readouterr().err)
    settings.cache_clear()
    assert "(ZeroDivisionError)" in line and "secret" not in line
    details = kept(line)
    assert "ZeroDivisionError: secret detail" in details.read_text(encoding="utf-8")
    details.unlink()


def kept(line: str) -> Path:
    """The file that a line names for the details."""
    found = re.search(r"\S*liem-error-[0-9A-F]{6}-\S+\.txt$", line)
    assert found and os.path.isabs(found[0]), line
    return Path(found[0])


def break_in_two(engine: Engine) -> None:
    """The database answers, and its version is right, but a table is gone."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE case_event RENAME TO lost")
    engine.dispose()
