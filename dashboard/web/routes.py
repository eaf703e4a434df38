"""Every address that is ours rather than Streamlit's, and what happens when the server starts."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from dashboard.navigation import PAGES
from dashboard.web.documents import document
from dashboard.web.failures import CalmFailures
from dashboard.web.gate import SessionGate
from dashboard.web.headers import SecurityHeaders
from dashboard.web.health import healthz, readyz
from dashboard.web.oidc import callback, leave
from dashboard.web.own import account, codes, password, remove, second_factor, sign_ins
from dashboard.web.page import FAVICON, shell_page
from dashboard.web.sign_in import code, language, login, logout

WARM = ("pandas", "pyarrow", "altair", "streamlit.elements.arrow", "streamlit.elements.vega_charts")


async def favicon(_request: Request) -> FileResponse:
    """The mark in the browser's tab."""
    return FileResponse(FAVICON, media_type="image/svg+xml; charset=utf-8", headers={"Cache-Control": "max-age=86400"})


ROUTES = [
    Route("/login", login, methods=["GET", "POST"]),
    Route("/login/code", code, methods=["GET", "POST"]),
    Route("/login/oidc", leave),
    Route("/login/oidc/callback", callback),
    Route("/logout", logout),
    Route("/auth/logout", logout),  # where st.logout() sends the browser
    Route("/account", account),
    Route("/account/sign-ins", sign_ins, methods=["POST"]),
    Route("/password", password, methods=["GET", "POST"]),
    Route("/second-factor", second_factor, methods=["GET", "POST"]),
    Route("/second-factor/codes", codes, methods=["POST"]),
    Route("/second-factor/remove", remove, methods=["POST"]),
    Route("/language/{language}", language),
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/favicon.svg", favicon),
    Route("/attachment/{number:int}", document),
    *(Route(f"/{entry.url}", shell_page) for entry in PAGES),
]
MIDDLEWARE = [Middleware(SecurityHeaders), Middleware(CalmFailures), Middleware(SessionGate)]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Load what the first page needs, then keep it out of the way of the garbage collector."""
    pages = (f"dashboard.pages.{entry.key}" for entry in PAGES)
    for name in (*WARM, *pages):
        if _exists(name):
            import_module(name)
    # Streamlit would otherwise serve the files of a folder named `pages` by itself until the first run of our script.
    PagesManager.uses_pages_directory = False
    gc.collect()
    gc.freeze()
    yield


def _exists(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False
