"""Requests are recorded as versions: nobody overwrites a colleague, and what cannot be is refused field by field."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.changes import coordination
from models.changes.coordination import RequestDraft, StaleRequest
from models.db import Session, read_session, transaction
from models.enums import CoordinationKind
from models.errors import FieldErrors, Forbidden, NotFound
from models.rules.access import Viewer
from models.rules.words import Refusal
from models.tables import AuditEntry, Case, CoordinationRequest
from tests import cast, make

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2026, 11, 20)
WHEN: dict[str, Any] = {"now": NOW, "today": TODAY}
DRAFT = RequestDraft(
    asks="CQDT", asked="STC", kind=CoordinationKind.DOCUMENT, subject="Sao kê tài khoản", sent_on=date(2026, 11, 2)
)


@pytest.fixture
def office(engine: Engine) -> Engine:
    """A database with the two agencies and one file."""
    with transaction(engine) as session:
        make.agency(session)
        make.agency(session, code="STC", name_vi="Sở Tài chính", name_en="Finance department")
        make.case(session, code="VA-1")
    return engine


def sent(engine: Engine, **more: Any) -> CoordinationRequest:
    with transaction(engine) as session:
        return coordination.send_request(session, cast.SECRETARIAT, replace(DRAFT, **more), **WHEN)


def versions(engine: Engine, code: str) -> list[CoordinationRequest]:
    with read_session(engine) as session:
        asked = select(CoordinationRequest).where(CoordinationRequest.code == code)
        return list(session.exec(asked.order_by(col(CoordinationRequest.id))))


def audit(engine: Engine) -> list[AuditEntry]:
    with read_session(engine) as session:
        asked = select(AuditEntry).where(col(AuditEntry.action).startswith("request_"))
        return list(session.exec(asked.order_by(col(AuditEntry.id))))


def revision(engine: Engine) -> int:
    with read_session(engine) as session:
        return session.exec(select(Case.revision).where(Case.code == "VA-1")).one()


def test_a_request_gets_the_next_code_of_the_year_it_was_sent_in(office: Engine) -> None:
    codes = [sent(office).code, sent(office).code, sent(office, sent_on=date(2025, 12, 30)).code]
    assert codes == ["PH-2026-001", "PH-2026-002", "PH-2025-001"]
    assert [entry.action for entry in audit(office)] == ["request_sent"] * 3


def test_two_requests_at_once_get_two_codes(office: Engine) -> None:
    start = Barrier(2)

    def record() -> None:
        start.wait()
        sent(office)

    both = [Thread(target=record) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    with read_session(office) as session:
        assert sorted(session.exec(select(CoordinationRequest.code))) == ["PH-2026-001", "PH-2026-002"]


def test_a_request_about_a_file_raises_its_revision_at_every_change_and_stands_in_its_history(office: Engine) -> None:
    request = sent(office, case_code="va-1")
    assert revision(office) == 2
    with transaction(office) as session:
        coordination.note_reply(
            session, cast.SECRETARIAT, request.code, version=request.id or 0, replied_on=date(2026, 11, 5), **WHEN
        )
    assert revision(office) == 3
    assert {entry.subject for entry in audit(office)} == {"case:VA-1"}


def test_a_reply_makes_a_new_version_and_keeps_the_old_one_as_it_was(office: Engine) -> None:
    request = sent(office)
    with transaction(office) as session:
        coordination.note_reply(
            session, cast.SECRETARIAT, request.code, version=request.id or 0, replied_on=date(2026, 11, 5),
            document="Số 12/STC", summary="Đã gửi sao kê", partial=True, **WHEN,
        )  # fmt: skip
    old, new = versions(office, request.code)
    assert (old.retracted_at, old.retract_reason, old.replied_on) == (NOW, "reply recorded", None)
    assert (new.replied_on, new.reply_document, new.partial, new.retracted_at) == (
        date(2026, 11, 5), "Số 12/STC", True, None,
    )  # fmt: skip
    assert new.recorded_at == NOW


def test_whoever_shows_an_older_version_overwrites_nothing(office: Engine) -> None:
    request = sent(office)
    with transaction(office) as session:
        coordination.note_receipt(
            session, cast.SECRETARIAT, request.code, version=request.id or 0, received_on=date(2026, 11, 3), **WHEN
        )
    with pytest.raises(StaleRequest, match="Somebody else changed the request PH-2026-001"), transaction(office) as s:
        coordination.note_reply(
            s, cast.SECRETARIAT, request.code, version=request.id or 0, replied_on=date(2026, 11, 5), **WHEN
        )
    assert [row.replied_on for row in versions(office, request.code)] == [None, None]


def test_of_two_replies_at_once_one_is_kept_and_the_other_is_told(office: Engine) -> None:
    request = sent(office)
    start, told = Barrier(2), []

    def reply(day: int) -> None:
        start.wait()
        try:
            with transaction(office) as session:
                coordination.note_reply(
                    session, cast.SECRETARIAT, request.code, version=request.id or 0, replied_on=date(2026, 11, day),
                    **WHEN,
                )  # fmt: skip
        except StaleRequest as error:
            told.append(error)

    both = [Thread(target=reply, args=(day,)) for day in (4, 5)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(told) == 1
    assert len(versions(office, request.code)) == 2


def test_a_request_is_escalated_withdrawn_and_corrected_with_a_reason(office: Engine) -> None:
    version = sent(office)
    with transaction(office) as session:
        version = coordination.escalate(
            session, cast.SECRETARIAT, version.code, version=version.id or 0, escalated_on=date(2026, 11, 18), **WHEN
        )
    with transaction(office) as session:
        version = coordination.cancel(
            session, cast.SECRETARIAT, version.code, version=version.id or 0, cancelled_on=date(2026, 11, 19),
            reason="Đã có trong hồ sơ", **WHEN,
        )  # fmt: skip
    with transaction(office) as session:
        draft = coordination.draft_of(session, cast.SECRETARIAT, version.code)
        again = replace(draft, cancelled_on=None, case_code="VA-1")
        coordination.correct(
            session, cast.SECRETARIAT, version.code, version=version.id or 0, draft=again, reason="Nhầm phiếu", **WHEN
        )
    rows = versions(office, version.code)
    assert [row.retract_reason for row in rows] == ["escalated", "Đã có trong hồ sơ", "Nhầm phiếu", ""]
    assert (rows[-1].cancelled_on, rows[-1].escalated_on) == (None, date(2026, 11, 18))
    assert revision(office) == 2
    assert [entry.action for entry in audit(office)] == [
        "request_sent", "request_escalated", "request_cancelled", "request_corrected",
    ]  # fmt: skip


def test_a_correction_that_changes_nothing_is_refused(office: Engine) -> None:
    request = sent(office)
    with pytest.raises(Refusal, match="Nothing would change"), transaction(office) as session:
        coordination.correct(
            session, cast.SECRETARIAT, request.code, version=request.id or 0, draft=DRAFT, reason="thử", **WHEN
        )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"subject": "  "}, "subject"),
        ({"subject": "x" * 2001}, "subject"),
        ({"document": "x" * 201}, "document"),
        ({"asked": "CQDT"}, "asked"),
        ({"asked": "NOBODY"}, "asked"),
        ({"asks": ""}, "asks"),
        ({"case_code": "VA-9"}, "case_code"),
        ({"sent_on": date(2026, 11, 21)}, "sent_on"),
        ({"sent_on": date(1989, 12, 31)}, "sent_on"),
        ({"received_on": date(2026, 11, 1)}, "received_on"),
        ({"received_on": date(2026, 11, 21)}, "received_on"),
        ({"due_on": date(2026, 11, 1)}, "due_on"),
        ({"replied_on": date(2026, 11, 1)}, "replied_on"),
        ({"document_on": date(2026, 11, 3)}, "document_on"),
        ({"reply_summary": "Đã gửi"}, "replied_on"),
        ({"partial": True}, "replied_on"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_field(office: Engine, given: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        sent(office, **given)
    assert set(refused.value.fields) == {field}
    assert versions(office, "PH-2026-001") == []


@pytest.mark.parametrize(
    "given",
    [
        {"subject": "x" * 2000, "document": "x" * 200},
        {"sent_on": TODAY},
        {"received_on": date(2026, 11, 2), "due_on": date(2026, 11, 2), "document_on": date(2026, 11, 2)},
        {"replied_on": TODAY, "partial": True},
        {"due_on": date(2027, 6, 1)},
    ],
)
def test_the_last_values_that_can_be_are_taken(office: Engine, given: dict[str, Any]) -> None:
    assert sent(office, **given).code.startswith("PH-")


def test_pasted_words_are_cleaned_and_several_wrong_fields_are_named_at_once(office: Engine) -> None:
    assert sent(office, subject="\u202eSao kê\x00 \u200b").subject == "Sao kê"
    with pytest.raises(FieldErrors) as refused:
        sent(office, subject="", sent_on=date(2027, 1, 1))
    assert set(refused.value.fields) == {"subject", "sent_on"}


def test_an_answered_request_is_not_escalated_and_a_withdrawn_one_not_answered(office: Engine) -> None:
    answered = sent(office, replied_on=date(2026, 11, 5))
    with pytest.raises(Refusal, match="answered already"), transaction(office) as session:
        coordination.escalate(
            session, cast.SECRETARIAT, answered.code, version=answered.id or 0, escalated_on=TODAY, **WHEN
        )
    withdrawn = sent(office, cancelled_on=date(2026, 11, 5))
    with pytest.raises(Refusal, match="withdrawn on"), transaction(office) as session:
        coordination.note_reply(
            session, cast.SECRETARIAT, withdrawn.code, version=withdrawn.id or 0, replied_on=TODAY, **WHEN
        )


@pytest.mark.parametrize("viewer", (cast.MEMBER, *cast.OUTSIDERS), ids=lambda viewer: viewer.name)
def test_only_the_secretariat_records(office: Engine, viewer: Viewer) -> None:
    request = sent(office)
    tries: list[Callable[[Session], object]] = [
        lambda s: coordination.send_request(s, viewer, DRAFT, **WHEN),
        lambda s: coordination.note_reply(s, viewer, request.code, version=request.id or 0, replied_on=TODAY, **WHEN),
        lambda s: coordination.draft_of(s, viewer, request.code),
    ]
    for attempt in tries:
        with pytest.raises(Forbidden), transaction(office) as session:
            attempt(session)
    assert len(versions(office, request.code)) == 1


def test_a_code_that_is_not_there_is_said(office: Engine) -> None:
    with pytest.raises(NotFound, match="PH-2026-404"), transaction(office) as session:
        coordination.note_receipt(session, cast.SECRETARIAT, "PH-2026-404", version=1, received_on=TODAY, **WHEN)
