"""Rules for people: what a rule limits, for which class, how long, with what proof."""

import re

from dashboard.components.rows_table import Cell
from models.enums import N_, Severity, Verified
from models.rules.clocks import NAMES
from models.rules.lengths import BadLength, parse_length
from models.rules.limits import LimitRow, law_words
from models.text import Translator

STAGES = {
    "crime_report_verification": N_("Verification of a crime report"),
    "crime_report_suspended": N_("Suspended verification of a crime report"),
    "crime_report_resumed": N_("Resumed verification of a crime report"),
    "case_opened": N_("Opening of a case"),
    "investigation": N_("Investigation"),
    "detention_for_investigation": N_("Detention for investigation"),
    "investigation_resumed": N_("Resumed investigation"),
    "additional_investigation_by_procuracy": N_("Additional investigation asked by the procuracy"),
    "additional_investigation_by_court": N_("Additional investigation asked by the court"),
    "re_investigation": N_("Investigation again from the start"),
    "expert_assessment": N_("Expert assessment"),
    "asset_valuation": N_("Valuation of assets"),
    "investigation_suspended": N_("Suspended investigation"),
    "investigation_terminated": N_("Terminated investigation"),
    "investigation_concluded": N_("End of the investigation"),
    "prosecution_decision": N_("Decision on prosecution"),
    "file_to_court": N_("File to the court"),
    "trial_preparation": N_("Trial preparation"),
    "first_instance_trial": N_("First-instance trial"),
    "returned_by_court": N_("File returned by the court"),
    "appeal_window": N_("Window for appeals"),
    "protest_window": N_("Window for protests"),
    "appeal": N_("Appellate proceedings"),
    "criminal_execution": N_("Execution of sentences"),
    "cassation": N_("Cassation"),
    "reopening": N_("Reopening"),
    "criminal_limitation": N_("Limitation of criminal liability"),
    "civil_enforcement": N_("Civil enforcement of judgments"),
    "inspection": N_("Inspection"),
    "work_suspension": N_("Suspension from work"),
    "annual_report": N_("Annual report"),
    "report_q1": N_("Report of the first quarter"),
    "report_q2": N_("Report of the second quarter"),
    "report_q3": N_("Report of the third quarter"),
    "report_q4": N_("Report of the fourth quarter"),
    "report_6m": N_("Report of six months"),
    "report_9m": N_("Report of nine months"),
    "report_year": N_("Report of the year"),
}
CLASSES = {
    "any": N_("every class"),
    "national_security": N_("offences against national security"),
    "mental_state": N_("mental state"),
    "cause_of_death_or_pollution": N_("cause of death, pollution"),
    "age_injury_substances": N_("age, injury, substances"),
    "other (finance, construction, land...)": N_("other matters (finance, construction, land)"),
    "other": N_("other"),
    "re-valuation": N_("valuation again"),
    "province": N_("inspectorate of a province"),
    "government": N_("Government Inspectorate"),
    "directed_by_committee": N_("directed by the committee"),
    "no_means": N_("no means to enforce"),
    "registered_assets": N_("registered assets"),
    "other_assets": N_("other assets"),
    "confiscated_money": N_("confiscated money"),
    "many_creditors": N_("many creditors"),
}
LEAD = "_REQ"  # the rule of a lead time is called by the code of the limit that it leads
MARKS = {Verified.PARTIAL: "bad", Verified.NO: "bad"}

# How the table of limits writes what is no plain length.
_FORMS = (
    (re.compile(r"to (.+) in all"), N_("to {length} in all")),
    (re.compile(r"\+(.+)"), N_("{length} more")),
    (re.compile(r"(.+) before expiry"), N_("{length} before expiry")),
    (re.compile(r"(.+) before detention expiry"), N_("{length} before detention ends")),
    (re.compile(r"(.+) before hearing"), N_("{length} before the hearing")),
    (re.compile(r"(\d+)th of the last month"), N_("day {length} of the last month")),
    (re.compile(r"as ([A-Z0-9_]+)"), N_("as rule {length}")),
)
_SAYINGS = {
    "half of the maximum": N_("half of the maximum"),
    "per decision": N_("as the decision says"),
    "per request": N_("as the request says"),
    "last working day of March": N_("last working day of March"),
}


def rule_name(t: Translator, limit: LimitRow) -> str:
    """What the rule limits."""
    if name := NAMES.get(limit.code):
        return t.words(name)
    return t(STAGES[limit.stage]) if limit.stage in STAGES else limit.stage


def is_counted(code: str) -> bool:
    """Whether a clock counts by the rule, or asks for an extension by its lead time."""
    return code in NAMES or code.removesuffix(LEAD) in NAMES


def class_name(t: Translator, severity: str) -> str:
    """For which class of offence, or which matter, the limit holds."""
    if severity in set(Severity):
        return t.label(Severity(severity))
    return t(CLASSES[severity]) if severity in CLASSES else severity


def step_name(t: Translator, number: int) -> str:
    """The base limit, or which extension."""
    return t("Extension {n}", n=number) if number else t("Limit")


def length_text(t: Translator, text: str) -> str:
    """A length of the table in words; what is no length as the table says it."""
    if not text:
        return "–"
    for form, said in _FORMS:
        if found := form.fullmatch(text):
            return t(said, length=length_text(t, found[1]))
    if text in _SAYINGS:
        return t(_SAYINGS[text])
    try:
        return t.words(parse_length(text).words())
    except BadLength:
        return text


def validity(t: Translator, limit: LimitRow) -> str:
    """From when to when a version is in force."""
    start, end = limit.valid_from, limit.valid_to
    if start and end:
        return t("{start} to {end}", start=start, end=end)
    if end:
        return t("until {end}", end=end)
    return t("from {start}", start=start) if start else t("not recorded")


def proof(t: Translator, verified: Verified) -> Cell:
    """The verified mark; what a lawyer has to confirm stands out."""
    return Cell(t.label(verified), mark=MARKS.get(verified, "soft"))


def law_name(t: Translator, limit: LimitRow) -> str:
    """The law a version stands on, in the reader's language where it is one of those we ship."""
    law = law_words(limit.law)
    return law if isinstance(law, str) else t.words(law)
