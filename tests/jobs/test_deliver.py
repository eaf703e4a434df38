"""Mails leave once, are kept until they have left, and never tell the password."""

import logging
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult
from sqlmodel import col, select

from jobs.deliver import LONGEST_PAUSE, UNDER_WAY, WrongMailSetting, deliver, is_due, mail_server, message, pause
from models.changes import reminders
from models.db import read_session, transaction
from models.errors import Forbidden
from models.queries.runs import MailRow, outbox, unsent_mails
from models.rules.access import SYSTEM
from models.settings import ROOT
from models.tables import AuditEntry
from tests import cast
from tests.serving import free_port

DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(moment):
    return lambda session: moment


def put(engine, *recipients: str, subject: str = "Quá hạn: 1", body: str = "Vụ án đã quá hạn 9 ngày.") -> None:
    """A mail to each recipient, as the digest leaves it."""
    with transaction(engine) as session:
        reminders.queue(
            session,
            SYSTEM,
            {recipient: ["case:VA-1:INV:2026-03-01"] for recipient in recipients},
            lambda recipient, keys: (subject, body),
            job="digest",
            slot=DAY.isoformat(),
            day=DAY,
            now=AT,
        )


def mails(engine) -> list[MailRow]:
    with read_session(engine) as session:
        return sorted(outbox(session, SYSTEM), key=lambda mail: mail.id)


def closed_port_url() -> str:
    return f"smtp://127.0.0.1:{free_port()}"


def test_a_mail_arrives_as_written_and_is_marked(engine, smtp_sink):
    subject, body = "Quá hạn: 1 · Sắp đến hạn: 0", "Vụ án “Đấu thầu” – quá hạn 9 ngày.\n"
    put(engine, "a@minhchau.example", subject=subject, body=body)
    done = deliver(SYSTEM, on=engine, clock=at(AT), url=smtp_sink.url)
    assert (done.sent, done.waiting, done.failed) == (1, 0, [])
    (mail,) = smtp_sink.messages
    assert (mail["To"], mail["Subject"]) == ("a@minhchau.example", subject)
    assert mail.get_content().replace("\r\n", "\n") == body
    assert mail["Auto-Submitted"] == "auto-generated"
    (row,) = mails(engine)
    assert (row.sent_at, row.tries, row.last_error) == (AT, 1, "")


def test_a_second_round_sends_nothing_again(engine, smtp_sink):
    put(engine, "a@minhchau.example", "b@minhchau.example")
    deliver(SYSTEM, on=engine, url=smtp_sink.url)
    again = deliver(SYSTEM, on=engine, url=smtp_sink.url, patient=False)
    assert (again.sent, len(smtp_sink.messages)) == (0, 2)


def test_without_a_mail_server_mails_stay_and_are_shown(engine):
    put(engine, "a@minhchau.example")
    done = deliver(SYSTEM, on=engine, url="")
    assert (done.sent, done.waiting, done.failed) == (0, 1, [])
    (row,) = mails(engine)
    assert (row.sent_at, row.tries, row.subject) == (None, 0, "Quá hạn: 1")


def test_a_server_that_was_down_gets_the_mails_when_it_is_up(engine, smtp_sink):
    put(engine, "a@minhchau.example", "b@minhchau.example")
    down = deliver(SYSTEM, on=engine, clock=at(AT), url=closed_port_url())
    assert (down.sent, down.waiting, len(down.failed)) == (0, 2, 1)
    assert "refused" in down.failed[0]["reason"]
    assert [(row.tries, row.sent_at) for row in mails(engine)] == [(1, None), (1, None)]
    assert all("refused" in row.last_error for row in mails(engine))

    early = deliver(SYSTEM, on=engine, clock=at(AT + pause(1) - SECOND), url=smtp_sink.url)
    assert (early.sent, smtp_sink.messages) == (0, [])
    up = deliver(SYSTEM, on=engine, clock=at(AT + pause(1)), url=smtp_sink.url)
    assert (up.sent, up.waiting) == (2, 0)
    assert [(row.tries, row.last_error) for row in mails(engine)] == [(2, ""), (2, "")]


def test_somebody_who_asks_now_does_not_wait_for_the_pause(engine, smtp_sink):
    put(engine, "a@minhchau.example")
    deliver(SYSTEM, on=engine, clock=at(AT), url=closed_port_url())
    assert deliver(SYSTEM, on=engine, clock=at(AT), url=smtp_sink.url, patient=False).sent == 1


def test_pauses_grow_to_four_hours():
    minutes = [pause(tries) / timedelta(minutes=1) for tries in (1, 2, 3, 6, 7, 1000)]
    assert minutes == [5, 10, 20, 160, 240, 240]
    assert pause(7) == LONGEST_PAUSE


