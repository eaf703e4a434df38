"""an earlier record of a session keeps its term, kind and number; a point of an agenda keeps its identity

Revision ID: 0032
Revises: 0031

What a session was called before a change is taken from the audit chain, which kept it; where its rows have been
archived, from what it is called now. Forms that somebody has begun about a point by its place go on by its name.
"""

import json

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KINDS = sa.Enum("committee", "standing", name="session_version_kind", native_enum=False, create_constraint=True,
                length=40)  # fmt: skip
CURRENT = sa.text("retracted_at IS NULL")
CALLED = ("term", "kind", "number")
# forms about a point, by the place it has or by its name, each with the subject it has after the step
PLACED = sa.text(
    "SELECT form_draft.id, 'session:' || session_id || '/' || point FROM form_draft JOIN agenda_item "
    "ON form_draft.subject = 'session:' || session_id || '/' || number WHERE agenda_item.retracted_at IS NULL "
    "AND form_draft.form IN ('session_point', 'session_off') AND form_draft.submitted_at IS NULL"
)
NAMED = sa.text(
    "SELECT form_draft.id, 'session:' || session_id || '/' || number FROM form_draft JOIN agenda_item "
    "ON form_draft.subject = 'session:' || session_id || '/' || point WHERE agenda_item.retracted_at IS NULL "
    "AND form_draft.form IN ('session_point', 'session_off') AND form_draft.submitted_at IS NULL"
)


def upgrade() -> None:
    with op.batch_alter_table("session_version") as version:
        version.add_column(sa.Column("term", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True))
        version.add_column(sa.Column("kind", KINDS, nullable=True))
        version.add_column(sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("agenda_item", sa.Column("point", sa.Integer(), nullable=True))
    name_versions(op.get_bind())
    op.execute("UPDATE agenda_item SET point = id")
    name_drafts(op.get_bind(), PLACED)
    with op.batch_alter_table("session_version") as version:
        for name in CALLED:
            version.alter_column(name, nullable=False)
    with op.batch_alter_table("agenda_item") as item:
        item.alter_column("point", nullable=False)
    op.create_index(
        "uq_agenda_item_point", "agenda_item", ["session_id", "point"], unique=True, sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )  # fmt: skip


def downgrade() -> None:
    name_drafts(op.get_bind(), NAMED)
    op.drop_index("uq_agenda_item_point", "agenda_item")
    with op.batch_alter_table("agenda_item") as item:
        item.drop_column("point")
    with op.batch_alter_table("session_version") as version:
        version.drop_constraint(op.f("ck_session_version_session_version_kind"), type_="check")
        for name in CALLED:
            version.drop_column(name)


def name_versions(connection: sa.Connection) -> None:
    """What every earlier record was called: backwards from what the session is called now, change by change."""
    held = connection.execute(sa.text("SELECT id, term, kind, number FROM committee_session")).all()
    told = sa.text(
        "SELECT version, (SELECT max(before) FROM audit_entry WHERE action = 'session_changed' AND subject = :subject "
        "AND at = retracted_at) FROM session_version WHERE session_id = :id AND version = :version"
    )
    versions = sa.text("SELECT version FROM session_version WHERE session_id = :id ORDER BY version DESC")
    write = sa.text(
        "UPDATE session_version SET term = :term, kind = :kind, number = :number "
        "WHERE session_id = :id AND version = :version"
    )
    for id, *called in held:
        name = dict(zip(CALLED, called, strict=True))
        for version in connection.execute(versions, {"id": id}).scalars().all():
            subject = "session:{term}/{kind}/{number}".format(**name)
            _, before = connection.execute(told, {"id": id, "version": version, "subject": subject}).one()
            kept = json.loads(before) if before else {}
            name = {field: kept.get(field, name[field]) for field in CALLED}
            connection.execute(write, {"id": id, "version": version, **name})


def name_drafts(connection: sa.Connection, found: sa.TextClause) -> None:
    """Every such form under its new subject; first out of the way of each other, for no two may be called the same."""
    write = sa.text("UPDATE form_draft SET subject = :subject WHERE id = :id")
    moved = connection.execute(found).all()
    for before in ("moved ", ""):
        for id, subject in moved:
            connection.execute(write, {"id": id, "subject": f"{before}{subject}"})
