"""How a mail leaves the house: by the mail server of LIEM_SMTP_URL; without one it stays in the outbox and is shown.

A mail is taken (committed), sent, and marked as sent (committed). A process that dies between sending and marking
leaves a mail that is sent again after a while, under the same Message-ID, by which mail programs recognise it.
"""

import logging
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from jobs.ledger import Clock
from models.changes.reminders import mark_not_sent, mark_sent, take
from models.db import OperationalError, read_session, transaction
from models.errors import LiemError
from models.queries.runs import MailRow, database_now, unsent_mails
from models.rules.access import Viewer
from models.rules.words import words
from models.settings import settings

log = logging.getLogger("liem.jobs")

HERE = ("127.0.0.1", "::1", "localhost")
PORTS = {"smtp": 25, "smtps": 465}
PATIENCE_SECONDS = 30  # for each answer of the mail server
MARKS = 3  # times to wait for a busy database
UNDER_WAY = timedelta(minutes=10)  # a try that neither succeeded nor failed by then was cut off
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=4)  # between tries, doubled each time


class WrongMailSetting(LiemError):
    """LIEM_SMTP_URL is not the address of a mail server; its text is never shown, it may hold a password."""


@dataclass(frozen=True)
class MailServer:
    """A mail server as LIEM_SMTP_URL names it; printed without its password."""

    host: str
    port: int
    tls_from_start: bool
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Delivery:
    """How many mails left, how many still wait, and the tries that failed: [{subject, reason}, …]."""

    sent: int = 0
    waiting: int = 0
    failed: list[dict[str, str]] = field(default_factory=list)


def deliver(
    viewer: Viewer, *, on: Any = None, clock: Clock = database_now, url: str | None = None, patient: bool = True
) -> Delivery:
    """Try to send every mail that waits. `patient`: leave those alone whose last try failed only a moment ago.

    Raises WrongMailSetting, Forbidden.
    """
    with read_session(on) as session:
        now = clock(session)
        waiting = unsent_mails(session, viewer)
    server = mail_server(settings().smtp_url if url is None else url)
    due = [mail for mail in waiting if is_due(mail, now=now, patient=patient)]
    if server is None or not due:
        return Delivery(waiting=len(waiting))
    try:
        with _connected(server) as smtp:
            return _send_all(smtp, due, len(waiting), server, viewer, on, clock)
    except (OSError, smtplib.SMTPException) as error:  # no connection, or sign-in refused: nothing was sent
        why = _reason(error, server)
        for mail in due:
            _take(mail, viewer, on, clock)
            _note(mail, why, viewer, on)
        return Delivery(waiting=len(waiting), failed=[{"subject": "mail", "reason": why}])


def mail_server(url: str) -> MailServer | None:
    """The server that `url` names (smtp://user:password@host:port, smtps://…); None for an empty one.

    Raises WrongMailSetting.
    """
    if not url.strip():
        return None
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in PORTS or not parts.hostname:
        raise WrongMailSetting(
            words(
                "LIEM_SMTP_URL is no mail server's address. Write smtp://user:password@host:port or smtps://…, "
                "with special characters of user and password as %40, %3A, %2F."
            )
        )
    return MailServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        tls_from_start=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def is_due(mail: MailRow, *, now: datetime, patient: bool) -> bool:
    """Whether `mail` may be tried now: it has an address, no try is under way, the last failure is long enough ago."""
    if "@" not in mail.recipient:
        return False
    if mail.tried_at is None:
        return True
    if not mail.last_error:
        return mail.tried_at <= now - UNDER_WAY
    return not patient or mail.tried_at <= now - pause(mail.tries)


