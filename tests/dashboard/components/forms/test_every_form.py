"""Every form there is, with what tired people put into it: nothing, nonsense, far too much, a paste from Word.

Whatever is typed, it is saved whole or not at all, what is wrong is told in the reader's language, and the text stays.
"""

import errno
import inspect
import json
import re
import unicodedata
from datetime import date, timedelta
from html import unescape
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from sqlalchemy import event
from sqlmodel import col, func, select
from streamlit.testing.v1 import AppTest

from dashboard.components import (
    agenda_form,
    conclusions_form,
    flag_form,
    request_form,
    session_form,
    session_view,
    supervision_forms,
    task_bulk,
    task_form,
)
from dashboard.components.acts import Act
from dashboard.components.forms.kinds import FormKind
from dashboard.components.record import desk
from dashboard.components.task_detail import ACTS as TASK_ACTS
from models import clock
from models.changes.attachments import Document, attach
from models.changes.conclusions import ConclusionLine, write_conclusions
from models.changes.difficulties import DifficultyEntry, record_difficulty
from models.changes.restrictions import restrict
from models.changes.search import rebuild
from models.changes.sessions import (
    AgendaLine,
    AttendanceLine,
    SessionGiven,
    plan_session,
    write_agenda,
    write_attendance,
)
from models.changes.supervision import ProposalEntry, propose
from models.db import engine, read_session, transaction
from models.enums import (
    AgendaKind,
    DifficultyKind,
    EventKind,
    FlagRule,
    Kind,
    Presence,
    SessionKind,
    SupervisionGround,
    SupervisionStep,
)
from models.queries.cases import flag_rows
from models.queries.people import viewer_named
from models.rules.access import SYSTEM
from models.tables import Attachment, AuditEntry, Case, CaseEvent, Difficulty, Flag, MoneyEntry, SupervisionProposal
from tests import cast, make
from tests.dashboard.pages.opening import DAY, NOON, pieces
from tests.proof import times

LEADS = frozenset({"decide_supervision", "restrict", "lift_restriction", "level"})  # forms of the lead
FILES = {"become_case": "VV-1", "decide_supervision": "VA-2", "withdraw_supervision": "VA-2"}
TASK_OF = {"accept": "NV-2", "return": "NV-2", "take_back": "NV-2"}  # a claim waits there
# every form that is no FormKind: what makes it, and what it is about
ACTS = {
    **{f"task {name}": (lambda name=name: TASK_ACTS[name][1](TASK_OF.get(name, "NV-1"))) for name in TASK_ACTS},
    "task new": lambda: task_form.new_task_act("VA-1"),
    "task many": lambda: task_bulk._act(["NV-1", "NV-2"]),
    **{f"request {name}": (lambda name=name: request_form.ACTS[name][1]("PH-1")) for name in request_form.ACTS},
    "request new": lambda: request_form.new_act("VA-1"),
    **{f"session {name}": (lambda name=name: session_view.ACTS[name](1, 1)) for name in session_view.ACTS},
    "session new": session_form.new_session_act,
    "session point new": lambda: agenda_form.point_act(1, None),
    "session line new": lambda: conclusions_form.line_act(1, None),
    "flag": lambda: flag_form.flag_act(_flags),
}
MAKERS = {
    "new_task_act": "task new", "new_session_act": "session new", "new_act": "request new", "_act": "task many",
    **{maker.__name__: f"task {name}" for name, (_, maker) in TASK_ACTS.items()},
    **{maker.__name__: f"request {name}" for name, (_, maker) in request_form.ACTS.items()},
    "reply_act": "request reply", "_step": "request receipt", "change_session_act": "session change",
    "point_act": "session point", "take_off_act": "session off", "carry_over_act": "session open",
    "attendance_act": "session attendance", "line_act": "session line", "paste_act": "session paste",
    "remove_line_act": "session retract", "session_act": "session point", "flag_act": "flag",
}  # fmt: skip
LONG = "Một đoạn văn bản rất dài. " * 250
WORD = unicodedata.normalize("NFD", "“Số\u00a012\u2011QĐ/TU” của cơ\u00ad quan\u00a0– đề nghị\tlàm rõ\r\ndòng hai…")
INPUTS = {
    "nothing": lambda name: "",
    "nonsense": lambda name: "32/13/2026 <b>;--",
    **({"too long": lambda name: LONG} if times(1, 0) else {}),
    "from Word": lambda name: _pasted(name),
}


