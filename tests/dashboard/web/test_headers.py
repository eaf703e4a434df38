"""The headers of every answer, and Streamlit's shell in the reader's language."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest


class Scripts(HTMLParser):
    """Collects the text of inline scripts, by a parser that is not the one under test."""

    def __init__(self):
        super().__init__()
        self.inline, self._inside = [], False

    def handle_starttag(self, tag, attrs):
        self._inside = tag == "script" and "src" not in dict(attrs)
        if self._inside:
            self.inline.append("")

    def handle_data(self, data):
        if self._inside:
            self.inline[-1] += data

    def handle_endtag(self, tag):
        self._inside = False


@pytest.mark.parametrize("path", ["/", "/login", "/healthz", "/media/x", "/_stcore/agent/mcp", "/_stcore/health"])
def test_every_answer_carries_the_headers_also_when_refused(visitor, path):
    headers = visitor.get(path).headers
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert policy.startswith("default-src 'none'; sandbox" if path.startswith("/media") else "default-src 'self'")
    assert "object-src 'none'" in policy and "base-uri 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].split(";")[0]
    assert "http:" not in policy and "https:" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


def test_each_inline_script_of_the_shell_is_named_in_the_policy(visitor):
    visitor.sign_in("uyvien")
    page = visitor.get("/cases")
    scripts = Scripts()
    scripts.feed(page.text)
    assert scripts.inline, "Streamlit's shell used to have an inline script"
    for text in scripts.inline:
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page.headers["content-security-policy"]


def test_the_shell_speaks_the_readers_language_and_names_no_automation(visitor):
    visitor.sign_in("uyvien")
    assert '<html lang="vi">' in visitor.get("/").text
    visitor.get("/language/en")
    page = visitor.get("/deadlines").text
    assert '<html lang="en">' in page
    assert "<title>Liêm</title>" in page
    assert "agent" not in page


def test_our_own_pages_have_no_script_and_ask_nothing_of_others(visitor):
    page = visitor.get("/login").text
    assert "<script" not in page
    for address in re.findall(r'(?:src|href|action|url)\s*[=(]\s*"([^"]+)"', page):
        assert address.startswith("/"), address


def test_every_answer_of_ours_says_what_it_is_and_in_which_alphabet(visitor):
    visitor.sign_in("uyvien")
    kinds = {"/password": "text/html", "/account": "text/html", "/cases": "text/html", "/no-such-page": "text/html"}
    kinds |= {"/media/x": "text/plain", "/_stcore/agent/mcp": "text/plain", "/favicon.svg": "image/svg+xml"}
    for path, kind in kinds.items():
        assert visitor.get(path).headers["content-type"] == f"{kind}; charset=utf-8", path
    assert visitor.get("/healthz").headers["content-type"] == "application/json"
    for path in kinds:
        assert "access-control-allow-origin" not in visitor.get(path, Origin="http://evil.example").headers, path


def test_forms_and_pages_are_not_kept_by_caches(visitor):
    assert visitor.get("/login").headers["cache-control"] == "no-store"
    visitor.sign_in("uyvien")
    for path in ("/", "/cases", "/password", "/no-such-page", "/attachment/1", "/media/x", "/_stcore/host-config"):
        assert visitor.get(path).headers["cache-control"] == "no-store", path
    assert visitor.get("/favicon.svg").headers["cache-control"] == "max-age=86400"
    assert visitor.get("/static/js/x.js").headers.get("cache-control") != "no-store"
