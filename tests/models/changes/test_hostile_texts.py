"""Every text that a change takes, filled with every hostile text: refused at its field in words, or stored clean.

The fields are found by the calls themselves: every text argument, every text field of every entry. A form's entry that
no call here hands over fails the test.
"""

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select

from models.changes import (
    accused,
    attachments,
    calendar,
    conclusions,
    coordination,
    difficulties,
    events,
    files,
    form_drafts,
    heading_maps,
    joins,
    money,
    people,
    secrecy,
    sessions,
    supervision,
    tasks,
)
from models.changes._request_draft import RequestDraft
from models.changes.conclusions import ConclusionLine
from models.changes.sessions import SessionGiven
from models.db import Session, transaction
from models.enums import (
    AccusedStatus,
    CoordinationKind,
    DayKind,
    DifficultyKind,
    EntryKind,
    EventKind,
    Quantity,
    Role,
    Secrecy,
    SessionKind,
    SupervisionGround,
    SupervisionOutcome,
    SupervisionStep,
)
from models.errors import LiemError
from models.rules.access import Viewer
from models.rules.entry import EventEntry
from models.rules.words import Refusal
from models.tables import Case
from models.text import translator
from tests import cast, hostile, make
from tests.test_house import CHANGES

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2026, 11, 20)
DAY = date(2026, 11, 2)
WHY = "Nhập nhầm"
EVENT = EventEntry(EventKind.PROGRESS_NOTE, DAY, detail="x", document="1/CV", body="x", source="x")
ACCUSED = accused.AccusedEntry("BC-09", AccusedStatus.CHARGED, DAY, "x", "353", "2")
MONEY = money.LedgerEntry(
    Quantity.MUST_RECOVER, EntryKind.READING, 5, DAY, asset_kind="x", units="3", unit="m", document="x", source="x"
)
DIFFICULTY = difficulties.DifficultyEntry(DifficultyKind.DIFFICULTY, "x", DAY, raised_by="x", addressed_to="x")
FILE = files.FileDraft(
    "Vụ án mới", title_en="x", is_corruption=True, locality="x", sector="x", level="x", offence_articles="353",
    lead_agency="x", supervised_by="x", source="x", notes="x",
)  # fmt: skip
REQUEST = RequestDraft(
    asks="CQDT", asked="STC", kind=CoordinationKind.DOCUMENT, subject="x", sent_on=DAY, document="x", legal_basis="x",
    case_code="VA-1",
)  # fmt: skip
PAPER = attachments.Document("1/BC", DAY, "x", "x", Secrecy.NONE, "", "bao cao.pdf", b"%PDF-1.7\n1 0 obj\n")
SECRET = attachments.Document("1/BC", DAY, "", "", Secrecy.CONFIDENTIAL, "Tủ 4")
HELD = SessionGiven(
    SessionKind.COMMITTEE, "2025-2030", DAY, place="x", subject="x", chair="x", is_held=True, notice="x"
)
PROPOSAL = supervision.ProposalEntry(
    SupervisionStep.PLACE, SupervisionGround.PUBLIC_CONCERN, DAY, "x", reason="x", document="x", report="x"
)
DECISION = supervision.DecisionEntry(SupervisionOutcome.REFUSED, DAY, decision="88-TB/BCĐ", note="x")


class Call(NamedTuple):
    """A change and arguments with which it succeeds."""

    change: Callable[..., object]
    arguments: tuple[Any, ...]
    named: dict[str, Any]


