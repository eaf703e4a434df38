"""A mail server of our own that keeps what it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.message import Message as AnyMessage

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from tests.serving import free_port


class _Keep(Message):
    def __init__(self, messages: list[EmailMessage]) -> None:
        super().__init__(EmailMessage)
        self.messages = messages

    def handle_message(self, message: AnyMessage) -> None:
        assert isinstance(message, EmailMessage)
        self.messages.append(message)


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
