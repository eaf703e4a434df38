"""The closed lists of the product. The value of a member is what is stored; the label is what people read.

Labels are English source texts for gettext (extracted by `make words`). A class belongs here when it is stored or
decides something.
"""

from enum import StrEnum


def N_(text: str) -> str:
    """Mark `text` for translation; it is returned as it is."""
    return text


class Kind(StrEnum):
    """A criminal case (vụ án) or an incident (vụ việc) that is not, or not yet, a case."""

    CASE = "case"
    INCIDENT = "incident"


class Category(StrEnum):
    """What the committee's mandate names; a file may carry several."""

    CORRUPTION = "corruption"
    WASTE = "waste"
    NEGATIVITY = "negativity"


class Severity(StrEnum):
    """Class of offence by the highest penalty of the paragraph charged (Penal Code Art. 9), mildest first."""

    LESS_SERIOUS = "less_serious"
    SERIOUS = "serious"
    VERY_SERIOUS = "very_serious"
    ESPECIALLY_SERIOUS = "especially_serious"


class Secrecy(StrEnum):
    """Level of a state secret (Law 117/2025); what is secret is registered by number, date, level and holder only."""

    NONE = "none"
    CONFIDENTIAL = "confidential"
    SECRET = "secret"
    TOP_SECRET = "top_secret"


class Precision(StrEnum):
    """How exactly the day of a fact is known."""

    DAY = "day"
    MONTH = "month"


class EventKind(StrEnum):
    """What can happen to a file: the keys of `seed/reference/events.csv`, in the order of proceedings."""

    REPORT_RECEIVED = "report_received"
    VERIFICATION_STARTED = "verification_started"
    VERIFICATION_EXTENDED = "verification_extended"
    REPORT_SUSPENDED = "report_suspended"
    REPORT_RESUMED = "report_resumed"
    NOT_INITIATED = "not_initiated"
    CASE_INITIATED = "case_initiated"
    ACCUSED_CHARGED = "accused_charged"
    CHARGE_CHANGED = "charge_changed"
    DETENTION_ORDERED = "detention_ordered"
    DETENTION_EXTENDED = "detention_extended"
    DETENTION_ENDED = "detention_ended"
    WANTED = "wanted"
    INVESTIGATION_EXTENDED = "investigation_extended"
    INVESTIGATION_SUSPENDED = "investigation_suspended"
    INVESTIGATION_RESUMED = "investigation_resumed"
    INVESTIGATION_CONCLUDED = "investigation_concluded"
    REINVESTIGATION = "reinvestigation"
    FILE_TO_PROCURACY = "file_to_procuracy"
    RETURNED_VKS = "returned_vks"
    RETURNED_COURT = "returned_court"
    RETURNED_FOR_ADDITIONAL_INVESTIGATION = "returned_for_additional_investigation"
    PROSECUTION_EXTENDED = "prosecution_extended"
    PROSECUTION_DECISION = "prosecution_decision"
    FILE_DELIVERY_EXTENDED = "file_delivery_extended"
    CASE_ACCEPTED = "case_accepted"
    TRIAL_PREP_EXTENDED = "trial_prep_extended"
    TRIAL_DECISION = "trial_decision"
    TRIAL_OPENING_EXTENDED = "trial_opening_extended"
    HEARING_POSTPONED = "hearing_postponed"
    FIRST_INSTANCE_TRIAL_OPENED = "first_instance_trial_opened"
    FIRST_INSTANCE_JUDGMENT = "first_instance_judgment"
    APPEAL_FILED = "appeal_filed"
    PROTEST_FILED = "protest_filed"
    APPEAL_FILE_RECEIVED = "appeal_file_received"
    APPELLATE_TRIAL_OPENED = "appellate_trial_opened"
    APPELLATE_JUDGMENT = "appellate_judgment"
    JUDGMENT_FINAL = "judgment_final"
    CASSATION_PROTEST = "cassation_protest"
    CASSATION_DECISION = "cassation_decision"
    TERMINATED = "terminated"
    MERGED = "merged"  # without saying which file goes on
    MERGED_INTO = "merged_into"
    MERGED_FROM = "merged_from"
    SPLIT = "split"
    TRANSFERRED = "transferred"
    EXPERT_REQUESTED = "expert_requested"
    EXPERT_RESULT = "expert_result"
    VALUATION_REQUESTED = "valuation_requested"
    VALUATION_RESULT = "valuation_result"
    MLA_REQUESTED = "mla_requested"
    ASSETS_SEIZED = "assets_seized"
    ASSETS_RELEASED = "assets_released"
    MONEY_RETURNED = "money_returned"
    ENFORCEMENT_DECISION = "enforcement_decision"
    NO_MEANS = "no_means"
    ENFORCEMENT_COMPLETED = "enforcement_completed"
    INSPECTION_OPENED = "inspection_opened"
    INSPECTION_EXTENDED = "inspection_extended"
    INSPECTION_CONCLUDED = "inspection_concluded"
    AUDIT_CONCLUDED = "audit_concluded"
    FILE_TRANSFERRED_TO_POLICE = "file_transferred_to_police"
    PARTY_DISCIPLINE = "party_discipline"
    ADMIN_DISCIPLINE = "admin_discipline"
    CONCLUSION_CARRIED_OUT = "conclusion_carried_out"
    PLACED_UNDER_SUPERVISION = "placed_under_supervision"
    SUPERVISION_ENDED = "supervision_ended"
    PROGRESS_NOTE = "progress_note"


