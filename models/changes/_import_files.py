"""Plan the rows of the list: which files are new, which are described differently."""

from typing import Any

from sqlmodel import Session

from models.changes._agency_names import AgencyNames
from models.changes._import_people import responsible
from models.changes._import_plan import TAKEN, CaseChange, FieldChange, Plan, Row
from models.changes.drafts import AccusedDraft, CaseDraft, Drafts
from models.enums import N_, AccusedStatus, Kind
from models.queries.workbook import (
    DETAIL_FIELDS,
    agencies,
    codes_taken,
    current_accused,
    current_details,
    offence_articles,
)
from models.rules.access import Viewer
from models.rules.words import Words, words
from models.tables import Accused, CaseDetail

FIELD_NAMES: dict[str, str] = {
    "kind": N_("Kind"), "title": N_("Title"), "title_en": N_("Title in English"), "is_corruption": N_("Corruption"),
    "is_waste": N_("Wastefulness"), "is_negativity": N_("Negative phenomena"), "locality": N_("Locality"),
    "sector": N_("Sector"), "level": N_("Level"), "offence_articles": N_("Offences"), "severity": N_("Severity"),
    "accused_count": N_("Number of accused"), "lead_agency": N_("Lead agency"),
    "lead_agency_id": N_("Lead agency in the list of agencies"), "supervised_by": N_("Supervised by"),
    "supervised_from": N_("Supervised from"), "responsible_id": N_("Responsible official"), "source": N_("Source"),
    "notes": N_("Notes"),
}  # fmt: skip

_BLANK: Row = {
    "kind": Kind.CASE, "title": "", "title_en": "", "is_corruption": False, "is_waste": False, "is_negativity": False,
    "locality": "", "sector": "", "level": "", "offence_articles": "", "severity": None, "accused_count": None,
    "lead_agency": "", "lead_agency_id": None, "supervised_by": "", "supervised_from": None, "responsible_id": None,
    "source": "", "notes": "",
}  # fmt: skip


def plan_files(session: Session, viewer: Viewer, plan: Plan, drafts: Drafts) -> None:
    """Every row of the list becomes new, changed or unchanged."""
    plan.refused_codes = drafts.refused_codes
    if not drafts.cases:
        return
    known_ids = [known.id for draft in drafts.cases if (known := plan.known.get(draft.code.upper()))]
    details = current_details(session, known_ids)
    names = AgencyNames(agencies(session), on=plan.imported_on)
    taken = codes_taken(session, viewer, {draft.code.upper() for draft in drafts.cases})
    for draft in drafts.cases:
        _resolve(draft, plan, names)
        if draft.code.upper() in taken:
            plan.errors.append(draft.place.finding("code", draft.code, TAKEN))
            plan.refused_codes.add(draft.code.upper())
            continue
        known = plan.known.get(draft.code.upper())
        before = details.get(known.id) if known else None
        if known is None or before is None:
            _plan_new(draft, plan)
        else:
            _plan_known(draft, plan, known.id, before)
    _plan_origins(plan, drafts)
    _warn_unknown_articles(session, plan, drafts)


def _resolve(draft: CaseDraft, plan: Plan, names: AgencyNames) -> None:
    """Put ids beside the names of agencies and officials."""
    given = draft.given
    if code := given.pop("lead_agency_code", ""):
        given["lead_agency_id"] = names.coded(code)
        if given["lead_agency_id"] is None:
            plan.errors.append(draft.place.finding("lead_agency_code", code, UNKNOWN_AGENCY))
    elif "lead_agency" in given:
        given["lead_agency_id"] = names.find(given["lead_agency"])
    if "responsible" in given and (found := responsible(plan, draft.place, given.pop("responsible"))):
        given["responsible_id"] = found


def _plan_new(draft: CaseDraft, plan: Plan) -> None:
    if not draft.given.get("title"):
        reason = words("This file is not known yet, so it needs a title.")
        plan.errors.append(draft.place.finding("title", "", reason))
        plan.refused_codes.add(draft.code.upper())
        return
    plan.add_new(draft.code)
    file = plan.file(draft.code)
    plan.touch(file)
    plan.details.append({"case_id": file, **_BLANK, **draft.given})
    plan.cases.new += 1
    plan.changes[draft.code.upper()] = CaseChange(draft.code, draft.given["title"], "new")


