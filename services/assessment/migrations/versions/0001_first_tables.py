"""first tables"""

import sqlalchemy as sa
from alembic import op

from shared.runtime import tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    tables.install(op)
    assessment()
    carer_assessment()
    challenge()
    consent()
    early_support()
    payment_decision()
    person()
    plan()
    practitioner()
    request()
    review()
    speaker()
    unmet_need()
    welfare_check()
    tables.protect(
        op,
        "assessment",
        (
            "assessment",
            "carer_assessment",
            "challenge",
            "consent",
            "early_support",
            "payment_decision",
            "person",
            "plan",
            "practitioner",
            "request",
            "review",
            "speaker",
            "unmet_need",
            "welfare_check",
        ),
        first=True,
    )


def assessment() -> None:
    op.create_table(
        "assessment",
        sa.Column("assessment_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("author", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("area", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("impairment", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("wellbeing_impact", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("findings", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("estimated_minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("carers", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("reasons", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("eligible", sa.Boolean(), autoincrement=False, nullable=True),
        sa.Column("steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("approved_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("own_account", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("assured_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("involvement", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("advocacy", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("history", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"state\" in ('draft', 'submitted', 'returned', 'approved', 'withdrawn')", name="ck_assessment_state"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "council_id"),
    )
    op.create_index("ix_assessment_person_id", "assessment", ["person_id", "council_id"], unique=False)


def carer_assessment() -> None:
    op.create_table(
        "carer_assessment",
        sa.Column("assessment_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("cares_for", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("author", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("answers", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("eligible", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("steps", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("determined_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("approved_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("involvement", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("advocacy", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"state\" in ('draft', 'submitted', 'returned', 'approved', 'withdrawn')", name="ck_carer_assessment_state"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "council_id"),
    )
    op.create_index("ix_carer_assessment_person_id", "carer_assessment", ["person_id", "council_id"], unique=False)


def challenge() -> None:
    op.create_table(
        "challenge",
        sa.Column("challenge_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("matter", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("matter_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("what", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("made_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("answer_by", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("noted_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("upheld", sa.Boolean(), autoincrement=False, nullable=True),
        sa.Column("answer", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("answered_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("answered_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"matter\" in ('budget', 'plan', 'charge')", name="ck_challenge_matter"),
        sa.CheckConstraint("\"state\" in ('open', 'answered')", name="ck_challenge_state"),
        sa.PrimaryKeyConstraint("challenge_id", "council_id"),
    )
    op.create_index("ix_challenge_person_id", "challenge", ["person_id", "council_id"], unique=False)


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


def early_support() -> None:
    op.create_table(
        "early_support",
        sa.Column("early_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("early", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("until", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("support", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("weekly_minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reasons", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("agreed_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("ended_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("ended_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"early\" in ('urgent', 'reablement')", name="ck_early_support_early"),
        sa.CheckConstraint("\"state\" in ('agreed', 'last_day', 'ended')", name="ck_early_support_state"),
        sa.CheckConstraint("\"support\" in ('home_care', 'day_service')", name="ck_early_support_support"),
        sa.PrimaryKeyConstraint("early_id", "council_id"),
    )
    op.create_index("ix_early_support_person_id", "early_support", ["person_id", "council_id"], unique=False)


def payment_decision() -> None:
    op.create_table(
        "payment_decision",
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("agreed", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("decided_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "council_id"),
    )


def person() -> None:
    op.create_table(
        "person",
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("given_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("family_name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("date_of_birth", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("nhs_number", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("address", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("contact", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "council_id"),
    )
    op.create_index("ix_person_team", "person", ["team", "council_id"], unique=False)


def plan() -> None:
    op.create_table(
        "plan",
        sa.Column("plan_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("assessment_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("author", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("area", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("lines", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("weekly_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("budget_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("short_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("yearly_pence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("agreed_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("agreed_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("supersedes_plan_id", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("superseded_by", sa.Uuid(), autoincrement=False, nullable=True),
        sa.Column("wishes", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("choices", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("switches", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("history", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"state\" in ('draft', 'proposed', 'short', 'affordable', 'returned', 'agreed', 'superseded', 'withdrawn')",
            name="ck_plan_state",
        ),
        sa.PrimaryKeyConstraint("plan_id", "council_id"),
    )
    op.create_index("ix_plan_person_id", "plan", ["person_id", "council_id"], unique=False)
    op.create_index("ix_plan_supersedes_plan_id", "plan", ["supersedes_plan_id", "council_id"], unique=False)


def practitioner() -> None:
    op.create_table(
        "practitioner",
        sa.Column("sub", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("most", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("open_cases", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("sub", "council_id"),
    )
    op.create_index("ix_practitioner_team", "practitioner", ["team", "council_id"], unique=False)


def request() -> None:
    op.create_table(
        "request",
        sa.Column("request_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("route_of_access", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("presenting_need", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("received_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("urgent", sa.Boolean(), autoincrement=False, nullable=False),
        sa.Column("allocated_to", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"state\" in ('received', 'assessing', 'assessed', 'declined', 'closed')", name="ck_request_state"
        ),
        sa.PrimaryKeyConstraint("request_id", "council_id"),
    )
    op.create_index("ix_request_person_id", "request", ["person_id", "council_id"], unique=False)


def review() -> None:
    op.create_table(
        "review",
        sa.Column("review_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("due_from", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("due_by", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("held_on", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("held_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("summary", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("achieved", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"state\" in ('scheduled', 'due', 'overdue', 'held', 'cancelled')", name="ck_review_state"),
        sa.PrimaryKeyConstraint("review_id", "council_id"),
    )
    op.create_index("ix_review_person_id", "review", ["person_id", "council_id"], unique=False)
    op.create_index("ix_review_plan_id", "review", ["plan_id", "council_id"], unique=False)


def speaker() -> None:
    op.create_table(
        "speaker",
        sa.Column("speaker_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("contact", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Date(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "\"role\" in ('attorney', 'deputy', 'advocate', 'nominee', 'authorised_person', 'family')",
            name="ck_speaker_role",
        ),
        sa.PrimaryKeyConstraint("speaker_id", "council_id"),
    )
    op.create_index("ix_speaker_person_id", "speaker", ["person_id", "council_id"], unique=False)


def unmet_need() -> None:
    op.create_table(
        "unmet_need",
        sa.Column("need_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("weekly_minutes", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("reasons", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("noted_by", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("noted_on", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("need_id", "council_id"),
    )
    op.create_index("ix_unmet_need_person_id", "unmet_need", ["person_id", "council_id"], unique=False)


def welfare_check() -> None:
    op.create_table(
        "welfare_check",
        sa.Column("check_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("council_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("because", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("by", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("made_by", sa.Text(), autoincrement=False, nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("\"state\" in ('asked', 'made')", name="ck_welfare_check_state"),
        sa.PrimaryKeyConstraint("check_id", "council_id"),
    )
    op.create_index("ix_welfare_check_team", "welfare_check", ["team", "council_id"], unique=False)
