"""`liem due` and `liem case` as they are called: what they print, and how they end."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from sqlmodel import col, select

import cli
from models.changes.restrictions import restrict
from models.db import Engine, make_engine, read_session, transaction
from models.db import engine as engine_of_installation
from models.enums import Kind, Severity
from models.queries.people import viewer_named
from models.settings import settings
from models.tables import AuditEntry, Case
from tests import cast, make

DUE_KEYS = ["rule", "from", "severity", "base", "extensions", "end", "due_on", "rolled", "article", "law", "trace"]
STOP = "2026-06-02"


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Liem = Callable[..., Answer]


@pytest.fixture
def liem(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Liem:
    """`liem("due", "INV", …)`: the command as the console script runs it."""

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr("sys.argv", ["liem", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Answer(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def office(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A fresh installation on SQLite."""
    monkeypatch.setenv("LIEM_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    engine_of_installation.cache_clear()
    yield engine_of_installation()
    engine_of_installation().dispose()
    engine_of_installation.cache_clear()
    settings.cache_clear()


# --- due -----------------------------------------------------------------------------------------------------------


def test_due_answers_with_the_keys_of_the_contract(office: Engine, liem: Liem) -> None:
    answer = liem(
        "due", "INV", "--from", "2026-03-02", "--severity", "serious", "--extend", "3m", "--json", "--lang", "en"
    )
    assert (answer.code, answer.err) == (0, "")
    found = answer.json
    assert list(found)[:11] == DUE_KEYS
    assert set(found) - set(DUE_KEYS) == {"verified", "approximate"}
    trace = found.pop("trace")
    assert found == {
        "rule": "INV",
        "from": "2026-03-02",
        "severity": "serious",
        "base": "3m",
        "extensions": ["3m"],
        "end": "2026-09-02",
        "due_on": "2026-09-03",
        "rolled": True,
        "article": "172(1)",
        "law": "CPC 101/2015/QH13 (cons. with Law 02/2021)",
        "verified": "yes",
        "approximate": False,
    }
    assert trace[0] == "The event of 02/03/2026 is day 0: counting begins on the next day."
    assert trace[-1] == "Last day: 03/09/2026, until 24:00."


def test_due_prints_the_day_and_its_reasons_for_people(office: Engine, liem: Liem) -> None:
    answer = liem("due", "pros", "--from", "02/03/2026", "--severity", "serious")
    assert answer.code == 0
    first, *reasons = answer.out.splitlines()
    assert first == "23/03/2026"
    assert len(reasons) >= 3
    assert "serious" not in answer.out


@pytest.mark.parametrize("written", ["2026-03-02", "02/03/2026", "2/3/2026", " 2026-3-2 "])
def test_due_takes_the_day_year_first_or_day_first(office: Engine, liem: Liem, written: str) -> None:
    assert liem("due", "VERIFY", "--from", written, "--json").json["from"] == "2026-03-02"


def test_due_adds_up_several_extensions(office: Engine, liem: Liem) -> None:
    told = ["--extend", "3m", "--extend", "2m", "--json"]
    found = liem("due", "INV", "--from", "2026-03-02", "--severity", "serious", *told).json
    assert (found["extensions"], found["due_on"]) == (["3m", "2m"], "2026-11-02")


def test_due_tells_an_approximate_and_an_unverified_limit(office: Engine, liem: Liem) -> None:
    found = liem("due", "INV", "--from", "2017-06-01", "--severity", "serious", "--json").json
    assert found["approximate"] is True
    assert liem("due", "APPEAL_OPEN_SUP", "--from", "2026-03-02", "--json").json["verified"] == "partial"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["INVV", "--from", "2026-03-02"], "INV,"),
        (["INV", "--from", "2026-03-02"], "less_serious, serious, very_serious, especially_serious"),
        (["INV", "--from", "2026-03-02", "--severity", "grave"], "less_serious, serious"),
        (["INV", "--from", "2026-02-30", "--severity", "serious"], "2026-02-30"),
        (["INV", "--from", "03-02-2026", "--severity", "serious"], "02/03/2026"),
        (["INV", "--from", "", "--severity", "serious"], "--from"),
        (["INV", "--from", "2026-03-02", "--severity", "serious", "--extend", "4m"], "3 "),
        (["INV", "--from", "2026-03-02", "--severity", "serious", "--extend", "soon"], "soon"),
        (["INV_ADD_VKS", "--from", "2026-03-02", "--extend", "1m"], "174"),
        (["PROS", "--from", "2027-12-20", "--severity", "serious"], "2028"),
        (["THADS26_DEC", "--from", "2026-07-01"], "THADS26_DEC"),
        (["INV", "--severity", "serious"], "--from"),
        (["INV", "--from", "2026-03-02", "--severity", "serious", "--lang", "xx"], "xx"),
        ([], "rule"),
    ],
)
def test_due_refuses_in_words_with_exit_two_and_never_a_traceback(
    office: Engine, liem: Liem, arguments: list[str], says: str
) -> None:
    answer = liem("due", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.err
    assert "Traceback" not in answer.err


def test_due_names_the_maximum_of_an_extension_it_refuses(office: Engine, liem: Liem) -> None:
    granted = ["--from", "2026-03-02", "--severity", "serious", "--extend", "3m", "--extend", "3m"]
    answer = liem("due", "INV", *granted)
    assert answer.code == 2
    assert "172(2)(b)" in answer.err or "172" in answer.err
    assert "8" in answer.err  # eight months in all


# --- case ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def filed(office: Engine) -> Engine:
    """An installation with one case, its money, a task and the cast."""
    return fill(office)


def fill(installation: Engine) -> Engine:
    with transaction(installation) as session:
        cast.accounts(session)
        agency = make.agency(session)
        case = make.case(
            session,
            code="VA-2026-007",
            title="Vụ án tham ô tài sản",
            severity=Severity.SERIOUS,
            events=[
                ("case_initiated", "2026-03-02", {"document": "Số 12/QĐ-CSĐT"}),
                ("investigation_extended", "2026-05-20", {"length": "3m"}),
                ("progress_note", "2026-09", {"detail": "Đang giám định"}),
            ],
            money=[("must_recover", "2026-03-02", 5_000_000_000)],
        )
        make.task(session, code="NV-2026-001", content="Kết luận điều tra", case=case, lead=agency)
        make.request(session, code="PH-2026-001", subject="Sao kê tài khoản", case=case, asks=agency,
                     sent_on="2026-09-01", received_on="2026-09-03", urgent=True)  # fmt: skip
        make.request(session, code="PH-2026-002", sent_on="2026-09-01", asks=agency)
        make.case(session, code="VV-2026-001", kind=Kind.INCIDENT, events=[("inspection_opened", "2026-03-02")])
    return installation


def test_case_tells_facts_clocks_money_and_tasks(installation: Engine, liem: Liem) -> None:
    fill(installation)
    answer = liem("case", "VA-2026-007", "--as-of", "2026-09-14", "--json", "--lang", "en")
    assert (answer.code, answer.err) == (0, "")
    found = answer.json
    assert (found["code"], found["as_of"], found["open"], found["stage"]) == (
        "VA-2026-007",
        "2026-09-14",
        True,
        "investigation",
    )
    assert (found["bucket"], found["rule"], found["due_on"], found["days_late"]) == (
        "overdue_1_30",
        "INV",
        "2026-09-03",
        11,
    )
    assert found["why"] == ["Investigation: the limit ended on 03/09/2026, 11 days ago (Article 172(1))."]
    assert [(fact["date"], fact["event"], fact["monthly"]) for fact in found["facts"]] == [
        ("2026-09-01", "progress_note", True),
        ("2026-05-20", "investigation_extended", False),
        ("2026-03-02", "case_initiated", False),
    ]
    (running,) = found["clocks"]
    assert (running["rule"], running["state"], running["extensions"]) == ("INV", "running", ["3m"])
    assert running["trace"][-1] == "Last day: 03/09/2026, until 24:00."
    assert found["money"]["must_recover"] == 5_000_000_000
    assert [task["code"] for task in found["tasks"]] == ["NV-2026-001"]
    (request,) = found["requests"]
    assert (request["code"], request["rule"], request["state"], request["due_on"], request["days_late"]) == (
        "PH-2026-001", "COORD", "overdue", "2026-09-08", 6,
    )  # fmt: skip
    assert request["trace"][-1] == "Last day: 08/09/2026, until 24:00."
    assert [(flag["rule"], flag["since"]) for flag in found["flags"]] == [
        ("S1", "2026-09-04"),
        ("S8", "2026-04-01"),
    ]


def test_case_is_shown_as_of_the_day_asked(filed: Engine, liem: Liem) -> None:
    before = liem("case", "VA-2026-007", "--as-of", "19/05/2026", "--json").json
    assert (before["bucket"], before["due_on"]) == ("on_time", STOP)
    assert [fact["event"] for fact in before["facts"]] == ["case_initiated"]


def test_case_prints_for_people_without_keys(filed: Engine, liem: Liem) -> None:
    answer = liem("case", "VA-2026-007", "--as-of", "2026-09-14", "--lang", "en")
    assert answer.code == 0
    for part in (
        "VA-2026-007  Vụ án tham ô tài sản",
        "1–30 days late",
        "03/09/2026",
        "09/2026  Progress note",
        "NV-2026-001",
        "5,000,000,000 đồng",
        "PH-2026-001 · Reply overdue · 08/09/2026",
    ):
        assert part in answer.out
    for key in ("case_initiated", "overdue_1_30", "must_recover", "None"):
        assert key not in answer.out


def test_case_without_anything_but_a_title_is_shown(filed: Engine, liem: Liem) -> None:
    answer = liem("case", "VV-2026-001", "--as-of", "2026-03-03")
    assert (answer.code, answer.err) == (0, "")


@pytest.mark.parametrize("reader", ["uyvien", "thuky"])
def test_case_is_shown_to_those_who_may_read_files(filed: Engine, liem: Liem, reader: str) -> None:
    assert liem("case", "VA-2026-007", "--as", reader).code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["VA-1999-001"], 1, "VA-1999-001"),
        (["VA-2026-007", "--as", "quantri"], 1, "VA-2026-007"),  # may not read files: the file does not exist
        (["VA-2026-007", "--as", "nobody"], 1, "nobody"),
        (["VA-2026-007", "--as-of", "tomorrow"], 2, "tomorrow"),
        ([], 2, "code"),
    ],
)
def test_case_refuses_in_one_line(filed: Engine, liem: Liem, arguments: list[str], code: int, says: str) -> None:
    answer = liem("case", *arguments)
    assert (answer.code, answer.out) == (code, "")
    assert says in answer.err
    assert "Traceback" not in answer.err


