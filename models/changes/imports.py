"""Apply what a workbook states: everything or nothing, and nothing twice.

`plan_import` compares the drafts with what is known and changes nothing; `apply_import` writes the plan. Rules:

- A blank cell says nothing: what is known of the field stays.
- A row of a known file that says something else retracts the file's description and records a new one.
- Two events equal in file, date, event, detail and amount are one fact.
- A money column of the list is a reading on the day of the file's latest event in the workbook, else on the day of
  import. It is nothing new if the reading before it gives the same amount and nothing moved since.
- `supervised_from` also means an event `placed_under_supervision` on that day, unless the events sheet has one.
"""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import text
from sqlmodel import Session

from models.changes._audit import record
from models.changes._import_facts import plan_entries, plan_events
from models.changes._import_files import plan_accused, plan_files
from models.changes._import_people import plan_officials
from models.changes._import_plan import CaseChange, FieldChange, Plan
from models.changes._import_requests import plan_requests
from models.changes._import_tasks import plan_sessions, plan_tasks
from models.changes._import_writer import Writer
from models.changes.drafts import Drafts
from models.errors import Forbidden
from models.queries.restrictions import levels_of_files
from models.queries.workbook import first_import, known_files
from models.rules.access import Action, Viewer, may
from models.rules.words import words

__all__ = ["CaseChange", "FieldChange", "Plan", "apply_import", "plan_import", "take_turns"]

Progress = Callable[[int, int], None]
IMPORT_LOCK = 0x11E6  # transaction lock on PostgreSQL


def plan_import(session: Session, viewer: Viewer, drafts: Drafts, *, sha256: str, today: date) -> Plan:
    """What applying `drafts` would change, with everything about them that is wrong or doubtful. Raises Forbidden.

    `today` is the province's day of import; a file that was applied before keeps its first day.
    """
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("This account may not record facts."))
    plan = Plan(imported_on=first_import(session, sha256) or today, known=known_files(session, viewer))
    plan.levels = levels_of_files(session, viewer)
    plan_officials(session, plan, drafts, may_add=may(viewer, Action.MANAGE_PEOPLE))
    plan_sessions(session, plan, drafts)
    plan_files(session, viewer, plan, drafts)
    plan_accused(session, plan, drafts)
    plan_events(session, viewer, plan, drafts)
    plan_entries(session, plan, drafts)
    plan_tasks(session, viewer, plan, drafts)
    plan_requests(session, viewer, plan, drafts)
    return plan


def take_turns(session: Session) -> None:
    """Wait until no other import is being applied; SQLite's writers take turns already."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": IMPORT_LOCK})


def apply_import(
    session: Session,
    viewer: Viewer,
    plan: Plan,
    *,
    file_name: str,
    sha256: str,
    now: datetime,
    progress: Progress | None = None,
) -> int | None:
    """Write the plan in the caller's transaction; the id of the batch, or None if there was nothing to write."""
    if plan.errors:
        raise ValueError("A plan with errors is never applied.")
    if not plan.changes_something:
        return None
    writer = Writer(session, viewer, plan, now, progress)
    writer.open_batch(file_name, sha256)
    writer.write()
    record(
        session,
        viewer,
        "import",
        f"import:{writer.batch_id}",
        now=now,
        after={"file": file_name, "sha256": sha256, **plan.counts},
    )
    return writer.batch_id
