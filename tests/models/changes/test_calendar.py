"""The calendar as an administrator maintains it: days, whole years, what is refused, what no new program undoes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from models.changes.calendar import (
    DayDraft,
    RuleRefused,
    add_day,
    missing_fixed,
    remove_day,
    replace_year,
    take_shipped_year,
    unpaired,
)
from models.db import read_session, transaction
from models.enums import DayKind, Origin, Verified
from models.errors import Forbidden
from models.queries.reference import (
    administrators_years,
    calendar,
    calendar_problem,
    day_history,
    days_of,
    differing_years,
    missing_years,
    years,
)
from models.tables import AuditEntry
from seed.reference_data import load_reference
from seed.reference_files import special_day_rows
from tests import cast

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
WHY = {"source": "TB 1/TB-BNV", "reason": "Thông báo hằng năm", "now": NOW}
FRIDAY, SATURDAY = date(2026, 6, 12), date(2026, 6, 20)
NOTICE = [
    DayDraft(date(2028, 1, 1), DayKind.HOLIDAY, "Tết Dương lịch"),
    DayDraft(date(2028, 1, 25), DayKind.HOLIDAY, "Tết Nguyên đán"),
    DayDraft(date(2028, 4, 30), DayKind.HOLIDAY, "Ngày Chiến thắng"),
    DayDraft(date(2028, 5, 1), DayKind.HOLIDAY, "Quốc tế Lao động"),
    DayDraft(date(2028, 5, 2), DayKind.COMPENSATION, "Nghỉ bù"),
    DayDraft(date(2028, 9, 2), DayKind.HOLIDAY, "Quốc khánh"),
]


def off(day, note=""):
    return DayDraft(day, DayKind.SWAP_OFF, "Nghỉ hoán đổi", note=note)


def work(day):
    return DayDraft(day, DayKind.SWAP_WORK, "Làm bù")


def add(engine, *drafts, viewer=cast.ADMINISTRATOR):
    with transaction(engine) as session:
        for draft in drafts:
            add_day(session, viewer, draft, **WHY)


def enter_year(engine, drafts=NOTICE, year=2028):
    with transaction(engine) as session:
        return replace_year(session, cast.ADMINISTRATOR, year, drafts, **WHY)


def is_worked(engine, day, **known):
    with read_session(engine) as session:
        return calendar(session, **known).is_workday(day)


@pytest.mark.parametrize("viewer", cast.EVERYBODY, ids=lambda viewer: viewer.name)
def test_only_who_manages_the_calendar_changes_it(engine, viewer):
    if viewer in (cast.ADMINISTRATOR, cast.SYSTEM):
        add(engine, work(SATURDAY), off(FRIDAY), viewer=viewer)
        assert (is_worked(engine, FRIDAY), is_worked(engine, SATURDAY)) == (False, True)
        return
    with pytest.raises(Forbidden):
        add(engine, work(SATURDAY), viewer=viewer)
    with transaction(engine) as session:
        with pytest.raises(Forbidden):
            remove_day(session, viewer, date(2026, 9, 2), reason="thử", now=NOW)
        with pytest.raises(Forbidden):
            replace_year(session, viewer, 2028, NOTICE, **WHY)
        with pytest.raises(Forbidden):
            take_shipped_year(session, viewer, 2026, special_day_rows(), now=NOW)


def test_a_day_entered_and_removed_again_is_in_the_history_and_on_the_audit_chain(engine):
    add(engine, work(SATURDAY))
    later = NOW + timedelta(hours=1)
    with transaction(engine) as session:
        remove_day(session, cast.ADMINISTRATOR, SATURDAY, reason="Nhập nhầm", now=later)
    assert not is_worked(engine, SATURDAY)
    assert is_worked(engine, SATURDAY, known_at=NOW)
    with read_session(engine) as session:
        [day] = day_history(session, 2026)
        assert (day.origin, day.reason, day.recorded_at) == (Origin.ADMINISTRATOR, "Thông báo hằng năm", NOW)
        assert (day.retracted_by, day.retracted_reason, day.retracted_at) == (Origin.ADMINISTRATOR, "Nhập nhầm", later)
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(2)).all()
        assert [entry.action for entry in entries] == ["remove_day", "add_day"]
        assert '"day":"2026-06-20"' in entries[0].before


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (DayDraft(date(2026, 9, 2), DayKind.HOLIDAY, "Quốc khánh"), "in the calendar already"),
        (work(FRIDAY), "worked anyway"),
        (off(SATURDAY), "day off anyway"),
        (DayDraft(SATURDAY, DayKind.COMPENSATION, "Nghỉ bù"), "day off anyway"),
        (off(FRIDAY), "no worked Saturday stands beside it"),
        (DayDraft(FRIDAY, DayKind.HOLIDAY, " "), "needs its name"),
        (DayDraft(FRIDAY, DayKind.HOLIDAY, "x" * 201), "200"),
    ],
)
def test_a_day_that_no_calendar_can_hold_is_refused(engine, draft, said):
    with pytest.raises(RuleRefused, match=said):
        add(engine, draft)
    with read_session(engine) as session:
        assert day_history(session, 2026) == []


def test_a_swapped_day_off_needs_its_worked_day_or_a_note(engine):
    add(engine, off(FRIDAY, note="nghỉ theo quyết định riêng"))
    with read_session(engine) as session:
        assert "quyết định riêng" in next(day.source for day in days_of(session, 2026) if day.day == FRIDAY)
    add(engine, work(SATURDAY), off(date(2026, 6, 19)))
    with transaction(engine) as session, pytest.raises(RuleRefused, match="19|2026-06-19"):
        remove_day(session, cast.ADMINISTRATOR, SATURDAY, reason="thử", now=NOW)


@pytest.mark.parametrize(("apart", "alone"), [(120, 0), (127, 1)])
def test_a_day_off_and_the_day_worked_for_it_lie_within_120_days(apart, alone):
    saturday = date(2026, 1, 10)
    assert len(unpaired([work(saturday), off(saturday + timedelta(days=apart))])) == alone


def test_one_worked_day_stands_for_one_day_off_and_the_nearest_belong_together():
    far, near = off(date(2026, 6, 1)), off(FRIDAY)
    assert unpaired([far, near, work(SATURDAY)]) == [far]


def test_a_yearly_notice_replaces_the_year_and_says_what_was_new(engine):
    with read_session(engine) as session:
        assert missing_years(session, today=date(2027, 10, 3)) == [2028]
    assert enter_year(engine) == {"new": 6, "changed": 0, "removed": 0, "unchanged": 0}
    assert not is_worked(engine, date(2028, 1, 25))
    with read_session(engine) as session:
        assert missing_years(session, today=date(2027, 10, 3)) == []
    corrected = [*NOTICE[:1], DayDraft(date(2028, 1, 26), DayKind.HOLIDAY, "Tết Nguyên đán"), *NOTICE[2:]]
    assert enter_year(engine, corrected) == {"new": 1, "changed": 0, "removed": 1, "unchanged": 5}
    assert is_worked(engine, date(2028, 1, 25)) and not is_worked(engine, date(2028, 1, 26))
    with pytest.raises(RuleRefused, match="Nothing would change"):
        enter_year(engine, corrected)


def test_a_notice_that_states_a_day_proves_it_and_keeps_its_names_in_other_languages(engine):
    with read_session(engine) as session:
        before = days_of(session, 2027)
    drafts = [DayDraft(day.day, day.kind, day.name_vi) for day in before]
    proved = sum(day.verified is Verified.YES for day in before)
    assert 0 < proved < len(before)
    counts = enter_year(engine, drafts, 2027)
    assert counts == {"new": 0, "changed": len(before) - proved, "removed": 0, "unchanged": proved}
    with read_session(engine) as session:
        after = days_of(session, 2027)
    assert {day.verified for day in after} == {Verified.YES}
    assert [(day.name_en, day.name_fr) for day in after] == [(day.name_en, day.name_fr) for day in before]


@pytest.mark.parametrize(
    ("drafts", "said"),
    [
        (NOTICE[1:], "is a public holiday"),
        ([], "is a public holiday"),
        ([*NOTICE, NOTICE[0]], "stands in two rows"),
        ([*NOTICE, DayDraft(date(2027, 12, 31), DayKind.HOLIDAY, "Nghỉ")], "does not lie in 2028"),
        ([*NOTICE, off(date(2028, 6, 9))], "no worked Saturday"),
    ],
)
def test_a_notice_that_is_no_calendar_of_the_year_writes_nothing(engine, drafts, said):
    with pytest.raises(RuleRefused, match=said):
        enter_year(engine, drafts)
    with read_session(engine) as session:
        assert days_of(session, 2028) == []


def test_a_swap_may_reach_over_new_year(engine):
    enter_year(engine, [*NOTICE, work(date(2028, 12, 23))])
    with transaction(engine) as session:
        add_day(session, cast.ADMINISTRATOR, off(date(2029, 1, 2)), **WHY)
    with read_session(engine) as session:
        assert [day.day for day in days_of(session, 2029)] == [date(2029, 1, 2)]


@pytest.mark.parametrize("field", ["source", "reason"])
def test_a_change_of_the_calendar_needs_its_notice_and_its_reason(engine, field):
    with transaction(engine) as session, pytest.raises(RuleRefused):
        add_day(session, cast.ADMINISTRATOR, work(SATURDAY), **{**WHY, field: " "})


def test_a_later_start_of_the_program_undoes_neither_an_entered_nor_a_removed_day_but_offers_its_own(engine):
    with transaction(engine) as session:
        remove_day(session, cast.ADMINISTRATOR, date(2027, 9, 3), reason="Theo thông báo", now=NOW)
    with transaction(engine) as session:
        assert load_reference(session, now=NOW)["special_days"] == 0
    assert is_worked(engine, date(2027, 9, 3))
    with transaction(engine) as session:
        assert administrators_years(session) == {2027}
        assert differing_years(session, special_day_rows()) == [2027]
        take_shipped_year(session, cast.ADMINISTRATOR, 2027, special_day_rows(), now=NOW)
    assert not is_worked(engine, date(2027, 9, 3))
    with transaction(engine) as session:
        assert differing_years(session, special_day_rows()) == []
        assert administrators_years(session) == set()
        assert load_reference(session, now=NOW)["special_days"] == 0


@pytest.mark.parametrize(("today", "missing"), [(date(2027, 10, 2), []), (date(2027, 10, 3), [2028])])
def test_a_year_is_missing_90_days_before_it_begins(engine, today, missing):
    with read_session(engine) as session:
        assert missing_years(session, today=today) == missing
        problem = calendar_problem(session, today=today)
        assert (problem is not None and "2028" in problem.english()) == bool(missing)


def test_a_year_without_a_holiday_is_not_maintained(engine):
    with transaction(engine) as session:
        add_day(session, cast.ADMINISTRATOR, work(date(2028, 6, 10)), **WHY)
    with read_session(engine) as session:
        states = {state.year: state for state in years(session, today=date(2027, 6, 1))}
        assert (states[2028].days, states[2028].maintained) == (1, False)
        assert states[2027].maintained
        assert missing_years(session, today=date(2027, 12, 1)) == [2028]


def test_the_shipped_calendar_keeps_the_rules_that_an_administrator_must_keep():
    drafts = [DayDraft(row["day"], row["kind"], row["name_vi"]) for row in special_day_rows()]
    assert [draft.day for draft in unpaired(drafts)] == [date(2015, 1, 2)]  # its worked day lies before the table
    for year in {draft.day.year for draft in drafts}:
        assert missing_fixed(drafts, year) == []
