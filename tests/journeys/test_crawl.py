"""Everything there is, asked for as every role: pages over the raw stream, routes, attachments, downloads.

What a role may not see holds canaries: words that stand nowhere else. None of their bytes may reach it, in a page, a
frame, a file or an error. What the table of grants offers is there, and nothing else is.
"""

import hashlib
import io
import re
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from urllib.parse import parse_qsl

import pytest
from sqlmodel import select
from starlette.routing import Route
from websockets.exceptions import InvalidStatus

from dashboard.navigation import PAGES, pages_for
from dashboard.web.routes import ROUTES
from models import clock
from models.changes import search
from models.changes.attachments import Document, attach
from models.db import Session, make_engine, transaction
from models.enums import DifficultyKind, Role, Secrecy
from models.queries.people import viewer_named
from models.rules.access import SYSTEM, Action, Viewer, may
from models.tables import Account, Difficulty, FileSecrecy, Restriction, RestrictionReader, SignIn
from tests import make
from tests.page_client import PageClient, Shown
from tests.serving import Server, serving

TODAY = clock.today()
DAY = TODAY - timedelta(days=40)
ROLES = (Role.MEMBER, Role.SECRETARIAT, Role.LEAD, Role.AGENCY, Role.AUDITOR, Role.ADMINISTRATOR)
WHO = [*(role.value for role in ROLES), "stranger"]

pytestmark = pytest.mark.xdist_group("crawl")  # one server for all roles

AWAKE = {"LIEM_SESSION_IDLE_MINUTES": "60", "LIEM_ADMIN_IDLE_MINUTES": "60"}
TRICKS = ("//cases", "/cases/..%2fmedia", "/static/../cases", "/static/%2e%2e/media/x", "/CASES", "/cases;/x", "/%00",
          "/.streamlit/config.toml", "/static/..%5c..%5cliem.db", "/media/..%2f..%2fliem.db")  # fmt: skip

# Where a canary lies, and which of the accounts may read it.
READERS = {
    "open": {"member", "secretariat", "lead", "auditor"},  # an ordinary file of the police
    "ours": {"member", "secretariat", "lead", "auditor", "agency"},  # a file that the agency leads
    "listed": {"lead"},  # restricted; the lead alone stands on its list
    "secret": {"secretariat"},  # of a level for which only this officer is cleared
}


def canary(place: str, what: str) -> str:
    """A word of ten letters that stands nowhere but there."""
    return "zq" + hashlib.sha256(f"{place} {what}".encode()).hexdigest()[:14]


TEXTS = ("title", "title_en", "locality", "sector", "notes", "source", "event", "document", "money", "asset", "task",
         "request", "reply", "difficulty", "answer", "paper", "content", "accused")  # fmt: skip


@dataclass(frozen=True)
class Office:
    """A running dashboard with one account per role, and the tokens of their cookies."""

    server: Server
    tokens: dict[str, str]
    viewers: dict[str, Viewer]
    attachments: dict[int, str]  # id → where it lies


