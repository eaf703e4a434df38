"""one search table; proposals to place files under supervision and to end it

Revision ID: 0007
Revises: 0006

The search table stands empty here: `liem migrate` fills it afterwards, for folding is not for the database to do.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = ("file", "task", "session", "agency", "request")

# SQLite keeps the words in a full-text table beside: words are divided at spaces only, their places do not matter.
# Who writes entries writes it too (models.changes.search): by triggers it would be four times as dear.
FULL_TEXT = (
    "CREATE VIRTUAL TABLE search_fts USING fts5("
    "words, content='search_entry', content_rowid='id', tokenize='ascii', detail=none, columnsize=0, prefix='1 2 3 4 5 6')",
    "CREATE TRIGGER search_entry_kept BEFORE UPDATE ON search_entry BEGIN"
    " SELECT RAISE(ABORT, 'entries of the search are written anew, not changed'); END",
)


STEPS = ("place", "end")
GROUNDS = (
    "serious_complex", "public_concern", "managed_officials", "prolonged", "central_request", "large_damage",
    "other_to_place", "judgment_enforced", "lawfully_terminated", "recommendations_done", "passed_to_central",
    "ordinary_monitoring", "other_to_end",
)  # fmt: skip
OUTCOMES = ("accepted", "refused", "deferred", "withdrawn")
WAITING = sa.text("retracted_at IS NULL AND (outcome IS NULL OR outcome = 'deferred')")


def upgrade() -> None:
    make_search_entry()
    make_supervision_proposal()


def downgrade() -> None:
    op.drop_table("supervision_proposal")
    if on_sqlite():
        op.execute("DROP TABLE search_fts")
    op.drop_table("search_entry")


def on_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def make_search_entry() -> None:
    kind = one_of(*KINDS, name="search_kind")
    op.create_table(
        "search_entry",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("owner", text(40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("code", text(80), nullable=False),
        sa.Column("code_key", text(80), nullable=False),
        sa.Column("title", text(500), nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_search_entry_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
    )
    op.create_index("ix_search_entry_kind_owner", "search_entry", ["kind", "owner"])
    op.create_index(op.f("ix_search_entry_code_key"), "search_entry", ["code_key"])
    if on_sqlite():
        for statement in FULL_TEXT:
            op.execute(statement)
    else:
        op.create_index("ix_search_entry_words", "search_entry", ["words"], postgresql_using="gin")


def make_supervision_proposal() -> None:
    when = sqlmodel.sql.sqltypes.UTCDateTime
    links = {
        "case_id": "case_file", "session_id": "committee_session", "event_id": "case_event",
        "replaces_id": "supervision_proposal", "recorded_by": "account", "retracted_by": "account",
    }  # fmt: skip
    op.create_table(
        "supervision_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step", one_of(*STEPS, name="supervision_step"), nullable=False),
        sa.Column("ground", one_of(*GROUNDS, name="supervision_ground"), nullable=False),
        sa.Column("reason", text(2000), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", text(200), nullable=False),
        sa.Column("document", text(200), nullable=False),
        sa.Column("report", text(200), nullable=False),
        sa.Column("outcome", one_of(*OUTCOMES, name="supervision_outcome"), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("decision", text(200), nullable=False),
        sa.Column("note", text(2000), nullable=False),
        sa.Column("open_points", sa.JSON(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", when(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("retracted_at", when(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.Column("retract_reason", text(500), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_supervision_proposal_{column}_{to}"))
            for column, to in links.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_proposal")),
    )
    for column in ("case_id", "session_id"):
        op.create_index(op.f(f"ix_supervision_proposal_{column}"), "supervision_proposal", [column])
    op.create_index(
        "uq_supervision_proposal_waiting", "supervision_proposal", ["case_id", "step"],
        unique=True, sqlite_where=WAITING, postgresql_where=WAITING,
    )  # fmt: skip
