"""What people see when a request of theirs fails by our fault: a sentence and a number; the trace is in the log."""

import logging
import secrets

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.web.page import failed_page, language_of
from models.text import translator

log = logging.getLogger(__name__)


class CalmFailures:
    """ASGI middleware: an exception below becomes an answer without a word about our insides."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; only failures are touched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def note_begin(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, note_begin)
        except Exception:
            reference = secrets.token_hex(3).upper()
            log.exception("Request failed, reference %s: %s %r", reference, scope["method"], scope["path"])
            if not begun:
                await _answer(scope, reference)(scope, receive, send)


def _answer(scope: Scope, reference: str) -> Response:
    if scope["method"] not in ("GET", "POST"):
        return PlainTextResponse(f"This could not be done. Reference {reference}.", 500)
    return failed_page(translator(language_of(Request(scope))), reference)