@pytest.fixture(scope="module")
def office(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("crawl")
    copyfile(_sqlite_template, folder / "liem.db")
    url = f"sqlite:///{folder / 'liem.db'}"
    engine = make_engine(url)
    with transaction(engine) as session:
        tokens = _people(session)
        attachments = _files(session, folder / "files")
        search.rebuild(session)
    with transaction(engine) as session:
        viewers = {name: viewer_named(session, name) for name in tokens}
    engine.dispose()
    with serving(url, folder / "serve.log", LIEM_FILES_DIR=str(folder / "files"), **AWAKE) as server:
        yield Office(server, tokens, viewers, attachments)


def _people(session: Session) -> dict[str, str]:
    """An account per role, named as the role; the token of a sign-in of each."""
    police = make.agency(session)
    ours = make.agency(session, code="STC", name_vi="Sở Tài chính", name_en="Finance department")
    tokens = {}
    for role in ROLES:
        person = make.person(
            session, display_name=f"Người {role.value}", agency=ours if role is Role.AGENCY else police
        )
        account = make.account(session, login=role.value, role=role, person=person)
        if role is Role.SECRETARIAT:
            account.clearance = Secrecy.CONFIDENTIAL
        account.password_changed_at = clock.now()
        token, now = secrets.token_urlsafe(32), clock.now()
        tokens[role.value] = token
        session.add(
            SignIn(
                token_sha256=hashlib.sha256(token.encode()).hexdigest(), account_id=account.id or 0, created_at=now,
                last_seen_at=now, expires_at=now + timedelta(hours=8),
            )
        )  # fmt: skip
    session.flush()
    return tokens


def _files(session: Session, folder: Path) -> dict[int, str]:
    police, ours = make.agency(session), make.agency(session, code="STC")
    lead = session.exec(select(Account).where(Account.login == "lead")).one()
    at = datetime.combine(DAY, datetime.min.time(), UTC)
    held = {}
    for number, place in enumerate(READERS, start=1):
        said = {what: canary(place, what) for what in TEXTS}
        agency = ours if place == "ours" else police
        case = make.case(
            session, code=f"VA-2026-00{number}", title=f"Vụ {said['title']}", title_en=said["title_en"], lead=agency,
            lead_agency=agency.name_vi, locality=said["locality"], sector=said["sector"], notes=said["notes"],
            source=said["source"], supervised_from=DAY,
            events=[
                ("case_initiated", DAY, {"detail": said["event"], "document": said["document"]}),
                ("placed_under_supervision", DAY),
            ],
            money=[("must_recover", DAY, 5_000_000, {"source": said["money"], "asset_kind": said["asset"]})],
        )  # fmt: skip
        make.accused(session, case=case, code=said["accused"], on=DAY)
        make.task(session, code=f"NV-2026-00{number}", content=said["task"], case=case, lead=agency,
                  assigned_on=DAY, due_on=TODAY - timedelta(days=5))  # fmt: skip
        make.request(session, code=f"PH-2026-00{number}", subject=said["request"], reply_summary=said["reply"],
                     replied_on=TODAY - timedelta(days=2), sent_on=DAY, case=case, asks=agency,
                     asked=agency)  # fmt: skip
        session.add(Difficulty(case_id=case.id or 0, kind=DifficultyKind.DIFFICULTY, text=said["difficulty"],
                               raised_on=DAY, recorded_at=at, answer=said["answer"]))  # fmt: skip
        if place == "open":  # it names two files that not everybody may see
            for other in (3, 4):
                make.event(session, case=case, kind="merged_from", on=DAY, detail=f"VA-2026-00{other}")
        content = b"%PDF-1.7\n" + said["content"].encode()
        paper = Document(f"{number}/BC", DAY, said["paper"], "", file_name=f"{said['paper']}.pdf", content=content)
        kept = attach(session, SYSTEM, case.code, paper, now=clock.now(), today=TODAY, folder=folder)
        held[kept.id or 0] = place
        if place == "listed":
            row = Restriction(case_id=case.id or 0, reason="x", recorded_at=at)
            session.add(row)
            session.flush()
            session.add(RestrictionReader(restriction_id=row.id or 0, account_id=lead.id or 0, recorded_at=at))
        if place == "secret":
            session.add(FileSecrecy(case_id=case.id or 0, level=Secrecy.CONFIDENTIAL, document="1/QĐ", decided_on=DAY,
                                    holder="Tủ 4", recorded_at=at))  # fmt: skip
    session.flush()
    return held


def queries(name: str) -> list[str]:
    """What a page may be asked for by its address: every file, task, request, form and word there is."""
    numbers, files = range(1, 5), [f"code=VA-2026-00{n}" for n in range(1, 5)]
    more = {
        "case": [*files, *(f"{file}&do=event" for file in files), "code=VA-2026-003&do=money&id=1"],
        "tasks": [f"task=NV-2026-00{n}" for n in numbers] + ["view=late", "do=new"],
        "coordination": [f"request=PH-2026-00{n}" for n in numbers],
        "search": [f"q={canary(place, what)}" for place in ("listed", "secret") for what in ("title", "task")],
        "cases": [f"q={canary('listed', 'title')}", f"as_of={DAY + timedelta(days=1)}", "page=2"],
        "sessions": ["id=1", "do=new"],
        "": [f"as_of={DAY + timedelta(days=1)}"],
    }
    return ["", *more.get(name, [])]


def leaks(name: str, content: bytes) -> set[str]:
    """The canaries in `content` that this account may not read, as place and what it was."""
    return {
        f"{place}: {what}"
        for place, readers in READERS.items()
        if name not in readers
        for what in TEXTS
        if canary(place, what).encode() in content
    }


def named(name: str, content: bytes) -> set[str]:
    """The codes in `content` of files that this account may not see; an administrator knows codes."""
    codes = {f"VA-2026-00{n}": readers for n, readers in enumerate(READERS.values(), start=1)}
    hidden = {code for code, readers in codes.items() if name not in readers and name != "administrator"}
    return {f"{code} is named" for code in hidden if code.encode() in content}


def unpacked(content: bytes) -> bytes:
    """The bytes of a file, and if it is a package those of its parts."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return content + b"".join(package.read(part) for part in package.namelist())


@pytest.mark.parametrize("name", WHO[:-1])
def test_each_role_gets_what_it_is_granted_and_not_a_byte_of_anything_else(office: Office, name: str) -> None:
    token, another = office.tokens[name], office.tokens["member" if name != "member" else "auditor"]
    with PageClient(office.server.url, token) as person, PageClient(office.server.url, another) as other:
        faults, seen = _crawled(office, name, person, other)
    assert not faults, "\n".join(sorted(set(faults)))
    assert seen == {place for place, readers in READERS.items() if name in readers}, "the crawl found what is there"


def _crawled(office: Office, name: str, person: PageClient, other: PageClient) -> tuple[list[str], set[str]]:
    """Every page and attachment as this person: what is wrong, and which of the places were found."""
    offered = {entry.key for entry in pages_for(office.viewers[name])}
    faults: list[str] = []
    seen: set[str] = set()
    person.open()
    for entry in PAGES:
        for query in queries(entry.url):
            shown = person.page(entry.url, query)
            said = shown.content
            for _, asked in parse_qsl(query):
                said = said.replace(asked.encode(), b"")
            faults += [f"/{entry.url}?{query}: {leak}" for leak in leaks(name, said) | named(name, said)]
            if shown.says("could not be shown") or shown.says("Traceback"):
                faults.append(f"/{entry.url}?{query}: failed")
            if (entry.key in offered) == shown.says("not part of your role") and entry.url:
                faults.append(f"/{entry.url}?{query}: offered is {entry.key in offered}")
            seen |= {place for place in READERS if canary(place, "title_en").encode() in said}
            faults += _downloads(person, other, name, entry.url, shown)
    for number, place in office.attachments.items():
        answer = person.http.get(f"/attachment/{number}")
        if (answer.status_code == 200) != (name in READERS[place]) or leaks(name, answer.content):
            faults.append(f"/attachment/{number} ({place}): {answer.status_code}")
    return faults, seen


def _downloads(person: PageClient, other: PageClient, name: str, page: str, shown: Shown) -> Iterator[str]:
    """What is wrong with the files that a page offers: they are this person's, and hold no more than the page may."""
    addresses = shown.media | {person.file(number) for number in shown.deferred} - {""}
    for address in sorted(addresses):
        answer = person.http.get(address)
        if answer.status_code != 200 or answer.headers["cache-control"] != "no-store":
            yield f"/{page}: {address} gave {answer.status_code}"
        if other.http.get(address).status_code != 404:
            yield f"/{page}: {address} is served to somebody else"
        for leak in leaks(name, unpacked(answer.content)) | named(name, unpacked(answer.content)):
            yield f"/{page}: a download holds {leak}"


def test_a_stranger_gets_the_form_and_nothing_else(office: Office) -> None:
    with PageClient(office.server.url, None) as stranger:
        with pytest.raises(InvalidStatus):
            stranger.open()
        _gets_the_form(stranger, office)


def _gets_the_form(stranger: PageClient, office: Office) -> None:
    for entry in PAGES:
        answer = stranger.http.get(f"/{entry.url}")
        assert answer.status_code == 303 and answer.headers["location"].startswith("/login"), entry.url
    for path in (
        "/media/x.xlsx",
        "/_stcore/host-config",
        "/_stcore/upload_file/x/y",
        "/component/x",
        "/_stcore/metrics",
    ):
        assert stranger.http.get(path).status_code == 401, path
    for number in office.attachments:
        assert stranger.http.get(f"/attachment/{number}").status_code == 303


@pytest.mark.parametrize("name", WHO)
def test_every_route_of_ours_answers_each_role_without_a_word_too_much(office: Office, name: str) -> None:
    with PageClient(office.server.url, office.tokens.get(name)) as person:
        _asks_every_route(person, office, name)


def _asks_every_route(person: PageClient, office: Office, name: str) -> None:
    for route in ROUTES:
        assert isinstance(route, Route)
        path = re.sub(r"\{\w+:int\}", "1", re.sub(r"\{\w+\}", "x", route.path))
        if path.startswith(("/logout", "/auth/logout")):
            continue
        for method in (
            "GET",
            "POST",
            "DELETE",
            *(("HEAD", "PUT", "PATCH", "OPTIONS", "TRACE") if name == "member" else ()),
        ):
            answer = person.http.request(method, path, headers={"Origin": office.server.url})
            assert answer.status_code < 500, (method, path)
            assert not leaks(name, answer.content), (method, path)
        evil = person.http.post(path, headers={"Origin": "http://evil.example"})
        assert evil.status_code == 403, path
    metrics = person.http.get("/_stcore/metrics").status_code
    assert metrics == {"stranger": 401, "administrator": 200}.get(name, 404)
    for path in TRICKS:
        status, content = person.raw(path)
        assert status in (303, 400, 401, 404) or path.startswith("/static"), (path, status)
        assert b"SQLite format" not in content and b"[server]" not in content
        assert not leaks(name, content)


def test_the_cast_covers_every_role_that_signs_in(office: Office) -> None:
    assert {viewer.role for viewer in office.viewers.values()} == set(Role) - {Role.SYSTEM}
    readers = {name for name, viewer in office.viewers.items() if may(viewer, Action.READ_FILES)}
    assert readers == set().union(*READERS.values())
