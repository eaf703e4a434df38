"""Who may do what: one table of grants."""

from dataclasses import dataclass
from enum import StrEnum

from models.enums import Role


class Action(StrEnum):
    """What can be asked for; reading case content is an action too."""

    READ_FILES = "read_files"
    RECORD = "record"  # import, and every fact of a file
    REPORT = "report"  # draft, issue and download papers
    EXPORT = "export"
    READ_RUNS = "read_runs"
    RUN_JOBS = "run_jobs"
    MANAGE_PEOPLE = "manage_people"
    READ_REFERENCE = "read_reference"  # the rules, the calendar, the offences
    MANAGE_REFERENCE = "manage_reference"


GRANTS: dict[Role, frozenset[Action]] = {
    Role.MEMBER: frozenset({Action.READ_FILES, Action.REPORT, Action.EXPORT, Action.READ_REFERENCE}),
    Role.SECRETARIAT: frozenset(
        {
            Action.READ_FILES,
            Action.RECORD,
            Action.REPORT,
            Action.EXPORT,
            Action.READ_RUNS,
            Action.RUN_JOBS,
            Action.READ_REFERENCE,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {Action.READ_RUNS, Action.MANAGE_PEOPLE, Action.READ_REFERENCE, Action.MANAGE_REFERENCE}
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

    @property
    def scope(self) -> str:
        """What this viewer may see, as a cache key: the same for people who see the same."""
        return "files" if may(self, Action.READ_FILES) else "none"


def may(viewer: Viewer, action: Action) -> bool:
    """Whether `viewer` may do `action`; what no line grants is refused."""
    return action in GRANTS.get(viewer.role, frozenset())


SYSTEM = Viewer(name="system", role=Role.SYSTEM)