def _pasted(name: str) -> str:
    """What such a field is filled with from a paper."""
    if name == "look_again_on":
        day = clock.today() + timedelta(days=20)
        return f"ngày\u00a0{day.day} tháng {day.month} năm\u00a0{day.year}"
    if name == "on" or name.endswith("_on"):
        return "" if name in ("supervised_from",) else "ngày\u00a021 tháng 11 năm\u00a02026"
    given = {
        "amount_vnd": "1.234.567.890\u00a0đồng", "length": "2\u00a0tháng", "accused_count": "3", "number": "7",
        "units": "", "paragraph": "1", "article": "353", "offence_articles": "353(1)", "term": "2025-2030",
        "into": "VA-2", "case_code": "VA\u20112", "task_code": "", "code": "", "new_code": "", "level": "Tỉnh",
        "status": "", "functions": "Trưởng\u00a0ban\r\nPhó Trưởng ban",
    }  # fmt: skip
    return given.get(name, WORD)


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def me(installation, monkeypatch):
    """One of everything that a form can be about, and the secretariat's account."""
    with transaction() as session:
        file = make.case(
            session, code="VA-1", title="Vụ án thứ nhất",
            events=[("case_initiated", "2026-10-05"), ("merged", "2026-10-20", {"detail": "VA-2"})],
            money=[("damage", "2026-10-06", 5_000_000)],
        )  # fmt: skip
        make.accused(session, case=file, code="BC-01", on="2026-10-07")
        make.case(session, code="VA-2", title="Vụ án thứ hai", events=[("case_initiated", "2026-09-01")])
        make.case(session, code="VV-1", kind=Kind.INCIDENT, title="Vụ việc", events=[("report_received", "2026-10-01")])
        police = make.agency(session, code="CA-MC", name_vi="Công an tỉnh")
        make.task(session, code="NV-1", due_on="2026-12-01", lead=police)
        make.task(session, code="NV-2", due_on="2026-12-01", lead=police, claimed_on=date(2026, 11, 10))
        make.request(session, code="PH-1", asks=police, case=file)
        session.add(Flag(case_id=file.id, rule=FlagRule.S1, opened_on=DAY, recorded_at=NOON))
        people = cast.accounts(session)
        who = people.secretariat
    with transaction() as session:
        _more(session, who)
    monkeypatch.setattr("dashboard.components.forms.state.signed_in", lambda now: None)
    monkeypatch.setattr("dashboard.components.acts.signed_in", lambda now: SimpleNamespace(viewer=who))
    again = st.rerun
    monkeypatch.setattr("streamlit.rerun", lambda *, scope="app": again())  # here every run is one of the whole page
    return people


def _flags():
    with read_session() as session:
        return {str(row.id): row for row in flag_rows(session, SYSTEM)}


def _more(session, who):
    """A difficulty, a document, proposals, a session with a point, somebody present and a line."""
    at = {"now": NOON, "today": DAY}

    def revision(code: str) -> int:
        return session.exec(select(Case.revision).where(Case.code == code)).one()

    entry = DifficultyEntry(DifficultyKind.DIFFICULTY, "Chậm giám định", DAY)
    record_difficulty(session, who, "VA-1", entry, revision=revision("VA-1"), **at)
    attach(session, who, "VA-1", Document(number="1/QĐ", title="Quyết định"), **at)
    proposal = ProposalEntry(SupervisionStep.PLACE, SupervisionGround.PUBLIC_CONCERN, DAY, "Ban Nội chính")
    propose(session, who, "VA-2", proposal, revision=revision("VA-2"), **at)
    held = plan_session(
        session, who, SessionGiven(SessionKind.COMMITTEE, "2025-2030", date(2026, 11, 20), is_held=True), **at
    )
    version = held.version
    write_agenda(session, who, held.id, version, [AgendaLine(AgendaKind.REPORT, "Báo cáo")], now=NOON)
    write_attendance(session, who, held.id, version + 1, [AttendanceLine("Trưởng ban", Presence.PRESENT)], now=NOON)
    write_conclusions(session, who, held.id, version + 2, [ConclusionLine("Kết thúc điều tra")], now=NOON)


def _kind_page(viewer, name, code, id, language, today, now):
    from dashboard.components.forms.saving import save_asked
    from dashboard.components.record import desk
    from dashboard.context import PageContext
    from models.db import read_session
    from models.queries.cases import case_file
    from models.queries.people import viewer_named
    from models.text import translator

    with read_session() as session:
        viewer = viewer_named(session, viewer.name)  # made anew in every run, as a sign-in does
    ctx = PageContext(viewer=viewer, today=today, now=now, t=translator(language), as_of=today)
    save_asked(ctx, desk.FORMS)
    if name == "new":
        desk.new_file(ctx, "case")
        return
    with read_session() as session:
        file = case_file(session, viewer, code, as_of=today)
    desk._form(ctx, file, name, id)


