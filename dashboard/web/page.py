"""The few pages that are not Streamlit's: plain HTML that works without JavaScript, and Streamlit's own shell."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from re import DOTALL, findall, search, sub

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dashboard.web.session import LANGUAGE_COOKIE
from models.enums import N_
from models.settings import settings
from models.text import LANGUAGES, Translator, translator

STREAMLIT_STATIC = Path(streamlit.__file__).parent / "static"
HERE = Path(__file__).parent
FAVICON = HERE / "favicon.svg"


def language_of(request: Request) -> str:
    """The language of a visitor: the one just chosen (?lang=), the one chosen before, else the installation's."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    return settings().language


def committee_name(t: Translator) -> str:
    """The committee with its province, as it stands on pages."""
    if t.language == "vi":
        where = f"{settings().province_kind} {settings().province}"
    else:
        where = settings().province
    return t(
        "Steering Committee for preventing and combating corruption, wastefulness and negative phenomena of {place}",
        place=where,
    )


def plain_page(
    t: Translator, title: str, body: str, *, status: int = 200, top: str = "", refresh: int | None = None
) -> HTMLResponse:
    """A small page: `body` and `top` are HTML, `title` is text; with `refresh` it asks again after so many seconds."""
    product, internal = t("Liêm: following cases and incidents"), t("Internal use. What you do here is recorded.")
    again = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    html = f"""<!DOCTYPE html>
<html lang="{t.language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{again}
<title>{escape(title)} – Liêm</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>{_style()}</style>
</head>
<body>
<header>{top}</header>
<main>
<p class="committee">{escape(committee_name(t))}</p>
<p class="product">{escape(product)}</p>
{body}
</main>
<footer>{escape(internal)}</footer>
</body>
</html>"""
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


def down_page(t: Translator) -> HTMLResponse:
    """What everybody sees while the database does not answer; it asks again by itself."""
    sentence = escape(t(DOWN))
    title = t("A short interruption")
    body = f'<h1>{escape(title)}</h1><p class="notice" role="status">{sentence}</p>'
    answer = plain_page(t, title, body, status=503, refresh=10)
    answer.headers["Retry-After"] = "10"
    return answer


def missing_page(t: Translator) -> HTMLResponse:
    """The answer to an address that is none of ours."""
    title, said, home = t("There is no such page"), t("Nothing stands at this address."), t("To the start page")
    body = (
        f'<h1>{escape(title)}</h1><p class="notice" role="status">{escape(said)}</p>'
        f'<p class="hint"><a href="/">{escape(home)}</a></p>'
    )
    return plain_page(t, title, body, status=404)


def failed_page(t: Translator, reference: str) -> HTMLResponse:
    """The answer to a request that failed by a fault of ours; `reference` stands in the log beside the details."""
    title, home = t("This did not work"), t("To the start page")
    said = t(
        "This page could not be shown. Your data is safe. If it happens again, tell the administrator the number "
        "{reference}.",
        reference=reference,
    )
    body = (
        f'<h1>{escape(title)}</h1><p class="notice error" role="alert">{escape(said)}</p>'
        f'<p class="hint"><a href="/">{escape(home)}</a></p>'
    )
    return plain_page(t, title, body, status=500)


DOWN = N_(
    "The database does not answer at the moment. Nothing is lost; this page will work again by itself as soon as "
    "the database is back."
)


def language_links(current: str, address: str) -> str:
    """The vi/en switch; `address` is this page's address, to which ?lang= is added."""
    joint = "&amp;" if "?" in address else "?"
    return "".join(
        f"<strong>{name}</strong>"
        if code == current
        else f'<a href="{escape(address)}{joint}lang={code}" lang="{code}" hreflang="{code}">{name}</a>'
        for code, name in LANGUAGES.items()
    )


async def shell_page(request: Request) -> HTMLResponse:
    """Streamlit's index.html, in which every page of ours runs, in the reader's language."""
    return HTMLResponse(shell(language_of(request)), headers={"Cache-Control": "no-store"})


@cache
def shell(language: str) -> str:
    """Streamlit's installed index.html with our language, name and no pointer to its automation interface."""
    t = translator(language)
    html = (STREAMLIT_STATIC / "index.html").read_text(encoding="utf-8")
    html = html.replace('<html lang="en">', f'<html lang="{language}">').replace(
        "<title>Streamlit</title>", "<title>Liêm</title>"
    )
    html = html.replace('href="./favicon.png"', 'href="./favicon.svg" type="image/svg+xml"')
    html = sub(r"<!--(?!\s*Copyright).*?-->", "", html, flags=DOTALL)
    html = sub(r'<link rel="service-desc"[^>]*>', "", html)
    needs = escape(t("These pages need JavaScript. Please switch it on in the browser."))
    return sub(r"<noscript>.*?</noscript>", f"<noscript><p>{needs}</p></noscript>", html, flags=DOTALL)


@cache
def inline_script_hashes() -> tuple[str, ...]:
    """CSP sources for the inline scripts of the installed index.html; they change with Streamlit's versions."""
    scripts = findall(r"<script>(.*?)</script>", shell("vi"), flags=DOTALL)
    return tuple(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts)


@cache
def _style() -> str:
    return _font_face() + (HERE / "page.css").read_text(encoding="utf-8")


def _font_face() -> str:
    """The typeface of the other pages, if the installed Streamlit brings it under the name we know."""
    found = search(r'href="\.(/static/media/SourceSans[^"]+\.woff2)"', (STREAMLIT_STATIC / "index.html").read_text())
    if not found:
        return ""
    return (
        f'@font-face {{ font-family: "Source Sans"; font-weight: 200 900; src: url("{found[1]}") format("woff2") }}\n'
    )
