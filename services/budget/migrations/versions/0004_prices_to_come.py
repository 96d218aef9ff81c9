"""prices to come, and what is owed for days that were paid for at a lower one"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0001"


def upgrade() -> None:
    commitment()


def commitment() -> None:
    op.add_column("commitment", sa.Column("begins_on", sa.Date(), nullable=True))
    op.add_column("commitment", sa.Column("coming", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("commitment", sa.Column("costs", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("commitment", sa.Column("arrears_pence", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_check_constraint("ck_commitment_7", "commitment", "arrears_pence >= 0")