def _act_page(viewer, name, maker, language, today, now):
    from dashboard.components.acts import act_form
    from dashboard.context import PageContext
    from models.text import translator

    ctx = PageContext(viewer=viewer, today=today, now=now, t=translator(language), as_of=today)
    act_form(ctx, name.replace(" ", "_"), f"tried:{name}", maker())


def _id_of(name: str) -> str:
    """The fact that a form of this name is about."""
    tables = {"event": CaseEvent, "money": MoneyEntry, "difficulty": Difficulty, "document": Attachment,
              "supervision": SupervisionProposal}  # fmt: skip
    what = name.rpartition("_")[2]
    if name in ("event", "money", "difficulty", "document", "place_supervision", "end_supervision") or "_" not in name:
        return ""
    if what == "accused":
        return "BC-01"
    with read_session() as session:
        if name == "settle_merger":
            return str(session.exec(select(CaseEvent.id).where(CaseEvent.kind == EventKind.MERGED)).first())
        if what not in tables:
            return ""
        return str(session.exec(select(tables[what].id).order_by(col(tables[what].id).desc())).first())


def audit(last: bool = False):
    with read_session() as session:
        if last:
            return session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
        return session.exec(select(func.count()).select_from(AuditEntry)).one()


def name_of(widget) -> str:
    """The field behind a widget: form_1a2b_happened_on → happened_on."""
    found = re.fullmatch(r"form_[0-9a-f]+x*_(\w+?)(_filled\d+)?", widget.key or "")
    return found[1] if found else ""


def typed_into(app: AppTest) -> dict:
    return {name_of(each): each for each in (*app.text_input, *app.text_area) if name_of(each)}


def told(app: AppTest) -> dict[str, str]:
    """What is said to be wrong: by field, "" for the form as a whole."""
    html = "".join(pieces(app))
    own = {name: unescape(said) for said, name in _problems(html)}
    whole = [each.value for each in app.error]
    return own | ({"": " ".join(whole)} if whole else {})


def _problems(html: str) -> list[tuple[str, str]]:
    return [
        (said, name)
        for attributes, said in re.findall(r"<p ([^>]*)>([^<]*)</p>", html)
        for name in re.findall(r'data-problem="(\w+)"', attributes)
    ]


def opened_form(who, name: str) -> AppTest:
    given = {"viewer": who, "language": "vi", "today": DAY, "now": NOON}
    if name in ACTS:
        app = AppTest.from_function(_act_page, kwargs={**given, "name": name, "maker": ACTS[name]}, default_timeout=60)
    else:
        more = {"name": name, "code": FILES.get(name, "VA-1"), "id": _id_of(name)}
        app = AppTest.from_function(_kind_page, kwargs={**given, **more}, default_timeout=60)
    app.run()
    assert not app.exception, app.exception
    return app


def save(app: AppTest) -> None:
    button = next(
        each for each in app.button if (each.key or "") == "form_save" or str(each.key).startswith("act_save_")
    )
    button.click().run()
    assert not app.exception, app.exception


def choose_first(app: AppTest) -> None:
    """Choices that nobody made take the first there is."""
    for box in app.selectbox:
        if box.value is None and box.options and name_of(box):
            box.select_index(0)
    app.run()


@pytest.mark.parametrize("name", [*desk.FORMS, *ACTS])
def test_whatever_is_typed_is_saved_whole_or_told_and_kept(me, name):
    if name == "lift_restriction":
        with transaction() as session:
            restrict(session, me.lead, "VA-1", [me.lead.name], reason="Cần giữ kín", revision=None, now=NOON)
    app = opened_form(me.lead if name in LEADS else me.secretariat, name)
    choose_first(app)
    assert not app.exception
    for what, value in INPUTS.items():
        fields = typed_into(app)
        if not fields:
            break
        for field, widget in fields.items():
            widget.set_value(value(field))
        app.run()
        assert not app.exception, what
        before = audit()
        save(app)
        if audit() > before:
            assert what in ("from Word", "nothing", "too long") or "on" not in {*fields}, f"{what} was saved"
            _saved_clean(what)
            break
        said = told(app)
        assert said, f"{what}: neither saved nor told"
        for field, sentence in said.items():
            assert any(ord(sign) > 127 for sign in sentence), f"{what}, {field}: not in Vietnamese: {sentence}"
        kept = typed_into(app)
        for field in kept.keys() & fields.keys():
            assert kept[field].value == value(field), f"{what}: {field} was lost"
        if what == "nonsense":
            days = {field for field in fields if field == "on" or field.endswith("_on")}
            assert days <= said.keys(), "a day that is none is told at its field"
        if what == "from Word":
            unread = {field for field in said if field == "on" or field.endswith(("_on", "_vnd", "length"))}
            assert not unread, {field: said[field] for field in unread}


