"""what is of the employer, sick pay, squares"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("evidence", sa.Column("employer_id", sa.Uuid(), nullable=True))
    op.create_index("ix_evidence_employer_id", "evidence", ["employer_id", "council_id"], unique=False)
    op.add_column("supplier", sa.Column("employer_id", sa.Uuid(), nullable=True))
    op.create_index("ix_supplier_employer_id", "supplier", ["employer_id", "council_id"], unique=False)
    name_employers()
    op.add_column("injury", sa.Column("away_first", sa.Date(), nullable=True))
    op.add_column("injury", sa.Column("away_last", sa.Date(), nullable=True))
    op.add_column("injury", sa.Column("owed", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("listing", sa.Column("square", sa.Text(), nullable=True))
    op.add_column("requirement", sa.Column("square", sa.Text(), nullable=True))


def name_employers() -> None:
    """As `rules.suppliers.employer_id` says it: the first half of a sha256. Evidence seen before stays with its PA."""
    said = "convert_to(employer || '/' || coalesce(for_person_id::text, ''), 'UTF8')"
    first_half = f"substr(encode(sha256({said}), 'hex'), 1, 32)::uuid"
    op.execute(f"update supplier set employer_id = {first_half} where employer in ('person', 'nominee', 'pool')")