class RefusesOne(Message):
    """A server that refuses one recipient."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message) -> None:
        self.seen.append(message["To"])


def test_a_refused_recipient_does_not_stop_the_others_and_is_named(engine):
    handler, port = RefusesOne(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        put(engine, "gone@minhchau.example", "here@minhchau.example")
        done = deliver(SYSTEM, on=engine, url=f"smtp://127.0.0.1:{port}")
    finally:
        controller.stop()
    assert handler.seen == ["here@minhchau.example"]
    assert (done.sent, done.waiting) == (1, 1)
    gone, here = mails(engine)
    assert done.failed == [{"subject": f"mail:{gone.id}", "reason": "550 5.1.1 no such mailbox"}]
    assert (gone.sent_at, gone.last_error) == (None, "550 5.1.1 no such mailbox")
    assert here.sent_at is not None


def test_a_recipient_without_an_address_is_never_tried(engine, smtp_sink):
    put(engine, "secretariat")
    done = deliver(SYSTEM, on=engine, url=smtp_sink.url, patient=False)
    assert (done.sent, done.waiting, done.failed, smtp_sink.messages) == (0, 1, [], [])
    assert mails(engine)[0].tries == 0


# --- crashes -----------------------------------------------------------------------------------------------------


def test_two_senders_never_take_the_same_mail(engine):
    put(engine, "a@minhchau.example")
    with read_session(engine) as session:
        (mail,) = unsent_mails(session, SYSTEM)
    with transaction(engine) as session:
        assert reminders.take(session, SYSTEM, mail.id, tries=mail.tries, now=AT)
    with transaction(engine) as session:
        assert not reminders.take(session, SYSTEM, mail.id, tries=mail.tries, now=AT)


def test_a_mail_that_is_under_way_is_left_alone_until_the_try_was_surely_cut_off(engine, smtp_sink):
    put(engine, "a@minhchau.example")
    with transaction(engine) as session:
        reminders.take(session, SYSTEM, mails(engine)[0].id, tries=0, now=AT)
    early = deliver(SYSTEM, on=engine, clock=at(AT + UNDER_WAY - SECOND), url=smtp_sink.url, patient=False)
    assert (early.sent, smtp_sink.messages) == (0, [])
    late = deliver(SYSTEM, on=engine, clock=at(AT + UNDER_WAY), url=smtp_sink.url)
    assert (late.sent, len(smtp_sink.messages)) == (1, 1)
    assert mails(engine)[0].tries == 2


def test_a_process_that_dies_after_the_commit_and_before_sending_loses_nothing(engine, database_url, smtp_sink):
    """The mail is committed with the run; the process that would have sent it is gone."""
    program = (
        "import os, sys\n"
        "from datetime import UTC, date, datetime\n"
        "from models.changes import reminders\n"
        "from models.db import make_engine, transaction\n"
        "from models.rules.access import SYSTEM\n"
        "with transaction(make_engine(sys.argv[1])) as session:\n"
        "    reminders.queue(session, SYSTEM, {'a@minhchau.example': ['case:VA-1']}, lambda r, k: ('S', 'B'),\n"
        "                    job='digest', slot='2026-03-02', day=date(2026, 3, 2),\n"
        "                    now=datetime(2026, 3, 2, tzinfo=UTC))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, database_url], cwd=ROOT).returncode == -9
    assert deliver(SYSTEM, on=engine, url=smtp_sink.url).sent == 1
    assert deliver(SYSTEM, on=engine, url=smtp_sink.url).sent == 0
    assert [mail["To"] for mail in smtp_sink.messages] == ["a@minhchau.example"]


def test_a_mail_sent_twice_by_a_crash_carries_the_same_name(engine):
    put(engine, "a@minhchau.example", "b@minhchau.example")
    first, other = mails(engine)
    again = message(first, now=AT + timedelta(hours=1))
    assert message(first, now=AT)["Message-ID"] == again["Message-ID"] != message(other, now=AT)["Message-ID"]


def test_the_same_number_in_another_installation_has_another_name(engine):
    put(engine, "a@minhchau.example")
    (mail,) = mails(engine)
    elsewhere = MailRow(**{**vars(mail), "created_at": AT + SECOND})
    assert message(mail, now=AT)["Message-ID"] != message(elsewhere, now=AT)["Message-ID"]


def test_each_mail_sent_is_on_the_audit_chain(engine, smtp_sink):
    put(engine, "a@minhchau.example")
    deliver(SYSTEM, on=engine, url=smtp_sink.url)
    with read_session(engine) as session:
        actions = session.exec(select(AuditEntry.action, AuditEntry.subject).order_by(col(AuditEntry.id))).all()
    assert ("reminders.queued", "job:digest:2026-03-02") in actions
    assert ("mail.sent", f"mail:{mails(engine)[0].id}") in actions


# --- who may, and what is shown ----------------------------------------------------------------------------------


def test_an_administrator_sees_that_mails_wait_but_not_what_they_say(engine):
    put(engine, "a@minhchau.example")
    with read_session(engine) as session:
        (row,) = outbox(session, cast.ADMINISTRATOR)
        assert (row.recipient, row.subject, row.body) == ("a@minhchau.example", None, None)
        (row,) = outbox(session, cast.SECRETARIAT)
        assert (row.subject, row.body) == ("Quá hạn: 1", "Vụ án đã quá hạn 9 ngày.")
        for viewer in (cast.MEMBER, cast.STRANGER):
            with pytest.raises(Forbidden):
                outbox(session, viewer)


def test_only_who_may_run_jobs_may_send(engine, smtp_sink):
    put(engine, "a@minhchau.example")
    for viewer in (cast.MEMBER, cast.ADMINISTRATOR, cast.STRANGER):
        with pytest.raises(Forbidden):
            deliver(viewer, on=engine, url=smtp_sink.url)
    assert smtp_sink.messages == []
    assert deliver(cast.SECRETARIAT, on=engine, url=smtp_sink.url).sent == 1


# --- the server's address ----------------------------------------------------------------------------------------


def test_the_address_of_a_mail_server_is_read():
    server = mail_server("smtp://thu%40ky:m%C3%A2t%2Fkhau@mail.minhchau.example:2525")
    assert server is not None
    assert (server.host, server.port, server.tls_from_start) == ("mail.minhchau.example", 2525, False)
    assert (server.user, server.password) == ("thu@ky", "mât/khau")
    safe = mail_server("smtps://mail.minhchau.example")
    assert safe is not None and (safe.port, safe.tls_from_start) == (465, True)
    assert mail_server("") is None


@pytest.mark.parametrize("url", ["mail.example:25", "http://u:secret@host", "smtp://", "smtp://u:secret@host:port"])
def test_a_wrong_address_is_refused_without_being_repeated(url):
    with pytest.raises(WrongMailSetting) as refusal:
        mail_server(url)
    assert "LIEM_SMTP_URL" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_nothing_that_somebody_typed_becomes_a_line_of_the_head(engine):
    put(
        engine,
        "a@minhchau.example",
        subject="Quá hạn\r\nBcc: khac@example",
        body="Nội dung\r\n.\r\nRCPT TO:<khac@example>",
    )
    put(engine, "b@minhchau.example\r\nBcc: khac@example")
    plain, forged = mails(engine)
    made = message(plain, now=AT)
    assert made["Bcc"] is None and made["Subject"] == "Quá hạn Bcc: khac@example"
    assert b"\nBcc:" not in made.as_bytes() and made.get_content().startswith("Nội dung")
    with pytest.raises(ValueError, match="linefeed|newline"):
        message(forged, now=AT)


def test_a_password_is_not_sent_in_clear_to_another_machine(engine, monkeypatch):
    asked = []

    def ask(server, session, envelope, mechanism, auth_data):
        asked.append(mechanism)
        return AuthResult(success=True)

    port = free_port()
    controller = Controller(RefusesOne(), hostname="127.0.0.1", port=port, authenticator=ask, auth_require_tls=False)
    controller.start()
    try:
        put(engine, "a@minhchau.example")
        monkeypatch.setattr("jobs.deliver.HERE", ())
        done = deliver(SYSTEM, on=engine, url=f"smtp://thuky:mat-khau@127.0.0.1:{port}")
        assert done.sent == 0 and asked == [] and "no TLS" in done.failed[0]["reason"]
        monkeypatch.undo()
        again = deliver(SYSTEM, on=engine, url=f"smtp://thuky:mat-khau@127.0.0.1:{port}", patient=False)
        assert again.sent == 1 and len(asked) == 1
    finally:
        controller.stop()


def test_the_password_is_in_no_error_and_in_no_log(engine, caplog):
    """The server repeats the password in its refusal, as some do."""
    caplog.set_level(logging.DEBUG)

    def refuse(server, session, envelope, mechanism, auth_data):
        return AuthResult(success=False, handled=False, message=f"535 wrong: {auth_data.password.decode()}")

    port = free_port()
    controller = Controller(RefusesOne(), hostname="127.0.0.1", port=port, authenticator=refuse, auth_require_tls=False)
    controller.start()
    try:
        put(engine, "a@minhchau.example")
        done = deliver(SYSTEM, on=engine, url=f"smtp://thuky:mat-khau-bi-mat@127.0.0.1:{port}")
    finally:
        controller.stop()
    assert done.sent == 0
    assert done.failed and "535" in done.failed[0]["reason"]
    (row,) = mails(engine)
    said = repr((done, row, mail_server(f"smtp://thuky:mat-khau-bi-mat@127.0.0.1:{port}")))
    assert "mat-khau-bi-mat" not in said
    assert not [record for record in caplog.records if record.name == "liem.jobs" and "bi-mat" in record.getMessage()]


@pytest.mark.parametrize(
    ("tried", "error", "minutes", "patient", "due"),
    [
        (False, "", 0, True, True),
        (True, "550", 4, True, False),
        (True, "550", 5, True, True),
        (True, "550", 0, False, True),
        (True, "", 9, False, False),
        (True, "", 10, True, True),
    ],
)
def test_when_a_mail_is_due(tried, error, minutes, patient, due):
    mail = MailRow(1, "digest", "2026-03-02", "a@b.example", "", "", AT, int(tried), AT if tried else None, error, None)
    assert is_due(mail, now=AT + timedelta(minutes=minutes), patient=patient) is due
