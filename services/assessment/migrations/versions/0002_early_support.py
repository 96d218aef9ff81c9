"""early support: what is to be bought for it, and what came of that"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    early_support()


def early_support() -> None:
    op.add_column("early_support", sa.Column("to_buy", sa.Text(), nullable=True))
    op.add_column("early_support", sa.Column("orders", sa.Text(), server_default=sa.text("'[]'"), nullable=False))