@pytest.fixture(scope="module")
def office(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One database for all calls; each is taken back. What the databases refuse themselves, lengths, is asked here."""
    from shutil import copyfile

    from models.db import make_engine

    path = tmp_path_factory.mktemp("hostile") / "liem.db"
    copyfile(_sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with transaction(engine) as session:
        lay_ground(session)
    yield engine
    engine.dispose()


def lay_ground(session: Session) -> None:
    """What the calls are about: two agencies, two cases, an incident."""
    make.agency(session)
    make.agency(session, code="STC", name_vi="Sở Tài chính", name_en="Finance department")
    for code in ("VA-1", "VA-2"):
        make.case(session, code=code, events=[("case_initiated", "2026-02-02")])
    make.case(session, code="VV-1", kind="incident", events=[("report_received", "2026-02-02")])


def calls(session: Session, folder: Path) -> Iterator[Call]:
    """A succeeding call of every change that takes a text from people."""
    one = session.exec(select(Case).where(col(Case.code) == "VA-1")).one()
    at: dict[str, Any] = {"now": NOW, "today": TODAY}
    who = cast.accounts(session)
    officer, lead = who.secretariat, who.lead

    def revision(code: str = "VA-1") -> dict[str, Any]:
        session.flush()
        return {"revision": session.exec(select(Case.revision).where(col(Case.code) == code)).one(), **at}

    def call(change: Callable[..., object], *arguments: Any, by: Any = officer, **named: Any) -> Call:
        return Call(change, (session, by, *arguments), named)

    yield call(files.new_file, FILE, code="VA-9", events=(EVENT,), **at)
    yield call(files.correct_details, "VA-1", {"title": "x", "notes": "x", "locality": "y"}, reason=WHY, **revision())
    yield call(files.become_case, "VV-1", FILE, code="VA-9", **revision("VV-1"))
    yield call(joins.split_file, "VA-1", FILE, new_code="VA-9", happened_on=DAY, document="x", body="x", detail="x",
               **revision())  # fmt: skip
    yield call(joins.merge_files, "VA-1", "VA-2", happened_on=DAY, document="x", body="x", detail="x", **revision())
    yield call(joins.transfer_file, "VA-1", to="x", happened_on=DAY, document="x", body="x", detail="x", **revision())
    yield call(events.record_event, "VA-1", EVENT, **revision())
    noted = events.record_event(session, officer, "VA-1", EVENT, **revision())
    corrected = dataclasses.replace(EVENT, detail="y")
    yield call(events.replace_event, noted.id, corrected, reason=WHY, **revision())
    yield call(events.retract_event, noted.id, reason=WHY, **revision())
    yield call(accused.add_accused, "VA-1", ACCUSED, **revision())
    accused.add_accused(session, officer, "VA-1", ACCUSED, **revision())
    changed = dataclasses.replace(ACCUSED, official_level="y")
    yield call(accused.correct_accused, "VA-1", "BC-09", changed, reason=WHY, **revision())
    yield call(accused.retract_accused, "VA-1", "BC-09", reason=WHY, **revision())
    yield call(money.record_entry, "VA-1", MONEY, **revision())
    paid = money.record_entry(session, officer, "VA-1", MONEY, **revision())
    more = dataclasses.replace(MONEY, amount_vnd=7)
    yield call(money.replace_entry, paid.id, more, reason=WHY, **revision())
    yield call(money.retract_entry, paid.id, reason=WHY, **revision())
    yield call(difficulties.record_difficulty, "VA-1", DIFFICULTY, **revision())
    raised = difficulties.record_difficulty(session, officer, "VA-1", DIFFICULTY, **revision())
    other = dataclasses.replace(DIFFICULTY, text="y")
    yield call(difficulties.replace_difficulty, raised.id, other, reason=WHY, **revision())
    yield call(difficulties.settle_difficulty, raised.id, answer="x", settled_on=TODAY, **revision())
    yield call(difficulties.retract_difficulty, raised.id, reason=WHY, **revision())
    yield call(attachments.attach, "VA-1", PAPER, folder=folder, **at)
    yield call(attachments.attach, "VA-1", SECRET, folder=folder, **at)
    kept = attachments.attach(session, officer, "VA-1", PAPER, folder=folder, **at)
    yield call(attachments.take_off, kept.id, reason=WHY, now=NOW)
    yield call(coordination.send_request, REQUEST, **at)
    asked = coordination.send_request(session, officer, REQUEST, **at)
    again = dataclasses.replace(REQUEST, subject="y")
    yield call(coordination.correct, asked.code, version=asked.id, draft=again, reason=WHY, **at)
    yield call(coordination.note_reply, asked.code, version=asked.id, replied_on=TODAY, document="x", summary="x",
               **at)  # fmt: skip
    yield call(coordination.cancel, asked.code, version=asked.id, cancelled_on=TODAY, reason=WHY, **at)
    yield call(sessions.plan_session, HELD, **at)
    met = sessions.plan_session(session, officer, HELD, **at)
    moved = dataclasses.replace(HELD, place="y")
    yield call(sessions.change_session, met.id, met.id, moved, reason=WHY, **at)
    yield call(conclusions.write_conclusions, met.id, met.id, [ConclusionLine("x")], reason=WHY, now=NOW)
    yield call(supervision.propose, "VA-1", PROPOSAL, **revision())
    wanted = supervision.propose(session, officer, "VA-1", PROPOSAL, **revision())
    yield call(supervision.decide, wanted.id, DECISION, by=lead, **revision())
    yield call(supervision.withdraw, wanted.id, reason=WHY, **revision())
    level = secrecy.LevelEntry(Secrecy.CONFIDENTIAL, "1/QĐ", DAY, "Tủ 4")
    cleared = dataclasses.replace(lead, clearance=Secrecy.CONFIDENTIAL)
    yield call(secrecy.set_level, "VA-2", level, by=cleared, confirmed=True, **revision("VA-2"))
    yield from _task_calls(session, officer, call, at)
    yield call(form_drafts.keep, "a" * 16, form="event", subject="VA-1", values={"detail": "x"}, revision=1, now=NOW)
    yield call(heading_maps.remember_headings, "x", sheets={"A": "cases"}, fields={"cases": {"a": "title"}}, now=NOW)
    heading_maps.remember_headings(session, officer, "x", sheets={"A": "cases"}, fields={}, now=NOW)
    yield call(heading_maps.forget_headings, "x", now=NOW)
    assert one.id
    chief = who.administrator
    given = {"password": "Mật khẩu thử nghiệm 1", "role": Role.MEMBER, "now": NOW}
    yield call(people.add_account, by=chief, login="nguoimoi", display_name="x", function="x", agency="CQDT",
               email="x@y.example", **given)  # fmt: skip
    day = calendar.DayDraft(date(2027, 3, 1), DayKind.HOLIDAY, "x", "x", "x", "x")
    yield call(calendar.add_day, day, by=chief, source="x", reason=WHY, now=NOW)
    calendar.add_day(session, chief, day, source="x", reason=WHY, now=NOW)
    yield call(calendar.remove_day, day.day, by=chief, reason=WHY, now=NOW)


def _task_calls(session: Session, officer: Any, call: Callable[..., Call], at: dict[str, Any]) -> Iterator[Call]:
    given = tasks.TaskGiven("x", DAY, lead_agency="CQDT", cooperating=("STC",), due_on=TODAY, case_code="VA-1")
    yield call(tasks.new_task, given, **at)
    task = tasks.new_task(session, officer, given, **at)
    code, version = task.code, task.id
    changed = dataclasses.replace(given, content="y")
    yield call(tasks.correct_task, code, version, changed, reason=WHY, **at)
    yield call(tasks.report_progress, code, version, said="x", on=TODAY, **at)
    yield call(tasks.cancel_task, code, version, on=TODAY, reason=WHY, **at)
    yield call(tasks.move_due, {code: version}, due_on=TODAY, reason=WHY, now=NOW)
    yield call(tasks.give_to, {code: version}, lead_agency="STC", reason=WHY, now=NOW)
    yield call(tasks.claim_done, code, version, on=TODAY, evidence="x", said="x", **at)
    claimed = tasks.claim_done(session, officer, code, version, on=TODAY, evidence="x", **at)
    yield call(tasks.accept_task, code, claimed.id, on=TODAY, note="x", **at)
    yield call(tasks.return_task, code, claimed.id, on=TODAY, reason=WHY, **at)
    yield call(tasks.accept_tasks, {code: claimed.id}, on=TODAY, note="x", **at)
    yield call(tasks.return_tasks, {code: claimed.id}, on=TODAY, reason=WHY, **at)
    yield call(tasks.take_back, code, claimed.id, reason=WHY, now=NOW)


# --- filling the fields --------------------------------------------------------------------------------------------


def fillings(value: Any, text: str) -> Iterator[tuple[str, Any]]:
    """`value` with one of its texts replaced by `text`, for each of its texts in turn, with the field's name."""
    match value:
        case str() if type(value) is str:
            yield "", text
        case dict():
            for key, part in value.items():
                yield from ((f"{key}.{name}", {**value, key: filled}) for name, filled in fillings(part, text))
        case list() | tuple():
            for at, part in enumerate(value):
                for name, filled in fillings(part, text):
                    yield f"{at}.{name}", type(value)([*value[:at], filled, *value[at + 1 :]])
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            for field in dataclasses.fields(value):
                for name, filled in fillings(getattr(value, field.name), text):
                    yield f"{field.name}.{name}", dataclasses.replace(value, **{field.name: filled})


def variants(call: Call, text: str) -> Iterator[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """The call with one text replaced, for each of its texts; never the viewer's."""
    for name, rest in fillings(list(call.arguments[2:]), text):
        yield name, (*call.arguments[:2], *rest), call.named
    for name, named in fillings(call.named, text):
        yield name, call.arguments, named


def complaints(session: Session) -> list[str]:
    """What is wrong with rows about to be written: signs that may not be stored, texts longer than their column."""
    found = []
    for row in [*session.new, *session.dirty]:
        for column in row.__table__.c:
            value = getattr(row, column.key)
            if not isinstance(value, str):
                continue
            longest = getattr(column.type, "length", None)
            if longest is not None and len(value) > longest:
                found.append(f"{column}: {len(value)} characters, {longest} fit")
            if signs := hostile.impurities(value):
                found.append(f"{column}: {sorted(signs)}")
    return found


def test_every_text_of_every_change_is_refused_in_words_or_stored_clean(office: Engine, tmp_path: Path) -> None:
    faults: list[str] = []
    tried: set[str] = set()
    seen: set[type] = set()
    with Session(office) as session:
        wrong: list[str] = []
        event.listen(session, "before_flush", lambda session, *_rest: wrong.extend(complaints(session)))
        for call in calls(session, tmp_path):
            name = f"{call.change.__module__}.{call.change.__name__}"
            tried.add(name)
            assert _try(session, call.change, call.arguments, call.named) is None, f"{name}: the example must succeed"
            entries = {
                type(value) for value in (*call.arguments, *call.named.values()) if dataclasses.is_dataclass(value)
            }
            fresh, seen = bool(entries - seen) or not entries, seen | entries
            for kind, text in hostile.EVERYTHING.items():
                for field, arguments, named in variants(call, text) if fresh or kind in ("control", "long") else ():
                    wrong.clear()
                    refused = _try(session, call.change, arguments, named)
                    if refused not in (None, "in words") and not (kind == "surrogate" and _only_looked_up(field)):
                        faults.append(f"{name} {field} {kind}: {refused}")
                    if refused is None and field not in AS_THE_SHEET_HAS_IT:
                        faults += [f"{name} {field} {kind}: stored {what}" for what in wrong]
        session.rollback()
    assert not faults, "\n".join(faults)
    missed = {entry.__name__ for entry in ENTRIES - seen}
    assert not missed, f"give a change that takes each of these a call that succeeds: {sorted(missed)}"


def _try(session: Session, change: Callable[..., object], arguments: Any, named: Any) -> str | None:
    """How the call ended, taken back afterwards: None for stored, `in words`, or the fault."""
    point = session.begin_nested()
    try:
        change(*arguments, **named)
        session.flush()
    except (LiemError, Refusal) as refusal:
        for language in ("vi", "en"):
            said = translator(language).words(refusal.words)
            if len(said) > 1000:
                return f"a sentence of {len(said)} characters"
        return "in words"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"
    finally:
        point.rollback()
        session.expire_all()
    return None


def _only_looked_up(field: str) -> bool:
    """Whether a text only finds something: browsers send no lone surrogates, and no database looks for one."""
    name = field.strip(".").split(".")[-1]
    return name.isdigit() or name in {
        *("", "accused", "agency", "asks", "asked", "case_code", "lead_agency", "cooperating", "password"),
        *("form", "subject", "A", "a"),
    }


def _entries() -> Iterator[type]:
    """What forms hand to changes: dataclasses with a text in them."""
    for parameter in CHANGES:
        for given in inspect.signature(parameter.values[0]).parameters.values():  # type: ignore[arg-type]
            kind = given.annotation
            if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind is not Viewer:
                yield kind


AS_THE_SHEET_HAS_IT = {"sheets.A.", "fields.cases.a."}  # headings, to be found again in the next workbook
MADE_BY_US = {
    "Province",
    "Findings",
    "Plan",
    "Drafts",
    "SignedIn",
    "Found",
    "Piece",
}  # no form: demo, scan, workbooks, the browser
ENTRIES = {kind for kind in _entries() if kind.__name__ not in MADE_BY_US}
