"""The page of reports: figures before paper, one paper per order, and what became of the papers issued."""

from datetime import date, timedelta

import pytest

from dashboard.components.report_order import KEY as WANTED
from exports.issue import issue, order
from models.db import read_session, transaction
from models.enums import SessionStatus
from models.queries.reports import issued_reports
from models.rules.access import SYSTEM
from tests import cast, make
from tests.dashboard.pages.opening import DAY, NOON, opened, pieces, said, table

SHOW = "FormSubmitter:report_form-Show the figures"
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation):
    """Two files, one of them with money, two sessions of the committee and the cast with accounts."""
    with transaction() as session:
        make.case(
            session,
            code="VA-2026-001",
            accused_count=4,
            events=[("case_initiated", "2026-03-02")],
            money=[("must_recover", "2026-03-02", 8 * 10**9), ("recovered", "2026-10-20", 2 * 10**9)],
        )
        make.case(session, code="VA-2025-002", events=[("case_initiated", "2025-06-02")])
        make.session_(session, number=1, held_on="2026-04-10")
        make.session_(session, number=2, held_on="2026-11-02")
        return cast.accounts(session)


def written(office, period: str, as_of: str = ""):
    """The page after somebody wrote a period of his own; AppTest can only choose what a box offers."""
    app = opened("reports", office.lead)
    app.session_state[WANTED] = {
        "kind": "annual", "asked": period, "as_of": as_of, "language": "vi", "number": None,
    }  # fmt: skip
    app.run()
    assert not app.exception
    return app


def shown(office, **chosen):
    """The page after the figures were asked for with these boxes filled in."""
    app = opened("reports", office.lead)
    if "kind" in chosen:
        app.button_group(key="report_kind").set_value(chosen.pop("kind")).run()
    for name, value in chosen.items():
        kind = app.date_input if name == "as_of" else app.selectbox
        kind(key=f"report_{name}").set_value(value)
    app.button(key=SHOW).click().run()
    assert not app.exception
    return app


def papers() -> list:
    with read_session() as session:
        return issued_reports(session, SYSTEM)


def figures(app) -> dict[str, list[str]]:
    """Figure id → value and number of records, of the group that is unfolded."""
    return {row[0].split()[-1]: row[1:3] for row in table(app, "Figure")}


@pytest.mark.parametrize("who", ["administrator", "stranger"])
def test_others_are_refused(office, who):
    app = opened("reports", getattr(office, who))
    assert "not part of your role" in app.warning[0].value
    assert not app.button and not app.selectbox


def test_before_anything_is_asked_the_page_says_what_to_do(office):
    app = opened("reports", office.secretariat)
    assert "No paper was issued yet" in said(app)
    assert not table(app, "Figure")


def test_the_figures_stand_before_the_paper_with_value_records_and_definition(office):
    app = shown(office, period="2026")
    found = figures(app)
    assert found["files.open"] == ["2", "2"] and found["files.new"] == ["1", "1"]
    assert found["accused.open"] == ["4", "2"]
    assert "Annual report: the year 2026" in said(app)
    assert "carried in + new = ended + remaining" in said(app)
    assert "VA-2026-001" in "".join(pieces(app)), "the codes behind a figure show on hover"
    assert papers() == []


def test_figures_that_are_zero_are_shown_on_request(office):
    app = shown(office, period="2026")
    assert "files.negativity" not in figures(app)
    app.toggle(key="report_zeros").set_value(True).run()
    assert figures(app)["files.negativity"] == ["0", "0"]