class Stage(StrEnum):
    """Where a file stands. Ordered as proceedings go; a file may go back."""

    VERIFICATION = "verification"
    INVESTIGATION = "investigation"
    PROSECUTION = "prosecution"
    TRIAL_PREP = "trial_prep"
    FIRST_INSTANCE = "first_instance"
    APPEAL = "appeal"
    JUDGMENT_FINAL = "judgment_final"
    ENFORCEMENT = "enforcement"
    CASSATION = "cassation"
    INSPECTION = "inspection"
    DISCIPLINE = "discipline"
    FOLLOW_UP = "follow_up"
    UNKNOWN = "unknown"


class Bucket(StrEnum):
    """Every open file is in exactly one of these, in this order."""

    ON_TIME = "on_time"
    DUE_SOON = "due_soon"
    OVERDUE_1_30 = "overdue_1_30"
    OVERDUE_31_90 = "overdue_31_90"
    OVERDUE_91_365 = "overdue_91_365"
    OVERDUE_OVER_365 = "overdue_over_365"
    PAUSED = "paused"
    NO_LIMIT = "no_limit"
    CANNOT_TELL = "cannot_tell"


LATE_BUCKETS = (Bucket.OVERDUE_1_30, Bucket.OVERDUE_31_90, Bucket.OVERDUE_91_365, Bucket.OVERDUE_OVER_365)


class FlagRule(StrEnum):
    """The stalled rules S1-S13 of docs/sources.md#stalled-rules."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"
    S5 = "S5"
    S6 = "S6"
    S7 = "S7"
    S8 = "S8"
    S9 = "S9"
    S10 = "S10"
    S11 = "S11"
    S12 = "S12"
    S13 = "S13"


class DayKind(StrEnum):
    """Why a calendar day differs from its weekday."""

    HOLIDAY = "holiday"
    COMPENSATION = "compensation"
    SWAP_OFF = "swap_off"
    SWAP_WORK = "swap_work"


class Verified(StrEnum):
    """How well a reference row is proved: text read, press or summary, memory or not found."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"


class Origin(StrEnum):
    """Who entered a version of a rule or of a day of the calendar."""

    SHIPPED = "shipped"
    ADMINISTRATOR = "administrator"


class QualityKind(StrEnum):
    """What may be wrong with the records of a file."""

    EXTENSION_TOO_LONG = "extension_too_long"
    EXTENSION_TOO_LATE = "extension_too_late"
    BEFORE_PREDECESSOR = "before_predecessor"
    TWO_STARTS = "two_starts"
    STOP_WITHOUT_START = "stop_without_start"
    BEFORE_THE_LAW = "before_the_law"
    MONTH_ONLY = "month_only"
    EXTENSION_WITHOUT_LENGTH = "extension_without_length"
    SEVERITY_MISSING = "severity_missing"
    SEVERITY_DIFFERS = "severity_differs"
    REQUEST_WITHOUT_TERM = "request_without_term"
    UNKNOWN_ARTICLE = "unknown_article"
    LENGTH_UNREADABLE = "length_unreadable"
    MERGE_UNCLEAR = "merge_unclear"