def _saved_clean(what: str) -> None:
    """One row in the audit chain, and no sign in it that cannot be seen."""
    entry = audit(last=True)
    after = json.dumps(json.loads(entry.after or "null"), ensure_ascii=False)
    assert not {"\u00a0", "\u00ad", "\u2011"} & {*after}, what
    assert unicodedata.is_normalized("NFC", after)


def test_no_form_is_forgotten():
    """Every FormKind and every maker of an Act in the dashboard is tried above."""
    kinds, makers = set(), set()
    root = Path(desk.__file__).parents[3]
    for path in sorted((root / "dashboard" / "components").rglob("*.py")):
        module = import_module(".".join(path.relative_to(root).with_suffix("").parts))
        for name, each in vars(module).items():
            if isinstance(each, FormKind):
                kinds.add(each.title)
            if isinstance(each, dict):
                kinds |= {kind.title for kind in each.values() if isinstance(kind, FormKind)}
            own = inspect.isfunction(each) and each.__module__ == module.__name__
            if own and each.__annotations__.get("return") in (Act, "Act"):
                makers.add(name)
    assert kinds == {kind.title for kind in desk.FORMS.values()}
    assert {MAKERS[name] for name in makers} <= ACTS.keys()
    assert supervision_forms.FORMS.keys() <= desk.FORMS.keys()


WARNED = "chỉ một số người được mở"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("difficulty", "text"), ("details", "notes"), ("new", "title"),
        ("task new", "content"), ("request new", "subject"), ("session line new", "text"),
    ],
)  # fmt: skip
def test_words_that_name_a_protected_file_are_remarked_upon_while_they_are_typed(me, name, field):
    with transaction() as session:
        restrict(session, me.lead, "VA-2", [me.secretariat.name], reason="Kín", revision=None, now=NOON)
        who = viewer_named(session, me.secretariat.name)
    app = opened_form(who, name)
    for said, named in (("Như vụ VA-1", []), ("Như vụ VA-2, đã nêu", ["VA-2"]), ("Như vụ việc trước", [])):
        typed_into(app)[field].set_value(said)
        app.run()
        assert not app.exception
        warned = [each.value.replace("\\", "") for each in app.warning if WARNED in each.value]
        assert [re.findall(r"VA-\d", each) for each in warned] == ([named] if named else []), said


@pytest.mark.parametrize(("name", "shown"), [("restrict", True), ("level", True), ("event", False)])
def test_who_protects_a_file_is_shown_where_others_name_it(me, name, shown):
    with transaction() as session:
        make.task(session, code="NV-77", content="Báo cáo như vụ VA-1 đã báo cáo")
        rebuild(session)
    app = opened_form(me.lead, name)
    if name == "level":
        next(each for each in app.selectbox if name_of(each) == "level").set_value("secret").run()
    html = "".join(pieces(app))
    assert ('data-hit="NV-77"' in html) is shown
    assert 'data-hit="VA-1"' not in html, "the file itself is no mention"


@pytest.mark.parametrize(("name", "field"), [("difficulty", "text"), ("task new", "content")])
def test_on_a_full_disk_the_form_stays_as_it_is_and_is_saved_once_there_is_room(me, name, field):
    app, words = opened_form(me.secretariat, name), "Thiếu người giám định. " * 80
    full = [True]

    def limit(connection, *_):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages if full[0] else 2**31 - 2}")

    choose_first(app)
    event.listen(engine(), "checkout", limit)
    before = audit()
    typed_into(app)[field].set_value(words)
    app.run()
    save(app)
    assert "Đĩa đã hết dung lượng" in told(app)[""]
    assert typed_into(app)[field].value == words and audit() == before
    full[0] = False
    save(app)
    assert audit() == before + 1 and json.loads(audit(last=True).after)[field] == words.strip()


def test_a_document_that_does_not_fit_on_the_disk_leaves_the_form_as_it_is(me, monkeypatch):
    app = opened_form(me.secretariat, "document")
    typed_into(app)["number"].set_value("12/BC")
    app.run()

    def no_room(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as while_full:
        while_full.setattr("dashboard.components.document_forms.attach", no_room)
        save(app)
    assert "Đĩa đã hết dung lượng" in told(app)[""] and typed_into(app)["number"].value == "12/BC"
    save(app)
    assert audit(last=True).action == "document_attached"
