"""about where"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("assessment", sa.Column("square", sa.Text(), nullable=True))
    op.add_column("plan", sa.Column("square", sa.Text(), nullable=True))