@pytest.mark.parametrize(
    ("period", "as_of", "sentence"),
    [
        ("2026-Q5", "", "is not a period"),
        ("quý ba", "", "is not a period"),
        ("", "", "is not a period"),
        ("2026-12-01..2026-11-01", "", "ends before it begins"),
        ("2027", "", "The period has not begun yet: it starts on 01/01/2027"),
        ("2026-H1", "2025-12-31", "lies before the period, which starts on 01/01/2026"),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused_in_one_sentence(office, period, as_of, sentence):
    app = written(office, period, as_of)
    assert sentence in app.error[0].value.replace("\\", "") and len(app.error) == 1
    assert not table(app, "Figure") and papers() == []


def test_a_period_of_ones_own_is_counted(office):
    assert figures(written(office, "2025-06-02..2026-03-02"))["files.new"] == ["2", "2"]


def test_the_first_day_of_a_period_is_inside_it(office):
    assert figures(shown(office, period="2026-H1", as_of=date(2026, 1, 1)))["files.open"] == ["1", "1"]


def test_the_word_file_is_made_registered_and_offered_once(office):
    app = shown(office, period="2026")
    app.button(key="report_make").click().run()
    assert not app.exception
    (paper,) = papers()
    assert paper.id in app.success[0].value
    assert (paper.period, paper.as_of, paper.language) == ("2026", DAY, "vi")
    assert [button.key for button in app.get("download_button")] == ["report_download"]
    assert "report_make" not in {button.key for button in app.button}
    app.run()
    assert len(papers()) == 1
    app.button(key="report_again").click().run()
    app.button(key="report_make").click().run()
    assert len(papers()) == 2


@pytest.mark.parametrize("who", ["member", "secretariat"])
def test_who_does_not_decide_makes_a_draft_that_is_in_no_register(office, who):
    asked = order("annual", period="2026", session=None, as_of=None, known_at=NOON, language="vi")
    made = issue(getattr(office, who), asked, now=NOON, today=DAY)
    assert made.is_draft and made.file_name.startswith("draft-") and made.content
    assert papers() == []


def test_another_order_takes_the_offered_file_away(office):
    app = shown(office, period="2026")
    app.button(key="report_make").click().run()
    app.selectbox(key="report_period").set_value("2025")
    app.button(key=SHOW).click().run()
    assert not app.get("download_button")
    assert "report_make" in {button.key for button in app.button}


def test_a_brief_says_what_changed_between_two_sessions(office):
    app = shown(office, kind="brief")
    assert "From session 1 to session 2, 10/04/2026 to 02/11/2026" in said(app)
    rows = {row[0]: row[1:] for row in table(app, "What changed")}
    assert rows["New files"] == ["0", "–"] and rows["Recovered"][0] == "2 billion đồng"
    app.button(key="report_make").click().run()
    (paper,) = papers()
    assert (paper.kind, paper.session, paper.as_of) == ("brief", 2, date(2026, 11, 2))


def test_the_coming_session_has_a_brief_up_to_today_against_the_last_one_held(office):
    with transaction() as session:
        make.session_(session, number=3, held_on="2026-11-10", status=SessionStatus.PLANNED)  # nobody said it was held
        make.session_(session, number=4, held_on="2026-12-05", status=SessionStatus.PLANNED)
    app = shown(office, kind="brief")
    assert "From session 2 to session 4, 02/11/2026 to 05/12/2026" in said(app)
    app.button(key="report_make").click().run()
    (paper,) = papers()
    assert (paper.session, paper.as_of) == (4, DAY)


def test_one_session_is_not_enough_for_a_brief(installation):
    with transaction() as session:
        make.session_(session, number=1, held_on="2026-04-10")
    app = opened("reports", cast.MEMBER)
    app.button_group(key="report_kind").set_value("brief").run()
    assert "fewer than two are recorded" in app.info[0].value
    assert SHOW not in {button.key for button in app.button}


def issued(office) -> None:
    asked = order("annual", period="2026", session=None, as_of=None, known_at=NOON, language="vi")
    issue(office.lead, asked, now=NOON, today=DAY)


def test_an_issued_paper_is_intact_while_the_records_say_the_same(office):
    issued(office)
    app = opened("reports", office.member, now=LATER)
    assert [row[-1] for row in table(app, "Report")] == ["not compared yet"]
    app.button(key="papers_compare").click().run()
    assert [row[-1] for row in table(app, "Report")] == ["intact the records of today say the same"]


def test_a_correction_after_the_issue_is_named(office):
    issued(office)
    with transaction() as session:
        make.case(session, code="VA-2026-003", events=[("case_initiated", "2026-05-04")], at=LATER)
    app = opened("reports", office.member, now=LATER + timedelta(hours=1))
    app.button(key="papers_compare").click().run()
    (row,) = table(app, "Report")
    assert row[-1].startswith("intact") and "corrected since" in row[-1] and "files.open" in row[-1]


def test_a_word_file_is_checked(office):
    asked = order("annual", period="2026", session=None, as_of=None, known_at=NOON, language="vi")
    made = issue(office.lead, asked, now=NOON, today=DAY)
    app = opened("reports", office.member, now=LATER)
    app.file_uploader(key="paper_to_check").set_value(("a.docx", made.content, "")).run()
    assert f"Report {made.report_id} is intact" in app.success[0].value
    app.file_uploader(key="paper_to_check").set_value(("b.docx", b"no paper", "")).run()
    assert "is not a Word report issued by this program" in app.error[0].value.replace("\\", "")
