"""The reference data that the program brings: law, calendar, agencies, names of events; from `seed/reference/`."""

from datetime import datetime

from models.changes.reference import is_loaded, write_reference
from models.db import (
    Engine,
    Schema,
    Session,
    make_engine,
    migrate,
    read_session,
    require_current,
    schema_of,
    transaction,
)
from models.rules.access import SYSTEM
from seed.reference_files import (
    BadReference,
    EventName,
    agency_rows,
    event_names,
    limit_rows,
    offence_rows,
    special_day_rows,
)

__all__ = ["BadReference", "EventName", "ensure_ready", "event_names", "load_reference", "prepare"]


def load_reference(session: Session, *, now: datetime) -> dict[str, int]:
    """Bring the tables to the reference files; how many rows were written per list. Twice changes nothing.

    Raises BadReference.
    """
    return write_reference(
        session,
        SYSTEM,
        limits=limit_rows(),
        offences=offence_rows(),
        special_days=special_day_rows(),
        agencies=agency_rows(),
        now=now,
    )


def prepare(url: str, *, now: datetime) -> None:
    """Bring the database at `url` to this version, reference data included."""
    migrate(url, now=now)
    made = make_engine(url)
    try:
        with transaction(made) as session:
            load_reference(session, now=now)
    finally:
        made.dispose()


def ensure_ready(engine: Engine, *, now: datetime) -> None:
    """Make an empty database ready; leave one of this version as it is.

    Raises SchemaBehind, SchemaAhead or DatabaseDown.
    """
    if schema_of(engine) is Schema.EMPTY:
        return prepare(engine.url.render_as_string(hide_password=False), now=now)
    require_current(engine)
    with read_session(engine) as session:
        loaded = is_loaded(session)
    if not loaded:
        with transaction(engine) as session:
            load_reference(session, now=now)
