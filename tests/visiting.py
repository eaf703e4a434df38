"""What every journey in a browser does: sign in, wait until the page is drawn, read what it says, ask the database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, expect

from models.db import Session, make_engine, read_session
from tests.serving import Server

PASSWORD = "Mật khẩu thử nghiệm 1"
PATIENCE = 60_000  # milliseconds a browser waits for anything: a small machine with other work


def opened(browser: Any, office: Server, path: str, login: str = "thuky") -> Page:
    """A page of a fresh visitor who has signed in, in English, where the path leads."""
    page: Page = browser.page(locale="en-GB")
    page.goto(f"{office.url}/language/en?next={quote(path, safe='')}")
    page.fill("[name=username]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    drawn(page)
    return page


def drawn(page: Page) -> None:
    """The page has told that it is drawn to its end."""
    expect(page.locator(".liem-ready")).to_be_attached()


def said(page: Page, text: str | re.Pattern[str]) -> None:
    """The page comes to say this."""
    expect(page.get_by_text(text).first).to_be_visible()


@contextmanager
def asked(url: str, how: Any = read_session) -> Iterator[Session]:
    """A session on the database of a running dashboard."""
    engine = make_engine(url)
    try:
        with how(engine) as session:
            yield session
    finally:
        engine.dispose()
