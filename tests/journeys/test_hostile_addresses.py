"""Every page asked for with every parameter it knows, filled with hostile texts: it answers calmly, as without them."""

import hashlib
import re
import secrets
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from urllib.parse import quote

from dashboard.navigation import PAGES
from models import clock
from models.db import make_engine, transaction
from models.enums import Role
from models.settings import ROOT
from models.tables import SignIn
from tests import hostile, make
from tests.page_client import PageClient
from tests.serving import serving

PARAMETER = re.compile(r"""query_params(?:\.get\(|\[|\.get_all\()\s*["'](\w+)["']|bind\w*=["'](\w+)["']""")
HOSTILE = (
    hostile.SCRIPT,
    hostile.SQL + hostile.FORMULA,
    "%00%0d%0aSet-Cookie:%20x=1" + quote(hostile.DIRECTION),
    "9" * 400,
    "-1",
    "x" * 20_000,
    "../../etc/passwd",
    "2026-13-45",
)


def parameters() -> list[str]:
    """The names of parameters that our pages read from their address."""
    found = {
        "code",
        "q",
        "task",
        "do",
        "id",
        "of",
        "as_of",
        "page",
        "view",
        "session",
        "request",
        "late",
        "why",
        "bucket",
    }
    for path in (ROOT / "dashboard").rglob("*.py"):
        found |= {one or other for one, other in PARAMETER.findall(path.read_text())}
    return sorted(found)


def test_no_address_breaks_a_page(_sqlite_template: Path, tmp_path: Path) -> None:
    copyfile(_sqlite_template, tmp_path / "liem.db")
    url = f"sqlite:///{tmp_path / 'liem.db'}"
    engine, token, now = make_engine(url), secrets.token_urlsafe(32), clock.now()
    with transaction(engine) as session:
        account = make.account(session, login="thuky", role=Role.LEAD)
        make.case(session, code="VA-1", events=[("case_initiated", "2026-02-02")])
        kept = {"created_at": now, "last_seen_at": now, "expires_at": now + timedelta(hours=8)}
        digest = hashlib.sha256(token.encode()).hexdigest()
        session.add(SignIn(token_sha256=digest, account_id=account.id or 0, **kept))
    engine.dispose()
    faults = []
    with serving(url, tmp_path / "log") as server, PageClient(server.url, token) as person:
        person.open()
        for entry in PAGES:
            for text in HOSTILE:
                query = "&".join(f"{name}={text if text.startswith('%') else quote(text)}" for name in parameters())
                shown = person.page(entry.url, query)
                if shown.says("could not be shown") or shown.says("Traceback") or shown.redirect:
                    faults.append(f"/{entry.url} {text[:30]!r}")
        assert "Traceback" not in server.log.read_text(), server.log.read_text()[-3000:]
    assert faults == []
