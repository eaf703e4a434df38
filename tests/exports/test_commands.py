"""`liem report`, `liem verify`, `liem figures` as they are called."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from models import clock
from models.db import make_engine, transaction
from models.enums import SessionStatus
from models.queries.reports import issued_reports
from models.rules.access import SYSTEM
from models.settings import ROOT
from models.tables import Case
from tests import make
from tests.exports.reading import edit


@pytest.fixture
def url(sqlite_url: str) -> str:
    """A database with two files and two sessions."""
    engine = make_engine(sqlite_url)
    with transaction(engine) as session:
        make.case(session, code="VA-1", accused_count=3, events=[("case_initiated", "2025-03-03")])
        make.case(
            session,
            code="VA-2",
            events=[("case_initiated", "2025-05-05")],
            money=[("must_recover", "2025-06-01", 10**9)],
        )
        make.session_(session, number=1, held_on="2025-04-15")
        make.session_(session, number=2, held_on="2025-07-15")
        make.account(session, login="uyvien")
    engine.dispose()
    return sqlite_url


def liem(url: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as people call it."""
    call = [sys.executable, "-c", "import cli; cli.main()", *map(str, words)]
    settings = {"LIEM_DATABASE_URL": url, "LIEM_LANGUAGE": "en"}
    return subprocess.run(
        call, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, timeout=120, check=False
    )


def test_report_figures_and_verify_say_the_same_numbers(url: str, tmp_path: Path) -> None:
    out = tmp_path / "report.docx"
    made = liem(url, "report", "annual", "--period", "2025", "--lang", "en", "--out", out)
    assert (made.returncode, made.stdout) == (0, ""), made.stderr
    counted = liem(url, "figures", "--period", "2025", "--json")
    figures = {figure["id"]: figure for figure in json.loads(counted.stdout)["figures"]}
    checked = liem(url, "verify", out, "--json")
    said = json.loads(checked.stdout)
    assert (checked.returncode, said["intact"]) == (0, True), checked.stderr
    assert (said["as_of"], said["kind"]) == ("2025-12-31", "annual")
    printed = {figure["id"]: figure["printed"] for figure in said["figures"]}
    assert printed["files.open"] == str(figures["files.open"]["value"]) == "2"
    assert figures["files.open"]["records"] == ["VA-1", "VA-2"]
    assert printed["money.must_recover"] == "1 billion đồng" and figures["money.must_recover"]["value"] == 10**9


def test_verify_exits_one_and_names_what_was_changed(url: str, tmp_path: Path) -> None:
    out = tmp_path / "report.docx"
    liem(url, "report", "annual", "--period", "2025", "--lang", "en", "--out", out)
    forged = edit(out, "word/document.xml", lambda xml: xml.replace(">1 billion đồng<", ">2 billion đồng<"))
    checked = liem(url, "verify", forged)
    assert checked.returncode == 1
    assert "money.must_recover: The paper shows 2 billion đồng; it was issued with 1 billion đồng." in checked.stdout


def test_verify_says_what_was_corrected_since_the_issue(url: str, tmp_path: Path) -> None:
    out = tmp_path / "report.docx"
    liem(url, "report", "annual", "--period", "2025", "--lang", "en", "--out", out)
    same = liem(url, "verify", out)
    assert "Since the issue: the records of today say the same." in same.stdout
    engine = make_engine(url)
    with transaction(engine) as session:
        late = session.exec(select(Case).where(Case.code == "VA-1")).one()
        make.event(session, case=late, kind="terminated", on="2025-12-01", at=clock.now())
    engine.dispose()
    moved = liem(url, "verify", out)
    assert moved.returncode == 0, "the paper itself is what was issued"
    assert re.search(r"Since the issue: \d+ figures have been corrected since: \S+", moved.stdout)


def test_a_brief_needs_no_period(url: str, tmp_path: Path) -> None:
    out = tmp_path / "brief.docx"
    made = liem(url, "report", "brief", "--session", "2", "--out", out)
    assert made.returncode == 0, made.stderr
    assert liem(url, "verify", out).returncode == 0


def test_a_brief_is_made_before_its_session_and_never_compares_with_one_that_was_not_held(
    url: str, tmp_path: Path
) -> None:
    engine = make_engine(url)
    with transaction(engine) as session:
        make.session_(session, number=3, held_on="2025-10-15", status=SessionStatus.PLANNED)
        make.session_(session, number=4, held_on=clock.today() + timedelta(days=9), status=SessionStatus.PLANNED)
    engine.dispose()
    out = tmp_path / "brief.docx"
    made = liem(url, "report", "brief", "--session", "4", "--out", out)
    assert made.returncode == 0, made.stderr
    with transaction(make_engine(url)) as session:
        (paper,) = issued_reports(session, SYSTEM)
    assert paper.period.startswith("2025-07-15.."), "since session 2, the last one held"
    assert liem(url, "verify", out).returncode == 0


WRONG = {
    "unknown kind": (("report", "poem", "--period", "2025"), "There is no report 'poem'"),
    "later kind": (("report", "pack", "--period", "2025"), "does not print the report 'pack' yet"),
    "unknown period": (("report", "annual", "--period", "2025-Q9"), "is not a period"),
    "no period": (("report", "annual"), "needs its period"),
    "unknown session": (("report", "brief", "--session", "99"), "There is no session 99"),
    "unknown language": (("report", "annual", "--period", "2025", "--lang", "xx"), "There is no language 'xx'"),
    "no day": (("report", "annual", "--period", "2025", "--as-of", "31.12."), "is no day"),
    "no time": (("report", "annual", "--period", "2025", "--known-at", "noon"), "is no time"),
    "day to come": (("report", "annual", "--period", "2025", "--as-of", "9998-01-01"), "has not come yet"),
    "figures of a day to come": (("figures", "--period", "2025", "--as-of", "9998-01-01"), "has not come yet"),
    "brief after its session": (("report", "brief", "--session", "2", "--as-of", "2025-07-16"), "up to the day of its"),
    "figures of no period": (("figures", "--period", "soon"), "is not a period"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call_gives_one_clear_line_and_exit_two(url: str, tmp_path: Path, case: str) -> None:
    call, sentence = WRONG[case]
    out = () if call[0] == "figures" else ("--out", tmp_path / "report.docx")
    done = liem(url, *call, *out)
    assert done.returncode == 2
    assert sentence in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "report.docx").exists()


def test_a_file_that_is_no_report_exits_two(url: str, tmp_path: Path) -> None:
    other = tmp_path / "other.docx"
    other.write_text("no")
    done = liem(url, "verify", other)
    assert (done.returncode, done.stdout) == (2, "")
    assert "other.docx is not a Word report issued by this program." in done.stderr
    assert liem(url, "verify", tmp_path / "none.docx").returncode == 2


def test_an_unknown_account_is_refused(url: str, tmp_path: Path) -> None:
    done = liem(url, "report", "annual", "--period", "2025", "--as", "nobody", "--out", tmp_path / "report.docx")
    assert done.returncode == 1
    assert "nobody" in done.stderr and "Traceback" not in done.stderr


def test_figures_can_be_asked_as_they_were_known_on_an_earlier_day(url: str) -> None:
    now = json.loads(liem(url, "figures", "--period", "2025", "--json").stdout)
    then = json.loads(liem(url, "figures", "--period", "2025", "--known-at", "2025-04-01", "--json").stdout)

    def count(said: dict[str, list[dict[str, object]]]) -> object:
        return next(figure["value"] for figure in said["figures"] if figure["id"] == "files.open")

    assert (count(now), count(then)) == (2, 1)
