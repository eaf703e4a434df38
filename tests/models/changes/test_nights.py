"""Night after night only what moved is judged, and what is kept is every night what judging all files would say."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from jobs import flag_stalled
from models.changes import calendar, judgements, rules
from models.changes._revision import raise_revisions
from models.changes.judgements import Written
from models.db import make_engine, read_session, transaction
from models.enums import DayKind, Severity, TaskOrigin
from models.queries import judged
from models.queries.money import lines_by_file, lines_of_files
from models.queries.reference import current_limits
from models.queries.standing import find
from models.rules.access import SYSTEM
from models.rules.stalled import flags_of
from models.settings import settings
from models.tables import Case, CaseDetail, CaseEvent, Flag, JudgedFile, Judgement, MoneyLine, Task
from tests import make

FIRST = date(2026, 1, 5)
KINDS = (
    "report_received", "case_initiated", "accused_charged", "investigation_extended", "investigation_suspended",
    "investigation_resumed", "investigation_concluded", "file_to_procuracy", "returned_vks", "prosecution_decision",
    "case_accepted", "returned_court", "trial_decision", "first_instance_trial_opened", "first_instance_judgment",
    "appeal_filed", "judgment_final", "no_means", "enforcement_decision", "terminated", "supervision_ended",
    "placed_under_supervision", "expert_requested", "expert_result", "detention_ordered", "detention_extended",
    "inspection_concluded", "conclusion_carried_out", "progress_note", "progress_note",
)  # fmt: skip
LENGTHS = {
    "investigation_extended": ("2m", "4m", ""), "expert_requested": ("30d", ""), "detention_ordered": ("60d", ""),
    "detention_extended": ("30d",), "inspection_concluded": ("30d", ""),
}  # fmt: skip


def at(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC)


def night(engine: Engine, day: date, *, full: bool = False, check: bool = False) -> Written:
    with transaction(engine) as session:
        found = find(session, SYSTEM, as_of=day, full=full, check=check)
        return judgements.write(session, SYSTEM, found, now=at(day))


def rows(session: Session, table: Any) -> dict[int, dict[str, Any]]:
    return {row.case_id: dict(row._mapping) for row in session.connection().execute(table.select())}


def kept_is_what_judging_says(engine: Engine, day: date) -> int:
    """Verdicts, flags, money, and what the command prints; how many files are open."""
    with read_session(engine) as session:
        fresh = list(judged.verdicts(session, SYSTEM, as_of=day))
        assert rows(session, Judgement.__table__) == {each.case_id: judged.row_of(each) for each in fresh}  # type: ignore[attr-defined]
        limits = judged.thresholds()
        said = {
            (each.case_id, flag.rule, flag.subject, flag.since, flag.owner, flag.article)
            for each in fresh
            for flag in flags_of(each, day, limits)
        }
        flag = Flag.__table__  # type: ignore[attr-defined]
        columns = (flag.c.case_id, flag.c.rule, flag.c.subject, flag.c.opened_on, flag.c.owner, flag.c.article)
        kept = session.connection().execute(select(*columns).where(flag.c.closed_on.is_(None)))
        assert {tuple(row) for row in kept} == said
        lines = MoneyLine.__table__  # type: ignore[attr-defined]
        assert {tuple(row) for row in session.connection().execute(lines.select())} == {
            tuple(row) for row in session.connection().execute(lines_by_file(SYSTEM, as_of=day))
        }
        told = [flag_stalled.files(session, SYSTEM, as_of=day, full=full) for full in (False, True)]
        assert flag_stalled.as_json(told[0], as_of=day) == flag_stalled.as_json(told[1], as_of=day)
        return len(fresh)


def pages_say_the_same(engine: Engine, day: date) -> None:
    """What a page reads, after changes of the day too: the same as judging all files afresh."""
    with read_session(engine) as session:
        seen = judged.judged(session, SYSTEM, as_of=day)
        found = {row.case_id: dict(row._mapping) for row in session.connection().execute(select(seen))}
        assert found == {each.case_id: judged.row_of(each) for each in judged.verdicts(session, SYSTEM, as_of=day)}
        lines = session.connection().execute(select(lines_of_files(session, SYSTEM, day, None)))
        summed = session.connection().execute(lines_by_file(SYSTEM, as_of=day))
        assert {tuple(row) for row in lines} == {tuple(row) for row in summed}


class Province:
    """A few files to which things happen."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine, self.chance, self.codes, self.tasks = engine, Random(seed), 0, 0

    def day(self, today: date) -> date:
        """Mostly a day that has been, rarely one to come."""
        return today - timedelta(days=self.chance.choice((0, 0, 1, 5, 30, 200, -3, -40)))

    def new_file(self, session: Session, today: date) -> None:
        self.codes += 1
        make.case(
            session,
            code=f"VA-{self.codes}",
            severity=self.chance.choice((None, *Severity)),
            articles=self.chance.choice(("", "353(2)", "222(3)")),
            level=self.chance.choice(("", "tỉnh")),
            supervised_from=self.day(today) if self.chance.random() < 0.2 else None,
            events=[self.event(today) for _ in range(self.chance.randint(0, 5))],
            money=[("must_recover", self.day(today), 5_000_000)] if self.chance.random() < 0.5 else (),
            at=at(today),
        )

    def event(self, today: date) -> make.EventSpec:
        kind = self.chance.choice(KINDS)
        day = self.day(today)
        on = day if self.chance.random() < 0.8 else f"{day:%Y-%m}"
        return kind, on, {"length": self.chance.choice(LENGTHS.get(kind, ("",)))}

    def file(self, session: Session) -> Case:
        return self.chance.choice(session.execute(select(Case).order_by(col(Case.id))).scalars().all())

    def happens(self, session: Session, today: date) -> None:
        file = self.file(session)
        kind, on, more = self.event(today)
        make.event(session, case=file, kind=kind, on=on, at=at(today), **more)

    def is_retracted(self, session: Session, today: date) -> None:
        current = select(CaseEvent).where(col(CaseEvent.retracted_at).is_(None)).order_by(col(CaseEvent.id))
        if found := session.execute(current).scalars().all():
            event = self.chance.choice(found)
            event.retracted_at = at(today)
            raise_revisions(session, [event.case_id])

    def is_described_anew(self, session: Session, today: date) -> None:
        file = self.file(session)
        current = select(CaseDetail).where(col(CaseDetail.case_id) == file.id, col(CaseDetail.retracted_at).is_(None))
        old = session.execute(current).scalars().one()
        values = old.model_dump(exclude={"id", "search_text"})
        old.retracted_at = at(today)
        session.flush()
        severity = self.chance.choice((None, *Severity))
        session.add(CaseDetail(**values | {"severity": severity, "supervised_from": self.day(today)}))
        raise_revisions(session, [file.id or 0])

    def gets_money(self, session: Session, today: date) -> None:
        make.entry(
            session, case=self.file(session), quantity="recovered", on=self.day(today), amount_vnd=1000, at=at(today)
        )

    def gets_a_task(self, session: Session, today: date) -> None:
        self.tasks += 1
        due = today + timedelta(days=self.chance.randint(-20, 40))
        origin = self.chance.choice((TaskOrigin.CONCLUSION, TaskOrigin.PROGRAMME))
        make.task(
            session, code=f"NV-{self.tasks}", case=self.file(session), assigned_on=min(due, self.day(today)),
            due_on=due, origin=origin, at=at(today),
        )  # fmt: skip

    def task_moves(self, session: Session, today: date) -> None:
        current = select(Task).where(col(Task.retracted_at).is_(None)).order_by(col(Task.id))
        if found := session.execute(current).scalars().all():
            old = self.chance.choice(found)
            values = old.model_dump(exclude={"id"})
            old.retracted_at = at(today)
            session.flush()
            settled = self.chance.choice(("claimed_on", "done_on", "cancelled_on"))
            session.add(Task(**values | {settled: self.day(today)}))
            raise_revisions(session, [old.case_id or 0])

    def live(self, today: date) -> None:
        """What is recorded on a day: often nothing."""
        with transaction(self.engine) as session:
            for _ in range(self.chance.choice((0, 0, 0, 1, 1, 3))):
                change: Callable[[Session, date], None] = self.chance.choice(
                    (
                        self.happens, self.happens, self.happens, self.is_retracted, self.is_described_anew,
                        self.gets_money, self.gets_a_task, self.task_moves,
                    )
                )  # fmt: skip
                change(session, today)
            if self.codes < 12 and self.chance.random() < 0.05:
                self.new_file(session, today)
            session.info["changed"] = True


