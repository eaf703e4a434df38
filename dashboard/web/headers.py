"""Headers that every answer carries: nothing from outside, no framing, no guessing of types."""

from functools import cache

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.web.cookies import is_tls, received, sent
from dashboard.web.page import inline_script_hashes

KEPT_BY_BROWSERS = ("/static/", "/favicon", "/component/", "/_stcore/bidi-components/")  # programs, no content
TLS_ONLY = "max-age=31536000; includeSubDomains"  # a year, for this name and those below it
FOR_FILES = "default-src 'none'; sandbox; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"


class SecurityHeaders:
    """ASGI middleware that adds `security_headers()` to each HTTP answer; content is kept by no browser."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; only answers and the names of cookies are touched."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        tls = is_tls(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                _complete(message, str(scope["path"]), tls, is_page=scope["type"] == "http")
            await send(message)

        await self.app(received(scope), receive, send_with_headers)


def _complete(message: Message, path: str, tls: bool, *, is_page: bool) -> None:
    headers = MutableHeaders(raw=list(message.get("headers", [])))
    if is_page:
        for name, value in security_headers().items():
            headers[name] = value
        if tls:
            headers["Strict-Transport-Security"] = TLS_ONLY
        if path.startswith("/media/"):
            headers["Content-Security-Policy"] = FOR_FILES
        if not path.startswith(KEPT_BY_BROWSERS):
            headers["Cache-Control"] = "no-store"  # after a sign-out, Back asks again and finds the gate
    if tls:
        secured = [sent(cookie) for cookie in headers.getlist("set-cookie")]
        del headers["set-cookie"]
        for cookie in secured:
            headers.append("set-cookie", cookie)
    message["headers"] = headers.raw


@cache
def security_headers() -> dict[str, str]:
    """Name and value of each header; the script hash is computed from the installed Streamlit."""
    return {
        "Content-Security-Policy": content_policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Permitted-Cross-Domain-Policies": "none",
    }


def content_policy() -> str:
    """The Content-Security-Policy: everything from this host, no inline script but Streamlit's own one."""
    scripts = " ".join(inline_script_hashes())
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
