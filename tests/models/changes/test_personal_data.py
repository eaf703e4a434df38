"""Personal data of officials: handed out, erased when they have left, removed by age; what was done stays provable."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from models.changes._audit import hash_of, record
from models.changes.personal_data import erase_person, remove_old
from models.db import read_session, transaction
from models.errors import FieldErrors, Forbidden
from models.queries.audit import verify
from models.queries.personal_data import data_of
from models.rules.access import SYSTEM
from models.rules.words import Refusal
from models.settings import settings
from models.tables import Account, AuditEntry, FormDraft, OutboxMail, Person, Reminder, SignIn
from tests import cast, make

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
DONE = ("event_recorded", "personal_data_erased")
NAME, MAIL = "Trần Thị Dấu Vết", "dauvet@minhchau.example"


@pytest.fixture
def office(engine):
    """An account that did things, signed in, was reminded and has left; and one that stays."""
    with transaction(engine) as session:
        person = make.person(session, display_name=NAME, function="Chuyên viên Dấu Vết", email=MAIL)
        account = make.account(session, login="cv-07", person=person)
        other = make.account(session, login="cv-08")
        for number, owner in enumerate((account, other)):
            ended = {"created_at": NOW, "last_seen_at": NOW, "expires_at": NOW + timedelta(hours=8)}
            session.add(SignIn(token_sha256=f"{number}" * 64, account_id=owner.id, address="10.0.0.7", **ended))
            session.add(FormDraft(account_id=owner.id, form="event", subject="case:VA-1", token=f"t{number}",
                                  values={"detail": NAME if owner is account else "x"}, saved_at=NOW))  # fmt: skip
        mail = OutboxMail(job="digest", slot="2026-11-01", recipient=MAIL, subject="x", body=f"Kính gửi {NAME}",
                          created_at=NOW, sent_at=NOW)  # fmt: skip
        session.add(mail)
        session.flush()
        session.add(Reminder(obligation="task:NV-1", recipient=MAIL, day=date(2026, 11, 1), mail_id=mail.id))
        who = make.account(session, login="quantri-1", role=cast.ADMINISTRATOR.role)
        viewer = type(cast.ADMINISTRATOR)(name="quantri-1", role=cast.ADMINISTRATOR.role, account_id=who.id)
        acted = type(cast.SECRETARIAT)(name="cv-07", role=cast.SECRETARIAT.role, account_id=account.id)
        record(session, acted, "event_recorded", "case:VA-1", now=NOW, after={"detail": "x"})
    return engine, viewer


def leave(engine):
    with transaction(engine) as session:
        session.exec(select(Account).where(Account.login == "cv-07")).one().disabled_at = NOW


def everything(engine) -> str:
    tables = (Person, Account, SignIn, FormDraft, OutboxMail, Reminder, AuditEntry)
    with read_session(engine) as session:
        return "\n".join(repr(row) for table in tables for row in session.exec(select(table)))


def test_after_erasure_nothing_says_who_it_was_and_the_chain_holds(office):
    engine, viewer = office
    leave(engine)
    assert NAME in everything(engine) and MAIL in everything(engine)
    with transaction(engine) as session:
        erase_person(session, viewer, "cv-07", reason="Đã chuyển công tác", now=NOW)
    left = everything(engine)
    for trace in ("Dấu Vết", "dauvet", "0" * 64):
        assert trace not in left.replace(f"previous_hash='{'0' * 64}'", ""), trace
    with read_session(engine) as session:
        account = session.exec(select(Account).where(Account.login == "cv-07")).one()
        assert account.password_hash == "!"
        rows = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [row.action for row in rows if row.action in DONE] == ["event_recorded", "personal_data_erased"]
        assert all(row.hash == hash_of(row) for row in rows)
        assert next(row for row in rows if row.action == DONE[0]).actor == "cv-07"
        assert session.exec(select(Reminder.obligation)).all() == ["task:NV-1"]  # that somebody was reminded stays
        assert len(session.exec(select(SignIn)).all()) == 1  # the other's
        assert verify(session, SYSTEM).ok, "what was erased was erased in front of the chain"


def test_only_administrators_erase_and_only_who_has_left_with_a_reason(office):
    engine, viewer = office
    with transaction(engine) as session:
        with pytest.raises(Refusal):
            erase_person(session, viewer, "cv-07", reason="Đã chuyển", now=NOW)
        for other in (cast.MEMBER, cast.SECRETARIAT, cast.LEAD, cast.AGENCY, cast.AUDITOR, cast.STRANGER):
            with pytest.raises(Forbidden):
                erase_person(session, other, "cv-07", reason="Đã chuyển", now=NOW)
            with pytest.raises(Forbidden):
                remove_old(session, other, now=NOW)
            with pytest.raises(Forbidden):
                data_of(session, other, "cv-07")
        with pytest.raises(FieldErrors):
            erase_person(session, viewer, "cv-07", reason=" ", now=NOW)
    assert NAME in everything(engine)


def test_a_person_gets_what_is_kept_about_them(office):
    engine, viewer = office
    with read_session(engine) as session:
        kept = data_of(session, viewer, "cv-07")
        assert (kept["display_name"], kept["email"], kept["audit_rows"]) == (NAME, MAIL, 1)
        assert kept["sign_ins"][0]["address"] == "10.0.0.7" and len(kept["mails"]) == 1
        account = session.exec(select(Account).where(Account.login == "cv-07")).one()
        own = type(cast.SECRETARIAT)(name="cv-07", role=cast.SECRETARIAT.role, account_id=account.id)
        assert data_of(session, own, "cv-07") == kept
        with pytest.raises(Forbidden):
            data_of(session, own, "cv-08")


def test_what_is_older_than_the_settings_say_goes_once_and_the_last_day_stays(office):
    engine, _ = office
    kept = settings()
    last_good = NOW + timedelta(hours=8, days=kept.sign_in_days)
    with transaction(engine) as session:
        for draft in session.exec(select(FormDraft)):
            draft.saved_at = last_good - timedelta(days=kept.draft_days)
        for mail in session.exec(select(OutboxMail)):
            mail.sent_at = last_good - timedelta(days=kept.mail_days)
    with transaction(engine) as session:
        assert remove_old(session, SYSTEM, now=last_good) == {"sign_ins": 0, "drafts": 0, "mails": 0}
    with transaction(engine) as session:
        after = last_good + timedelta(seconds=1)
        assert remove_old(session, SYSTEM, now=after) == {"sign_ins": 2, "drafts": 2, "mails": 1}
    with transaction(engine) as session:
        assert remove_old(session, SYSTEM, now=after) == {"sign_ins": 0, "drafts": 0, "mails": 0}
        assert [row.action for row in session.exec(select(AuditEntry))].count("old_data_removed") == 1
        assert session.exec(select(Reminder.recipient)).all() == [MAIL]
        assert verify(session, SYSTEM).ok