class Quantity(StrEnum):
    """What an amount of money is. Security (secured, frozen, attached, blocked) is never recovery."""

    DAMAGE = "damage"
    APPROPRIATED = "appropriated"
    MUST_RECOVER = "must_recover"
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    SECURED = "secured"
    FROZEN = "frozen"
    ATTACHED = "attached"
    TRANSACTIONS_BLOCKED = "transactions_blocked"
    RECOVERED = "recovered"
    VOLUNTARY = "voluntary"
    RECOVERED_ADMIN = "recovered_admin"
    RECOVERED_JUDICIAL = "recovered_judicial"
    TO_BUDGET = "to_budget"
    TO_VICTIM = "to_victim"


class EntryKind(StrEnum):
    """A reading replaces what was known of the quantity from its day on; a movement adds to it."""

    READING = "reading"
    MOVEMENT = "movement"


class AgencyKind(StrEnum):
    """What an agency does in proceedings; "whose move it is" speaks in these words."""

    COMMITTEE = "committee"
    INTERNAL_AFFAIRS = "internal_affairs"
    POLICE = "police"
    PROCURACY = "procuracy"
    COURT = "court"
    ENFORCEMENT = "enforcement"
    INSPECTORATE = "inspectorate"
    PARTY_INSPECTION = "party_inspection"
    AUDIT = "audit"
    VALUATION = "valuation"
    PEOPLES_COMMITTEE = "peoples_committee"
    OTHER = "other"


class AgencyLevel(StrEnum):
    """Level of an agency; districts were closed on 1 July 2025 and stay for their records."""

    CENTRAL = "central"
    PROVINCE = "province"
    REGIONAL = "regional"
    DISTRICT = "district"
    COMMUNE = "commune"


class AccusedStatus(StrEnum):
    """State of one accused; several accused of a case may differ."""

    CHARGED = "charged"
    WANTED = "wanted"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    INDICTED = "indicted"
    TRIED = "tried"
    EXEMPTED = "exempted"


class TaskOrigin(StrEnum):
    """Where a task comes from."""

    CONCLUSION = "conclusion"
    DIRECTIVE = "directive"
    PROGRAMME = "programme"
    LETTER = "letter"
    OTHER = "other"


class TaskStatus(StrEnum):
    """State of a task on a day, derived from its dated facts."""

    OPEN = "open"
    LATE = "late"
    CLAIMED = "claimed"
    DONE = "done"
    CANCELLED = "cancelled"


class CoordinationKind(StrEnum):
    """What one agency asks another for."""

    INFORMATION = "information"
    DOCUMENT = "document"
    OPINION = "opinion"
    JOINT_ACTION = "joint_action"
    VALUATION = "valuation"
    WITNESS = "witness"


class CoordinationState(StrEnum):
    """State of a coordination request on a day, derived from its dated facts and its clock."""

    SENT = "sent"
    RECEIVED = "received"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    REPLIED = "replied"
    CANCELLED = "cancelled"


class DifficultyKind(StrEnum):
    """Something that stands in the way of a file, or what is proposed about it."""

    DIFFICULTY = "difficulty"
    PROPOSAL = "proposal"


class SupervisionStep(StrEnum):
    """What is proposed about a file: that it is placed under the committee's supervision, or that this ends."""

    PLACE = "place"
    END = "end"


class SupervisionGround(StrEnum):
    """Why a file is placed under supervision (the first seven), or why supervision ends (the rest)."""

    SERIOUS_COMPLEX = "serious_complex"
    PUBLIC_CONCERN = "public_concern"
    MANAGED_OFFICIALS = "managed_officials"
    PROLONGED = "prolonged"
    CENTRAL_REQUEST = "central_request"
    LARGE_DAMAGE = "large_damage"
    OTHER_TO_PLACE = "other_to_place"
    JUDGMENT_ENFORCED = "judgment_enforced"
    LAWFULLY_TERMINATED = "lawfully_terminated"
    RECOMMENDATIONS_DONE = "recommendations_done"
    PASSED_TO_CENTRAL = "passed_to_central"
    ORDINARY_MONITORING = "ordinary_monitoring"
    OTHER_TO_END = "other_to_end"


