"""What protects a file: the list of its readers, its level of secrecy."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.enums import Role, Secrecy
from models.queries._versions import names_of_accounts
from models.queries._visible import sees, sees_document
from models.rules.access import GRANTS, LEVELS, Action, Viewer, may
from models.tables import Account, Attachment, Case, FileSecrecy, Person, Restriction, RestrictionReader


class Reader(NamedTuple):
    """An account that may stand on a list."""

    id: int
    name: str


class ListOfReaders(NamedTuple):
    """Since when only these accounts (sign-in name → name) read a file, by whom and why."""

    since: datetime
    by: str
    reason: str
    readers: dict[str, str]


class LevelRow(NamedTuple):
    """The level of a file, by which paper of which day, and who keeps the file."""

    level: Secrecy
    document: str
    decided_on: date
    holder: str


class ProtectionRow(NamedTuple):
    """What protects a file; at least one of the two."""

    restricted: ListOfReaders | None
    secret: LevelRow | None


def protection_of(session: Session, viewer: Viewer, code: str) -> ProtectionRow | None:
    """What protects the file; None for one that is open to all, and for one that the viewer may not see."""
    case_id = session.exec(select(Case.id).where(Case.code == code, sees(viewer))).first()
    if case_id is None:
        return None
    found = ProtectionRow(_restricted(session, case_id), level_of(session, viewer, case_id))
    return found if found.restricted or found.secret else None


def secrets_registered(session: Session) -> bool:
    """Whether any file or document has a level; which, is not said."""
    files = select(FileSecrecy.id).where(col(FileSecrecy.retracted_at).is_(None))
    papers = select(Attachment.id).where(col(Attachment.retracted_at).is_(None), Attachment.secrecy != Secrecy.NONE)
    return any(session.exec(asked.limit(1)).first() is not None for asked in (files, papers))


def level_of(session: Session, viewer: Viewer, case_id: int) -> LevelRow | None:
    """The level of a file that the viewer sees; None without one."""
    asked = select(FileSecrecy).join(Case, col(Case.id) == FileSecrecy.case_id).where(
        FileSecrecy.case_id == case_id, sees(viewer), col(FileSecrecy.retracted_at).is_(None)
    )  # fmt: skip
    row = session.exec(asked).first()
    return LevelRow(row.level, row.document, row.decided_on, row.holder) if row else None


def levels_of_files(session: Session, viewer: Viewer) -> dict[int, Secrecy]:
    """The levels of the files that have one and that the viewer sees, by the file's id."""
    asked = select(FileSecrecy.case_id, FileSecrecy.level).join(Case, col(Case.id) == FileSecrecy.case_id)
    found = session.exec(asked.where(col(FileSecrecy.retracted_at).is_(None), sees(viewer)))
    return {case_id: Secrecy(level) for case_id, level in found}


def levels_by_code(session: Session, viewer: Viewer) -> dict[str, Secrecy]:
    """By code of a file that the viewer sees, the highest level of the file itself and of the documents in it that he
    is cleared for; files without any are left out.
    """
    files = select(Case.code, FileSecrecy.level).join(FileSecrecy, col(FileSecrecy.case_id) == Case.id)
    papers = select(Case.code, Attachment.secrecy).join(Attachment, col(Attachment.case_id) == Case.id)
    held = session.exec(files.where(col(FileSecrecy.retracted_at).is_(None), sees(viewer))).all()
    cleared = (Attachment.secrecy != Secrecy.NONE, sees(viewer), sees_document(viewer))
    held = [*held, *session.exec(papers.where(col(Attachment.retracted_at).is_(None), *cleared))]
    found: dict[str, Secrecy] = {}
    for code, level in held:
        found[code] = max(found.get(code, Secrecy.NONE), Secrecy(level), key=LEVELS.index)
    return found


def guarded(session: Session, viewer: Viewer) -> set[str]:
    """The codes of the files, of those that the viewer sees, that are for listed readers only or have a level."""
    lists = select(Restriction.case_id).where(col(Restriction.retracted_at).is_(None))
    levels = select(FileSecrecy.case_id).where(col(FileSecrecy.retracted_at).is_(None))
    asked = select(Case.code).where(or_(col(Case.id).in_(lists), col(Case.id).in_(levels)), sees(viewer))
    return set(session.exec(asked))


def possible_readers(session: Session, viewer: Viewer) -> dict[str, Reader]:
    """Open accounts that may read files, by sign-in name; none for who keeps no lists."""
    if not may(viewer, Action.RESTRICT):
        return {}
    roles = [role for role in Role if role is not Role.SYSTEM and Action.READ_FILES in GRANTS[role]]
    asked = (
        select(Account.id, Account.login, Person.display_name)
        .join(Person, col(Person.id) == Account.person_id)
        .where(col(Account.role).in_(roles), col(Account.disabled_at).is_(None))
        .order_by(Account.login)
    )
    return {login: Reader(id or 0, name) for id, login, name in session.exec(asked)}


def _restricted(session: Session, case_id: int) -> ListOfReaders | None:
    current = select(Restriction).where(Restriction.case_id == case_id, col(Restriction.retracted_at).is_(None))
    held = session.exec(current).first()
    if held is None:
        return None
    listed = (
        select(Account.login, Person.display_name)
        .join(RestrictionReader, col(RestrictionReader.account_id) == Account.id)
        .join(Person, col(Person.id) == Account.person_id)
        .where(RestrictionReader.restriction_id == held.id, col(RestrictionReader.retracted_at).is_(None))
        .order_by(Account.login)
    )
    by = names_of_accounts(session).get(held.recorded_by, "")
    return ListOfReaders(held.recorded_at, by, held.reason, dict(iter(session.exec(listed))))
