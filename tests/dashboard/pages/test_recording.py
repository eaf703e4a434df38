"""Every form of the file's page saves what was typed; only the secretariat sees one, and only for today."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.changes.events import EventEntry, record_event, retract_event
from models.changes.files import correct_details
from models.changes.form_drafts import keep
from models.db import read_session, transaction
from models.enums import DifficultyKind, EventKind, Kind, Quantity, Role
from models.queries.cases import CaseFile, case_file
from models.queries.difficulties import difficulties
from models.rules.access import SYSTEM, Viewer
from models.tables import Case
from tests import cast, make
from tests.dashboard.pages.opening import DAY, NOON, opened, pieces, said

ACTIONS = ("Record an event", "More")


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def people(installation, monkeypatch):
    """The cast with accounts; a case with an accused and an amount, a second case, an incident."""
    monkeypatch.setattr("dashboard.components.forms.state.signed_in", lambda now: None)  # a page here has no cookies
    with transaction() as session:
        case = make.case(
            session, code="VA-1", title="Vụ án thứ nhất", locality="Phường An Hòa",
            events=[("case_initiated", "2026-10-05", {"document": "Số 1/QĐ"})],
            money=[("damage", "2026-10-06", 5_000_000)],
        )  # fmt: skip
        make.accused(session, case=case, code="BC-01", on="2026-10-07")
        make.case(session, code="VA-2", title="Vụ án thứ hai", events=[("case_initiated", "2026-09-01")])
        make.case(session, code="VV-1", kind=Kind.INCIDENT, title="Vụ việc", events=[("report_received", "2026-10-01")])
        make.agency(session, code="VKS", name_vi="Viện kiểm sát nhân dân tỉnh", name_en="Provincial procuracy")
        return cast.accounts(session)


def file_of(code: str = "VA-1") -> CaseFile:
    with read_session() as session:
        return case_file(session, SYSTEM, code, as_of=DAY)


def widget(app: AppTest, label: str):
    for kind in (app.text_input, app.text_area, app.selectbox):
        for each in kind:
            if each.label.removesuffix(" *") == label:
                return each
    raise AssertionError(
        f"no field {label}: {[each.label for each in (*app.text_input, *app.text_area, *app.selectbox)]}"
    )


def fill(app: AppTest, **fields: str) -> AppTest:
    for label, value in fields.items():
        found = widget(app, label.replace("_", " "))
        (found.select if found.type == "selectbox" else found.set_value)(value).run()
        assert not app.exception
    return app


def save(app: AppTest) -> AppTest:
    app.button(key="form_save").click().run()
    assert not app.exception
    return app


def form(people, name: str, code: str = "VA-1", **address: str) -> AppTest:
    return opened("case", people.secretariat, code=code, do=name, **address)


@pytest.mark.parametrize("who, day, sees", [("secretariat", DAY, True), ("member", DAY, False),
                                            ("secretariat", date(2026, 11, 20), False)])  # fmt: skip
def test_only_the_secretariat_records_and_only_as_of_today(people, who, day, sees):
    app = opened("case", getattr(people, who), code="VA-1", as_of=day, do="event")
    offered = [button.label for button in app.button] + [button.label for button in app.get("menu_button")]
    assert ("Record an event" in offered) == sees
    assert any(button.key == "form_save" for button in app.button) == sees
    html = "\n".join(pieces(app))
    assert ("do=correct_event" in html) == sees
    assert "do=history" in html, "history is for every reader"


def test_a_member_cannot_save_by_the_address(people):
    app = opened("case", people.member, new="case")
    assert not app.text_input and "Search for a file" in said(app)


def test_the_member_finds_no_way_to_a_new_file(people):
    assert "new=case" in "\n".join(pieces(opened("cases", people.secretariat)))
    assert "new=case" not in "\n".join(pieces(opened("cases", people.member)))


def test_an_event_of_a_month_is_recorded_as_such(people):
    app = form(people, "event")
    fill(app, Event="expert_requested", Date="10/2026", Document_number="Số 5/TC")
    assert "data-effect" in "\n".join(pieces(app))
    save(app)
    (event,) = (each for each in file_of().events if each.kind is EventKind.EXPERT_REQUESTED)
    assert (event.happened_on, event.monthly, event.document) == (date(2026, 10, 1), True, "Số 5/TC")
    assert "Recorded: Expert assessment requested, 10/2026." in said(app).replace("\\", "")
    assert "do" not in app.query_params


def test_only_the_fields_of_the_event_are_shown(people):
    app = fill(form(people, "event"), Event="investigation_extended")
    assert widget(app, "Length of the term")
    with pytest.raises(AssertionError):
        widget(app, "Amount (đồng)")
    fill(app, Event="money_returned")
    assert widget(app, "Amount (đồng)")
    with pytest.raises(AssertionError):
        widget(app, "Length of the term")
    fill(app, Event="accused_charged")
    assert widget(app, "Accused")


def test_an_event_is_retracted_with_its_reason(people):
    app = form(people, "retract_event", id=str(file_of().events[0].id))
    save(app)
    assert "data-problem" in "\n".join(pieces(app)) and file_of().events
    save(fill(app, Reason_of_the_retraction="Nhập nhầm"))
    assert file_of().events == ()


def test_an_accused_is_added_corrected_and_retracted(people):
    app = form(people, "accused")
    assert widget(app, "Code").value == "BC-02", "the next free code"
    save(fill(app, Article="353", Paragraph="2", Level_of_office="Diện Ban Thường vụ Tỉnh ủy quản lý"))
    assert [(row.code, row.article, row.paragraph) for row in file_of().accused][1:] == [("BC-02", "353", "2")]
    app = form(people, "correct_accused", id="BC-02")
    save(fill(app, Status="indicted", Reason_of_the_correction="Cáo trạng mới"))
    assert {row.code: str(row.status) for row in file_of().accused}["BC-02"] == "indicted"
    save(fill(form(people, "retract_accused", id="BC-02"), Reason_of_the_retraction="Ghi nhầm"))
    assert [row.code for row in file_of().accused] == ["BC-01"]


def test_a_name_of_an_accused_does_not_get_in(people):
    app = save(fill(form(people, "accused"), Code="Nguyễn Văn A"))
    assert 'data-problem="code"' in "\n".join(pieces(app))
    assert len(file_of().accused) == 1


def test_an_amount_is_recorded_as_people_write_it_and_corrected(people):
    app = fill(form(people, "money"), **{"Amount (đồng)": "1,5 tỷ"})
    assert "1.500.000.000" in said(app).replace(",", "."), "read back before it is saved"
    save(app)
    entry = next(each for each in file_of().entries if each.quantity is Quantity.RECOVERED)
    assert entry.amount_vnd == 1_500_000_000
    app = form(people, "correct_money", id=str(entry.id))
    assert widget(app, "Amount (đồng)").value == "1.500.000.000"
    save(fill(app, **{"Amount (đồng)": "1.400.000.000", "Reason of the correction": "Nhầm số"}))
    assert file_of().money[Quantity.RECOVERED] == 1_400_000_000
    newest = next(each for each in file_of().entries if each.quantity is Quantity.RECOVERED)
    save(fill(form(people, "retract_money", id=str(newest.id)), Reason_of_the_retraction="Trùng"))
    assert Quantity.RECOVERED not in file_of().money


@pytest.mark.parametrize("given", ["1.5", "-3", "abc", "1,5", "10.000.000.000 tỷ"])
def test_an_amount_that_cannot_be_right_is_told_at_its_field(people, given):
    app = save(fill(form(people, "money"), **{"Amount (đồng)": given}))
    assert 'data-problem="amount_vnd"' in "\n".join(pieces(app))
    assert [entry.quantity for entry in file_of().entries] == [Quantity.DAMAGE]


def test_a_difficulty_is_recorded_answered_and_settled(people):
    save(fill(form(people, "difficulty"), Content="Chậm có kết luận giám định", Addressed_to="Sở Tài chính"))
    with read_session() as session:
        (row,) = difficulties(session, SYSTEM, "VA-1", as_of=DAY)
    assert (row.kind, row.text, row.settled_on) == (DifficultyKind.DIFFICULTY, "Chậm có kết luận giám định", None)
    assert "not settled" in said(opened("case", people.member, code="VA-1"))
    save(fill(form(people, "settle_difficulty", id=str(row.id)), Answer="Đã có kết luận số 12"))
    with read_session() as session:
        (row,) = difficulties(session, SYSTEM, "VA-1", as_of=DAY)
    assert (row.answer, row.settled_on) == ("Đã có kết luận số 12", DAY)


def test_only_what_was_changed_in_the_description_is_a_change(people):
    app = save(fill(form(people, "details"), Place="Phường Minh Khai", Reason_of_the_correction="Sáp nhập"))
    assert "is corrected" in said(app)
    assert (file_of().detail.locality, file_of().detail.title) == ("Phường Minh Khai", "Vụ án thứ nhất")


def test_a_description_that_was_not_changed_is_told_so(people):
    app = save(fill(form(people, "details"), Reason_of_the_correction="Không rõ"))
    assert any("Nothing is different" in each.value for each in app.error)


def test_files_are_joined_split_and_transferred(people):
    save(fill(form(people, "split"), Title="Vụ án tách ra", Document_number="Số 9/QĐ"))
    assert EventKind.SPLIT in {event.kind for event in file_of().events}
    save(fill(form(people, "merge", "VA-2"), **{"Joined to the file with the code": "va-1"}))
    assert EventKind.MERGED_FROM in {event.kind for event in file_of("VA-2").events}, "the older one goes on"
    assert EventKind.MERGED_INTO in {event.kind for event in file_of("VA-1").events}
    goes = "Goes to: an agency, or the code of the file that goes on with it"
    save(fill(form(people, "transfer"), **{goes: "Viện kiểm sát nhân dân tỉnh"}))
    assert file_of().lead_agency == "Viện kiểm sát nhân dân tỉnh"


def test_the_other_file_and_the_agency_are_found_by_a_part_of_their_names(people):
    app = fill(form(people, "merge", "VA-2"), **{"Joined to the file with the code": "thu nhat"})
    (offer,) = [each for each in app.button if "VA\\-1" in each.label]
    offer.click().run()
    assert widget(app, "Joined to the file with the code").value == "VA-1"
    assert widget(app, "Which file goes on").value == "VA-2", "the older one is proposed"
    save(fill(app, **{"Which file goes on": "VA-1"}))
    assert EventKind.MERGED_INTO in {event.kind for event in file_of("VA-2").events}
    goes = "Goes to: an agency, or the code of the file that goes on with it"
    app = fill(form(people, "transfer"), **{goes: "kiem sat"})
    (offer,) = [each for each in app.button if "Provincial" in each.label]
    offer.click().run()
    assert "iện kiểm sát nhân dân tỉnh" in widget(app, goes).value
    save(app)
    assert "iện kiểm sát nhân dân tỉnh" in file_of().lead_agency


def test_an_older_merger_is_settled_from_its_data_quality_point(people):
    with transaction() as session:
        for code, other in (("VA-1", "VA-2"), ("VA-2", "VA-1")):
            case = session.exec(select(Case).where(Case.code == code)).one()
            make.event(session, case=case, kind="merged", on="2026-10-20", detail=other)
    page = opened("case", people.secretariat, code="VA-1")
    event = next(event.id for event in file_of().events if event.kind is EventKind.MERGED)
    assert f"do=settle_merger&amp;id={event}" in "\n".join(pieces(page))
    save(form(people, "settle_merger", id=str(event)))
    assert EventKind.MERGED_INTO in {event.kind for event in file_of().events}
    assert EventKind.MERGED_FROM in {event.kind for event in file_of("VA-2").events}
    assert "settle_merger" not in "\n".join(pieces(opened("case", people.secretariat, code="VA-1")))


def test_a_new_file_begins_as_most_do(people):
    app = opened("case", people.secretariat, new="case")
    assert widget(app, "Code").value == "VA-2026-001"
    assert widget(app, "It begins with").value == "case_initiated"
    save(fill(app, Title="Vụ án mới", Date="20/11/2026", Articles_charged="353(1)"))
    file = file_of("VA-2026-001")
    assert (file.detail.title, file.detail.offence_articles) == ("Vụ án mới", "353(1)")
    assert [event.happened_on for event in file.events] == [date(2026, 11, 20)]
    assert "VA-2026-001" in said(app), "the page of the new file follows"


def test_a_code_that_is_taken_and_a_day_to_come_are_told_at_their_fields(people):
    app = opened("case", people.secretariat, new="case")
    save(fill(app, Title="Vụ án mới", Code="VA-1", Date="22/11/2026"))
    html = "\n".join(pieces(app))
    assert 'data-problem="code"' in html or 'data-problem="happened_on"' in html
    assert file_of().detail.title == "Vụ án thứ nhất"


def test_a_draft_of_the_form_is_found_again_and_what_it_began_with(people):
    with transaction() as session:
        keep(
            session, people.secretariat, "t", form="event", subject="case:VA-1", revision=file_of().revision, now=NOON,
            values={"began": {"kind": None, "happened_on": "21/11/2026"},
                    "typed": {"kind": "case_accepted", "document": "Số 7"}},
        )  # fmt: skip
    assert "Draft from 12:00: Record an event" in said(opened("case", people.secretariat, code="VA-1")).replace(
        "\\", ""
    )
    app = form(people, "event")
    assert (widget(app, "Document number").value, widget(app, "Date").value) == ("Số 7", "21/11/2026")
    assert "Draft from 12:00" in said(app)


def test_a_new_file_that_was_begun_is_named_above_the_list(people):
    assert "Draft from" not in said(opened("cases", people.secretariat))
    fill(opened("case", people.secretariat, new="case"), Title="Vụ án đang nhập")
    assert "Draft from" in said(opened("cases", people.secretariat))
    assert widget(opened("case", people.secretariat, new="case"), "Title").value == "Vụ án đang nhập"


# --- two at once ---------------------------------------------------------------------------------------------------


def of_a_colleague(people, change, *given, **more) -> None:
    with transaction() as session:
        change(session, replace(people.secretariat, name="uyvien", account_id=people.member.account_id), *given,
               revision=file_of().revision, now=NOON, today=DAY, **more)  # fmt: skip


def pressed(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_two_corrections_of_the_description_go_together_field_by_field(people):
    app = fill(form(people, "details"), Place="Phường Minh Khai", Sector="Đất đai", Reason_of_the_correction="Bổ sung")
    of_a_colleague(people, correct_details, "VA-1", {"locality": "Xã Yên Định", "level": "Cấp tỉnh"}, reason="Khác")
    save(app)
    assert any("uyvien changed file VA-1" in each.value.replace("\\", "") for each in app.warning)
    assert file_of().detail.locality == "Xã Yên Định", "nothing is overwritten"
    offered = {radio.label: radio.options for radio in app.radio}
    assert set(offered) == {"Place", "Sector", "Level"}
    assert "Phường Minh Khai" in offered["Place"][0] and "Xã Yên Định" in offered["Place"][1]
    pressed(app, "form_save_chosen")
    detail = file_of().detail
    assert (detail.locality, detail.sector, detail.level) == ("Phường Minh Khai", "Đất đai", "Cấp tỉnh")


def test_after_a_colleague_one_may_go_on_editing_and_nothing_typed_is_lost(people):
    app = fill(form(people, "event"), Event="progress_note", Content="Đang chờ giám định")
    of_a_colleague(people, record_event, "VA-1", EventEntry(EventKind.EXPERT_REQUESTED, date(2026, 11, 2)))
    save(app)
    assert "Expert assessment requested" in said(app)
    pressed(app, "form_go_on")
    assert widget(app, "Content").value == "Đang chờ giám định"
    save(app)
    kinds = {event.kind for event in file_of().events}
    assert kinds >= {EventKind.PROGRESS_NOTE, EventKind.EXPERT_REQUESTED}


def test_what_a_colleague_retracted_is_not_corrected_and_my_text_stays_to_be_read(people):
    id = file_of().events[0].id
    app = fill(form(people, "correct_event", id=str(id)), Document_number="Số 1A/QĐ", Reason_of_the_correction="Sai số")
    of_a_colleague(people, retract_event, id, reason="Nhập nhầm vụ")
    save(app)
    assert any("retracted by your colleague" in each.value for each in app.info)
    assert "Số 1A/QĐ" in said(app)
    pressed(app, "form_drop")
    assert file_of().events == ()
    assert "Draft from" not in said(opened("case", people.secretariat, code="VA-1"))


def test_a_form_saved_in_another_window_says_so_and_can_be_saved_as_one_more(people):
    first = fill(form(people, "event"), Event="progress_note", Content="Lần một")
    second = form(people, "event")
    save(first)
    save(fill(second, Content="Lần hai"))
    assert any("saved already at" in each.value.replace("\\", "") for each in second.error)
    assert "Lần hai" not in {event.detail for event in file_of().events}
    pressed(second, "form_again")
    assert {"Lần một", "Lần hai"} <= {event.detail for event in file_of().events}


def test_ones_own_other_entries_are_no_conflict(people):
    fill(form(people, "event"), Event="progress_note", Content="Ghi sau")
    save(fill(form(people, "difficulty"), Content="Chậm giám định"))
    save(form(people, "event"))
    assert "Ghi sau" in {event.detail for event in file_of().events}


def test_a_fact_that_is_gone_is_told_so(people):
    app = form(people, "correct_event", id="4711")
    assert any("does not hold any more" in each.value for each in app.info)
    assert not [button for button in app.button if button.key == "form_save"]


@pytest.mark.parametrize("id", ["", "0", "x", "9" * 30, "1;2"])
def test_an_address_nobody_made_is_no_failure(people, id):
    for name in ("correct_event", "retract_money", "settle_difficulty", "correct_accused", "history", "nonsense"):
        app = opened("case", people.secretariat, code="VA-1", do=name, id=id)
        assert not app.error


def test_a_file_whose_code_has_a_stroke_is_recorded_and_corrected_like_any_other(people):
    with transaction() as session:
        make.case(session, code="01/VA-%2F", events=[("case_initiated", "2026-10-05")])
    app = fill(form(people, "event", code="01/VA-%2F"), Event="progress_note", Content="Đã họp ba ngành")
    waiting = said(opened("case", people.secretariat, code="01/VA-%2F")).replace("\\", "")
    assert "Draft from" in waiting, "the draft is the file's own"
    save(app)
    assert file_of("01/VA-%2F").events[0].detail == "Đã họp ba ngành"
    app = form(people, "correct_event", code="01/VA-%2F", id=str(file_of("01/VA-%2F").events[0].id))
    save(fill(app, Content="Đã họp", Reason_of_the_correction="Gõ thừa"))
    assert file_of("01/VA-%2F").events[0].detail == "Đã họp"


def test_what_is_wrong_with_the_authority_that_a_file_goes_to_is_said_at_its_field(people):
    app = save(fill(form(people, "transfer"), **{LONG: "Viện kiểm sát " * 40}))
    assert 'data-problem="to"' in "\n".join(pieces(app))
    assert [event.kind for event in file_of().events] == [EventKind.CASE_INITIATED]


LONG = "Goes to: an agency, or the code of the file that goes on with it"


def test_two_who_enter_files_at_once_each_get_the_next_free_code(people):
    with transaction() as session:
        colleague = Viewer("thuky2", Role.SECRETARIAT, make.account(session, login="thuky2").id)
    windows = [opened("case", who, new="case") for who in (people.secretariat, colleague)]
    assert [widget(app, "Code").value for app in windows] == ["VA-2026-001"] * 2
    for app, title in zip(windows, ("Vụ của tôi", "Vụ của đồng nghiệp"), strict=True):
        save(fill(app, Title=title))
    assert file_of("VA-2026-001").detail.title == "Vụ của tôi"
    assert file_of("VA-2026-002").detail.title == "Vụ của đồng nghiệp"


def test_a_code_that_somebody_typed_is_not_changed_for_another(people):
    app = save(fill(opened("case", people.secretariat, new="case"), Title="Vụ khác", Code="va-1"))
    assert 'data-problem="code"' in "\n".join(pieces(app))
