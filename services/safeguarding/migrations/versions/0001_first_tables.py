"""first tables"""

# ruff: noqa: E501 - drafted: a check lists every code

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.runtime import tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    tables.install(op)
    alert()
    claiming()
    concern()
    delivered()
    figure()
    miss()
    notice()
    restriction()
    spending()
    stand_in()
    supplier()
    told()
    waiting()
    watch()
    welfare_check()
    tables.protect(
        op,
        "safeguarding",
        (
            "alert",
            "claiming",
            "concern",
            "delivered",
            "figure",
            "miss",
            "notice",
            "restriction",
            "spending",
            "stand_in",
            "supplier",
            "told",
            "waiting",
            "watch",
            "welfare_check",
        ),
        first=True,
    )


def alert() -> None:
    op.create_table(
        "alert",
        sa.Column("alert_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("alert_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("evidence", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("as_of", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
        sa.Column("acknowledged_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("closed_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("history", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"alert_kind\" in ('safeguarding', 'equality', 'compliance', 'operational')", name="ck_alert_alert_kind"
        ),
        sa.CheckConstraint("\"owner\" in ('team', 'commissioner')", name="ck_alert_owner"),
        sa.CheckConstraint("\"state\" in ('open', 'acknowledged', 'closed')", name="ck_alert_state"),
        sa.PrimaryKeyConstraint("alert_id", "council_id"),
    )
    op.create_index("ix_alert_person_id", "alert", ["person_id", "council_id"], unique=False)
    op.create_index("ix_alert_state", "alert", ["state", "council_id"], unique=False)
    op.create_index("ix_alert_supplier_id", "alert", ["supplier_id", "council_id"], unique=False)


def claiming() -> None:
    op.create_table(
        "claiming",
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("started_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("claimed_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("over", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "council_id"),
    )


def concern() -> None:
    op.create_table(
        "concern",
        sa.Column("concern_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("raised_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("raised_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("category", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("location", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("source_of_risk", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("what", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("alert_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("needs", sa.Boolean(), autoincrement=False, nullable=True),
        sa.Column("abuse", sa.Boolean(), autoincrement=False, nullable=True),
        sa.Column("unable_to_protect", sa.Boolean(), autoincrement=False, nullable=True),
        sa.Column("duty", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("reasons", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("decided_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("also", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("ended", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("concluded_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("concluded_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("closed_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("history", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"category\" in ('physical', 'domestic', 'sexual', 'psychological', 'financial_or_material', 'modern_slavery', 'discriminatory', 'organisational', 'neglect_and_acts_of_omission', 'self_neglect', 'sexual_exploitation')",
            name="ck_concern_category",
        ),
        sa.CheckConstraint("\"duty\" in ('statutory_enquiry', 'other_enquiry', 'no_enquiry')", name="ck_concern_duty"),
        sa.CheckConstraint(
            "\"location\" in ('own_home', 'in_the_community', 'community_service', 'care_home_nursing', 'care_home_residential', 'hospital_acute', 'hospital_mental_health', 'hospital_community', 'other')",
            name="ck_concern_location",
        ),
        sa.CheckConstraint(
            "\"source_of_risk\" in ('service_provider', 'other_known_to_individual', 'other_unknown_or_stranger')",
            name="ck_concern_source_of_risk",
        ),
        sa.CheckConstraint("\"state\" in ('raised', 'decided', 'concluded', 'closed')", name="ck_concern_state"),
        sa.PrimaryKeyConstraint("concern_id", "council_id"),
    )
    op.create_index("ix_concern_person_id", "concern", ["person_id", "council_id"], unique=False)
    op.create_index("ix_concern_supplier_id", "concern", ["supplier_id", "council_id"], unique=False)


def delivered() -> None:
    op.create_table(
        "delivered",
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("days", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "week", "council_id"),
    )


def figure() -> None:
    op.create_table(
        "figure",
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("quarter", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("indicated_pence", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("finals", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("budget_id", "council_id"),
    )
    op.create_index("ix_figure_quarter", "figure", ["quarter", "council_id"], unique=False)


def miss() -> None:
    op.create_table(
        "miss",
        sa.Column("visit_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("planned_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("time_critical", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("said_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("visit_id", "council_id"),
    )
    op.create_index("ix_miss_person_id_week", "miss", ["person_id", "week", "council_id"], unique=False)
    op.create_index("ix_miss_supplier_id_week", "miss", ["supplier_id", "week", "council_id"], unique=False)


def notice() -> None:
    op.create_table(
        "notice",
        sa.Column("restriction_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("location_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supports", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("since", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("lifted_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"level\" in ('advice', 'no_new_placements', 'suspension')", name="ck_notice_level"),
        sa.PrimaryKeyConstraint("restriction_id", "council_id"),
    )
    op.create_index("ix_notice_location_id", "notice", ["location_id", "council_id"], unique=False)


def restriction() -> None:
    op.create_table(
        "restriction",
        sa.Column("restriction_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("concern_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supports", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("reasons", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("review_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("proposed_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("decided_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("history", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"because\" in ('visits_missed', 'quality_of_care', 'staffing', 'checks_or_training', 'records', 'regulatory_action', 'business_failure')",
            name="ck_restriction_because",
        ),
        sa.CheckConstraint("\"level\" in ('advice', 'no_new_placements', 'suspension')", name="ck_restriction_level"),
        sa.CheckConstraint(
            "\"state\" in ('proposed', 'placed', 'kept', 'lifted', 'declined')", name="ck_restriction_state"
        ),
        sa.PrimaryKeyConstraint("restriction_id", "council_id"),
    )
    op.create_index("ix_restriction_supplier_id", "restriction", ["supplier_id", "council_id"], unique=False)


def spending() -> None:
    op.create_table(
        "spending",
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("paid", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("accounted", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "council_id"),
    )


def stand_in() -> None:
    op.create_table(
        "stand_in",
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("covers_order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "council_id"),
    )
    op.create_index("ix_stand_in_covers_order_id", "stand_in", ["covers_order_id", "council_id"], unique=False)


def supplier() -> None:
    op.create_table(
        "supplier",
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("location_id", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"supplier_kind\" in ('in_house', 'provider', 'pa')", name="ck_supplier_supplier_kind"),
        sa.PrimaryKeyConstraint("supplier_id", "council_id"),
    )
    op.create_index("ix_supplier_location_id", "supplier", ["location_id", "council_id"], unique=False)


def told() -> None:
    op.create_table(
        "told",
        sa.Column("told_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supports", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("placed_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("since", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("lifted_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"level\" in ('advice', 'no_new_placements', 'suspension')", name="ck_told_level"),
        sa.PrimaryKeyConstraint("told_id", "council_id"),
    )
    op.create_index("ix_told_supplier_id", "told", ["supplier_id", "council_id"], unique=False)


def waiting() -> None:
    op.create_table(
        "waiting",
        sa.Column("matter", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("about", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("since", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("answer_by", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("over", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"matter\" in ('shortage', 'challenge', 'early_support')", name="ck_waiting_matter"),
        sa.PrimaryKeyConstraint("matter", "about", "council_id"),
    )


def watch() -> None:
    op.create_table(
        "watch",
        sa.Column("plan_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("agreed_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("starts_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("started_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("quarter", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("route", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("suppliers", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"route\" in ('council_managed', 'isf', 'direct_payment')", name="ck_watch_route"),
        sa.PrimaryKeyConstraint("plan_id", "line_id", "council_id"),
    )
    op.create_index("ix_watch_quarter", "watch", ["quarter", "council_id"], unique=False)


def welfare_check() -> None:
    op.create_table(
        "welfare_check",
        sa.Column("check_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("by", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("check_id", "council_id"),
    )
    op.create_index("ix_welfare_check_person_id", "welfare_check", ["person_id", "council_id"], unique=False)
