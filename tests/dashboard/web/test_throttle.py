"""An address that fails too often has to wait, and only that one, and only for a while."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.web import throttle

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _afresh():
    throttle.forget()


def fail(address: str, times: int, at: datetime = NOW) -> None:
    for _ in range(times):
        throttle.note_failure(address, now=at)


def test_the_last_failure_below_the_limit_does_not_block_and_the_next_one_does():
    fail("10.0.0.1", throttle.LIMIT - 1)
    assert not throttle.is_waiting("10.0.0.1", now=NOW)
    fail("10.0.0.1", 1)
    assert throttle.is_waiting("10.0.0.1", now=NOW)


def test_another_address_is_not_concerned():
    fail("10.0.0.1", throttle.LIMIT)
    assert not throttle.is_waiting("10.0.0.2", now=NOW)


def test_failures_are_forgotten_after_a_while():
    fail("10.0.0.1", throttle.LIMIT)
    assert throttle.is_waiting("10.0.0.1", now=NOW + throttle.WHILE - timedelta(seconds=1))
    assert not throttle.is_waiting("10.0.0.1", now=NOW + throttle.WHILE)


def test_memory_is_bounded():
    for number in range(throttle.ADDRESSES + 5):
        throttle.note_failure(str(number), now=NOW)
    assert len(throttle._failures) == throttle.ADDRESSES
