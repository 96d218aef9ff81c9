"""how an accepted claim was lowered, revision by revision"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    claim()


def claim() -> None:
    op.add_column("claim", sa.Column("revisions", sa.Text(), nullable=False, server_default="[]"))
