"""The page of the rules and the calendar: what stands there, a change with its preview, who may apply it."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from models.changes.calendar import DayDraft, add_day
from models.changes.rules import change_limit
from models.db import read_session, transaction
from models.enums import DayKind, Severity
from models.queries.reference import current_limits, days_of, rulebook
from models.tables import AuditEntry, ScanState
from tests import cast, make
from tests.dashboard.pages.opening import opened, pieces, said, table
from tests.seed.test_notice import ROWS, workbook

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def limit_id(code="INV", severity="serious", extension_no=0):
    with read_session() as session:
        return next(
            row.id for row in current_limits(session)
            if (row.code, row.severity, row.extension_no) == (code, severity, extension_no)
        )  # fmt: skip


def inv_base():
    with read_session() as session:
        return str(rulebook(session).limit("INV", Severity.SERIOUS, date(2026, 8, 24)).base)


def one_file():
    with transaction() as session:
        make.case(session, code="VA-1", title="Vụ thử", severity=Severity.SERIOUS,
                  events=[("case_initiated", "2026-08-24")])  # fmt: skip


def shorter_limit(app):
    """Fill in the form: investigation of a serious offence in two months."""
    app.selectbox(key="rule_version").set_value(limit_id()).run()
    key = f"rule_{limit_id()}"
    app.text_input(key=f"{key}_base_limit").set_value("2 tháng")
    app.text_input(key=f"{key}_reason").set_value("Luật sửa đổi")
    return press(app, "Preview the change")


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def labels(app):
    return [button.label for button in app.button]


def test_every_rule_stands_there_with_its_article_and_its_proof(installation):
    app = opened("settings", cast.MEMBER)
    rows = table(app, "Rule")
    assert len(rows) == 148
    assert rows[0][:4] == ["VERIFY Verification of the crime report", "every class", "Limit", "20 days"]
    assert rows[0][5].startswith("Article 147(1)")
    assert any("To be confirmed by a lawyer" in row[7] for row in rows)
    assert "23 of them to be confirmed by a lawyer" in said(app)


@pytest.mark.parametrize(
    ("asked", "found"), [("inv", {"INV", "INV_NS"}), ("dieu 172(1)", {"INV"}), ("172", {"INV"}), ("zzz", set())]
)
def test_rules_are_found_by_code_and_article(installation, asked, found):
    rows = table(opened("settings", cast.SECRETARIAT, language="vi", q=asked), "Quy tắc")
    codes = {row[0].split()[0] for row in rows}
    assert found <= codes and bool(codes) == bool(found)
    assert "EXP_SEND" not in codes


def test_rules_that_need_a_lawyer_can_be_listed_alone(installation):
    rows = table(opened("settings", cast.SECRETARIAT, proof="no"), "Rule")
    assert rows and all(row[7].startswith("Not verified") for row in rows)


def test_a_change_shows_the_files_it_moves_to_who_may_read_them_and_is_only_a_trial(installation):
    one_file()
    app = shorter_limit(opened("settings", cast.SECRETARIAT, tab="rules", rule="INV"))
    assert "Rule INV, Serious, Limit; base limit: 3 months → 2 months" in said(app)
    assert "1 of 1 open files move: 1 become late" in said(app)
    [row] = table(app, "File")
    assert row[0].startswith("VA-1") and row[2:] == ["25/11/2026", "26/10/2026", "−30 days", "becomes late"]
    assert "Apply the change" not in labels(app)
    press(app, "Drop the change")
    assert inv_base() == "3m" and table(app, "Holds for")


def test_an_administrator_sees_numbers_and_applies(installation):
    one_file()
    app = shorter_limit(opened("settings", cast.ADMINISTRATOR, tab="rules", rule="INV"))
    assert table(app, "Clock") == [["Investigation", "Due soon", "1–30 days late", "1"]]
    assert "VA-1" not in "".join(pieces(app)) and inv_base() == "3m"
    press(app, "Apply the change")
    assert inv_base() == "2m"
    assert app.success[0].value.startswith("Applied")
    history = table(app, "Entered")
    assert [row[1] for row in history] == ["Entered by an administrator", "Came with the program"]
    assert history[0][3] == "Luật sửa đổi"


def test_who_drops_a_change_finds_the_form_as_it_was_and_goes_on(installation):
    app = shorter_limit(opened("settings", cast.ADMINISTRATOR, tab="rules", rule="INV"))
    app.run()  # as long as one likes
    press(app, "Drop the change")
    key = f"rule_{limit_id()}"
    assert app.selectbox(key="rule_version").value == limit_id() and not app.warning
    assert [app.text_input(key=f"{key}_{name}").value for name in ("base_limit", "reason")] == [
        "2 tháng",
        "Luật sửa đổi",
    ]
    app.text_input(key=f"{key}_base_limit").set_value("4 tháng")
    press(app, "Preview the change")
    assert "4 months" in said(app) and inv_base() == "3m"


@pytest.mark.parametrize(
    ("length", "reason", "sentence"),
    [("soon", "Luật", "cannot be read as a length"), ("2m", "", "Say why"), ("3 months", "Luật", "Nothing would")],
)
def test_a_change_that_makes_no_sense_is_said_at_the_form(installation, length, reason, sentence):
    app = opened("settings", cast.ADMINISTRATOR, tab="rules", rule="INV")
    app.selectbox(key="rule_version").set_value(limit_id()).run()
    app.text_input(key=f"rule_{limit_id()}_base_limit").set_value(length)
    app.text_input(key=f"rule_{limit_id()}_reason").set_value(reason)
    press(app, "Preview the change")
    assert sentence in app.error[0].value
    assert inv_base() == "3m"


def test_a_rule_somebody_changes_while_it_is_previewed_is_not_overwritten(installation):
    app = shorter_limit(opened("settings", cast.ADMINISTRATOR, tab="rules", rule="INV"))
    with transaction() as session:
        change_limit(session, cast.ADMINISTRATOR, limit_id(), reason="khác", now=NOW, base_limit="4m")
    app.run()
    assert "changed by somebody else" in app.error[0].value
    assert "Apply the change" not in labels(app) and inv_base() == "4m"
    press(app, "Drop the change")
    assert "Preview the change" in labels(app) and not app.error


def test_a_rule_that_differs_from_the_programs_is_offered_to_the_administrator(installation):
    with transaction() as session:
        change_limit(session, cast.ADMINISTRATOR, limit_id(), reason="thử", now=NOW, base_limit="4m")
    assert "differs from the version" not in said(opened("settings", cast.SECRETARIAT))
    app = opened("settings", cast.ADMINISTRATOR)
    assert "INV, Limit, Serious: in force 4 months; the program brings 3 months." in said(app)
    press(press(app, "Take the version of the program"), "Apply the change")
    assert inv_base() == "3m"


def test_the_calendar_shows_the_year_of_the_address_and_a_missing_one(installation):
    app = opened("settings", cast.MEMBER, tab="calendar")
    assert ["24/11/2026", "Tuesday", "Public holiday", "Vietnam Cultural Day"] in [r[:4] for r in table(app, "Day")]
    later = opened("settings", cast.MEMBER, tab="calendar", year="2028", today=date(2027, 11, 1))
    assert "2028" in later.error[0].value and "No day of this year is entered" in later.warning[0].value


def test_a_day_is_entered_and_removed_with_a_preview(installation):
    one_file()
    app = opened("settings", cast.ADMINISTRATOR, tab="calendar")
    app.date_input(key="day_on_2026").set_value(date(2026, 11, 25))
    app.selectbox(key="day_kind").set_value(DayKind.HOLIDAY)
    app.text_input(key="day_vi").set_value("Ngày nghỉ riêng")
    app.text_input(key="day_add_source").set_value("TB 1/TB-BNV")
    app.text_input(key="day_add_reason").set_value("Thông báo")
    press(app, "Preview the change")
    assert "1 of 1 open files move: 0 become late" in said(app)
    press(app, "Apply the change")
    assert "25/11/2026" in [row[0] for row in table(app, "Day")]
    app.selectbox(key="day_gone").set_value(date(2026, 11, 25))
    app.text_input(key="day_gone_reason").set_value("Nhập nhầm")
    next(button for button in app.button if "day_remove" in button.form_id).click().run()
    press(app, "Apply the change")
    with read_session() as session:
        assert date(2026, 11, 25) not in [day.day for day in days_of(session, 2026)]


def test_a_year_that_differs_from_the_programs_can_be_given_back(installation):
    with transaction() as session:
        draft = DayDraft(date(2026, 11, 25), DayKind.HOLIDAY, "Nghỉ riêng")
        add_day(session, cast.ADMINISTRATOR, draft, source="TB", reason="thử", now=NOW)
    app = press(opened("settings", cast.ADMINISTRATOR, tab="calendar"), "Take the calendar of the program")
    press(app, "Apply the change")
    with read_session() as session:
        assert date(2026, 11, 25) not in [day.day for day in days_of(session, 2026)]


def test_the_offences_are_shown_with_their_penalty_and_class(installation):
    app = opened("settings", cast.MEMBER, tab="offences")
    rows = table(app, "Article")
    assert rows[0][0].startswith("Article ") and len(rows) == 88
    embezzlement = next(row for row in rows if row[0] == "Article 353(1)")
    assert embezzlement[1:4] == ["Embezzlement of property", "imprisonment 2 to 7 years", "Serious"]
    app.text_input(key="offences_q").set_value("tham o").run()
    assert {row[0].partition("(")[0] for row in table(app, "Article")} == {"Article 353"}


@pytest.mark.parametrize("tab", ["rules", "calendar", "offences"])
@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.ADMINISTRATOR], ids=lambda viewer: viewer.name)
def test_every_tab_opens_in_vietnamese(installation, tab, viewer):
    app = opened("settings", viewer, language="vi", tab=tab)
    assert not app.error and app.title[0].value == "Quy định và lịch nghỉ"


def test_a_stranger_is_refused(installation):
    app = opened("settings", cast.STRANGER)
    assert "not part of your role" in app.warning[0].value and not app.title


def test_a_further_extension_is_added_after_its_preview(installation):
    app = opened("settings", cast.ADMINISTRATOR, tab="rules", rule="INV")
    app.selectbox(key="more_class").set_value("serious")
    app.text_input(key="more_length").set_value("1 tháng")
    app.text_input(key="more_total").set_value("9 tháng")
    app.text_input(key="more_article").set_value("172(7)")
    app.text_input(key="more_reason").set_value("Luật mới")
    next(button for button in app.button if "rule_extension" in button.form_id).click().run()
    assert "Rule INV, Extension 3: 1 tháng" in said(app)
    press(app, "Apply the change")
    with read_session() as session:
        steps = rulebook(session).limit("INV", Severity.SERIOUS, date(2026, 8, 24)).extensions
    assert [(step.number, str(step.length), str(step.max_total)) for step in steps[2:]] == [(3, "1m", "9m")]


@pytest.mark.parametrize("reason", ["", "Luật mới"])
def test_an_extension_without_a_length_is_refused(installation, reason):
    app = opened("settings", cast.ADMINISTRATOR, tab="rules", rule="INV")
    app.text_input(key="more_article").set_value("172(7)")
    app.text_input(key="more_reason").set_value(reason)
    next(button for button in app.button if "rule_extension" in button.form_id).click().run()
    assert len(app.error) == 1


def notice(tmp_path, *rows):
    path = workbook(tmp_path / "tb.xlsx", rows)
    return [("tb.xlsx", path.read_bytes(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]


def test_a_notice_with_a_wrong_cell_is_refused_with_its_place_and_a_good_one_makes_the_year(installation, tmp_path):
    app = opened("settings", cast.ADMINISTRATOR, tab="calendar", year="2028", today=date(2027, 11, 1))
    app.file_uploader[0].set_value(notice(tmp_path, *ROWS[:-1], ["31/09/2028", "lễ", "Quốc khánh"])).run()
    assert [row[1:4] for row in table(app, "Sheet")] == [["9", "Ngày", "31/09/2028"]]
    assert "notice_reason" not in {each.key for each in app.text_input}
    app.file_uploader[0].set_value(notice(tmp_path, *ROWS)).run()
    app.text_input(key="notice_source").set_value("TB 1/TB-BNV")
    app.text_input(key="notice_reason").set_value("Lịch nghỉ 2028")
    next(button for button in app.button if button.form_id == "notice").click().run()
    press(app, "Apply the change")
    assert len(table(app, "Day")) == len(ROWS) and not app.error


# --- clocks beside the limit, the scan after a change, a new rule -----------------------------------------------------


def test_the_preview_tells_clocks_beside_the_limit_and_flags_in_tables_of_their_own(installation):
    with transaction() as session:
        make.case(
            session, code="VA-1", severity="serious",
            events=[("case_initiated", "2026-08-24"),
                    ("expert_requested", "2026-09-01", {"length": "2m", "body": "Viện KHHS"}),
                    ("expert_requested", "2026-11-05", {"length": "20d", "body": "Viện KHHS"})],
        )  # fmt: skip
    app = opened("settings", cast.SECRETARIAT, tab="calendar")
    app.date_input(key="day_on_2026").set_value(date(2026, 11, 25))
    app.selectbox(key="day_kind").set_value(DayKind.HOLIDAY)
    for key, value in (("day_vi", "Nghỉ riêng"), ("day_add_source", "TB 1"), ("day_add_reason", "thử")):
        app.text_input(key=key).set_value(value)
    press(app, "Preview the change")
    assert "Beside the deciding limits 1 clocks move: 0 become late, 0 are no longer late." in said(app)
    assert [row[1:5] for row in table(app, "File")] == [["Investigation", "25/11/2026", "26/11/2026", "+1 day"]]
    app.segmented_control(key="preview_part").set_value("beside").run()
    assert [row[1:6] for row in table(app, "File")] == [
        ["Expert conclusion", "25/11/2026", "26/11/2026", "+1 day", "5 days left"]
    ]


def test_applying_a_change_judges_the_files_at_once_and_says_how_many(installation):
    one_file()
    app = shorter_limit(opened("settings", cast.ADMINISTRATOR, tab="rules", rule="INV"))
    press(app, "Apply the change")
    assert "Judged by the new rules: 1 open files, 1 of them late; 1 moved." in app.success[0].value.replace("\\", "")
    with read_session() as session:
        state = session.get(ScanState, 1)
        actions = [row.action for row in session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))]
    assert state is not None and state.as_of == date(2026, 11, 21)
    assert actions[-2:] == ["change_limit", "scan"], "the change, then the scan, each on the chain"


def new_rule(app, **given):
    for name, value in {"code": "TAX_REPLY", "base": "20 ngày", "article": "12", "reason": "Luật mới", **given}.items():
        app.text_input(key=f"rule_new_{name}").set_value(value)
    app.text_area(key="rule_new_more").set_value("10d\n5d")
    next(button for button in app.button if "rule_new" in button.form_id).click().run()
    return app


def test_a_new_rule_is_entered_and_shown_as_one_that_no_clock_uses(installation):
    app = new_rule(opened("settings", cast.ADMINISTRATOR))
    assert "New rule TAX_REPLY: 20 days" in said(app) and "No date of the 0 open files moves." in app.info[0].value
    press(app, "Apply the change")
    assert app.text_input(key="rule_new_code").value == app.text_area(key="rule_new_more").value == ""
    rows = [row for row in table(app, "Rule") if row[0].startswith("TAX_REPLY")]
    assert [row[3] for row in rows] == ["20 days", "10 days", "5 days"]
    assert all("kept, not used by a clock" in row[0] for row in rows)
    inv = next(row for row in table(app, "Rule") if row[0].startswith("INV "))
    assert "kept, not used" not in inv[0]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"code": "INV"}, "There is a rule INV already"), ({"base": ""}, "needs its base limit"),
     ({"reason": ""}, "Say why")],
)  # fmt: skip
def test_a_new_rule_that_makes_no_sense_is_said_at_the_form(installation, given, sentence):
    app = new_rule(opened("settings", cast.ADMINISTRATOR), **given)
    assert sentence in app.error[0].value


def test_a_new_rule_can_only_be_tried_by_who_maintains_none(installation):
    app = new_rule(opened("settings", cast.SECRETARIAT))
    assert "New rule TAX_REPLY" in said(app) and "Apply the change" not in labels(app)
