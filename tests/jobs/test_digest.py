"""Who is reminded of what: once a day, whatever restarts, and nothing falls between two people."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import col, select

from jobs import digest
from jobs.deliver import deliver
from jobs.digest import LINES, Letter, Obligation, letters, written
from jobs.ledger import Job, rehearse, run
from models.db import read_session, transaction
from models.enums import Role, Secrecy, Verified
from models.queries.obligations import Addressee
from models.queries.runs import outbox
from models.rules.access import SYSTEM
from models.rules.words import words
from models.tables import Account, Case, DataVersion, FileSecrecy, OutboxMail, Reminder, Restriction, RestrictionReader
from tests import make

TODAY = date(2026, 6, 11)
AT = datetime(2026, 6, 11, 0, 0, tzinfo=UTC)
LATE = [("case_initiated", "2026-03-02")]  # serious: three months, until Tuesday 2 June
SOON = [("case_initiated", "2026-03-16")]  # until 16 June
FAR = [("case_initiated", "2026-06-01")]  # until 1 September

JOB = Job("digest", words("Daily digest"), time(7), digest.read, digest.write)


def run_digest(engine, day: date = TODAY):
    outcome = run(JOB, day, SYSTEM, on=engine)
    assert outcome.failed == []
    return outcome


def mails(engine) -> dict[str, OutboxMail]:
    with read_session(engine) as session:
        return {mail.recipient: mail for mail in session.exec(select(OutboxMail).order_by(col(OutboxMail.id)))}


THEN = datetime(2026, 3, 2, tzinfo=UTC)


def officer(session, name: str = "one", **more):
    return make.person(session, display_name=f"Officer {name}", email=f"{name}@minhchau.example", language="en", **more)


def secretary(session, name: str = "thuky", **more):
    person = make.person(session, display_name=f"Secretary {name}", email=f"{name}@minhchau.example", language="en")
    make.account(session, login=name, person=person, role=Role.SECRETARIAT, **more)
    return person


def test_the_responsible_person_is_told_what_is_late_and_due_soon_and_nothing_else(lawful):
    with transaction(lawful) as session:
        one = officer(session)
        make.case(session, code="VA-1", title="Vụ án đấu thầu", events=LATE, responsible=one)
        make.case(session, code="VA-2", title="Vụ án đất đai", events=SOON, responsible=one)
        make.case(session, code="VA-3", title="Vụ án khác", events=FAR, responsible=one)
    outcome = run_digest(lawful)
    assert outcome.did == {"mails": 1, "obligations": 2, "already": 0}
    mail = mails(lawful)["one@minhchau.example"]
    assert mail.subject == "[Liêm] 11/06/2026 · Late: 1 · Due soon: 1"
    assert mail.body.startswith("To: Officer one\n\nState on 11/06/2026. Late: 1 · Due soon: 1.\n\nLATE (1)\n")
    assert "- VA-1 · Vụ án đấu thầu\n  Investigation · due 02/06/2026 · 9 days late · Article 172(1)\n" in mail.body
    assert "DUE SOON (1)\n- VA-2 · Vụ án đất đai\n  Investigation · due 16/06/2026 · 5 days left" in mail.body
    assert "VA-3" not in mail.body


def test_on_its_last_day_a_file_is_due_and_the_day_after_it_is_late(lawful):
    with transaction(lawful) as session:
        make.case(session, code="VA-1", events=LATE, responsible=officer(session))
    run_digest(lawful, date(2026, 6, 2))
    run_digest(lawful, date(2026, 6, 3))
    with read_session(lawful) as session:
        second, first = outbox(session, SYSTEM)
    assert first.body is not None and "due today" in first.body and "DUE SOON (1)" in first.body
    assert second.body is not None and "1 day late" in second.body and "LATE (1)" in second.body


def test_requests_are_named_a_week_before_their_last_day_and_until_they_are_answered(lawful):
    """Sent on Monday 25 May: ten working days end on Monday 8 June."""
    with transaction(lawful) as session:
        secretary(session)
        bank = make.agency(session, code="NH", name_vi="Ngân hàng", name_en="The bank")
        one = make.case(session, code="VA-3", events=FAR, responsible=officer(session))
        make.request(session, code="PH-1", subject="Sao kê", sent_on="2026-05-25", asked=bank)
        make.request(session, code="PH-2", sent_on="2026-05-25", case=one, received_on="2026-05-25",
                     replied_on="2026-05-29", partial=True, asked=bank)  # fmt: skip
        make.request(session, code="PH-3", sent_on="2026-05-25", replied_on="2026-06-10")
        make.request(session, code="PH-4", sent_on="2026-06-01", due_on="2026-06-19")
    assert run_digest(lawful, date(2026, 5, 31)).did["obligations"] == 0
    assert run_digest(lawful, date(2026, 6, 1)).did["obligations"] == 3
    run_digest(lawful, date(2026, 6, 11))
    with read_session(lawful) as session:
        bodies = {mail.recipient: mail.body or "" for mail in reversed(outbox(session, SYSTEM)) if mail.body}
    office, own = bodies["thuky@minhchau.example"], bodies["one@minhchau.example"]
    told = "- PH-1 · Sao kê\n  Reply to a coordination request · due 08/06/2026 · 3 days late · approximate date · "
    assert told + "awaited from The bank" in office
    assert "partial reply on 29/05/2026, the rest awaited from The bank" in own and "PH-1" not in own
    assert "PH-3" not in office + own and "PH-4" not in office + own


def test_nobody_is_written_to_when_nothing_is_due(lawful):
    with transaction(lawful) as session:
        make.case(session, code="VA-3", events=FAR, responsible=officer(session))
        secretary(session)
    assert run_digest(lawful).did["mails"] == 0
    assert mails(lawful) == {}


def test_a_file_already_years_late_when_first_seen_is_signalled(lawful):
    with transaction(lawful) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2022-03-01")], responsible=officer(session), at=AT)
    run_digest(lawful)
    assert "1.471 days late" in mails(lawful)["one@minhchau.example"].body.replace(",", ".")


def test_what_is_nobodys_goes_to_everyone_of_the_secretariat(lawful):
    with transaction(lawful) as session:
        secretary(session, "thuky")
        secretary(session, "truongban")
        secretary(session, "nghihuu", disabled_at=AT)
        make.case(session, code="VA-1", events=LATE)
        make.task(session, code="NV-1", due_on="2026-06-01")
    run_digest(lawful)
    found = mails(lawful)
    assert set(found) == {"thuky@minhchau.example", "truongban@minhchau.example"}
    for mail in found.values():
        assert "LATE, NOBODY IS RESPONSIBLE (2)" in mail.body
        assert "VA-1" in mail.body and "NV-1" in mail.body


@pytest.mark.parametrize(
    "responsible",
    [{"email": ""}, {"email": "phong-01"}, {"valid_to": date(2026, 6, 10)}, {"valid_from": date(2026, 6, 12)}],
)
def test_a_person_who_cannot_be_written_to_or_is_out_of_office_is_nobody(lawful, responsible):
    with transaction(lawful) as session:
        secretary(session)
        make.case(session, code="VA-1", events=LATE, responsible=make.person(session, **responsible))
    run_digest(lawful)
    assert set(mails(lawful)) == {"thuky@minhchau.example"}


def test_the_last_day_in_office_still_counts(lawful):
    with transaction(lawful) as session:
        make.case(session, code="VA-1", events=LATE, responsible=officer(session, valid_from=TODAY, valid_to=TODAY))
    run_digest(lawful)
    assert set(mails(lawful)) == {"one@minhchau.example"}


def test_without_any_secretariat_the_mail_stays_in_the_outbox_to_be_seen(lawful, smtp_sink):
    with transaction(lawful) as session:
        make.case(session, code="VA-1", events=LATE)
    run_digest(lawful)
    assert set(mails(lawful)) == {"secretariat"}
    assert deliver(SYSTEM, on=lawful, url=smtp_sink.url).waiting == 1
    assert smtp_sink.messages == []


def test_one_of_the_secretariat_gets_own_and_nobodys_in_one_mail(lawful):
    with transaction(lawful) as session:
        make.case(session, code="VA-1", events=LATE, responsible=secretary(session))
        make.case(session, code="VA-2", events=LATE)
    run_digest(lawful)
    body = mails(lawful)["thuky@minhchau.example"].body
    assert body.index("LATE (1)") < body.index("VA-1") < body.index("NOBODY IS RESPONSIBLE (1)") < body.index("VA-2")


# --- tasks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "told"),
    [("2026-06-10", "1 day late"), ("2026-06-11", "due today"), ("2026-06-21", "10 days left"), ("2026-06-22", "")],
)
def test_tasks_are_named_from_ten_days_before_their_day(lawful, due_on, told):
    with transaction(lawful) as session:
        make.task(session, code="NV-1", content="Kết thúc điều tra", due_on=due_on, responsible=officer(session))
    run_digest(lawful)
    body = "".join(mail.body for mail in mails(lawful).values())
    assert ("NV-1 · Kết thúc điều tra" in body) is bool(told)
    assert told in body


@pytest.mark.parametrize(
    "settled",
    [
        {"done_on": TODAY},
        {"cancelled_on": TODAY},
        {"retracted_at": AT},
        {"assigned_on": TODAY + timedelta(days=1)},
        {"due_on": None},
    ],
)
def test_settled_tasks_are_not_named(lawful, settled):
    with transaction(lawful) as session:
        make.task(session, **{"code": "NV-1", "due_on": "2026-06-01", "responsible": officer(session), **settled})
    assert run_digest(lawful).did["mails"] == 0


def test_a_task_settled_tomorrow_is_still_owed_today(lawful):
    with transaction(lawful) as session:
        make.task(session, due_on="2026-06-01", responsible=officer(session), done_on=TODAY + timedelta(days=1))
    assert run_digest(lawful).did["mails"] == 1


def test_a_task_reported_done_waits_for_the_secretariat(lawful):
    with transaction(lawful) as session:
        secretary(session)
        make.task(session, code="NV-1", due_on="2026-06-01", responsible=officer(session), claimed_on=date(2026, 6, 3))
    run_digest(lawful)
    found = mails(lawful)
    assert set(found) == {"thuky@minhchau.example"}
    assert "reported done on 03/06/2026, waits for the verdict" in found["thuky@minhchau.example"].body


# --- once a day --------------------------------------------------------------------------------------------------


def test_a_second_run_sends_nothing_twice(lawful, smtp_sink):
    with transaction(lawful) as session:
        make.case(session, code="VA-1", events=LATE, responsible=officer(session))
    run_digest(lawful)
    deliver(SYSTEM, on=lawful, url=smtp_sink.url)
    assert not run_digest(lawful).ran
    deliver(SYSTEM, on=lawful, url=smtp_sink.url)
    assert len(smtp_sink.messages) == 1


def test_an_obligation_is_put_to_a_person_once_a_day_even_if_the_ledger_is_lost(lawful):
    with transaction(lawful) as session:
        make.case(session, code="VA-1", events=LATE, responsible=officer(session))
    for _ in range(2):
        with read_session(lawful) as session:
            plan = digest.read(session, SYSTEM, TODAY, AT)
        with transaction(lawful) as session:
            result = digest.write(session, SYSTEM, plan, TODAY, AT)
    assert result.did == {"mails": 0, "obligations": 0, "already": 1}
    with read_session(lawful) as session:
        (claimed,) = session.exec(select(Reminder)).all()
        (mail,) = session.exec(select(OutboxMail)).all()
    assert (claimed.obligation, claimed.day) == ("case:VA-1:INV:2026-06-02", TODAY)
    assert (claimed.recipient, claimed.mail_id) == ("one@minhchau.example", mail.id)


def test_after_a_missed_week_there_is_one_mail_that_names_everything(lawful):
    """The days nobody ran are gone; what is late on the day of the run is all there."""
    with transaction(lawful) as session:
        one = officer(session)
        for n, day in enumerate(("2026-03-02", "2026-03-04", "2026-03-06", "2026-03-08")):
            make.case(session, code=f"VA-{n}", events=[("case_initiated", day)], responsible=one)
    run_digest(lawful, date(2026, 6, 2))
    run_digest(lawful, TODAY)
    with read_session(lawful) as session:
        newest, _ = outbox(session, SYSTEM)
    assert newest.body is not None and "LATE (4)" in newest.body
    assert all(f"VA-{n}" in newest.body for n in range(4))


def test_the_digest_leaves_the_data_version_as_it_was(lawful):
    """Mails change no figure: what is cached, and the verdicts of the scan, still hold."""
    with transaction(lawful) as session:
        make.case(session, code="VA-1", events=LATE, responsible=officer(session))
    with read_session(lawful) as session:
        before = session.exec(select(DataVersion.n)).one()
    run_digest(lawful)
    with read_session(lawful) as session:
        assert session.exec(select(DataVersion.n)).one() == before


def test_a_rehearsal_writes_no_mail(lawful):
    with transaction(lawful) as session:
        make.case(session, code="VA-1", events=LATE, responsible=officer(session))
    assert rehearse(JOB, TODAY, SYSTEM, on=lawful).did == {"mails": 1, "obligations": 1, "already": 0}
    assert mails(lawful) == {}
    assert run_digest(lawful).did["mails"] == 1


def test_the_mail_says_nothing_about_the_accused(lawful):
    with transaction(lawful) as session:
        case = make.case(session, code="VA-1", events=LATE, responsible=officer(session), notes="ghi chú mật")
        make.accused(session, case=case, code="BC-77", official_level="Giám đốc sở")
    run_digest(lawful)
    (mail,) = mails(lawful).values()
    for secret in ("BC-77", "Giám đốc", "ghi chú mật"):
        assert secret not in mail.subject + mail.body


# --- the letter --------------------------------------------------------------------------------------------------


def owed(n: int = 1, **more) -> Obligation:
    given = {
        "key": f"case:VA-{n}",
        "code": f"VA-{n:04}",
        "title": "Vụ án",
        "what": words("Investigation"),
        "due_on": TODAY,
        "days_late": 3,
    }
    return Obligation(**{**given, **more})


def letter(*own: Obligation) -> Letter:
    return Letter(Addressee("Officer", "one@minhchau.example", "en"), own=list(own))


def keys(*own: Obligation) -> frozenset[str]:
    return frozenset(each.key for each in own)


def test_the_latest_comes_first_and_what_is_due_next_comes_first():
    obligations = [owed(1, days_late=1), owed(2, days_late=500), owed(3, days_late=-9), owed(4, days_late=-1)]
    _, body = written(letter(*obligations), keys(*obligations), today=TODAY)
    places = [body.index(f"VA-{n:04}") for n in (2, 1, 4, 3)]
    assert places == sorted(places)


def test_only_what_was_claimed_is_named():
    _, body = written(letter(owed(1), owed(2)), keys(owed(2)), today=TODAY)
    assert "VA-0001" not in body
    assert "VA-0002" in body


def test_a_long_list_is_cut_and_the_rest_is_counted():
    exact = [owed(n) for n in range(LINES)]
    _, body = written(letter(*exact), keys(*exact), today=TODAY)
    assert "more:" not in body
    one_more = [owed(n) for n in range(LINES + 1)]
    _, body = written(letter(*one_more), keys(*one_more), today=TODAY)
    assert f"LATE ({LINES + 1})" in body
    assert "And 1 more: see the pages Deadlines, Tasks and Coordination." in body


def test_doubts_about_a_date_are_said():
    doubtful = owed(approximate=True, verified=Verified.PARTIAL, article=words("Article {article}", article="172"))
    _, body = written(letter(doubtful), keys(doubtful), today=TODAY)
    assert "3 days late · approximate date · Article 172 · To be confirmed by a lawyer" in body


def test_a_long_title_is_shortened_and_a_line_break_in_it_is_no_new_line():
    long = owed(title="Nhiệm vụ\n- VA-9999 · giả " + "rất dài " * 100)
    _, body = written(letter(long), keys(long), today=TODAY)
    (line,) = [line for line in body.splitlines() if line.startswith("- ")]
    assert line.startswith("- VA-0001 · Nhiệm vụ - VA-9999") and line.endswith(" …") and len(line) < 200


def test_the_same_address_in_other_letters_is_one_recipient():
    here = Addressee("A", "A@minhchau.example", "en")
    again = Addressee("A", "a@MinhChau.example", "en")
    plan = letters([owed(1, responsible=here), owed(2, responsible=again)], [])
    assert list(plan) == ["a@minhchau.example"]
    assert len(plan["a@minhchau.example"].own) == 2


def test_nobody_is_told_of_a_file_that_he_may_not_see(lawful):
    """VA-1 is restricted to one of the secretariat, VA-2 has a level: neither its responsible person is told."""
    with transaction(lawful) as session:
        secretary(session)
        listed = secretary(session, "thuky2").id
        one = officer(session)
        for code, responsible in (("VA-1", one), ("VA-2", one), ("VA-3", one), ("VA-4", None)):
            make.case(session, code=code, events=LATE, responsible=responsible)
        ids = dict(iter(session.exec(select(Case.code, Case.id))))
        held = Restriction(case_id=ids["VA-1"], reason="r", recorded_at=THEN)
        session.add(held)
        session.add(Restriction(case_id=ids["VA-4"], reason="r", recorded_at=THEN))
        session.flush()
        account = session.exec(select(Account.id).where(Account.person_id == listed)).one()
        session.add(RestrictionReader(restriction_id=held.id, account_id=account, recorded_at=THEN))
        level = {"level": Secrecy.CONFIDENTIAL, "document": "1", "decided_on": date(2026, 1, 5), "holder": "VP"}
        session.add(FileSecrecy(case_id=ids["VA-2"], **level, recorded_at=THEN))
    run_digest(lawful)
    bodies = {recipient: mail.body for recipient, mail in mails(lawful).items()}
    told = {recipient: {code for code in ids if code in body} for recipient, body in bodies.items()}
    assert told == {"one@minhchau.example": {"VA-3"}, "thuky2@minhchau.example": {"VA-1"}}
