"""Open a page of the dashboard as somebody, on a fixed day, without a browser."""

import re
from datetime import UTC, date, datetime
from html import unescape

from streamlit.testing.v1 import AppTest

from models.rules.access import Viewer

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)  # in the province


def _page(name, viewer, language, today, now, as_of):
    from importlib import import_module

    from dashboard.components.guard import guarded
    from dashboard.context import PageContext
    from models.text import translator

    t = translator(language)
    with guarded(t):
        render = import_module(f"dashboard.pages.{name}").render
        render(PageContext(viewer=viewer, today=today, now=now, t=t, as_of=as_of))


def opened(
    name: str,
    viewer: Viewer,
    *,
    language: str = "en",
    today: date = DAY,
    now: datetime = NOON,
    as_of: date | None = None,
    **address: str,
) -> AppTest:
    """The page after its first run; `address` are the values of its query string."""
    given = {"name": name, "viewer": viewer, "language": language, "today": today, "now": now, "as_of": as_of or today}
    app = AppTest.from_function(_page, kwargs=given, default_timeout=60)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def pieces(app: AppTest) -> list[str]:
    """The HTML that the page draws itself, piece by piece."""
    return [str(element.proto.body) for element in app.get("html")]


def table(app: AppTest, start: str) -> list[list[str]]:
    """The rows of the first table whose first heading is `start`, as plain texts; [] if there is none."""
    for piece in pieces(app):
        headings = [_text(found) for found in re.findall(r"<th\b.*?</th>", piece, re.S)]
        if headings[:1] == [start]:
            rows = re.findall(r"<tr>(.*?)</tr>", piece.partition("<tbody>")[2], re.S)
            return [[_text(cell) for cell in re.findall(r"<td\b.*?</td>", row, re.S)] for row in rows]
    return []


def said(app: AppTest) -> str:
    """Everything the page says in words, one element per line."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.success, app.warning, app.error)
    texts = [str(element.value) for kind in kinds for element in kind]
    return "\n".join([*texts, *(_text(piece) for piece in pieces(app)), *(each.label for each in app.expander)])


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", html, flags=re.S))).split())
