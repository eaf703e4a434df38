"""Who alone may read a file: a list of accounts, kept by the lead of the secretariat, and the note of each reading."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from models.changes._audit import record
from models.changes._fields import Fields
from models.changes._opened import Opened, open_file
from models.changes._versions import add, recorded
from models.clock import PROVINCE, local
from models.enums import Role
from models.errors import Forbidden
from models.queries.restrictions import possible_readers, protection_of
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import Account, AuditEntry, Restriction, RestrictionReader

READ = "read_restricted"


def restrict(
    session: Session,
    viewer: Viewer,
    code: str,
    readers: Collection[str],
    *,
    reason: str,
    revision: int | None,
    now: datetime,
) -> Restriction:
    """From now on only these accounts (by sign-in name) and the viewer's own read the file; or the list is another.

    Raises Forbidden, CaseNotFound, StaleCase, FieldErrors.
    """
    file = _opened(session, viewer, code, revision, now)
    fields = Fields(Restriction)
    why = fields.reason(reason)
    wanted = _accounts(file, fields, readers)
    held = _current(file)
    before = _on_list(file, held) if held else {}
    if held and set(before) == set(wanted):
        fields.wrong("readers", words("The list says this already."))
    fields.refuse()
    if held is None:
        held = add(session, Restriction(reason=why, **recorded(file)))
    _write(file, held, set(wanted), before)
    told = {"restriction": held.id, "reason": why, "readers": sorted(wanted.values())}
    file.note("restricted", before={"readers": sorted(_logins(session, before))} if before else None, after=told)
    return held


def lift(session: Session, viewer: Viewer, code: str, *, reason: str, revision: int | None, now: datetime) -> None:
    """Everybody who may read files may read this one again. Raises Forbidden, CaseNotFound, StaleCase, FieldErrors."""
    file = _opened(session, viewer, code, revision, now)
    fields = Fields(Restriction)
    why = fields.reason(reason)
    held = _current(file)
    if held is None:
        fields.wrong("", words("The file is not restricted."))
    fields.refuse()
    assert held is not None, "refused above"
    names = sorted(_logins(session, _on_list(file, held)))
    held.retracted_at, held.retracted_by, held.retract_reason = now, viewer.account_id, why
    session.add(held)
    session.flush()
    told = {"restriction": held.id, "readers": names}
    file.note("restriction_lifted", before=told, after={"reason": why})


def note_read(session: Session, viewer: Viewer, code: str, *, now: datetime) -> bool:
    """Note on the audit chain that the viewer has read a restricted or secret file: once a day; whether it was noted.

    Nothing for any other file, and for one that the viewer may not see.
    """
    if protection_of(session, viewer, code) is None:
        return False
    day = datetime.combine(local(now).date(), datetime.min.time(), PROVINCE)
    asked = select(AuditEntry.id).where(
        AuditEntry.subject == f"case:{code}",
        AuditEntry.action == READ,
        AuditEntry.actor == viewer.name,
        col(AuditEntry.account_id).is_not_distinct_from(viewer.account_id),
        col(AuditEntry.at).between(day, day + timedelta(days=1)),
    )
    if session.exec(asked).first() is not None:
        return False
    changed = session.info.get("changed", False)
    record(session, viewer, READ, f"case:{code}", now=now)
    session.info["changed"] = changed  # reading changes no fact
    return True


def _opened(session: Session, viewer: Viewer, code: str, revision: int | None, now: datetime) -> Opened:
    if not may(viewer, Action.RESTRICT):
        raise Forbidden(words("Only the lead of the secretariat says who may read a file."))
    return open_file(session, viewer, code, revision=revision, now=now)


def _current(file: Opened) -> Restriction | None:
    asked = select(Restriction).where(Restriction.case_id == file.id, col(Restriction.retracted_at).is_(None))
    return file.session.exec(asked).first()


def _accounts(file: Opened, fields: Fields, readers: Collection[str]) -> dict[int, str]:
    """Id → name of the accounts that will be on the list, the viewer's own always."""
    known = possible_readers(file.session, file.viewer)
    unknown = [name for name in readers if name not in known]
    if unknown:
        names = ", ".join(sorted(unknown))
        fields.wrong("readers", words("No open account of a reader is named {names}.", names=names))
    wanted = {known[name].id: name for name in {*readers, file.viewer.name} if name in known}
    if not wanted:
        fields.wrong("readers", words("Choose at least one reader."))
    leads = select(Account.id).where(col(Account.id).in_(wanted), Account.role == Role.LEAD)
    if wanted and file.session.exec(leads).first() is None:
        said = words("At least one lead must stay on the list: nobody else can lift the restriction.")
        fields.wrong("readers", said)
    return wanted


def _on_list(file: Opened, held: Restriction) -> dict[int, RestrictionReader]:
    asked = select(RestrictionReader).where(
        RestrictionReader.restriction_id == held.id, col(RestrictionReader.retracted_at).is_(None)
    )
    return {row.account_id: row for row in file.session.exec(asked)}


def _write(file: Opened, held: Restriction, wanted: set[int], before: dict[int, RestrictionReader]) -> None:
    for account_id, row in before.items():
        if account_id not in wanted:
            row.retracted_at, row.retracted_by = file.now, file.viewer.account_id
            file.session.add(row)
    file.session.flush()
    for account_id in sorted(wanted - set(before)):
        row = RestrictionReader(
            restriction_id=held.id or 0, account_id=account_id, recorded_at=file.now, recorded_by=file.viewer.account_id
        )
        add(file.session, row)


def _logins(session: Session, accounts: Collection[int]) -> list[str]:
    return list(session.exec(select(Account.login).where(col(Account.id).in_(list(accounts)))))
