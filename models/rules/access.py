"""Who may do what: one table of grants."""

from dataclasses import dataclass
from enum import StrEnum

from models.enums import Role, Secrecy


class Action(StrEnum):
    """What can be asked for; reading case content is an action too."""

    READ_FILES = "read_files"
    RECORD = "record"  # import, and every fact of a file; propose
    DECIDE = "decide"  # place under supervision or end it, issue papers
    RESTRICT = "restrict"  # say who alone may read a file
    ANSWER = "answer"  # for one's own agency: progress and claims of its tasks, replies to requests
    REPORT = "report"  # draft and download papers
    EXPORT = "export"
    READ_RUNS = "read_runs"
    RUN_JOBS = "run_jobs"
    READ_AUDIT = "read_audit"  # who did what, when; what a file said only to those who may see the file
    MANAGE_PEOPLE = "manage_people"
    READ_REFERENCE = "read_reference"  # the rules, the calendar, the offences
    MANAGE_REFERENCE = "manage_reference"
    BACKUP = "backup"  # copies of the database, and the drill that proves them


OFFICER = frozenset(
    {
        Action.READ_FILES,
        Action.RECORD,
        Action.REPORT,
        Action.EXPORT,
        Action.READ_RUNS,
        Action.RUN_JOBS,
        Action.READ_REFERENCE,
    }
)

# Separate duties: officers record and propose, leads decide, administrators do neither and read no file.
GRANTS: dict[Role, frozenset[Action]] = {
    Role.MEMBER: frozenset({Action.READ_FILES, Action.REPORT, Action.EXPORT, Action.READ_REFERENCE}),
    Role.SECRETARIAT: OFFICER,
    Role.LEAD: OFFICER | {Action.DECIDE, Action.RESTRICT, Action.READ_AUDIT},
    Role.AGENCY: frozenset({Action.ANSWER, Action.READ_REFERENCE}),
    Role.AUDITOR: frozenset(
        {Action.READ_FILES, Action.EXPORT, Action.READ_RUNS, Action.READ_AUDIT, Action.READ_REFERENCE}
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Action.READ_RUNS,
            Action.READ_AUDIT,
            Action.MANAGE_PEOPLE,
            Action.READ_REFERENCE,
            Action.MANAGE_REFERENCE,
            Action.BACKUP,
        }
    ),
    Role.SYSTEM: frozenset(Action),
}


@dataclass(frozen=True)
class Viewer:
    """Who is asking. `account_id` is None for the local system operator and the jobs."""

    name: str
    role: Role
    account_id: int | None = None
    agency_id: int | None = None
    address: str = ""
    clearance: Secrecy = Secrecy.NONE  # the highest level that this viewer may read

    @property
    def scope(self) -> str:
        """What this viewer may see, as a cache key: the same for people who see the same."""
        return "files" if may(self, Action.READ_FILES) else "none"


def may(viewer: Viewer, action: Action) -> bool:
    """Whether `viewer` may do `action`; what no line grants is refused."""
    return action in GRANTS.get(viewer.role, frozenset())


SYSTEM = Viewer(name="system", role=Role.SYSTEM)