class SupervisionOutcome(StrEnum):
    """What became of a proposal; a deferred one still waits for its decision."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"


class SearchKind(StrEnum):
    """What the search box can find. Once released, the order stays: it is part of the entries' numbers."""

    FILE = "file"
    TASK = "task"
    SESSION = "session"
    AGENCY = "agency"
    REQUEST = "request"


class SessionKind(StrEnum):
    """A session of the whole committee, or a meeting of its Standing members."""

    COMMITTEE = "committee"
    STANDING = "standing"


class SessionStatus(StrEnum):
    """How far a session is: on the calendar, over, or with its notice of conclusions sent out."""

    PLANNED = "planned"
    HELD = "held"
    CONCLUDED = "concluded"


class AgendaKind(StrEnum):
    """What a point of the agenda is about."""

    REPORT = "report"
    FILE = "file"
    TASK = "task"
    PROPOSAL = "proposal"
    OTHER = "other"


class Presence(StrEnum):
    """Whether the holder of a function was in the session."""

    PRESENT = "present"
    REPRESENTED = "represented"
    ABSENT = "absent"


class TaskStepKind(StrEnum):
    """What was recorded of a task after it was given."""

    PROGRESS = "progress"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """What an account may do; the table of grants is models/rules/access.py."""

    MEMBER = "member"
    SECRETARIAT = "secretariat"  # an officer: records and proposes
    LEAD = "lead"  # of the secretariat: decides
    AGENCY = "agency"  # focal point of an agency: answers for it
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class ReportKind(StrEnum):
    """Papers the product prints."""

    ANNUAL = "annual"
    BRIEF = "brief"


