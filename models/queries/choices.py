"""What a form offers to choose from: agencies that exist, officials who follow files, files by a part of their name."""

from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, or_, select

from models.enums import SearchKind
from models.queries.facts import case_facts
from models.queries.search import Hit, search
from models.rules.access import Action, Viewer, may
from models.rules.facts import CaseFacts
from models.rules.folding import fold
from models.rules.stages import course_of
from models.tables import Agency, Person

LOOKED_AT = 40  # files found, of which those come first whose title says it


class Choice(NamedTuple):
    """One row to choose, by its id; `name_en` is the same as `name` where there is no other."""

    id: int
    name: str
    name_en: str


class FileChoice(NamedTuple):
    """One file to choose, by its code."""

    code: str
    title: str
    title_en: str


def files_like(session: Session, viewer: Viewer, said: str, *, limit: int = 6) -> list[FileChoice]:
    """Files that a part of a code, a title or anything else that is known of them means.

    The exact code stands first, then those whose title says it, then the others; the newest first among equals.
    """
    found = search(session, viewer, said, kind=SearchKind.FILE, limit=LOOKED_AT)
    hits = [hit for hit in found.exact if hit.kind is SearchKind.FILE]
    hits += sorted((hit for group in found.groups for hit in group.hits), key=lambda hit: not _titled(hit, said))
    return [
        FileChoice(hit.code, "".join(part.text for part in hit.title), "".join(part.text for part in hit.title_en))
        for hit in hits[:limit]
    ]


def _titled(hit: Hit, said: str) -> bool:
    """Whether code and title alone say everything asked for."""
    told = fold(" ".join(part.text for part in (*hit.title, *hit.title_en)) + " " + hit.code)
    return all(word in told for word in fold(said).split())


def goes_on(session: Session, viewer: Viewer, codes: tuple[str, str], *, today: date) -> str:
    """Which of two files mostly goes on: the one under supervision, else the older; "" unless both are there."""
    found = list(case_facts(session, viewer, as_of=today, codes=codes))
    return (
        min(found, key=lambda facts: (not _is_supervised(facts, today), facts.first_on, facts.code)).code
        if found
        else ""
    )


def _is_supervised(facts: CaseFacts, today: date) -> bool:
    course = course_of(facts, today)
    return bool(facts.supervised or course.placed) and course.released is None


def agencies(session: Session, viewer: Viewer, *, today: date) -> list[Choice]:
    """Agencies that exist on `today`, by name; none for who may not read files."""
    if not may(viewer, Action.READ_FILES):
        return []
    asked = (
        select(Agency.id, Agency.name_vi, Agency.name_en)
        .where(or_(col(Agency.valid_from).is_(None), col(Agency.valid_from) <= today))
        .where(or_(col(Agency.valid_to).is_(None), col(Agency.valid_to) >= today))
        .order_by(Agency.name_vi)
    )
    return [Choice(id or 0, vi, en or vi) for id, vi, en in session.exec(asked)]


def officials(session: Session, viewer: Viewer, *, today: date) -> list[Choice]:
    """Officials in function on `today`, by name and function; none for who may not read files."""
    if not may(viewer, Action.READ_FILES):
        return []
    asked = (
        select(Person.id, Person.display_name, Person.function)
        .where(or_(col(Person.valid_to).is_(None), col(Person.valid_to) >= today))
        .order_by(Person.display_name)
    )
    told = (
        (id or 0, f"{name} · {function}" if function not in ("", name) else name)
        for id, name, function in session.exec(asked)
    )
    return [Choice(id, said, said) for id, said in told]
