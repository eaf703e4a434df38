"""first tables

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("name_vi", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_fr", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "committee",
                "internal_affairs",
                "police",
                "procuracy",
                "court",
                "enforcement",
                "inspectorate",
                "party_inspection",
                "audit",
                "valuation",
                "peoples_committee",
                "other",
                name="agency_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "central",
                "province",
                "regional",
                "district",
                "commune",
                name="agency_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("province", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("focal_point", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["agency.id"], name=op.f("fk_agency_parent_id_agency")),
        sa.ForeignKeyConstraint(["successor_id"], ["agency.id"], name=op.f("fk_agency_successor_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("code", name=op.f("uq_agency_code")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["origin_id"], ["case_file.id"], name=op.f("fk_case_file_origin_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("code", name=op.f("uq_case_file_code")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_file_origin_id"), ["origin_id"], unique=False)

    op.create_table(
        "committee_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("committee", "standing", name="session_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("notice", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_session")),
        sa.UniqueConstraint("term", "kind", "number", name=op.f("uq_committee_session_term_kind_number")),
    )
    op.create_table(
        "data_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_version")),
    )
    op.create_table(
        "job_run",
        sa.Column("job", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("slot", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "running", "done", "failed", name="job_run_state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("beat", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("did", sa.JSON(), nullable=False),
        sa.Column("failed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_job_run")),
    )
    op.create_table(
        "offence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("paragraph", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("name_vi", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("name_fr", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("offence_group", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("penalty_frame", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "less_serious",
                "serious",
                "very_serious",
                "especially_serious",
                name="offence_severity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column(
            "verified",
            sa.Enum(
                "yes", "partial", "no", name="offence_verified", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offence")),
    )
    with op.batch_alter_table("offence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offence_article"), ["article"], unique=False)

    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("slot", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("recipient", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("last_error", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("job", "slot", "recipient", name=op.f("uq_outbox_mail_job_slot_recipient")),
    )
    op.create_table(
        "scan_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("data_version", sa.Integer(), nullable=False),
        sa.Column("open_files", sa.Integer(), nullable=False),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_state")),
    )
    op.create_table(
        "special_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "holiday",
                "compensation",
                "swap_off",
                "swap_work",
                name="special_day_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name_vi", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_fr", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column(
            "verified",
            sa.Enum(
                "yes",
                "partial",
                "no",
                name="special_day_verified",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_special_day")),
    )
    op.create_table(
        "statutory_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("stage", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("severity", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("base_limit", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("extension_no", sa.Integer(), nullable=False),
        sa.Column("extension_length", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("max_total", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("article", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("law", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column(
            "verified",
            sa.Enum(
                "yes", "partial", "no", name="limit_verified", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("retracted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statutory_limit")),
    )
    with op.batch_alter_table("statutory_limit", schema=None) as batch_op:
        batch_op.create_index(
            "uq_statutory_limit_current",
            ["code", "severity", "extension_no", "valid_from"],
            unique=True,
            sqlite_where=sa.text("retracted_at IS NULL"),
            postgresql_where=sa.text("retracted_at IS NULL"),
        )

    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "S1",
                "S2",
                "S3",
                "S4",
                "S5",
                "S6",
                "S7",
                "S8",
                "S9",
                "S10",
                "S11",
                "S12",
                "S13",
                name="flag_rule",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("article", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_flag_case_id_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
    )
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.create_index("ix_flag_closed_on", ["closed_on"], unique=False)
        batch_op.create_index(
            "uq_flag_open",
            ["case_id", "rule", "subject"],
            unique=True,
            sqlite_where=sa.text("closed_on IS NULL"),
            postgresql_where=sa.text("closed_on IS NULL"),
        )

    op.create_table(
        "judgement",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("case", "incident", name="judgement_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column(
            "bucket",
            sa.Enum(
                "on_time",
                "due_soon",
                "overdue_1_30",
                "overdue_31_90",
                "overdue_91_365",
                "overdue_over_365",
                "paused",
                "no_limit",
                "cannot_tell",
                name="judgement_bucket",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "verification",
                "investigation",
                "prosecution",
                "trial_prep",
                "first_instance",
                "appeal",
                "judgment_final",
                "enforcement",
                "cassation",
                "inspection",
                "discipline",
                "follow_up",
                "unknown",
                name="judgement_stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stage_since", sa.Date(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "owner",
            sa.Enum(
                "committee",
                "internal_affairs",
                "police",
                "procuracy",
                "court",
                "enforcement",
                "inspectorate",
                "party_inspection",
                "audit",
                "valuation",
                "peoples_committee",
                "other",
                name="judgement_owner",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("article", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("days_late", sa.Integer(), nullable=True),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("last_event_on", sa.Date(), nullable=True),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_judgement_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_judgement")),
    )
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index("ix_judgement_bucket_owner", ["bucket", "owner"], unique=False)
        batch_op.create_index("ix_judgement_stage", ["stage", "stage_since"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("display_name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("function", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=5), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_person_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("recipient", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mail.id"], name=op.f("fk_reminder_mail_id_outbox_mail")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("obligation", "recipient", "day", name=op.f("uq_reminder_obligation_recipient_day")),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_mail_id"), ["mail_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("login", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "member",
                "secretariat",
                "administrator",
                "system",
                name="account_role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("clearance", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("last_sign_in_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("disabled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
    )
    op.create_table(
        "accused",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("official_level", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "charged",
                "wanted",
                "suspended",
                "terminated",
                "indicted",
                "tried",
                "exempted",
                name="accused_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_on", sa.Date(), nullable=False),
        sa.Column("article", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("paragraph", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("retracted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.Column("retract_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_accused_case_id_case_file")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_accused_recorded_by_account")),
        sa.ForeignKeyConstraint(["retracted_by"], ["account.id"], name=op.f("fk_accused_retracted_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accused")),
    )
    with op.batch_alter_table("accused", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accused_case_id"), ["case_id"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("previous_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_audit_entry_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("applied_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("applied_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["applied_by"], ["account.id"], name=op.f("fk_import_batch_applied_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_sha256"), ["sha256"], unique=False)

    op.create_table(
        "issued_report",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("annual", "brief", name="report_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=5), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("figures_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_issued_report_created_by_account")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["committee_session.id"], name=op.f("fk_issued_report_session_id_committee_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_report")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_token_sha256")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_account_id"), ["account_id"], unique=False)

    op.create_table(
        "case_detail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("case", "incident", name="case_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("title_en", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("is_corruption", sa.Boolean(), nullable=False),
        sa.Column("is_waste", sa.Boolean(), nullable=False),
        sa.Column("is_negativity", sa.Boolean(), nullable=False),
        sa.Column("locality", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("sector", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("level", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("offence_articles", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "less_serious",
                "serious",
                "very_serious",
                "especially_serious",
                name="case_severity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("accused_count", sa.Integer(), nullable=True),
        sa.Column("lead_agency", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("lead_agency_id", sa.Integer(), nullable=True),
        sa.Column("supervised_by", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("supervised_from", sa.Date(), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("notes", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("retracted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.Column("retract_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_case_detail_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_detail_case_id_case_file")),
        sa.ForeignKeyConstraint(["lead_agency_id"], ["agency.id"], name=op.f("fk_case_detail_lead_agency_id_agency")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_case_detail_recorded_by_account")),
        sa.ForeignKeyConstraint(["responsible_id"], ["person.id"], name=op.f("fk_case_detail_responsible_id_person")),
        sa.ForeignKeyConstraint(["retracted_by"], ["account.id"], name=op.f("fk_case_detail_retracted_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_detail")),
    )
    with op.batch_alter_table("case_detail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_detail_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_case_detail_case_id_recorded_at", ["case_id", "recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_detail_lead_agency_id"), ["lead_agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_detail_responsible_id"), ["responsible_id"], unique=False)
        batch_op.create_index(
            "uq_case_detail_current",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("retracted_at IS NULL"),
            postgresql_where=sa.text("retracted_at IS NULL"),
        )

    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "report_received",
                "verification_started",
                "report_suspended",
                "report_resumed",
                "not_initiated",
                "case_initiated",
                "accused_charged",
                "charge_changed",
                "detention_ordered",
                "detention_extended",
                "wanted",
                "investigation_extended",
                "investigation_suspended",
                "investigation_resumed",
                "investigation_concluded",
                "reinvestigation",
                "file_to_procuracy",
                "returned_vks",
                "returned_court",
                "returned_for_additional_investigation",
                "prosecution_extended",
                "prosecution_decision",
                "case_accepted",
                "trial_prep_extended",
                "trial_decision",
                "hearing_postponed",
                "first_instance_trial_opened",
                "first_instance_judgment",
                "appeal_filed",
                "protest_filed",
                "appeal_file_received",
                "appellate_trial_opened",
                "appellate_judgment",
                "judgment_final",
                "cassation_protest",
                "cassation_decision",
                "terminated",
                "merged",
                "split",
                "transferred",
                "expert_requested",
                "expert_result",
                "valuation_requested",
                "valuation_result",
                "mla_requested",
                "assets_seized",
                "assets_released",
                "money_returned",
                "enforcement_decision",
                "no_means",
                "enforcement_completed",
                "inspection_opened",
                "inspection_concluded",
                "audit_concluded",
                "file_transferred_to_police",
                "party_discipline",
                "admin_discipline",
                "conclusion_carried_out",
                "placed_under_supervision",
                "supervision_ended",
                "progress_note",
                name="event_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column(
            "precision",
            sa.Enum("day", "month", name="event_precision", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("detail", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=True),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("length", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("accused_id", sa.Integer(), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("retracted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.Column("retract_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["accused_id"], ["accused.id"], name=op.f("fk_case_event_accused_id_accused")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_case_event_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_event_case_id_case_file")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_case_event_recorded_by_account")),
        sa.ForeignKeyConstraint(["retracted_by"], ["account.id"], name=op.f("fk_case_event_retracted_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_event_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_case_event_case_id_happened_on", ["case_id", "happened_on"], unique=False)
        batch_op.create_index("ix_case_event_recorded_at", ["recorded_at"], unique=False)

    op.create_table(
        "money_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "quantity",
            sa.Enum(
                "damage",
                "appropriated",
                "must_recover",
                "eligible",
                "not_eligible",
                "secured",
                "frozen",
                "attached",
                "transactions_blocked",
                "recovered",
                "voluntary",
                "recovered_admin",
                "recovered_judicial",
                "to_budget",
                "to_victim",
                name="money_quantity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "reading", "movement", name="money_entry_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column(
            "precision",
            sa.Enum("day", "month", name="money_precision", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("asset_kind", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("units", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("retracted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.Column("retract_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_money_entry_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_money_entry_case_id_case_file")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_money_entry_recorded_by_account")),
        sa.ForeignKeyConstraint(["retracted_by"], ["account.id"], name=op.f("fk_money_entry_retracted_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_entry")),
    )
    with op.batch_alter_table("money_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_money_entry_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            "ix_money_entry_case_id_quantity_happened_on", ["case_id", "quantity", "happened_on"], unique=False
        )

    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("item_no", sa.Integer(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(
                "conclusion",
                "directive",
                "programme",
                "letter",
                "other",
                name="task_origin",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("content", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("lead_agency_id", sa.Integer(), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("assigned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("claimed_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("progress", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("evidence", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("retracted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.Column("retract_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_task_batch_id_import_batch")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_task_case_id_case_file")),
        sa.ForeignKeyConstraint(["lead_agency_id"], ["agency.id"], name=op.f("fk_task_lead_agency_id_agency")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_task_recorded_by_account")),
        sa.ForeignKeyConstraint(["responsible_id"], ["person.id"], name=op.f("fk_task_responsible_id_person")),
        sa.ForeignKeyConstraint(["retracted_by"], ["account.id"], name=op.f("fk_task_retracted_by_account")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["committee_session.id"], name=op.f("fk_task_session_id_committee_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_task_due_on", ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_lead_agency_id"), ["lead_agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_responsible_id"), ["responsible_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_session_id"), ["session_id"], unique=False)
        batch_op.create_index(
            "uq_task_current",
            ["code"],
            unique=True,
            sqlite_where=sa.text("retracted_at IS NULL"),
            postgresql_where=sa.text("retracted_at IS NULL"),
        )

    op.create_table(
        "task_agency",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_task_agency_agency_id_agency")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_agency_task_id_task")),
        sa.PrimaryKeyConstraint("task_id", "agency_id", name=op.f("pk_task_agency")),
    )
    op.create_table(
        "money_line",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "line",
            sa.Enum(
                "damage",
                "appropriated",
                "must_recover",
                "eligible",
                "not_eligible",
                "secured",
                "frozen",
                "attached",
                "transactions_blocked",
                "recovered",
                "voluntary",
                "recovered_admin",
                "recovered_judicial",
                "to_budget",
                "to_victim",
                name="money_line_line",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_money_line_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", "line", name=op.f("pk_money_line")),
    )


def downgrade() -> None:
    op.drop_table("money_line")
    op.drop_table("task_agency")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_task_current",
            sqlite_where=sa.text("retracted_at IS NULL"),
            postgresql_where=sa.text("retracted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_task_session_id"))
        batch_op.drop_index(batch_op.f("ix_task_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_task_lead_agency_id"))
        batch_op.drop_index("ix_task_due_on")
        batch_op.drop_index(batch_op.f("ix_task_case_id"))
        batch_op.drop_index(batch_op.f("ix_task_batch_id"))

    op.drop_table("task")
    with op.batch_alter_table("money_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_money_entry_case_id_quantity_happened_on")
        batch_op.drop_index(batch_op.f("ix_money_entry_batch_id"))

    op.drop_table("money_entry")
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_index("ix_case_event_recorded_at")
        batch_op.drop_index("ix_case_event_case_id_happened_on")
        batch_op.drop_index(batch_op.f("ix_case_event_batch_id"))

    op.drop_table("case_event")
    with op.batch_alter_table("case_detail", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_detail_current",
            sqlite_where=sa.text("retracted_at IS NULL"),
            postgresql_where=sa.text("retracted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_case_detail_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_case_detail_lead_agency_id"))
        batch_op.drop_index("ix_case_detail_case_id_recorded_at")
        batch_op.drop_index(batch_op.f("ix_case_detail_batch_id"))

    op.drop_table("case_detail")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_account_id"))

    op.drop_table("sign_in")
    op.drop_table("issued_report")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_sha256"))

    op.drop_table("import_batch")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("accused", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accused_case_id"))

    op.drop_table("accused")
    op.drop_table("account")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_mail_id"))

    op.drop_table("reminder")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_agency_id"))

    op.drop_table("person")
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.drop_index("ix_judgement_stage")
        batch_op.drop_index("ix_judgement_bucket_owner")

    op.drop_table("judgement")
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_flag_open", sqlite_where=sa.text("closed_on IS NULL"), postgresql_where=sa.text("closed_on IS NULL")
        )
        batch_op.drop_index("ix_flag_closed_on")

    op.drop_table("flag")
    with op.batch_alter_table("statutory_limit", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_statutory_limit_current",
            sqlite_where=sa.text("retracted_at IS NULL"),
            postgresql_where=sa.text("retracted_at IS NULL"),
        )

    op.drop_table("statutory_limit")
    op.drop_table("special_day")
    op.drop_table("scan_state")
    op.drop_table("outbox_mail")
    with op.batch_alter_table("offence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offence_article"))

    op.drop_table("offence")
    op.drop_table("job_run")
    op.drop_table("data_version")
    op.drop_table("committee_session")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_file_origin_id"))

    op.drop_table("case_file")
    op.drop_table("agency")