def test_the_command_makes_an_empty_database_ready_by_itself(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, liem: Liem
) -> None:
    monkeypatch.setenv("LIEM_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'liem.db'}")
    settings.cache_clear()
    engine_of_installation.cache_clear()
    try:
        assert liem("due", "VERIFY", "--from", "2026-03-02", "--json").json["due_on"] == "2026-03-23"
        assert make_engine(settings().database_url).dialect.name == "sqlite"
    finally:
        engine_of_installation().dispose()
        engine_of_installation.cache_clear()
        settings.cache_clear()


def test_a_restricted_file_read_by_an_account_leaves_its_row(office: Engine, liem: Liem) -> None:
    with transaction(office) as session:
        cast.accounts(session)
        make.case(session, code="VA-1")
        make.case(session, code="VA-2")
    with transaction(office) as session:
        lead = viewer_named(session, "truongban")
        revision = session.exec(select(Case.revision).where(Case.code == "VA-1")).one()
        said = {"reason": "Vụ việc nhạy cảm", "now": datetime(2026, 6, 2, tzinfo=UTC)}
        restrict(session, lead, "VA-1", ["thuky"], revision=revision, **said)
    for code, name in (("VA-1", "thuky"), ("VA-2", "thuky"), ("VA-1", "uyvien")):
        assert (liem("case", code, "--as", name, "--json").code == 0) == (name == "thuky")
    with read_session(office) as session:
        read = session.exec(select(AuditEntry).where(col(AuditEntry.action) == "read_restricted")).all()
        assert [(row.actor, row.subject) for row in read] == [("thuky", "case:VA-1")]
