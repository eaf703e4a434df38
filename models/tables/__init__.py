"""Every table, so that one import knows the whole schema."""

from models.base import metadata
from models.tables.agency import Account, Agency, Person, SignIn
from models.tables.audit import AuditEntry, DataVersion, ImportBatch, IssuedReport, JobRun
from models.tables.case import Accused, Case, CaseDetail, CaseEvent
from models.tables.coordination import CoordinationRequest
from models.tables.draft import FormDraft
from models.tables.flag import Flag, Judgement, MoneyLine, OutboxMail, Reminder, ScanState
from models.tables.money import MoneyEntry
from models.tables.reference import Offence, SpecialDay, StatutoryLimit
from models.tables.task import CommitteeSession, Task, TaskAgency

__all__ = [
    "Account", "Accused", "Agency", "AuditEntry", "Case", "CaseDetail", "CaseEvent", "CommitteeSession",
    "CoordinationRequest", "DataVersion", "Flag", "FormDraft", "ImportBatch", "IssuedReport", "JobRun", "Judgement",
    "MoneyEntry", "MoneyLine", "Offence", "OutboxMail",
    "Person", "Reminder", "ScanState", "SignIn", "SpecialDay", "StatutoryLimit", "Task", "TaskAgency", "metadata",
]  # fmt: skip
