"""Which files the province has: where each stands today, and what is told about it.

`left` is how many days its running limit still has (negative: days late), `since` how many days ago the stage began
where the law sets no limit, `news` how many days ago something was last recorded. Everything else follows from these.
"""

from dataclasses import dataclass
from enum import Enum

from models.enums import EventKind, Kind, Severity

S1, S2, S3, S4 = Severity.LESS_SERIOUS, Severity.SERIOUS, Severity.VERY_SERIOUS, Severity.ESPECIALLY_SERIOUS


class Course(Enum):
    """The ways a file goes, named after the event or stage it has come to."""

    INVESTIGATION = "INV"
    RESUMED = "INV_RESUMED"
    RETURNED_TWICE = "INV_ADD_VKS"
    RETURNED_COURT = "INV_ADD_COURT"
    SUSPENDED = "suspended"
    PROSECUTION = "PROS"
    TRIAL_PREP = "TRIAL_PREP"
    TRIAL_DECIDED = "TRIAL_OPEN"
    HEARING = "hearing"
    JUDGED = "judged"
    APPEAL = "APPEAL_OPEN_PROV"
    FINAL = "final"
    ENFORCEMENT = "enforcement"
    ENFORCED = "enforced"
    CASSATION = "cassation"
    TERMINATED = "terminated"
    VERIFICATION = "VERIFY"
    REPORT_SUSPENDED = "report_suspended"
    NOT_INITIATED = "not_initiated"
    INSPECTION = "inspection"
    FOLLOW_UP = "follow_up"
    AUDIT = "audit"
    DISCIPLINE = "discipline"
    CARRIED_OUT = "carried_out"
    TO_POLICE = "to_police"


@dataclass(frozen=True)
class Plan:
    """One file: its course, class of offence (None: not recorded) and where it stands relative to today."""

    course: Course
    severity: Severity | None = None
    left: int | None = None
    since: int | None = None
    news: int = 12
    extensions: int = 0
    ended: int | None = None  # supervision ended so many days ago
    monthly: EventKind | None = None  # the event that is known by its month only
    owner: bool = True  # somebody is responsible for it
    appealed: bool = True
    recorded: bool = True  # class of offence and article are recorded

    @property
    def kind(self) -> Kind:
        """Whether it is a case or an incident, by its course."""
        return Kind.INCIDENT if self.course in _INCIDENTS else Kind.CASE


_INCIDENTS = frozenset(list(Course)[list(Course).index(Course.VERIFICATION) :])

