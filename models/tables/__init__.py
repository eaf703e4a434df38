"""Every table, so that one import knows the whole schema."""

from models.base import metadata
from models.tables.agency import Account, Agency, Person, SignIn
from models.tables.attachment import Attachment
from models.tables.audit import AuditArchive, AuditEntry, AuditSeal, DataVersion, ImportBatch, IssuedReport, JobRun
from models.tables.backup import Backup, RestoreDrill
from models.tables.case import Accused, Case, CaseDetail, CaseEvent
from models.tables.coordination import CoordinationRequest
from models.tables.difficulty import Difficulty
from models.tables.draft import FormDraft
from models.tables.flag import Flag, JudgedFile, Judgement, MoneyLine, OutboxMail, Reminder, ScanState
from models.tables.heading_map import HeadingMap
from models.tables.money import MoneyEntry
from models.tables.protection import FileSecrecy, Restriction, RestrictionReader
from models.tables.reference import Offence, SpecialDay, StatutoryLimit
from models.tables.search import SearchEntry
from models.tables.session import AgendaItem, Attendance, Conclusion, SessionVersion
from models.tables.sign_in import (
    AccountReview,
    AddressFailure,
    PasswordHistory,
    RecoveryCode,
    SecondFactor,
    SignInStep,
)
from models.tables.supervision import SupervisionProposal
from models.tables.task import CommitteeSession, Task, TaskAgency, TaskStep

__all__ = [
    "Account", "AccountReview", "Accused", "AddressFailure", "Agency", "AgendaItem", "Attachment", "Attendance",
    "AuditArchive", "AuditEntry", "AuditSeal", "Backup", "Case", "CaseDetail", "CaseEvent", "CommitteeSession",
    "Conclusion",
    "CoordinationRequest", "DataVersion", "Difficulty", "FileSecrecy", "Flag", "FormDraft", "HeadingMap",
    "ImportBatch", "IssuedReport", "JobRun", "JudgedFile", "Judgement", "MoneyEntry", "MoneyLine", "Offence",
    "OutboxMail", "PasswordHistory", "Person", "RecoveryCode", "Reminder", "RestoreDrill", "Restriction",
    "RestrictionReader", "ScanState", "SearchEntry", "SecondFactor", "SessionVersion", "SignIn", "SignInStep",
    "SpecialDay", "StatutoryLimit", "SupervisionProposal", "Task", "TaskAgency", "TaskStep", "metadata",
]  # fmt: skip
