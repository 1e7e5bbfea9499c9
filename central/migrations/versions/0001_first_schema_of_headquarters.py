"""First schema of headquarters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index("ix_alarm_terminal_code", ["terminal", "code"], unique=False)

    op.create_table(
        "audit_line",
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("terminal", "row", name=op.f("pk_audit_line")),
    )
    op.create_table(
        "card_case",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column(
            "ground",
            sa.Enum("renewal", "damage", "loss", name="ground", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "awaiting-payment",
                "accepted",
                "review",
                "signing",
                "production",
                "inspection",
                "stocked",
                "to-collect",
                "collected",
                "void",
                name="cardstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("site", sa.String(length=20), nullable=False),
        sa.Column("applied_at", sa.DateTime(), nullable=False),
        sa.Column("state_since", sa.DateTime(), nullable=False),
        sa.Column("ready_by", sa.Date(), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("authority", sa.String(length=60), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("slip", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("portrait", sa.String(length=64), nullable=False),
        sa.Column("portrait_review", sa.Boolean(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("collected_at", sa.DateTime(), nullable=True),
        sa.Column("certainty", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_card_case")),
        sa.UniqueConstraint("item", name=op.f("uq_card_case_item")),
    )
    with op.batch_alter_table("card_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_case_holder"), ["holder"], unique=False)

    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "decision",
        sa.Column("number", sa.String(length=15), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("fine_fen", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=False),
        sa.Column("paid_by_order", sa.String(length=40), nullable=False),
        sa.Column("rights_text_sha256", sa.String(length=64), nullable=False),
        sa.Column("rights_text_known", sa.Boolean(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_decision")),
        sa.UniqueConstraint("record", name=op.f("uq_decision_record")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_holder"), ["holder"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column(
            "kind", sa.Enum("new-card", "old-card", name="documentkind", native_enum=False, length=40), nullable=False
        ),
        sa.Column("case_number", sa.String(length=20), nullable=False),
        sa.Column(
            "place",
            sa.Enum(
                "production",
                "depot",
                "cabinet",
                "citizen",
                "custody",
                "in-doubt",
                name="place",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("compartment", sa.String(length=40), nullable=True),
        sa.Column("site", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("compartment", name=op.f("uq_document_compartment")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_case_number"), ["case_number"], unique=False)

    op.create_table(
        "effect_report",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("effect_key", sa.String(length=200), nullable=False),
        sa.Column("effect_kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_effect_report")),
    )
    with op.batch_alter_table("effect_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_effect_report_visit"), ["visit"], unique=False)

    op.create_table(
        "filing",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "card-collected",
                "old-card-taken-in",
                "violation-decided",
                "objection",
                "card-application",
                "help-call",
                "effect-report",
                name="filingkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_filing")),
    )
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_filing_visit"), ["visit"], unique=False)

    op.create_table(
        "grant_to_open",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column(
            "kind", sa.Enum("hand-over", "take-in", name="grantkind", native_enum=False, length=40), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "granted", "used", "not-used", "uncertain", "void", name="grantstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("board", sa.Integer(), nullable=False),
        sa.Column("compartment", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("granted_at", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=60), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_to_open")),
        sa.UniqueConstraint("key", name=op.f("uq_grant_to_open_key")),
    )
    with op.batch_alter_table("grant_to_open", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grant_to_open_item"), ["item"], unique=False)
        batch_op.create_index(batch_op.f("ix_grant_to_open_terminal"), ["terminal"], unique=False)
        batch_op.create_index(batch_op.f("ix_grant_to_open_visit"), ["visit"], unique=False)

    op.create_table(
        "help_call",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_help_call")),
    )
    op.create_table(
        "objection",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=18), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("filed_at", sa.DateTime(), nullable=False),
        sa.Column("answer_due", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_objection")),
        sa.UniqueConstraint("record", name=op.f("uq_objection_record")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_holder"), ["holder"], unique=False)

    op.create_table(
        "order_key",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=128), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_order_key")),
    )
    with op.batch_alter_table("order_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_key_visit"), ["visit"], unique=False)

    op.create_table(
        "payment_order",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("visit", sa.String(length=60), nullable=False),
        sa.Column("terminal", sa.String(length=20), nullable=False),
        sa.Column("bill", sa.String(length=120), nullable=False),
        sa.Column("payer", sa.String(length=18), nullable=False),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "captured", "closed", "expired", "refunded", name="orderstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("captured_at", sa.DateTime(), nullable=True),
        sa.Column("refunded_at", sa.DateTime(), nullable=True),
        sa.Column("refund_wanted", sa.Boolean(), nullable=False),
        sa.Column("captured_bill", sa.String(length=200), nullable=True),
        sa.Column("used_by", sa.String(length=40), nullable=False),
        sa.Column("receipt", sa.String(length=40), nullable=False),
        sa.Column("slip", sa.String(length=40), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_payment_order")),
        sa.UniqueConstraint("captured_bill", name=op.f("uq_payment_order_captured_bill")),
        sa.UniqueConstraint("token", name=op.f("uq_payment_order_token")),
    )
    with op.batch_alter_table("payment_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_order_bill"), ["bill"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_order_slip"), ["slip"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_order_visit"), ["visit"], unique=False)

    op.create_table(
        "sandbox_fault",
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("fault", sa.String(length=20), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("agency", name=op.f("pk_sandbox_fault")),
    )
    op.create_table(
        "sandbox_finger",
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("template", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", "position", name=op.f("pk_sandbox_finger")),
    )
    op.create_table(
        "sandbox_licence",
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("file_number", sa.String(length=20), nullable=False),
        sa.Column("classes", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("issuing_office", sa.String(length=80), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("cycle_ends", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_licence")),
    )
    op.create_table(
        "sandbox_notice",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("phone_masked", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_notice")),
    )
    op.create_table(
        "sandbox_payment",
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("captured_at", sa.DateTime(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_number", name=op.f("pk_sandbox_payment")),
    )
    with op.batch_alter_table("sandbox_payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_payment_captured_at"), ["captured_at"], unique=False)

    op.create_table(
        "sandbox_person",
        sa.Column("number", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("face", sa.String(length=10), nullable=False),
        sa.Column("fingers", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("residence", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("card_authority", sa.String(length=60), nullable=False),
        sa.Column("card_valid_to", sa.Date(), nullable=True),
        sa.Column("card_reported_lost", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sandbox_person")),
    )
    op.create_table(
        "sandbox_production",
        sa.Column("case_number", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("leaves_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("case_number", name=op.f("pk_sandbox_production")),
    )
    with op.batch_alter_table("sandbox_production", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_production_leaves_at"), ["leaves_at"], unique=False)

    op.create_table(
        "sandbox_record",
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("plate_kind", sa.String(length=2), nullable=False),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("fine_fen", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_sandbox_record")),
    )
    with op.batch_alter_table("sandbox_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sandbox_record_plate"), ["plate"], unique=False)

    op.create_table(
        "sandbox_refund",
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("order_number", name=op.f("pk_sandbox_refund")),
    )
    op.create_table(
        "sandbox_vehicle",
        sa.Column("plate_kind", sa.String(length=2), nullable=False),
        sa.Column("plate", sa.String(length=12), nullable=False),
        sa.Column("person", sa.String(length=18), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("plate_kind", "plate", "person", name=op.f("pk_sandbox_vehicle")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "terminal",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("site", sa.String(length=20), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("heartbeat", sa.Text(), nullable=False),
        sa.Column("audit_rows", sa.Integer(), nullable=False),
        sa.Column("audit_head", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terminal")),
    )


def downgrade() -> None:
    op.drop_table("terminal")
    op.drop_table("setting")
    op.drop_table("sandbox_vehicle")
    op.drop_table("sandbox_refund")
    with op.batch_alter_table("sandbox_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sandbox_record_plate"))

    op.drop_table("sandbox_record")
    with op.batch_alter_table("sandbox_production", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sandbox_production_leaves_at"))

    op.drop_table("sandbox_production")
    op.drop_table("sandbox_person")
    with op.batch_alter_table("sandbox_payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sandbox_payment_captured_at"))

    op.drop_table("sandbox_payment")
    op.drop_table("sandbox_notice")
    op.drop_table("sandbox_licence")
    op.drop_table("sandbox_finger")
    op.drop_table("sandbox_fault")
    with op.batch_alter_table("payment_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_order_visit"))
        batch_op.drop_index(batch_op.f("ix_payment_order_slip"))
        batch_op.drop_index(batch_op.f("ix_payment_order_bill"))

    op.drop_table("payment_order")
    with op.batch_alter_table("order_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_key_visit"))

    op.drop_table("order_key")
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_holder"))

    op.drop_table("objection")
    op.drop_table("help_call")
    with op.batch_alter_table("grant_to_open", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grant_to_open_visit"))
        batch_op.drop_index(batch_op.f("ix_grant_to_open_terminal"))
        batch_op.drop_index(batch_op.f("ix_grant_to_open_item"))

    op.drop_table("grant_to_open")
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_filing_visit"))

    op.drop_table("filing")
    with op.batch_alter_table("effect_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_effect_report_visit"))

    op.drop_table("effect_report")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_case_number"))

    op.drop_table("document")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_holder"))

    op.drop_table("decision")
    op.drop_table("counter")
    with op.batch_alter_table("card_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_card_case_holder"))

    op.drop_table("card_case")
    op.drop_table("audit_line")
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.drop_index("ix_alarm_terminal_code")

    op.drop_table("alarm")
