"""Who may do what: one table of grants."""

from dataclasses import dataclass, replace
from enum import StrEnum

from models.enums import Role, Secrecy


class Action(StrEnum):
    """What can be asked for; reading case content is an action too."""

    READ_FILES = "read_files"  # those that concern one's own agency
    READ_ALL = "read_all"  # those of every agency too
    READ_COMMITTEE = "read_committee"  # sessions, proposals of supervision, who changed what
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


READER = frozenset({Action.READ_FILES, Action.READ_ALL, Action.READ_COMMITTEE, Action.EXPORT, Action.READ_REFERENCE})
OFFICER = READER | frozenset(
    {
        Action.RECORD,
        Action.REPORT,
        Action.READ_RUNS,
        Action.RUN_JOBS,
    }
)

# Separate duties: officers record and propose, leads decide, administrators do neither and read no file.
GRANTS: dict[Role, frozenset[Action]] = {
    Role.MEMBER: READER | {Action.REPORT},
    Role.SECRETARIAT: OFFICER,
    Role.LEAD: OFFICER | {Action.DECIDE, Action.RESTRICT, Action.READ_AUDIT},
    Role.AGENCY: frozenset({Action.READ_FILES, Action.ANSWER, Action.READ_REFERENCE}),
    Role.AUDITOR: READER | {Action.READ_RUNS, Action.READ_AUDIT},
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


LEVELS = tuple(Secrecy)  # from the lowest


@dataclass(frozen=True)
class Viewer:
    """Who is asking. `account_id` is None for the local system operator and the jobs.

    `carries_on`: agencies that were closed and whose work the viewer's own one carries on. `listed`: the account stands
    on the list of readers of some restricted file.
    """

    name: str
    role: Role
    account_id: int | None = None
    agency_id: int | None = None
    address: str = ""
    clearance: Secrecy = Secrecy.NONE  # the highest level that this viewer may read
    carries_on: frozenset[int] = frozenset()
    listed: bool = False

    @property
    def agencies(self) -> frozenset[int]:
        """The agencies for which the viewer answers."""
        return self.carries_on if self.agency_id is None else self.carries_on | {self.agency_id}

    @property
    def sees_everything(self) -> bool:
        """Whether no restriction and no level hides a file: the jobs and the local operator."""
        return self.role is Role.SYSTEM

    @property
    def scope(self) -> str:
        """What this viewer may see, as a cache key: the same for people who see the same, and for no others."""
        if not may(self, Action.READ_FILES):
            return "none"
        if self.sees_everything:
            return "everything"
        of = "files" if may(self, Action.READ_ALL) else f"agencies {sorted(self.agencies)}"
        of += " and the committee" if may(self, Action.READ_COMMITTEE) else ""
        return f"{of}, {self.clearance}" + (f", listed {self.account_id}" if self.listed else "")

    @property
    def sight(self) -> "Viewer":
        """The same viewer without what says nothing about what is seen: equal for people who see the same."""
        account = self.account_id if self.listed else None
        agency = None if may(self, Action.READ_ALL) else self.agency_id
        return replace(self, name="", address="", account_id=account, agency_id=agency)

    def is_cleared(self, level: Secrecy) -> bool:
        """Whether the viewer may read what has this level."""
        return self.sees_everything or LEVELS.index(level) <= LEVELS.index(self.clearance)


def may(viewer: Viewer, action: Action) -> bool:
    """Whether `viewer` may do `action`; what no line grants is refused."""
    return action in GRANTS.get(viewer.role, frozenset())


@dataclass(frozen=True)
class Protection:
    """What decides who sees a file. `readers`: accounts that alone may read it; None for a file that is not restricted.

    `agencies`: those that it concerns: its present lead agency, those that lead or cooperate in a task of it, those
    that a coordination request about it comes from or goes to.
    """

    level: Secrecy = Secrecy.NONE
    readers: frozenset[int] | None = None
    agencies: frozenset[int] = frozenset()


def may_see(viewer: Viewer, file: Protection) -> bool:
    """Whether `viewer` may see a file; models.queries._visible says the same in SQL."""
    if not may(viewer, Action.READ_FILES):
        return False
    if viewer.sees_everything:
        return True
    on_list = file.readers is None or (viewer.listed and viewer.account_id in file.readers)
    concerned = may(viewer, Action.READ_ALL) or bool(viewer.agencies & file.agencies)
    return on_list and concerned and viewer.is_cleared(file.level)


SYSTEM = Viewer(name="system", role=Role.SYSTEM)
