"""The preview of a change says exactly what the change does to the open files."""

from datetime import UTC, date, datetime

import pytest

from models.changes.calendar import DayDraft, add_day
from models.changes.rules import change_limit, tried
from models.db import read_session, transaction
from models.enums import Bucket, DayKind, FlagRule, Severity
from models.errors import Forbidden
from models.queries.judged import verdicts
from models.queries.preview import preview
from models.queries.reference import current_limits
from tests import cast, make

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
TODAY = date(2026, 11, 21)
FILES = {
    "VA-1": ("2026-08-24", Severity.SERIOUS),  # due 24 November: soon late by a shorter limit
    "VA-2": ("2026-10-05", Severity.SERIOUS),
    "VA-3": ("2026-08-17", Severity.SERIOUS),  # late since 17 November
    "VA-4": ("2026-10-05", Severity.VERY_SERIOUS),
    "VA-5": ("2019-03-04", Severity.SERIOUS),
}


@pytest.fixture
def files(engine):
    with transaction(engine) as session:
        for code, (started, severity) in FILES.items():
            make.case(session, code=code, title=f"Vụ {code}", severity=severity, events=[("case_initiated", started)])
        make.case(session, code="VA-6", severity=None, events=[("case_initiated", "2026-08-03")])
        make.case(session, code="VV-1", events=[("report_received", "2026-11-09")])
    return engine


def limit_of(session, severity="serious"):
    return next(
        row for row in current_limits(session) if (row.code, row.severity, row.extension_no) == ("INV", severity, 0)
    )


def changed_limit(**given):
    def make_it(session, viewer):
        change_limit(session, viewer, limit_of(session).id, reason="Luật mới", now=NOW, **given)

    return make_it


def day_off(session, viewer):
    draft = DayDraft(date(2026, 11, 25), DayKind.HOLIDAY, "Ngày nghỉ")
    add_day(session, viewer, draft, source="TB", reason="thử", now=NOW)


def previewed(engine, change, viewer=cast.SECRETARIAT, *, as_of=TODAY):
    with transaction(engine) as session:
        books = tried(session, viewer, change)
    with read_session(engine) as session:
        return preview(session, viewer, *books, as_of=as_of)


def judged(engine, as_of=TODAY):
    with read_session(engine) as session:
        return {each.code: each for each in verdicts(session, cast.SECRETARIAT, as_of=as_of)}


@pytest.mark.parametrize(
    "change",
    [
        changed_limit(base_limit="2m"),
        changed_limit(base_limit="4m"),
        changed_limit(base_limit="1m", valid_from=date(2026, 10, 5)),
        changed_limit(base_limit="1m", valid_from=date(2026, 10, 6)),
        changed_limit(valid_to=date(2026, 9, 30)),
        day_off,
    ],
    ids=["shorter", "longer", "from that day", "from the day after", "ended", "day off"],
)
@pytest.mark.parametrize("as_of", [date(2026, 11, 21), date(2027, 2, 1)])
def test_what_is_previewed_is_what_happens(files, change, as_of):
    seen = previewed(files, change, as_of=as_of)
    before = judged(files, as_of)
    with transaction(files) as session:
        change(session, cast.ADMINISTRATOR)
    after = judged(files, as_of)
    assert seen.open == len(before) == len(after)
    moved = {
        code
        for code in before
        if (before[code].due_on, before[code].bucket) != (after[code].due_on, after[code].bucket)
    }
    assert {move.code for move in seen.moved} == moved
    for move in seen.moved:
        old, new = before[move.code], after[move.code]
        assert (move.old_due, move.new_due) == (old.due_on, new.due_on)
        assert (move.old_bucket, move.new_bucket) == (old.bucket, new.bucket)
        assert move.becomes_late == (new.is_late if new.is_late != old.is_late else None)
    assert seen.become_late == sum(after[code].is_late and not before[code].is_late for code in before)
    assert seen.no_longer_late == sum(before[code].is_late and not after[code].is_late for code in before)


def test_a_shorter_limit_says_which_files_become_late(files):
    seen = previewed(files, changed_limit(base_limit="2m"))
    by_code = {move.code: move for move in seen.moved}
    assert by_code["VA-1"].old_due == date(2026, 11, 25)  # 24 November is the day of culture
    assert by_code["VA-1"].new_due == date(2026, 10, 26)  # 24 October is a Saturday
    assert (by_code["VA-1"].days, by_code["VA-1"].becomes_late, by_code["VA-1"].title) == (-30, True, "Vụ VA-1")
    assert (by_code["VA-3"].becomes_late, by_code["VA-3"].old_bucket) == (None, Bucket.OVERDUE_1_30)
    assert "VA-4" not in by_code and "VV-1" not in by_code


def test_a_validity_moves_only_files_that_start_on_its_first_day_or_later(files):
    on_the_day = previewed(files, changed_limit(base_limit="1m", valid_from=date(2026, 10, 5)))
    the_day_after = previewed(files, changed_limit(base_limit="1m", valid_from=date(2026, 10, 6)))
    assert {move.code for move in on_the_day.moved} == {"VA-2"}
    assert the_day_after.moved == ()


def test_who_maintains_the_rules_without_reading_files_gets_numbers_only(files):
    change = changed_limit(base_limit="2m")
    full, bare = previewed(files, change), previewed(files, change, cast.ADMINISTRATOR)
    assert bare.moved == () and full.moved
    assert (bare.open, bare.counts, bare.become_late) == (full.open, full.counts, full.become_late)
    assert sum(count.files for count in bare.counts) == bare.files == len(full.moved)
    assert not any(code in repr(bare) for code in FILES)


