"""A scan shared between two processes says what one process says, and loses no file whatever becomes of the second."""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from jobs import flag_stalled, shared_scan
from models.db import Session, make_engine, read_session, transaction
from models.queries import facts, told
from models.queries.facts import parts
from models.rules import judge
from models.rules.access import SYSTEM
from tests import cast, make

TODAY = date(2026, 6, 11)
NOW = datetime(2026, 6, 11, 1, tzinfo=UTC)
FILES = 40


@pytest.fixture
def many(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Files of every kind, which count as many: in parts of seven, and shared however few they are."""
    monkeypatch.setattr(facts, "AT_ONCE", 7)
    monkeypatch.setattr(flag_stalled, "SHARED_FROM", 1)
    monkeypatch.setattr(shared_scan, "processors", lambda: 2)
    with transaction(engine) as session:
        for number in range(FILES):
            day = date(2026, 1, 5) + timedelta(days=3 * number)
            events = [("report_received", "2025-10-01"), ("case_initiated", day.isoformat())]
            more = [
                ("terminated", "2026-06-10"),
                ("investigation_suspended", "2026-06-01"),
                ("progress_note", "2026-06"),
            ]
            made = make.case(
                session, code=f"VA-{number:02}", severity=None if number % 5 else "serious", articles="353(2)",
                events=[*events, more[number % 3]][: number % 4], money=[("recovered", "2026-02-02", 1000)],
            )  # fmt: skip
            if number % 6 == 0:
                make.task(session, code=f"NV-{number}", case=made, due_on="2026-05-04")
        session.info["changed"] = True
    yield engine


def said(engine: Engine, *, shared: bool, full: bool = True, viewer: Any = SYSTEM) -> dict[str, Any]:
    with read_session(engine) as session:
        found = flag_stalled.files(session, viewer, as_of=TODAY, full=full, shared=shared)
    return as_json(found)


def as_json(found: list[told.ToldFile]) -> dict[str, Any]:
    return json.loads(flag_stalled.as_json(found, as_of=TODAY))


def helped(session: Session) -> shared_scan.Answers | str:
    """What a helper of its own connection tells when all the parts are left to it."""
    work = shared_scan.order(session, SYSTEM, parts(session, SYSTEM), as_of=TODAY, full=True)
    engine = make_engine(work.url)
    try:
        with shared_scan._heap(len(work.parts)) as heap:
            return shared_scan._helped(engine, work, heap)
    finally:
        engine.dispose()


def test_two_processes_tell_what_one_tells(many: Engine, caplog: pytest.LogCaptureFixture) -> None:
    alone = said(many, shared=False)
    assert alone["open"] == len(alone["files"]) == sum(alone["buckets"].values()) > FILES / 2
    assert len({file["bucket"] for file in alone["files"]}) >= 4
    # the first process does nothing before the second has told everything: so it is the second that is looked at
    with read_session(many) as session:
        work = shared_scan.order(session, SYSTEM, parts(session, SYSTEM), as_of=TODAY, full=True)
        with shared_scan._heap(len(work.parts)) as heap, shared_scan._helper(work, heap) as helper:
            by_the_other = helper.told()
        assert [len(by_the_other[number].files) for number in range(len(work.parts))] == [
            len(told.tell(session, SYSTEM, part, as_of=TODAY, full=True).files) for part in work.parts
        ]
        codes = sorted(file.code for part in by_the_other.values() for file in part.files)
        assert codes == [file["code"] for file in alone["files"]]
        everything = sorted((file for part in by_the_other.values() for file in part.files), key=lambda file: file.code)
        assert as_json(everything) == alone
    assert said(many, shared=True) == alone
    flag_stalled.judge_and_keep(SYSTEM, today=TODAY, now=NOW, on=many)
    assert said(many, shared=True, full=False) == said(many, shared=False, full=False) == alone
    assert said(many, shared=True, viewer=cast.ADMINISTRATOR)["files"] == []
    assert caplog.records == []


def test_a_helper_that_sees_other_data_or_other_rules_leaves_the_work_to_the_first(many: Engine) -> None:
    with read_session(many) as session:
        work = shared_scan.order(session, SYSTEM, parts(session, SYSTEM), as_of=TODAY, full=True)
        assert isinstance(helped(session), dict)
        with transaction(many) as other:
            make.case(other, code="VA-99", events=[("case_initiated", "2026-03-02")])
            other.info["changed"] = True
        assert helped(session) == "something was saved in the meantime"
        alone = flag_stalled.files(session, SYSTEM, as_of=TODAY, full=True)
        assert flag_stalled.files(session, SYSTEM, as_of=TODAY, full=True, shared=True) == alone
        assert "VA-99" not in {file.code for file in alone}
    other_rules = replace(work, stamp="0" * 16, data_version=work.data_version + 1)
    with shared_scan._heap(len(work.parts)) as heap:
        assert shared_scan._helped(many, other_rules, heap) == "something was saved in the meantime"
        assert heap.take() == 0  # it has taken nothing that would be missing


@pytest.mark.parametrize("fate", ("cannot be started", "dies", "has another address"))
def test_a_helper_that_fails_costs_no_file(
    fate: str, many: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alone = said(many, shared=False)
    if fate == "cannot be started":
        monkeypatch.setattr(shared_scan, "COMMAND", ("/nowhere/at/all",))
    elif fate == "dies":
        monkeypatch.setattr(shared_scan, "COMMAND", (sys.executable, "-c", "raise SystemExit(9)"))
    monkeypatch.setattr(shared_scan, "_heap", _two_are_taken)
    with caplog.at_level(logging.WARNING), read_session(many) as session:
        work = shared_scan.order(session, SYSTEM, parts(session, SYSTEM), as_of=TODAY, full=True)
        if fate == "has another address":
            work = replace(work, url="sqlite:////nowhere/at/all.db")
        found = shared_scan.told_by_two(session, work)
    files = sorted((file for part in found for file in part.files), key=lambda file: file.code)
    assert as_json(files) == alone
    assert len(caplog.records) == 1


_heap = shared_scan._heap


@contextmanager
def _two_are_taken(many: int) -> Iterator[shared_scan.Heap]:
    """As if the helper had taken two parts before it failed."""
    with _heap(many) as heap:
        assert (heap.take(), heap.take()) == (0, 1)
        yield heap


def test_each_number_of_a_heap_is_taken_once_by_one_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    with shared_scan._heap(9) as heap:
        assert [heap.take() for _ in range(11)] == [*range(9), None, None]
    monkeypatch.setattr(shared_scan.os, "write", lambda end, given, write=os.write: write(end, given[:18]))
    with shared_scan._heap(9) as small:  # it holds four and a half
        assert [small.take() for _ in range(6)] == [0, 1, 2, 3, None, None]


def test_a_rule_that_fails_on_one_file_puts_that_file_alone_into_cannot_tell(
    many: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = said(many, shared=False)["files"]
    real = judge.course_of
    broken = before[3]["code"]

    def course_of(file: Any, today: date) -> Any:
        if file.code == broken:
            raise ZeroDivisionError("a rule that fails")
        return real(file, today)

    monkeypatch.setattr(judge, "course_of", course_of)
    with read_session(many) as session:
        answer = helped(session)
    assert isinstance(answer, dict)
    files = sorted((file for part in answer.values() for file in part.files), key=lambda file: file.code)
    after = as_json(files)["files"]
    assert [file for file in after if file["code"] != broken] == [file for file in before if file["code"] != broken]
    failed = next(file for file in after if file["code"] == broken)
    assert failed["bucket"] == "cannot_tell"
    assert failed["why"] == ["The rules failed on this file: ZeroDivisionError('a rule that fails')"]


def test_a_part_that_was_not_looked_at_is_refused(many: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    real = flag_stalled.tell

    def loses_one(*given: Any, **more: Any) -> told.ToldPart:
        part = real(*given, **more)
        return part._replace(seen=part.seen - 1)

    monkeypatch.setattr(flag_stalled, "tell", loses_one)
    with pytest.raises(flag_stalled.LostFile):
        said(many, shared=False)


def test_few_files_or_one_processor_are_not_shared(many: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> list[told.ToldPart]:
        raise AssertionError("a second process was started")

    monkeypatch.setattr(shared_scan, "told_by_two", never)
    monkeypatch.setattr(shared_scan, "processors", lambda: 1)
    assert said(many, shared=True)["open"] > 0
    monkeypatch.setattr(shared_scan, "processors", lambda: 2)
    monkeypatch.setattr(flag_stalled, "SHARED_FROM", FILES + 1)
    assert said(many, shared=True)["open"] > 0
    monkeypatch.setattr(flag_stalled, "SHARED_FROM", 1)
    flag_stalled.judge_and_keep(SYSTEM, today=TODAY, now=NOW, on=many)
    assert said(many, shared=True, full=False)["open"] > 0  # everything stands: nothing is judged
