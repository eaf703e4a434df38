"""Placing a file under the committee's supervision and ending it: proposed, then decided by a session or a document.

An accepted proposal writes its event in the same transaction. End of supervision is not the end of the case: each has
its own event. Open points warn; the decision records them and is never forbidden because of them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from models.changes._details import current_detail
from models.changes._fields import NEEDED, WHOLE, Fields, shown
from models.changes._opened import Opened, open_file
from models.changes._versions import add, open_fact, recorded, retract
from models.changes.events import EventEntry, add_event
from models.enums import EventKind, SessionKind, SupervisionGround, SupervisionOutcome, SupervisionStep
from models.errors import Forbidden
from models.queries.people import another_lead
from models.queries.supervision import closing, supervised_since
from models.queries.workbook import DETAIL_FIELDS
from models.rules.access import Action, Viewer, may
from models.rules.closing import checklist, open_points
from models.rules.words import encode, words
from models.tables import CaseDetail, CommitteeSession, SupervisionProposal
from models.tables.supervision import WAITING

TO_PLACE = tuple(SupervisionGround)[: tuple(SupervisionGround).index(SupervisionGround.OTHER_TO_PLACE) + 1]
TO_END = tuple(SupervisionGround)[len(TO_PLACE) :]
GROUNDS = {SupervisionStep.PLACE: TO_PLACE, SupervisionStep.END: TO_END}
EVENTS = {
    SupervisionStep.PLACE: EventKind.PLACED_UNDER_SUPERVISION,
    SupervisionStep.END: EventKind.SUPERVISION_ENDED,
}
BODIES = {SessionKind.COMMITTEE: "Ban Chỉ đạo", SessionKind.STANDING: "Thường trực Ban Chỉ đạo"}
# kept with the version before, as an official would write it
ANSWERED = "Đã có quyết định"
PLACED = "Đưa vào diện theo dõi, chỉ đạo"
GONE = words("This proposal is decided or withdrawn already.")
PROPOSED = ("step", "ground", "reason", "proposed_on", "proposed_by", "document", "report")
DECIDED = ("outcome", "decided_on", "session_id", "decision", "note")


@dataclass(frozen=True)
class ProposalEntry:
    """A proposal as a form gives it. `report`: the result report, needed to end supervision."""

    step: SupervisionStep
    ground: SupervisionGround
    proposed_on: date
    proposed_by: str
    reason: str = ""
    document: str = ""
    report: str = ""


@dataclass(frozen=True)
class DecisionEntry:
    """A decision as a form gives it: of a session, or by a document of its own, or both."""

    outcome: SupervisionOutcome
    decided_on: date
    session_id: int | None = None
    decision: str = ""
    note: str = ""


def propose(
    session: Session, viewer: Viewer, code: str, entry: ProposalEntry, *, revision: int, now: datetime, today: date
) -> SupervisionProposal:
    """A new proposal about the file. Raises Forbidden, CaseNotFound, StaleCase, FieldErrors."""
    file = open_file(session, viewer, code, revision=revision, now=now)
    fields = Fields(SupervisionProposal)
    values = _read(fields, entry, today)
    _refuse_pointless(file, fields, entry.step)
    fields.refuse()
    made = add(session, SupervisionProposal(**values, **recorded(file)))
    file.note("supervision_proposed", after={"proposal": made.id, **shown(values, PROPOSED)})
    return made


def decide(
    session: Session,
    viewer: Viewer,
    proposal_id: int,
    entry: DecisionEntry,
    *,
    revision: int,
    now: datetime,
    today: date,
) -> SupervisionProposal:
    """What was decided about a waiting proposal; accepted, its event is written and the description follows.

    Only a lead decides, and about his own proposal only if there is no other. Raises Forbidden, NotFound (no proposal
    that waits), StaleCase, FieldErrors.
    """
    if not may(viewer, Action.DECIDE):
        raise Forbidden(words("Only the lead of the secretariat decides."))
    file, old = open_fact(session, viewer, SupervisionProposal, proposal_id, revision=revision, now=now, missing=GONE)
    fields = Fields(SupervisionProposal)
    _refuse_settled(fields, old)
    alone = _is_own(file, old)
    if alone and another_lead(session, viewer):
        fields.wrong(WHOLE, words("You proposed this yourself: another lead decides."))
    values, held = _read_decision(file, fields, old, entry, today)
    fields.refuse()
    if entry.outcome is SupervisionOutcome.ACCEPTED:
        if old.step is SupervisionStep.END:
            points = open_points(checklist(closing(session, viewer, file.code, as_of=today)))
            values["open_points"] = [encode(point) for point in points]
        values["event_id"] = _carry_out(file, old, values, held, today)
    made = _next_version(file, old, values, ANSWERED)
    said = {"proposal": made.id, **shown(values, DECIDED), "open_points": len(made.open_points)}
    if alone:
        said["own_proposal"] = True  # there was no other lead to decide
    file.note("supervision_decided", before={"proposal": old.id, **shown(old, PROPOSED)}, after=said)
    return made


def withdraw(
    session: Session, viewer: Viewer, proposal_id: int, *, reason: str, revision: int, now: datetime, today: date
) -> SupervisionProposal:
    """The proposal is taken back by those who made it. Raises as `decide`."""
    file, old = open_fact(session, viewer, SupervisionProposal, proposal_id, revision=revision, now=now, missing=GONE)
    fields = Fields(SupervisionProposal)
    _refuse_settled(fields, old)
    note = fields.reason(reason)
    fields.refuse()
    values = {"outcome": SupervisionOutcome.WITHDRAWN, "decided_on": today, "note": note}
    made = _next_version(file, old, values, note)
    before = {"proposal": old.id, **shown(old, PROPOSED)}
    file.note("supervision_withdrawn", before=before, after={"proposal": made.id, "reason": note})
    return made


def _is_own(file: Opened, old: SupervisionProposal) -> bool:
    """Whether the viewer made the proposal: its first version, for a decision that is put off is a version too."""
    row: SupervisionProposal | None = old
    while row is not None and row.replaces_id is not None:
        row = file.session.get(SupervisionProposal, row.replaces_id)
    return row is not None and file.viewer.account_id is not None and row.recorded_by == file.viewer.account_id


def _read(fields: Fields, entry: ProposalEntry, today: date) -> dict[str, Any]:
    step = fields.one_of("step", entry.step, SupervisionStep)
    ground = fields.one_of("ground", entry.ground, SupervisionGround)
    if ground not in GROUNDS.get(step, ()):
        fields.wrong("ground", words("Choose one of the list."))
    return {
        "step": step,
        "ground": ground,
        "reason": fields.text("reason", entry.reason),
        "proposed_on": fields.past("proposed_on", entry.proposed_on, today),
        "proposed_by": fields.line("proposed_by", entry.proposed_by, needed=True),
        "document": fields.line("document", entry.document),
        "report": fields.line("report", entry.report, needed=step is SupervisionStep.END),
    }


def _refuse_pointless(file: Opened, fields: Fields, step: SupervisionStep) -> None:
    """What is so already is not proposed, and nothing twice at a time."""
    since = supervised_since(file.session, file.id)
    if step is SupervisionStep.PLACE and since:
        fields.wrong(WHOLE, words("The file is under supervision since {day} already.", day=since))
    if step is SupervisionStep.END and not since:
        fields.wrong(WHOLE, words("The file is not under supervision: there is nothing to end."))
    asked = select(SupervisionProposal.id).where(
        SupervisionProposal.case_id == file.id, SupervisionProposal.step == step, WAITING
    )
    if file.session.exec(asked).first():
        fields.wrong(WHOLE, words("The same is proposed already and waits for its decision."))


def _refuse_settled(fields: Fields, old: SupervisionProposal) -> None:
    if old.outcome not in (None, SupervisionOutcome.DEFERRED):
        fields.wrong(WHOLE, GONE)


def _read_decision(
    file: Opened, fields: Fields, old: SupervisionProposal, entry: DecisionEntry, today: date
) -> tuple[dict[str, Any], CommitteeSession | None]:
    outcome = fields.one_of("outcome", entry.outcome, SupervisionOutcome)
    if outcome is SupervisionOutcome.WITHDRAWN:
        fields.wrong("outcome", words("Choose one of the list."))
    day = fields.past("decided_on", entry.decided_on, today)
    if day < old.proposed_on:
        fields.wrong("decided_on", words("The decision lies before its proposal of {day}.", day=old.proposed_on))
    held = file.session.get(CommitteeSession, entry.session_id) if entry.session_id else None
    if entry.session_id and held is None:
        fields.wrong("session_id", words("Choose one of the list."))
    decision = fields.line("decision", entry.decision)
    if held is None and not decision:
        fields.wrong("decision", words("Name the session or the document of the decision."))
    settles = outcome in (SupervisionOutcome.REFUSED, SupervisionOutcome.DEFERRED)
    note = fields.text("note", entry.note)
    if settles and not note:
        fields.wrong("note", NEEDED)
    values = {"outcome": outcome, "decided_on": day, "session_id": held.id if held else None, "decision": decision}
    return {**values, "note": note}, held


def _carry_out(
    file: Opened, old: SupervisionProposal, values: dict[str, Any], held: CommitteeSession | None, today: date
) -> int | None:
    """The event of an accepted proposal; a file placed under supervision says so in its description too."""
    body = BODIES[held.kind] if held else ""
    day: date = values["decided_on"]
    entry = EventEntry(kind=EVENTS[old.step], happened_on=day, document=values["decision"], body=body)
    event = add_event(file, entry, today=today)
    if old.step is SupervisionStep.PLACE:
        detail = current_detail(file)
        kept = {name: getattr(detail, name) for name in DETAIL_FIELDS}
        kept.update(supervised_from=day, supervised_by=body or detail.supervised_by)
        retract(file, detail, PLACED)
        add(file.session, CaseDetail(**kept, **recorded(file)))
    return event.id


def _next_version(file: Opened, old: SupervisionProposal, values: dict[str, Any], why: str) -> SupervisionProposal:
    kept = {name: getattr(old, name) for name in (*PROPOSED, *DECIDED)}
    retract(file, old, why)
    return add(file.session, SupervisionProposal(**{**kept, **values}, **recorded(file, old)))
