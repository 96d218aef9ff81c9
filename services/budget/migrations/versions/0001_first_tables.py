"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.runtime import tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    tables.install(op)
    budget()
    claim()
    commitment()
    direct_payment()
    financial_assessment()
    funding()
    journal()
    listing_copy()
    plan_check()
    position()
    purse()
    restriction_copy()
    unit_cost()
    tables.protect(
        op,
        "budget",
        (
            "budget",
            "claim",
            "commitment",
            "direct_payment",
            "financial_assessment",
            "funding",
            "journal",
            "listing_copy",
            "plan_check",
            "position",
            "purse",
            "restriction_copy",
            "unit_cost",
        ),
        first=True,
    )


def budget() -> None:
    op.create_table(
        "budget",
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("assessment_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("indicated_pence", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("policy", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("inputs", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("refusal", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("contribution_pence", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("pays_full_cost", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("weekly_pence", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("council_pence", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("person_pence", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("reason", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("decided_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("decided_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("plan_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("final_inputs", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("final_steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("history", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("earlier", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("state <> 'final' or weekly_pence is not null", name="ck_budget_4"),
        sa.CheckConstraint("weekly_pence = coalesce(indicated_pence, 0) or reason <> ''", name="ck_budget_5"),
        sa.CheckConstraint(
            "\"state\" in ('unindicated', 'indicative', 'short', 'final', 'ended')", name="ck_budget_state"
        ),
        sa.CheckConstraint("least(indicated_pence, contribution_pence) >= 0", name="ck_budget_2"),
        sa.CheckConstraint("least(weekly_pence, council_pence, person_pence) >= 0", name="ck_budget_3"),
        sa.CheckConstraint("weekly_pence = council_pence + person_pence", name="ck_budget_1"),
        sa.PrimaryKeyConstraint("budget_id", "council_id"),
        sa.UniqueConstraint("assessment_id", "council_id", name="uq_budget_assessment_id"),
    )
    op.create_index("ix_budget_person_id", "budget", ["person_id", "council_id"], unique=False)


def claim() -> None:
    op.create_table(
        "claim",
        sa.Column("claim_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("delivered_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("accepted_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("claim_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("paid_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("paid_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"claim_kind\" in ('invoice', 'internal_recharge', 'isf_statement', 'payroll_return', 'statement')",
            name="ck_claim_claim_kind",
        ),
        sa.CheckConstraint("\"state\" in ('owed', 'accounted', 'stopped', 'paid', 'cancelled')", name="ck_claim_state"),
        sa.CheckConstraint("pence >= 0", name="ck_claim_1"),
        sa.PrimaryKeyConstraint("claim_id", "council_id"),
    )
    op.create_index("ix_claim_order_id", "claim", ["order_id", "council_id"], unique=False)
    op.create_index("ix_claim_supplier_id", "claim", ["supplier_id", "council_id"], unique=False)


def commitment() -> None:
    op.create_table(
        "commitment",
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("weekly_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("last", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("short_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner_team", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("recost_by", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("held", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("route", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_kind", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("started_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("pay_from", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("ends_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("withheld", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("ahead", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("replaces_order_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("carried_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("employs", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("weekly_minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hourly_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("employing_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("holiday_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("employing", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("job", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("awaited", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("line_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("need_over", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("before", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("accounted_until", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("switched", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("paid_since", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("beyond_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("switching", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("holiday_taken", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("differing", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("close_family", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("covers_order_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("until", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("visits", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("(state = 'short') = (recost_by is not null)", name="ck_commitment_6"),
        sa.CheckConstraint("\"route\" in ('council_managed', 'isf', 'direct_payment')", name="ck_commitment_route"),
        sa.CheckConstraint("\"state\" in ('waiting', 'committed', 'short', 'released')", name="ck_commitment_state"),
        sa.CheckConstraint("\"supplier_kind\" in ('in_house', 'provider', 'pa')", name="ck_commitment_supplier_kind"),
        sa.CheckConstraint("beyond_pence >= 0", name="ck_commitment_4"),
        sa.CheckConstraint("employing_pence >= holiday_pence", name="ck_commitment_2"),
        sa.CheckConstraint("holiday_pence >= 0", name="ck_commitment_3"),
        sa.CheckConstraint("short_pence >= 0", name="ck_commitment_5"),
        sa.CheckConstraint("weekly_pence >= 0", name="ck_commitment_1"),
        sa.PrimaryKeyConstraint("order_id", "council_id"),
    )
    op.create_index("ix_commitment_budget_id", "commitment", ["budget_id", "council_id"], unique=False)
    op.create_index("ix_commitment_plan_id", "commitment", ["plan_id", "council_id"], unique=False)


def direct_payment() -> None:
    op.create_table(
        "direct_payment",
        sa.Column("decision_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("paid_to", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("inputs", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("reasons", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("decided_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("decided_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("inhouse_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_paid_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("review_by", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("stopped", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("(state = 'stopped') <= (stopped is not null)", name="ck_direct_payment_3"),
        sa.CheckConstraint(
            "\"paid_to\" in ('person', 'nominee', 'authorised_person')", name="ck_direct_payment_paid_to"
        ),
        sa.CheckConstraint("\"state\" in ('agreed', 'refused', 'stopped', 'replaced')", name="ck_direct_payment_state"),
        sa.CheckConstraint("inhouse_pence >= 0", name="ck_direct_payment_1"),
        sa.CheckConstraint("number > 0", name="ck_direct_payment_2"),
        sa.PrimaryKeyConstraint("decision_id", "council_id"),
        sa.UniqueConstraint("budget_id", "number", "council_id", name="uq_direct_payment_budget_id_number"),
    )


def financial_assessment() -> None:
    op.create_table(
        "financial_assessment",
        sa.Column("financial_assessment_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("assessed_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("assessed_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("inputs", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("asked_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("able_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("full_cost", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("policy", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("asked_pence >= 0", name="ck_financial_assessment_1"),
        sa.PrimaryKeyConstraint("financial_assessment_id", "council_id"),
    )
    op.create_index(
        "ix_financial_assessment_budget_id", "financial_assessment", ["budget_id", "council_id"], unique=False
    )


def funding() -> None:
    op.create_table(
        "funding",
        sa.Column("plan_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("agreed", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("weekly_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lines", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("past", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("past_person", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("switches", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("superseded_by", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("weekly_pence >= person_pence", name="ck_funding_1"),
        sa.PrimaryKeyConstraint("plan_id", "council_id"),
    )
    op.create_index("ix_funding_budget_id", "funding", ["budget_id", "council_id"], unique=False)


def journal() -> None:
    op.create_table(
        "journal",
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("verb", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
        sa.Column("by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("about", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("allocated", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contribution", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("available", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("committed", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("delivered", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("disputed", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("accounted_for", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reserved", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("returned", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "allocated+contribution+available+committed+delivered+disputed+paid+accounted_for+reserved+returned = 0",
            name="ck_journal_1",
        ),
        sa.CheckConstraint("number > 0", name="ck_journal_2"),
        sa.PrimaryKeyConstraint("budget_id", "year", "number", "council_id"),
    )


def listing_copy() -> None:
    op.create_table(
        "listing_copy",
        sa.Column("listing_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("area", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("supplier_kind", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("support", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("hourly_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("room_minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("skills", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("for_person_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"supplier_kind\" in ('in_house', 'provider', 'pa')", name="ck_listing_copy_supplier_kind"),
        sa.CheckConstraint("\"support\" in ('home_care', 'day_service')", name="ck_listing_copy_support"),
        sa.PrimaryKeyConstraint("listing_id", "area", "council_id"),
    )
    op.create_index("ix_listing_copy_area_support", "listing_copy", ["area", "support", "council_id"], unique=False)


def plan_check() -> None:
    op.create_table(
        "plan_check",
        sa.Column("plan_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("checked_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("inputs", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("weekly_budget_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weekly_cost_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("short_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shortfalls", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("alternatives", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("warnings", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("ground", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "short_pence = greatest(weekly_cost_pence - weekly_budget_pence, 0)", name="ck_plan_check_1"
        ),
        sa.PrimaryKeyConstraint("plan_id", "council_id"),
    )
    op.create_index("ix_plan_check_budget_id", "plan_check", ["budget_id", "council_id"], unique=False)


def position() -> None:
    op.create_table(
        "position",
        sa.Column("order_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("committed", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("delivered", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("disputed", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("accounted_for", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("returned", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("accounted_for >= 0", name="ck_position_5"),
        sa.CheckConstraint("committed >= 0", name="ck_position_1"),
        sa.CheckConstraint("delivered >= 0", name="ck_position_2"),
        sa.CheckConstraint("disputed >= 0", name="ck_position_3"),
        sa.CheckConstraint("paid >= 0", name="ck_position_4"),
        sa.CheckConstraint("returned >= 0", name="ck_position_6"),
        sa.PrimaryKeyConstraint("order_id", "year", "council_id"),
    )
    op.create_index("ix_position_budget_id", "position", ["budget_id", "council_id"], unique=False)


def purse() -> None:
    op.create_table(
        "purse",
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("allocated", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contribution", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("available", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("committed", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("delivered", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("disputed", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("paid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("accounted_for", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reserved", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("returned", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("journals", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("accounted_for >= 0", name="ck_purse_8"),
        sa.CheckConstraint("allocated >= 0", name="ck_purse_1"),
        sa.CheckConstraint("available + committed <= allocated + contribution", name="ck_purse_12"),
        sa.CheckConstraint("available >= 0", name="ck_purse_3"),
        sa.CheckConstraint(
            "available+committed+delivered+paid+accounted_for+reserved+returned = allocated+contribution+disputed",
            name="ck_purse_11",
        ),
        sa.CheckConstraint("committed >= 0", name="ck_purse_4"),
        sa.CheckConstraint("contribution >= 0", name="ck_purse_2"),
        sa.CheckConstraint("delivered >= 0", name="ck_purse_5"),
        sa.CheckConstraint("disputed >= 0", name="ck_purse_6"),
        sa.CheckConstraint("journals >= 0", name="ck_purse_13"),
        sa.CheckConstraint("paid >= 0", name="ck_purse_7"),
        sa.CheckConstraint("reserved >= 0", name="ck_purse_9"),
        sa.CheckConstraint("returned >= 0", name="ck_purse_10"),
        sa.PrimaryKeyConstraint("budget_id", "year", "council_id"),
    )


def restriction_copy() -> None:
    op.create_table(
        "restriction_copy",
        sa.Column("restriction_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("supplier_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("supports", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("restriction_id", "council_id"),
    )
    op.create_index("ix_restriction_copy_supplier_id", "restriction_copy", ["supplier_id", "council_id"], unique=False)


def unit_cost() -> None:
    op.create_table(
        "unit_cost",
        sa.Column("unit_cost_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("authority", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("measure", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("support", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("group", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("provision", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("unit", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cost_thousands", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("not_like_for_like", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("notes", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"provision\" in ('own', 'external', 'all', 'council_supported')", name="ck_unit_cost_provision"
        ),
        sa.CheckConstraint("\"unit\" in ('hour', 'week', 'person_week', 'meal')", name="ck_unit_cost_unit"),
        sa.CheckConstraint("pence >= 0", name="ck_unit_cost_1"),
        sa.PrimaryKeyConstraint("unit_cost_id", "council_id"),
    )
    op.create_index("ix_unit_cost_year", "unit_cost", ["year", "council_id"], unique=False)