class RunState(StrEnum):
    """State of one slot of a scheduled job."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


_LABELLED: tuple[tuple[StrEnum, str], ...] = (
    (Kind.CASE, N_("Criminal case")),
    (Kind.INCIDENT, N_("Incident")),
    (Category.CORRUPTION, N_("Corruption")),
    (Category.WASTE, N_("Wastefulness")),
    (Category.NEGATIVITY, N_("Negative phenomena")),
    (Severity.LESS_SERIOUS, N_("Less serious")),
    (Severity.SERIOUS, N_("Serious")),
    (Severity.VERY_SERIOUS, N_("Very serious")),
    (Severity.ESPECIALLY_SERIOUS, N_("Especially serious")),
    (Precision.DAY, N_("Exact day")),
    (Precision.MONTH, N_("Month only")),
    (EventKind.REPORT_RECEIVED, N_("Crime report received")),
    (EventKind.VERIFICATION_STARTED, N_("Verification started")),
    (EventKind.VERIFICATION_EXTENDED, N_("Verification extended")),
    (EventKind.REPORT_SUSPENDED, N_("Handling of the report suspended")),
    (EventKind.REPORT_RESUMED, N_("Handling of the report resumed")),
    (EventKind.NOT_INITIATED, N_("No case initiated")),
    (EventKind.CASE_INITIATED, N_("Case initiated")),
    (EventKind.ACCUSED_CHARGED, N_("Accused charged")),
    (EventKind.CHARGE_CHANGED, N_("Charge changed or added")),
    (EventKind.DETENTION_ORDERED, N_("Pre-trial detention ordered")),
    (EventKind.DETENTION_EXTENDED, N_("Detention extended")),
    (EventKind.DETENTION_ENDED, N_("Detention ended (released or replaced)")),
    (EventKind.WANTED, N_("Wanted notice")),
    (EventKind.INVESTIGATION_EXTENDED, N_("Investigation extended")),
    (EventKind.INVESTIGATION_SUSPENDED, N_("Investigation suspended")),
    (EventKind.INVESTIGATION_RESUMED, N_("Investigation resumed")),
    (EventKind.INVESTIGATION_CONCLUDED, N_("Investigation concluded")),
    (EventKind.REINVESTIGATION, N_("Re-investigation")),
    (EventKind.FILE_TO_PROCURACY, N_("File sent to the procuracy")),
    (EventKind.RETURNED_VKS, N_("Returned by the procuracy for additional investigation")),
    (EventKind.RETURNED_COURT, N_("Returned by the court for additional investigation")),
    (EventKind.RETURNED_FOR_ADDITIONAL_INVESTIGATION, N_("Returned for additional investigation")),
    (EventKind.PROSECUTION_EXTENDED, N_("Prosecution term extended")),
    (EventKind.PROSECUTION_DECISION, N_("Indictment")),
    (EventKind.FILE_DELIVERY_EXTENDED, N_("Delivery of the file and indictment to the court extended")),
    (EventKind.CASE_ACCEPTED, N_("Case accepted by the court")),
    (EventKind.TRIAL_PREP_EXTENDED, N_("Trial preparation extended")),
    (EventKind.TRIAL_DECISION, N_("Decision to try")),
    (EventKind.TRIAL_OPENING_EXTENDED, N_("Opening of the trial extended")),
    (EventKind.HEARING_POSTPONED, N_("Hearing postponed")),
    (EventKind.FIRST_INSTANCE_TRIAL_OPENED, N_("First-instance trial opened")),
    (EventKind.FIRST_INSTANCE_JUDGMENT, N_("First-instance judgment")),
    (EventKind.APPEAL_FILED, N_("Appeal filed")),
    (EventKind.PROTEST_FILED, N_("Protest filed by the procuracy")),
    (EventKind.APPEAL_FILE_RECEIVED, N_("File received by the appellate court")),
    (EventKind.APPELLATE_TRIAL_OPENED, N_("Appellate trial opened")),
    (EventKind.APPELLATE_JUDGMENT, N_("Appellate judgment")),
    (EventKind.JUDGMENT_FINAL, N_("Judgment in force")),
    (EventKind.CASSATION_PROTEST, N_("Cassation protest")),
    (EventKind.CASSATION_DECISION, N_("Cassation decision")),
    (EventKind.TERMINATED, N_("Terminated")),
    (EventKind.MERGED, N_("Cases merged")),
    (EventKind.MERGED_INTO, N_("Merged into another file")),
    (EventKind.MERGED_FROM, N_("Another file merged into this one")),
    (EventKind.SPLIT, N_("Case split")),
    (EventKind.TRANSFERRED, N_("Jurisdiction transferred")),
    (EventKind.EXPERT_REQUESTED, N_("Expert assessment requested")),
    (EventKind.EXPERT_RESULT, N_("Expert conclusion")),
    (EventKind.VALUATION_REQUESTED, N_("Valuation requested")),
    (EventKind.VALUATION_RESULT, N_("Valuation result")),
    (EventKind.MLA_REQUESTED, N_("Mutual legal assistance requested")),
    (EventKind.ASSETS_SEIZED, N_("Assets seized, frozen or attached")),
    (EventKind.ASSETS_RELEASED, N_("Assets released")),
    (EventKind.MONEY_RETURNED, N_("Money returned")),
    (EventKind.ENFORCEMENT_DECISION, N_("Enforcement decision")),
    (EventKind.NO_MEANS, N_("Not yet eligible to enforce")),
    (EventKind.ENFORCEMENT_COMPLETED, N_("Enforcement completed")),
    (EventKind.INSPECTION_OPENED, N_("Inspection opened")),
    (EventKind.INSPECTION_EXTENDED, N_("Inspection extended")),
    (EventKind.INSPECTION_CONCLUDED, N_("Inspection concluded")),
    (EventKind.AUDIT_CONCLUDED, N_("Audit report")),
    (EventKind.FILE_TRANSFERRED_TO_POLICE, N_("File transferred to the investigating body")),
    (EventKind.PARTY_DISCIPLINE, N_("Party discipline")),
    (EventKind.ADMIN_DISCIPLINE, N_("Administrative discipline")),
    (EventKind.CONCLUSION_CARRIED_OUT, N_("Conclusions carried out")),
    (EventKind.PLACED_UNDER_SUPERVISION, N_("Placed under supervision")),
    (EventKind.SUPERVISION_ENDED, N_("Supervision ended")),
    (EventKind.PROGRESS_NOTE, N_("Progress note")),
    (Stage.VERIFICATION, N_("Verification")),
    (Stage.INVESTIGATION, N_("Investigation")),
    (Stage.PROSECUTION, N_("Prosecution")),
    (Stage.TRIAL_PREP, N_("Trial preparation")),
    (Stage.FIRST_INSTANCE, N_("First-instance trial")),
    (Stage.APPEAL, N_("Appellate trial")),
    (Stage.JUDGMENT_FINAL, N_("Judgment in force")),
    (Stage.ENFORCEMENT, N_("Enforcement")),
    (Stage.CASSATION, N_("Cassation")),
    (Stage.INSPECTION, N_("Inspection")),
    (Stage.DISCIPLINE, N_("Discipline")),
    (Stage.FOLLOW_UP, N_("Carrying out conclusions")),
    (Stage.UNKNOWN, N_("Stage not recorded")),
    (Bucket.ON_TIME, N_("On time")),
    (Bucket.DUE_SOON, N_("Due soon")),
    (Bucket.OVERDUE_1_30, N_("1–30 days late")),
    (Bucket.OVERDUE_31_90, N_("31–90 days late")),
    (Bucket.OVERDUE_91_365, N_("91–365 days late")),
    (Bucket.OVERDUE_OVER_365, N_("More than 365 days late")),
    (Bucket.PAUSED, N_("Lawfully suspended")),
    (Bucket.NO_LIMIT, N_("No statutory limit")),
    (Bucket.CANNOT_TELL, N_("Cannot tell")),
    (FlagRule.S1, N_("Statutory limit passed")),
    (FlagRule.S2, N_("Extension not requested in time")),
    (FlagRule.S3, N_("Maximum investigation time passed")),
    (FlagRule.S4, N_("Expert or valuation term passed")),
    (FlagRule.S5, N_("Suspended without review")),
    (FlagRule.S6, N_("Returned repeatedly")),
    (FlagRule.S7, N_("No news")),
    (FlagRule.S8, N_("Committee task overdue")),
    (FlagRule.S9, N_("Programme target missed")),
    (FlagRule.S10, N_("Detention about to end")),
    (FlagRule.S11, N_("No civil enforcement decision")),
    (FlagRule.S12, N_("No means: not re-verified")),
    (FlagRule.S13, N_("Recommendations not carried out")),
    (DayKind.HOLIDAY, N_("Public holiday")),
    (DayKind.COMPENSATION, N_("Compensation day off")),
    (DayKind.SWAP_OFF, N_("Swapped day off")),
    (DayKind.SWAP_WORK, N_("Worked Saturday")),
    (Verified.YES, N_("Text read")),
    (Verified.PARTIAL, N_("To be confirmed by a lawyer")),
    (Verified.NO, N_("Not verified: to be confirmed by a lawyer")),
    (Origin.SHIPPED, N_("Came with the program")),
    (Origin.ADMINISTRATOR, N_("Entered by an administrator")),
    (QualityKind.EXTENSION_TOO_LONG, N_("Extension longer than allowed")),
    (QualityKind.EXTENSION_TOO_LATE, N_("Extension after the limit had ended")),
    (QualityKind.BEFORE_PREDECESSOR, N_("Event before the one it follows")),
    (QualityKind.TWO_STARTS, N_("Started twice")),
    (QualityKind.STOP_WITHOUT_START, N_("End without a beginning")),
    (QualityKind.BEFORE_THE_LAW, N_("Date before the law")),
    (QualityKind.MONTH_ONLY, N_("Day not known")),
    (QualityKind.EXTENSION_WITHOUT_LENGTH, N_("Extension without its length")),
    (QualityKind.MERGE_UNCLEAR, N_("Merged, without saying which file goes on")),
    (QualityKind.SEVERITY_MISSING, N_("Class of offence missing")),
    (QualityKind.SEVERITY_DIFFERS, N_("Class of offence differs from the charge")),
    (QualityKind.REQUEST_WITHOUT_TERM, N_("Request without its term")),
    (QualityKind.UNKNOWN_ARTICLE, N_("Unknown article")),
    (QualityKind.LENGTH_UNREADABLE, N_("Length cannot be read")),
    (Quantity.DAMAGE, N_("Damage")),
    (Quantity.APPROPRIATED, N_("Appropriated")),
    (Quantity.MUST_RECOVER, N_("To be recovered")),
    (Quantity.ELIGIBLE, N_("Eligible to enforce")),
    (Quantity.NOT_ELIGIBLE, N_("Not yet eligible")),
    (Quantity.SECURED, N_("Seized, frozen or attached")),
    (Quantity.FROZEN, N_("Seized cash, frozen accounts")),
    (Quantity.ATTACHED, N_("Attached property")),
    (Quantity.TRANSACTIONS_BLOCKED, N_("Blocked transactions")),
    (Quantity.RECOVERED, N_("Recovered")),
    (Quantity.VOLUNTARY, N_("Voluntarily returned")),
    (Quantity.RECOVERED_ADMIN, N_("Recovered administratively")),
    (Quantity.RECOVERED_JUDICIAL, N_("Enforced, collected")),
    (Quantity.TO_BUDGET, N_("Paid to the State budget")),
    (Quantity.TO_VICTIM, N_("Returned to victim")),
    (EntryKind.READING, N_("Amount known on a day")),
    (EntryKind.MOVEMENT, N_("Movement")),
    (AgencyKind.COMMITTEE, N_("Steering Committee")),
    (AgencyKind.INTERNAL_AFFAIRS, N_("Internal Affairs Commission")),
    (AgencyKind.POLICE, N_("Police")),
    (AgencyKind.PROCURACY, N_("Procuracy")),
    (AgencyKind.COURT, N_("Court")),
    (AgencyKind.ENFORCEMENT, N_("Civil enforcement")),
    (AgencyKind.INSPECTORATE, N_("Inspectorate")),
    (AgencyKind.PARTY_INSPECTION, N_("Party Inspection Commission")),
    (AgencyKind.AUDIT, N_("State Audit")),
    (AgencyKind.VALUATION, N_("Expert and valuation bodies")),
    (AgencyKind.PEOPLES_COMMITTEE, N_("People's Committee")),
    (AgencyKind.OTHER, N_("Other agency")),
    (AgencyLevel.CENTRAL, N_("Central")),
    (AgencyLevel.PROVINCE, N_("Provincial")),
    (AgencyLevel.REGIONAL, N_("Regional")),
    (AgencyLevel.DISTRICT, N_("District (closed)")),
    (AgencyLevel.COMMUNE, N_("Commune")),
    (AccusedStatus.CHARGED, N_("Charged")),
    (AccusedStatus.WANTED, N_("Wanted")),
    (AccusedStatus.SUSPENDED, N_("Suspended")),
    (AccusedStatus.TERMINATED, N_("Proceedings terminated")),
    (AccusedStatus.INDICTED, N_("Indicted")),
    (AccusedStatus.TRIED, N_("Tried")),
    (AccusedStatus.EXEMPTED, N_("Exempted from liability")),
    (TaskOrigin.CONCLUSION, N_("Conclusion of a session")),
    (TaskOrigin.DIRECTIVE, N_("Directive")),
    (TaskOrigin.PROGRAMME, N_("Programme")),
    (TaskOrigin.LETTER, N_("Letter")),
    (TaskOrigin.OTHER, N_("Other origin")),
    (TaskStatus.OPEN, N_("In progress")),
    (TaskStatus.LATE, N_("Late")),
    (TaskStatus.CLAIMED, N_("Reported done, awaiting verdict")),
    (TaskStatus.DONE, N_("Done")),
    (TaskStatus.CANCELLED, N_("Cancelled")),
    (CoordinationKind.INFORMATION, N_("Information")),
    (CoordinationKind.DOCUMENT, N_("Documents")),
    (CoordinationKind.OPINION, N_("Professional opinion")),
    (CoordinationKind.JOINT_ACTION, N_("Joint action")),
    (CoordinationKind.VALUATION, N_("Valuation")),
    (CoordinationKind.WITNESS, N_("Witness or specialist")),
    (CoordinationState.SENT, N_("Sent")),
    (CoordinationState.RECEIVED, N_("Received, awaiting reply")),
    (CoordinationState.OVERDUE, N_("Reply overdue")),
    (CoordinationState.ESCALATED, N_("Escalated")),
    (CoordinationState.REPLIED, N_("Replied")),
    (CoordinationState.CANCELLED, N_("Withdrawn")),
    (DifficultyKind.DIFFICULTY, N_("Difficulty")),
    (DifficultyKind.PROPOSAL, N_("Proposal")),
    (SupervisionStep.PLACE, N_("Place under supervision")),
    (SupervisionStep.END, N_("End supervision")),
    (SupervisionGround.SERIOUS_COMPLEX, N_("Serious, complex")),
    (SupervisionGround.PUBLIC_CONCERN, N_("Public concern")),
    (SupervisionGround.MANAGED_OFFICIALS, N_("Officials managed by the Provincial Party Standing Committee")),
    (SupervisionGround.PROLONGED, N_("Prolonged, or difficulties between agencies")),
    (SupervisionGround.CENTRAL_REQUEST, N_("Requested by the Central Steering Committee")),
    (SupervisionGround.LARGE_DAMAGE, N_("Large damage or waste")),
    (SupervisionGround.OTHER_TO_PLACE, N_("Another ground")),
    (SupervisionGround.JUDGMENT_ENFORCED, N_("Judgment in force and enforced in the main")),
    (SupervisionGround.LAWFULLY_TERMINATED, N_("Lawfully terminated")),
    (SupervisionGround.RECOMMENDATIONS_DONE, N_("Incident concluded, recommendations carried out")),
    (SupervisionGround.PASSED_TO_CENTRAL, N_("Passed to the Central Steering Committee")),
    (SupervisionGround.ORDINARY_MONITORING, N_("Moved to ordinary monitoring")),
    (SupervisionGround.OTHER_TO_END, N_("Another ground")),
    (SupervisionOutcome.ACCEPTED, N_("Accepted")),
    (SupervisionOutcome.REFUSED, N_("Refused")),
    (SupervisionOutcome.DEFERRED, N_("Deferred")),
    (SupervisionOutcome.WITHDRAWN, N_("Withdrawn")),
    (SearchKind.FILE, N_("Cases and incidents")),
    (SearchKind.TASK, N_("Tasks")),
    (SearchKind.SESSION, N_("Sessions")),
    (SearchKind.AGENCY, N_("Agencies")),
    (SearchKind.REQUEST, N_("Coordination requests")),
    (SessionKind.COMMITTEE, N_("Committee session")),
    (SessionKind.STANDING, N_("Standing meeting")),
    (SessionStatus.PLANNED, N_("Planned")),
    (SessionStatus.HELD, N_("Held")),
    (SessionStatus.CONCLUDED, N_("Conclusions sent")),
    (AgendaKind.REPORT, N_("Report")),
    (AgendaKind.FILE, N_("Case or incident")),
    (AgendaKind.TASK, N_("Unfinished task")),
    (AgendaKind.PROPOSAL, N_("Proposal")),
    (AgendaKind.OTHER, N_("Other matter")),
    (Presence.PRESENT, N_("Present")),
    (Presence.REPRESENTED, N_("Represented")),
    (Presence.ABSENT, N_("Absent")),
    (TaskStepKind.PROGRESS, N_("Progress reported")),
    (TaskStepKind.CLAIMED, N_("Reported done")),
    (TaskStepKind.ACCEPTED, N_("Accepted as done")),
    (TaskStepKind.RETURNED, N_("Returned, not done")),
    (TaskStepKind.CANCELLED, N_("Task cancelled")),
    (Role.MEMBER, N_("Committee member")),
    (Role.SECRETARIAT, N_("Secretariat")),
    (Role.LEAD, N_("Secretariat lead")),
    (Role.AGENCY, N_("Agency focal point")),
    (Role.AUDITOR, N_("Auditor")),
    (Role.ADMINISTRATOR, N_("Administrator")),
    (Role.SYSTEM, N_("System")),
    (ReportKind.ANNUAL, N_("Annual report")),
    (ReportKind.BRIEF, N_("Session brief")),
    (Secrecy.NONE, N_("Not a secret")),
    (Secrecy.CONFIDENTIAL, N_("Confidential")),
    (Secrecy.SECRET, N_("Secret")),
    (Secrecy.TOP_SECRET, N_("Top secret")),
    (RunState.RUNNING, N_("Running")),
    (RunState.DONE, N_("Succeeded")),
    (RunState.FAILED, N_("Failed")),
)
# Members of different lists may share a value ("committee"), and a StrEnum is equal to its value, so the list is part
# of the key.
LABELS: dict[tuple[type[StrEnum], str], str] = {(type(member), member.value): text for member, text in _LABELLED}


def label(member: StrEnum) -> str:
    """English name of a stored value, to be translated where it is shown."""
    return LABELS[type(member), member.value]