def pause(tries: int) -> timedelta:
    """How long to wait after `tries` failed tries: 5, 10, 20 … minutes, at most 4 hours."""
    doubled: int = 2 ** min(max(tries - 1, 0), 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def message(mail: MailRow, *, now: datetime) -> EmailMessage:
    """`mail` as it goes over the wire. Its Message-ID is the same at every try and in no other installation."""
    made = EmailMessage()
    sender = settings().mail_from
    made["From"] = sender
    made["To"] = mail.recipient
    made["Subject"] = " ".join((mail.subject or "").split())
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<liem.{mail.id}.{mail.created_at:%Y%m%d%H%M%S%f}@{sender.rpartition('@')[2].strip('> ')}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.body or "")
    return made


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    """A session with the mail server: TLS from the start, or when it is offered; signed in if there is a user."""
    tls = ssl.create_default_context()
    if server.tls_from_start:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE_SECONDS, context=tls)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
    try:
        smtp.ehlo()
        if not server.tls_from_start and smtp.has_extn("starttls"):
            smtp.starttls(context=tls)
            smtp.ehlo()
        if server.user and not (isinstance(smtp.sock, ssl.SSLSocket) or server.host in HERE):
            raise smtplib.SMTPException("the mail server offers no TLS, and a password is not sent in clear")
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
    finally:
        smtp.close()


def _send_all(
    smtp: smtplib.SMTP,
    due: Sequence[MailRow],
    waiting: int,
    server: MailServer,
    viewer: Viewer,
    on: Any,
    clock: Clock,
) -> Delivery:
    """Send mail after mail; one that is refused does not stop the others, a lost connection does."""
    sent, failed = 0, []
    for mail in due:
        if not _take(mail, viewer, on, clock):
            continue
        why = _send(smtp, mail, server, viewer, on, clock)
        if why is None:
            sent += 1
            continue
        _note(mail, why, viewer, on)
        failed.append({"subject": f"mail:{mail.id}", "reason": why})
        if not _alive(smtp):
            break
    return Delivery(sent, waiting - sent, failed)


def _send(smtp: smtplib.SMTP, mail: MailRow, server: MailServer, viewer: Viewer, on: Any, clock: Clock) -> str | None:
    """Send one mail and mark it as sent; or say why the server did not take it."""
    with read_session(on) as session:
        now = clock(session)
    try:
        smtp.send_message(message(mail, now=now))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return _reason(error, server)
    _mark(mail, viewer, on, clock)
    return None


def _mark(mail: MailRow, viewer: Viewer, on: Any, clock: Clock) -> None:
    """Mark a mail as sent, patiently: were this not noted, it would be sent a second time."""
    for attempt in range(1, MARKS + 1):
        try:
            with transaction(on) as session:
                return mark_sent(session, viewer, mail.id, now=clock(session))
        except OperationalError:
            log.warning("mail %d: sent, and not yet noted: the database is busy or away", mail.id)
            if attempt == MARKS:
                raise


def _alive(smtp: smtplib.SMTP) -> bool:
    """Whether the session can go on with the next mail."""
    try:
        return smtp.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _take(mail: MailRow, viewer: Viewer, on: Any, clock: Clock) -> bool:
    with transaction(on) as session:
        return take(session, viewer, mail.id, tries=mail.tries, now=clock(session))


def _note(mail: MailRow, why: str, viewer: Viewer, on: Any) -> None:
    log.warning("mail %d: not sent: %s", mail.id, why)
    with transaction(on) as session:
        mark_not_sent(session, viewer, mail.id, reason=why)


def _reason(error: Exception, server: MailServer) -> str:
    """What the server or the network said, in one line, without the password."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=answers):
            said = "; ".join(f"{code} {_text(text)}" for code, text in answers.values())
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=text):
            said = f"{code} {_text(text)}"
        case smtplib.SMTPException():
            said = str(error)
        case OSError():
            said = f"{server.host}:{server.port}: {error.strerror or error}"
        case _:
            said = f"the mail cannot be written: {type(error).__name__}"
    one_line = " ".join(said.split())
    return one_line.replace(server.password, "***") if server.password else one_line


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
