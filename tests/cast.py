"""The fixed cast: every query and change is tried as each of them.

The viewers of this module have no account and fit where nothing is recorded in their name. `accounts(session)` gives
the same people with accounts in the database.
"""

from dataclasses import replace
from typing import NamedTuple, cast

from models.db import Session
from models.enums import Role, Secrecy
from models.rules.access import SYSTEM, Viewer
from tests import make

MEMBER = Viewer(name="uyvien", role=Role.MEMBER)
SECRETARIAT = Viewer(name="thuky", role=Role.SECRETARIAT, clearance=Secrecy.TOP_SECRET)
LEAD = Viewer(name="truongban", role=Role.LEAD, clearance=Secrecy.TOP_SECRET)
AGENCY = Viewer(name="daumoi", role=Role.AGENCY)  # of an agency that nothing concerns, unless a test gives it one
AUDITOR = Viewer(name="kiemtra", role=Role.AUDITOR)
ADMINISTRATOR = Viewer(name="quantri", role=Role.ADMINISTRATOR)
STRANGER = Viewer(name="nguoila", role=cast(Role, "stranger"))  # a role that no line of the table grants anything

EVERYBODY = (MEMBER, SECRETARIAT, LEAD, AGENCY, AUDITOR, ADMINISTRATOR, STRANGER, SYSTEM)
READERS = (MEMBER, SECRETARIAT, LEAD, AUDITOR, SYSTEM)  # may read the files of every agency
OUTSIDERS = (ADMINISTRATOR, STRANGER)  # may read no file at all


class Cast(NamedTuple):
    """The cast with accounts; the stranger and the system have none."""

    member: Viewer
    secretariat: Viewer
    lead: Viewer
    auditor: Viewer
    administrator: Viewer
    stranger: Viewer
    system: Viewer


def accounts(session: Session, *, password: str | None = None) -> Cast:
    """Members of the cast as accounts of this database, all with `password`, or unable to sign in."""
    member, secretariat, lead, auditor, administrator = (
        replace(
            viewer,
            account_id=make.account(
                session, login=viewer.name, role=viewer.role, clearance=viewer.clearance, password=password
            ).id,
        )
        for viewer in (MEMBER, SECRETARIAT, LEAD, AUDITOR, ADMINISTRATOR)
    )
    return Cast(member, secretariat, lead, auditor, administrator, STRANGER, SYSTEM)