CASES = (
    # investigation, in time
    Plan(Course.INVESTIGATION, S2, left=62, news=5),
    Plan(Course.INVESTIGATION, S3, left=48, news=9),
    Plan(Course.INVESTIGATION, S3, left=75, news=16, extensions=1),
    Plan(Course.INVESTIGATION, S4, left=34, news=22, extensions=2),
    Plan(Course.INVESTIGATION, S4, left=88, news=38, extensions=1),
    Plan(Course.INVESTIGATION, S2, left=27, news=11, extensions=1, monthly=EventKind.REPORT_RECEIVED),
    Plan(Course.INVESTIGATION, S1, left=29, news=18),
    Plan(Course.INVESTIGATION, S3, left=98, news=4, owner=False),
    Plan(Course.INVESTIGATION, None, left=38, news=7, recorded=False),
    Plan(Course.RESUMED, S3, left=41, news=20),
    Plan(Course.RETURNED_TWICE, S3, left=26, news=14),
    # investigation: due soon, late, paused, not to be told
    Plan(Course.INVESTIGATION, S2, left=4, news=24),
    Plan(Course.INVESTIGATION, S3, left=7, news=10, extensions=1),
    Plan(Course.INVESTIGATION, S2, left=-13, news=26, extensions=1),
    Plan(Course.INVESTIGATION, S3, left=-58, news=47),
    Plan(Course.INVESTIGATION, S4, left=-190, news=61, extensions=1),
    Plan(Course.INVESTIGATION, S2, left=-430, news=128, owner=False, monthly=EventKind.CASE_INITIATED),
    Plan(Course.RETURNED_COURT, S2, left=-19, news=15),
    Plan(Course.INVESTIGATION, None, since=88, news=21, recorded=False),
    Plan(Course.SUSPENDED, S3, since=70, news=33),
    Plan(Course.SUSPENDED, S4, since=210, news=154),
    Plan(Course.SUSPENDED, S2, since=35, news=17),
    # before the procuracy
    Plan(Course.PROSECUTION, S3, left=21, news=8),
    Plan(Course.PROSECUTION, S4, left=15, news=13),
    Plan(Course.PROSECUTION, S3, left=13, news=6, extensions=1, monthly=EventKind.REPORT_RECEIVED),
    Plan(Course.PROSECUTION, S2, left=14, news=5),
    Plan(Course.PROSECUTION, S2, left=3, news=9),
    Plan(Course.PROSECUTION, S3, left=-8, news=19),
    # before the courts
    Plan(Course.TRIAL_PREP, S2, left=24, news=12),
    Plan(Course.TRIAL_PREP, S3, left=36, news=23),
    Plan(Course.TRIAL_PREP, S4, left=57, news=28),
    Plan(Course.TRIAL_PREP, S2, left=6, news=14, extensions=1),
    Plan(Course.TRIAL_PREP, S3, left=-44, news=52),
    Plan(Course.TRIAL_DECIDED, S2, left=12, news=3),
    Plan(Course.HEARING, S4, since=4, news=4),
    Plan(Course.JUDGED, S3, since=8, news=8),
    Plan(Course.APPEAL, S3, left=33, news=25),
    Plan(Course.APPEAL, S2, left=19, news=40, owner=False),
    Plan(Course.APPEAL, S4, left=-117, news=66),
    Plan(Course.CASSATION, S3, since=44, news=44),
    # judgment in force
    Plan(Course.FINAL, S2, since=3, news=3, appealed=False),
    Plan(Course.ENFORCEMENT, S3, since=95, news=13),
    Plan(Course.ENFORCEMENT, S4, since=230, news=29),
    Plan(Course.ENFORCEMENT, S2, since=410, news=105, owner=False),
    Plan(Course.ENFORCEMENT, S3, since=560, news=142),
    Plan(Course.ENFORCED, S2, since=21, news=21),
    # supervision ended
    Plan(Course.ENFORCED, S2, since=70, ended=24),
    Plan(Course.ENFORCED, S3, since=110, ended=38),
    Plan(Course.ENFORCED, S2, since=150, ended=102),
    Plan(Course.TERMINATED, S1, since=160, ended=120),
    Plan(Course.ENFORCED, S3, since=230, ended=165),
    Plan(Course.ENFORCEMENT, S4, since=300, ended=190),
    Plan(Course.ENFORCED, S2, since=290, ended=226, appealed=False),
    Plan(Course.ENFORCED, S3, since=330, ended=262),
    Plan(Course.ENFORCED, S1, since=420, ended=347, appealed=False),
    Plan(Course.ENFORCED, S2, since=440, ended=382),
    Plan(Course.ENFORCEMENT, S3, since=560, ended=420),
    Plan(Course.TERMINATED, S2, since=520, ended=471),
    Plan(Course.ENFORCED, S4, since=590, ended=515),
    Plan(Course.ENFORCED, S3, since=650, ended=588),
)

INCIDENTS = (
    Plan(Course.VERIFICATION, left=15, news=4),
    Plan(Course.VERIFICATION, left=13, news=5),
    Plan(Course.VERIFICATION, left=11, news=6),
    Plan(Course.VERIFICATION, left=12, news=5, owner=False),
    Plan(Course.VERIFICATION, left=9, news=4),
    Plan(Course.VERIFICATION, left=8, news=7),
    Plan(Course.VERIFICATION, left=2, news=9),
    Plan(Course.VERIFICATION, left=-10, news=16),
    Plan(Course.REPORT_SUSPENDED, since=58, news=31),
    Plan(Course.INSPECTION, since=24, news=24),
    Plan(Course.INSPECTION, since=47, news=15),
    Plan(Course.INSPECTION, since=71, news=36),
    Plan(Course.INSPECTION, since=102, news=27, monthly=EventKind.INSPECTION_OPENED),
    Plan(Course.DISCIPLINE, since=18, news=18),
    Plan(Course.DISCIPLINE, since=55, news=55, owner=False),
    Plan(Course.FOLLOW_UP, since=64, news=10),
    Plan(Course.AUDIT, since=88, news=34),
    Plan(Course.FOLLOW_UP, since=140, news=43),
    Plan(Course.CARRIED_OUT, since=60, ended=33),
    Plan(Course.TO_POLICE, since=330, ended=318),
    Plan(Course.NOT_INITIATED, since=140, ended=131),
    Plan(Course.CARRIED_OUT, since=260, ended=203),
    Plan(Course.CARRIED_OUT, since=420, ended=364),
    Plan(Course.NOT_INITIATED, since=470, ended=455),
    Plan(Course.CARRIED_OUT, since=600, ended=540),
)