def change_a_rule(engine: Engine, today: date) -> None:
    with transaction(engine) as session:
        row = next(each for each in current_limits(session) if (each.code, each.severity) == ("INV", "serious"))
        rules.change_limit(session, SYSTEM, row.id, reason="thử", now=at(today), base_limit="45d")


def change_the_calendar(engine: Engine, today: date) -> None:
    off = calendar.DayDraft(day=date(2026, 6, 3), kind=DayKind.HOLIDAY, name_vi="Nghỉ bão", name_en="Typhoon")
    with transaction(engine) as session:
        calendar.add_day(session, SYSTEM, off, source="Thông báo", reason="thử", now=at(today))


@pytest.fixture
def threshold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Sets a threshold as a restart with another setting would."""

    def set_(name: str, value: str) -> None:
        monkeypatch.setenv(f"LIEM_{name}", value)
        settings.cache_clear()

    yield set_
    monkeypatch.undo()
    settings.cache_clear()


def live_through(
    engine: Engine, nights: int, seed: int, threshold: Callable[[str, str], None], *, look_every: int = 1
) -> list[Written]:
    """What each night wrote; looked at against judging all files afresh."""
    province = Province(engine, seed)
    with transaction(engine) as session:
        for _ in range(6):
            province.new_file(session, FIRST)
    written = []
    for number in range(nights):
        today = FIRST + timedelta(days=number)
        province.live(today)
        if number == nights // 4:
            change_a_rule(engine, today)
        if number == nights // 3:
            change_the_calendar(engine, today)
        if number == nights // 2:
            threshold("NO_NEWS_AMBER_DAYS", "20")
        if number % look_every == 0:
            pages_say_the_same(engine, today)
        if province.chance.random() < 0.9:  # some nights are missed
            written.append(night(engine, today, check=number % 2 == 0))
            assert written[-1].wrong == ()
            if number % look_every == 0:
                assert kept_is_what_judging_says(engine, today) > 0
    return written


def test_night_by_night_what_is_kept_equals_judging_every_file_over_more_than_a_year(
    sqlite_url: str, threshold: Callable[[str, str], None]
) -> None:
    engine = make_engine(sqlite_url)
    written = live_through(engine, 410, 1, threshold)
    judged_at_night = [each.did["judged"] - each.did["self_check"]["files"] for each in written]
    assert sum(judged_at_night) < 0.35 * sum(each.did["open"] for each in written)  # most verdicts stood
    assert sum(each.did["flags_opened"] for each in written) > 100
    engine.dispose()


def test_the_same_on_the_other_database(postgres_url: str, threshold: Callable[[str, str], None]) -> None:
    engine = make_engine(postgres_url)
    live_through(engine, 60, 3, threshold)
    engine.dispose()


def two_files(engine: Engine) -> None:
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-01-05")])
        make.case(session, code="VA-2", events=[("case_initiated", "2026-01-12")])
        make.case(session, code="VA-3", events=[("case_initiated", "2025-01-06"), ("terminated", "2025-03-03")])


def test_of_many_files_only_the_one_that_changed_is_judged_the_ended_ones_neither(engine: Engine) -> None:
    two_files(engine)
    day = date(2026, 1, 20)
    assert night(engine, day).did["judged"] == 3
    assert night(engine, day + timedelta(days=1)).did["judged"] == 0
    with transaction(engine) as session:
        file = session.execute(select(Case).where(col(Case.code) == "VA-2")).scalars().one()
        make.event(session, case=file, kind="progress_note", on="2026-01-21")
    with read_session(engine) as session:
        assert list(judged.stale(session, SYSTEM, day + timedelta(days=2))) == [file.id]
    assert night(engine, day + timedelta(days=2)).did["judged"] == 1
    assert night(engine, day + timedelta(days=2), full=True).did["verdicts_changed"] == 0


def test_a_verdict_stands_until_its_last_day_and_not_before_it_was_judged(engine: Engine) -> None:
    two_files(engine)
    night(engine, date(2026, 1, 20))
    with read_session(engine) as session:
        kept = rows(session, JudgedFile.__table__)  # type: ignore[attr-defined]
        last = min(row["holds_until"] for row in kept.values())
        assert last == date(2026, 2, 4)  # VA-1 has no news for 30 days on 4 February
        for day, old in ((date(2026, 1, 19), 3), (date(2026, 1, 20), 0), (last, 0), (last + timedelta(days=1), 1)):
            assert len(judged.stale(session, SYSTEM, day)) == old


@pytest.mark.parametrize("what", ("rule", "calendar", "threshold", "agency"))
def test_another_rule_calendar_threshold_or_agency_has_every_file_judged(
    what: str, engine: Engine, threshold: Callable[[str, str], None]
) -> None:
    two_files(engine)
    day = date(2026, 1, 20)
    night(engine, day)
    with read_session(engine) as session:
        assert judged.is_fresh(session, day)
        assert judged.stale(session, SYSTEM, day) == {}
    if what == "rule":
        change_a_rule(engine, day)
    elif what == "calendar":
        change_the_calendar(engine, day)
    elif what == "threshold":
        threshold("DETENTION_DAYS", "20")
    else:
        with transaction(engine) as session:
            make.agency(session, code="MỚI")
    with read_session(engine) as session:
        assert not judged.is_fresh(session, day)
        assert len(judged.stale(session, SYSTEM, day)) == 3
    pages_say_the_same(engine, day)


def test_a_stored_verdict_that_is_wrong_is_found_within_a_week_put_right_and_told(engine: Engine) -> None:
    two_files(engine)
    night(engine, date(2026, 1, 20))
    with transaction(engine) as session:
        file = session.execute(select(Case).where(col(Case.code) == "VA-2")).scalars().one()
        session.execute(JudgedFile.__table__.update().values(holds_until=date(2027, 1, 1)))  # type: ignore[attr-defined]
        session.execute(Judgement.__table__.update().where(col(Judgement.case_id) == file.id).values(bucket="paused"))  # type: ignore[attr-defined]
    told = []
    for number in range(1, 8):
        today = date(2026, 1, 20) + timedelta(days=number)
        with transaction(engine) as session:
            plan = flag_stalled.read(session, SYSTEM, today, at(today))
            result = flag_stalled.write(session, SYSTEM, plan, today, at(today))
        assert result.did["self_check"]["wrong"] == len(result.failed)
        told += [item["subject"] for item in result.failed]
    assert told == ["case:VA-2"]
    kept_is_what_judging_says(engine, date(2026, 1, 27))


def test_full_puts_right_what_is_wrong_at_once(engine: Engine) -> None:
    two_files(engine)
    day = date(2026, 1, 20)
    night(engine, day)
    with transaction(engine) as session:
        session.execute(Judgement.__table__.update().values(bucket="paused"))  # type: ignore[attr-defined]
    assert night(engine, day).did["verdicts_changed"] == 0
    assert night(engine, day, full=True).did["verdicts_changed"] == 2
    kept_is_what_judging_says(engine, day)


def test_a_file_whose_description_is_gone_has_no_verdict_and_comes_back_with_it(engine: Engine) -> None:
    two_files(engine)
    day = date(2026, 1, 20)
    night(engine, day)
    with transaction(engine) as session:
        old = session.execute(select(CaseDetail).order_by(col(CaseDetail.id))).scalars().first()
        assert old is not None
        old.retracted_at = at(day)
        raise_revisions(session, [old.case_id])
        session.info["changed"] = True
    assert night(engine, day).did["open"] == 1
    kept_is_what_judging_says(engine, day)
    with transaction(engine) as session:
        detail = CaseDetail.__table__  # type: ignore[attr-defined]
        session.execute(detail.update().where(detail.c.id == old.id).values(retracted_at=None))
        raise_revisions(session, [old.case_id])
        session.info["changed"] = True
    assert night(engine, day).did["open"] == 2
    kept_is_what_judging_says(engine, day)
