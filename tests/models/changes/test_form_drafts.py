"""A form that somebody began is kept for them alone, and is saved once, whoever clicks how often."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.changes.form_drafts import discard, forget_old, keep, rebase, take
from models.db import read_session, transaction
from models.enums import Role
from models.errors import AlreadySaved, Forbidden
from models.queries.form_drafts import Draft, draft_of, drafts_of_file
from models.rules.access import Viewer
from models.settings import settings
from models.tables import Account, AuditEntry, DataVersion, FormDraft
from tests import cast, make

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
EVENT = {"form": "event", "subject": "case:VA-1"}
DAYS = timedelta(days=settings().draft_days)


@pytest.fixture
def thuky(engine: Engine) -> Viewer:
    with transaction(engine) as session:
        make.case(session, code="VA-1")
        return cast.accounts(session).secretariat


@pytest.fixture
def other(engine: Engine, thuky: Viewer) -> Viewer:
    with transaction(engine) as session:
        return Viewer("thuky2", Role.SECRETARIAT, make.account(session, login="thuky2").id)


def typed(engine: Engine, viewer: Viewer, token: str, text: str, *, revision: int = 1, now: datetime = NOW) -> str:
    with transaction(engine) as session:
        return keep(session, viewer, token, values={"detail": text}, revision=revision, now=now, **EVENT)


def shown(engine: Engine, viewer: Viewer, *, now: datetime = NOW) -> Draft | None:
    with read_session(engine) as session:
        return draft_of(session, viewer, now=now, **EVENT)


def saved(engine: Engine, viewer: Viewer, token: str) -> None:
    with transaction(engine) as session:
        take(session, viewer, token, now=NOW, **EVENT)


def test_what_was_typed_last_is_there_again(engine: Engine, thuky: Viewer) -> None:
    typed(engine, thuky, "a", "Gia hạn")
    typed(engine, thuky, "a", "Gia hạn điều tra lần 1", revision=5, now=NOW + timedelta(minutes=1))
    draft = shown(engine, thuky)
    assert draft and draft.values == {"detail": "Gia hạn điều tra lần 1"}
    assert draft.revision == 1, "the revision that was shown when the form was opened"
    assert draft.saved_at == NOW + timedelta(minutes=1)


def test_nobody_sees_the_draft_of_another(engine: Engine, thuky: Viewer, other: Viewer) -> None:
    typed(engine, thuky, "a", "mine")
    assert shown(engine, other) is None
    typed(engine, other, "b", "theirs")
    mine = shown(engine, thuky)
    assert mine and mine.values == {"detail": "mine"}
    with transaction(engine) as session:
        discard(session, other, "a")
    assert shown(engine, thuky)


def test_two_windows_share_one_draft_and_save_it_once(engine: Engine, thuky: Viewer) -> None:
    assert typed(engine, thuky, "a", "from the first window") == "a"
    assert typed(engine, thuky, "b", "from the second window") == "a"
    saved(engine, thuky, "a")
    with pytest.raises(AlreadySaved, match="saved already at"):
        saved(engine, thuky, "a")
    assert shown(engine, thuky) is None
    assert typed(engine, thuky, "a", "typed after it was saved") == "a"
    assert shown(engine, thuky) is None, "a form that was saved is not begun again by the window left open"


def test_a_form_saved_without_a_key_pressed_is_saved_once_too(engine: Engine, thuky: Viewer) -> None:
    saved(engine, thuky, "a")
    with pytest.raises(AlreadySaved):
        saved(engine, thuky, "a")


def test_of_two_at_the_same_moment_one_saves(engine: Engine, thuky: Viewer) -> None:
    typed(engine, thuky, "a", "twice")
    start, answers = Barrier(2), []

    def press() -> None:
        start.wait()
        try:
            saved(engine, thuky, "a")
            answers.append("saved")
        except AlreadySaved:
            answers.append("already")

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["already", "saved"]


def test_a_saving_that_fails_leaves_the_draft(engine: Engine, thuky: Viewer) -> None:
    typed(engine, thuky, "a", "still here")
    with pytest.raises(RuntimeError), transaction(engine) as session:
        take(session, thuky, "a", now=NOW, **EVENT)
        raise RuntimeError
    assert shown(engine, thuky)


def test_what_was_saved_is_forgotten(engine: Engine, thuky: Viewer) -> None:
    typed(engine, thuky, "a", "secret of the form")
    saved(engine, thuky, "a")
    with read_session(engine) as session:
        assert [row.values for row in session.exec(select(FormDraft))] == [{}]


def test_a_discarded_draft_is_gone_and_the_next_one_is_new(engine: Engine, thuky: Viewer) -> None:
    typed(engine, thuky, "a", "wrong file")
    with transaction(engine) as session:
        discard(session, thuky, "a")
        discard(session, thuky, "a")
    assert shown(engine, thuky) is None
    typed(engine, thuky, "b", "right file")
    draft = shown(engine, thuky)
    assert draft and draft.token == "b"


def test_a_draft_goes_on_from_the_revision_that_was_seen(engine: Engine, thuky: Viewer) -> None:
    typed(engine, thuky, "a", "mine")
    with transaction(engine) as session:
        rebase(session, thuky, "a", revision=7)
    draft = shown(engine, thuky)
    assert draft and draft.revision == 7


def test_a_draft_is_kept_for_its_days_and_then_deleted(engine: Engine, thuky: Viewer) -> None:
    typed(engine, thuky, "a", "old")
    assert shown(engine, thuky, now=NOW + DAYS)
    assert shown(engine, thuky, now=NOW + DAYS + timedelta(seconds=1)) is None
    with transaction(engine) as session:
        forget_old(session, thuky, now=NOW + DAYS)
        assert session.exec(select(FormDraft)).all()
        forget_old(session, thuky, now=NOW + DAYS + timedelta(seconds=1))
        assert not session.exec(select(FormDraft)).all()


@pytest.mark.parametrize("lost", [{"disabled_at": NOW}, {"role": Role.MEMBER}], ids=["disabled", "other role"])
def test_the_drafts_of_who_lost_the_right_are_deleted(engine: Engine, thuky: Viewer, other: Viewer, lost) -> None:
    typed(engine, thuky, "a", "content of a file")
    with transaction(engine) as session:
        account = session.get_one(Account, thuky.account_id)
        for name, value in lost.items():
            setattr(account, name, value)
        session.add(account)
    with transaction(engine) as session:
        forget_old(session, other, now=NOW)
        assert not session.exec(select(FormDraft)).all()


def test_only_who_may_record_keeps_takes_or_sees_a_draft(engine: Engine, thuky: Viewer) -> None:
    typed(engine, thuky, "a", "mine")
    demoted = Viewer("thuky", Role.MEMBER, thuky.account_id)
    assert shown(engine, demoted) is None
    for viewer in (cast.MEMBER, cast.ADMINISTRATOR, cast.STRANGER):
        with pytest.raises(Forbidden):
            typed(engine, viewer, "b", "")
        with pytest.raises(Forbidden):
            saved(engine, viewer, "a")


def test_drafts_of_a_file_are_those_about_it(engine: Engine, thuky: Viewer) -> None:
    typed(engine, thuky, "a", "x")
    with transaction(engine) as session:
        for number, subject in enumerate(("case:VA-1/event:12", "case:VA-10", "new")):
            keep(session, thuky, f"t{number}", form="f", subject=subject, values={}, revision=None, now=NOW)
    with read_session(engine) as session:
        found = drafts_of_file(session, thuky, "VA-1", now=NOW)
        closed = drafts_of_file(session, thuky, "VA-10", now=NOW)
    assert {draft.subject for draft in found} == {"case:VA-1", "case:VA-1/event:12"}
    assert closed == [], "no file that may be shown has this code"


def test_a_draft_is_no_fact(engine: Engine, thuky: Viewer) -> None:
    with read_session(engine) as session:
        before = session.get_one(DataVersion, 1).n
        entries = len(session.exec(select(AuditEntry)).all())
    typed(engine, thuky, "a", "x")
    saved(engine, thuky, "a")
    with read_session(engine) as session:
        assert session.get_one(DataVersion, 1).n == before
        assert len(session.exec(select(AuditEntry)).all()) == entries
