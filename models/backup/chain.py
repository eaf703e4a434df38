"""Do the audit chain and the records of a database that was put back hold, whatever version it is of?"""

from sqlalchemy import Engine, inspect

from models.db import migrate, read_session
from models.queries.audit import Found, verify
from models.rules.access import SYSTEM

# putting back ends the sign-ins, past the application: what they held cannot be compared afterwards
BUT = ("sign_in",)


def bring_up(engine: Engine) -> Found:
    """Bring a database that was put back to this version; what a look at its chain and its records finds.

    Records are looked at before the migration, as they were sealed, for the migration seals them anew. A database from
    before records were sealed (0030) has its chain looked at afterwards, when its rows have their present columns.
    """
    before = look(engine, as_sealed=True) if inspect(engine).has_table("audit_seal") else None
    migrate(engine.url.render_as_string(hide_password=False))
    return before if before and not before.ok else look(engine)


def look(engine: Engine, *, as_sealed: bool = False) -> Found:
    """What a look at the chain and all records but the sign-ins finds."""
    with read_session(engine) as session:
        return verify(session, SYSTEM, but=BUT, as_sealed=as_sealed)
