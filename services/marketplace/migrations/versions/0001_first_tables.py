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
    award()
    choice()
    claim()
    closure()
    competition()
    consent()
    cover()
    evidence()
    framework()
    group_purchase()
    injury()
    listing()
    member()
    offer()
    order()
    paid_family()
    pay()
    requirement()
    restriction()
    reviewed()
    served()
    supplier()
    unmatched_visit()
    visit()
    tables.protect(
        op,
        "marketplace",
        (
            "award",
            "choice",
            "claim",
            "closure",
            "competition",
            "consent",
            "cover",
            "evidence",
            "framework",
            "group_purchase",
            "injury",
            "listing",
            "member",
            "offer",
            "order",
            "paid_family",
            "pay",
            "requirement",
            "restriction",
            "reviewed",
            "served",
            "supplier",
            "unmatched_visit",
            "visit",
        ),
        first=True,
    )


def award() -> None:
    op.create_table(
        "award",
        sa.Column("requirement_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("framework_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("listing_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("offer_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("considered", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("requirement_id", "council_id"),
    )


def choice() -> None:
    op.create_table(
        "choice",
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("requirement_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("listing_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("chosen_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("score", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "council_id"),
    )
    op.create_index("ix_choice_requirement_id", "choice", ["requirement_id", "council_id"], unique=False)


def claim() -> None:
    op.create_table(
        "claim",
        sa.Column("claim_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("lines", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("claimed_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("delivered_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("differences", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("submitted_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("pence", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("settled_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("settled_because", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("paid_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("claim_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("employing", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"claim_kind\" in ('invoice', 'internal_recharge', 'isf_statement', 'payroll_return', 'statement')",
            name="ck_claim_claim_kind",
        ),
        sa.CheckConstraint("\"state\" in ('submitted', 'disputed', 'accepted', 'paid')", name="ck_claim_state"),
        sa.CheckConstraint("claimed_pence >= 0", name="ck_claim_1"),
        sa.CheckConstraint("delivered_pence >= 0", name="ck_claim_2"),
        sa.CheckConstraint("pence >= 0", name="ck_claim_3"),
        sa.PrimaryKeyConstraint("claim_id", "council_id"),
    )
    op.create_index("ix_claim_order_id", "claim", ["order_id", "council_id"], unique=False)
    op.create_index("ix_claim_person_id", "claim", ["person_id", "council_id"], unique=False)
    op.create_index("ix_claim_supplier_id", "claim", ["supplier_id", "council_id"], unique=False)


def closure() -> None:
    op.create_table(
        "closure",
        sa.Column("closure_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("closes_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("proposed_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("affected", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("impact", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("consulted", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("decided_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("decided_because", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("decided_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("without_review", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"stage\" in ('proposed', 'consulting', 'decided', 'closing', 'dropped')", name="ck_closure_stage"
        ),
        sa.PrimaryKeyConstraint("closure_id", "council_id"),
    )
    op.create_index("ix_closure_supplier_id", "closure", ["supplier_id", "council_id"], unique=False)


def competition() -> None:
    op.create_table(
        "competition",
        sa.Column("competition_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("requirement_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("deadline", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
        sa.Column("opened_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("decided_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("reason", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("offer_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("considered", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"state\" in ('open', 'closed', 'awarded', 'abandoned')", name="ck_competition_state"),
        sa.PrimaryKeyConstraint("competition_id", "council_id"),
    )
    op.create_index("ix_competition_requirement_id", "competition", ["requirement_id", "council_id"], unique=False)


def consent() -> None:
    op.create_table(
        "consent",
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("consent_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("withdrawn", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "client_id", "council_id"),
    )


def cover() -> None:
    op.create_table(
        "cover",
        sa.Column("cover_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("weekly_minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("is_lapse", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("asked_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("tried", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("listing_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("covered_by", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("hourly_pence", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("arranged_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=True),
        sa.Column("covering_order_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("is_cut", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint('"first" <= "last" + 1', name="ck_cover_1"),
        sa.CheckConstraint("\"state\" in ('asked', 'arranged', 'not_found', 'over')", name="ck_cover_state"),
        sa.CheckConstraint("\"step\" in ('pool', 'framework', 'spot')", name="ck_cover_step"),
        sa.CheckConstraint("hourly_pence >= 0", name="ck_cover_2"),
        sa.CheckConstraint("weekly_minutes >= 0", name="ck_cover_3"),
        sa.PrimaryKeyConstraint("cover_id", "council_id"),
    )
    op.create_index("ix_cover_order_id", "cover", ["order_id", "council_id"], unique=False)
    op.create_index("ix_cover_person_id", "cover", ["person_id", "council_id"], unique=False)


def evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("evidence_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("evidence_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("holds_from", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("holds_until", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("cover_pence", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("recorded_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"evidence_kind\" in ('employers_liability', 'criminal_record_check', 'right_to_work', 'contract', 'payroll', 'pension', 'training', 'cover_plan', 'status_check', 'registration')",
            name="ck_evidence_evidence_kind",
        ),
        sa.CheckConstraint("cover_pence >= 0", name="ck_evidence_1"),
        sa.PrimaryKeyConstraint("evidence_id", "council_id"),
    )
    op.create_index("ix_evidence_supplier_id", "evidence", ["supplier_id", "council_id"], unique=False)


def framework() -> None:
    op.create_table(
        "framework",
        sa.Column("framework_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("support", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("suppliers", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("ranking", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("obliged", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("set_up_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint('"first" <= "last"', name="ck_framework_1"),
        sa.CheckConstraint("\"ranking\" in ('in_order', 'by_score')", name="ck_framework_ranking"),
        sa.CheckConstraint("\"support\" in ('home_care', 'day_service')", name="ck_framework_support"),
        sa.PrimaryKeyConstraint("framework_id", "council_id"),
    )
    op.create_index("ix_framework_support", "framework", ["support", "council_id"], unique=False)


def group_purchase() -> None:
    op.create_table(
        "group_purchase",
        sa.Column("group_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("listing_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("support", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("hourly_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sharing", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("pattern", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("made_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"sharing\" in ('equally', 'by_minutes')", name="ck_group_purchase_sharing"),
        sa.CheckConstraint("\"state\" in ('asked', 'bought', 'refused', 'over')", name="ck_group_purchase_state"),
        sa.CheckConstraint("\"support\" in ('home_care', 'day_service')", name="ck_group_purchase_support"),
        sa.CheckConstraint("hourly_pence >= 0", name="ck_group_purchase_1"),
        sa.PrimaryKeyConstraint("group_id", "council_id"),
    )
    op.create_index("ix_group_purchase_supplier_id", "group_purchase", ["supplier_id", "council_id"], unique=False)


def injury() -> None:
    op.create_table(
        "injury",
        sa.Column("injury_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("happened_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("what_happened", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("covered", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("evidence_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("reported_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("injury_id", "council_id"),
    )
    op.create_index("ix_injury_supplier_id", "injury", ["supplier_id", "council_id"], unique=False)


def listing() -> None:
    op.create_table(
        "listing",
        sa.Column("listing_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("supplier_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("support", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("areas", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("hourly_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("room_minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("skills", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("terms", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("employer", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("for_person_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("close_family_in_household", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("age", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"employer\" in ('person', 'nominee', 'pool', 'none')", name="ck_listing_employer"),
        sa.CheckConstraint("\"state\" in ('live', 'withdrawn')", name="ck_listing_state"),
        sa.CheckConstraint("\"supplier_kind\" in ('in_house', 'provider', 'pa')", name="ck_listing_supplier_kind"),
        sa.CheckConstraint("\"support\" in ('home_care', 'day_service')", name="ck_listing_support"),
        sa.CheckConstraint("hourly_pence >= 0", name="ck_listing_1"),
        sa.CheckConstraint("room_minutes >= 0", name="ck_listing_2"),
        sa.PrimaryKeyConstraint("listing_id", "council_id"),
    )
    op.create_index("ix_listing_supplier_id", "listing", ["supplier_id", "council_id"], unique=False)
    op.create_index("ix_listing_support", "listing", ["support", "council_id"], unique=False)


def member() -> None:
    op.create_table(
        "member",
        sa.Column("group_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("requirement_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("last_day", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "requirement_id", "council_id"),
    )
    op.create_index("ix_member_person_id", "member", ["person_id", "council_id"], unique=False)


def offer() -> None:
    op.create_table(
        "offer",
        sa.Column("offer_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("requirement_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("listing_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("support", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("price_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
        sa.Column("made_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("skills", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("preferences", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("competition_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"state\" in ('made', 'answered', 'accepted', 'refused', 'expired', 'withdrawn')", name="ck_offer_state"
        ),
        sa.CheckConstraint("\"support\" in ('home_care', 'day_service')", name="ck_offer_support"),
        sa.CheckConstraint("price_pence >= 0", name="ck_offer_1"),
        sa.PrimaryKeyConstraint("offer_id", "council_id"),
    )
    op.create_index("ix_offer_person_id", "offer", ["person_id", "council_id"], unique=False)
    op.create_index("ix_offer_requirement_id", "offer", ["requirement_id", "council_id"], unique=False)
    op.create_index("ix_offer_supplier_id_state", "offer", ["supplier_id", "state", "council_id"], unique=False)


def order() -> None:
    op.create_table(
        "order",
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("requirement_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("listing_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("offer_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("plan_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("supplier_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("route", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("hourly_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weekly_minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weekly_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("started_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("framework_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("last_day", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("missing", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("replaces_order_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("shared_minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("covers_order_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("close_family_in_household", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("ended_without_review", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("switched", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("employer", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"employer\" in ('person', 'nominee', 'pool', 'none')", name="ck_order_employer"),
        sa.CheckConstraint("\"route\" in ('council_managed', 'isf', 'direct_payment')", name="ck_order_route"),
        sa.CheckConstraint(
            "\"state\" in ('placed', 'confirmed', 'held', 'started', 'ended', 'cancelled')", name="ck_order_state"
        ),
        sa.CheckConstraint("\"supplier_kind\" in ('in_house', 'provider', 'pa')", name="ck_order_supplier_kind"),
        sa.CheckConstraint("hourly_pence >= 0", name="ck_order_1"),
        sa.CheckConstraint("weekly_minutes >= 0", name="ck_order_2"),
        sa.CheckConstraint("weekly_pence >= 0", name="ck_order_3"),
        sa.PrimaryKeyConstraint("order_id", "council_id"),
    )
    op.create_index("ix_order_person_id", "order", ["person_id", "council_id"], unique=False)
    op.create_index("ix_order_replaces_order_id", "order", ["replaces_order_id", "council_id"], unique=False)
    op.create_index("ix_order_supplier_id", "order", ["supplier_id", "council_id"], unique=False)


def paid_family() -> None:
    op.create_table(
        "paid_family",
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "council_id"),
    )


def pay() -> None:
    op.create_table(
        "pay",
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("holds_from", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("hourly_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("way_is_paid", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("said_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("hourly_pence > 0", name="ck_pay_1"),
        sa.PrimaryKeyConstraint("supplier_id", "holds_from", "council_id"),
    )


def requirement() -> None:
    op.create_table(
        "requirement",
        sa.Column("requirement_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("area", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("replaces_order_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("replaces", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("switched", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"state\" in ('open', 'offered', 'filled', 'withdrawn')", name="ck_requirement_state"),
        sa.PrimaryKeyConstraint("requirement_id", "council_id"),
    )
    op.create_index("ix_requirement_person_id", "requirement", ["person_id", "council_id"], unique=False)
    op.create_index("ix_requirement_plan_id", "requirement", ["plan_id", "council_id"], unique=False)
    op.create_index(
        "ix_requirement_replaces_order_id", "requirement", ["replaces_order_id", "council_id"], unique=False
    )


def restriction() -> None:
    op.create_table(
        "restriction",
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("placed", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("supplier_id", "council_id"),
    )


def reviewed() -> None:
    op.create_table(
        "reviewed",
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("held_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "council_id"),
    )


def served() -> None:
    op.create_table(
        "served",
        sa.Column("area", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("listing_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("support", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"supplier_kind\" in ('in_house', 'provider', 'pa')", name="ck_served_supplier_kind"),
        sa.CheckConstraint("\"support\" in ('home_care', 'day_service')", name="ck_served_support"),
        sa.PrimaryKeyConstraint("area", "listing_id", "council_id"),
    )
    op.create_index(
        "ix_served_area_support_supplier_kind",
        "served",
        ["area", "support", "supplier_kind", "council_id"],
        unique=False,
    )


def supplier() -> None:
    op.create_table(
        "supplier",
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("arms_length", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("synthetic", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("imported", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("employer", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("terms", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("close_family", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("listed", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("for_person_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("close_family_in_household", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("age", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"employer\" in ('person', 'nominee', 'pool', 'none')", name="ck_supplier_employer"),
        sa.CheckConstraint("\"supplier_kind\" in ('in_house', 'provider', 'pa')", name="ck_supplier_supplier_kind"),
        sa.PrimaryKeyConstraint("supplier_id", "council_id"),
        sa.UniqueConstraint("reference", "council_id", name="uq_supplier_reference"),
    )


def unmatched_visit() -> None:
    op.create_table(
        "unmatched_visit",
        sa.Column("unmatched_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("planned_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=True),
        sa.Column("minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("said_because", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("worker", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"outcome\" in ('recorded', 'missed', 'cancelled', 'frustrated')", name="ck_unmatched_visit_outcome"
        ),
        sa.PrimaryKeyConstraint("unmatched_id", "council_id"),
    )
    op.create_index("ix_unmatched_visit_supplier_id", "unmatched_visit", ["supplier_id", "council_id"], unique=False)


def visit() -> None:
    op.create_table(
        "visit",
        sa.Column("visit_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("planned_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
        sa.Column("planned_minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("time_critical", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=True),
        sa.Column("minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("claim_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("worker", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"outcome\" in ('recorded', 'missed', 'cancelled', 'frustrated')", name="ck_visit_outcome"),
        sa.CheckConstraint("minutes >= 0", name="ck_visit_1"),
        sa.CheckConstraint("pence >= 0", name="ck_visit_2"),
        sa.PrimaryKeyConstraint("visit_id", "council_id"),
    )
    op.create_index("ix_visit_order_id_planned_at", "visit", ["order_id", "planned_at", "council_id"], unique=False)
    op.create_index(
        "ix_visit_supplier_id_started_at", "visit", ["supplier_id", "started_at", "council_id"], unique=False
    )
