"""Every change that people make leaves exactly its row on the chain: its action, about what, in whose name."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyotp
from sqlmodel import func, select

from models.changes import (
    account_review,
    attachments,
    calendar,
    conclusions,
    coordination,
    flags,
    new_rule,
    people,
    personal_data,
    restrictions,
    rules,
    second_factor,
    sessions,
    sign_in,
)
from models.changes._audit import WAITING
from models.changes.conclusions import ConclusionLine
from models.db import Session, make_engine, transaction
from models.enums import AgendaKind, DayKind
from models.queries.people import SignedIn, viewer_of_token
from models.queries.reference import current_limits
from models.rules.access import Viewer
from models.tables import Case, CoordinationRequest, Flag
from seed.reference_data import load_reference
from seed.reference_files import limit_rows, special_day_rows
from tests import cast, make
from tests.models.changes.test_hostile_texts import HELD, NOW, PAPER, REQUEST, TODAY, WHY, calls, lay_ground
from tests.models.changes.test_judgements import scan
from tests.test_house import CHANGES

LATER = TODAY + timedelta(days=14)
FIXED = ((1, 1), (4, 30), (5, 1), (9, 2))  # public holidays that every list of a year holds
FILE, TASK, MEETING = "case:VA-1", "task:NV-2026-001", "session:2025-2030/committee/1"
ROWS = {
    "files.new_file": ("file_opened", "case:VA-9"),
    "files.correct_details": ("details_corrected", FILE),
    "files.become_case": ("file_opened", "case:VA-9"),
    "joins.split_file": ("file_split", FILE),
    "joins.merge_files": ("file_merged", FILE),
    "joins.transfer_file": ("file_transferred", FILE),
    "events.record_event": ("event_recorded", FILE),
    "events.replace_event": ("event_replaced", FILE),
    "events.retract_event": ("event_retracted", FILE),
    "accused.add_accused": ("accused_recorded", FILE),
    "accused.correct_accused": ("accused_corrected", FILE),
    "accused.retract_accused": ("accused_retracted", FILE),
    "money.record_entry": ("entry_recorded", FILE),
    "money.replace_entry": ("entry_replaced", FILE),
    "money.retract_entry": ("entry_retracted", FILE),
    "difficulties.record_difficulty": ("difficulty_recorded", FILE),
    "difficulties.replace_difficulty": ("difficulty_replaced", FILE),
    "difficulties.settle_difficulty": ("difficulty_settled", FILE),
    "difficulties.retract_difficulty": ("difficulty_retracted", FILE),
    "attachments.attach": ("document_attached", FILE),
    "attachments.take_off": ("document_taken_off", FILE),
    "coordination.send_request": ("request_sent", FILE),
    "coordination.correct": ("request_corrected", FILE),
    "coordination.note_reply": ("request_replied", FILE),
    "coordination.cancel": ("request_cancelled", FILE),
    "sessions.plan_session": ("session_planned", MEETING),
    "sessions.change_session": ("session_changed", MEETING),
    "conclusions.write_conclusions": ("conclusions_written", MEETING),
    "supervision.propose": ("supervision_proposed", FILE),
    "supervision.decide": ("supervision_decided", FILE),
    "supervision.withdraw": ("supervision_withdrawn", FILE),
    "secrecy.set_level": ("level_set", "case:VA-2"),
    "tasks.new_task": ("task_given", TASK),
    "tasks.correct_task": ("task_corrected", TASK),
    "tasks.report_progress": ("task_progress", TASK),
    "tasks.cancel_task": ("task_cancelled", TASK),
    "tasks.move_due": ("task_due_moved", TASK),
    "tasks.give_to": ("task_given_to", TASK),
    "tasks.claim_done": ("task_claimed", TASK),
    "tasks.accept_task": ("task_accepted", TASK),
    "tasks.return_task": ("task_returned", TASK),
    "tasks.accept_tasks": ("task_accepted", TASK),
    "tasks.return_tasks": ("task_returned", TASK),
    "tasks.take_back": ("task_taken_back", TASK),
    "form_drafts.keep": None,  # private and unsaved: no fact
    "heading_maps.remember_headings": ("headings_remembered", "headings:x"),
    "heading_maps.forget_headings": ("headings_forgotten", "headings:x"),
    "people.add_account": ("account_added", "account:nguoimoi"),
    "calendar.add_day": ("add_day", "calendar:2027"),
    "calendar.remove_day": ("remove_day", "calendar:2027"),
}


def test_every_change_that_people_make_leaves_exactly_its_row(sqlite_url, tmp_path):
    """One row, of who did it, about what was changed; the example calls are those of the hostile texts."""
    engine = make_engine(sqlite_url)
    with transaction(engine) as session:
        lay_ground(session)
    left = {}
    with Session(engine) as session:
        for call in calls(session, tmp_path):
            session.flush()
            session.info.pop(WAITING, None)
            point = session.begin_nested()
            call.change(*call.arguments, **call.named)
            name = f"{call.change.__module__.removeprefix('models.changes.')}.{call.change.__name__}"
            said = [
                (row.action, row.subject) for row in session.info.get(WAITING, ()) if row.viewer is call.arguments[1]
            ]
            assert len(said) == len(session.info.get(WAITING, ())) <= 1, (name, said)
            left[name] = said[0] if said else None
            point.rollback()
        session.rollback()
    engine.dispose()
    assert left == ROWS


# --- changes that take no text of people, or that follow one another ------------------------------------------------

STEP = ("PROS", "serious", 0)
STEPS: dict[str, tuple[str, str]] = {
    "rules.add_limit": ("add_limit", "rule:DEMO"),
    "rules.change_limit": ("change_limit", "rule:PROS"),
    "rules.take_shipped_limit": ("take_shipped_limit", "rule:PROS"),
    "new_rule.add_rule": ("add_rule", "rule:TAX_REPLY"),
    "calendar.replace_year": ("replace_year", "calendar:2027"),
    "calendar.take_shipped_year": ("take_shipped_year", "calendar:2026"),
    "attachments.note_download": ("document_read", "case:VA-1"),
    "coordination.note_receipt": ("request_received", "case:VA-1"),
    "coordination.escalate": ("request_escalated", "case:VA-1"),
    "sessions.write_agenda": ("agenda_written", MEETING),
    "sessions.write_attendance": ("attendance_written", MEETING),
    "conclusions.turn_into_tasks": ("tasks_given", MEETING),
    "flags.acknowledge": ("flag_acknowledged", FILE),
    "restrictions.restrict": ("restricted", FILE),
    "restrictions.note_read": ("read_restricted", FILE),
    "restrictions.lift": ("restriction_lifted", FILE),
    "people.reset_password": ("password_reset", "account:uyvien"),
    "people.disable_account": ("account_disabled", "account:uyvien"),
    "people.enable_account": ("account_enabled", "account:uyvien"),
    "people.unlock_account": ("account_unlocked", "account:uyvien"),
    "people.choose_language": ("language_chosen", "account:uyvien"),
    "people.note_wrong_password": ("password_not_confirmed", "account:uyvien"),
    "people.change_own_password": ("password_changed", "account:uyvien"),
    "people.end_sign_ins": ("sign_ins_ended", "account:kiemtra"),
    "second_factor.offer_secret": ("second_factor_offered", "account:uyvien"),
    "second_factor.confirm_secret": ("second_factor_set_up", "account:uyvien"),
    "second_factor.show_second_factor": ("second_factor_failed", "account:uyvien"),
    "second_factor.renew_recovery_codes": ("recovery_codes_renewed", "account:uyvien"),
    "second_factor.remove_second_factor": ("second_factor_removed", "account:uyvien"),
    "second_factor.reset_second_factor": ("second_factor_reset", "account:quantri"),
    "sign_in.end_own_sign_ins": ("sign_ins_ended", "account:uyvien"),
    "sign_in.sign_out": ("signed_out", "account:uyvien"),
    "account_review.sign_review": ("accounts_reviewed", "account:*"),
    "personal_data.erase_person": ("personal_data_erased", "account:uyvien"),
}


def steps(session: Session, folder: Path) -> Iterator[tuple[str, Viewer, Callable[[], object]]]:
    """Each change and in whose name, one after the other as days in an office might bring them."""
    people_ = cast.accounts(session)
    officer, lead, chief, member = people_.secretariat, people_.lead, people_.administrator, people_.member
    at: dict[str, Any] = {"now": NOW, "today": TODAY}
    one = session.exec(select(Case).where(Case.code == "VA-1")).one()

    def step(change: Callable[..., object], *arguments: Any, by: Any = officer, **named: Any) -> Any:
        name = f"{change.__module__.removeprefix('models.changes.')}.{change.__name__}"
        return name, (by.viewer if isinstance(by, SignedIn) else by), lambda: change(session, by, *arguments, **named)

    # the law
    limit = {"code": "DEMO", "base_limit": "20d", "article": "1", "reason": WHY, "now": NOW}
    yield step(rules.add_limit, by=chief, **limit)
    old = next(row for row in current_limits(session) if (row.code, row.severity, row.extension_no) == STEP)
    yield step(rules.change_limit, old.id, by=chief, base_limit="25d", reason=WHY, now=NOW)
    yield step(rules.take_shipped_limit, STEP, limit_rows(), by=chief, now=NOW)
    yield step(new_rule.add_rule, by=chief, **limit | {"code": "TAX_REPLY"})
    days = [calendar.DayDraft(date(2027, *day), DayKind.HOLIDAY, "Lễ", "", "", "") for day in FIXED]
    yield step(calendar.replace_year, 2027, days, by=chief, source="TB", reason=WHY, now=NOW)
    yield step(calendar.take_shipped_year, 2026, special_day_rows(), by=chief, now=NOW)

    # files
    kept = attachments.attach(session, officer, "VA-1", PAPER, folder=folder, **at)
    yield step(attachments.note_download, kept.id, now=NOW)
    flag = session.exec(select(Flag.id).where(Flag.case_id == one.id)).first()
    yield step(flags.acknowledge, flag, reason=WHY, look_again_on=LATER, shown_at=None, **at)
    yield step(restrictions.restrict, "VA-1", ["uyvien"], by=lead, reason=WHY, revision=revision(session), now=NOW)
    yield step(restrictions.note_read, "VA-1", by=replace(member, listed=True), now=NOW)
    yield step(
        restrictions.lift, "VA-1", by=replace(lead, listed=True), reason=WHY, revision=revision(session), now=NOW
    )

    # requests, sessions, tasks
    asked = coordination.send_request(session, officer, REQUEST, **at)
    yield step(coordination.note_receipt, asked.code, version=asked.id, received_on=TODAY, **at)
    yield step(
        coordination.escalate, asked.code, version=newest(session, CoordinationRequest), escalated_on=TODAY, **at
    )
    met = sessions.plan_session(session, officer, HELD, **at)
    agenda = [sessions.AgendaLine(AgendaKind.OTHER, title="Việc khác")]
    yield step(sessions.write_agenda, met.id, met.version, agenda, now=NOW)
    there = [sessions.AttendanceLine("Trưởng ban")]
    yield step(sessions.write_attendance, met.id, met.version, there, now=NOW)
    given = ConclusionLine("Đẩy nhanh", lead_agency="CQDT", due_on=LATER)
    conclusions.write_conclusions(session, officer, met.id, met.version, [given], reason=WHY, now=NOW)
    yield step(conclusions.turn_into_tasks, met.id, met.version, **at)

    # accounts
    yield step(people.reset_password, "uyvien", "Mật khẩu thử nghiệm 1", by=chief, now=NOW)
    yield step(people.disable_account, "uyvien", by=chief, now=NOW)
    yield step(people.enable_account, "uyvien", by=chief, now=NOW)
    for _ in range(5):
        sign_in.sign_in(session, member.account_id or 0, fits=False, now=NOW, lasts=timedelta(hours=8), address="")
    yield step(people.unlock_account, "uyvien", by=chief, now=NOW)
    yield step(people.end_sign_ins, "kiemtra", by=chief, now=NOW)
    me = came(session, member)
    yield step(people.choose_language, "en", by=me, now=NOW)
    yield step(people.note_wrong_password, by=me, now=NOW)
    yield step(second_factor.offer_secret, by=me, now=NOW)
    app = pyotp.TOTP(second_factor.offer_secret(session, me, now=NOW))
    yield step(second_factor.confirm_secret, app.at(NOW), by=me, now=NOW)
    soon = NOW + timedelta(minutes=1)
    yield step(second_factor.show_second_factor, "000000", by=me, now=soon)
    yield step(second_factor.renew_recovery_codes, by=me, now=soon)
    yield step(second_factor.remove_second_factor, by=me, now=soon)
    yield step(second_factor.reset_second_factor, "quantri", by=replace(chief, name="quantri2"), now=NOW)
    yield step(sign_in.end_own_sign_ins, by=me, now=NOW)
    yield step(people.change_own_password, "Một mật khẩu khác 2026!", by=me, now=NOW)
    yield step(sign_in.sign_out, by=me, now=NOW)
    yield step(account_review.sign_review, by=chief, now=NOW)
    people.disable_account(session, chief, "uyvien", now=NOW)
    yield step(personal_data.erase_person, "uyvien", by=chief, reason=WHY, now=NOW)


def newest(session: Session, table: Any) -> int:
    """The version that stands now."""
    session.flush()
    return session.exec(select(func.max(table.id))).one()


def revision(session: Session) -> int:
    session.flush()
    return session.connection().execute(select(Case.revision).where(Case.code == "VA-1")).scalar_one()


def came(session: Session, member: Viewer) -> SignedIn:
    """Somebody who has just signed in."""
    entry = sign_in.sign_in(session, member.account_id or 0, fits=True, now=NOW, lasts=timedelta(hours=8), address="")
    assert entry is not None
    me = viewer_of_token(session, sign_in.hash_of_token(entry.token), now=NOW, idle=timedelta(hours=1))
    assert me is not None
    return me


def test_every_other_change_of_a_day_leaves_exactly_its_row(sqlite_url, tmp_path):
    engine = make_engine(sqlite_url)
    with transaction(engine) as session:
        load_reference(session, now=NOW)
        make.case(session, code="VA-1", events=[("case_initiated", "2026-02-02")])
    scan(engine, TODAY)
    left = {}
    with Session(engine) as session:
        for name, who, change in steps(session, tmp_path):
            session.flush()
            session.info.pop(WAITING, None)
            change()
            said = session.info.get(WAITING, [])
            assert [row.viewer.name for row in said] == [who.name], (name, said)
            left[name] = (said[0].action, said[0].subject)
        session.rollback()
    engine.dispose()
    assert left == STEPS


# --- and no change is forgotten ------------------------------------------------------------------------------------

OF_THE_MACHINE = {
    "audit.archive", "audit.looked_at", "audit.record_look", "audit.record_review", "audit.record_settings",
    "audit.seal_records", "account_review.disable_dormant", "personal_data.remove_old", "task_flags.write",
    "backups.note_backup", "backups.note_drill", "backups.note_gone", "backups.note_restore", "demo.write_province",
    "judgements.write", "reference.write_reference", "form_drafts.forget_old", "imports.take_turns",
    "reminders.mark_not_sent", "reminders.mark_sent", "reminders.queue", "reminders.take", "runs.beat", "runs.claim",
    "runs.fail", "runs.finish", "runs.hold", "search.bring_up_to_date", "search.fill_if_empty", "search.rebuild",
}  # fmt: skip  # jobs, commands of the operator and migrations: what they leave is asked where they are tested
QUESTIONS = {
    "accused.next_accused", "coordination.draft_of", "demo.holds_files", "files.next_code", "imports.plan_import",
    "reference.is_loaded", "rules.tried", "search.out_of_step", "secrecy.words_in",
}  # fmt: skip  # nothing of them stays
HALVES = {
    "joins.settle_merger", "rules.add_row", "tasks.new_tasks", "sign_in.count_address", "sign_in.forgive_address",
    "sign_in.revoke", "sign_in.note", "sign_in.touch", "form_drafts.discard", "form_drafts.forget_about",
    "form_drafts.rebase", "form_drafts.take",
}  # fmt: skip  # parts of a change that says it, and drafts, which are private and no fact
ELSEWHERE = {
    "imports.apply_import", "import_undo.undo_import", "exports.note_taken_out", "exports.record_export",
    "reports.note_draft", "reports.register_report", "sign_in.begin_at_provider", "sign_in.come_back",
    "sign_in.enter_code", "sign_in.sign_in", "sign_in.unknown_sign_in",
}  # fmt: skip  # with the imports, the commands and the ways to sign in


def test_every_change_is_in_a_table_or_named_with_the_reason_why_not():
    known = {param.id.removeprefix("models.changes.") for param in CHANGES}
    asked = {*ROWS, *STEPS, *OF_THE_MACHINE, *QUESTIONS, *HALVES, *ELSEWHERE}
    assert known - asked == set(), "give it a call that shows its row"
    assert asked - known == set(), "these are no changes any more"
