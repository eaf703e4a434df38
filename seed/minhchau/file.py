"""One supervised file of the province in the making."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from models.enums import AccusedStatus, EventKind, Kind, Stage
from seed.minhchau.plans import Course, Plan
from seed.minhchau.titles import Subject

Row = dict[str, Any]

NINE = time(2)  # UTC: nine in the morning in the province, when the secretariat enters what came in the day before

# course → stage of its notes of progress, state of its accused, agency that has the file
STANDS: dict[Course, tuple[Stage, AccusedStatus, str]] = {
    Course.SUSPENDED: (Stage.INVESTIGATION, AccusedStatus.SUSPENDED, "CQDT"),
    Course.TERMINATED: (Stage.INVESTIGATION, AccusedStatus.TERMINATED, "CQDT"),
    Course.PROSECUTION: (Stage.PROSECUTION, AccusedStatus.CHARGED, "VKS"),
    Course.TRIAL_PREP: (Stage.TRIAL_PREP, AccusedStatus.INDICTED, "TAND"),
    Course.TRIAL_DECIDED: (Stage.TRIAL_PREP, AccusedStatus.INDICTED, "TAND"),
    Course.HEARING: (Stage.TRIAL_PREP, AccusedStatus.INDICTED, "TAND"),
    Course.JUDGED: (Stage.APPEAL, AccusedStatus.TRIED, "TAND"),
    Course.APPEAL: (Stage.APPEAL, AccusedStatus.TRIED, "TAND"),
    Course.CASSATION: (Stage.APPEAL, AccusedStatus.TRIED, "TAND"),
    Course.FINAL: (Stage.ENFORCEMENT, AccusedStatus.TRIED, "THADS"),
    Course.ENFORCEMENT: (Stage.ENFORCEMENT, AccusedStatus.TRIED, "THADS"),
    Course.ENFORCED: (Stage.ENFORCEMENT, AccusedStatus.TRIED, "THADS"),
    Course.VERIFICATION: (Stage.VERIFICATION, AccusedStatus.CHARGED, "CQDT"),
    Course.REPORT_SUSPENDED: (Stage.VERIFICATION, AccusedStatus.CHARGED, "CQDT"),
    Course.NOT_INITIATED: (Stage.VERIFICATION, AccusedStatus.CHARGED, "CQDT"),
    Course.INSPECTION: (Stage.INSPECTION, AccusedStatus.CHARGED, "TTT"),
    Course.FOLLOW_UP: (Stage.FOLLOW_UP, AccusedStatus.CHARGED, "TTT"),
    Course.AUDIT: (Stage.FOLLOW_UP, AccusedStatus.CHARGED, "KTNN"),
    Course.CARRIED_OUT: (Stage.FOLLOW_UP, AccusedStatus.CHARGED, "TTT"),
    Course.TO_POLICE: (Stage.INSPECTION, AccusedStatus.CHARGED, "TTT"),
    Course.DISCIPLINE: (Stage.DISCIPLINE, AccusedStatus.CHARGED, "UBKT"),
}
INVESTIGATED = (Stage.INVESTIGATION, AccusedStatus.CHARGED, "CQDT")


@dataclass
class File:
    """One file in the making: its plan, its description and its events as rows without their code."""

    plan: Plan
    number: int  # its place among the plans of its kind
    subject: Subject
    title: str
    title_en: str
    article: str
    accused: int
    locality: str
    events: list[Row] = field(default_factory=list)
    money: list[Row] = field(default_factory=list)
    placed_on: date = date.max
    code: str = ""
    origin: str = ""

    @property
    def kind(self) -> Kind:
        """Case or incident."""
        return self.plan.kind

    @property
    def stands(self) -> tuple[Stage, AccusedStatus, str]:
        """Stage of its notes, state of its accused, code of the agency that has the file."""
        return STANDS.get(self.plan.course, INVESTIGATED)

    @property
    def began_on(self) -> date:
        """Day of the first fact."""
        first: date = min(row["happened_on"] for row in self.events)
        return first

    def on(self, kind: EventKind) -> date | None:
        """Day of the last event of this kind."""
        return max((row["happened_on"] for row in self.events if row["kind"] is kind), default=None)

    def add(self, kind: EventKind, on: date, **more: Any) -> None:
        """One more event."""
        self.events.append({"kind": kind, "happened_on": on, **more})


def recorded_at(on: date) -> datetime:
    """When a fact of this day was entered: the next morning."""
    return datetime.combine(on + timedelta(days=1), NINE, tzinfo=UTC)
