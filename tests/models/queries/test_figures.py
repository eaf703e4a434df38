"""Figures: the same from the stored verdicts and judged afresh, every one with its records, every sum closed."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from models.changes import judgements
from models.db import read_session, transaction
from models.enums import Bucket, Category, Kind, Quantity, Stage
from models.queries import judged
from models.queries.figures import Figures, day_figures
from models.queries.period_figures import report_figures
from models.queries.standing import find
from models.rules.access import Viewer
from models.rules.periods import parse_period
from tests import cast, make

DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


@pytest.fixture
def province(engine: Engine) -> Engine:
    """Six files whose verdicts on DAY are known, one of them ended, one with money."""
    with transaction(engine) as session:
        make.case(
            session,
            code="VA-1",
            events=[("case_initiated", "2026-10-01")],
            accused_count=3,
            money=[("must_recover", "2026-10-05", 1000), ("recovered", "2026-11-05", 250)],
        )
        make.case(session, code="VA-2", events=[("case_initiated", "2026-08-20")])
        make.case(
            session,
            code="VA-3",
            events=[("case_initiated", "2026-04-01")],
            accused_count=2,
            categories=(Category.WASTE, Category.NEGATIVITY),
        )
        make.case(
            session, code="VA-4", events=[("case_initiated", "2026-04-01"), ("investigation_suspended", "2026-06-01")]
        )
        make.case(session, code="VV-5", kind=Kind.INCIDENT, severity=None, events=[("inspection_opened", "2026-11-01")])
        make.case(session, code="VA-6", events=[("case_initiated", "2025-02-03"), ("terminated", "2026-03-03")])
        make.task(session, code="NV-1", due_on="2026-11-20")
        make.task(session, code="NV-2", due_on="2026-11-21")
        make.task(session, code="NV-3", due_on="2026-11-20", done_on=date(2026, 11, 25))
        make.task(session, code="NV-4", due_on="2026-11-20", done_on=date(2026, 11, 20))
        make.task(session, code="NV-5", due_on="2026-11-20", claimed_on=date(2026, 11, 20))
        make.task(session, code="NV-6", due_on="2026-11-20", cancelled_on=date(2026, 11, 1))
        make.session_(session, number=1, held_on="2026-10-10")
    return engine  # fmt: skip


def of(engine: Engine, **more: object) -> Figures:
    with read_session(engine) as session:
        return day_figures(session, cast.MEMBER, as_of=DAY, records=True, **more)  # type: ignore[arg-type]


def test_every_open_file_is_in_exactly_one_bucket_and_the_sum_is_the_open_files(province: Engine) -> None:
    figures = of(province)
    buckets = {bucket: figures[f"bucket.{bucket}"] for bucket in Bucket}
    assert {bucket: figure.records for bucket, figure in buckets.items() if figure.records} == {
        Bucket.ON_TIME: ("VA-1",),
        Bucket.OVERDUE_1_30: ("VA-2",),  # 20/8 and three months: Friday 20/11 was the last day
        Bucket.OVERDUE_91_365: ("VA-3",),
        Bucket.PAUSED: ("VA-4",),
        Bucket.NO_LIMIT: ("VV-5",),
    }
    assert sum(figure.value or 0 for figure in buckets.values()) == figures.value("files.open") == 5
    assert sum(figures.value(f"stage.{stage}") for stage in Stage) == 5


def test_every_figure_counts_exactly_its_records(province: Engine) -> None:
    for figure in of(province).values():
        if figure.unit in ("files", "tasks"):
            assert figure.value == len(figure.records) == len(set(figure.records)), figure.id


def test_stored_verdicts_give_the_same_figures_as_judging_afresh(province: Engine) -> None:
    afresh = of(province)
    with transaction(province) as session:
        found = find(session, cast.SECRETARIAT, as_of=DAY)
        judgements.write(session, cast.SECRETARIAT, found, now=NOW)
    with read_session(province) as session:
        assert judged.is_fresh(session, DAY)
    assert dict(of(province)) == dict(afresh)


def test_a_change_after_the_scan_is_in_the_figures_at_once(province: Engine) -> None:
    with transaction(province) as session:
        found = find(session, cast.SECRETARIAT, as_of=DAY)
        judgements.write(session, cast.SECRETARIAT, found, now=NOW)
    with transaction(province) as session:
        make.case(session, code="VA-7", events=[("case_initiated", "2026-11-02")])
    with read_session(province) as session:
        assert not judged.is_fresh(session, DAY)
    assert of(province).value("files.open") == 6


def test_money_and_rates_of_the_day(province: Engine) -> None:
    figures = of(province)
    assert figures.value(f"money.{Quantity.RECOVERED}") == 250
    assert figures.value("money.recovered.against_must_recover") == 250
    rate = figures["rate.strict"]
    assert (rate.numerator, rate.denominator, rate.value) == (250, 1000, None)
    assert (figures["rate.official"].numerator, figures["rate.official"].denominator) == (0, 0)
    assert figures.value("money.outstanding") == 750


def test_what_was_recovered_in_a_file_without_an_amount_to_be_recovered_is_in_no_rate(province: Engine) -> None:
    with transaction(province) as session:
        make.case(
            session, code="VA-7", events=[("case_initiated", "2026-11-01")], money=[("recovered", "2026-11-02", 70)]
        )
    figures = of(province)
    assert figures.value(f"money.{Quantity.RECOVERED}") == 320
    part = figures["money.recovered.against_must_recover"]
    assert (part.value, part.records) == (250, ("VA-1",))
    assert part.value == figures["rate.strict"].numerator
    assert figures.value("money.must_recover") - (part.value or 0) == figures.value("money.outstanding")


def test_tasks_by_state_a_claim_is_not_done_and_the_last_day_is_in_time(province: Engine) -> None:
    figures = of(province)
    assert {name: figures[f"tasks.{name}"].records for name in ("late", "open", "done", "claimed", "assigned")} == {
        "late": ("NV-1", "NV-3"),
        "open": ("NV-2",),
        "done": ("NV-4",),
        "claimed": ("NV-5",),
        "assigned": ("NV-1", "NV-2", "NV-3", "NV-4", "NV-5"),
    }


def test_accused_and_categories_of_the_open_files(province: Engine) -> None:
    figures = of(province)
    assert figures.value("accused.open") == 5
    assert {c: figures[f"files.{c}"].records for c in (Category.WASTE, Category.NEGATIVITY)} == {
        Category.WASTE: ("VA-3",),
        Category.NEGATIVITY: ("VA-3",),
    }


@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_who_may_not_see_files_counts_nothing(province: Engine, viewer: Viewer) -> None:
    with transaction(province) as session:
        found = find(session, cast.SECRETARIAT, as_of=DAY)
        judgements.write(session, cast.SECRETARIAT, found, now=NOW)
    with read_session(province) as session:
        for figure in day_figures(session, viewer, as_of=DAY, records=True).values():
            assert not figure.value and not figure.records and not figure.numerator, figure.id


def test_what_remained_of_a_period_is_carried_into_the_next_though_files_were_merged(engine: Engine) -> None:
    """The one merged away leaves the police by the merger: it is neither concluded nor forgotten."""
    merged_on = "2026-03-16"
    with transaction(engine) as session:
        for code, own in (("VA-1", "merged_from"), ("VA-2", "merged_into")):
            make.case(session, code=code, events=[("case_initiated", "2025-11-03"), (own, merged_on)])
        make.case(session, code="VA-3", events=[("case_initiated", "2026-02-02"), ("merged_into", merged_on)])

    def police(period: str, as_of: date) -> dict[str, tuple[str, ...]]:
        with read_session(engine) as session:
            found = report_figures(session, cast.MEMBER, period=parse_period(period), as_of=as_of)
        names = ("carried", "new", "done", "merged", "remaining")
        return {name: codes for name in names if (codes := found[f"pl3.police.{name}.cases"].records)}

    both = ("VA-1", "VA-2")
    assert police("2025", date(2025, 12, 31)) == police("2025", DAY) == {"new": both, "remaining": both}
    day_before = {"carried": both, "new": ("VA-3",), "remaining": (*both, "VA-3")}
    assert police("2026", date(2026, 3, 15)) == day_before
    assert police("2026", date(2026, 3, 16)) == {
        "carried": both, "new": ("VA-3",), "merged": ("VA-2", "VA-3"), "remaining": ("VA-1",)
    }  # fmt: skip
    assert police("2026-Q3", DAY) == {"carried": ("VA-1",), "remaining": ("VA-1",)}


def test_the_list_of_a_period_balances(province: Engine) -> None:
    with read_session(province) as session:
        figures = report_figures(session, cast.MEMBER, period=parse_period("2026"), as_of=DAY)
    flow = {name: figures[f"files.{name}"].records for name in ("carried", "new", "ended", "remaining")}
    assert flow == {
        "carried": ("VA-6",),
        "new": ("VA-1", "VA-2", "VA-3", "VA-4", "VV-5"),
        "ended": ("VA-6",),
        "remaining": ("VA-1", "VA-2", "VA-3", "VA-4", "VV-5"),
    }
    for holder in ("police", "procuracy", "court", "all"):
        for unit in ("cases", "accused"):
            column = {
                name: figures.value(f"pl3.{holder}.{name}.{unit}")
                for name in ("carried", "new", "total", "done", "terminated", "suspended", "merged", "remaining")
            }
            out = sum(column[name] for name in ("done", "terminated", "suspended", "merged", "remaining"))
            assert column["carried"] + column["new"] == column["total"] == out, (holder, unit)
    assert figures["pl3.police.terminated.cases"].records == ("VA-6",)
    assert figures["pl3.police.suspended.cases"].records == ("VA-4",)
    assert figures["events.case_initiated"].records == ("VA-1", "VA-2", "VA-3", "VA-4")
    assert figures.value("money.recovered.period") == 250
    assert figures.value("sessions.committee") == 1


@pytest.mark.parametrize("day", [date(2026, 10, 31), DAY])
def test_tasks_of_the_period_and_of_the_day_count_the_same_tasks(province: Engine, day: date) -> None:
    with read_session(province) as session:
        figures = report_figures(session, cast.MEMBER, period=parse_period("2026"), as_of=day)
    assert figures["tasks.assigned.period"].records == figures["tasks.assigned"].records
    withdrawn_later = day < date(2026, 11, 1)
    assert ("NV-6" in figures["tasks.assigned"].records) == withdrawn_later


def test_a_period_without_data_counts_nothing(province: Engine) -> None:
    with read_session(province) as session:
        figures = report_figures(session, cast.MEMBER, period=parse_period("2019"), as_of=date(2019, 12, 31))
    assert not any(figure.value or figure.numerator for figure in figures.values())