def test_a_stranger_previews_nothing(files):
    with transaction(files) as session:
        books = tried(session, cast.SYSTEM, day_off)
    with read_session(files) as session, pytest.raises(Forbidden):
        preview(session, cast.STRANGER, *books, as_of=TODAY)


def test_a_change_of_a_rule_that_no_file_runs_under_moves_nothing(files):
    def change(session, viewer):
        row = next(row for row in current_limits(session) if row.code == "CASS_OPEN")
        change_limit(session, viewer, row.id, reason="thử", now=NOW, base_limit="5m")

    seen = previewed(files, change)
    assert (seen.open, seen.files, seen.moved) == (7, 0, ())


def test_a_paper_issued_before_a_correction_is_recomputed_by_the_rules_of_then(files):
    with read_session(files) as session:
        old = {each.code: each.due_on for each in verdicts(session, cast.SECRETARIAT, as_of=TODAY)}
    later = NOW.replace(year=2027)
    with transaction(files) as session:
        limit = limit_of(session)
        change_limit(session, cast.ADMINISTRATOR, limit.id, reason="Sửa", now=later, base_limit="2m")
    with read_session(files) as session:
        then = {each.code: each.due_on for each in verdicts(session, cast.SECRETARIAT, as_of=TODAY, known_at=NOW)}
        now = {each.code: each.due_on for each in verdicts(session, cast.SECRETARIAT, as_of=TODAY, known_at=later)}
    assert then == old and now["VA-1"] == date(2026, 10, 26) != old["VA-1"]


# --- clocks beside the deciding limit, stalled rules ------------------------------------------------------------------


@pytest.fixture
def beside(engine):
    """A detention, an expert's term and the windows of a judgment that end on 24 and 25 November."""
    with transaction(engine) as session:
        first = make.case(
            session, code="VA-1", severity=Severity.SERIOUS,
            events=[
                ("case_initiated", "2026-11-02"), ("detention_ordered", "2026-11-04", {"length": "20d"}),
                ("expert_requested", "2026-11-05", {"length": "20d", "body": "Viện KHHS"}),
            ],
        )  # fmt: skip
        make.case(session, code="VA-2", severity=Severity.SERIOUS, events=[("first_instance_judgment", "2026-11-10")])
        make.case(session, code="VA-3", severity=Severity.SERIOUS, events=[("first_instance_judgment", "2026-09-10")])
        make.task(session, case=first, code="NV-1", due_on="2026-11-25")
    return engine


def test_clocks_beside_the_deciding_limit_are_told_with_both_days(beside):
    seen = previewed(beside, day_off)
    moved = {(move.code, move.rule): (move.old_due, move.new_due, move.days) for move in seen.beside}
    wednesday, thursday = date(2026, 11, 25), date(2026, 11, 26)
    assert moved == {
        ("VA-1", "EXP"): (wednesday, thursday, 1),
        ("VA-2", "APPEAL_RIGHT"): (wednesday, thursday, 1),
        ("VA-2", "PROTEST_SAME"): (wednesday, thursday, 1),
    }, "a detention does not move; a window that has closed is told no more"
    assert (seen.files, seen.beside_count, seen.beside_become_late) == (0, 3, 0)
    assert not any(move.decides or move.old_bucket for move in seen.beside)


@pytest.mark.parametrize(
    ("as_of", "closes"), [(date(2026, 11, 25), 0), (date(2026, 11, 26), 1), (date(2026, 11, 27), 0)]
)
def test_a_clock_beside_is_no_longer_late_and_its_flag_closes_on_the_day_between(beside, as_of, closes):
    seen = previewed(beside, day_off, as_of=as_of)
    assert seen.beside_no_longer_late == closes and seen.beside_become_late == 0
    flags = [(flag.code, flag.rule, flag.old_since, flag.new_since) for flag in seen.flags]
    if as_of == date(2026, 11, 27):
        assert flags == [("VA-1", FlagRule.S4, date(2026, 11, 26), date(2026, 11, 27))], "it begins a day later"
    else:
        assert flags == [("VA-1", FlagRule.S4, date(2026, 11, 26), None)] * closes
    assert sum(sum(count[1:]) for count in seen.flag_counts) == len(flags)


def test_a_deciding_limit_that_becomes_late_opens_its_flag(files):
    seen = previewed(files, changed_limit(base_limit="2m"))
    opened = {(flag.code, flag.rule): flag for flag in seen.flags if flag.old_since is None}
    assert opened["VA-1", FlagRule.S1].new_since == date(2026, 10, 27)
    (late,) = (count for count in seen.flag_counts if count.rule is FlagRule.S1)
    assert late.opens == sum(flag.rule is FlagRule.S1 for flag in opened.values())


def test_who_reads_no_files_gets_the_numbers_of_clocks_and_flags_only(beside):
    day = date(2026, 11, 26)
    full, bare = previewed(beside, day_off, as_of=day), previewed(beside, day_off, cast.ADMINISTRATOR, as_of=day)
    assert full.beside and full.flags and (bare.beside, bare.flags) == ((), ())
    assert (bare.beside_count, bare.beside_no_longer_late, bare.flag_counts) == (
        full.beside_count, full.beside_no_longer_late, full.flag_counts,
    )  # fmt: skip
    assert not any(code in repr(bare) for code in FILES)
