"""Plan officials: who is responsible, by name; unknown ones are added only by those who may manage people."""

from sqlmodel import Session

from models.changes._agency_names import AgencyNames
from models.changes._import_plan import FileRef, Plan
from models.changes.drafts import Drafts, Place
from models.queries.workbook import agencies, people
from models.rules.words import words


def plan_officials(session: Session, plan: Plan, drafts: Drafts, *, may_add: bool) -> None:
    """Which names are officials, and which of the sheet are to be added."""
    plan.officials = {person.display_name.casefold(): person.id for person in people(session) if person.id}
    if not drafts.officials:
        return
    names = AgencyNames(agencies(session), on=plan.imported_on)
    for draft in drafts.officials:
        key = draft.name.casefold()
        if key in plan.officials:
            continue
        if not may_add:
            reason = words("Only an administrator adds officials; the row was not read.")
            plan.warnings.append(draft.place.finding("name", draft.name, reason))
            continue
        agency = names.coded(draft.agency_code)
        plan.people.append({"display_name": draft.name, "function": draft.function, "agency_id": agency})
        plan.officials[key] = key


def responsible(plan: Plan, place: Place, name: str) -> FileRef | None:
    """Who is meant by `name`; None, with a warning, if nobody."""
    found = plan.officials.get(name.casefold())
    if found is None:
        reason = words("No official of this name is in the list of people; the field was not read.")
        plan.warnings.append(place.finding("responsible", name, reason))
    return found
