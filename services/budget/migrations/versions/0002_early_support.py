"""early support; what was there before is of a plan"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BASIS = "\"basis\" in ('plan', 'urgent', 'reablement')"


def upgrade() -> None:
    commitment()
    funding()


def commitment() -> None:
    op.add_column("commitment", sa.Column("basis", sa.Text(), server_default=sa.text("'plan'"), nullable=False))
    op.create_check_constraint("ck_commitment_basis", "commitment", BASIS)


def funding() -> None:
    op.add_column("funding", sa.Column("basis", sa.Text(), server_default=sa.text("'plan'"), nullable=False))
    op.create_check_constraint("ck_funding_basis", "funding", BASIS)
    op.add_column("funding", sa.Column("until", sa.Date(), nullable=True))
    op.create_index("ix_funding_person_id", "funding", ["person_id", "council_id"], unique=False)
