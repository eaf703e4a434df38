"""A mail server of our own that keeps what it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.serving import free_port


class _Keep:
    """Takes every mail, whoever it is for, and reads it the way people will see it."""

    def __init__(self, messages: list[EmailMessage]) -> None:
        self.messages = messages

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"


@dataclass
class SmtpSink:
    """`url` is what LIEM_SMTP_URL takes; `messages` are all mails received, oldest first."""

    url: str
    messages: list[EmailMessage] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[SmtpSink]:
    """An SMTP server on the loopback address for as long as the block lasts."""
    port = free_port()
    sink = SmtpSink(f"smtp://127.0.0.1:{port}")
    controller = Controller(_Keep(sink.messages), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