def _plan_known(draft: CaseDraft, plan: Plan, file: int, before: Row) -> None:
    different = {name: value for name, value in draft.given.items() if before[name] != value}
    change = plan.change_of(draft.code)
    change.title = str(draft.given.get("title") or before["title"])
    if not different:
        plan.cases.unchanged += 1
        change.state = "unchanged"
        return
    plan.retract(CaseDetail, before["id"])
    row = {"case_id": file, **{name: before[name] for name in DETAIL_FIELDS}, **different}
    plan.refuse_words(draft.place, "case_detail", row)
    plan.details.append(row)
    plan.cases.changed += 1
    plan.touch(file)
    change.state = "changed"
    change.fields = tuple(
        FieldChange(Words(FIELD_NAMES[name]), before[name], value)
        for name, value in different.items()
        if not name.endswith("_id")
    )


def _plan_origins(plan: Plan, drafts: Drafts) -> None:
    """Link files to the incidents they grew from."""
    for draft in drafts.cases:
        if not draft.origin or (file := plan.file(draft.code)) is None:
            continue
        origin = plan.file(draft.origin)
        if origin is None or origin == file:
            reason = words("No other file has this code, here or in the database.")
            plan.errors.append(draft.place.finding("origin", draft.origin, reason))
            continue
        known = plan.known.get(draft.code.upper())
        if known is None or known.origin_id != origin:
            plan.origins.append((file, origin))
            plan.touch(file)
            plan.touch(origin)  # an incident is judged otherwise once it became a case


def _warn_unknown_articles(session: Session, plan: Plan, drafts: Drafts) -> None:
    known = {article.lower() for article in offence_articles(session)}
    for place, article in drafts.articles:
        if article.lower() not in known:
            reason = words("The table of offences does not know Article {article}.", article=article)
            plan.warnings.append(place.finding("offence_articles", article, reason))


# --- accused -------------------------------------------------------------------------------------------------------

_NEW_ACCUSED: Row = {"official_level": "", "status": AccusedStatus.CHARGED, "article": "", "paragraph": ""}


def plan_accused(session: Session, plan: Plan, drafts: Drafts) -> None:
    """The accused by code, and which codes events may name."""
    files = {plan.file(draft.case_code) for draft in drafts.accused}
    files |= {plan.file(draft.code) for draft in drafts.events if draft.accused}
    rows = current_accused(session, [file for file in files if isinstance(file, int)])
    known: dict[Any, Row] = {(row.case_id, row.code.upper()): dict(row._mapping) for row in rows}
    plan.accused_known = set(known)
    for draft in drafts.accused:
        _plan_one_accused(draft, plan, known)


def _plan_one_accused(draft: AccusedDraft, plan: Plan, known: dict[Any, Row]) -> None:
    file = plan.file(draft.case_code)
    if file is None:
        if draft.case_code.upper() not in plan.refused_codes:
            plan.errors.append(draft.place.finding("case_code", draft.case_code, UNKNOWN_FILE))
        return
    plan.accused_known.add((file, draft.code.upper()))
    before = known.get((file, draft.code.upper()))
    if before is None and "status_on" not in draft.given:
        reason = words("This must not be blank.")
        plan.errors.append(draft.place.finding("status_on", "", reason))
        return
    old = before or _NEW_ACCUSED
    if before and all(old[name] == value for name, value in draft.given.items()):
        return
    if before:
        plan.retract(Accused, before["id"])
    kept = {name: value for name, value in old.items() if name not in ("id", "case_id", "code")}
    row = {"case_id": file, "code": before["code"] if before else draft.code, **kept, **draft.given}
    plan.refuse_words(draft.place, "accused", row)
    plan.accused.append(row)
    plan.touch(file)


UNKNOWN_AGENCY = words("No agency has this code or name. Write it as in the list of agencies.")
UNKNOWN_FILE = words("No file has this code, neither on the list of this workbook nor in the database.")
